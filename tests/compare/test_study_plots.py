"""Pictures of studies for notebooks: each draws a table of the comparison, where it is told, in each language."""

import warnings
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
import studies
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from test_figures import clashes

from govsim import plot
from govsim.compare import Comparison, compare, figures
from govsim.compare.pairs import differences
from govsim.config.check import ConfigError
from govsim.language import LANGUAGES, in_language

UNMET = "unmet_case_days_per_1000"
MADE = {
    "headline": lambda: studies.headline(seeds=4, theories=("performance", "anchoring")),
    "doses": lambda: studies.doses(seeds=4),
    "budgets": lambda: studies.bundles(seeds=3, budgets=(20.0, 60.0)),
    "sobol": studies.sampled,
    "morris": lambda: studies.sampled("morris"),
}
DRAWN: dict[str, tuple[str, Callable[..., Axes], tuple, tuple[str, str]]] = {
    "effects": (
        "headline",
        plot.effects,
        (),
        ("Unmet need: difference from fragmented", "未满足的诉求：与条块分割之差"),
    ),
    "boxes": (
        "headline",
        plot.boxes,
        (),
        ("Unmet need: how much the difference varies", "未满足的诉求：差异的分散程度"),
    ),
    "main": ("headline", plot.main_effects, (), ("Unmet need: what each lever does", "未满足的诉求：每种手段的作用")),
    "together": (
        "headline",
        plot.interactions,
        (),
        ("Unmet need: what levers do together", "未满足的诉求：多种手段的共同作用"),
    ),
    "shares": (
        "headline",
        plot.shares,
        (),
        ("Unmet need: each lever's share of what all do", "未满足的诉求：全部手段的作用如何分摊"),
    ),
    "frontier": ("headline", plot.frontier, (), ("Unmet need and its price", "未满足的诉求及其代价")),
    "crossing": (
        "headline",
        plot.crossing,
        ("committee", "fund"),
        ("Unmet need: committee × fund", "未满足的诉求：社治委 × 专项资金"),
    ),
    "doses": ("doses", plot.doses, ("fund",), ("Unmet need: fund", "未满足的诉求：专项资金")),
    "ranking": (
        "budgets",
        plot.ranking,
        (60.0,),
        ("Unmet need: 60 yuan per resident and year", "未满足的诉求：每名居民每年 60 元"),
    ),
    "sobol": (
        "sobol",
        plot.sensitivity,
        (),
        (
            "What the effect of chengdu_2019 on unmet need hangs on (Sobol indices)",
            "成都2019改革对未满足的诉求的效果取决于什么（Sobol 指数）",
        ),
    ),
    "morris": (
        "morris",
        plot.sensitivity,
        (),
        (
            "What the effect of chengdu_2019 on unmet need hangs on (Morris screening)",
            "成都2019改革对未满足的诉求的效果取决于什么（Morris 筛选）",
        ),
    ),
}
"""Study, function, what it is asked, and the title in English and in Chinese."""


@cache
def comparison(name: str) -> Comparison:
    return compare(MADE[name](), [UNMET, "trust", "cost_per_resident"])


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_each_draws_where_it_is_told_and_nothing_overlaps(name: str, code: str):
    study, draw, asked, titles = DRAWN[name]
    ax = Figure().add_subplot()
    with in_language(code), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # a sign that is missing
        assert draw(comparison(study), *asked, ax=ax) is ax
        alone = draw(comparison(study), *asked)
        alone.figure.draw_without_rendering()  # pyright: ignore
    assert alone is not ax
    assert alone.get_title(loc="left") == dict(zip(LANGUAGES, titles, strict=True))[code]
    assert alone.get_xlabel()
    assert clashes(alone.figure) == []  # pyright: ignore
    assert alone._left_title.get_window_extent().x1 <= alone.figure.bbox.x1  # pyright: ignore


def test_effects_are_those_of_the_table():
    ax = plot.effects(comparison("doses"), "trust")
    table = comparison("doses").tables["effects"].query("outcome == 'trust'")
    points = np.concatenate(
        [np.asarray(line.get_xdata(), dtype=float) for line in ax.lines if line.get_marker() == "o"]
    )
    assert set(points) == set(table["difference"])
    assert [label.get_text() for label in ax.get_yticklabels()] == list(dict.fromkeys(table["policy"]))


def test_a_box_holds_the_middle_half_of_the_worlds():
    made = comparison("sobol")
    ax, pairs = plot.boxes(made), differences(made.material.runs, UNMET)
    means = pairs.groupby("scenario")["difference"].mean()
    box = np.asarray(ax.patches[0].get_path().vertices)  # pyright: ignore
    assert sorted({*np.round(box[:, 0], 6)}) == pytest.approx(np.quantile(means, [0.25, 0.75]), abs=1e-5)
    reach = [np.asarray(line.get_xdata(), dtype=float) for line in ax.lines if len(line.get_xdata())]  # pyright: ignore
    assert min(map(np.min, reach)) == pytest.approx(means.min())


def test_a_tornado_has_the_strongest_above_and_a_bar_for_each_end():
    trials = pd.DataFrame(
        [
            {"outcome": UNMET, "factor": name, "level": level, "move": move, "low": move - 1.0, "high": move + 1.0}
            for name, level, move in [
                ("a", 0.1, -2.0),
                ("a", 0.9, 2.0),
                ("b", 1.0, 9.0),
                ("b", 0.5, -7.0),
                ("c", 2.0, 0.5),
            ]
        ]
    )
    ax = figures.tornado(trials, UNMET)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "a", "c"]
    assert [round(bar.get_width(), 6) for bar in ax.patches] == [-7.0, 9.0, -2.0, 2.0, 0.5]  # pyright: ignore
    assert [text.get_text() for text in ax.legend_.get_texts()] == ["lower value", "higher value"]  # pyright: ignore
    assert [text.get_text() for text in ax.texts] == ["0.5", "1", "0.1", "0.9", "2"]
    ax.figure.draw_without_rendering()  # pyright: ignore
    assert clashes(ax.figure) == []  # pyright: ignore


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: plot.doses(comparison("headline"), "fund"), "responses: this study cannot show that"),
        (lambda: plot.doses(comparison("doses"), "fnd"), "fnd: not at several doses in this study; nearest: fund"),
        (lambda: plot.crossing(comparison("headline"), "committee", "fnd"), "fnd: no lever of a factorial"),
        (lambda: plot.effects(comparison("headline"), "satisfaction"), "outcome=satisfaction: is not in this table"),
        (lambda: plot.ranking(comparison("budgets"), 30.0), "budget=30.0: must be one of 20, 60"),
        (lambda: plot.frontier(comparison("headline"), theory="anchor"), "theory=anchor: not in this study"),
        (lambda: plot.sensitivity(comparison("sobol"), policy="x"), "x: not among the policies"),
    ],
)
def test_what_a_study_cannot_show_is_said(ask: Callable[[], Axes], said: str):
    with pytest.raises(ConfigError, match=said):
        ask()
