"""To be written."""


def spread(city):
    raise NotImplementedError
