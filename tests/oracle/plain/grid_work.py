"""To be written."""


def plan_the_week(city):
    raise NotImplementedError


def settle_on_the_spot(city):
    raise NotImplementedError
