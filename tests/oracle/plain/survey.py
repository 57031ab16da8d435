"""To be written."""


def ask(city):
    raise NotImplementedError
