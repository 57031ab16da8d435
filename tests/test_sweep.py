"""A sweep of ``govsim run -m`` reads like a study: what was varied, which worlds are the same, and what failed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govsim import ConfigError, load_run
from govsim.cli import main
from govsim.compare.factorial import main_effects
from govsim.measures.outcomes import OUTCOMES
from govsim.recorder import SERIES
from govsim.study.load import Study, load_study
from govsim.study.sweep import load_sweep

TINY = ("place=community", "warmup=0", "weeks=2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two policies, each at two doses of the fund, with and without a shock."""
    out = tmp_path_factory.mktemp("sweep") / "doses"
    swept = ("policy=fund,chengdu_2019", "policy.fund.yuan=0,350000", "scenario=none,staff_shock", "seed=3")
    assert main(["run", "-m", *TINY, *swept, f"out={out}"]) == 0
    return out


@pytest.fixture(scope="module")
def study(folder: Path) -> Study:
    return load_study(folder)


def sweep(tmp_path: Path, *overrides: str) -> Path:
    out = tmp_path / "sweep"
    assert main(["run", "-m", *TINY, *overrides, f"out={out}"]) == 0
    return out


def test_what_was_varied_becomes_columns(study: Study):
    points = study.points
    assert points.drop(columns=["budget", "designs"]).to_numpy().tolist() == [
        [0, "fragmented", "performance", 0, True, 0.0, "none"],
        [1, "fund=0", "performance", 0, False, 0.0, "none"],
        [2, "fragmented", "performance", 1, True, 0.0, "staff_shock"],
        [3, "fund=0", "performance", 1, False, 0.0, "staff_shock"],
        [4, "fund=350000", "performance", 0, False, 350_000.0, "none"],
        [5, "fund=350000", "performance", 1, False, 350_000.0, "staff_shock"],
        [6, "chengdu_2019 fund=0", "performance", 0, False, 0.0, "none"],
        [7, "chengdu_2019 fund=0", "performance", 1, False, 0.0, "staff_shock"],
        [8, "chengdu_2019 fund=350000", "performance", 0, False, 350_000.0, "none"],
        [9, "chengdu_2019 fund=350000", "performance", 1, False, 350_000.0, "staff_shock"],
    ]
    assert list(points.columns) == [
        *("point", "policy", "theory", "scenario", "budget", "is_baseline", "designs"),
        *("fund", "shock"),
    ]
    assert {name: (f.role, f.levels) for name, f in study.factors.items()} == {
        "fund": ("lever", (0.0, 350_000.0)),
        "shock": ("uncertainty", ("none", "staff_shock")),
    }
    assert study.baseline == "fragmented"
    assert study.manifest["command"] == (
        "govsim run -m place=community warmup=0 weeks=2 policy=fund,chengdu_2019 policy.fund.yuan=0,350000 "
        "scenario=none,staff_shock seed=3"
    )


def test_every_world_is_a_run_and_the_same_world_is_one(study: Study, folder: Path):
    runs = study.runs
    assert runs["point"].tolist() == list(range(10))
    assert runs["run_id"].nunique() == 10
    assert list(runs.columns[-len(OUTCOMES) :]) == list(OUTCOMES)
    for number, point, baseline in ((0, 1, 0), (3, 5, 2), (7, 9, 2)):
        summary = load_run(folder / str(number)).summary
        for world, at in (("policy", point), ("baseline", baseline)):
            held = runs.loc[at, list(OUTCOMES)].astype(np.float64)
            np.testing.assert_array_equal(held, pd.Series(summary[world], dtype=np.float64))


def test_series_and_curves_are_those_of_the_runs(study: Study, folder: Path):
    assert set(SERIES) <= set(study.series.columns)
    assert study.series["week"].unique().tolist() == [0, 1]
    assert len(study.series) == 2 * len(study.runs)
    assert len(study.incidence) == 61 * len(study.runs)
    run = load_run(folder / "0")
    policy = run.series.query("world == 'policy' and week >= 0").pivot(index="week", columns="outcome", values="value")
    mine = study.series.query("point == 1")
    np.testing.assert_array_equal(mine[list(SERIES)], policy[list(SERIES)].astype(np.float32))
    ends = run.first_ends.query("world == 'policy'")[["cured", "on_paper", "lapsed"]]
    mine = study.incidence.query("point == 1")
    np.testing.assert_array_equal(mine[["cured", "on_paper", "lapsed"]], ends)
    assert len(study.timings) == len(study.runs)
    assert study.failures.empty


def test_levers_that_are_all_crossed_are_a_factorial(tmp_path: Path):
    doses = ("policy.fund.yuan=0,350000", "policy.committee.departments=0,44", "seed=1,2")
    study = load_study(sweep(tmp_path, "policy=[fund,committee]", *doses))
    assert study.points["policy"].tolist()[:2] == ["fragmented", "fund=0+committee=0"]
    assert set(study.points.loc[1:, "designs"]) == {"factorial"}
    effects = main_effects(study.runs, study.factors, ["planned_cost_per_resident"])
    assert set(effects["factor"]) == {"fund", "committee"}


def test_a_policy_that_is_its_own_baseline_is_one_world(tmp_path: Path):
    study = load_study(sweep(tmp_path, "policy=fragmented,fund", "baseline=fragmented,committee"))
    assert study.points[["policy", "is_baseline"]].to_numpy().tolist() == [
        *(["fragmented", True], ["committee", False], ["fund", False])
    ]
    assert len(study.runs) == 3


def test_dates_theories_and_settings_have_columns_too(tmp_path: Path):
    dates = "policy.fund.start=2017-09-04,2017-09-11"
    more = ("behaviour=performance,anchoring", "behaviour.skill=0.8,0.9", "baseline=none")
    study = load_study(sweep(tmp_path, "policy=[fund,committee]", dates, *more))
    points = study.points
    assert points["fund.start"].tolist() == ["2017-09-04"] * 4 + ["2017-09-11"] * 4
    assert points["theory"].tolist() == ["performance", "performance", "anchoring", "anchoring"] * 2
    assert points["behaviour.skill"].tolist() == [0.8, 0.9] * 4
    assert points["scenario"].tolist() == [0, 1] * 4
    assert points["policy"].unique().tolist() == [f"fund+committee fund.start=2017-09-{day}" for day in ("04", "11")]
    assert set(points["is_baseline"]) == {False}
    assert study.baseline == ""


def test_failures_are_kept_apart(folder: Path, tmp_path: Path):
    copy = Path(shutil.copytree(folder, tmp_path / "sweep"))
    whole = load_study(copy).runs
    noted = json.loads((copy / "7" / "manifest.json").read_text()) | {"error": "RuntimeError: a bug", "traceback": "…"}
    shutil.rmtree(copy / "7")
    (copy / "7").mkdir()
    (copy / "7" / "failure.json").write_text(json.dumps(noted))
    study = load_study(copy)
    assert study.failures["error"].tolist() == ["RuntimeError: a bug"]  # the baseline's world is in other runs
    assert study.failures[["point", "policy", "seed"]].to_numpy().tolist() == [[9, "chengdu_2019 fund=350000", 3]]
    assert study.failures["run_id"].tolist() == whole["run_id"].tolist()[9:]
    pd.testing.assert_frame_equal(study.runs, whole.head(9))


def test_what_is_no_sweep_is_refused(folder: Path, tmp_path: Path):
    with pytest.raises(ConfigError, match="holds neither a study"):
        load_sweep(tmp_path)
    copy = Path(shutil.copytree(folder, tmp_path / "sweep"))
    manifest = copy / "1" / "manifest.json"
    good = json.loads(manifest.read_text())
    for change, message in (
        ({"schema_version": 99}, "was written in format 99, this version reads 1"),
        ({"source_hash": "0" * 16}, r"was run by other code or configs than .*0 \(source"),
    ):
        manifest.write_text(json.dumps(good | change))
        with pytest.raises(ConfigError, match=message):
            load_study(copy)
    manifest.write_text("{")
    with pytest.raises(ConfigError, match=r"1/manifest.json: is damaged"):
        load_study(copy)
