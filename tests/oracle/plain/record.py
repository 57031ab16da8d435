"""To be written."""


def collect(city):
    raise NotImplementedError
