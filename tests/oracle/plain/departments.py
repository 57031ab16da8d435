"""To be written."""


def open_the_week(city):
    raise NotImplementedError


def learn(city):
    raise NotImplementedError


def serve(city, day):
    raise NotImplementedError
