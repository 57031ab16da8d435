"""To be written."""


def in_force(city):
    raise NotImplementedError
