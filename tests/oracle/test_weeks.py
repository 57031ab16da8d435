"""Docking of whole weeks: a community under a policy and a theory, week after week, in both from the same state on.

The plain city is taken once and then goes its own way, so whatever one week leaves wrong the next weeks carry on.
"""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import pytest
from docking import differences, take
from worlds import FROM_THE_START

from govsim.calendar import QUARTER, monday
from govsim.city import City
from govsim.config.behaviour.experience import THEORIES
from govsim.config.behaviour.participation import PARTICIPATION
from govsim.policies import INSTRUMENTS

WARMUP = 6
SURVEY_WEEK = QUARTER - 1

EVERYTHING = {"policy": "chengdu_2019"} | {
    f"policy.{name}.start": FROM_THE_START for name in INSTRUMENTS if name != "department_capacity"
}
"""The whole reform at once, from the first week on."""
SHOCKS = {
    "scenario.start": str(monday(2)), "scenario.weeks": 6, "scenario.demand": 1.5, "scenario.staff": 0.75,
    "scenario.budget": 0.5, "scenario.campaigns_end": str(monday(9)),
}  # fmt: skip
"""All shocks at once, and the end of campaigns soon after."""


class Stretch(NamedTuple):
    """Weeks of a world that are docked: from the start of one to the start of another."""

    config: dict[str, Any]
    seed: int
    first: int
    end: int
    arrangements: int
    """How many different rules in force there are in these weeks."""


STRETCHES = {
    "nothing, out of the warm-up": Stretch({"policy": "fragmented"}, 1, -4, 4, 1),
    "more of the same, as staff fall ill": Stretch(
        {"policy": "more_of_the_same", "scenario.start": str(monday(12)), "scenario.staff": 0.75}, 2, 10, 14, 2
    ),
    "the committee comes": Stretch({"policy": "chengdu_2019"}, 3, -2, 2, 2),
    "fund, list, visits and sinking come": Stretch({"policy": "chengdu_2019"}, 4, 15, 19, 2),
    "channels, pilots and works come": Stretch({"policy": "chengdu_2019"}, 5, 24, 28, 2),
    "the three tiers come": Stretch({"policy": "chengdu_2019"}, 6, 37, 41, 2),
    "the platform comes": Stretch({"policy": "chengdu_2019"}, 7, 54, 58, 2),
    "everything, under shocks": Stretch(EVERYTHING | SHOCKS, 8, 0, 14, 3),
}
THEORY: list[Any] = list(
    product(THEORIES, PARTICIPATION, ({}, {"behaviour.visit_weight": 0, "behaviour.visit_wears": 0}))
)


def dock(city: City, until: int) -> list[str]:
    """What differs after the first week in which anything does, up to the start of a week."""
    plain = take(city)
    while city.week < until:
        city.step()
        plain.step()
        if found := list(differences(city, plain)):
            return [f"week {city.week - 1}: {what}" for what in found]
    return []


def begin(week: int, seed: int, **config: Any) -> City:
    city = City(place="community", rng=seed, warmup=WARMUP, weeks=80, **config)
    while city.week < week:
        city.step()
    return city


@pytest.mark.parametrize("name", STRETCHES)
def test_whole_weeks_are_the_same(name: str):
    config, seed, first, end, arrangements = STRETCHES[name]
    city = begin(first, seed, **config)
    assert len({city.timeline.in_force(week) for week in range(first, end)}) == arrangements
    assert dock(city, end) == []


@pytest.mark.parametrize(("satisfaction", "participation", "persuasion"), THEORY)
def test_whole_weeks_are_the_same_under_every_theory(satisfaction: str, participation: str, persuasion: dict[str, int]):
    theory = {"behaviour.satisfaction_theory": satisfaction, "behaviour.participation_theory": participation}
    seed = 11 + THEORY.index((satisfaction, participation, persuasion))
    city = begin(SURVEY_WEEK - 1, seed, **EVERYTHING, **theory, **persuasion)
    assert dock(city, SURVEY_WEEK + 2) == []
    assert city.survey.respondents > 100.0
    assert city.cases.visits.any()
