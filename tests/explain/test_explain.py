"""``govsim explain``: what a stranger types, and what is refused in one line."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from govsim import load_run, load_study, simulate
from govsim.cli import main
from govsim.study.conduct import conduct
from govsim.views.cases import CaseId

TINY = ("place.residents=2000", "warmup=4", "weeks=8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, one without a baseline, and a study."""
    root = tmp_path_factory.mktemp("made")
    simulate(*TINY, "policy=committee", "record.cases=true", "record.handoffs=off", f"out={root / 'run'}")
    simulate(*TINY, "policy=committee", "baseline=none", f"out={root / 'alone'}")
    conduct(["levers.policies=[fund]", *TINY, "replicates=2", "jobs=1", f"out={root / 'study'}"], print)
    return root


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["explain", *(str(a) for a in argv)])
    out, err = capsys.readouterr()
    return code, out, err


def test_without_an_id_it_says_what_to_ask_for(made: Path, capsys):
    code, out, err = said(capsys, made / "run")
    assert (code, err) == (0, "")
    for what, number in re.findall(r"--(case|compound|community|resident) (\d+)", out)[:3]:
        assert said(capsys, made / "run", f"--{what}", number)[0] == 0


def test_a_story_is_told_within_100_columns(made: Path, capsys):
    cases = load_run(made / "run").cases
    assert cases is not None
    of_policy = cases[cases["world"] == "policy"].reset_index()
    longest = int(of_policy["id"].iloc[of_policy["hops"].argmax()])
    code, out, err = said(capsys, made / "run", "--case", longest)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 100
    assert out.startswith(f"Case {longest}: ")
    names = sorted(load_run(made / "run").config.kinds)
    assert said(capsys, made / "run", "--case", CaseId(longest, names))[1] == out


def test_the_way_of_a_case_is_drawn(made: Path, capsys, tmp_path: Path):
    cases = load_run(made / "run").cases
    assert cases is not None
    which = int(cases.reset_index()["id"].iloc[-1])
    for more in ((), ("--between",), ("--between", "--world", "baseline")):
        for kind, begins in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
            file = tmp_path / f"way{len(more)}{kind}"
            code, out, _err = said(capsys, made / "run", "--case", which, *more, "--picture", file)
            assert code == 0
            assert out.startswith(f"Case {which}: ")
            assert file.read_bytes().startswith(begins)


def test_both_worlds_and_each(made: Path, capsys):
    assert "in two worlds" in said(capsys, made / "run", "--compound", 0, "--between")[1]
    for world, heard in (("policy", "Into force: committee"), ("baseline", "no community fund")):
        assert heard in said(capsys, made / "run", "--community", 0, "--world", world)[1]


def test_a_run_of_a_study(made: Path, capsys):
    runs = load_study(made / "study").runs
    run_id = runs.loc[runs["policy"] == "fund", "run_id"].iloc[0]
    code, out, _err = said(capsys, made / "study", "--run", run_id[:10], "--resident", 5, "--between")
    assert code == 0
    assert "in the world of fund and in the world of fragmented" in " ".join(out.split())
    assert said(capsys, made / "study")[2].count("name one with --run ID") == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("--case", "12"), "--case=12: no such case in this run: ids go from"),
        (("--case", "nonsense/0/0/0"), "--case=nonsense/0/0/0: no such case in this run"),
        (("--case", "x"), "--case=x: must be a whole number, or kind/settlement/day/number"),
        (("--resident", "99999"), "--resident=99999: no such resident in this run: ids go from 0 to 1999"),
        (("--compound", "-1"), "--compound"),
        (("--case", "1", "--resident", "2"), "tells one story at a time, not --case and --resident"),
        (("--between",), "--between: must name what to compare"),
        (("--world", "mine"), "--world=mine: must be policy or baseline"),
        (("--run", "abc"), "--run=abc: "),
        (("--resident", "5", "--picture", "x.png"), "--picture=x.png: a case has one; name it by --case"),
        (("--picture", "x.png"), "--picture=x.png: a case has one"),
        (("--case", "1", "--picture", "x.bmp"), "--picture=x.bmp: must end in .png, .svg or .pdf"),
        (("--case", "1", "--picture", "no/x.png"), "--picture=no/x.png: cannot be written; is no a folder of yours?"),
    ],
)
def test_bad_input_is_refused_in_one_line(made: Path, capsys, argv, message):
    code, out, err = said(capsys, made / "run", *argv)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_what_cannot_be_told_is_refused(made: Path, capsys, tmp_path: Path):
    assert "no other world to compare with" in said(capsys, made / "alone", "--resident", 1, "--between")[2]
    assert "holds no finished run" in said(capsys, tmp_path)[2]
    large = Path(shutil.copytree(made / "run", tmp_path / "large"))
    manifest = json.loads((large / "manifest.json").read_text())
    manifest["config"]["place"]["residents"] = 5_000_000
    (large / "manifest.json").write_text(json.dumps(manifest))
    code, _out, err = said(capsys, large, "--resident", 1)
    assert code == 2
    assert "its place is too large" in err


def test_a_run_of_other_code_is_said_to_be_one(made: Path, capsys, tmp_path: Path):
    old = Path(shutil.copytree(made / "run", tmp_path / "old"))
    manifest = json.loads((old / "manifest.json").read_text())
    manifest["source_hash"] = "0" * 16
    (old / "manifest.json").write_text(json.dumps(manifest))
    code, out, err = said(capsys, old, "--resident", 1)
    assert code == 0
    assert out
    assert "the code or its configs changed since" in err
