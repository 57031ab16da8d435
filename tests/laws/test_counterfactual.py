"""Counterfactuals: a policy that changes nothing changes nothing, and worlds are one until a policy starts.

All of it bit for bit, in every column, series and archive; each law is shown to notice a difference.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import FROM_THE_START, SMALL, branch, cases_of, city, differences, everything, plant_after, run

from govsim import cases as c
from govsim import rules
from govsim.calendar import EPOCH
from govsim.city import City
from govsim.config.arrangements import Arrangements
from govsim.config.scenario import Scenario
from govsim.policies import INSTRUMENTS
from govsim.policies.base import Instrument
from govsim.policies.committee import Committee
from govsim.policies.fund import Fund
from govsim.processes.incidence import Incidence
from govsim.rules import RULES, Timeline


def neutral_dose(name: str) -> dict[str, float]:
    kind = INSTRUMENTS[name]
    return dict.fromkeys({str(kind.dose), *kind.scalable}, kind.neutral(Arrangements()))


NEUTRAL = {name: neutral_dose(name) for name in INSTRUMENTS}
"""The dose of each instrument at which it is there and does nothing."""

FELT_AT_ONCE = {
    "certificates": {"items": 300},
    "committee": {"departments": 44},
    "department_capacity": {"branches": 1.1},
    "fund": {"yuan": 1},
    "grid_integration": {"share": 0.5},
    "grid_staffing": {"workers_per_grid": 0.9},
    "responsibility_list": {"coverage": 0.9},
    "sinking": {"share": 1},
    "enterprise_cobuilding": {"match": 1},
    "participation_channels": {"share": 1},
}


def policy(doses: dict[str, dict[str, float]], start: str = FROM_THE_START, end: str = "") -> tuple[str, ...]:
    """Overrides for instruments at these doses."""
    asked = [f"policy=[{','.join(doses)}]"]
    for name, dose in doses.items():
        asked += [f"policy.{name}.{field}={value}" for field, value in dose.items()]
        asked += [f"policy.{name}.start={start}"] + ([f"policy.{name}.end={end}"] if end else [])
    return tuple(asked)


def monday(week: int) -> str:
    return (EPOCH + timedelta(weeks=week)).isoformat()


# --- the laws: each raises AssertionError when it is broken


def it_changes_nothing(neutral: tuple[str, ...], place: tuple[str, ...] = SMALL) -> None:
    """After a warm-up in common, the world under this policy is the world under none."""
    without, under = branch(*place, policy=("policy=none",)), branch(*place, policy=neutral)
    assert differences(everything(run(without)), everything(run(under))) == []


def worlds_part_when_it_starts(doses: dict[str, dict[str, float]], start: int) -> None:
    """Twin worlds are the same at the start of every week up to the policy's first, and differ a month after."""
    without = branch(*SMALL, policy=("policy=none",))
    under = branch(*SMALL, policy=policy(doses, monday(start)))
    for week in range(start + 1):
        assert differences(everything(run(without, week)), everything(run(under, week))) == []
    assert differences(everything(run(without, start + 4)), everything(run(under, start + 4))) != []


def rules_return(doses: dict[str, dict[str, float]], start: int, end: int) -> None:
    """Rules are those before in every week outside the policy's dates, and others within."""
    dates = {"start": monday(start), "end": monday(end)}
    instruments = {name: INSTRUMENTS[name](**dose, **dates) for name, dose in doses.items()}
    timeline, before = Timeline(instruments, Arrangements()), Timeline({}, Arrangements())
    for week in range(-5, end + 5):
        changed = timeline.in_force(week) != before.in_force(week)
        assert changed == (start <= week < end)


def luck_is_shared(one: City, other: City) -> None:
    """A case that exists in two worlds is the same case: it touches the same resident and fades the same day."""
    first, second = cases_of(one), cases_of(other)
    common, here, there = np.intersect1d(first["id"], second["id"], return_indices=True)
    new = c.generation_of(common) == 0
    assert new.sum() > 0.5 * len(first["id"])
    assert (first["resident"][here] == second["resident"][there]).all()
    assert (first["raised"][here] == second["raised"][there])[new].all()
    stages = first["stage"][here], second["stage"][there]
    both_lapsed = new & (stages[0] == c.LAPSED) & (stages[1] == c.LAPSED)
    assert both_lapsed.any()
    assert (first["closed"][here] == second["closed"][there])[both_lapsed].all()


# --- a policy that changes nothing


def test_all_neutral_instruments_together_change_nothing():
    """One by one they are tried in tests/policies."""
    it_changes_nothing(policy(NEUTRAL))


def test_the_baseline_is_no_policy():
    it_changes_nothing(("policy=fragmented",))


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), residents=st.integers(2_000, 6_000))
def test_neutral_instruments_change_nothing_anywhere(seed, residents):
    values = {"seed": seed, "place.residents": residents, "warmup": 0, "weeks": 12}
    without, under = (city(*asked, values=values) for asked in (("policy=none",), policy(NEUTRAL)))
    assert differences(everything(run(without)), everything(run(under))) == []


@pytest.mark.parametrize("name", FELT_AT_ONCE)
def test_an_instrument_that_does_something_is_noticed(name):
    with pytest.raises(AssertionError):
        it_changes_nothing(policy({name: FELT_AT_ONCE[name]}))


def test_a_committee_of_nobody_that_meets_is_noticed(monkeypatch):
    def meets(self, before):
        return [("committee_hours", "add", self.meeting_hours)]

    monkeypatch.setattr(Committee, "rules", meets)
    with pytest.raises(AssertionError):
        it_changes_nothing(policy({"committee": NEUTRAL["committee"]}))


# --- a policy with dates


@pytest.mark.parametrize("name", FELT_AT_ONCE)
def test_worlds_are_one_until_the_policy_starts(name):
    worlds_part_when_it_starts({name: FELT_AT_ONCE[name]}, start=10)


def test_a_policy_that_starts_early_or_never_is_noticed(monkeypatch):
    week_of = rules.week_of
    for fault in (lambda day: week_of(day) - 1, lambda day: 10**6):
        with monkeypatch.context() as planted:
            planted.setattr(rules, "week_of", fault)
            with pytest.raises(AssertionError):
                worlds_part_when_it_starts({"fund": FELT_AT_ONCE["fund"]}, start=10)


@settings(max_examples=10, deadline=None)
@given(
    names=st.sets(st.sampled_from(sorted(FELT_AT_ONCE)), min_size=1),
    start=st.integers(0, 30),
    weeks=st.integers(1, 30),
)
def test_rules_return_when_a_policy_ends(names, start, weeks):
    rules_return({name: FELT_AT_ONCE[name] for name in sorted(names)}, start, start + weeks)


def test_a_policy_that_outlives_its_end_is_noticed(monkeypatch):
    begin = Timeline.__init__

    def endless(self, *args):
        begin(self, *args)
        self._weeks = [(start, None) for start, _ in self._weeks]

    monkeypatch.setattr(Timeline, "__init__", endless)
    with pytest.raises(AssertionError):
        rules_return({"fund": FELT_AT_ONCE["fund"]}, 3, 9)


def test_every_rule_has_a_base_and_a_policy_or_a_shock():
    """What is summed over instruments, capped and floored is in RULES and nowhere else."""
    instruments: dict[str, Instrument] = {name: make(start=FROM_THE_START) for name, make in INSTRUMENTS.items()}
    instruments |= {name: INSTRUMENTS[name](**dose, start=FROM_THE_START) for name, dose in FELT_AT_ONCE.items()}
    for signal in ("reported", "patrol", "true_need"):
        instruments[f"fund by {signal}"] = Fund(signal=signal, start=FROM_THE_START)
    shock = Scenario(start=FROM_THE_START, demand=2, staff=0.5, budget=0.5)
    before, after, shocked = (
        Timeline(some, Arrangements(), scenario).in_force(0)
        for some, scenario in (({}, None), (instruments, None), (instruments, shock))
    )
    unmoved = {name for name in RULES if getattr(before, name) == getattr(after, name)}
    assert unmoved <= {"demand", "worker_hours", "office_hours", "visit_compensation"}
    moved = {name for name in RULES if getattr(shocked, name) != getattr(after, name)}
    assert moved == {"demand", "worker_hours", "office_hours", "branch_hours", "fund_yuan"}


# --- the same luck


def test_a_case_is_the_same_case_in_every_world():
    luck_is_shared(run(branch(*SMALL)), run(branch(*SMALL, policy=policy(FELT_AT_ONCE))))


def test_luck_that_hangs_on_a_policy_is_noticed(monkeypatch):
    def shift(city: City) -> None:
        if city.rules.fund_yuan:
            new = city.cases.raised >= city.day
            city.cases.resident[new] = city.cases.resident[new] // 2

    plant_after(monkeypatch, Incidence, "raise_cases", shift)
    with pytest.raises(AssertionError):
        luck_is_shared(run(branch(*SMALL)), run(branch(*SMALL, policy=policy(FELT_AT_ONCE))))
