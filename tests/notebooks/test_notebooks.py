"""Every notebook runs from top to bottom in a fresh clone, where only the small committed studies are."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(ROOT.glob("experiments/*/notebook.py"))
FRESH = ("configs", "govsim", "results/reference/studies", "tests/policies")
"""What a notebook may read of a clone, besides its own folder."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone in which nothing was run yet."""
    for part in FRESH:
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).symlink_to(ROOT / part)
    return tmp_path


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """What the cells of a notebook showed."""
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_it_runs_and_shows_what_it_says(path: Path, clone: Path):
    folder = clone / "experiments" / path.parent.name
    folder.mkdir(parents=True)
    shutil.copy(path, folder)
    before = sorted(folder.rglob("*"))
    notebook = jupytext.read(folder / path.name)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()

    shown = outputs(notebook)
    images = [output for output in shown if "image/png" in output.get("data", {})]
    readings = sum(cell.source.count("How to read it") for cell in notebook.cells if cell.cell_type == "markdown")
    assert len(images) >= 2
    assert readings >= 2  # a figure without a sentence that reads it teaches nothing
    said = "".join(output.get("text", "") + str(output.get("data", "")) for output in shown)
    reads = "load_study(folder)" in path.read_text(encoding="utf-8")
    assert ("results/reference/studies/" in said) == reads  # it says which of the two it shows
    assert sorted(folder.rglob("*")) == before
    assert not any(output.get("name") == "stderr" for output in shown)


def test_each_has_a_readme_with_question_command_and_finding():
    assert len(NOTEBOOKS) >= 5
    for path in NOTEBOOKS:
        text = (path.parent / "README.md").read_text(encoding="utf-8")
        assert all(f"**{part}" in text for part in ("Question", "Command", "Finding")), path.parent
        assert "notebook.py" in text, path.parent
