"""Limits and directions: what nothing brings, and what more of something can never worsen under the same luck."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import FROM_THE_START, SMALL, STREET, branch, cases_of, plant_after, plant_before, run, series

from govsim import cases as c
from govsim.city import City
from govsim.institutions.committee import Committee
from govsim.processes.detection import Detection
from govsim.processes.experience import Experience
from govsim.processes.funding import Funding, kept_up
from govsim.processes.grid_work import GridWork

REFORM = ("policy=chengdu_2019", *(f"policy.{name}.start={FROM_THE_START}" for name in ("fund", "certificates")))
NO_MONEY = (*REFORM, *(f"policy.{money}=0" for money in ("fund.yuan", "renovation.yuan", "pilot_building.buildings")))
NEVER = np.iinfo(np.int16).max


def found(city: City) -> dict[int, tuple[int, int]]:
    """The day on which each new case was found, and by whom; never, by nobody, where it was not."""
    cases = cases_of(city)
    new = c.generation_of(cases["id"]) == 0
    day = np.where(cases["found"] < 0, NEVER, cases["found"])
    columns = (values[new].tolist() for values in (cases["id"], day, cases["found_by"]))
    return {case_id: (when, channel) for case_id, when, channel in zip(*columns, strict=True)}


# --- the laws: each raises AssertionError when it is broken


def without_workers_nobody_patrols(city: City) -> None:
    """Nothing is found by grid workers, and no hour of theirs is counted."""
    recorded = series(run(city))
    for flow in (
        "found_by_grid",
        "settled_on_spot",
        "patrol_hours",
        "casework_hours",
        "duty_hours",
        "mediation_hours",
        "overtime_hours",
        "worker_hours",
        "workers",
    ):
        assert recorded[flow].sum() == 0.0, flow
    assert recorded["found_by_resident"].sum() > 0.0


def others_find_what_they_would_have_found(empty: City, staffed: City) -> None:
    """Without workers, residents and companies find on the same day what they found beside workers.

    And what they find without workers was found with workers too: by them on that day, or by a grid worker
    no later.
    """
    alone, beside = found(run(empty)), found(run(staffed))
    assert alone.keys() == beside.keys()
    by_workers = 0
    for case_id, (day, channel) in beside.items():
        if channel in (c.RESIDENT, c.PROPERTY):
            assert alone[case_id] == (day, channel)
        if channel == c.GRID:
            by_workers += 1
            assert alone[case_id][0] >= day
        if channel == c.NOBODY:
            assert alone[case_id] == (day, channel)
    assert by_workers > 20


def without_money_nothing_is_bought(city: City) -> None:
    """The environment follows upkeep and decay alone, and no community prepares a project."""
    p, settlements = city.p, city.places.settlements
    while city.running:
        kept = p.upkeep + p.property_upkeep * settlements.property_quality
        before = settlements.environment.astype(np.float64)
        # quality moves after the environment in a week
        kept = kept_up.py_func(settlements.archetype, settlements.property_quality.astype(np.float64), p)
        city.step()
        expected = np.clip(before + kept - p.environment_decay * before, 0.0, 1.0).astype(np.float32)
        assert settlements.environment == pytest.approx(expected, rel=1e-6)
    assert series(city)["fund_spent"].sum() == 0.0
    assert not city.places.communities.projects.any()


def without_meetings_nothing_is_ruled(city: City) -> None:
    """No precedent, no name, nobody expects a ruling."""
    committee = run(city).committee
    assert not committee.minutes
    assert not committee.precedent.any()
    assert not committee.named_strength.any()
    assert not committee.expected.any()
    assert (committee.named < 0).all()


def found_no_later(poorer: City, richer: City) -> None:
    """In the first week, every case is found on the same day or earlier."""
    late, early = found(run(poorer, 1)), found(run(richer, 1))
    assert late.keys() == early.keys()
    assert all(early[case_id][0] <= day for case_id, (day, _) in late.items())


def more_is_settled(poorer: City, richer: City) -> None:
    """In the first week, what the compound settles with less consent it also settles with more."""
    assert settled_in_compounds(run(poorer, 1)) <= settled_in_compounds(run(richer, 1))


def settled_in_compounds(city: City) -> set[int]:
    noted = slice(0, int(city.handoffs.count[0]))
    return set(city.handoffs.id[noted][city.handoffs.why[noted] == c.IN_COMPOUND].tolist())


# --- limits


def no_workers(*more: str) -> City:
    return branch(*SMALL, policy=(*REFORM, "policy.grid_staffing.workers_per_grid=0", *more))


UNHEARD = "behaviour.publicity_effect=0"
"""Grid workers' publicity, which is no channel of its own, moves residents' reports: here it falls on deaf ears."""


def attitudes_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """As residents' reports hang on trust, channels can be compared only while nobody's trust moves."""
    monkeypatch.setattr(Experience, "live_through_the_week", lambda self: None)


def test_without_workers_nobody_patrols():
    without_workers_nobody_patrols(no_workers())


def test_without_workers_others_find_what_they_would_have_found(monkeypatch):
    attitudes_stand_still(monkeypatch)
    others_find_what_they_would_have_found(no_workers(UNHEARD), branch(*SMALL, policy=(*REFORM, UNHEARD)))


def test_without_money_nothing_is_bought():
    without_money_nothing_is_bought(branch(*SMALL, policy=NO_MONEY))


def test_without_meetings_nothing_is_ruled():
    without_meetings_nothing_is_ruled(branch(*SMALL, policy=(*REFORM, "policy.committee.meeting_hours=0")))


def test_workers_out_of_nowhere_are_noticed(monkeypatch):
    def one_volunteers(city: City) -> None:
        city.places.settlements.patrol[:] += 5.0

    plant_after(monkeypatch, GridWork, "plan_the_week", one_volunteers)
    with pytest.raises(AssertionError):
        without_workers_nobody_patrols(no_workers())


def test_reports_that_make_up_for_patrols_are_noticed(monkeypatch):
    def report_more(city: City) -> None:
        if not city.places.grids.workers.any():
            city.residents.trust += np.float32(0.1)

    attitudes_stand_still(monkeypatch)
    plant_before(monkeypatch, Detection, "find", report_more)
    with pytest.raises(AssertionError):
        others_find_what_they_would_have_found(no_workers(UNHEARD), branch(*SMALL, policy=(*REFORM, UNHEARD)))


def test_money_out_of_nowhere_is_noticed(monkeypatch):
    def donate(city: City) -> None:
        city.places.communities.spent_this_week[:] += 100.0

    plant_after(monkeypatch, Funding, "spend", donate)
    with pytest.raises(AssertionError):
        without_money_nothing_is_bought(branch(*SMALL, policy=NO_MONEY))


def test_a_ruling_without_a_meeting_is_noticed(monkeypatch):
    plant_before(monkeypatch, Committee, "meet", lambda city: city.committee.rule_on(0, 0))
    with pytest.raises(AssertionError):
        without_meetings_nothing_is_ruled(branch(*SMALL, policy=(*REFORM, "policy.committee.meeting_hours=0")))


# --- directions

MORE_EYES = {
    "behaviour.patrol_reach": (0.05, 0.30),
    "behaviour.generalist_eye": (0.2, 0.9),
    "behaviour.resident_reach": (0.05, 0.3),
    "behaviour.report_floor": (0.1, 0.8),
    "behaviour.property_reach": (0.05, 0.5),
    "place.property_quality": (0.4, 0.7),
}


def with_value(key: str, value: float, place: tuple[str, ...] = SMALL) -> City:
    """The reform's first week after a common warm-up, with another value from then on."""
    return branch(*place, policy=REFORM, values={key: value})


@settings(max_examples=25, deadline=None)
@given(key=st.sampled_from(sorted(MORE_EYES)), less=st.floats(0, 1), more=st.floats(0, 1))
def test_more_eyes_never_find_a_case_later(key, less, more):
    low, high = MORE_EYES[key]
    less, more = sorted((low + (high - low) * less, low + (high - low) * more))
    found_no_later(with_value(key, less), with_value(key, more))


@settings(max_examples=10, deadline=None)
@given(less=st.floats(0, 0.5), more=st.floats(0, 0.5))
def test_more_consent_never_settles_less(less, more):
    key, (less, more) = "behaviour.consent_owners", sorted((less, more))
    more_is_settled(with_value(key, less, STREET), with_value(key, more, STREET))


def test_luck_that_is_drawn_anew_is_noticed(monkeypatch):
    """Were luck drawn anew in each world, some cases would fare worse where there is more of everything."""

    def draw_anew(city: City) -> None:
        city.seed = np.uint64(1_000 * (city.p.patrol_reach + city.p.consent_owners))

    plant_before(monkeypatch, Detection, "find", draw_anew)
    with pytest.raises(AssertionError):
        found_no_later(with_value("behaviour.patrol_reach", 0.08), with_value("behaviour.patrol_reach", 0.12))
    with pytest.raises(AssertionError):
        more_is_settled(*(with_value("behaviour.consent_owners", value, STREET) for value in (0.3, 0.4)))
