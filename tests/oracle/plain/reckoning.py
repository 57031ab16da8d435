"""To be written."""


def wake(city):
    raise NotImplementedError


def close_the_week(city):
    raise NotImplementedError
