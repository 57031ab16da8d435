"""Intervals hold what they promise: planted means are inside as often as they say, and no test is made of nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from govsim.study.intervals import crossed_interval, mean_interval, settled

WORLDS = 1_000
"""Simulated studies: a share of 0.95 is then known to ±0.014 (two standard errors)."""
TOLERANCE = 0.02


def table(draws: int, seeds: int, by_draw: float, by_seed: float, own: float, rng: np.random.Generator):
    """Values of all draws and seeds around 0, with what draws, seeds and single cells vary by."""
    cells = by_draw * rng.standard_normal((draws, 1)) + by_seed * rng.standard_normal((1, seeds))
    cells = cells + own * rng.standard_normal((draws, seeds))
    draw, seed = np.indices(cells.shape)
    return cells.ravel(), seed.ravel(), draw.ravel()


def coverage(sampled: bool, **how: float) -> float:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(WORLDS):
        values, seed, draw = table(rng=rng, **how)  # pyright: ignore[reportArgumentType]
        interval = crossed_interval(values, seed, draw, draw if sampled else None)
        inside += interval.low <= 0.0 <= interval.high
    return inside / WORLDS


def test_intervals_over_seeds_hold_the_truth_as_often_as_they_say():
    assert coverage(False, draws=1, seeds=8, by_draw=0, by_seed=1, own=1) == pytest.approx(0.95, abs=TOLERANCE)


def test_listed_scenarios_are_averaged_within_a_seed():
    assert coverage(False, draws=6, seeds=8, by_draw=0, by_seed=1, own=1) == pytest.approx(0.95, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("by_draw", "by_seed", "own", "most"),
    [(1, 0.5, 0.5, 0.98), (0.3, 1, 1, 0.98), (1, 0, 1, 0.98), (0, 1, 0, 0.98), (0, 0, 1, 1.0)],
)
def test_sampled_scenarios_and_seeds_are_both_chance(by_draw, by_seed, own, most):
    """Where only single runs vary the interval is too wide: a few seeds cannot show that they do not matter."""
    held = coverage(True, draws=24, seeds=4, by_draw=by_draw, by_seed=by_seed, own=own)
    assert 0.95 - TOLERANCE <= held <= most


def test_counting_runs_as_replicates_would_promise_too_much():
    """The fault that the two-way model is there to prevent: it must show."""
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(WORLDS):
        values, _, _ = table(24, 4, 1.0, 0.5, 0.5, rng)
        naive = mean_interval(values)
        inside += naive.low <= 0.0 <= naive.high
    assert inside / WORLDS < 0.85


def test_with_a_seed_for_each_draw_the_draw_is_the_replicate():
    values = np.array([1.0, 2.0, 4.0, 7.0])
    ids = np.arange(4)
    assert crossed_interval(values, ids, ids, ids)[:3] == pytest.approx(mean_interval(values)[:3])
    one_seed = crossed_interval(values, np.zeros(4), ids, ids)
    assert (one_seed.n, one_seed.replicates) == (4, 4)
    assert one_seed[:3] == pytest.approx(mean_interval(values)[:3])


def test_rows_of_a_block_are_one_draw():
    values = np.array([1.0, 3.0, 2.0, 6.0, 5.0, 9.0])
    scenario, block = np.arange(6), np.array([0, 0, 1, 1, 2, 2])
    interval = crossed_interval(values, np.zeros(6), scenario, block)
    assert interval[:3] == pytest.approx(mean_interval(np.array([2.0, 4.0, 7.0]))[:3])
    assert (interval.n, interval.replicates) == (6, 3)


def test_a_missing_value_does_not_let_a_seeds_scenarios_decide():
    """Scenarios differ by 100, seeds by nothing: without one hard scenario a seed would look good."""
    values, seed, scenario = np.array([0.0, 100.0] * 5) + 7.0, np.repeat(range(5), 2), np.tile([0, 1], 5)
    values[1] = math.nan
    interval = crossed_interval(values, seed, scenario)
    assert interval[:4] == pytest.approx((57.0, 57.0, 57.0, 9))


def test_the_mean_and_test_are_students():
    values = np.random.default_rng(0).normal(0.5, 1.0, 12)
    interval = mean_interval(values)
    known = stats.ttest_1samp(values, 0.0)
    assert interval.p == pytest.approx(known[1])
    assert interval[1:3] == pytest.approx(tuple(known.confidence_interval(0.95)))


@pytest.mark.parametrize("value", [0.0, 0.1])
def test_where_all_are_equal_the_interval_has_no_width_and_p_is_known(value: float):
    values, seeds, scenarios = np.full(12, value), np.tile(range(4), 3), np.repeat(range(3), 4)
    for draws in (None, scenarios):
        interval = crossed_interval(values, seeds, scenarios, draws)
        assert interval[:4] == (value, value, value, 12)
        assert interval.p == (1.0 if value == 0.0 else 0.0)


def test_one_replicate_shows_no_interval():
    interval = crossed_interval(np.array([1.0, 2.0]), np.zeros(2), np.arange(2))
    assert (interval.mean, interval.n, interval.replicates) == (1.5, 2, 1)
    assert math.isnan(interval.low)
    assert math.isnan(interval.p)


def test_nothing_defined_is_nothing():
    interval = crossed_interval(np.array([np.nan, np.nan]), np.arange(2), np.zeros(2))
    assert interval.n == 0
    assert math.isnan(interval.mean)


def test_what_rounding_left_is_not_tested():
    assert settled(np.array([1e-14, -2e-14, 0.0]), 200.0).tolist() == [0.0, 0.0, 0.0]
    assert settled(np.array([1e-3, -2e-3]), 200.0).tolist() == [1e-3, -2e-3]
    assert np.ptp(settled(0.1 + np.array([0.0, 1e-17, 3e-17]), 1.0)) == 0.0


def test_the_two_way_interval_is_that_of_the_anova():
    """By hand from the mean squares of a table whose draws and seeds both matter (all components above 0)."""
    values, seed, draw = table(6, 5, 1.0, 1.0, 0.5, np.random.default_rng(2))
    frame = pd.DataFrame({"y": values, "seed": seed, "draw": draw})
    squares = anova_lm(ols("y ~ C(draw) + C(seed)", frame).fit())
    mean_squares, freedom = squares["mean_sq"].to_numpy() / 30.0, squares["df"].to_numpy()
    assert mean_squares[:2].min() > mean_squares[2]
    parts = mean_squares * [1.0, 1.0, -1.0]
    variance = parts.sum()
    half = stats.t.ppf(0.975, variance**2 / (parts**2 / freedom).sum()) * np.sqrt(variance)
    interval = crossed_interval(values, seed, draw, draw)
    assert interval[:3] == pytest.approx((values.mean(), values.mean() - half, values.mean() + half))
