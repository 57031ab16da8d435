"""To be written."""


def keep(city):
    raise NotImplementedError
