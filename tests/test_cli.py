"""The command line: what it prints where, its exit codes, and what it leaves on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hydra.core.global_hydra import GlobalHydra

from govsim.cli import COMMANDS, TOPICS, main
from govsim.config.compose import Composed, compose, from_resolved
from govsim.policies import INSTRUMENTS


@dataclass
class FakeRun:
    composed: Composed

    def text(self) -> str:
        return f"table of {self.composed.choices['policy']}, seed {self.composed.config.seed}"

    def write(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "summary.json").write_text("{}")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch) -> list[Composed]:
    """Runs asked for, in place of the model; the working folder is empty."""
    asked: list[Composed] = []

    def run_worlds(composed: Composed, progress: object = None) -> FakeRun:
        if composed.config.seed == 13:
            raise RuntimeError("a bug")
        if composed.config.seed == 14:
            raise KeyboardInterrupt
        asked.append(composed)
        return FakeRun(composed)

    module = ModuleType("govsim.study.run")
    module.run_worlds = run_worlds  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "govsim.study.run", module)
    monkeypatch.chdir(tmp_path)
    return asked


def folders() -> list[str]:
    return sorted(path.parent.as_posix() for path in Path().rglob("summary.json"))


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What a command says on stderr in one line, having printed and written nothing else."""
    before = sorted(Path().rglob("*"))
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("govsim: ")
    assert said.err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before
    return said.err


def test_a_run_prints_its_table_and_writes_its_folder(runs, capsys):
    assert main(["run", "policy=fund", "seed=3", "out=mine/first"]) == 0
    said = capsys.readouterr()
    assert said.out == "table of fund, seed 3\n"
    assert said.err == "govsim: written to mine/first\n"
    assert folders() == ["mine/first"]
    assert runs == [compose(["policy=fund", "seed=3", "out=mine/first"])]


def test_a_run_without_out_takes_a_fresh_folder_each_time(runs, capsys):
    for _ in range(3):
        assert main(["run", "policy=[fund,committee]", "~policy.fund"]) == 0
    assert len(set(folders())) == 3
    assert all(f.startswith("results/") and "fund+committee-without-fund" in f for f in folders())


def test_a_sweep_runs_every_combination_below_one_folder(runs, capsys):
    assert main(["run", "policy=[fund,committee],fund", "-m", "seed=range(0,2)", "baseline=null", "out=sweep"]) == 0
    assert folders() == [f"sweep/{n}" for n in range(4)]
    assert [(r.choices["policy"], r.config.seed, r.config.baseline) for r in runs] == [
        (policy, seed, None) for policy in ("fund+committee", "fund") for seed in (0, 1)
    ]
    assert "table of fund+committee, seed 1" in capsys.readouterr().out
    assert not GlobalHydra.instance().is_initialized()


def test_a_sweep_of_nothing_is_one_run(runs):
    assert main(["run", "-m"]) == 0
    assert len(folders()) == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["rnu"], "rnu: no such command; must be one of run, list, params; nearest: run"),
        (["run", "-x"], "unrecognized arguments: -x; see govsim run --help"),
        (["run", "--cfg", "all"], "--cfg"),
        (["run", "-m", "--cfg", "job"], "--cfg: shows one run"),
        (["run", "policy=fnd"], "policy=fnd: no such option; nearest: fund"),
        (["run", "place.residents=-3"], "place.residents=-3: must be a whole number from 500"),
        (["run", "seed=1,2"], "several values need govsim run -m"),
        (["run", "out=taken"], "out=taken: must be a new or empty folder; this one is occupied"),
        (["run", "out=taken/file/x"], "out=taken/file/x: must be a folder that can be written"),
        (["run", "-m", "policy=fund,fnd", "seed=1,2"], "policy=fnd: no such option"),
        (["run", "-m", "policy=fund,committee", "policy.fund.yuan=1,2"], "this policy has no fund"),
        (["run", "-m", "policy.fund.yuan=1,-2"], "policy.fund.yuan=-2.0: must be a number"),
        (["run", "-m", "seed=1,2", "out=taken"], "out=taken: must be a new or empty folder"),
        (["run", "-m", "out=a,b"], "out: must be one folder for a whole sweep"),
        (["run", "-m", "hydra/launcher=rocket", "out=new"], "hydra/launcher/rocket"),
        (["list", "polices"], "nearest: policies"),
        (["params", "yuann"], "yuann: no parameter has such a key"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_line(argv: list[str], message: str, runs, capsys):
    Path("taken").mkdir()
    Path("taken/file").touch()
    assert message in refused(capsys, *argv)
    assert not runs


def test_an_interrupted_run_says_so(runs, capsys):
    assert main(["run", "seed=14", "out=x"]) == 130
    assert capsys.readouterr().err == "govsim: interrupted\n"
    assert not folders()


@pytest.mark.parametrize("sweep", [[], ["-m"]])
def test_a_bug_keeps_its_traceback(sweep: list[str], runs):
    with pytest.raises(RuntimeError, match="a bug"):
        main(["run", *sweep, "seed=13", "out=x"])
    assert not folders()
    assert not GlobalHydra.instance().is_initialized()


def test_the_configuration_is_shown_and_can_be_read_again(runs, capsys):
    assert main(["run", "--cfg", "job", "policy=fund", "baseline=none"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert from_resolved(shown) == compose(["policy=fund", "baseline=none"]).config
    assert not runs


def test_help_names_commands_options_and_examples(capsys):
    assert main([]) == main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in COMMANDS)
    assert main(["run", "--help"]) == 0
    said = capsys.readouterr().out
    for word in (
        "policy=[fund,committee]",
        "'~policy.fund'",
        "more_of_the_same",
        "chengdu",
        "anchoring",
        "-m",
    ):
        assert word in said
    for command in COMMANDS:
        assert main([command, "--help"]) == 0


def test_the_version_is_the_package_s(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"govsim {version('govsim')}\n"


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("places", ["community", "street", "district", "chengdu"]),
        ("policies", ["fund", "more_of_the_same", "chengdu_2019", "none"]),
        ("behaviours", ["performance", "disconfirmation", "anchoring"]),
        ("instruments", list(INSTRUMENTS)),
        ("kinds", ["traffic"]),
        ("departments", ["public_security"]),
        ("rules", ["fund_yuan"]),
        ("outcomes", ["unmet_case_days_per_1000"]),
    ],
)
def test_names_are_listed(topic: str, names: list[str], capsys):
    assert main(["list", topic]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert set(names) <= set(listed)


def test_everything_is_listed_without_an_argument(capsys):
    assert main(["list"]) == 0
    assert set(TOPICS) <= set(capsys.readouterr().out.splitlines())


def test_parameters_are_shown_with_what_is_known_of_them(capsys):
    assert main(["params", "fund.yuan"]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split() == ["key", "value", "unit", "range", "grade", "source", "meaning"]
    for cell in ("policy.fund.yuan", "350,000", "0 to 2,000,000", "A", "funding.per_community"):
        assert cell in line
    assert main(["params", "policy.*.start"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(INSTRUMENTS)


def govsim(*argv: str, cwd: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "govsim.cli", *argv], cwd=cwd, capture_output=True, text=True, timeout=60
    )
    return done, time.perf_counter() - start


def test_bad_input_is_answered_soon_and_leaves_nothing(tmp_path: Path):
    done, seconds = govsim("run", "place.residnts=3", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "govsim: place.residnts: no such key; nearest: place.residents\n"
    assert not list(tmp_path.iterdir())
    assert seconds < 10  # about 0.6 s; the bound is for a machine that is busy


def test_checking_imports_nothing_heavy(tmp_path: Path):
    code = (
        "import sys; from govsim.cli import main; main(['run', 'place.residnts=3']);"
        "print(*({'mesa', 'numba', 'pandas', 'matplotlib', 'scipy', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
def test_a_reader_may_stop_reading(tmp_path: Path):
    line = f"'{sys.executable}' -m govsim.cli params | head -1"
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("key ")
    assert done.stderr == ""
