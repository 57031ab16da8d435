"""One world to its end, and what is kept of it: what every run of a study is.

A :class:`World` is one policy in one place under one seed. It goes on from the state that a warm-up left, so that all
policies of a seed part from the same week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from govsim.config.compose import Composed
from govsim.config.schema import Config

if TYPE_CHECKING:
    from govsim.city import City

__all__ = ["World", "build", "finish", "warm_up", "weekly"]


@dataclass(frozen=True)
class World:
    """What is kept of one world.

    Attributes:
        values: outcomes by name; None where one is undefined.
        series: weekly values from week 0 by name, each float32 (weeks,).
        incidence: cumulative shares of first ends by working day: ``cured``, ``on_paper``, ``lapsed``, each (days,).
    """

    values: dict[str, float | None]
    series: dict[str, np.ndarray]
    incidence: dict[str, np.ndarray]


def build(config: Config) -> City:
    """A city at the start of its warm-up."""
    from govsim.city import City

    return City(composed=Composed(config=config, choices={}, overrides=()))


def warm_up(city: City) -> dict[str, Any]:
    """Run a city to week 0 and return its state there."""
    while city.week < 0:
        city.step()
    return city.state()


def finish(city: City, series: bool = True) -> World:
    """Run a city to its last week and keep what results are made of, with weekly series or without."""
    from govsim.measures.durations import first_ends
    from govsim.measures.outcomes import evaluate
    from govsim.measures.record import Record

    while city.running:
        city.step()
    record = Record.of(city)
    since = np.array(city.recorder.weeks) >= 0
    weeks = {k: v[since].astype(np.float32) for k, v in weekly(city).items()} if series else {}
    return World(values=evaluate(record), series=weeks, incidence=first_ends(record))


def weekly(city: City) -> dict[str, np.ndarray]:
    """Every recorded series, and every outcome that has a value each week, warm-up included: each (weeks,)."""
    from govsim.measures.outcomes import OUTCOMES
    from govsim.measures.rates import Per1000
    from govsim.recorder import SERIES

    recorded = dict(zip(SERIES, city.recorder.values.T, strict=True))
    rates = {name: o.measure for name, o in OUTCOMES.items() if isinstance(o.measure, Per1000)}
    return recorded | {name: rate.weekly(recorded, city.places.population) for name, rate in rates.items()}
