"""Docking of offices and money: streets, branches, committee, districts, funds and works, step by step.

Each world makes some of what offices do happen within two weeks, and the test says that it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import worlds
from docking import docked_week, set_rules

from govsim import cases as c
from govsim.calendar import QUARTER
from govsim.city import City
from govsim.config.behaviour import values as numbers
from govsim.flows import FLOWS
from govsim.institutions.queue import BRANCH_DESK, STREET_DESK

OFFICES = {
    "street.open_the_week", "departments.open_the_week", "offices.open_the_week", "street.dispatch",
    "departments.serve", "committee.meet", "departments.learn", "districts.meet_and_steer", "funding.spend",
    "funding.change_the_environment", "renovation.build", "committee.close_the_week", "offices.close_the_week",
}  # fmt: skip

PIECE = (
    "place.residents=1500", "place.communities=2", "place.streets=1", "place.compounds=6",
    "place.sizes=[100,150,200,200,250,250]", "warmup=8", "weeks=24",
)  # fmt: skip
"""A piece of a street and of a district: most of what offices have to do comes from people who are not simulated."""
WHOLE = (
    "place.residents=2000", "place.communities=4", "place.streets=3", "place.districts=2", "place.compounds=8",
    "place.sizes=[100,150,150,200,200,200,250,250]", "warmup=8", "weeks=24",
)  # fmt: skip
"""Two small districts without a background."""

BUSY = {"rate_scale": 4.0, "resident_reach": 1.0, "compound_days": 1.0, "transfer_days": 1.0}
UNWILLING = {"accept_base": -5.0, "block_weight": 0.2, "district_weight": 100.0, "hearing_hours": 0.2, "patience": 2.0}
COMMITTEE = {
    "committee_departments": 9.4, "committee_hours": 14, "committee_authority": 0.6, "committee_joint": 1,
    "leading_group": 0.7, "list_coverage": 0.4,
}  # fmt: skip
STAFFED = {"office_hours": 10}
"""Streets and communities that let cases through to branches at once."""
SINKING = {"sunk_share": 0.6, "sunk_hours": 0.6}
BACK_SOON = {"sunk_skill": 0.2, "return_share": 1.0, "return_days": 1.0}
PROJECTS = {"fund_yuan": 2e6, "match_rate": 0.7, "channels": 0.5}
QUICK = {"approval_weeks": 2.0, "building_weeks": 2.0, "choosing_weeks": 1.0, "choice_gain": 2.0}
WORKS = {"pilots": 2, "works_yuan": 2_000}
WILLING = {
    "pilot_weeks": 13.0, "shown_decay": 0.2, "works_decay": 0.15, "works_yuan": 300.0, "works_consent": 0.3,
    "works_clear": 8.0,
}  # fmt: skip

WORN_AT_ONCE = {"works_decay": 0.9, "works_consent": -9.0, "works_clear": 1e6, "works_yuan": 1.0}
"""Every compound is due again, and any can be renovated."""


@dataclass
class Town:
    """A place under rules set by hand, of which two weeks are docked, the first one a quarter's first.

    ``behaviour`` may leave what a configuration allows, so that what is rare happens.
    """

    happens: str
    rules: Mapping[str, float] = field(default_factory=dict)
    behaviour: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    place: tuple[str, ...] = PIECE

    def build(self) -> City:
        city = worlds.branch(*self.place, policy=("policy=none",), values=self.values)
        city.p = numbers(replace(city.config.behaviour, **{**BUSY, **self.behaviour}))
        set_rules(city, **self.rules)
        worlds.run(city, QUARTER - 1)
        city.committee.backed[:] = 0.9 * city.committee.precedent  # else one class a quarter, too few to meet here
        city.committee.named[::2] = -1  # however strong the names are
        return city


TOWNS = {
    "a committee": Town(
        "misrouted bounces hops cured_by_branch joint rulings backed precedents_followed learned",
        COMMITTEE | STAFFED | {"branch_hours": 3, "demand": 3},
        {"blame_weight": 8.0, "learning": 0.4, "accept_base": -1.5, "precedent_half_life": 8.0, "lead_variation": 2.0},
    ),
    "hearings": Town(
        "coordinated referred district_coordinated not_heard steered",
        STAFFED | {"branch_hours": 3},
        UNWILLING,
        {"before.district_hours": 0.2},
        WHOLE,
    ),
    "confusion": Town(
        "wrongly_accepted misrouted too_often",
        STAFFED | {"list_coverage": 0.5},
        {"claim_weight": 1.0, "accept_base": 1.0, "misroute_scale": 3.0, "list_clarity": 0.4},
        {"background": "fixed"},
        (*PIECE, "kinds.traffic.departments=[traffic_police]"),
    ),
    "sinking": Town("sunk sunk_again sunk_hours cured_by_street", SINKING | STAFFED, BACK_SOON, place=WHOLE),
    "targets": Town(
        "coordinated overdue_at_branches overdue_at_streets botched slowed",
        SINKING | STAFFED,
        {"overdue_days": 0.0, "tipping_load": 0.2, "skill": 0.5, "patience": 1.0},
        {"before.target_pressure": 0.5},
    ),
    "projects": Town("projects chosen_projects match_pledged matched_yuan fund_spent", PROJECTS, QUICK),
    "little money, long works": Town(
        "projects fund_spent", {"fund_yuan": 20}, {"project_yuan": 0.1, "approval_weeks": 1.0, "building_weeks": 60.0}
    ),
    "money after reports": Town("unequal", {"fund_yuan": 1e6, "fund_by_reported": 1}, place=WHOLE),
    "money after patrols and true need": Town(
        "unequal", {"fund_yuan": 1e6, "fund_by_patrol": 1, "fund_by_true_need": 0.5}, place=WHOLE
    ),
    "pilots alone": Town("pilots_opened shown", {"pilots": 1}, WILLING, place=WHOLE),
    "works wherever": Town("renovated", {"works_yuan": 2_000}, WILLING | WORN_AT_ONCE),
    "works": Town("renovated pilots_begun pilots_opened works_in_the_way shown", WORKS, WILLING, place=WHOLE),
}


@pytest.mark.parametrize("name", TOWNS)
def test_offices_do_the_same(name: str):
    town = TOWNS[name]
    city = town.build()
    happened: Counter[str] = Counter()
    for _ in range(2):
        before = city.state()
        assert not list(docked_week(city, OFFICES))
        happened += what_happened(before, city)
    assert not [what for what in town.happens.split() if not happened[what]]


def before_any_policy(until: int) -> City:
    """A piece of a place in its warm-up, which began 24 weeks before the first week of the timeline."""
    return worlds.run(worlds.city(*PIECE, values={"warmup": 24, "background": "fixed"}), until)


@pytest.mark.parametrize("until", [-22, -2])
def test_offices_do_the_same_before_any_policy(until: int):
    city = before_any_policy(until)
    for _ in range(2):
        assert not list(docked_week(city, OFFICES))
    assert city.desks.usual_before.any()


def what_happened(before: Mapping[str, Any], city: City) -> Counter[str]:
    """Flows of the week, reasons of hand-offs, and what else moved since a state."""
    happened = Counter(dict(zip(FLOWS, city.tally.tolist(), strict=True)))
    noted = slice(len(before["handoffs"]["id"]), int(city.handoffs.count[0]))
    why, desk = city.handoffs.why[noted], city.handoffs.desk[noted]
    overdue = city.desks.tier[desk[why == c.OVERDUE_PAPER]]
    then, now, was = before["committee"], city.committee, before["tables"]
    settlements, desks = city.places.settlements, city.desks
    return happened + Counter({
        "precedents_followed": int((why == c.PRECEDENT).sum()),
        "not_heard": int((why == c.NOT_HEARD).sum()),
        "sunk_again": int((why == c.TAKEN_ON).sum()) - int(happened["sunk"]),
        "too_often": int((why == c.TOO_OFTEN).sum()),
        "botched": int((why == c.BOTCHED).sum()),
        "overdue_at_streets": int((overdue == STREET_DESK).sum()),
        "overdue_at_branches": int((overdue == BRANCH_DESK).sum()),
        "slowed": int((desks.load > city.p.tipping_load).sum()),
        "steered": int((desks.base_hours != was["desks"]["base_hours"]).sum()),
        "rulings": len(now.minutes) - len(then["minutes"]),
        "backed": int((now.backed > then["backed"]).sum()),
        "learned": int((now.expected > then["expected"]).sum()),
        "unequal": float(city.places.communities.accrued.std()),
        "pilots_begun": int(city.places.communities.pilots.sum() - was["communities"]["pilots"].sum()),
        "pilots_opened": int((settlements.pilot > was["settlements"]["pilot"]).sum()),
        "works_in_the_way": int((settlements.structures > city.p.works_clear).sum()),
        "shown": float(settlements.shown.sum()),
    })  # fmt: skip
