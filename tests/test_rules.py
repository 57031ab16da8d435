"""The timeline under way: a change holds from its week on, and what was before stays what it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govsim.calendar import monday
from govsim.config.arrangements import Arrangements
from govsim.policies.committee import Committee
from govsim.policies.fund import Fund
from govsim.rules import Timeline

WEEKS = range(-5, 60)


def timeline(**policies) -> Timeline:
    return Timeline(policies, Arrangements())


def yuan(timeline: Timeline) -> list[float]:
    return [timeline.in_force(week).fund_yuan for week in WEEKS]


@given(
    start=st.integers(0, 50),
    length=st.none() | st.integers(1, 30),
    changes=st.lists(st.tuples(st.integers(0, 55), st.none() | st.integers(1, 9)), max_size=6),
)
def test_each_change_holds_from_its_week_until_the_next(start, length, changes):
    """Whatever was to come is replaced, whatever was before stays; weeks of changes as they come, in any order."""
    end = None if length is None else start + length
    fund = Fund(start=monday(start).isoformat(), end="" if end is None else monday(end).isoformat(), yuan=0.5)
    live = timeline(fund=fund)
    wanted = [0.5 if start <= week and (end is None or week < end) else 0.0 for week in WEEKS]
    assert yuan(live) == wanted
    for week, dose in changes:
        live.change(week, "fund", None if dose is None else Fund(yuan=dose))
        wanted = [w if at < week else float(dose or 0) for at, w in zip(WEEKS, wanted, strict=True)]
        assert yuan(live) == wanted
    assert [p.start for p in live.policies] == sorted(p.start for p in live.policies)


def test_a_form_that_is_in_force_already_goes_on_undivided():
    live = timeline(fund=Fund(yuan=1e5))
    live.change(30, "fund", Fund(yuan=2e5))
    live.change(30, "fund", Fund(yuan=1e5))
    assert live.policies == [Fund(yuan=1e5)]


def test_a_change_touches_no_other_instrument():
    live = timeline(fund=Fund(), committee=Committee())
    live.change(20, "fund", None)
    assert live.running(25) == [Committee()]
    assert live.policies == [Committee(), replace(Fund(), end=monday(20).isoformat())]


def test_nothing_changes_in_the_warm_up():
    live = timeline()
    live.change(-3, "fund", Fund(yuan=7.0))
    assert live.in_force(-1).fund_yuan == 0.0
    assert live.in_force(0).fund_yuan == 7.0


@pytest.mark.parametrize("week", [10, 30])
def test_it_ends_on_the_date_that_the_new_form_has(week):
    live = timeline(fund=Fund(yuan=1e5))
    live.change(week, "fund", Fund(yuan=3e5, end=monday(40).isoformat()))
    assert [live.in_force(at).fund_yuan for at in (week - 1, week, 39, 40)] == [1e5 * (week > 17), 3e5, 3e5, 0.0]
