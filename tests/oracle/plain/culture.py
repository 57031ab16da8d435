"""To be written."""


def meet(city):
    raise NotImplementedError
