"""To be written."""


def find(city):
    raise NotImplementedError
