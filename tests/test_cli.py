"""The command line: what it prints where, its exit codes, and what it leaves on disk."""

from __future__ import annotations

import json
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
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra

from govsim.cli import COMMANDS, main, show
from govsim.cli.names import TOPICS
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
        (out / "manifest.json").write_text("{}")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch) -> list[Composed]:
    """Runs asked for, in place of the model; the working folder is empty."""
    asked: list[Composed] = []

    def run_worlds(composed: Composed, progress: object = None, kept: object = None) -> FakeRun:
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
        (["rnu"], f"rnu: no such command; must be one of {', '.join(COMMANDS)}; nearest: run"),
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
        (["run", "-m", "policy=fund,committee", "policy.fund.yuan=0,350000"], "this policy has no fund"),
        (["run", "-m", "weeks=2,3", "policy=fund", "policy.fund.start=2018-01-01,2019-01-01",
          "policy.fund.end=2019-06-01,2018-06-01"], "policy.fund.end=2018-06-01: must be later than"),
        (["run", "-m", "hydra/launcher=rocket", "out=new"], "hydra/launcher=rocket: must be one of basic, joblib"),
        (["run", "-m", "hydra.sweep.dir=elsewhere"], "hydra.sweep.dir=elsewhere: cannot be set; out names"),
        (["run", "-m", "hydra.launcher.n_jobs=2", "out=new"], "Could not override 'hydra.launcher.n_jobs'"),
        (["run", "--outcome", "trust"], "--outcome: belongs to govsim compare, not to govsim run"),
        (["run", "jobs=2"], "jobs=2: belongs to govsim study, govsim check, govsim calibrate or govsim reproduce"),
        (["run", "engine=ray"], "engine=ray: belongs to govsim study, govsim check or govsim calibrate, not"),
        (["study", "-m"], "-m: belongs to govsim run, not to govsim study"),
        (["study", "experiment=headline", "--cfg=job"], "--cfg=job: belongs to govsim run"),
        (["study"], "levers: a study needs something to compare, as experiment=NAME"),
        (["study", "experiment=headlin"], "nearest: headline"),
        (["study", "experiment=headline", "--jobs", "2"], "--jobs: is no flag; it is written jobs="),
        (["compare"], "the following arguments are required: folder"),
        (["compare", "taken", "experiment=headline"], "experiment=headline: belongs to govsim study"),
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


def test_a_bug_keeps_its_traceback(runs):
    with pytest.raises(RuntimeError, match="a bug"):
        main(["run", "seed=13", "out=x"])
    assert not folders()


def test_a_run_that_fails_stops_none_of_a_sweep(runs, capsys):
    assert main(["run", "-m", "seed=12,13,15", "out=x"]) == 1
    said = capsys.readouterr()
    assert "Traceback (most recent call last)" in said.err
    assert "run 1 failed (seed=13): RuntimeError: a bug\n" in said.err
    assert said.err.endswith("govsim: 2 of 3 runs written to x\n")
    assert folders() == ["x/0", "x/2"]
    noted = json.loads(Path("x/1/failure.json").read_text())
    assert (noted["error"], noted["config"]["seed"]) == ("RuntimeError: a bug", 13)
    assert not GlobalHydra.instance().is_initialized()


def test_a_sweep_leaves_nothing_but_its_runs(runs):
    assert main(["run", "-m", "seed=1,2", "out=x"]) == 0
    assert sorted(path.name for path in Path("x").iterdir()) == ["0", "1"]
    assert main(["run", "-m", "seed=14", "out=y"]) == 130
    assert not Path("y").exists()


def test_a_launcher_that_is_not_there_is_named_with_its_extra(runs, capsys, monkeypatch):
    monkeypatch.setattr(ConfigStore.instance(), "list", lambda _: ["basic.yaml"])
    for launcher, extra in {"joblib": "joblib", "submitit_slurm": "submitit", "ray": "ray"}.items():
        said = refused(capsys, "run", "-m", "seed=1,2", f"hydra/launcher={launcher}")
        assert said == f"govsim: hydra/launcher={launcher}: is not installed; pip install 'govsim[{extra}]'\n"


@dataclass
class Outcome:
    """What a study hands back."""

    failed: int
    folder: Path = Path("results/x")


@pytest.fixture
def studies(monkeypatch) -> list[list[str]]:
    """Studies asked for, in place of the real thing; ``replicates`` says how many of its runs fail."""
    asked: list[list[str]] = []

    def conduct(arguments: list[str], say, progress) -> Outcome:
        asked.append(arguments)
        say("312 of 960 done, resuming")
        if "seed=14" in arguments:
            raise KeyboardInterrupt
        progress(312, 960)
        return Outcome(int(arguments[-1].partition("=")[2]))

    module = ModuleType("govsim.study.conduct")
    module.conduct = conduct  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "govsim.study.conduct", module)
    return asked


@pytest.mark.parametrize(("failed", "code"), [(0, 0), (3, 1)])
def test_a_study_is_conducted_and_its_failures_are_told_by_the_exit_code(failed: int, code: int, studies, capsys):
    argv = ["experiment=headline", "levers.each=all", "engine=dask", "address=tcp://here:1", f"replicates={failed}"]
    assert main(["study", *argv]) == code
    assert studies == [argv]
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "govsim: 312 of 960 done, resuming",
        "govsim: results/x holds the study; govsim compare results/x compares its policies",
    ]


def test_a_study_that_is_interrupted_says_how_to_go_on(studies, capsys):
    assert main(["study", "experiment=headline", "seed=14"]) == 130
    assert capsys.readouterr().err.splitlines()[1:] == [
        "govsim: the same command goes on from where this one stopped",
        "govsim: interrupted",
    ]


def test_a_comparison_is_printed_and_written(monkeypatch, capsys):
    asked = []

    class Comparison:
        def write(self, folder: str) -> Path:
            return Path(folder) / "report"

        def text(self) -> str:
            return "what it shows"

    def compare(*arguments: object) -> Comparison:
        asked.append(arguments)
        return Comparison()

    for name, function in {"govsim.study.load.load_study": str.upper, "govsim.compare.report.compare": compare}.items():
        monkeypatch.setattr(name, function)
    assert main(["compare", "x"]) == 0
    assert main(["compare", "x", "--outcome", "trust", "--outcome=joining", "--baseline", "fund"]) == 0
    assert asked == [("X", None, None), ("X", ["trust", "joining"], "fund")]
    said = capsys.readouterr()
    assert said.out == "what it shows\n" * 2
    assert said.err == "govsim: report written to x/report\n" * 2


def test_progress_in_a_log_is_a_line_now_and_then_with_the_time_left(capsys):
    now = 0.0
    with show.tasks("runs", clock=lambda: now) as progress:
        for done in range(300, 961):  # 300 were done before; two a second
            now = (done - 300) / 2
            progress(done, 960)
    assert capsys.readouterr().err.splitlines() == [
        f"govsim: {300 + 2 * 30 * i} of 960 runs done, about {left} left"
        for i, left in enumerate(
            ["5 min", "4 min", "4 min", "4 min", "3 min", "2 min", "2 min", "90 s", "60 s", "30 s", "0 s"], start=1
        )
    ]


def test_progress_that_does_not_move_promises_nothing(capsys):
    now = 0.0
    with show.tasks("runs", clock=lambda: now) as progress:
        progress(5, 10)
        now = 31.0
        progress(5, 10)
    assert capsys.readouterr().err == "govsim: 5 of 10 runs done\n"


def test_a_terminal_has_a_bar_with_the_time_left(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    now = 0.0
    with show.tasks("runs", clock=lambda: now) as progress:
        progress(312, 960)
        assert capsys.readouterr().err == ""
        now = 6.0
        progress(960, 960)
    said = capsys.readouterr().err
    assert "960/960" in said
    assert "left" in said


def test_what_is_short_has_no_bar(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for term in ("xterm", "dumb"):
        monkeypatch.setenv("TERM", term)
        with show.tasks("weeks", clock=lambda: 0.0) as progress:
            progress(284, 284)
    assert capsys.readouterr().err == ""


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
        ("experiments", ["headline"]),
        ("scenarios", ["none"]),
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
