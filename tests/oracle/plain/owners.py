"""To be written."""


def vote_and_pay(city):
    raise NotImplementedError
