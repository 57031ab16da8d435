"""To be written."""


def open_the_week(city):
    raise NotImplementedError


def dispatch(city, day):
    raise NotImplementedError
