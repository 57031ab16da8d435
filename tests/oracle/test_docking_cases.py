"""Docking of a case until it reaches the street, of the rules in force, and of the reckoning at the week's end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from docking import STEPS, docked_week, set_rules
from plain import city as plain_city
from plain import rules as plain_rules

from govsim import cases as c
from govsim.city import City
from govsim.config.behaviour import values
from govsim.config.compose import compose
from govsim.config.schema import Config
from govsim.flows import FLOWS
from govsim.rules import Timeline

MODULES = {"facilities", "incidence", "detection", "grid_work", "compound", "community", "reckoning"}
DOCKED = {name for name in STEPS if name.partition(".")[0] in MODULES}


# --- the rules in force


def rules_differ(config: Config) -> tuple[list[int], int]:
    """Weeks in which the rules of both are not the same, and how many different sets of rules there were."""
    timeline = Timeline(config.policy, config.before, config.scenario)
    plain = plain_city.City(config, SimpleNamespace(), 1)
    differ, seen = [], set()
    for plain.week in range(-8, 130):
        in_force = timeline.in_force(plain.week)
        seen.add(in_force)
        if vars(plain_rules.in_force(plain)) != in_force._asdict():
            differ.append(plain.week)
    return differ, len(seen)


TIMETABLES = {
    "a shock": (("policy=none", "scenario=demand_shock"), 2),
    "factors on factors": (("policy=more_of_the_same", "scenario=staff_shock"), 2),
    "campaigns that end": (("policy=chengdu_2019", "scenario=campaigns_end"), 6),
    "a policy that ends": (("policy=chengdu_2019", "scenario=budget_shock", "policy.committee.end=2018-12-03"), 7),
}
"""Overrides of a configuration, and how many different sets of rules it has at least."""


@pytest.mark.parametrize(("overrides", "at_least"), TIMETABLES.values(), ids=TIMETABLES)
def test_the_rules_in_force(overrides, at_least):
    differ, sets = rules_differ(compose(overrides).config)
    assert differ == []
    assert sets >= at_least


def out_of_bounds() -> Config:
    """Arrangements from which two rules would leave their bounds, with no policy."""
    config = compose(["policy=chengdu_2019"]).config
    before = replace(config.before, workers_per_grid=9.0, worker_hours=-1.0)
    return replace(config, before=before, policy={})


def test_no_rule_leaves_its_bounds():
    config = out_of_bounds()
    assert rules_differ(config) == ([], 1)
    rules = Timeline(config.policy, config.before).in_force(0)
    assert (rules.workers_per_grid, rules.worker_hours) == (5.0, 0.0)


# --- the parts of a week


@dataclass
class World:
    """A small place, what is set in it by hand before the docked weeks, and what must happen in these."""

    config: dict[str, Any]
    fires: str
    """Names of flows that must not be zero."""
    week: int = 0
    weeks: int = 2
    rules: dict[str, float] = field(default_factory=dict)
    behaviour: dict[str, float] = field(default_factory=dict)
    state: Callable[[City], None] = lambda city: None
    reached: Callable[[City], bool] = lambda city: True
    """Something else that must be true at the end of one of the weeks."""


def reformed(city: City) -> None:
    """Every state that the rules read is somewhere between its bounds, and all kinds of cases hang on all of them."""
    settlements, communities = city.places.settlements, city.places.communities
    part = np.linspace(0.1, 0.9, len(settlements))
    settlements.covenant[:], settlements.works[:], settlements.joined_share[:] = part, part[::-1], part
    settlements.hands[:], settlements.conflict[:] = 3.0 * part, 0.5 * part
    settlements.party[:] = settlements.owners_committee[:] = part > 0.5
    communities.groups_outside[:] = 2.0, 6.0
    communities.registered_share[:] = 0.4
    city.residents.registered[::3] = True
    city.cases.persuaded[::2] = True
    for on_what in ("by_conduct", "by_decay", "by_strangers", "by_noise", "for_space", "at_station"):
        getattr(city.kinds, on_what)[:] = 0.6
    city.kinds.recurrence[:], city.kinds.recurrence_days[:] = 1.5, 4.0


def short_lived(city: City) -> None:
    """Problems go away in a few days, on the way and in the queue too."""
    city.kinds.fades[:], city.kinds.for_space[:] = 8.0, 0.6
    city.cases.fades[:] = np.minimum(city.cases.fades, city.day + np.arange(city.cases.rows) % 9)


def posts_without_workers(city: City) -> None:
    """Posts are vacant that are then abolished."""
    city.places.grids.vacant_until[:] = city.clock_week + 10


def a_queue_outlives_its_cases(city: City) -> bool:
    cases = city.cases
    return bool(((cases.stage == c.LAPSED) & (cases.desk >= 0)).any())


def some_grids_are_empty(city: City) -> bool:
    workers = city.places.grids.workers
    return bool((workers == 0).any() and (city.places.grids.patrol[workers == 0] > 0.0).any())


WORLDS = {
    "before the reform": World(
        {"policy": "fragmented", "rng": 3},
        "raised relapsed reopened found_by_grid found_by_resident found_by_property settled_in_compound "
        "settled_at_community cured lapsed replies certificate_hours queue_hours",
        week=20,
        weeks=2,
    ),
    "reform": World(
        {"policy": "chengdu_2019", "behaviour": "disconfirmation", "rng": 1},
        "settled_on_spot settled_by_mediation settled_at_station gate_hours partner_hours found_by_grid_security "
        "found_by_grid_safety structures_removed structures_back",
        week=4,
        rules={"gates": 0.95, "stations": 1.0, "platform": 0.9, "alliance_hours": 12.0, "venues": 6.0, "demand": 10.0,
               "workers_per_grid": 1.4, "grid_integrated": 0.8},
        behaviour={"station_residents": 100.0, "station_work": 18.0},
        state=reformed,
    ),
    "too few": World(
        {"policy": "none", "rng": 2},
        "workers_left overtime_hours settled_on_spot settled_by_mediation",
        rules={"workers_per_grid": 1.0, "worker_hours": 30.0, "office_hours": 0.3, "certificates": 400.0, "demand": 3.0,
               "venues": 20.0, "grid_integrated": 1.0},
        behaviour={"turnover_base": 0.3, "vacancy_weeks": 3.0, "strain_rate": 0.4},
        state=short_lived,
        reached=lambda city: a_queue_outlives_its_cases(city) and some_grids_are_empty(city),
    ),
    "no overtime": World(
        {"policy": "none", "rng": 5},
        "duty_hours",
        weeks=1,
        rules={"workers_per_grid": 1.0, "worker_hours": 10.0},
        behaviour={"overtime_limit": 0.0},
    ),
    "nothing but meetings": World(
        {"policy": "none", "rng": 6},
        "partner_hours",
        weeks=1,
        rules={"office_hours": 0.0, "alliance_hours": 12.0},
        behaviour={"alliance_use": 0.1, "alliance_meetings": 0.4},
    ),
    "nobody": World(
        {"policy": "none", "rng": 4},
        "found_by_resident settled_in_compound",
        weeks=1,
        state=posts_without_workers,
        rules={"workers_per_grid": 0.0, "office_hours": 0.0, "certificates": 0.0},
    ),
}  # fmt: skip


def begin(world: World) -> City:
    place = {"place.residents": 6_000, "place.communities": 2, "place.compounds": 6, "place.grids": 7}
    city = City(place="community", **place, **world.config, warmup=6, weeks=40)
    while city.week < world.week:
        city.step()
    city.p = values(replace(city.config.behaviour, **world.behaviour))
    set_rules(city, **world.rules)
    world.state(city)
    return city


@pytest.mark.parametrize("name", WORLDS)
def test_a_case_until_it_reaches_the_street(name):
    world = WORLDS[name]
    city = begin(world)
    fired, reached = np.zeros(len(FLOWS)), False
    for _ in range(world.weeks):
        assert not list(docked_week(city, DOCKED))
        fired += city.tally
        reached = reached or world.reached(city)
    assert reached
    happened = {flow for flow, value in zip(FLOWS, fired, strict=True) if value > 0.0}
    assert set(world.fires.split()) <= happened
