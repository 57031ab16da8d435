"""To be written."""


def meet(city):
    raise NotImplementedError


def close_the_week(city):
    raise NotImplementedError
