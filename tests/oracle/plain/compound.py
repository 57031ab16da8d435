"""To be written."""


def settle(city, day):
    raise NotImplementedError
