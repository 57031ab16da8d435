"""Other worlds and other theories: regrets as planted, and signs and orders that flip where they were made to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import BASELINE, UNMET, only, runs

from govsim.compare.regret import flips, rankings, regret, reversals

GAINS = {  # by policy: (performance, anchoring) x scenarios 0, 1
    BASELINE: ((0.0, 0.0), (0.0, 0.0)),
    "steady": ((8.0, 8.0), (8.0, 8.0)),
    "bold": ((20.0, 12.0), (-10.0, -6.0)),
    "third": ((9.0, 9.0), (3.0, 3.0)),
}
THEORIES = ("performance", "anchoring")


def gain(point) -> float:
    return GAINS[point["policy"]][THEORIES.index(point["theory"])][point["scenario"]]


def study(**how) -> pd.DataFrame:
    how = {"noise": 0.5, "theories": THEORIES, "scenarios": {0: {}, 1: {}}} | how
    return runs([{"policy": name} for name in GAINS], lambda p: -gain(p), **how)


def test_regret_is_what_the_best_in_that_world_would_have_done_more():
    table = regret(study(noise=0.0), UNMET, resamples=50)
    steady, bold = only(table, policy="steady"), only(table, policy="bold")
    assert steady[["mean_regret", "max_regret", "share_best"]].tolist() == pytest.approx([4.0, 12.0, 0.5])
    assert bold[["mean_regret", "max_regret", "share_best"]].tolist() == pytest.approx([8.0, 18.0, 0.5])
    assert bold[["worst_theory", "worst_scenario"]].tolist() == ["anchoring", 0]
    assert table["policy"].tolist()[0] == "steady"
    assert (table["worlds"] == 4).all()
    assert (table["n"] == 80).all()
    assert table["share_best"].sum() == pytest.approx(1.0)


def test_intervals_hold_the_planted_regret_as_often_as_they_say():
    inside = []
    for rng in range(60):
        row = only(regret(study(rng=rng), UNMET, resamples=200), policy="bold")
        inside.append((row["low"] < 8.0 < row["high"], row["max_low"] < 18.0 < row["max_high"]))
    assert np.mean(inside, axis=0) == pytest.approx(0.93, abs=0.06)  # percentiles of 20 seeds are a little narrow


def test_where_scenarios_were_sampled_they_are_drawn_again():
    frame = study(theories=("performance",), noise=0.0, seeds=1, scenarios={i: {} for i in range(2)})
    fixed = regret(frame, UNMET, resamples=100)
    assert fixed["low"].isna().all()  # one seed, listed scenarios: no replicate
    drawn = only(regret(frame.assign(draw=frame["scenario"]), UNMET, resamples=300), policy="steady")
    assert (drawn["low"], drawn["high"]) == pytest.approx((4.0, 12.0))  # one world twice, or the other


def test_policies_that_are_equal_share_the_worlds_in_which_they_are_best():
    points = [{"policy": BASELINE}, {"policy": "a"}, {"policy": "b"}]
    frame = runs(points, lambda p: -5.0 * (p["policy"] != BASELINE), noise=0.0)
    table = regret(frame, UNMET, resamples=20).set_index("policy")["share_best"]
    assert table.to_dict() == {"a": 0.5, "b": 0.5, BASELINE: 0.0}


def test_a_policy_that_failed_in_a_world_is_judged_by_the_others():
    frame = study(noise=0.0)
    gone = (frame["policy"] == "bold") & (frame["theory"] == "anchoring") & (frame["scenario"] == 0)
    row = only(regret(frame[~gone], UNMET, resamples=20), policy="bold")
    assert row["worlds"] == 3
    assert row["mean_regret"] == pytest.approx(14.0 / 3.0)
    assert row["worst_scenario"] == 1


def test_rankings_are_by_theory_and_say_what_is_shown():
    table = rankings(study(), UNMET)
    order = {theory: some["policy"].tolist() for theory, some in table.groupby("theory")}
    assert order["performance"] == ["bold", "third", "steady", BASELINE]
    assert order["anchoring"] == ["steady", "third", BASELINE, "bold"]
    signs = table.set_index(["theory", "policy"])["sign"]
    assert signs["performance", "bold"] == "better"
    assert signs["anchoring", "bold"] == "worse"
    assert signs["anchoring", BASELINE] == "baseline"


def test_a_sign_flips_only_where_both_sides_are_shown():
    table = flips(study(), UNMET).set_index("policy")
    assert table["flips"].to_dict() == {"steady": False, "bold": True, "third": False}
    bold = only(flips(study(), UNMET), policy="bold")
    assert bold["low"] < 24.0 < bold["high"]  # unmet need: -16 under one theory, +8 under the other
    assert bold["p_holm"] < 0.001
    assert not flips(study(noise=40.0, common=0.0), UNMET)["flips"].any()


def test_reversals_are_pairs_whose_order_changes():
    table = reversals(study(), UNMET)
    pairs = {frozenset(pair) for pair in table[table["shown"]][["policy", "rival"]].to_numpy()}
    assert pairs == {frozenset(p) for p in [("bold", "steady"), ("bold", "third"), ("bold", BASELINE),
                                            ("steady", "third")]}  # fmt: skip
    assert (table["lead"] > 0.0).all()
    assert (table["other_lead"] < 0.0).all()


def test_one_theory_flips_nothing():
    frame = study(theories=("performance",))
    assert flips(frame, UNMET).empty
    assert reversals(frame, UNMET).empty
    assert set(rankings(frame, UNMET)["theory"]) == {"performance"}


def test_budgets_are_compared_within_themselves_with_the_baseline_beside_them():
    points = [{"policy": BASELINE}, *({"policy": p, "budget": b} for b in (20.0, 40.0) for p in ("fund", "staff"))]
    frame = runs(points, lambda p: -np.nan_to_num(p["budget"]) * (1.0 if p["policy"] == "fund" else 0.5))
    table = regret(frame, UNMET, resamples=50)
    assert table.groupby("budget").size().to_dict() == {20.0: 3, 40.0: 3}
    assert only(table, budget=40.0, policy="staff")["mean_regret"] == pytest.approx(20.0, abs=1.5)
    assert set(rankings(frame, UNMET)["policy"]) == {BASELINE, "fund", "staff"}
