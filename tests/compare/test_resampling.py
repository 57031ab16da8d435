"""Resampling: what is chance is drawn again, what belongs together stays together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govsim.compare.resampling import Resamples, cube


def study(scenarios: int = 6, seeds: int = 4) -> pd.DataFrame:
    rows = [(p, c, s) for p in ("a", "b") for c in range(scenarios) for s in range(1, seeds + 1)]
    frame = pd.DataFrame(rows, columns=["policy", "scenario", "seed"])
    return frame.assign(gain=np.random.default_rng(0).normal(size=len(frame)))


def test_listed_scenarios_stay_and_seeds_are_drawn():
    again = Resamples.of(study(), 50)
    assert (again.of_scenarios == 1.0).all()
    assert (again.of_seeds.sum(axis=1) == 4.0).all()
    assert again.of_seeds.std() > 0.0
    assert again.replicates == 4


def test_sampled_scenarios_are_drawn_and_blocks_stay_whole():
    frame = study()
    again = Resamples.of(frame.assign(draw=frame["scenario"] // 2), 50)
    assert (again.of_scenarios[:, ::2] == again.of_scenarios[:, 1::2]).all()
    assert again.of_scenarios.std() > 0.0
    assert again.of_seeds.std() > 0.0  # the same seeds in every draw are chance too
    assert again.replicates == 3


def test_with_seeds_of_its_own_a_draw_is_drawn_with_its_seeds():
    frame = study(seeds=1)
    for own in (frame, frame.assign(seed=frame["scenario"])):
        again = Resamples.of(own.assign(draw=own["scenario"]), 50)
        assert (again.of_seeds == 1.0).all()
        assert again.of_scenarios.std() > 0.0


def test_the_data_themselves_are_one_resample():
    frame = study()
    again = Resamples.of(frame, 50)
    values = cube(frame, "gain", ["b", "a"], again)
    assert values.shape == (2, 6, 4)
    means = frame.groupby("policy")["gain"].mean()
    assert again.itself().means(values)[:, 0] == pytest.approx(means[["b", "a"]].to_numpy())


def test_means_vary_over_resamples_as_the_theory_says():
    """Standard error of a mean over 200 seeds of variance 1."""
    frame = study(scenarios=1, seeds=200)
    again = Resamples.of(frame, 2_000)
    spread = again.means(cube(frame, "gain", ["a", "b"], again)).std(axis=1)
    assert spread == pytest.approx(1.0 / np.sqrt(200.0), rel=0.2)


def test_what_is_missing_is_left_out():
    frame = study(scenarios=1, seeds=3).query("not (policy == 'a' and seed == 2)")
    again = Resamples.of(frame, 10)
    values = cube(frame, "gain", ["a"], again)
    assert np.isnan(values).sum() == 1
    assert again.itself().means(values)[0, 0] == pytest.approx(frame.query("policy == 'a'")["gain"].mean())
