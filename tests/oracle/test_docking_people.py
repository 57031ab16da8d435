"""Docking of residents and of compounds' own life: from visits to what is recorded, under every theory and law.

Each test makes what it docks happen, and says that it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from docking import docked_week, set_rules
from worlds import branch, run

from govsim.calendar import QUARTER
from govsim.city import City
from govsim.config.behaviour import values as numbers
from govsim.flows import FLOWS
from govsim.recorder import SERIES, STOCKS

PEOPLE = {
    "persuasion.visit", "party.build", "owners.vote_and_pay", "covenant.keep", "participation.join",
    "platform.spread", "culture.meet", "experience.live_through_the_week", "survey.ask",
}  # fmt: skip
RECORD = {"record.collect"}
SURVEY_WEEK = QUARTER - 1

PLACE = (
    "place.residents=4000", "place.communities=2", "place.compounds=12",
    "place.sizes=[100,150,200,200,250,250,300,300,350,350,400,450]", "warmup=8", "weeks=80",
)  # fmt: skip
"""Two communities of compounds small enough that many things can happen in a week, and few people act."""

RULES = {
    "demand": 3.0, "visits": 20.0, "visit_pressure": 1.0, "visit_compensation": 500.0, "pilots": 1.0,
    "party_hours": 14.0, "party_links": 0.5, "pledge_drive": 2.0, "owners_support": 1.0, "covenant_drive": 3.0,
    "channels": 0.5, "platform": 1.0, "venues": 4.0, "gates": 0.5, "fund_yuan": 1e6, "fund_by_reported": 1.0,
    "workers_per_grid": 0.9,
}  # fmt: skip
"""Rules in force under which there is much to do."""
RESTLESS = {
    "yes_base": -2.0, "visit_gap": 0.0, "pledge_rate": 0.01, "found_rate": 0.01, "withdraw_at": 0.2,
    "leader_share": 0.3, "quorum": 2.0, "founding_hours": 1.0, "care_hours": 6.0, "decline_rate": 2.0, "vote_rate": 0.5,
    "committee_years": 0.02, "turnout_base": 0.3, "owner_party_share": 0.5, "dismissal_rate": 5.0, "quality_rate": 0.3,
    "hump_point": 0.06, "own_case": 1.2, "complaint_tone": 0.1,
}  # fmt: skip
"""Behaviour under which what is rare happens often; own cases of such weight push attitudes against their bounds."""
THEORIES = (
    ("behaviour=performance",),
    ("behaviour=disconfirmation", "before.owners_law=from_2021"),
    ("behaviour=anchoring",),
    ("behaviour=conditional_cooperation",),
    ("behaviour=visits_without_effect",),
)
RARE = (
    "visits", "gave_in", "hardened", "pledges", "withdrawals", "organised", "asleep", "votes", "votes_won",
    "committees ended", "dismissed", "registrations", "joined", "left", "drafts a covenant", "keeps a covenant",
    "clipped",
)  # fmt: skip
"""What must happen in two weeks for a test to have shown anything."""


def busy(*theory: str, until: int) -> City:
    """A restless place under rules set by hand, at the start of a week of the timeline."""
    city = branch(*PLACE, *theory, policy=("policy=none",))
    city.p = numbers(replace(city.config.behaviour, **RESTLESS))
    set_rules(city, **RULES)
    run(city, until)
    settlements = city.places.settlements
    settlements.dismissals[::2] = 250  # where the counter ends
    city.cases.resident[:] = settlements.first_resident[city.cases.settlement]  # so that the order of answers counts
    return city


def recorded() -> City:
    """The whole reform, with so much demand, and a fund so unequal, that no stock is nought."""
    city = branch(*PLACE, policy=("policy=chengdu_2019",))
    set_rules(city, demand=3.0, fund_by_reported=1.0)
    run(city, until=5 * QUARTER - 1)
    city.places.settlements.works[0] = 0.5
    city.places.grids.workers[0], city.places.grids.vacant_until[0] = 0, city.clock_week + 1
    return city


def what_happened(before: Mapping[str, np.ndarray], city: City) -> Counter[str]:
    """Flows of the week, and what came and went since a state."""
    settlements, residents = city.places.settlements, city.residents
    happened = Counter(dict(zip(FLOWS, city.tally, strict=True)))
    happened["organised"] = (settlements.party & ~before["party"]).sum()
    happened["asleep"] = (before["party"] & ~settlements.party).sum()
    happened["committees ended"] = (before["owners_committee"] & ~settlements.owners_committee).sum()
    happened["drafts a covenant"] = (settlements.covenant_work > before["covenant_work"]).sum()
    happened["keeps a covenant"] = (settlements.covenant > before["covenant"]).sum()
    happened["joined"] = (residents.joined & ~before["joined"]).sum()
    happened["left"] = (before["joined"] & ~residents.joined).sum()
    return happened


@pytest.mark.parametrize("theory", THEORIES, ids=" ".join)
def test_people_do_the_same(theory: tuple[str, ...]):
    city = busy(*theory, until=SURVEY_WEEK - 1)
    happened: Counter[str] = Counter()
    for _ in range(2):
        before = city.places.settlements.state() | city.residents.state()
        assert not list(docked_week(city, PEOPLE))
        happened += what_happened(before, city)
    assert not [what for what in RARE if not happened[what]]
    assert city.survey.respondents > 100


def test_both_record_the_same():
    city = recorded()
    assert not list(docked_week(city, RECORD))
    stocks = dict(zip(SERIES, city.recorder.latest(), strict=True))
    assert not [name for name in STOCKS if not abs(stocks[name]) > 0.0]
