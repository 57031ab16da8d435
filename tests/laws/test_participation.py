"""Granovetter's laws in the participation kernel: thresholds tip (Granovetter 1978, "Threshold Models of
Collective Behavior").

With pull only from neighbours, everybody a conditional cooperator and everybody reconsidering each week, the
kernel is Granovetter's model: who takes part next week are those whose threshold the present share reaches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from govsim.config.behaviour import Behaviour, values
from govsim.jit import in_blocks
from govsim.places import Settlements
from govsim.processes.participation import _join, takes_part
from govsim.residents import ADULT, CHILD, CONDITIONAL, FREE_RIDER, HUMP, Residents

MEAN = 0.25
PEOPLE = 100_000

Week = Callable[[Residents, Settlements, np.void, int], None]


def behaviour(**changes: Any) -> np.void:
    """Pull from neighbours alone, reconsidered each week."""
    alone = Behaviour(pull_neighbours=1.0, pull_trust=0.0, pull_satisfaction=0.0, reconsider_weeks=1.0)
    return values(replace(alone, **changes))


def crowd(thresholds: np.ndarray, kind: int = CONDITIONAL) -> tuple[Residents, Settlements]:
    """One settlement of adults with these thresholds, of whom nobody takes part."""
    n = len(thresholds)
    people = Residents(n, threshold=thresholds, type=np.full(n, kind), age=np.full(n, ADULT))
    return people, Settlements(1, residents=np.array([n]), first_resident=np.array([0]))


def normal_crowd(spread: float) -> tuple[Residents, Settlements]:
    """Thresholds at the quantiles of a normal distribution, so that no luck is left."""
    return crowd(MEAN + spread * norm.ppf((np.arange(PEOPLE) + 0.5) / PEOPLE))


def a_week(people: Residents, place: Settlements, p: np.void, week: int) -> None:
    """One week of the kernel."""
    joined = np.zeros(1)
    everywhere = np.array([0, 1])
    in_blocks(
        1,
        np.array([0]),
        lambda part: _join(week, everywhere, part, people.columns, place.columns, p, joined),
    )
    place.joined_share[:] = joined / place.residents


def settled(people: Residents, place: Settlements, week: Week = a_week, p: np.void | None = None) -> float:
    """The share that takes part once it no longer changes."""
    p = behaviour() if p is None else p
    for number in range(3_000):
        before = float(place.joined_share[0])
        week(people, place, p, number)
        if place.joined_share[0] == before:
            return before
    raise AssertionError("participation never comes to rest")


# --- what theory says


def root(of: Callable[[float], Any], low: float, high: float) -> float:
    return brentq(of, low, high)  # pyright: ignore[reportReturnType]


def lowest_fixed_point(spread: float) -> float:
    """The smallest r with r = Phi((r - mean) / spread), which participation reaches from nobody."""
    shares = np.linspace(0.0, 1.0, 200_001)
    above = norm.cdf((shares - MEAN) / spread) - shares
    first = int(np.flatnonzero(above <= 0.0)[0])
    return root(lambda r: norm.cdf((r - MEAN) / spread) - r, shares[first - 1], shares[first])


def critical_spread() -> float:
    """The spread at which the low fixed point meets the middle one: the curve touches the diagonal from above."""

    def gap_where_slope_is_one(spread: float) -> float:
        z = -np.sqrt(-2.0 * np.log(spread * np.sqrt(2.0 * np.pi)))  # phi(z) = spread, on the way up
        return norm.cdf(z) - (MEAN + spread * z)

    return root(gap_where_slope_is_one, 0.05, 0.2)


# --- the laws: each raises AssertionError when it is broken


def participation_follows_granovetter(week: Week) -> None:
    """Below and above the critical spread the kernel ends at the lowest fixed point."""
    for spread in (0.05, 0.08, 0.10, 0.115, 0.13, 0.15, 0.20):
        assert settled(*normal_crowd(spread), week) == pytest.approx(lowest_fixed_point(spread), abs=2e-3)


def participation_jumps(week: Week) -> None:
    """A small change of spread around the critical one takes participation from a few to nearly everybody."""
    critical = critical_spread()
    low = settled(*normal_crowd(critical - 0.002), week)
    high = settled(*normal_crowd(critical + 0.002), week)
    assert low < 0.10
    assert high > 0.95


def one_person_makes_the_difference(week: Week) -> None:
    """Granovetter's riot: thresholds 0, 1, 2, … of a hundred bring all; move the 1 to 2, and one acts alone."""
    thresholds = np.arange(100) / 100
    assert settled(*crowd(thresholds), week) == 1.0
    thresholds[1] = 2 / 100
    assert settled(*crowd(thresholds), week) == np.float32(1 / 100)


def participation_holds_itself_up(week: Week) -> None:
    """Where two fixed points are stable, those who begin together stay together."""
    people, place = normal_crowd(0.08)
    people.joined[:] = True
    place.joined_share[:] = 1.0
    assert settled(people, place, week) > 0.95 > 0.10 > settled(*normal_crowd(0.08), week)


LAWS = [
    participation_follows_granovetter,
    participation_jumps,
    one_person_makes_the_difference,
    participation_holds_itself_up,
]


@pytest.mark.parametrize("law", LAWS)
def test_participation_tips(law):
    law(a_week)


def test_the_critical_spread_is_granovetters():
    assert critical_spread() == pytest.approx(0.122, abs=0.001)


def a_third_of_the_neighbours_is_seen(people, place, p, week):
    place.joined_share /= 3.0
    a_week(people, place, p, week)


def nobody_looks_around(people, place, p, week):
    place.joined_share[:] = 0.0
    a_week(people, place, p, week)


@pytest.mark.parametrize("fault", [a_third_of_the_neighbours_is_seen, nobody_looks_around])
@pytest.mark.parametrize("law", LAWS)
def test_a_crowd_that_does_not_look_around_is_noticed(law, fault):
    with pytest.raises(AssertionError):
        law(fault)


# --- who never tips


def test_free_riders_and_children_never_take_part():
    people, place = crowd(np.zeros(100), FREE_RIDER)
    assert settled(people, place) == 0.0
    people, place = crowd(np.zeros(100))
    people.age[:40] = CHILD
    assert settled(people, place) == np.float32(0.6)


def test_the_hump_shaped_withdraw_from_a_crowd():
    p = behaviour(hump_point=0.4)
    assert takes_part(0.5, HUMP, 0.3, 0.39, p[0])
    assert not takes_part(0.5, HUMP, 0.3, 0.41, p[0])
    people, place = crowd(np.where(np.arange(100) < 50, 0.0, 2.0), HUMP)
    assert settled(people, place, p=behaviour(hump_point=0.6)) == np.float32(0.5)
    with pytest.raises(AssertionError, match="never comes to rest"):  # too many: out, and in again
        settled(people, place, p=p)


def test_everybody_reconsiders_once_in_a_period():
    people, place = crowd(np.zeros(PEOPLE))
    people.turn[:] = np.arange(PEOPLE) % 4
    p = behaviour(reconsider_weeks=4)
    shares = []
    for week in range(4):
        a_week(people, place, p, week)
        shares.append(float(place.joined_share[0]))
    assert shares == pytest.approx([0.25, 0.5, 0.75, 1.0], abs=0.01)
    assert shares[-1] == 1.0
