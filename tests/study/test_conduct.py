"""Studies from their command line: what is run, in which order, and how they go on."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import govsim
from govsim.config.check import ConfigError
from govsim.measures.outcomes import OUTCOMES
from govsim.study import conduct as module
from govsim.study import engine, world
from govsim.study.conduct import conduct
from govsim.study.engine import cluster
from govsim.study.load import Study, load_study
from govsim.study.store import batches

SMALL = ("place=community", "weeks=4", "warmup=2", "jobs=1", "cache=off")
POLICIES = "levers.policies=[fund,committee]"


def study(out: Path, *overrides: str, said: list[str] | None = None) -> Study:
    """A small study; a later override replaces an earlier one of the same key."""
    asked = {text.partition("=")[0]: text for text in (*SMALL, POLICIES, "replicates=2", *overrides)}
    conduct([*asked.values(), f"out={out}"], (said if said is not None else []).append)
    return load_study(out)


def equal(one: Study, other: Study) -> None:
    for table in ("points", "runs", "series", "incidence"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Study:
    return study(tmp_path_factory.mktemp("plain") / "x")


def test_a_run_of_a_study_is_the_world_of_a_single_run(plain):
    run = govsim.simulate("place=community", "weeks=4", "warmup=2", "policy=committee", "seed=2")
    for world_name, policy in (("policy", "committee"), ("baseline", "fragmented")):
        row = plain.runs.query(f"policy == '{policy}' and seed == 2").iloc[0]
        expected = run.summary[world_name]
        assert expected is not None
        for outcome in OUTCOMES:
            value = expected[outcome]
            assert np.isnan(row[outcome]) if value is None else row[outcome] == value, outcome
        series = plain.series.query(f"policy == '{policy}' and seed == 2")
        weekly = run.series.query(f"world == '{world_name}' and week >= 0").pivot(
            index="week", columns="outcome", values="value"
        )
        for name in weekly:
            assert np.array_equal(series[name].to_numpy(), weekly[name].to_numpy(np.float32), equal_nan=True), name


def test_frames(plain):
    assert len(plain.runs) == 3 * 2
    assert plain.runs["is_baseline"].tolist() == [True] * 2 + [False] * 4
    assert plain.baseline == "fragmented"
    assert set(OUTCOMES) <= set(plain.runs.columns)
    assert len(plain.series) == 6 * 4
    assert len(plain.timings) == 6
    assert plain.failures.empty
    assert len(set(plain.runs["run_id"])) == 6


def test_more_replicates_go_on_and_fewer_change_nothing(tmp_path, plain):
    said: list[str] = []
    study(tmp_path, "replicates=1", said=said)
    assert not any("done" in text for text in said)
    equal(study(tmp_path, said=said), plain)
    assert "3 of 6 done, resuming" in said
    study(tmp_path, "replicates=1", said=said)
    assert said[-1] == "3 of 3 done, nothing to run"


def test_replicate_by_replicate(tmp_path, monkeypatch):
    order: list[tuple[int, int]] = []
    real = module.Store.add
    monkeypatch.setattr(module.Store, "add", lambda self, r: (order.append((r.seed, r.point)), real(self, r))[1])
    study(tmp_path)
    assert order == [(seed, point) for seed in (1, 2) for point in range(3)]


def test_large_groups_are_shared_out(tmp_path, monkeypatch, plain):
    monkeypatch.setattr(engine, "_AT_ONCE", 2)
    equal(study(tmp_path), plain)


@pytest.mark.parametrize("cache", ["on", "auto", "off"])
def test_warm_ups_on_disk_change_nothing(tmp_path, plain, cache):
    for out in ("a", "b"):  # the second time they are found
        equal(study(tmp_path / out, f"cache={cache}", f"cache_folder={tmp_path / 'warm'}"), plain)
    assert (tmp_path / "warm").exists() == (cache != "off")
    assert (load_study(tmp_path / "b").timings["warmup_seconds"].max() >= 0.0) is np.True_


def test_a_wrong_warm_up_would_show(tmp_path, plain, monkeypatch):
    real = world.warm_up

    def spoiled(city):
        state = real(city)
        state["tables"]["residents"]["trust"] = state["tables"]["residents"]["trust"] * np.float32(0.5)
        return state

    monkeypatch.setattr(world, "warm_up", spoiled)
    with pytest.raises(AssertionError):
        equal(study(tmp_path), plain)


def test_a_whole_city_is_kept_on_request_only():
    spec, settings, _ = module.read_spec([POLICIES, "place=chengdu"])
    plan = module.make_plan(spec)
    assert module._warmups(plan, settings) is None
    assert module._warmups(plan, module.read_spec([POLICIES, "place=chengdu", "cache=on"])[1]) is not None


def test_a_failed_run_stops_no_other(tmp_path, monkeypatch, plain):
    real = world.finish

    def fails(city, series=True):
        if city.config.seed == 2 and "fund" in city.config.policy:
            raise ArithmeticError("no such luck\nat all")
        return real(city, series)

    monkeypatch.setattr(world, "finish", fails)
    said: list[str] = []
    got = study(tmp_path, said=said)
    assert got.failures[["policy", "seed", "error"]].to_numpy().tolist() == [
        ["fund", 2, "ArithmeticError: no such luck"]
    ]
    assert "Traceback" in got.failures["traceback"].tolist()[0]
    assert '"seed": 2' in got.failures["config"].tolist()[0]
    assert len(got.runs) == 5
    assert "1 runs failed" in said[-1]
    assert "retry=failed" in said[-1]

    said.clear()
    study(tmp_path, said=said)  # it is not tried again unless asked for
    assert said[0] == "6 of 6 done, nothing to run"
    assert "1 runs failed" in said[-1]
    monkeypatch.undo()
    study(tmp_path, "retry=failed", said=said)
    equal(load_study(tmp_path), plain)
    assert load_study(tmp_path).failures.empty


def test_a_damaged_batch_runs_again(tmp_path, plain):
    study(tmp_path, "batch=2")
    file = batches(tmp_path)[1] / "runs.parquet"
    file.write_bytes(file.read_bytes()[:100])
    said: list[str] = []
    equal(study(tmp_path, said=said), plain)
    assert "000002.damaged" in said[0]
    assert said[1] == "4 of 6 done, resuming"


def test_until_it_is_known_well_enough(tmp_path):
    asked = ("replicates=until", "until.outcome=unmet_case_days_per_1000", "until.first=2", "until.round=2")
    said: list[str] = []
    loose = study(tmp_path / "loose", *asked, "until.half_width=1000", said=said)
    assert len(loose.runs) == 3 * 2
    assert "2 replicates" in said[-1]
    tight = study(tmp_path / "tight", *asked, "until.half_width=1e-9", "until.most=5", said=said)
    assert len(tight.runs) == 3 * 5
    assert [text.partition(":")[0] for text in said[-4:-1]] == ["2 replicates", "4 replicates", "5 replicates"]
    assert said[-1] == "stopped at until.most=5, short of until.half_width=1e-09"
    before = len(batches(tmp_path / "tight"))
    study(tmp_path / "tight", *asked, "until.half_width=1e-9", "until.most=5", said=said)
    assert len(batches(tmp_path / "tight")) == before


def test_until_looks_at_paired_differences(tmp_path):
    """The width that is said is that of the widest paired interval."""
    said: list[str] = []
    got = study(tmp_path, "replicates=until", "until.first=4", "until.half_width=1e6", said=said)
    wide = got.runs.pivot(index="seed", columns="policy", values="unmet_case_days_per_1000")
    halves = {}
    for policy in ("fund", "committee"):
        gap = wide[policy] - wide["fragmented"]
        halves[policy] = 3.182446 * float(gap.std()) / 2.0  # t at 97.5% with 3 degrees of freedom
    policy = max(halves, key=lambda name: halves[name])
    assert f"± {halves[policy]:.3g} or better (widest: {policy})" in said[-1]


def test_without_series(tmp_path, plain):
    got = study(tmp_path, "record.series=false")
    assert got.series.empty
    pd.testing.assert_frame_equal(got.runs, plain.runs, check_exact=True)


def test_progress_counts_every_run(tmp_path):
    seen: list[tuple[int, int]] = []
    conduct([*SMALL, POLICIES, "replicates=1", f"out={tmp_path}"], lambda _: None, lambda *at: seen.append(at))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["address=127.0.0.1:1"], "address: must go with engine=ray or engine=dask"),
        (["engine=dask", "address=127.0.0.1:1"], r"address=127\.0\.0\.1:1: no Dask cluster answers there"),
        (["engine=ray", "address=127.0.0.1:1"], r"address=127\.0\.0\.1:1: no Ray cluster answers there"),
        (["engine=slurm"], "engine=slurm: must be one of loky, ray, dask"),
    ],
)
def test_clusters_that_do_not_answer(tmp_path, overrides, message):
    with pytest.raises(ConfigError, match=message) as error:
        study(tmp_path / "x", *overrides)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("engine", ["loky", "dask", "ray"])
def test_engines_agree(tmp_path, plain, engine):
    """Two processes of each: what a study finds does not depend on who ran it."""
    if not os.environ.get("CI"):
        pytest.importorskip({"loky": "joblib", "dask": "distributed", "ray": "ray"}[engine])
    got = study(tmp_path, f"engine={engine}", "jobs=2")
    equal(got, plain)
    workers = set(got.timings["worker"])
    assert f"{os.uname().nodename}:{os.getpid()}" not in workers


def test_an_unknown_engine_says_which_there_are():
    with pytest.raises(KeyError), cluster("slurm", 1):
        pass
