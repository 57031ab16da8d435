"""What was run comes out again, and what does not is named; and how two configurations differ."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govsim import ConfigError, load_run, simulate
from govsim.cli import main
from govsim.config.compose import compose, resolved
from govsim.study.changes import compare
from govsim.study.conduct import conduct
from govsim.study.diff import Difference, differences, settings_of
from govsim.study.load import load_study
from govsim.study.reproduce import reproduce
from govsim.study.run import TABLES

TINY = ("place=community", "warmup=1", "weeks=2")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, a sweep and a study."""
    root = tmp_path_factory.mktemp("made")
    simulate(*TINY, "policy=committee", "record.cases=true", f"out={root / 'run'}")
    assert main(["run", "-m", *TINY, "policy=committee", "seed=1,2", f"out={root / 'sweep'}"]) == 0
    conduct(["levers.policies=[fund,committee]", *TINY, "replicates=2", "jobs=1", f"out={root / 'study'}"], print)
    return root


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same, to be tampered with."""
    return Path(shutil.copytree(made, tmp_path / "made"))


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([str(a) for a in argv])
    out, err = capsys.readouterr()
    return code, out, err


def rewrite(path: Path, change) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


# --- reproduce


@pytest.mark.parametrize("what", ["run", "sweep", "study"])
def test_the_same_code_gives_the_same(what: str, made: Path, capsys):
    code, out, err = said(capsys, "reproduce", made / what, "jobs=1")
    assert (code, err) == (0, "")
    assert out.endswith("identical\n")
    assert out == {"run": "identical\n", "sweep": "2 runs: identical\n", "study": "6 runs: identical\n"}[what]


def test_one_run_of_a_sweep_is_found_by_either_id(made: Path, capsys):
    """By that of the run, and by that of a world of it."""
    world = load_study(made / "sweep").runs["run_id"].iloc[-1]
    for run_id in (load_run(made / "sweep/1").manifest["run_id"], world, world[:8]):
        assert said(capsys, "reproduce", made / "sweep", "--run", run_id) == (0, "identical\n", "")
    code, _, err = said(capsys, "reproduce", made / "sweep", "--run", world[:-1] + "g")
    assert (code, err.count("\n")) == (2, 1)
    assert f"with such an id; nearest: {world}" in err


def test_every_table_of_a_run_counts(copied: Path, capsys):
    """One value in each table is changed, and each is found."""
    folder = copied / "run"
    for name in TABLES:
        table = pd.read_parquet(folder / f"{name}.parquet")
        column = {"series": "value", "compounds": "unmet_per_1000", "cases": "raised"}.get(name, "cured")
        table.loc[len(table) - 1, column] = 77
        table.to_parquet(folder / f"{name}.parquet")
    rewrite(folder / "summary.json", lambda data: data["policy"].update(trust=0.9))
    found = reproduce(folder)
    assert found.verdict == "different"
    assert {change.what.partition(",")[0] for change in found.changes} == {"outcomes", *TABLES}
    code, out, _ = said(capsys, "reproduce", folder)
    assert code == 1
    assert out.startswith("different\n")
    assert re.search(r"^ +outcomes, policy: trust +0\.9 +0\.\d+$", out, re.MULTILINE)


def test_rounding_is_told_apart_from_a_difference(copied: Path):
    def nudge(by: float) -> str:
        rewrite(copied / "run" / "summary.json", lambda d: d["policy"].update(trust=d["policy"]["trust"] * (1 + by)))
        return reproduce(copied / "run").verdict

    assert nudge(1e-9) == "same within rounding (largest relative difference 1e-09)"
    assert nudge(1e-5) == "different"


@pytest.mark.parametrize(("table", "column"), [("runs", "trust"), ("series", "trust"), ("incidence", "lapsed")])
def test_one_run_of_a_study_is_compared_with_its_series_and_curves(
    table: str, column: str, copied: Path, capsys, monkeypatch
):
    """A value of one run is changed, behind the back of the seal of its batch."""
    monkeypatch.setattr("govsim.study.load.is_whole", lambda _: True)
    study = load_study(copied / "study")
    run_id, point, seed = study.runs.loc[3, ["run_id", "point", "seed"]]
    (file,) = (copied / "study" / "batches").glob(f"*/{table}.parquet")
    rows = pd.read_parquet(file)
    at = rows.index[(rows["point"] == point) & (rows["seed"] == seed)][-1]
    rows.loc[at, column] = 0.5
    rows.to_parquet(file)

    code, out, _ = said(capsys, "reproduce", copied / "study", "--run", run_id, "jobs=1")
    assert code == 1
    lines = out.splitlines()
    name = {"runs": "outcomes", "series": "series, week 1", "incidence": "incidence, day 60"}[table]
    assert (lines[0], len(lines)) == ("different", 3)
    assert lines[2].split("  ")[:3] == [run_id, f"{name}: {column}", "0.5"]
    other = study.runs.loc[0, "run_id"]
    assert said(capsys, "reproduce", copied / "study", f"--run={other}", "jobs=1")[1] == "identical\n"
    assert reproduce(copied / "study", jobs=1).verdict == ("different" if table == "runs" else "identical")


def test_a_run_that_failed_is_tried_again(copied: Path, capsys):
    """A failure in the books is no result: that it now works is a difference."""
    (file,) = (copied / "study" / "batches").glob("*/runs.parquet")
    runs = pd.read_parquet(file)
    lost = runs.iloc[[2]][["point", "seed", "run_id"]]
    failed = lost.assign(error="RuntimeError: a bug", traceback="…", config="{}")
    runs.drop(runs.index[2]).to_parquet(file)
    failed.to_parquet(file.with_name("failures.parquet"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("govsim.study.load.is_whole", lambda _: True)
        found = reproduce(copied / "study", lost["run_id"].iloc[0], jobs=1)
        assert [tuple(change[1:]) for change in found.changes] == [("failure", "RuntimeError: a bug", "none")]
        assert reproduce(copied / "study", jobs=1).runs == 5


def test_other_code_is_named_first(copied: Path, capsys):
    for file in ("run/manifest.json", "study/study.json"):
        rewrite(copied / file, lambda data: data.update(source_hash="0" * 16, git_commit="abc"))
        code, out, err = said(capsys, "reproduce", copied / Path(file).parent, "jobs=1")
        assert (code, out.splitlines()[-1].endswith("identical")) == (0, True)
        assert err.startswith(
            "govsim: the code or its configs changed since: source 0000000000000000 at commit abc then"
        )
        assert err.count("\n") == 1


def test_code_that_makes_other_points_is_refused(copied: Path):
    points = copied / "study" / "points.parquet"
    table = pd.read_parquet(points)
    table.assign(policy=["a", "b", "c"]).to_parquet(points)
    with pytest.raises(ConfigError, match="this code makes other points of the same study"):
        reproduce(copied / "study")


def test_what_cannot_be_run_again_is_refused_in_one_line(copied: Path, capsys):
    run, sweep, study = (copied / name for name in ("run", "sweep", "study"))
    known = load_study(study).runs["run_id"].iloc[0]
    near = known[:-1] + ("0" if known[-1] != "0" else "1")
    rewrite(sweep / "0" / "manifest.json", lambda data: data.update(schema_version=99))
    for argv, message in (
        ([copied / "nowhere"], "nowhere: holds neither a run nor a study"),
        ([run, "--run", "123"], "holds one run, "),
        ([study, "--run", near], f"{near}: no run of {study} with such an id; nearest: {known}"),
        ([sweep], "was written in format 99, this version reads 1"),
        ([], "must name one folder"),
        ([run, study], "must name one folder"),
        ([run, "jobs=0"], "jobs=0: must be a whole number of processes"),
        ([run, "jobs=two"], "jobs=two: must be a whole number of processes"),
        ([run, "--outcome=trust"], "--outcome=trust: belongs to govsim compare"),
    ):
        code, out, err = said(capsys, "reproduce", *argv)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert message in err
    rewrite(study / "study.json", lambda data: data.update(schema_version=99))
    assert "was written by a newer govsim (format 99" in said(capsys, "reproduce", study)[2]


def test_tables_are_compared_value_by_value():
    then = pd.DataFrame(
        {"x": [1.0, 0.0, np.nan], "n": pd.array([1, None, 3], dtype="Int16"), "t": ["a", "b", None], "gone": 1.0},
        index=pd.Index([0, 1, 2], name="week"),
    )
    now = then.drop(columns="gone").assign(new=True)
    now.loc[1, "x"], now.loc[0, "n"], now.loc[2, "t"] = 1e-13, 2, "c"
    found = {change.what: (gap, change.then, change.now) for gap, change in compare("r", "table", then, now)}
    assert found == {
        "table: gone": (np.inf, "there", "not there"),
        "table: new": (np.inf, "not there", "there"),
        "table, week 1: x": (pytest.approx(1e-7), 0.0, 1e-13),  # against a millionth of the column's largest
        "table, week 0: n": (0.5, 1, 2),
        "table, week 2: t": (np.inf, pytest.approx(np.nan, nan_ok=True), "c"),
    }
    assert [change[1:] for _, change in compare("r", "table", then, then.head(2))] == [("table: rows", 3, 2)]
    assert [change[1:] for _, change in compare("r", "table", then, None)] == [("table", "there", "not there")]
    assert {gap for gap, _ in compare("r", "table", then, then.copy())} == {0.0}


# --- diff


def test_configurations_differ_in_keys_values_and_items():
    one, other = (
        resolved(compose(asked).config)
        for asked in (["policy=[fund,committee]", "out=a"], ["policy=fund", "policy.fund.yuan=1e5", "seed=2", "out=b"])
    )
    committee = one["policy"]["committee"]
    assert differences(one, other) == [
        Difference("policy.fund.yuan", 350_000.0, 100_000.0, "yuan per community and year"),
        Difference("policy.committee", committee, None, ""),
        Difference("seed", 1, 2, ""),
    ]
    assert differences(one, one) == []
    assert differences(one, one | {"baseline": None}) == [Difference("baseline", {}, None, "")]
    backwards = one | {"departments": dict(reversed(one["departments"].items()))}
    assert [d.key for d in differences(one, backwards)] == ["departments"]


def test_everything_that_has_a_configuration_can_be_compared(made: Path, tmp_path: Path, capsys):
    assert main(["run", "--cfg", "job", *TINY, "policy=committee"]) == 0
    (tmp_path / "mine.yaml").write_text(capsys.readouterr().out)
    asked = " ".join([*TINY, "policy=committee"])
    run_id = load_study(made / "study").runs.query("policy == 'committee' and seed == 1")["run_id"].item()
    alone = f"{asked} baseline=none engine.threads=1"
    for first, second in (
        (made / "run", f"{asked} record.cases=true"),
        (made / "run/manifest.json", f"{asked} record.cases=true"),
        (made / "sweep/0", asked),
        (tmp_path / "mine.yaml", asked),
        (f"{made / 'study'}:{run_id}", alone),
        (f"{made / 'study'}:{run_id[:10]}", alone),
        (f"{made / 'sweep'}:{load_study(made / 'sweep').runs['run_id'].iloc[-1]}", f"{asked} seed=2"),
        ("chengdu_2019", "policy=chengdu_2019"),
        ("chengdu_2019", "seed=1"),
    ):
        assert said(capsys, "diff", first, second) == (0, "same\n", "")


def test_a_difference_is_shown_with_both_values_and_unit(capsys):
    code, out, _ = said(capsys, "diff", "chengdu_2019", "more_of_the_same")
    assert code == 0
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert lines["key"].split() == ["key", "chengdu_2019", "more_of_the_same", "unit"]
    fund = ["policy.fund", "start=2018-01-01", "yuan=350,000", "signal=equal", "not", "there"]
    assert lines["policy.fund"].split() == fund
    assert lines["policy.department_capacity"].split()[1:4] == ["not", "there", "start=2017-09-04"]
    assert lines["policy.grid_staffing.workers_per_grid"].endswith("workers per grid")


def test_what_has_no_configuration_is_refused_in_one_line(made: Path, tmp_path: Path, capsys):
    (tmp_path / "part.yaml").write_text("policy: {}\n")
    (tmp_path / "broken.yaml").write_text("a: [\n")
    for argv, message in (
        (["fnud", "fund"], "nearest: fund"),
        (["fund"], "the following arguments are required: second"),
        ([tmp_path / "part.yaml", "fund"], "holds no whole configuration"),
        ([tmp_path / "broken.yaml", "fund"], "cannot be read"),
        ([made / "study", "fund"], "holds many runs; name one"),
        ([made / "sweep", "fund"], "holds many runs; name one"),
        ([f"{made / 'study'}:zzz", "fund"], "zzz: no run of"),
        ([made, "fund"], "holds no finished run"),
        (["policy=fund", "policy=fnd"], "policy=fnd: no such option"),
        (
            ["fund", "fund", "jobs=2"],
            "jobs=2: belongs to govsim study, govsim check, govsim calibrate or govsim reproduce",
        ),
    ):
        code, out, err = said(capsys, "diff", *argv)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert message in err


def test_a_text_of_overrides_may_take_something_out():
    assert "fund" not in settings_of("~policy.fund")["policy"]
