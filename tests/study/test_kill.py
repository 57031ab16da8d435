"""A study that is killed again and again ends as one that nobody disturbed, and does nothing twice."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from govsim.study.load import load_study
from govsim.study.store import KEY, batches, is_whole

KILLS = 5
REPLICATES = 26
STUDY = (
    "levers.policies=[fund,committee,grid_staffing]", "place=community", "weeks=24", "warmup=8",
    f"replicates={REPLICATES}", "batch=4", "jobs=2", "cache=off",
)  # fmt: skip
RUNS = 4 * REPLICATES
PATIENCE = 240.0


def start(out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "import sys; from govsim.cli import main; sys.exit(main())"]
    return subprocess.Popen(
        [*command, "study", *STUDY, f"out={out}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return said


def seals(out: Path) -> dict[str, tuple[int, bytes]]:
    """When each whole batch was written, and what it holds."""
    files = [path / "batch.json" for path in batches(out) if is_whole(path)]
    return {file.parent.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def done(out: Path) -> list[tuple[int, int]]:
    frames = [pd.read_parquet(path / "runs.parquet", columns=KEY) for path in batches(out)]
    return [tuple(row) for frame in frames for row in frame.to_numpy().tolist()]


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Processes that a study has started to do its runs."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in children if b"LokyProcess" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes as Linux shows them")
def test_a_worker_that_is_killed_is_told_and_the_study_goes_on_later(tmp_path):
    process, patience = start(tmp_path), time.monotonic() + PATIENCE
    while not batches(tmp_path) and time.monotonic() < patience:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.01)
    os.kill(workers(process)[0], signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "jobs=2: a worker was killed" in said
    assert "Traceback" not in said
    there = len(done(tmp_path))
    assert f" {there} of {RUNS} done, resuming" in finish(start(tmp_path))
    assert sorted(done(tmp_path)) == sorted(set(done(tmp_path)))
    assert len(done(tmp_path)) == RUNS


def test_killed_and_resumed(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    finish(start(whole))
    moment = random.Random()  # another moment each time this test runs
    for _ in range(KILLS):
        before, there = seals(killed), len(done(killed))
        process, patience = start(killed), time.monotonic() + PATIENCE
        while len(batches(killed)) <= len(before) and time.monotonic() < patience:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.002)
        time.sleep(moment.uniform(0.0, 0.25))
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        after = seals(killed)
        assert len(before) < len(after), "no batch was done"
        assert {name: after[name] for name in before} == before, "a batch that was done was written again"
        assert len(done(killed)) < RUNS, "the study was over before it was killed"
        if before:
            assert f" {there} of {RUNS} done, resuming" in said
    before, there = seals(killed), len(done(killed))
    said = finish(start(killed))
    assert re.search(rf"\b{there} of {RUNS} done, resuming", said)
    assert {name: seals(killed)[name] for name in before} == before
    assert sorted(done(killed)) == sorted(set(done(killed))), "a run was done twice"

    one, other = load_study(whole), load_study(killed)
    for table in ("points", "runs", "series", "incidence"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)
    for table in ("runs", "series"):
        written = [getattr(study, table).to_csv(index=False).encode() for study in (one, other)]
        assert written[0] == written[1]
    assert len(one.runs) == RUNS
    assert one.failures.empty
    assert other.failures.empty
    assert f"{RUNS} of {RUNS} done, nothing to run" in finish(start(killed))
