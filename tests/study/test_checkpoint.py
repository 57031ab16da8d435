"""A run that is killed at any moment goes on from its newest checkpoint and ends as one that nobody disturbed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock
from matplotlib.figure import Figure

from govsim import City, plot, simulate
from govsim.cli import main
from govsim.config.compose import compose
from govsim.study import checkpoints, manifest
from govsim.study.checkpoints import Checkpoints, place_of
from govsim.study.run import TABLES, run_worlds

SMALL = ("place=community", "warmup=8", "weeks=12", "record.cases=true")
EVERY = "checkpoint.every=4"
WEEKS = range(1, 8 + 12 + 12 + 1)
"""Of the warm-up, the policy's world and the baseline's."""
FILES = (*(f"{name}.parquet" for name in TABLES), "summary.json")

MOMENTS = (
    # what is called for the how-manieth time when the kill comes, and where the next one then goes on
    ("step", 6, "week -4 of the warm-up"),
    ("fsync", 1, "week -4 of the warm-up"),  # while week 0 is being kept
    ("step", 10, "week 4 of the policy's world"),
    ("fsync", 3, "week 12 of the policy's world"),  # while the first checkpoint of the baseline is being kept
    ("step", 6, "week 4 of the baseline's world"),
    ("overview", 1, "week 12 of the baseline's world"),  # while results are being written
)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture takes longer than the run."""
    monkeypatch.setattr(plot, "overview", lambda _: Figure())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    simulate(*SMALL, f"out={out}")
    return out


def assert_same(one: Path, other: Path) -> None:
    for name in FILES:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


class Stopped(Exception):
    """As good as a kill, but this process lives on."""


def stopped(out: Path, after: int, *overrides: str) -> None:
    """A run that stops after so many of its weeks."""

    with pytest.raises(Stopped):
        simulate(*SMALL, EVERY, f"out={out}", *overrides, progress=stop_after(after))


def stop_after(weeks: int) -> Callable[[int, int], None]:
    def progress(done: int, _: int) -> None:
        if done == weeks:
            raise Stopped

    return progress


def weeks_run(*overrides: str) -> list[int]:
    """Which weeks a run goes through, counted from the first."""
    calls: list[int] = []
    simulate(*SMALL, *overrides, progress=lambda done, _: calls.append(done))
    return calls


# --- kills


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_again_and_again(undisturbed: Path, tmp_path: Path):
    command = [sys.executable, "-W", "ignore", __file__, str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    said = [line.partition(" (")[0] for line in done.stderr.splitlines()]
    expected = [f"govsim: goes on from {where}" for _, _, where in MOMENTS]
    assert said == [*expected, f"govsim: written to {tmp_path / 'run'}"]
    assert_same(undisturbed, tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def killed_again_and_again(out: str) -> None:
    """Run the same command until it comes through, each time in a process that is killed at the next moment."""
    simulate("place=community", "warmup=1", "weeks=1", "engine.threads=1")  # loads the kernels once for all
    for moment in (*MOMENTS, None):
        if (child := os.fork()) == 0:
            if moment is not None:
                kill_at(moment[0], moment[1])
            os._exit(main(["run", *SMALL, EVERY, "engine.threads=1", f"out={out}"]))
        status = os.waitpid(child, 0)[1]
        assert (os.WTERMSIG(status) == signal.SIGKILL) if moment is not None else status == 0


def kill_at(name: str, number: int) -> None:
    owner: Any = {"step": City, "fsync": os, "overview": plot}[name]
    original, calls = getattr(owner, name), count(1)

    def counted(*arguments: Any) -> Any:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments)

    setattr(owner, name, counted)


# --- what is used


def test_no_week_that_was_kept_runs_again(undisturbed: Path, tmp_path: Path):
    out = tmp_path / "run"
    stopped(out, after=26)  # week 6 of the baseline
    assert sorted(path.name for path in place_of(compose([f"out={out}"]).config).glob("*")) == [
        ".lock", "baseline.npz", "policy.npz", "warm-up.npz",
    ]  # fmt: skip
    assert weeks_run(f"out={out}", "engine.threads=1", "checkpoint.every=100") == list(WEEKS[24:])
    assert_same(undisturbed, out)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    ("overrides", "change", "what"),
    [
        (("seed=2",), lambda _: None, "configuration"),
        ((), lambda patch: patch.setattr(manifest, "source_hash", lambda: "0123456789abcdef"), "source"),
        ((), lambda patch: patch.setattr(manifest, "version", lambda _: "0"), "version of Python or a library"),
    ],
)
def test_what_another_run_left_is_not_used(
    overrides: tuple[str, ...], change: Callable[[pytest.MonkeyPatch], None], what: str,
    undisturbed: Path, tmp_path: Path, capsys, monkeypatch,
):  # fmt: skip
    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        change(patch)
        stopped(out, 18, *overrides)
    capsys.readouterr()
    assert weeks_run(EVERY, f"out={out}") == list(WEEKS)
    said = capsys.readouterr().out
    assert said == f"{tmp_path}/.run.checkpoints holds checkpoints of another {what}; they are not used\n"
    assert_same(undisturbed, out)


def test_a_checkpoint_of_this_run_takes_the_place_of_anothers(tmp_path: Path, capsys):
    stopped(tmp_path / "run", 26, "seed=2")
    stopped(tmp_path / "run", 5)
    assert [path.name for path in tmp_path.glob(".run.checkpoints/*.npz")] == ["warm-up.npz"]
    capsys.readouterr()
    stopped(tmp_path / "run", 6)
    assert capsys.readouterr().out.startswith("goes on from week -4 of the warm-up")


@pytest.mark.parametrize(
    ("stage", "weeks"),
    [
        ("baseline", [*WEEKS[20:]]),
        ("policy", [*WEEKS[8:20], *WEEKS[24:]]),
        ("warm-up", [*WEEKS[:8], *WEEKS[24:]]),
    ],
)
def test_a_damaged_checkpoint_is_as_good_as_none(
    stage: str, weeks: list[int], undisturbed: Path, tmp_path: Path, capsys
):
    out = tmp_path / "run"
    stopped(out, after=26)
    file = tmp_path / ".run.checkpoints" / f"{stage}.npz"
    data = bytearray(file.read_bytes())
    data[data.index(b"residents/trust.npy") + 200] ^= 1
    file.write_bytes(data)
    capsys.readouterr()
    assert weeks_run(EVERY, f"out={out}") == weeks
    assert f"{file} is damaged; it is not used\n" in capsys.readouterr().out
    assert_same(undisturbed, out)


def test_half_a_checkpoint_is_as_good_as_none(tmp_path: Path, capsys):
    stopped(tmp_path / "run", after=6)
    file = tmp_path / ".run.checkpoints" / "warm-up.npz"
    file.write_bytes(file.read_bytes()[:-1000])
    stopped(tmp_path / "run", after=3)
    assert capsys.readouterr().out == f"{file} is damaged; it is not used\n"


# --- where they are


def test_the_same_command_finds_them_without_a_folder(undisturbed: Path, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stopped):
        simulate(*SMALL, EVERY, progress=stop_after(18))
    (folder,) = Path("results").iterdir()
    assert folder.resolve() == place_of(compose([*SMALL, "engine.threads=1"]).config)
    assert folder.name.startswith(".")
    assert main(["run", *SMALL, EVERY]) == 0
    said = capsys.readouterr()
    assert "goes on from week 8 of the policy's world" in said.err
    (out,) = Path("results").iterdir()
    assert_same(undisturbed, out)


def test_nothing_is_kept_unless_asked(tmp_path: Path):
    def look(*_: int) -> None:
        assert not list(tmp_path.iterdir())

    tiny = ("place=community", "warmup=1", "weeks=1", "baseline=none")
    simulate(*tiny, f"out={tmp_path / 'run'}", progress=look)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_that_is_interrupted_says_how_to_go_on(tmp_path: Path, monkeypatch, capsys):
    step = City.step

    def interrupt(city: City) -> None:
        if city.week == 6:
            raise KeyboardInterrupt
        step(city)

    monkeypatch.setattr(City, "step", interrupt)
    assert main(["run", *SMALL, EVERY, f"out={tmp_path / 'run'}"]) == 130
    assert capsys.readouterr().err.splitlines() == [
        f"govsim: the same command goes on from week 4 of the policy's world ({tmp_path}/.run.checkpoints/policy.npz)",
        "govsim: interrupted",
    ]


def test_a_run_that_fails_before_anything_is_kept_leaves_nothing(tmp_path: Path):
    stopped(tmp_path / "run", after=1)
    assert not list(tmp_path.iterdir())


def test_one_process_at_a_time(tmp_path: Path, capsys):
    folder = tmp_path / ".run.checkpoints"
    folder.mkdir()
    with FileLock(folder / ".lock"):
        assert main(["run", *SMALL, EVERY, f"out={tmp_path / 'run'}"]) == 2
    said = capsys.readouterr().err
    assert said == (
        "govsim: checkpoint.every=4: another process is at work on the same run; another out= is another run\n"
    )


def test_a_full_disk_costs_a_checkpoint_and_not_the_run(undisturbed: Path, tmp_path: Path, monkeypatch, capsys):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert weeks_run(EVERY, f"out={tmp_path / 'run'}") == list(WEEKS)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"week -4 of the warm-up is not kept: {tmp_path}/.run.checkpoints: No space left on device"
    assert len(said) == 2 + 3 + 3
    assert_same(undisturbed, tmp_path / "run")


@pytest.mark.parametrize("command", [["run", "-m", "seed=1,2"], ["study", "levers.policies=[fund]"]])
def test_what_cannot_go_on_that_way_refuses(command: list[str], tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*command, EVERY]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"govsim: {EVERY}: a s")
    assert said.count("\n") == 1


# --- what is in them


def test_a_city_hands_out_its_tables_themselves():
    city = City(place="community", warmup=4, weeks=1)
    while city.week < 0:
        city.step()
    tables = city.held()["tables"]
    for name in (*City._TABLES, *City._TIERS):
        table = getattr(city if name in City._TABLES else city.places, name)
        assert all(np.shares_memory(values, getattr(table, column)) for column, values in tables[name].items()), name
    assert all(np.shares_memory(v, getattr(city.handoffs, column)) for column, v in city.held()["handoffs"].items())


def test_any_state_comes_back_as_it_was():
    state = {"a": [np.arange(3), {"b": 0.1 + 0.2}], "c": np.empty((0, 2), "u1"), "d": [], "e": [[1, 2], [3, 4]]}
    arrays: dict[str, np.ndarray] = {}
    apart = checkpoints._apart(state, "state", arrays)
    assert arrays.keys() == {"state/a/0", "state/c"}
    assert apart == {"a": [None, {"b": 0.1 + 0.2}], "c": None, "d": [], "e": [[1, 2], [3, 4]]}
    assert checkpoints._together(apart, "state", arrays) == state


def test_running_again_what_was_run_needs_no_checkpoint(undisturbed: Path, monkeypatch):
    """``govsim reproduce`` runs every week, whatever is kept."""
    monkeypatch.setattr(Checkpoints, "__init__", lambda *_: pytest.fail("looked for one"))
    run_worlds(compose(["place=community", "warmup=1", "weeks=1", EVERY]))


if __name__ == "__main__":
    killed_again_and_again(sys.argv[1])
