"""The cache of compiled kernels: it is of use for the source it was made from, and for no other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from govsim import jit, source

SHOW = (
    "from govsim.processes.handling import another_slot; print([another_slot(1, 2, i, 0, 0, 1000) for i in range(3)])"
)
"""A kernel of one file, into which those of another are inlined."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, to be edited."""
    return Path(shutil.copytree(source.PACKAGE, tmp_path / "govsim", ignore=shutil.ignore_patterns("__pycache__")))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def shown(package: Path) -> str:
    """What the kernel gives in a new process, with kernels kept beside the copy."""
    here = package.parent
    unset = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment = unset | {"PYTHONPATH": str(here), "XDG_CACHE_HOME": str(here / "cache")}
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(command, cwd=here, env=environment, check=True, capture_output=True, text=True).stdout


def test_an_edit_in_an_inlined_file_is_noticed(package):
    before = shown(package)
    assert list((package.parent / "cache").rglob("*.nbi"))
    assert shown(package) == before
    edit(package / "draws.py", "0xBF58476D1CE4E5B9", "0xBF58476D1CE4E5B7")
    assert shown(package) != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("draws.py", "2.0**-53", "2.0**-52"),
        ("config/kinds.py", "MOST_KINDS = ", "MOST_KINDS = 2 * "),  # a constant that kernels bake in
        ("calendar.py", "WORKING_DAYS = ", "WORKING_DAYS = 1 + "),
    ],
)
def test_whatever_goes_into_a_kernel_names_the_folder(file, old, new, package, monkeypatch):
    monkeypatch.setattr(source, "PACKAGE", package)
    before = source.kernels_hash.__wrapped__()
    edit(package / file, old, new)
    assert source.kernels_hash.__wrapped__() != before


def test_what_goes_into_no_kernel_leaves_them_in_use(package, monkeypatch):
    monkeypatch.setattr(source, "PACKAGE", package)
    before = source.kernels_hash.__wrapped__()
    edit(package / "plot" / "weeks.py", "import", "\nimport")
    assert source.kernels_hash.__wrapped__() == before


@pytest.mark.parametrize(("residents", "threads"), [(500, 1), (3_999_999, 1), (4_000_000, 2), (21_200_000, 4)])
def test_a_small_place_is_worth_one_thread_and_none_more_than_there_are(residents, threads, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert jit.threads_for(residents) == threads
