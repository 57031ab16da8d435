"""To be written."""


def meet_and_steer(city):
    raise NotImplementedError
