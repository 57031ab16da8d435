"""To be written."""


def join(city):
    raise NotImplementedError
