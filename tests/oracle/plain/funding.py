"""To be written."""


def spend(city):
    raise NotImplementedError


def change_the_environment(city):
    raise NotImplementedError
