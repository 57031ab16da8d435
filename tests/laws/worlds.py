"""Worlds for laws: small places that run in a moment, and everything in them as named arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from govsim.city import City
from govsim.config.compose import Composed, compose, with_values
from govsim.recorder import SERIES

FROM_THE_START = "2017-09-04"
"""First day of week 0, for instruments that the article dates later or not at all."""

SMALL = ("place.residents=12000", "warmup=8", "weeks=24")
"""Two communities, eleven compounds, nine grids."""

STREET = ("place=street", "warmup=8", "weeks=24")
"""A whole street: several blocks of residents, and luck that evens out."""


@cache
def composed(*overrides: str) -> Composed:
    """A configuration, composed once."""
    return compose(overrides)


def city(*overrides: str, values: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None) -> City:
    """A city at the start of its warm-up, or going on from another world's state.

    ``values`` are set in a copy of the composed configuration, which takes a hundredth of the time.
    """
    asked = composed(*overrides)
    if values:
        asked = replace(asked, config=with_values(asked.config, values))
    new = City(composed=asked)
    if after is not None:
        new.restore(dict(after))
    return new


def run(city: City, until: int | None = None) -> City:
    """The city at the start of a week of the timeline, or after its last week."""
    while city.running and (until is None or city.week < until):
        city.step()
    return city


@cache
def warm(*overrides: str) -> dict[str, Any]:
    """The state at the start of week 0, from which all worlds branch (shared: a city copies what it restores)."""
    return run(city(*overrides), until=0).state()


def branch(
    *overrides: str, policy: tuple[str, ...] = ("policy=fragmented",), values: Mapping[str, Any] | None = None
) -> City:
    """A world of this place under a policy, at the start of week 0, after the warm-up it shares with others."""
    return city(*overrides, *policy, values=values, after=warm(*overrides))


def series(city: City) -> dict[str, np.ndarray]:
    """Everything recorded since week 0, by name: (weeks,)."""
    rows = city.recorder.values[np.array(city.recorder.weeks) >= 0]
    return dict(zip(SERIES, rows.T, strict=True))


def everything(city: City) -> dict[str, np.ndarray]:
    """The whole state of a city by name: tables, hand-offs, archive, committee, survey and all series."""
    return dict(_leaves("", city.state()))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}" if name else key, item)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _leaves(f"{name}.{i}", item)
    else:
        yield name, np.asarray(value)


def differences(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> list[str]:
    """Names of what is not the same to the last bit."""
    return [
        name
        for name in sorted(one.keys() | other.keys())
        if name not in one
        or name not in other
        or one[name].dtype != other[name].dtype
        or one[name].shape != other[name].shape
        or one[name].tobytes() != other[name].tobytes()
    ]


def cases_of(city: City) -> dict[str, np.ndarray]:
    """All cases ever raised, ended ones first, with the columns that both archive and table keep."""
    table = city.cases
    there = (table.stage >= 2) & (table.stage <= 7)  # from latent to closed on paper
    ended = city.archive.table()
    return {name: np.concatenate([ended[name], getattr(table, name)[there]]) for name in ended}


# --- planting faults


def plant_after(monkeypatch: pytest.MonkeyPatch, kind: type, method: str, then: Callable[[City], None]) -> None:
    """Do ``then(city)`` after each call of a method of a process, an agent or the city."""
    original = getattr(kind, method)

    def faulty(self, *args):
        result = original(self, *args)
        then(getattr(self, "city", self))
        return result

    monkeypatch.setattr(kind, method, faulty)


def plant_before(monkeypatch: pytest.MonkeyPatch, kind: type, method: str, first: Callable[[City], None]) -> None:
    """Do ``first(city)`` before each call of a method of a process or an agent."""
    original = getattr(kind, method)

    def faulty(self, *args):
        first(getattr(self, "city", self))
        return original(self, *args)

    monkeypatch.setattr(kind, method, faulty)


def add_to(array: np.ndarray, where: int, value: float) -> None:
    """An addition as an expression."""
    array[where] += value
