"""Pictures of runs: both worlds in one figure, in each language, nothing on anything else, settings left alone."""

import subprocess
import sys
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure, SubFigure

from govsim import Run, plot, simulate
from govsim.language import LANGUAGES, in_language
from govsim.plot.style import STYLE

SMALL = ("place=community", "place.residents=15000", "weeks=40", "warmup=20")
PANELS = (plot.unmet, plot.stuck, plot.time_to_cure, plot.attitudes, plot.joining, plot.compound_map)


WORDS = {
    "en": {
        plot.unmet: ("Unmet need: days lived with a problem", ["baseline", "policy", "before"]),
        plot.stuck: (
            "Where problems are stuck: policy",
            ["closed on paper", "department", "street", "community", "compound", "nobody knows"],
        ),
        plot.joining: ("Residents who take part", ["baseline", "policy", "before"]),
        plot.attitudes: ("Satisfaction and trust", ["baseline", "policy", "satisfaction", "trust"]),
    },
    "zh": {
        plot.unmet: ("未满足的诉求：与问题共处的日子", ["基线", "政策", "之前"]),
        plot.stuck: ("问题卡在哪里：政策", ["账面办结", "部门", "街道", "社区", "小区", "无人知晓"]),
        plot.joining: ("参与社区事务的居民", ["基线", "政策", "之前"]),
        plot.attitudes: ("满意度与信任度", ["基线", "政策", "满意度", "信任度"]),
    },
}
"""Title and legend of some panels."""
EXPECTED = {
    "en": ("chengdu_2019", "fragmented", "seed 1", "15,000 residents", "4 Sep 2017: committee, grid integration"),
    "zh": ("成都2019改革", "条块分割", "种子 1", "居民 15,000 人", "2017年9月4日：社治委、网格整合"),
}
"""What the overview says."""


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [plot.unmet, plot.stuck, plot.joining, plot.attitudes])
def test_panels_say_what_they_show_in_each_language(run: Run, draw, language: str):
    with in_language(language):
        ax = draw(run)
    title, legend = WORDS[language][draw]
    assert ax.get_title(loc="left") == title
    assert [text.get_text() for text in ax.legend_.get_texts()] == legend
    assert ax.get_ylabel()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_legend_hides_no_layer_and_stays_inside(run: Run, language: str):
    with in_language(language):
        stuck, cure = plot.stuck(run), plot.time_to_cure(run)
    for ax in (stuck, cure):
        ax.figure.draw_without_rendering()  # pyright: ignore
        legend = ax.legend_.get_window_extent()  # pyright: ignore
        assert legend.x1 <= (ax.figure if ax is stuck else ax).bbox.x1
    assert stuck.legend_.get_window_extent().x0 >= stuck.bbox.x1  # pyright: ignore
    labels = [text.get_text() for text in cure.legend_.get_texts()]  # pyright: ignore
    assert len(labels) == len(set(labels)) == 4


def test_letters_of_dates_that_lie_close_do_not_stand_on_each_other(run: Run):
    ax = plot.unmet(run, Figure(figsize=(3.5, 3), layout="constrained").add_subplot())
    ax.figure.draw_without_rendering()  # pyright: ignore
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) > 3
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_both_worlds_are_lines_and_what_they_share_is_one(run: Run):
    ax = plot.unmet(run)
    drawn = [line for line in ax.lines if len(line.get_xdata()) > 2]  # pyright: ignore
    assert [len(line.get_ydata()) for line in drawn] == [41, 41, 20]  # pyright: ignore
    shared = drawn[2].get_ydata()[-1]  # pyright: ignore
    assert all(line.get_ydata()[0] == shared for line in drawn[:2])  # pyright: ignore


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_overview_shows_both_worlds_and_the_dates(run: Run, language: str):
    with in_language(language):
        figure = plot.overview(run)
    words = "\n".join(text.get_text() for text in figure.findobj(mpl.text.Text))  # pyright: ignore
    for expected in EXPECTED[language]:
        assert expected in words
    axes = [ax for ax in figure.axes if ax.get_title(loc="left")]
    assert len(axes) == 10
    for ax in axes:
        assert ax.get_ylabel() or ax.images or WORDS[language][plot.stuck][0] == ax.get_title(loc="left")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("world", ["run", "alone"])
def test_nothing_overlaps_and_no_sign_is_missing(
    world: str, language: str, request: pytest.FixtureRequest, tmp_path: Path
):
    with in_language(language):
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
    names: list[Any] = ["font.family", *STYLE]
    assert {name: mpl.rcParams[name] for name in names} == {name: mpl.rcParamsDefault[name] for name in names}


def test_no_display_is_asked_for():
    code = "import sys; from govsim.plot import effects, overview; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
