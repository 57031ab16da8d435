"""Sensitivity: indices of a function whose indices are known, of an outcome and of what a policy does to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from planted import BASELINE, UNMET, holds, only, runs

from govsim.compare.sensitivity import importance, morris, one_at_a_time, sobol
from govsim.study import designs

BOUNDS = {"x": (0.0, 1.0), "y": (0.0, 2.0), "idle": (0.0, 1.0)}
POINTS = [{"policy": BASELINE}, {"policy": "fund"}]


def truth(point) -> float:
    """The outcome hangs on x, and what the policy does on y: variances 9/12 and (2·2)²/12 of uniform values."""
    return 3.0 * point["x"] + (point["policy"] == "fund") * 2.0 * point["y"]


def study(kind: str, samples: int, **how) -> tuple[pd.DataFrame, dict[str, dict[str, Any]]]:
    table = getattr(designs, kind)(BOUNDS, samples, 1)
    rows = [designs_row[0] for designs_row in zip(table.rows, strict=True)]
    numbers = {tuple(row.values()): i for i, row in reversed(list(enumerate(rows)))}
    of_row = [numbers[tuple(row.values())] for row in rows]
    scenarios = {i: rows[i] for i in sorted(set(of_row))}
    design = {"names": list(BOUNDS), **table.facts, "rows": of_row}
    how = {"seeds": 2, "common": 0.0, "noise": 0.0} | how
    return runs(POINTS, truth, scenarios=scenarios, design="policies", **how), {f"uncertainties.{kind}": design}


def test_sobol_indices_of_an_outcome_and_of_an_effect():
    frame, designs = study("sobol", 256)
    table = sobol(frame, designs, [UNMET])
    value = table[(table["of"] == "value") & (table["policy"] == "fund")]
    known = {"x": 9.0 / 25.0, "y": 16.0 / 25.0, "idle": 0.0}
    for factor, share in known.items():
        for index in ("S1", "ST"):
            row = only(value, factor=factor, index=index)
            assert row["estimate"] == pytest.approx(share, abs=0.03)
            assert row["low"] <= row["estimate"] <= row["high"]
    effect = table[(table["of"] == "effect") & (table["index"] == "ST")].set_index("factor")["estimate"]
    assert effect.to_dict() == pytest.approx({"x": 0.0, "y": 1.0, "idle": 0.0}, abs=0.05)
    assert (table["n"] == 256).all()
    assert (table["replicates"] == 2).all()
    assert set(table["other"]) == {""}


def test_shuffled_runs_give_the_same_indices():
    """Rows of the sample have an order, runs have none: a mix-up would give any numbers."""
    frame, designs = study("sobol", 64)
    pd.testing.assert_frame_equal(
        sobol(frame, designs, [UNMET]).query("of == 'effect'").reset_index(drop=True),
        sobol(frame.sample(frac=1.0, random_state=0), designs, [UNMET]).query("of == 'effect'").reset_index(drop=True),
    )


def test_a_block_with_an_undefined_value_is_left_out():
    frame, designs = study("sobol", 64)
    frame.loc[frame["scenario"] == 7, UNMET] = np.nan
    assert (sobol(frame, designs, [UNMET])["n"] == 63).all()


def test_an_outcome_that_does_not_vary_has_no_indices():
    frame, designs = study("sobol", 8)
    assert sobol(frame.assign(**{UNMET: 5.0}), designs, [UNMET])["estimate"].isna().all()


def test_morris_measures_of_an_outcome_and_of_an_effect():
    frame, designs = study("morris", 10)
    table = morris(frame, designs, [UNMET])
    value = table[(table["of"] == "value") & (table["policy"] == "fund")].set_index("factor")
    assert value["mu_star"].to_dict() == pytest.approx({"x": 3.0, "y": 4.0, "idle": 0.0}, abs=1e-9)
    assert value["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    effect = table[table["of"] == "effect"].set_index("factor")["mu"]
    assert effect.to_dict() == pytest.approx({"x": 0.0, "y": 4.0, "idle": 0.0}, abs=1e-9)
    assert (table["n"] == 10).all()


def test_luck_that_is_shared_is_out_of_effects():
    frame, designs = study("morris", 20, common=5.0)
    table = morris(frame, designs, [UNMET])
    effect = only(table[table["of"] == "effect"], factor="x")
    value = only(table[table["of"] == "value"], factor="x", policy="fund")
    assert effect["mu_star"] == pytest.approx(0.0, abs=1e-9)
    assert value["sigma"] > 1.0


def test_levers_can_be_sampled_too():
    table = designs.sobol({"fund": (0.0, 1.0), "staff": (0.0, 1.0)}, 128, 1)
    points = [{"policy": f"sobol {i}", **row} for i, row in enumerate(table.rows)]
    frame = runs([{"policy": BASELINE, "fund": 0.0, "staff": 0.0}, *points], lambda p: -10.0 * p["fund"], seeds=2)
    design = {"names": ["fund", "staff"], **table.facts, "rows": [point["policy"] for point in points]}
    found = sobol(frame, {"levers.sobol": design}, [UNMET])
    assert set(found["of"]) == {"value"}
    assert set(found["policy"]) == {""}
    assert only(found, factor="fund", index="ST")["estimate"] == pytest.approx(0.93, abs=0.12)
    assert only(found, factor="staff", index="S1")["estimate"] == pytest.approx(0.0, abs=0.12)


def test_without_a_sample_there_is_nothing():
    frame = runs(POINTS, lambda _: 0.0)
    assert sobol(frame, {}, [UNMET]).empty
    assert morris(frame, {}, [UNMET]).empty


def test_one_at_a_time_each_end_is_set_against_the_world_as_assumed():
    table = designs.one_at_a_time({"x": [0.0, 1.0], "y": [0.0, 2.0], "idle": [0.0, 1.0]})
    assumed = {"x": 0.5, "y": 1.0, "idle": 0.0}
    rows = [0, 1, 2, 3, 4, 0, 5]  # idle = 0 is the world as assumed
    scenarios = {number: assumed | row for number, row in zip(rows, table.rows, strict=True) if number or not row}
    design = {"names": list(assumed), **table.facts, "rows": rows}
    frame = runs(POINTS, truth, scenarios=scenarios, design="policies", seeds=30, common=0.0, noise=0.5)
    trials = one_at_a_time(frame, {"uncertainties.one_at_a_time": design}, [UNMET])
    value, effect = (trials[trials["of"] == of] for of in ("value", "effect"))
    for policy, factor, level, move in [(BASELINE, "x", 1.0, 1.5), ("fund", "x", 0.0, -1.5), ("fund", "y", 2.0, 2.0)]:
        assert holds(only(value, policy=policy, factor=factor, level=level), move)
    assert holds(only(effect, factor="y", level=0.0), -2.0)
    assert holds(only(effect, factor="x", level=1.0), 0.0)
    assert len(value[value["factor"] == "idle"]) == 2  # one level, two policies
    assert only(value, policy="fund", factor="y", level=2.0)["in_sd"] == pytest.approx(4.0, abs=0.8)
    verdicts = importance(value[value["policy"] == "fund"]).set_index("factor")["verdict"]
    assert verdicts[["x", "y"]].tolist() == ["active", "active"]
    assert one_at_a_time(frame, {}, [UNMET]).empty


def test_one_at_a_time_a_world_whose_runs_failed_is_left_out_and_no_other():
    table = designs.one_at_a_time({"x": [0.0, 1.0], "y": [0.0, 2.0]})
    scenarios = {number: {"x": 0.5, "y": 1.0} | row for number, row in enumerate(table.rows)}
    design = {"names": ["x", "y"], **table.facts, "rows": list(scenarios)}
    frame = runs(POINTS, truth, scenarios=scenarios, design="policies", seeds=3)
    everywhere, under_one = frame["scenario"] == 1, (frame["scenario"] == 4) & (frame["policy"] == "fund")
    trials = one_at_a_time(frame[~(everywhere | under_one)], {"uncertainties.one_at_a_time": design}, [UNMET])
    assert set(trials.loc[trials["of"] == "value", "level"]) == {1.0, 0.0, 2.0}
    assert trials.groupby(["factor", "level"]).size().tolist() == [3, 3, 3]
    ran = trials[trials["of"] == "value"].set_index(["policy", "factor", "level"])["n"]
    assert ran["fund", "y", 2.0] == 0
    assert (ran.drop(index=("fund", "y", 2.0)) == 3).all()
