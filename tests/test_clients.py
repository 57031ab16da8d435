"""Tools that others built drive the model as it is: Mesa's batch runner, and the EMA Workbench.

What the EMA Workbench finds can be checked, because what drives an outcome is known beforehand: how far a patrol sees
drives what grid workers find, and how many workers there are drives what they cost.
"""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Iterator
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from ema_workbench import (
    CategoricalParameter,
    Constant,
    Model,
    RealParameter,
    ScalarOutcome,
    SequentialEvaluator,
)
from ema_workbench.analysis.feature_scoring import get_feature_scores_all
from ema_workbench.analysis.prim import Prim

from govsim.city import City
from govsim.measures.outcomes import OUTCOMES, evaluate
from govsim.measures.record import Record

Frame = Any
"""A frame of pandas, whose types are too wide for what is read from it here."""

# --- Mesa


@pytest.fixture
def start_method() -> Iterator[None]:
    """batch_run sets how processes start for everybody."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def batch(processes: int, **parameters: Any) -> Frame:
    small = {"place": "community", "warmup": 2, "weeks": 3}
    rows = mesa.batch_run(
        City, {**small, **parameters}, processes, data_collection_period=1, display_progress=False, rng=[1, 2]
    )
    return pd.DataFrame(rows)


def test_mesa_sweeps_a_dose(start_method):
    frame = batch(1, policy="fund", **{"policy.fund.yuan": [0.0, 500_000.0], "policy.fund.start": "2017-09-04"})
    assert len(frame) == 2 * 2 * 5
    last = frame[frame.Step == 5].pivot(index="rng", columns="policy.fund.yuan", values="fund_accrued")
    assert (last[0.0] == 0.0).all()
    assert (last[500_000.0] > 0.0).all()
    raised = frame[frame.Step == 1].pivot(index="rng", columns="policy.fund.yuan", values="raised")
    assert (raised[0.0] == raised[500_000.0]).all()
    assert raised.loc[1, 0.0] != raised.loc[2, 0.0]


def test_mesa_compares_policies_in_processes_of_its_own(start_method):
    """Two processes that start from nothing give what this one gives."""
    policies = ["fragmented", "grid_staffing", ("grid_staffing", "grid_integration")]
    frame = batch(2, policy=policies)
    assert multiprocessing.get_start_method() == "spawn"
    assert len(frame) == 3 * 2 * 5
    here = batch(1, policy=policies)
    order = ["RunId", "Step"]
    pd.testing.assert_frame_equal(
        frame.sort_values(order, ignore_index=True), here.sort_values(order, ignore_index=True)
    )
    end = frame[frame.Step == 5].groupby("policy")["workers"].mean()
    assert end["fragmented"] < end["grid_staffing"] == end["grid_staffing", "grid_integration"]


# --- EMA Workbench

FOUND, COST = "found_by_grid_per_1000", "cost_per_resident"
PAIR = ("fund", "grid_staffing")
DRIVES = {FOUND: "patrol_reach", COST: "workers_per_grid"}
"""What moves an outcome most, by construction."""


def world(**config: Any) -> dict[str, float]:
    """One world: its outcomes by name, NaN where one is undefined."""
    city = City(**config)
    city.run_model()
    return {name: math.nan if value is None else value for name, value in evaluate(Record.of(city)).items()}


def model() -> Any:
    """The city as a model of the workbench, whose names must be identifiers: each knows the key it stands for."""
    city = Model("city", function=world)
    city.uncertainties = [
        RealParameter("patrol_reach", 0.05, 0.30, variable_name="behaviour.patrol_reach"),
        RealParameter("courtesy", 0.0, 0.15, variable_name="behaviour.courtesy"),
        RealParameter("anchoring", 0.05, 0.4, variable_name="behaviour.anchoring"),
    ]
    city.levers = [
        RealParameter("fund_yuan", 100_000, 120_000, variable_name="policy.fund.yuan"),
        RealParameter("workers_per_grid", 0.8, 1.2, variable_name="policy.grid_staffing.workers_per_grid"),
        # not "policy": that is the name of an attribute of the workbench's own models
        CategoricalParameter("package", [PAIR, (*PAIR, "responsibility_list")], variable_name="policy"),
    ]
    city.constants = [Constant("place", "community"), Constant("warmup", 0), Constant("weeks", 13), Constant("rng", 1)]
    city.outcomes = [ScalarOutcome(name) for name in (FOUND, COST)]
    return city


@pytest.fixture(scope="module")
def experiments() -> tuple[Frame, dict[str, np.ndarray]]:
    """Forty experiments, each a policy and a scenario of its own."""
    asked = {"uncertainty_sampling_kwargs": {"rng": 1}, "lever_sampling_kwargs": {"rng": 2}, "log_progress": True}
    with SequentialEvaluator(model()) as evaluator:
        return evaluator.perform_experiments(scenarios=40, policies=40, combine="sample", **asked)  # pyright: ignore


FACTORS = {
    "patrol_reach": "behaviour.patrol_reach",
    "courtesy": "behaviour.courtesy",
    "anchoring": "behaviour.anchoring",
    "fund_yuan": "fund",
    "workers_per_grid": "grid_staffing",
    "package": "policy",
}
"""Names in the workbench, and columns of a study's runs."""


def runs_of(experiments: Frame, outcomes: dict[str, np.ndarray]) -> Frame:
    """The same as the table ``runs`` of a study: labels, doses in whole numbers, a column for each factor."""
    points = np.arange(len(experiments))
    told = {
        "run_id": [f"{n:016x}" for n in points], "point": points, "theory": "performance", "scenario": points,
        "budget": math.nan, "is_baseline": False, "designs": "latin_hypercube",
    }  # fmt: skip
    factors = experiments[[*FACTORS]].rename(columns=FACTORS)
    factors = factors.assign(policy=factors["policy"].map("+".join), fund=factors["fund"].round().astype(int))
    return pd.concat([pd.DataFrame(told), factors, pd.DataFrame({"seed": 1, **outcomes})], axis=1)


def the_known_driver_scores_highest(inputs: Frame, outcomes: dict[str, np.ndarray], drives: dict) -> None:
    scores = get_feature_scores_all(inputs, outcomes, nr_trees=200, max_features=1.0, random_state=1)
    assert set(scores.index) == set(inputs.columns)
    for outcome, driver in drives.items():
        *_, second, first = sorted(scores[outcome])
        assert first == scores[outcome][driver]
        assert first > 3 * second


def a_box_is_cut_out_of_the_known_driver(inputs: Frame, found: np.ndarray, driver: str) -> None:
    many = found > np.quantile(found, 0.7)
    box = Prim(inputs, many, mass_min=0.1).find_box()
    assert box is not None
    low, high = box.box_lims[-1][driver]
    middle = inputs[driver].median()
    assert middle < low < high == inputs[driver].max()
    assert box.density > 2 * many.mean()
    assert box.coverage > 0.5


def test_the_workbench_runs_the_city(experiments):
    table, outcomes = experiments
    assert len(table) == len(outcomes[FOUND]) == 40
    assert table["package"].nunique() == 2
    assert all(np.isfinite(values).all() for values in outcomes.values())
    city, asked = model(), table.iloc[7]
    constants = {constant.name: constant.value for constant in city.constants}
    again = world(**constants, **{p.variable_name[0]: asked[p.name] for p in (*city.uncertainties, *city.levers)})
    assert again[FOUND] == outcomes[FOUND][7]
    assert again[COST] == outcomes[COST][7]


def test_every_outcome_can_be_one_of_the_workbench():
    assert all(ScalarOutcome(name).name.isidentifier() for name in OUTCOMES)


def test_feature_scoring_finds_what_drives_an_outcome(experiments):
    table, outcomes = experiments
    inputs = table[[*FACTORS]]
    the_known_driver_scores_highest(inputs, outcomes, DRIVES)
    swapped = dict(zip(DRIVES, reversed(DRIVES.values()), strict=True))
    with pytest.raises(AssertionError):
        the_known_driver_scores_highest(inputs, outcomes, swapped)
    shuffled = {name: values[::-1] for name, values in outcomes.items()}
    with pytest.raises(AssertionError):
        the_known_driver_scores_highest(inputs, shuffled, DRIVES)


def test_prim_finds_where_patrols_find_much(experiments):
    table, outcomes = experiments
    inputs = table[[*FACTORS]]
    a_box_is_cut_out_of_the_known_driver(inputs, outcomes[FOUND], "patrol_reach")
    with pytest.raises(AssertionError):
        a_box_is_cut_out_of_the_known_driver(inputs, outcomes[FOUND], "courtesy")


def test_a_study_s_runs_can_be_handed_to_the_workbench(experiments):
    runs = runs_of(*experiments)
    factors = list(FACTORS.values())
    numbers = runs.select_dtypes("number").columns.intersection(factors)
    inputs = runs[factors].astype(dict.fromkeys(numbers, float))  # PRIM fails on whole numbers
    outcomes = {name: runs[name].to_numpy() for name in DRIVES}
    the_known_driver_scores_highest(inputs, outcomes, {name: FACTORS[driver] for name, driver in DRIVES.items()})
    a_box_is_cut_out_of_the_known_driver(inputs, outcomes[FOUND], FACTORS["patrol_reach"])
