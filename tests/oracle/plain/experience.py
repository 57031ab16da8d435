"""To be written."""


def live_through_the_week(city):
    raise NotImplementedError
