"""The folder of a study: batches are there whole or not at all, and what was interrupted reads like the rest."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govsim.config.check import ConfigError
from govsim.study.engine import Result
from govsim.study.load import load_study
from govsim.study.store import KEY, Store, batches, is_whole, set_aside
from govsim.study.world import World

MANIFEST = {
    "schema_version": 1,
    "study_id": "0123456789abcdef",
    "source_hash": "aaaa",
    "command": "govsim study experiment=x",
    "baseline": "fragmented",
    "factors": [],
    "designs": {},
}
POINTS = pd.DataFrame(
    {"point": [0, 1, 2], "policy": ["fragmented", "fund", "committee"], "theory": "performance", "scenario": 0,
     "budget": np.nan, "is_baseline": [True, False, False], "designs": ""}
)  # fmt: skip
RUNS = [(point, seed) for seed in range(1, 11) for point in range(3)]


def result(point: int, seed: int, fails: bool = False) -> Result:
    luck = np.random.default_rng((point, seed))
    world = World(
        values={"unmet": float(luck.random()), "trust": None},
        series={"raised": luck.random(4).astype(np.float32)},
        incidence={"cured": luck.random(3)},
    )
    if fails:
        return Result(point, seed, f"{point}-{seed}", None, 0.1, 0.0, "w", "ValueError: no", "Traceback …", {"seed": 1})
    return Result(point, seed, f"{point}-{seed}", world, float(luck.random()), 0.0, "w")


def write(folder: Path, runs: list[tuple[int, int]], most: int) -> Store:
    with Store(folder, MANIFEST, POINTS, most) as store:
        for point, seed in runs:
            store.add(result(point, seed))
    return store


def same(a: Path, b: Path) -> bool:
    one, other = load_study(a), load_study(b)
    return all(getattr(one, t).equals(getattr(other, t)) for t in ("runs", "series", "incidence", "failures"))


def test_how_runs_fall_into_batches_does_not_show(tmp_path):
    write(tmp_path / "a", RUNS, most=7)
    write(tmp_path / "b", RUNS[::-1], most=30)
    write(tmp_path / "c", RUNS[:13], most=5)
    write(tmp_path / "c", RUNS[13:], most=4)
    assert [len(batches(tmp_path / name)) for name in "abc"] == [5, 1, 3 + 5]
    assert same(tmp_path / "a", tmp_path / "b")
    assert same(tmp_path / "a", tmp_path / "c")
    write(tmp_path / "d", RUNS[:-1], most=7)
    assert not same(tmp_path / "a", tmp_path / "d")


def test_it_knows_what_is_done(tmp_path):
    write(tmp_path, RUNS[:4], most=3)
    with Store(tmp_path, MANIFEST, POINTS) as store:
        assert store.done == set(RUNS[:4])
        assert not store.failed


def test_frames(tmp_path):
    write(tmp_path, RUNS, most=7)
    study = load_study(tmp_path)
    assert list(study.runs.columns) == ["run_id", *POINTS.columns, "seed", "unmet", "trust"]
    assert list(zip(study.runs["point"], study.runs["seed"], strict=True)) == sorted(RUNS)
    assert study.runs["trust"].notna().sum() == 0
    row = study.runs.query("point == 2 and seed == 3").iloc[0]
    assert row["unmet"] == result(2, 3).world.values["unmet"]  # pyright: ignore[reportOptionalMemberAccess]
    assert row["policy"] == "committee"
    assert list(study.series.columns) == [
        "point", "policy", "theory", "scenario", "budget", "seed", "week", "raised",
    ]  # fmt: skip
    assert study.series.query("point == 2 and seed == 3")["week"].tolist() == [0, 1, 2, 3]
    assert len(study.incidence) == 3 * len(RUNS)
    assert len(study.timings) == len(RUNS)
    assert study.failures.empty


def test_a_failure_counts_until_it_is_done(tmp_path):
    with Store(tmp_path, MANIFEST, POINTS) as store:
        store.add(result(0, 1))
        store.add(result(1, 1, fails=True))
        store.add(result(2, 1, fails=True))
    study = load_study(tmp_path)
    assert study.failures["point"].tolist() == [1, 2]
    assert study.failures["error"].tolist() == ["ValueError: no"] * 2
    assert json.loads(study.failures["config"].tolist()[0]) == {"seed": 1}
    with Store(tmp_path, MANIFEST, POINTS) as store:
        assert store.failed == {(1, 1), (2, 1)}
        store.add(result(1, 1))
        store.add(result(2, 1, fails=True))
        store.flush()
        assert store.failed == {(2, 1)}
    study = load_study(tmp_path)
    assert study.failures["point"].tolist() == [2]
    assert study.runs["point"].tolist() == [0, 1]


def test_what_a_kill_leaves_half_written_is_cleared_away(tmp_path):
    write(tmp_path, RUNS[:4], most=4)
    half = tmp_path / "batches" / ".000002"
    half.mkdir()
    (half / "runs.parquet").write_bytes(b"PAR1")
    assert len(load_study(tmp_path).runs) == 4
    with Store(tmp_path, MANIFEST, POINTS) as store:
        assert store.done == set(RUNS[:4])
    assert not half.exists()


@pytest.mark.parametrize("table", ["runs", "series", "incidence", "timings"])
@pytest.mark.parametrize("harm", ["truncated", "flipped", "gone"])
def test_a_damaged_batch_is_named_set_aside_and_its_runs_are_open_again(tmp_path, table, harm):
    write(tmp_path, RUNS[:9], most=3)
    batch = tmp_path / "batches" / "000002"
    file = batch / f"{table}.parquet"
    data = bytearray(file.read_bytes())
    if harm == "gone":
        file.unlink()
    else:
        data[len(data) // 2] ^= 1
        file.write_bytes(data[: len(data) // 2] if harm == "truncated" else data)
    with pytest.raises(ConfigError, match="000002: is damaged"):
        load_study(tmp_path)
    with Store(tmp_path, MANIFEST, POINTS) as store:
        assert store.done == set(RUNS[:3]) | set(RUNS[6:9])
        assert [path.name for path in store.damaged] == ["000002.damaged"]
        for point, seed in RUNS[3:6]:
            store.add(result(point, seed))
    write(tmp_path / "whole", RUNS[:9], most=3)
    assert same(tmp_path, tmp_path / "whole")


def test_two_damages_of_one_batch_leave_both(tmp_path):
    write(tmp_path, RUNS[:3], most=3)
    assert set_aside(batches(tmp_path)[0]).name == "000001.damaged"
    write(tmp_path, RUNS[:3], most=3)
    again = batches(tmp_path)[0]
    assert is_whole(again)
    assert set_aside(again).name != "000001.damaged" or again.name != "000001"


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_full_disk_costs_what_was_not_written_and_nothing_else(tmp_path, monkeypatch, at):
    write(tmp_path / "whole", RUNS[:9], most=3)
    write(tmp_path / "x", RUNS[:3], most=3)
    real, calls = pd.DataFrame.to_parquet, []

    def full(self, path, **options):
        calls.append(path)
        if len(calls) >= at:
            Path(path).write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, path, **options)

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(ConfigError, match=r"the disk is full; \d runs are kept"):
        write(tmp_path / "x", RUNS[3:9], most=3)
    monkeypatch.undo()
    assert not list((tmp_path / "x" / "batches").glob(".*"))
    kept = set(map(tuple, load_study(tmp_path / "x").runs[KEY].to_numpy().tolist()))
    assert kept >= set(RUNS[:3])
    write(tmp_path / "x", [run for run in RUNS[:9] if run not in kept], most=3)
    assert same(tmp_path / "x", tmp_path / "whole")


def test_one_process_at_a_time(tmp_path):
    with Store(tmp_path, MANIFEST, POINTS), pytest.raises(ConfigError, match="another process is at work"):
        Store(tmp_path, MANIFEST, POINTS)
    write(tmp_path, RUNS[:1], most=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batches", "points.parquet", "study.json"]


def test_a_folder_that_is_not_this_study_is_refused(tmp_path):
    write(tmp_path / "x", RUNS[:1], most=1)
    with pytest.raises(ConfigError, match=r"holds another study \(0123456789abcdef, govsim study experiment=x\)"):
        Store(tmp_path / "x", {**MANIFEST, "study_id": "f" * 16}, POINTS)
    with pytest.raises(ConfigError, match="begun by other code or configs"):
        Store(tmp_path / "x", {**MANIFEST, "study_id": "f" * 16, "source_hash": "bbbb"}, POINTS)
    (tmp_path / "y").mkdir()
    (tmp_path / "y" / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="new or empty folder"):
        Store(tmp_path / "y", MANIFEST, POINTS)
    with pytest.raises(ConfigError, match="holds no study"):
        load_study(tmp_path / "y")


def test_other_formats_are_refused_in_words(tmp_path):
    write(tmp_path, RUNS[:1], most=1)
    for version, whose in ((2, "a newer"), (0, "an older")):
        (tmp_path / "study.json").write_text(json.dumps({**MANIFEST, "schema_version": version}))
        for read in (load_study, lambda folder: Store(folder, MANIFEST, POINTS)):
            with pytest.raises(ConfigError, match=f"written by {whose} govsim"):
                read(tmp_path)
    (tmp_path / "study.json").write_text("{")
    with pytest.raises(ConfigError, match=r"study\.json: is damaged"):
        load_study(tmp_path)


def test_quotes_and_brackets_in_a_path(tmp_path):
    folder = tmp_path / "it's [a] *folder*"
    write(folder, RUNS[:4], most=2)
    assert len(load_study(folder).runs) == 4
