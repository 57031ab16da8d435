"""To be written."""


def raise_cases(city):
    raise NotImplementedError
