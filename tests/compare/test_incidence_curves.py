"""Cumulative incidence: bands hold the planted curve, and differences are paired."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import BASELINE, holds, only

from govsim.compare.incidence import DAYS, bands, contrasts
from govsim.config.check import ConfigError

RATE = {BASELINE: 0.02, "fund": 0.03}
SEEDS = 30


def curve(policy: str, day: np.ndarray | int) -> np.ndarray:
    return 1.0 - np.exp(-RATE[policy] * np.asarray(day))


def study() -> pd.DataFrame:
    """Luck of 0.05 that policies share, 0.005 of their own; nothing lapses."""
    rng, days = np.random.default_rng(0), np.arange(61)
    shared, frames = 0.05 * rng.standard_normal(SEEDS), []
    for point, policy in enumerate(RATE):
        for seed in range(SEEDS):
            cured = curve(policy, days) * (1.0 + shared[seed] + 0.005 * rng.standard_normal())
            about = {"run_id": f"{point}-{seed}", "point": point, "policy": policy, "theory": "performance"}
            about |= {"scenario": 0, "budget": np.nan, "seed": seed}
            frames.append(pd.DataFrame({**about, "day": days, "cured": cured, "on_paper": 0.1 * cured, "lapsed": 0.0}))
    return pd.concat(frames, ignore_index=True)


def test_bands_hold_the_planted_curve():
    table = bands(study())
    assert len(table) == 2 * 3 * 61
    inside = [
        holds(row, float(curve(row["policy"], row["day"]))) for _, row in table.query("curve == 'cured'").iterrows()
    ]
    assert np.mean(inside) > 0.9
    assert (table["n"] == SEEDS).all()
    nothing = table[table["curve"] == "lapsed"]
    assert (nothing[["mean", "low", "high"]] == 0.0).all(axis=None)


def test_differences_are_paired_and_narrower_than_bands():
    frame = study()
    table, band = contrasts(frame, BASELINE), bands(frame)
    for day in DAYS:
        row = only(table, curve="cured", day=day)
        assert holds(row, float(curve("fund", day) - curve(BASELINE, day)))
        own = only(band, policy="fund", curve="cured", day=day)
        assert row["high"] - row["low"] < 0.8 * (own["high"] - own["low"])
        assert row["verdict"] == "higher"
    assert only(table, curve="lapsed", day=20)["p"] == 1.0


def test_days_beyond_the_curves_are_left_out():
    assert set(contrasts(study(), BASELINE, days=(10, 90))["day"]) == {10}
    assert contrasts(study(), BASELINE, days=(90,)).empty


def test_an_unknown_baseline_is_refused():
    with pytest.raises(ConfigError, match="not in this study; nearest: fragmented"):
        contrasts(study(), "fragmentd")
