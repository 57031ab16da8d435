"""Cities to be timed, and time by process. What is compared is measured in turn, so that a busy moment hits all."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import FunctionType
from typing import Any

import pandas as pd

from govsim.calendar import QUARTER
from govsim.city import City
from govsim.process import Process

__all__ = ["BEFORE", "GOVSIM", "UNDER", "Clock", "city_at", "go_to", "quarters", "seconds"]

GOVSIM = str(Path(sys.executable).with_name("govsim"))
"""The command, as it is installed beside this Python."""
BEFORE, UNDER = -3 * QUARTER, 5 * QUARTER
"""Weeks of the timeline from which on a city is timed: in the warm-up, and under the reform."""


def city_at(place: str, week: int, **config: Any) -> City:
    """A place on its way to the reform, at the start of a week."""
    size = {"place.residents": int(place)} if place.isdigit() else {"place": place}
    settings = {"record.handoffs": "off", "engine.threads": 1, **size, **config}
    return go_to(City(policy="chengdu_2019", rng=1, **settings), week)


def go_to(city: City, week: int) -> City:
    """The same city, later."""
    while city.week < week:
        city.step()
    return city


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


class Clock:
    """Times each process of a city: all public methods of all who act in a week.

    Attributes:
        spent: seconds by module since the last week began; ``city`` is what belongs to none.
    """

    def __init__(self, city: City) -> None:
        self.city = city
        self.spent: dict[str, float] = defaultdict(float)
        self._acting = False
        processes = [part for part in vars(city).values() if isinstance(part, Process)]
        recording = [city.recorder, city.datacollector]
        for actor in [*processes, city.committee, *city.departments, *city.districts, *recording]:
            for name, member in vars(type(actor)).items():
                if isinstance(member, FunctionType) and not name.startswith("_") and name not in ("state", "restore"):
                    module = type(actor).__module__.rsplit(".", 1)[-1]
                    setattr(actor, name, self._timed(module, getattr(actor, name)))

    def _timed(self, module: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            if self._acting:  # a method of its own, or one that another asks
                return method(*args)
            self._acting, start = True, perf_counter()
            try:
                return method(*args)
            finally:
                self.spent[module] += perf_counter() - start
                self._acting = False

        return call

    def week(self) -> dict[str, float]:
        """Do a week; seconds by process."""
        self.spent.clear()
        whole = seconds(self.city.step)
        return {**self.spent, "city": whole - sum(self.spent.values())}


def quarters(clock: Clock, repeats: int) -> pd.Series:
    """Seconds a week by process: the median over quarters of each of their weeks, and the mean of these."""
    weeks = pd.DataFrame([clock.week() for _ in range(repeats * QUARTER)]).fillna(0.0)
    return weeks.groupby(weeks.index % QUARTER).median().mean()
