"""Who is compared with whom: luck cancels within a pair, and what has no pair is not counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import BASELINE, UNMET, runs
from scipy import stats
from statsmodels.stats.multitest import multipletests

from govsim.compare.pairs import by_group, differences, direction, holm, how_much_narrower, interval, with_draws
from govsim.config.check import ConfigError

POINTS = [{"policy": BASELINE}, {"policy": "fund"}, {"policy": "fund+committee"}]
EFFECT = {BASELINE: 0.0, "fund": -20.0, "fund+committee": -30.0}


def truth(point) -> float:
    return EFFECT[point["policy"]]


def test_luck_that_is_shared_cancels():
    pairs = differences(runs(POINTS, truth, common=50.0, noise=0.0), UNMET)
    assert set(pairs["policy"]) == {"fund", "fund+committee"}
    assert pairs["difference"].to_numpy() == pytest.approx(pairs["policy"].map(EFFECT).to_numpy())


def test_pairs_are_of_one_theory_scenario_and_seed():
    """The baseline differs by theory and scenario: a pair across them would show."""
    frame = runs(
        POINTS,
        lambda p: truth(p) + 100.0 * p["scenario"] + (500.0 if p["theory"] == "anchoring" else 0.0),
        theories=("performance", "anchoring"),
        scenarios={0: {}, 1: {}},
        noise=0.0,
    )
    shuffled = frame.sample(frac=1.0, random_state=0)
    pairs = differences(shuffled, UNMET)
    assert len(pairs) == 2 * 2 * 2 * 20
    assert pairs["difference"].to_numpy() == pytest.approx(pairs["policy"].map(EFFECT).to_numpy())


def test_another_baseline():
    pairs = differences(runs(POINTS, truth, noise=0.0), UNMET, "fund")
    means = pairs.groupby("policy")["difference"].mean().to_dict()
    assert means == pytest.approx({BASELINE: 20.0, "fund+committee": -10.0})


def test_the_baseline_can_stay_in_as_one_policy_among_others():
    pairs = differences(runs(POINTS, truth), UNMET, with_baseline=True)
    assert (pairs.loc[pairs["policy"] == BASELINE, "difference"] == 0.0).all()
    assert len(pairs) == 60


def test_a_baseline_with_budgets_is_met_at_the_same_budget():
    points = [{"policy": BASELINE}, *({"policy": p, "budget": b} for p in ("fund", "rival") for b in (20.0, 40.0))]
    frame = runs(points, lambda p: 0.0 if np.isnan(p["budget"]) else -p["budget"] * (2 if p["policy"] == "fund" else 1),
                 noise=0.0)  # fmt: skip
    pairs = differences(frame, UNMET, "rival").dropna(subset="difference")
    assert pairs.groupby("budget")["difference"].mean().to_dict() == pytest.approx({20.0: -20.0, 40.0: -40.0})


@pytest.mark.parametrize(
    ("baseline", "says"),
    [("fundd", "baseline=fundd: not in this study; nearest: fund"), ("qqq", "its policies are fragmented, fund")],
)
def test_an_unknown_baseline_is_refused_by_name(baseline: str, says: str):
    with pytest.raises(ConfigError, match=says):
        differences(runs(POINTS, truth), UNMET, baseline)


def test_a_baseline_without_common_seeds_is_refused():
    frame = runs(POINTS, truth, seeds=3)
    frame.loc[frame["policy"] == BASELINE, "seed"] += 100
    with pytest.raises(ConfigError, match=r"baseline=fragmented: has no theory, scenario and seed in common"):
        differences(frame, UNMET)


def test_a_study_without_a_baseline_asks_for_one():
    with pytest.raises(ConfigError, match="choose one of fragmented, fund"):
        differences(runs(POINTS, truth).assign(is_baseline=False), UNMET)


def test_what_has_no_pair_or_value_is_not_counted():
    frame = runs(POINTS, truth)
    frame = frame[~((frame["policy"] == BASELINE) & (frame["seed"] == 1))]
    frame.loc[(frame["policy"] == "fund") & (frame["seed"] == 2), UNMET] = np.nan
    counts = {group["policy"]: interval(some, "difference").n for group, some in by_group(differences(frame, UNMET))}
    assert counts == {"fund": 18, "fund+committee": 19}


def test_which_scenarios_are_one_draw():
    frame = pd.DataFrame({"scenario": range(8)})
    assert with_draws(frame, {"uncertainties.factorial": {"rows": [0, 1]}}) is frame
    lhs = with_draws(frame, {"uncertainties.latin_hypercube": {"names": ["a"], "rows": list(range(8))}})
    assert lhs["draw"].nunique() == 8
    sobol = {"names": ["a", "b"], "second_order": False, "rows": [7, 6, 5, 4, 3, 2, 1, 0]}  # two blocks of four rows
    assert with_draws(frame, {"uncertainties.sobol": sobol})["draw"].tolist() == [3] * 4 + [7] * 4
    both_orders = sobol | {"names": ["a"], "second_order": True}
    assert with_draws(frame, {"uncertainties.sobol": both_orders})["draw"].tolist() == [3] * 4 + [7] * 4
    morris = {"names": ["a"], "rows": list(range(8)), "num_levels": 4}  # four trajectories of two
    assert with_draws(frame, {"uncertainties.morris": morris})["draw"].tolist() == [0, 0, 2, 2, 4, 4, 6, 6]


def test_rows_of_a_sample_that_are_the_same_scenario_are_one_draw_of_the_first():
    frame = pd.DataFrame({"scenario": [0, 1, 2]})
    morris = {"names": ["a"], "rows": [0, 1, 0, 2]}
    assert with_draws(frame, {"uncertainties.morris": morris})["draw"].tolist() == [0, 0, 0]


def test_pairs_are_as_much_narrower_as_the_luck_they_share():
    """Variances are 100 shared and 1 own: unpaired (100 + 1) x 2, paired 1 x 2."""
    table = how_much_narrower(runs(POINTS, truth, seeds=200), [UNMET])
    assert table["ratio"].to_numpy() == pytest.approx(np.sqrt(101.0), rel=0.15)
    assert (table["n"] == 200).all()


def test_the_unpaired_interval_is_welchs():
    frame = runs(POINTS, truth, seeds=12)
    ours, theirs = (frame.loc[frame["policy"] == name, UNMET] for name in ("fund", BASELINE))
    known = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    unpaired = how_much_narrower(frame, [UNMET]).iloc[0]["unpaired"]
    assert unpaired == pytest.approx((known.high - known.low) / 2.0)


def test_without_shared_luck_pairing_gains_nothing():
    table = how_much_narrower(runs(POINTS, truth, seeds=200, common=0.0), [UNMET])
    assert table["ratio"].to_numpy() == pytest.approx(1.0, rel=0.1)


def test_scenarios_that_differ_do_not_count_as_luck():
    frame = runs(POINTS, lambda p: truth(p) + 1_000.0 * p["scenario"], scenarios={0: {}, 1: {}}, seeds=200)
    assert how_much_narrower(frame, [UNMET])["ratio"].to_numpy() == pytest.approx(np.sqrt(101.0), rel=0.15)


def test_a_constant_difference_has_a_pair_of_no_width():
    frame = runs(POINTS, truth)
    frame[UNMET] = frame["seed"] + frame["policy"].map(EFFECT)
    row = how_much_narrower(frame, [UNMET]).iloc[0]
    assert (row["paired"], row["ratio"]) == (0.0, np.inf)


def test_holm_is_over_the_tests_that_could_be_made():
    assert holm(pd.Series([0.01, np.nan, 0.04, 0.03])).tolist() == pytest.approx(
        [0.03, np.nan, 0.06, 0.06], nan_ok=True
    )
    assert np.isnan(holm(pd.Series([np.nan, np.nan], dtype=float))).all()


def test_holm_is_that_of_statsmodels():
    p = np.random.default_rng(1).uniform(size=200).round(2) ** 4  # with ties
    np.testing.assert_array_equal(holm(pd.Series(p)), multipletests(p, method="holm")[1])


def test_a_better_direction_is_needed_to_choose():
    assert (direction(UNMET), direction("cured_share")) == (-1, 1)
    with pytest.raises(ConfigError, match="recorded_share: is neither better high nor low by itself"):
        direction("recorded_share")
