"""Towns for mechanisms: a small warm place under rules set by hand, of which single processes can be run alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from worlds import SMALL, branch

from govsim.city import City
from govsim.config.behaviour import values as numbers

__all__ = ["by_community", "ids", "same_luck", "town", "weeks"]


def town(
    *place: str,
    behaviour: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    **rules: Any,
) -> City:
    """A place at the start of week 0, and from then on under these rules in force instead of any policy.

    ``values`` are set in its configuration; ``behaviour`` may also leave what a configuration allows.
    """
    city = branch(*(place or SMALL), policy=("policy=none",), values=values)
    city.p = numbers(replace(city.config.behaviour, **(behaviour or {})))
    city.rules = city.timeline.in_force(0)._replace(**{name: float(value) for name, value in rules.items()})
    city.timeline.in_force = lambda week: city.rules
    return city


def same_luck(*ways: Mapping[str, Any], place: tuple[str, ...] = (), **rules: Any) -> Iterator[City]:
    """Towns of the same luck and state, one for each way in which they differ (rules, ``behaviour`` or ``values``)."""
    return (town(*place, **{**rules, **way}) for way in ways)


def weeks(city: City, work: Callable[[], None], n: int) -> City:
    """The city after ``n`` weeks in which one process alone is at work."""
    for _ in range(n):
        city.tally[:] = 0.0
        work()
        city.week += 1
    return city


def ids(city: City, where: np.ndarray) -> set[int]:
    """Identities of the cases in the table for which ``where`` is true."""
    return set(city.cases.id[where].tolist())


def by_community(city: City, of_settlements: np.ndarray) -> np.ndarray:
    """Sums over the settlements of each community: (communities,)."""
    places = city.places
    return np.bincount(places.settlements.community, of_settlements, len(places.communities))
