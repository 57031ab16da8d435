"""Owners and property: what founds a committee, what owners pay, and when a committee makes things worse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from towns import same_luck, town, weeks

from govsim import flows
from govsim.config.arrangements import OWNERS_LAWS
from govsim.processes.compound import consent, link
from govsim.processes.owners import conflict_toward, founded, turnout

BEFORE, FROM = (OWNERS_LAWS.index(law) for law in ("before_2021", "from_2021"))


def voted(city) -> np.ndarray:
    """Where there is a committee after every compound has voted once: (compounds,)."""
    settlements = city.places.settlements
    settlements.owners_committee[:], settlements.vote_pull[:] = False, 1e3
    weeks(city, city.owners.vote_and_pay, 1)
    assert city.tally[flows.VOTES] == settlements.is_compound.sum()
    assert city.tally[flows.VOTES_WON] == settlements.owners_committee.sum()
    return settlements.owners_committee[settlements.is_compound]


# --- votes


@pytest.mark.parametrize(
    ("owners", "votes", "agree", "before", "since"),
    [
        (100, 60, 51, True, False),  # a majority of all, but too few came
        (100, 67, 34, False, True),  # two thirds came, and a majority of these
        (100, 66, 66, True, False),  # 66 of 100 are less than two thirds
        (99, 66, 34, False, True),  # exactly two thirds
        (100, 100, 50, False, False),  # half is no majority
        (100, 100, 51, True, True),
        (0, 0, 0, False, False),
    ],
)
def test_the_two_laws_count_the_same_ballots_differently(owners, votes, agree, before, since):
    assert founded(BEFORE, owners, votes, agree) == before
    assert founded(FROM, owners, votes, agree) == since


def test_the_two_laws_found_committees_in_different_compounds():
    """Same owners, same luck, same ballots: many come and are divided, or few come and agree."""

    def under(law: str, **behaviour: float) -> np.ndarray:
        return voted(town(values={"before.owners_law": law}, behaviour=behaviour))

    many_divided = {"turnout_base": 1.5, "in_favour": 0.65, "content_against": 0.0}
    few_agree = {"turnout_base": 0.45, "in_favour": 0.99, "content_against": 0.0}
    assert under("from_2021", **many_divided).sum() > under("before_2021", **many_divided).sum()
    assert under("from_2021", **few_agree).sum() < under("before_2021", **few_agree).sum()


def test_a_vote_that_few_come_to_founds_nothing():
    for law in OWNERS_LAWS:
        assert not voted(town(values={"before.owners_law": law}, behaviour={"turnout_base": -3.0})).any()
        assert voted(town(values={"before.owners_law": law}, behaviour={"turnout_base": 9.0, "in_favour": 1.2})).all()


def test_those_who_know_their_neighbours_come_to_vote():
    p = town().p[0]
    assert turnout(False, 0.6, 0.0, p) > turnout(False, 0.3, 0.0, p)
    assert turnout(True, 0.3, 0.0, p) > turnout(False, 0.3, 0.0, p)
    assert turnout(False, 0.3, 5.0, p) > turnout(False, 0.3, 0.0, p)

    def with_ties(ties: float) -> np.ndarray:
        city = town(values={"before.owners_law": "before_2021"}, behaviour={"turnout_base": 0.3})
        city.places.settlements.ties[:] = ties
        return voted(city)

    few, many = with_ties(0.1), with_ties(0.9)
    assert (many >= few).all()
    assert many.sum() > few.sum()


def test_a_committee_that_is_not_voted_anew_ends_with_its_term():
    city = town(behaviour={"turnout_base": -9.0})
    settlements = city.places.settlements
    settlements.owners_committee[:] = settlements.is_compound
    settlements.owners_until[:] = 5
    weeks(city, city.owners.vote_and_pay, 5)
    assert settlements.owners_committee[settlements.is_compound].all()
    weeks(city, city.owners.vote_and_pay, 1)
    assert not settlements.owners_committee.any()


# --- fees and conflict


def test_conflict_is_louder_with_a_voice_and_a_bad_company_and_lower_when_mediated():
    p = town().p[0]
    assert conflict_toward(1.0, True, False, False, p) == 0.0
    bad, worse = (conflict_toward(quality, True, False, False, p) for quality in (0.5, 0.1))
    assert worse > bad > conflict_toward(0.5, False, False, False, p) > 0.0
    assert conflict_toward(0.5, True, True, True, p) < conflict_toward(0.5, True, True, False, p) < bad

    def after_a_year(**rules: Any) -> np.ndarray:
        city = town(behaviour={"dismissal_rate": 0.0}, **rules)
        settlements = city.places.settlements
        settlements.party[:] = settlements.is_compound
        settlements.owners_until[:] = 1_000
        weeks(city, city.owners.vote_and_pay, 52)
        return settlements.conflict[settlements.property_own > 0]

    assert (after_a_year(party_links=1.0) < after_a_year(party_links=0.0)).all()


def test_fees_and_quality_come_to_rest_where_theory_says():
    """q = own + a (f - needed), f = b + c q - d x conflict, conflict = e (1 - q): one straight line in q."""
    city = town(behaviour={"vote_rate": 0.0})
    settlements, p = city.places.settlements, city.p
    settlements.owners_committee[:] = False
    weeks(city, city.owners.vote_and_pay, 1_500)
    has = settlements.property_own > 0
    own = settlements.property_own[has].astype(float)
    steady = p.fee_base - p.fee_conflict * p.conflict_base - p.fee_needed
    quality = (own + p.quality_fees * steady) / (
        1.0 - p.quality_fees * (p.fee_quality + p.fee_conflict * p.conflict_base)
    )
    quality = np.clip(quality, 0.05, 1.0)
    conflict = p.conflict_base * (1.0 - quality)
    assert settlements.property_quality[has] == pytest.approx(quality, abs=2e-3)
    assert settlements.conflict[has] == pytest.approx(conflict, abs=2e-3)
    fees = p.fee_base + p.fee_quality * quality - p.fee_conflict * conflict
    assert settlements.fees[has] == pytest.approx(fees, abs=2e-3)
    assert not settlements.fees[~has].any()


def test_the_company_that_follows_begins_badly():
    city = town(behaviour={"dismissal_rate": 10.0})
    settlements, place = city.places.settlements, city.config.place
    settlements.owners_committee[:] = settlements.is_compound
    settlements.owners_until[:] = 1_000
    settlements.conflict[:] = 0.5
    had, before = settlements.property_own > 0, settlements.property_own.copy()
    weeks(city, city.owners.vote_and_pay, 1)
    new = settlements.dismissals == 1
    assert 0 < new.sum() == city.tally[flows.DISMISSED]
    assert not new[~had].any()
    own = settlements.property_own[new]
    assert (own != before[new]).all()
    assert (abs(own - place.property_quality) <= place.property_spread + 1e-6).all()
    assert settlements.property_quality[new] == pytest.approx(0.6 * own)
    content = town(behaviour={"dismissal_rate": 10.0})
    content.places.settlements.owners_committee[:] = False
    assert weeks(content, content.owners.vote_and_pay, 1).tally[flows.DISMISSED] == 0


# --- what it is good for


def worth(quality: float, owners: bool, joined: float, party: bool, p) -> float:
    """What a compound settles by itself once conflict has come to rest."""
    return link(quality, owners, joined, party, conflict_toward(quality, owners, False, False, p), 0.0, p)


def test_a_committee_helps_where_nobody_is_organised_and_harms_where_all_are():
    """It adds consent until all agree; its quarrel with a bad company always takes some."""
    p = town().p[0]
    assert worth(0.15, True, 0.0, False, p) > worth(0.15, False, 0.0, False, p)
    assert worth(0.15, True, 1.0, True, p) < worth(0.15, False, 1.0, True, p)
    assert consent(True, 1.0, True, 0.5, p) < consent(False, 1.0, True, 0.1, p)
    assert worth(0.95, True, 1.0, True, p) > worth(0.95, False, 1.0, True, p)  # no quarrel with a good one


def test_help_with_votes_founds_more_committees_and_costs_its_hours():
    none, some = (weeks(city, city.owners.vote_and_pay, 52) for city in same_luck({}, {"owners_support": 10}))
    assert some.places.settlements.owners_committee.sum() > none.places.settlements.owners_committee.sum()
    assert none.tally[flows.ORGANISER_HOURS] == 0.0
    assert some.tally[flows.ORGANISER_HOURS] == 10.0 * len(some.places.communities)
