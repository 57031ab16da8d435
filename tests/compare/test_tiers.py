"""Inequality by tier: differences as planted, and tiers of one unit left out by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
from planted import BASELINE, holds, only, runs

from govsim.compare.inequality import TIERS, left_out, tiers


def study() -> pd.DataFrame:
    frame = runs(
        [{"policy": BASELINE}, {"policy": "fund"}],
        lambda p: -0.02 * (p["policy"] == "fund"),
        outcome="theil_unmet_need",
        base=0.1,
        common=0.01,
        noise=0.001,
    )
    nothing = {name: np.nan for name in ("theil_unmet_need_streets", "theil_unmet_need_districts")}
    return frame.assign(gini_unmet_need=0.3, **nothing)


def test_planted_inequality_is_found_by_tier():
    table = tiers(study())
    row = only(table, outcome="theil_unmet_need")
    assert row[["tier", "measure", "verdict"]].tolist() == ["community", "Theil's T beyond chance", "lower"]
    assert holds(row, -0.02)
    assert row["mean_low"] < 0.08 < row["mean_high"]
    assert row["high"] - row["low"] < row["mean_high"] - row["mean_low"]
    assert only(table, outcome="gini_unmet_need")["identical"]
    names = list(table.columns)
    assert names[:3] == ["outcome", "tier", "measure"]
    assert names[names.index("mean") : names.index("mean") + 3] == ["mean", "mean_low", "mean_high"]


def test_tiers_of_one_unit_are_left_out_and_named():
    assert set(tiers(study())["tier"]) == {"community"}
    notes = left_out(study())
    assert notes["tier"].tolist() == ["street", "district"]
    assert "a single street" in only(notes, tier="street")["note"]


def test_a_study_without_any_inequality_has_an_empty_table():
    frame = study().assign(**{name: np.nan for name in TIERS})
    assert tiers(frame).empty
    assert len(left_out(frame)) == len(TIERS)
