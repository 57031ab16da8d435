"""To be written."""


def build(city):
    raise NotImplementedError
