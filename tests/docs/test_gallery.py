"""The gallery: every picture is made by the code above it, and every function that draws has its picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generator import gallery
from generator.gallery import PICTURE, draw, steps

from govsim import plot

PAGE = Path(gallery.__file__).parents[1] / "gallery.md"
NO_PICTURE = {
    "COLOURS": "no function",
    "MAPS": "no function",
    "TIERS": "no function",
    "styled": "for those who draw more",
    "ranking": "of a study with budgets, which is larger than what is committed; its call is on the page",
}


def test_every_picture_follows_the_code_that_makes_it():
    shown = PICTURE.findall(PAGE.read_text(encoding="utf-8"))
    assert [picture for _, picture in steps(PAGE) if picture] == shown
    assert len(shown) == len(set(shown))


def test_every_function_that_draws_is_shown():
    called = set(re.findall(r"plot\.(\w+)\(", "".join(code for code, picture in steps(PAGE) if picture)))
    assert called == set(dir(plot)) - NO_PICTURE.keys()
    assert "plot.ranking" in PAGE.read_text(encoding="utf-8")


def test_every_function_that_draws_is_among_the_names_for_python():
    names = set(re.findall(r"autofunction:: govsim\.plot\.(\w+)", (PAGE.parent / "api.md").read_text(encoding="utf-8")))
    assert names == {name for name in dir(plot) if NO_PICTURE.get(name, "drawn") != "no function"} - {"styled"}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A gallery of one picture, whose pixels are as many as it says."""
    page = tmp_path / "docs" / "gallery.md"
    page.parent.mkdir()
    page.write_text(
        "```python\nfrom matplotlib.figure import Figure\n\nwide = 9\n```\n\nA picture:\n\n"
        "```python\nfigure = Figure(figsize=(wide, 3))\nfigure.text(0.5, 0.5, 'seen')\nfigure\n```\n\n"
        "![A picture](_pictures/one.png)\n"
    )
    return page


def test_a_picture_is_drawn_once_and_again_when_its_code_changes(page: Path, tmp_path: Path):
    draw(page, tmp_path / "pictures")
    (file,) = (tmp_path / "pictures").glob("*.png")
    first, made = file.read_bytes(), file.stat().st_mtime_ns
    draw(page, tmp_path / "pictures")
    assert file.stat().st_mtime_ns == made
    page.write_text(page.read_text().replace("'seen'", "'seen anew'"))
    draw(page, tmp_path / "pictures")
    assert file.read_bytes() != first


def test_code_that_ends_in_no_figure_is_noticed(page: Path, tmp_path: Path):
    page.write_text(page.read_text().replace("\nfigure\n", "\nwide\n"))
    with pytest.raises(TypeError, match=r"before one\.png ends in 9"):
        draw(page, tmp_path / "pictures")
