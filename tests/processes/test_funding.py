"""Funding: what money follows, what enterprises add, and what residents' choice makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govsim.city import City
from govsim.config.behaviour import Behaviour, values
from govsim.config.compose import compose, with_values
from govsim.places import Communities
from govsim.processes.funding import dealt, worth_of_choice
from govsim.recorder import SERIES
from govsim.rules import Timeline

PLACE = ("place=community", "place.residents=24000", "place.communities=4", "baseline=none", "warmup=4", "weeks=40")
FUND = ("policy.fund.start=2017-09-04", "policy.fund.yuan=800000")


def run(*overrides: str, **changes: Any) -> City:
    composed = compose([*PLACE, *overrides])
    keys = {key.replace("__", "."): value for key, value in changes.items()}
    city = City(composed=replace(composed, config=with_values(composed.config, keys)))
    city.run_model()
    return city


def total(city: City, name: str) -> float:
    return city.recorder.values[:, list(SERIES).index(name)].sum()


RULES = Timeline({}, compose(list(PLACE)).config.before).in_force(0)


@given(
    signal=st.lists(st.floats(0, 1e3, allow_subnormal=False), min_size=2, max_size=9),
    follows=st.sampled_from(["fund_by_reported", "fund_by_patrol", "fund_by_true_need"]),
    floor=st.floats(0, 1),
)
def test_the_total_is_the_same_whatever_it_follows(signal, follows, floor):
    communities = Communities(len(signal))
    for name in ("signal_reported", "signal_found", "signal_true"):
        getattr(communities, name)[:] = signal
    communities.signal_walked[:] = np.linspace(0.0, 5.0, len(signal))
    shares = dealt(communities, RULES._replace(**{follows: 1.0}), floor)
    assert shares.sum() == pytest.approx(len(signal))
    assert (shares >= floor - 1e-12).all()
    assert (dealt(communities, RULES, floor) == 1.0).all()


def test_patrols_are_corrected_for_effort():
    communities = Communities(2)
    communities.signal_found[:], communities.signal_walked[:] = [4.0, 2.0], [40.0, 5.0]
    shares = dealt(communities, RULES._replace(fund_by_patrol=1.0), 0.0)
    assert shares == pytest.approx([0.4, 1.6])  # half the finds in an eighth of the hours


@pytest.mark.parametrize("signal", ["reported", "patrol", "true_need"])
def test_money_follows_the_signal(signal):
    equal, follows = run("policy=fund", *FUND), run("policy=fund", *FUND, f"policy.fund.signal={signal}")
    assert total(follows, "fund_accrued") == pytest.approx(total(equal, "fund_accrued"), rel=1e-9)
    assert np.ptp(equal.places.communities.accrued) < 1e-6
    assert np.ptp(follows.places.communities.accrued) > 1_000
    assert (follows.places.communities.signal_true > 0.0).all()


MATCHING = ("policy=[fund,enterprise_cobuilding]", *FUND, "policy.enterprise_cobuilding.start=2017-09-04")


def test_matched_money_is_conserved():
    city = run(*MATCHING)
    communities = city.places.communities
    assert communities.match_spent + communities.match_committed == pytest.approx(communities.match_pledged)
    assert communities.match_due.sum(axis=1) == pytest.approx(communities.match_committed, abs=1e-6)
    assert total(city, "matched_yuan") == pytest.approx(communities.match_spent.sum())
    assert 0.0 < communities.match_spent.sum() < communities.match_pledged.sum()
    given = communities.match_pledged / np.maximum(communities.enterprises * communities.projects, 1e-9)
    rate = city.config.policy["enterprise_cobuilding"].rules(city.config.before)[0][2] * city.p.project_yuan
    assert (given <= rate + 1e-6).all()


def test_matches_build_and_refusals_only_cost_time():
    accepted, refused = (run(*MATCHING, behaviour__match_refused=share) for share in (0.0, 0.9))
    mean = [city.places.settlements.environment.mean() for city in (accepted, refused)]
    assert mean[0] > mean[1]
    assert total(accepted, "projects") == total(refused, "projects")
    assert total(accepted, "enterprise_hours") > 5 * total(refused, "enterprise_hours")


def test_few_may_capture_what_residents_choose():
    p = values(Behaviour())
    assert (
        worth_of_choice.py_func(0.0, p)
        < 1.0
        == worth_of_choice.py_func(p.choice_even, p)
        < worth_of_choice.py_func(0.6, p)
    )
    assert worth_of_choice.py_func(0.0, values(Behaviour(choice_gain=3.0, choice_even=0.5))) == 0.0
    asked = ("policy=[fund,participation_channels]", *FUND, "policy.participation_channels.start=2017-09-04",
             "policy.participation_channels.share=1", "behaviour.pull_channels=0")  # fmt: skip
    at_once = {"behaviour__choosing_weeks": 1, "behaviour__approval_weeks": 1}
    captured = run(*asked, **at_once, behaviour__choice_even=0.5, behaviour__choice_gain=3.0)
    shared = run(*asked, **at_once, behaviour__choice_even=0.05, behaviour__choice_gain=3.0)
    assert total(captured, "chosen_projects") == total(captured, "projects") > 0
    assert captured.places.settlements.environment.mean() < shared.places.settlements.environment.mean()
