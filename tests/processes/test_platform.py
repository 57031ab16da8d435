"""Platform: who registers, how it spreads, and what it takes off the community's desk."""

from __future__ import annotations

import numpy as np
import pytest
from towns import same_luck, town, weeks
from worlds import plant_after

from govsim import flows
from govsim.city import City
from govsim.processes.platform import Platform
from govsim.residents import ADULT, CHILD, ELDERLY

READY = {"register_rate": 0.004}


def registered(**ways) -> np.ndarray:
    """Who is registered after a year of the platform alone."""
    city = town(**{"behaviour": READY, **ways})
    return weeks(city, city.platform.spread, 52).residents.registered


def test_more_services_register_whoever_fewer_did():
    none, some, all_of_them = (registered(platform=share) for share in (0.0, 0.4, 1.0))
    assert not none.any()
    assert (all_of_them >= some).all()
    assert 0 < some.sum() < all_of_them.sum() < len(none)
    alone = registered(platform=1.0, behaviour={**READY, "register_spread": 0.0})
    assert (all_of_them >= alone).all()
    assert alone.sum() < 0.95 * all_of_them.sum()


def test_children_never_register_and_the_elderly_later():
    city = town(platform=1, behaviour=READY)
    age = city.residents.age
    for _ in range(4):
        weeks(city, city.platform.spread, 20)
        share = [city.residents.registered[age == which].mean() for which in (CHILD, ADULT, ELDERLY)]
        assert share[0] == 0.0
        assert 0.0 < share[2] < share[1]


def counts_are_of_those_registered(city: City) -> None:
    """Nobody leaves; registrations are the newly registered; shares and uses are theirs."""
    places, before = city.places, city.residents.registered.copy()
    for _ in range(30):
        weeks(city, city.platform.spread, 1)
        now = city.residents.registered.copy()
        assert (now >= before).all()
        assert city.tally[flows.REGISTRATIONS] == now.sum() - before.sum()
        assert city.tally[flows.PLATFORM_USES] == pytest.approx(now.sum() * city.p.uses * city.rules.platform)
        here = np.bincount(
            places.settlement_of(np.flatnonzero(now).astype(np.int32)), minlength=len(places.settlements)
        )
        assert places.settlements.registered_share == pytest.approx(here / places.settlements.residents)
        assert places.communities.registered_share @ places.communities.residents == pytest.approx(now.sum())
        before = now
    assert before.any()


def test_counts_are_of_those_registered(monkeypatch):
    counts_are_of_those_registered(town(platform=0.7, behaviour=READY))

    def sign_up(city: City) -> None:
        city.residents.registered[:3] = True

    plant_after(monkeypatch, Platform, "spread", sign_up)
    with pytest.raises(AssertionError):
        counts_are_of_those_registered(town(platform=0.7, behaviour=READY))


def test_certificates_fall_and_enquiries_come():
    def at_the_desk(share: float, **behaviour: float) -> City:
        city = town(platform=1, behaviour=behaviour)
        city.places.communities.registered_share[:] = share
        return weeks(city, city.community_desks.open_the_week, 1)

    before, after = at_the_desk(0.0), at_the_desk(0.5)
    for flow in (flows.CERTIFICATE_HOURS, flows.QUEUE_HOURS):
        assert after.tally[flow] == pytest.approx((1.0 - 0.5 * after.p.app_certificates) * before.tally[flow])
    staff = slice(0, len(after.places.communities))
    plagued = at_the_desk(0.5, app_certificates=0.0)
    assert (plagued.desks.hours[staff] < before.desks.hours[staff]).all()
    assert (at_the_desk(0.5, app_misdirected=0.0).desks.hours[staff] > before.desks.hours[staff]).all()


def test_the_registered_report_what_they_would_have_reported_later():
    def found_by_residents(everybody: bool) -> City:
        city = town()
        city.residents.registered[:] = everybody
        city.incidence.raise_cases()
        city.detection.find()
        return city

    few, all_of_them = (found_by_residents(everybody) for everybody in (False, True))
    assert all_of_them.tally[flows.FOUND_BY_RESIDENT] > few.tally[flows.FOUND_BY_RESIDENT]
    seen = few.cases.found >= 0
    assert (all_of_them.cases.found[seen] <= few.cases.found[seen]).all()
    assert (all_of_them.cases.found[seen] >= 0).all()


def test_a_platform_without_services_changes_nothing():
    one, other = same_luck({}, {"platform": 0.0})
    weeks(one, one.platform.spread, 20)
    weeks(other, other.platform.spread, 20)
    assert not one.residents.registered.any()
    assert not one.tally.any()
