"""Launchers of sweeps and worker processes: the same worlds, wherever they are run.

A launcher that is not installed is skipped here and fails in continuous integration (``CI=true``).
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

import cloudpickle
import pandas as pd
import pytest

from govsim import load_run, simulate
from govsim.cli import COMMANDS, main
from govsim.cli.sweep import job
from govsim.config.compose import compose
from govsim.config.overrides import expand, normalise
from govsim.study.engine import Share, Task, do
from govsim.study.plan import make_plan
from govsim.study.spec import read_spec

TINY = ("place=community", "warmup=0", "weeks=2")
LAUNCHERS = {
    "joblib": ("hydra_plugins.hydra_joblib_launcher", ["hydra.launcher.n_jobs=2"]),
    "submitit_local": ("hydra_plugins.hydra_submitit_launcher", []),
    "ray": ("hydra_plugins.hydra_ray_launcher", ["+hydra.launcher.ray.init.num_cpus=2"]),
}


def needs(module: str) -> None:
    """Skip without a module; in continuous integration it must be there."""
    found = find_spec(module.partition(".")[0]) is not None and find_spec(module) is not None
    if not found and os.environ.get("CI") == "true":
        pytest.fail(f"{module} is not installed")
    if not found:
        pytest.skip(f"{module} is not installed")


def children() -> set[str]:
    """Processes that descend from this one, as far as the system shows them."""
    tree: dict[str, list[str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it has ended
            continue
        if state != "Z":
            tree.setdefault(parent, []).append(stat.parent.name)
    found, left = set(), [str(os.getpid())]
    while left:
        below = tree.get(left.pop(), [])
        found.update(below)
        left += below
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_launcher_runs_the_same_worlds(launcher: str, folder: Path, capfd: pytest.CaptureFixture[str]):
    module, settings = LAUNCHERS[launcher]
    needs(module)
    before = children()
    own = folder / "configs" / "policy"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text("# A policy of the user\ndefaults: [fund]\n")
    argv = ["run", "-m", *TINY, "policy=mine,committee", f"hydra/launcher={launcher}", *settings, "out=sweep"]
    assert main(argv) == 0
    said = capfd.readouterr()
    assert [line for line in said.out.splitlines() if line.startswith("# ")] == [
        f"# {n}: {' '.join(TINY)} policy={policy} engine.threads=1" for n, policy in enumerate(("mine", "committee"))
    ]
    assert said.err == "govsim: 2 runs written to sweep; govsim compare sweep compares them\n"
    assert {path.name for path in Path("sweep").iterdir()} - {".submitit"} == {"0", "1"}
    assert {path.name for path in Path().iterdir()} == {"sweep", "configs"}
    for number, policy in enumerate(("fund", "committee")):
        there, here = load_run(f"sweep/{number}"), simulate(*TINY, f"policy={policy}")
        assert there.summary == here.summary
        pd.testing.assert_frame_equal(there.series, here.series)
    if launcher == "ray":
        assert children() <= before


def job_that_fails_once(config: object, language: str) -> object:
    """A job whose model has a bug under seed 2."""
    import govsim.study.run as run

    real = run.run_worlds

    def run_worlds(composed, progress=None):
        if composed.config.seed == 2:
            raise RuntimeError("a bug")
        return real(composed, progress)

    run.run_worlds = run_worlds
    try:
        return job(config, language)
    finally:
        run.run_worlds = real


def job_that_dies(config: object, language: str) -> object:
    os._exit(9)


@pytest.fixture
def by_value():
    """Have functions of this file sent to workers as they are: a worker cannot import tests."""
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


def test_a_run_that_fails_elsewhere_stops_no_other(folder: Path, by_value, capfd, monkeypatch):
    needs(LAUNCHERS["joblib"][0])
    monkeypatch.setattr("govsim.cli.sweep.job", job_that_fails_once)
    argv = ["run", "-m", *TINY, "seed=1,2,3", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "out=sweep"]
    assert main(argv) == 1
    said = capfd.readouterr()
    assert "Traceback (most recent call last)" in said.err
    assert "govsim: run 1 failed (place=community warmup=0 weeks=2 seed=2 engine.threads=1): RuntimeError: a bug\n" in (
        said.err
    )
    assert said.err.endswith("govsim: 2 of 3 runs written to sweep\n")
    assert sorted(path.parent.name for path in Path("sweep").glob("*/manifest.json")) == ["0", "2"]
    assert Path("sweep/1/failure.json").is_file()


def test_a_launcher_that_breaks_off_is_told_of(folder: Path, by_value, capfd, monkeypatch):
    needs(LAUNCHERS["joblib"][0])
    monkeypatch.setattr("govsim.cli.sweep.job", job_that_dies)
    argv = ["run", "-m", *TINY, "seed=1,2", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "out=sweep"]
    assert main(argv) == 1
    said = capfd.readouterr()
    assert "govsim: hydra/launcher=joblib: broke off (TerminatedWorkerError: " in said.err
    assert said.err.endswith("govsim: 0 of 2 runs written to sweep\n")


def commands() -> list[str]:
    """Every govsim command of the how-to, on one line."""
    page = Path(__file__).parents[1] / "docs" / "how-to" / "clusters.md"
    blocks = re.findall(r"```bash\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("govsim ")]


@pytest.mark.parametrize("command", commands())
def test_commands_of_the_how_to_are_understood(command: str):
    _, name, *arguments = shlex.split(os.path.expandvars(command.replace("$SLURM_CPUS_PER_TASK", "2")))
    assert name in COMMANDS
    if name == "study":
        read_spec(arguments)
    elif arguments[0] != "-m":
        compose(arguments)
    else:
        arguments.pop(0)
        assert len(expand(normalise(arguments, sweep=True))) > 1


def outcomes(seed: int) -> dict[str, float | None]:
    """What a worker hands back."""
    return simulate(*TINY, f"seed={seed}").summary["policy"] or {}


def test_spawned_processes_run_the_same_worlds():
    """Nothing may hang on what a forked child inherits: no global set up, no pool of threads, no compiled kernel."""
    plan = make_plan(read_spec(["levers.policies=[fund,committee]", *TINY])[0])
    shares = tuple(Share(point.number, point.instruments, point.settings) for point in plan.points)
    tasks = [Task(plan.bases[plan.points[0].base], seed, shares) for seed in (1, 2)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(outcomes, [1, 2]) == [outcomes(1), outcomes(2)]
        for there, here in zip(pool.map(do, tasks), map(do, tasks), strict=True):
            assert [r.error for r in there] == [""] * 3
            assert [(r.point, r.world and r.world.values) for r in there] == [
                (r.point, r.world and r.world.values) for r in here
            ]
