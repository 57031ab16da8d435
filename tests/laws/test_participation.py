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
    others = ("pull_trust", "pull_satisfaction", "pull_ties", "pull_pride", "pull_channels", "crowding")
    alone = Behaviour(**dict.fromkeys(others, 0.0), pull_neighbours=1.0, reconsider_weeks=1.0)
    return values(replace(alone, **changes))


def crowd(thresholds: np.ndarray, kind: int = CONDITIONAL) -> tuple[Residents, Settlements]:
    """One settlement of adults with these thresholds, of whom nobody takes part."""
    n = len(thresholds)
    people = Residents(n, threshold=thresholds, type=np.full(n, kind), age=np.full(n, ADULT))
    return people, Settlements(1, residents=np.array([n]), first_resident=np.array([0]))


def normal_crowd(spread: float) -> tuple[Residents, Settlements]:
    """Thresholds at the quantiles of a normal distribution, so that no luck is left."""
    return crowd(MEAN + spread * norm.ppf((np.arange(PEOPLE) + 0.5) / PEOPLE))


def a_week(people: Residents, place: Settlements, p: np.void, week: int, channels: float = 0.0) -> None:
    """One week of the kernel."""
    joined = np.zeros(1)
    everywhere = np.array([0, 1])
    in_blocks(
        1,
        np.array([0]),
        lambda part: _join(
            np.uint64(1), week, float(channels), everywhere, part, people.columns, place.columns, p, joined
        ),
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


# --- matching others, the other theory (Fischbacher & Gaechter 2010, "Social Preferences, Beliefs, and the Dynamics
# of Free Riding in Public Goods Experiments")


def matching(start: float, kind: int = CONDITIONAL, **changes: float) -> list[float]:
    """Shares that take part, week by week, of people who match others; all begin together at ``start``."""
    p = behaviour(participation_theory="conditional", matching_pull=0.0, **changes)
    people, place = crowd(np.zeros(PEOPLE), kind)
    people.joined[: int(start * PEOPLE)] = True
    place.joined_share[:] = start
    shares = [start]
    for week in range(60):
        a_week(people, place, p, week)
        shares.append(float(place.joined_share[0]))
    return shares


def test_imperfect_matching_unravels_where_nobody_begins():
    shares = np.array(matching(1.0, matching=0.75, matching_base=0.0))
    assert shares[1:10] == pytest.approx(0.75 ** np.arange(1, 10), abs=0.01)
    assert shares[-1] < 0.001
    assert matching(1.0, matching=1.0, matching_base=0.0)[-1] == 1.0


def test_imperfect_matching_rests_where_those_who_begin_hold_it():
    """The share r = matching x r + base, from above and from below: it does not tip."""
    for start in (0.0, 1.0):
        assert matching(start, matching=0.75, matching_base=0.1)[-1] == pytest.approx(0.1 / 0.25, abs=0.01)


def test_matching_is_not_for_free_riders_children_and_a_crowd_of_the_hump_shaped():
    assert matching(0.0, FREE_RIDER, matching_base=0.4)[-1] == 0.0
    hump = matching(0.0, HUMP, matching=1.0, matching_base=0.3, hump_point=0.4)
    assert min(hump[3:]) == 0.0
    assert max(hump[3:]) > 0.4


# --- what a place adds to the pull, under both theories


def joins(state: dict[str, float], channels: float = 0.0, **changes: float) -> np.ndarray:
    """Who takes part in the first week, in a place in this state."""
    people, place = crowd(np.linspace(0.0, 1.0, 1_000))
    people.trust[:] = people.satisfaction[:] = 0.5
    for name, value in {"ties": 0.3, **state}.items():
        getattr(place, name)[:] = value
    a_week(people, place, behaviour(pull_trust=0.45, pull_satisfaction=0.25, **changes), 0, channels)
    return people.joined.copy()


@pytest.mark.parametrize("theory", ["thresholds", "conditional"])
def test_being_organised_crowds_out_or_calls_forth_as_crowding_says(theory):
    def taking_part(crowding: float, mobilised: float = 0.25) -> np.ndarray:
        return joins({"mobilised": mobilised}, participation_theory=theory, crowding=crowding)

    fewer, same, more = taking_part(0.3), taking_part(0.0), taking_part(-0.1)
    assert fewer.sum() < same.sum() < more.sum()
    assert (fewer <= same).all()
    assert (same <= more).all()
    assert (taking_part(0.3, mobilised=0.0) == same).all()
    assert (taking_part(0.0, mobilised=0.0) == same).all()


@pytest.mark.parametrize("theory", ["thresholds", "conditional"])
def test_ties_pride_and_channels_pull(theory):
    pulls = {"participation_theory": theory, "pull_ties": 0.4, "pull_pride": 0.6, "pull_channels": 0.25}
    plain = joins({}, **pulls)
    for state, channels in (({"ties": 0.6}, 0.0), ({"environment": 0.5}, 0.0), ({}, 1.0)):
        more = joins(state, channels, **pulls)
        assert (more >= plain).all()
        assert more.sum() > plain.sum()
    used_to_it = joins({"environment": 0.5, "remembered": 0.5}, **pulls)
    assert (used_to_it == plain).all()
    assert joins({}, 1.0, **{**pulls, "pull_channels": -0.05}).sum() < plain.sum()
