"""To be written."""


def open_the_week(city):
    raise NotImplementedError


def handle(city, day):
    raise NotImplementedError
