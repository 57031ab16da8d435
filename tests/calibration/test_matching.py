"""History matching on simulators whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govsim.calibration import matching
from govsim.calibration.emulator import Emulator
from govsim.calibration.matching import Matched, match
from govsim.calibration.targets import Band

BOUNDS = {"a": (0.0, 2.0), "b": (-1.0, 1.0), "idle": (10.0, 20.0)}
GOALS = {"sum": Band(2.5, 2.3, 2.7), "product": Band(0.6, 0.5, 0.7)}
SEEDS = 3
NOISE = 0.03


def truth(sets: pd.DataFrame) -> pd.DataFrame:
    """Two smooth outcomes of two parameters; the third does nothing. Goals are met near (1.67, 0.36), (0.73, 0.83)."""
    a, b = sets["a"], sets["b"]
    return pd.DataFrame({"sum": a + 2.0 * b + 0.3 * b**2, "product": a * b})


def noisy(wave: int, sets: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(wave)
    runs = pd.concat([truth(sets)] * SEEDS)
    return runs + rng.normal(scale=NOISE, size=runs.shape)


def matched(simulate=noisy, goals=GOALS, bounds=BOUNDS, said: list[str] | None = None, **settings) -> Matched:
    asked = {"waves": 3, "sets": 40, "cutoff": 3.0, "seed": 1} | settings
    return match(bounds, goals, simulate, **asked, say=(said if said is not None else []).append)


def inside(sets: pd.DataFrame, slack: float = 0.0) -> np.ndarray:
    values = truth(sets)
    return np.logical_and.reduce(
        [values[name].between(band.low - slack, band.high + slack) for name, band in GOALS.items()]
    )


@pytest.fixture(scope="module", autouse=True)
def _few_candidates():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_CANDIDATES", 4_000)
        yield


@pytest.fixture(scope="module")
def result() -> Matched:
    return matched()


def test_what_is_kept_is_where_the_targets_are_met(result):
    kept = result.sets[result.kept]
    assert len(kept) >= 30
    assert inside(kept, slack=3.0 * NOISE).all()
    for a, b in ((1.67, 0.36), (0.73, 0.83)):  # both of the places where the bands cross
        assert (np.hypot(kept["a"] - a, kept["b"] - b) < 0.15).sum() >= 3
    assert np.ptp(kept["idle"]) > 8.0  # what does not matter is not ruled out


def test_later_waves_are_drawn_from_what_is_left(result):
    first, *_, last = result.waves
    assert first.kept / first.sets < 0.1
    assert last.kept / last.sets > 0.3
    assert last.left < 0.3
    assert last.foretold > 0.8
    assert np.isnan(first.foretold)


def test_nothing_that_meets_the_targets_is_ruled_out(result):
    """The share left is never below the share that truly meets the bands."""
    rng = np.random.default_rng(5)
    everywhere = pd.DataFrame({name: rng.uniform(*ends, 20_000) for name, ends in BOUNDS.items()})
    assert all(wave.left > inside(everywhere).mean() for wave in result.waves)


def test_the_same_seed_gives_the_same_sets(result):
    pd.testing.assert_frame_equal(matched().sets, result.sets)
    assert not matched(seed=2, waves=1).sets.equals(result.sets.iloc[:40])


def test_sets_are_short_numbers_inside_their_bounds(result):
    for name, (low, high) in BOUNDS.items():
        values = result.sets[name]
        assert values.between(low, high).all()
        assert all(value == float(f"{value:.5g}") for value in values)


def test_a_target_out_of_reach_ends_it(result):
    said: list[str] = []
    nothing = matched(goals=GOALS | {"product": Band(9.0, 8.9, 9.1)}, said=said)
    assert not nothing.kept.any()
    assert len(nothing.waves) == 1
    assert said[-1] == "wave 1 rules out every set: no wave 2"


def test_a_small_corner_of_a_large_space_is_found():
    """All of eight parameters in a tenth of their range: one draw in a hundred million."""
    bounds = {f"p{i}": (0.0, 1.0) for i in range(8)}
    goals = {name: Band(0.9, 0.85, 0.95) for name in bounds}
    corner = matched(lambda _, sets: pd.concat([sets, sets]), goals, bounds, sets=30, waves=2)
    assert corner.waves[0].left < 1e-4
    assert corner.waves[1].kept >= 3
    assert corner.waves[0].kept == 0


def test_runs_that_failed_or_are_undefined_are_not_kept_and_break_nothing():
    def holes(wave: int, sets: pd.DataFrame) -> pd.DataFrame:
        runs = noisy(wave, sets).drop(index=[0, 1])
        runs.loc[2, "sum"] = np.nan
        return runs

    result = matched(holes, waves=2)
    assert result.means.loc[[0, 1]].isna().all(axis=None)
    assert not result.kept[[0, 1, 2, 40, 41, 42]].any()
    assert result.kept.any()


def test_chance_is_not_taken_for_a_misfit():
    """Runs that scatter widely rule out less than runs that do not."""
    calm, wild = (matched(lambda wave, sets, k=k: truth_and(k, wave, sets), waves=1).waves[0].left for k in (0.01, 1.0))
    assert wild > 2.0 * calm


def truth_and(scale: float, wave: int, sets: pd.DataFrame) -> pd.DataFrame:
    runs = pd.concat([truth(sets)] * SEEDS)
    return runs + np.random.default_rng(wave).normal(scale=scale, size=runs.shape)


def test_an_emulator_foretells_and_knows_what_it_does_not_know():
    def curve(x: np.ndarray) -> np.ndarray:
        return np.sin(3.0 * x[:, 0]) + x[:, 1]

    rng, within = np.random.default_rng(3), []
    for _ in range(5):
        x, new = rng.uniform(size=(60, 3)), rng.uniform(size=(200, 3))
        emulator = Emulator(x, curve(x) + rng.normal(scale=0.05, size=60), 0.05**2)
        mean, variance = emulator(new)
        assert np.abs(mean - curve(new)).mean() < 0.05
        within.append((np.abs(mean - curve(new)) <= 2.0 * np.sqrt(variance)).mean())
        assert emulator(np.full((1, 3), 3.0))[1][0] > 10.0 * variance.mean()  # far from every run
    assert 0.85 < np.mean(within) < 0.999


def test_an_outcome_that_never_moves_is_emulated_as_it_is():
    mean, variance = Emulator(np.random.default_rng(1).uniform(size=(10, 2)), np.full(10, 4.0), 0.0)(np.zeros((1, 2)))
    assert mean[0] == pytest.approx(4.0)
    assert variance[0] < 1.0
