"""What it costs: dominance, prices and rankings as planted, and shares that know how sure they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import BASELINE, CURED, UNMET, only, runs

from govsim.compare.frontier import ACTUAL, HOURS, PLANNED, best_buys, frontier, ranking, spending
from govsim.config.check import ConfigError

PLACES = {  # gain in unmet need, cost
    BASELINE: (0.0, 0.0),
    "cheap": (10.0, 10.0),
    "wasteful": (9.0, 30.0),
    "between": (11.0, 40.0),
    "good": (30.0, 50.0),
    "best": (40.0, 100.0),
}
"""``wasteful`` is dominated by ``cheap``; ``between`` does better than it, and worse than a mixture with ``good``."""


def study(places=PLACES, **how) -> pd.DataFrame:
    costs = {
        ACTUAL: lambda p: places[p["policy"]][1],
        PLANNED: lambda p: 0.9 * places[p["policy"]][1],
        HOURS: lambda p: 2.0 * (p["policy"] == "cheap"),
    }
    points = [{"policy": name} for name in places]
    return runs(points, lambda p: -places[p["policy"]][0], also=costs, **how)


def test_every_policy_has_its_place():
    table = frontier(study(noise=0.2), UNMET, resamples=300)
    assert table["policy"].tolist() == sorted(PLACES, key=lambda name: PLACES[name][1])
    assert table.set_index("policy")["status"].to_dict() == {
        BASELINE: "on the frontier",
        "cheap": "on the frontier",
        "wasteful": "dominated",
        "between": "extended-dominated",
        "good": "on the frontier",
        "best": "on the frontier",
    }
    good = only(table, policy="good")
    assert good["against"] == "cheap"
    assert good["icer"] == pytest.approx(2.0, rel=0.05)
    assert good["icer_low"] < 2.0 < good["icer_high"]
    assert good["low"] < -30.0 < good["high"]
    assert (good["extra_cost"], good["cost_low"], good["cost_high"], good["planned_cost"]) == (50.0, 50.0, 50.0, 45.0)
    assert only(table, policy="cheap")["social_hours"] == 2.0
    assert np.isnan(only(table, policy="wasteful")["icer"])
    shares = table.set_index("policy")["share_on_frontier"]
    assert shares[["cheap", "good", "best"]].tolist() == [1.0, 1.0, 1.0]
    assert shares["wasteful"] < 0.05


def test_a_policy_that_does_better_for_less_leaves_the_baseline_behind():
    table = frontier(study({BASELINE: (0.0, 0.0), "saves": (5.0, -10.0)}), UNMET, resamples=50)
    assert only(table, policy=BASELINE)["status"] == "dominated"
    assert only(table, policy="saves")[["status", "against"]].tolist() == ["on the frontier", ""]


def test_better_is_up_where_more_is_better():
    frame = study({BASELINE: (0.0, 0.0), "fund": (-0.2, 10.0)}, outcome=CURED, base=0.5, common=0.05, noise=0.01)
    assert only(frontier(frame, CURED, resamples=50), policy="fund")["status"] == "on the frontier"


def test_an_outcome_without_a_better_side_is_refused():
    with pytest.raises(ConfigError, match="neither better high nor low"):
        frontier(study().assign(recorded_share=0.5), "recorded_share")


def test_equals_share_their_place():
    table = frontier(study({BASELINE: (0.0, 0.0), "a": (5.0, 10.0), "b": (5.0, 10.0)}, noise=0.0), UNMET, resamples=20)
    assert (table["status"] == "on the frontier").all()
    assert table["share_on_frontier"].tolist() == [1.0, 1.0, 1.0]


def test_a_close_race_is_not_called_sure():
    """Two policies of one cost whose gains differ by less than luck: neither is surely on the frontier."""
    table = frontier(study({BASELINE: (0.0, 0.0), "a": (5.0, 10.0), "b": (5.1, 10.0)}, noise=2.0), UNMET)
    shares = table.set_index("policy")["share_on_frontier"]
    assert 0.05 < shares["a"] < 0.95
    assert shares["a"] + shares["b"] == pytest.approx(1.0)
    assert shares[BASELINE] == 1.0


def test_one_seed_shows_no_shares():
    table = frontier(study(seeds=1), UNMET, resamples=20)
    assert table["share_on_frontier"].isna().all()
    assert best_buys(study(seeds=1), UNMET, [50.0], resamples=20)["share_best"].isna().all()


def test_the_same_call_gives_the_same_shares():
    frame = study(noise=5.0)
    pd.testing.assert_frame_equal(frontier(frame, UNMET, resamples=100), frontier(frame, UNMET, resamples=100))


def test_best_buys_are_what_a_budget_pays_for():
    table = best_buys(study(), UNMET, [5.0, 20.0, 60.0, 200.0], resamples=200)
    best = table[table["share_best"] > 0.9].set_index("budget")["policy"].to_dict()
    assert best == {5.0: BASELINE, 20.0: "cheap", 60.0: "good", 200.0: "best"}
    assert table.groupby("budget")["share_best"].sum().tolist() == pytest.approx([1.0] * 4)
    assert not only(table, budget=20.0, policy="good")["affordable"]


def test_theories_have_frontiers_of_their_own():
    frame = study(theories=("performance", "anchoring"))
    assert frontier(frame, UNMET, resamples=20).groupby("theory").size().tolist() == [6, 6]


# --- equal budgets

GAIN = {("fund", 20.0): 10.0, ("fund", 40.0): 12.0, ("staff", 20.0): 6.0, ("staff", 40.0): 30.0,
        ("rival", 20.0): 6.0, ("rival", 40.0): 12.0}  # fmt: skip


def ranked(**how) -> pd.DataFrame:
    points = [{"policy": BASELINE}, *({"policy": policy, "budget": budget} for policy, budget in GAIN)]
    also = {
        PLANNED: lambda p: np.nan_to_num(p["budget"]),
        ACTUAL: lambda p: np.nan_to_num(p["budget"]) * (0.5 if p["policy"] == "fund" else 1.0),
        HOURS: lambda _: 3.0,
    }
    return runs(points, lambda p: -GAIN.get((p["policy"], p["budget"]), 0.0), also=also, **how)


def test_rankings_are_made_within_each_budget():
    table = ranking(ranked(), UNMET, resamples=200)
    first = table[table["rank"] == 1].set_index("budget")
    assert first["policy"].to_dict() == {20.0: "fund", 40.0: "staff"}
    lead = only(table, budget=40.0, rank=1)
    assert lead["lead_low"] < 18.0 < lead["lead_high"]
    assert lead["p_holm"] < 0.001
    assert first["probability_best"].min() > 0.99
    assert table.groupby("budget")["probability_best"].sum().tolist() == pytest.approx([1.0, 1.0])
    assert table["lead"].min() >= 0.0


def test_neighbours_that_luck_could_swap_are_not_told_apart():
    table = ranking(ranked(), UNMET, resamples=200)
    tie = table[(table["budget"] == 20.0) & (table["rank"] == 2)].iloc[0]
    assert {tie["policy"], tie["next"]} == {"staff", "rival"}
    assert tie["p_holm"] > 0.05
    last = table[(table["budget"] == 20.0) & (table["rank"] == 3)].iloc[0]
    assert last["next"] == ""
    assert np.isnan(last["lead"])
    assert np.isnan(last["p_holm"])


def test_what_was_planned_stands_beside_what_was_spent():
    row = only(ranking(ranked(), UNMET, resamples=20), policy="fund", budget=40.0)
    assert row[["planned_cost", "actual_cost", "social_hours"]].tolist() == [40.0, 20.0, 3.0]
    spent = only(spending(ranked()), policy="fund", budget=40.0)
    assert spent[["planned", "actual", "over", "low", "high"]].tolist() == [40.0, 20.0, -20.0, -20.0, -20.0]


def test_a_study_without_budgets_has_no_ranking():
    assert ranking(study(), UNMET, resamples=20).empty
    assert len(spending(study())) == len(PLACES)
