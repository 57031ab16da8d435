"""``govsim new-policy``: the example that it writes runs, its test passes, and what it must not do is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from govsim.cli import main
from govsim.cli.new_policy import FILES

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("govsim", "configs", "tests/policies")
NAME = "night_patrols"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch) -> Path:
    """A copy of what a new instrument is a part of, as the working folder."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_works_at_once(checkout: Path, capsys):
    assert main(["new-policy", NAME]) == 0
    said = capsys.readouterr().out
    written = [path.format(NAME) for path in FILES.values()]
    assert all(f"{path} " in said for path in written)

    # another folder of sources is compiled anew: quickly here, since little is run
    environment = os.environ | {"PYTHONPATH": str(checkout), "NUMBA_CACHE_DIR": str(checkout / "k"), "NUMBA_OPT": "0"}

    def run(*module: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *module], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("ruff", "check", *(path for path in written if path.endswith(".py")))
    run("ruff", "format", "--check", *(path for path in written if path.endswith(".py")))
    assert NAME in run("govsim.cli", "list", "instruments")
    tests = (f"tests/policies/test_{NAME}.py", "tests/policies/test_instruments.py")
    assert "passed" in run("pytest", "-n", "0", "-k", NAME, *tests)
    assert f"{NAME} (policy)" in run("govsim.cli", "run", f"policy={NAME}", "place=community", "warmup=1", "weeks=2")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Night", "must be lower case words"),
        ("night-patrols", "must be lower case words"),
        ("lambda", "must be lower case words"),
        ("policy", "must not be one of base, label, policy"),
        ("fund", "is taken"),
        ("chengdu_2019", "is taken"),
        ("half_there", "tests/policies/test_half_there.py is there already"),
    ],
)
def test_a_bad_or_taken_name_is_refused_and_nothing_written(name, why, tmp_path: Path, monkeypatch, capsys):
    for path in FILES.values():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "tests/policies/test_half_there.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert main(["new-policy", name]) == 2
    assert why in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["test_half_there.py"]


def test_outside_a_checkout_it_is_refused_in_one_line(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new-policy", NAME]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "is in no checkout of govsim" in error
