"""Pictures: both worlds in one figure, nothing on top of anything else, nobody's settings touched."""

import subprocess
import sys
import warnings
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure, SubFigure

from govsim import Run, plot, simulate

SMALL = ("place=community", "place.residents=15000", "weeks=40", "warmup=20")
PANELS = (plot.unmet, plot.stuck, plot.time_to_cure, plot.attitudes, plot.joining, plot.compound_map)


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(*SMALL)


@pytest.fixture(scope="module")
def alone() -> Run:
    return simulate("place=community", "weeks=3", "warmup=0", "baseline=none")


@pytest.mark.parametrize("draw", PANELS)
def test_panels_draw_where_they_are_told(run: Run, draw):
    ax = Figure().add_subplot()
    assert draw(run, ax=ax) is ax
    assert ax.get_title(loc="left")
    assert draw(run) is not ax


@pytest.mark.parametrize("draw", PANELS)
def test_one_world_and_a_few_weeks_are_enough(alone: Run, draw):
    draw(alone)


def test_a_map_of_what_is_not_known_yet_is_blank(alone: Run):
    assert plot.compound_map(alone, week=0, value="unmet_per_1000").images[0].get_array().mask.all()  # pyright: ignore


@pytest.mark.parametrize("value", plot.MAPS)
@pytest.mark.parametrize("world", ["baseline", "policy", "difference"])
def test_maps_show_each_settlement_where_it_lies(run: Run, value: str, world: str):
    ax = plot.compound_map(run, world, value=value)
    image = np.asarray(ax.images[0].get_array().filled(np.nan))  # pyright: ignore
    last = {w: run.compounds.query("world == @w and week == 40") for w in run.worlds}
    values = {w: table[value].to_numpy() for w, table in last.items()}
    shown = values["policy"] - values["baseline"] if world == "difference" else values[world]
    places = last["policy"]
    np.testing.assert_allclose(image[places["y"], places["x"]], shown)
    assert np.isfinite(image).sum() == len(shown)


def test_overview_shows_both_worlds_and_the_dates(run: Run):
    figure = plot.overview(run)
    words = "\n".join(text.get_text() for text in figure.findobj(mpl.text.Text))  # pyright: ignore
    for expected in ("chengdu_2019", "fragmented", "seed 1", "15,000 residents", "4 Sep 2017: committee"):
        assert expected in words
    axes = [ax for ax in figure.axes if ax.get_title(loc="left")]
    assert len(axes) == 10
    for ax in axes:
        assert ax.get_ylabel() or ax.images or "policy" in ax.get_title(loc="left")


@pytest.mark.parametrize("world", ["run", "alone"])
def test_nothing_overlaps_and_no_sign_is_missing(world: str, request: pytest.FixtureRequest, tmp_path: Path):
    figure = plot.overview(request.getfixturevalue(world))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(tmp_path / "overview.png")
    inside = figure.bbox
    boxes = [box for ax in figure.axes if (box := ax.get_tightbbox()) is not None]
    for part in (figure, *figure.findobj(SubFigure)):
        boxes += [label.get_window_extent() for label in (*part.texts, *part.legends)]  # pyright: ignore
    for box in boxes:
        assert box.x0 >= inside.x0
        assert box.x1 <= inside.x1
        assert box.y0 >= inside.y0
        assert box.y1 <= inside.y1
    for one, other in combinations(boxes, 2):
        width = min(one.x1, other.x1) - max(one.x0, other.x0)
        height = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(width, height) < 2.0  # pixels


def test_settings_are_left_alone(run: Run):
    plot.overview(run)
    assert {name: mpl.rcParams[name] for name in plot._STYLE} == {  # pyright: ignore
        name: mpl.rcParamsDefault[name]  # pyright: ignore
        for name in plot._STYLE
    }


def test_no_display_is_asked_for():
    code = "import sys, govsim.plot; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
