"""Figures of a report: nothing on top of anything else, everything named, whatever the study looks like."""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import studies
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from govsim.compare import Comparison, compare, figures
from govsim.compare.figures.style import fitted, footer, looks, only
from govsim.language import in_language
from govsim.plot.style import STYLE

UNMET = "unmet_case_days_per_1000"
STUDIES = {
    "headline": lambda: studies.headline(seeds=4),
    "two theories": lambda: studies.headline(seeds=3, theories=("performance", "anchoring")),
    "budgets": lambda: studies.bundles(seeds=4, budgets=(20.0, 60.0)),
    "theories": lambda: studies.bundles(seeds=4, theories=("performance", "anchoring", "disconfirmation")),
    "forty": lambda: studies.bundles([*studies.NAMES, *(f"policy_{i}" for i in range(34))], seeds=3),
    "single": lambda: studies.bundles(seeds=1),
    "doses": lambda: studies.doses(seeds=4),
    "shocks": lambda: studies.shocked(seeds=4),
    "sobol": studies.sampled,
    "morris": lambda: studies.sampled("morris"),
}
FOOTERS = {
    "en": ("95% intervals", "a single replicate, no intervals", "exploration, not prediction"),
    "zh": ("95% 区间", "仅一次重复，没有区间", "用于探索，不作预测"),
}
"""What a footer says of intervals, of a single replicate, and of what it is for."""


@cache
def comparison(name: str, language: str = "en") -> Comparison:
    outcomes = [UNMET] if name == "forty" else [UNMET, "cured_share", "trust", "cost_per_resident"]
    with in_language(language):
        return compare(STUDIES[name](), outcomes)


def texts(figure: Figure) -> Iterator[Text]:
    """All texts that are drawn; tick labels only within the axes' limits."""
    yield from figure.texts
    for legend in [*figure.legends, *(ax.legend_ for ax in figure.axes if ax.legend_ is not None)]:
        yield from legend.get_texts()
    for ax in figure.axes:
        if ax.axison:
            yield from (ax.title, ax._left_title, ax._right_title, *ax.texts)  # pyright: ignore
            for axis in (ax.xaxis, ax.yaxis):
                yield axis.label
                low, high = sorted(axis.get_view_interval())
                span = 1e-6 * (high - low)
                for tick in axis.get_major_ticks():
                    if low - span <= tick.get_loc() <= high + span:
                        yield tick.label1


def clashes(figure: Figure) -> list[str]:
    """Texts that lie on each other, or stick out of the figure."""
    shown = [t for t in texts(figure) if t.get_visible() and t.get_text().strip()]
    boxes = [(t.get_text(), t.get_window_extent()) for t in shown]
    found = [f"outside: {text}" for text, box in boxes if not _inside(box, figure.bbox)]
    for (one, a), (other, b) in combinations(boxes, 2):
        width, height = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        if min(width, height) > 2.0:
            found.append(f"{one!r} on {other!r}")
    return found


def _inside(box: Any, outer: Any) -> bool:
    return box.x0 > -1 and box.y0 > -1 and box.x1 < outer.x1 + 1 and box.y1 < outer.y1 + 1


def test_a_footer_denies_no_intervals_that_are_drawn():
    sobol = pd.DataFrame({"n": [64], "replicates": [1], "low": [0.1], "high": [0.3]})
    assert "95% intervals" in footer("study", sobol)
    assert "no intervals" in footer("study", sobol.assign(low=np.nan, high=np.nan))


@pytest.mark.parametrize(
    ("name", "language"),
    [*((name, "en") for name in STUDIES), *((name, "zh") for name in ("two theories", "single", "doses", "sobol"))],
)
def test_nothing_overlaps_and_everything_is_named(name: str, language: str):
    drawn = comparison(name, language).figures
    intervals, single, purpose = FOOTERS[language]
    assert len(drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for key, figure in drawn.items():
            assert clashes(figure) == [], key
            words = "\n".join(text.get_text() for text in figure.texts)
            told = " ".join(words.split()) if language == "en" else words.replace("\n", "")
            assert studies.STUDY_ID in told, key
            assert "n = " in told, key
            assert (intervals in told) != (single in told), key
            assert purpose in told, key
            assert 500 < figure.bbox.width < 1_250, key
            for ax in figure.axes:
                named = ax.get_xlabel() or ax.get_title(loc="left") or "rankings" in key
                assert named or not ax.axison, key


def test_texts_on_each_other_are_found():
    effects = comparison("forty").tables["effects"]
    squeezed = Figure(figsize=(9, 2), layout="constrained")
    figures.forest(effects, UNMET, squeezed.add_subplot())
    squeezed.draw_without_rendering()
    assert any(" on " in clash for clash in clashes(squeezed))
    narrow = Figure(figsize=(1, 9))
    narrow.text(0.5, 0.5, "a policy with a name that is too long")
    assert clashes(narrow) == ["outside: a policy with a name that is too long"]


def test_axes_that_are_given_are_drawn_on():
    tables, ax = comparison("headline").tables, Figure().add_subplot()
    draws = {
        "effects": figures.forest, "main_effects": figures.main_effects, "interactions": figures.interaction_effects,
        "shapley": figures.shapley_shares,
    }  # fmt: skip
    for table, draw in draws.items():
        assert draw(tables[table], UNMET, ax) is ax
        assert draw(tables[table], UNMET) is not ax
    assert figures.frontier(tables["frontier"], ax) is ax


def _points(line: Line2D) -> np.ndarray:
    """Where a line goes: (points, 2)."""
    return np.column_stack([np.asarray(values, dtype=float) for values in line.get_data()])


def _marks(ax: Axes) -> dict[float, tuple[float, bool]]:
    """Of each row from the top: where its mark is, and whether that is filled."""
    found = {}
    for line in ax.lines:
        if line.get_marker() not in ("None", "|", None, ""):
            full = line.get_markerfacecolor() == line.get_color()
            found |= {float(y): (float(x), full) for x, y in _points(line)}
    return dict(sorted(found.items()))


def test_a_forest_shows_every_policy_its_interval_and_whether_anything_is_shown():
    table = only(comparison("forty").tables["effects"], outcome=UNMET)
    ax = figures.forest(table, UNMET)
    marks = list(_marks(ax).values())
    np.testing.assert_allclose([x for x, _ in marks], table["difference"])
    assert [full for _, full in marks] == list(table["p_holm"] < 0.05)
    assert {full for _, full in marks} == {True, False}
    assert [label.get_text() for label in ax.get_yticklabels()] == [fitted(policy) for policy in table["policy"]]
    ends = np.array([path.vertices[:, 0] for bars in ax.collections for path in bars.get_paths()])  # pyright: ignore
    np.testing.assert_allclose(ends, table[["low", "high"]])
    assert any(set(_points(line)[:, 0]) == {0.0} and len(_points(line)) == 2 for line in ax.lines)


def test_the_better_side_is_the_better_side():
    effects = comparison("headline").tables["effects"]
    assert figures.forest(effects, UNMET).get_xlabel().startswith("← better")
    assert "better →" in figures.forest(effects, "cured_share").get_xlabel()


def test_theories_are_drawn_apart():
    ax = figures.forest(comparison("theories").tables["effects"], UNMET)
    assert ax.legend_ is not None
    assert [text.get_text() for text in ax.legend_.get_texts()] == ["performance", "anchoring", "disconfirmation"]
    assert len(_marks(ax)) == 3 * len(studies.NAMES)


def test_shapley_bars_are_as_long_as_the_shares_and_the_whole_stands_below():
    table = only(comparison("headline").tables["shapley"], outcome=UNMET)
    ax = figures.shapley_shares(table, UNMET)
    lengths = [bar.get_width() for bar in ax.patches]  # pyright: ignore[reportAttributeAccessIssue]
    np.testing.assert_allclose(lengths, [*table["shapley"], table["total"].iloc[0]])
    np.testing.assert_allclose(sum(lengths[:-1]), lengths[-1])


def test_a_bend_is_marked_where_it_is():
    tables = comparison("doses").tables
    shapes = only(tables["shapes"], outcome=UNMET).set_index("factor")
    bend = shapes.loc["fund", "at"]
    assert np.isfinite(bend)  # pyright: ignore[reportArgumentType, reportCallIssue]
    fig = figures.dose_responses(tables["responses"], tables["marginals"], tables["shapes"], UNMET, {})
    upright = [[x for x in map(_upright, ax.lines) if x is not None] for ax in fig.axes[:2]]
    assert upright == [[bend], []]  # staffing is in proportion


def _upright(line: Line2D) -> float | None:
    """Where an upright line of two points stands."""
    points = _points(line)
    return float(points[0, 0]) if len(points) == 2 and np.ptp(points[:, 0]) == 0.0 else None


def test_the_frontier_joins_those_on_it():
    table = comparison("headline").tables["frontier"]
    ax = figures.frontier(table)
    on = only(table, status="on the frontier").sort_values(by="extra_cost")
    np.testing.assert_allclose(_points(ax.lines[0]), on[["extra_cost", "effect"]])
    assert ax.legend_ is not None
    assert len(ax.legend_.get_texts()) == len(table)
    many = comparison("forty").tables["frontier"]
    legend = figures.frontier(many).legend_
    assert legend is not None
    assert legend.get_texts()[-1].get_text() == f"{len(many) - 12} more, off the frontier"


def test_an_interaction_bends_away_from_the_dashed_line():
    tables = comparison("headline").tables
    found = {}
    for pair in (("committee", "fund"), ("committee", "grid_staffing")):
        ax = figures.interaction(tables["cells"], tables["effects"], pair, UNMET)
        dashed = next(line for line in ax.lines if line.get_linestyle() == "--")
        solid = next(line for line in ax.lines if line.get_color() == dashed.get_color() and line is not dashed)
        found[pair[1]] = _points(solid)[-1, 1] - _points(dashed)[-1, 1]
    assert found["fund"] == pytest.approx(5.0, abs=2.0)  # as planted
    assert found["grid_staffing"] == pytest.approx(0.0, abs=2.0)


def test_names_are_broken_at_blanks_first_and_never_inside_a_word():
    assert fitted("chengdu_2019 without grid_integration") == "chengdu_2019 without\ngrid_integration"
    assert fitted("short") == "short"
    long = "committee+fund+grid_integration+department_capacity"
    assert fitted(long).replace("\n", "") == long
    assert all(line.endswith("+") for line in fitted(long).split("\n")[:-1])
    assert max(map(len, fitted(long).split("\n"))) <= 30
    chinese = "社治委+网格整合+专职网格员=0.877+专项资金=350000"
    assert fitted(chinese).split("\n") == ["社治委+网格整合+", "专职网格员=0.877+", "专项资金=350000"]


def test_no_two_looks_are_the_same():
    drawn = list(looks([f"p{i}" for i in range(40)], "p3").values())
    assert len(set(map(str, drawn))) == 40
    assert len({(look.colour, look.marker) for look in drawn}) == 40


def test_settings_are_left_alone_and_no_display_is_asked_for():
    assert all(mpl.rcParams[name] == mpl.rcParamsDefault[name] for name in ("font.family", *STYLE))  # pyright: ignore
    code = "import sys, govsim.compare.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
