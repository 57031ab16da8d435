"""Pictures of a run. Each function draws on the axes it is given, or on new ones, and returns them.

    ax = govsim.plot.unmet(run)
    govsim.plot.overview(run).savefig("overview.png")

Nothing here needs a display or touches matplotlib's global state. Colours are those of Okabe and Ito and
matplotlib's viridis, which colour-blind readers can tell apart; where lines matter, their style differs too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from govsim.calendar import monday, week_of

if TYPE_CHECKING:
    import pandas as pd

    from govsim.study.run import Run

__all__ = ["attitudes", "compound_map", "joining", "overview", "stuck", "time_to_cure", "unmet"]

COLOURS = {"baseline": "#D55E00", "policy": "#0072B2"}
_BEFORE = "#555555"

TIERS = {
    "latent": ("nobody knows", "#BDBDBD"),
    "in_compounds": ("compound", "#56B4E9"),
    "at_communities": ("community", "#009E73"),
    "at_streets": ("street", "#F0E442"),
    "at_branches": ("department", "#E69F00"),
    "on_paper": ("closed on paper", "#CC79A7"),
}
"""Where an open case can be: series, words, colour."""


class _Map(NamedTuple):
    title: str
    unit: str
    colours: str


MAPS = {
    "unmet_per_1000": _Map("Unmet need", "case-days per 1,000 residents and week", "viridis_r"),
    "satisfaction": _Map("Satisfaction", "0 to 1", "viridis"),
    "trust": _Map("Trust", "0 to 1", "viridis"),
    "environment": _Map("Environment", "0 to 1", "viridis"),
    "joined_share": _Map("Residents who take part", "share", "viridis"),
}
"""What a map of compounds can show."""

_STYLE = {
    "font.size": 10,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelcolor": "#333333",
    "grid.color": "#E4E4E4",
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "lines.linewidth": 2.0,
    "image.interpolation": "nearest",
}
_SHOWN_BEFORE = 26
"""Weeks of the warm-up that are shown."""
_SHOWN_DAYS = 120
"""Working days of the time to cure that are shown: about half a year."""


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(_STYLE):  # pyright: ignore[reportArgumentType]
            return draw(*args, **kwargs)

    return drawn


@styled
def unmet(run: Run, ax: Axes | None = None) -> Axes:
    """Unmet need over time: severity-weighted days that people live with a problem, found or not."""
    ax = ax or _axes()
    _lines(run, ax, "unmet_case_days_per_1000")
    ax.set_ylim(0, 1.12 * ax.dataLim.ymax)
    _time_axis(run, ax)
    ax.set(title="Unmet need: days lived with a problem", ylabel="case-days per 1,000 residents\nand week")
    ax.legend(loc="lower left", ncols=3)
    return ax


@styled
def stuck(run: Run, world: str = "policy", ax: Axes | None = None) -> Axes:
    """Open problems over time, stacked by where they are stuck."""
    ax = ax or _axes()
    weekly, people = _weekly(run, world), run.settings["place"]["residents"] / 1_000
    labels, colours = zip(*TIERS.values(), strict=True)
    heights = [weekly[name].to_numpy() / people for name in TIERS]
    ax.stackplot(_ends(weekly.index), heights, labels=labels, colors=colours, edgecolor="white", linewidth=0.4)
    ax.set(title=f"Where problems are stuck: {world}", ylabel="open problems per 1,000 residents")
    ax.set_ylim(0, 1.12 * max(np.sum(heights, axis=0)))
    ax.legend(*(part[::-1] for part in ax.get_legend_handles_labels()), loc="upper left")
    _time_axis(run, ax)
    return ax


@styled
def time_to_cure(run: Run, ax: Axes | None = None) -> Axes:
    """Share of problems truly cured, and of those gone by themselves, by days since they arose."""
    ax = ax or _axes()
    curves = run.time_to_cure[run.time_to_cure["day"] <= _SHOWN_DAYS]
    for world in run.worlds:
        curve = curves[curves["world"] == world]
        half = (run.summary[world] or {})["days_to_cure_median"]
        by = "half never are" if half is None else f"half by day {half:.0f}"
        style: dict[str, Any] = {"where": "post", "color": COLOURS[world]}
        ax.step(curve["day"], curve["cured"], label=f"{world}: truly cured ({by})", **style)
        ax.step(curve["day"], curve["lapsed"], ":", label="gone by themselves", **style)
        if half is not None and half <= _SHOWN_DAYS:
            ax.plot(half, 0.5, "o", color=COLOURS[world], markeredgecolor="white", markersize=8, zorder=3)
    ax.set(title="How long problems last", xlabel="working days since the problem arose", xlim=(0, _SHOWN_DAYS))
    ax.set(ylim=(0, 1.22), yticks=np.linspace(0, 1, 6), ylabel="share of all problems, found or not")
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.legend(loc="upper left", ncols=2)
    return ax


@styled
def attitudes(run: Run, ax: Axes | None = None) -> Axes:
    """Satisfaction and trust over time, as residents feel."""
    ax = ax or _axes()
    styles: dict[str, Any] = {"satisfaction": "-", "trust": "--"}
    for name, style in styles.items():
        _lines(run, ax, name, style)
    low, high = ax.dataLim.intervaly
    middle, half = (low + high) / 2, max(0.2, 0.6 * (high - low))
    ax.set(title="Satisfaction and trust", ylabel="mean of residents, 0 to 1")
    ax.set_ylim(max(0.0, middle - half), min(1.0, middle + half))
    _time_axis(run, ax)
    key = {world: Line2D([], [], color=COLOURS[world]) for world in run.worlds}
    key |= {name: Line2D([], [], color=_BEFORE, linestyle=style) for name, style in styles.items()}
    ax.legend(list(key.values()), list(key), loc="lower left", ncols=2)
    return ax


@styled
def joining(run: Run, ax: Axes | None = None) -> Axes:
    """Share of residents who take part in community affairs, over time."""
    ax = ax or _axes()
    _lines(run, ax, "joining")
    ax.set(title="Residents who take part", ylabel="share of residents")
    ax.set_ylim(0, max(0.05, 1.25 * ax.dataLim.ymax))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    _time_axis(run, ax)
    ax.legend(loc="best")
    return ax


@styled
def compound_map(
    run: Run,
    world: str = "policy",
    week: int | None = None,
    value: str = "satisfaction",
    ax: Axes | None = None,
    limits: tuple[float, float] | None = None,
) -> Axes:
    """The lattice of compounds, coloured by one of :data:`MAPS`.

    Args:
        run: results.
        world: ``baseline``, ``policy``, or ``difference`` (policy less baseline).
        week: 0 or the last week (default).
        value: a column of ``run.compounds``.
        ax: axes to draw on.
        limits: lowest and highest value of the colour scale.
    """
    ax = ax or _axes()
    week = int(run.settings["weeks"]) if week is None else week
    shown = MAPS[value]
    if world == "difference":
        image = _lattice(run, "policy", week, value) - _lattice(run, "baseline", week, value)
        most = float(np.nanpercentile(np.abs(image), 98)) or 1.0
        limits, colours = limits or (-most, most), "PuOr_r" if shown.colours.endswith("_r") else "PuOr"
        label = f"difference ({shown.unit})"
    else:
        image, colours, label = _lattice(run, world, week, value), shown.colours, shown.unit
    low, high = limits or (None, None)
    drawn = ax.imshow(image, origin="lower", cmap=colours, vmin=low, vmax=high)
    below, above = np.any(image < drawn.norm.vmin), np.any(image > drawn.norm.vmax)
    extend = "both" if below and above else "min" if below else "max" if above else "neither"
    ax.add_collection(_borders(run))
    ax.set(xticks=[], yticks=[], title=f"{shown.title}, {world}, week {week}")
    ax.grid(False)
    ax.spines[:].set_visible(False)
    _figure(ax).colorbar(
        drawn, ax=ax, orientation="horizontal", shrink=0.85, aspect=30, pad=0.04, label=label, extend=extend
    )
    return ax


@styled
def overview(run: Run) -> Figure:
    """The whole run in one figure: how much people suffer, where it gets stuck, how long, how they feel, where."""
    from govsim.study.table import caption

    fig = Figure(figsize=(16, 12.4), dpi=110, layout="constrained")
    (title, about), dates = caption(run), _dates_in_words(run)
    fig.get_layout_engine().set(rect=(0.005, 0.005, 0.99, 0.93 - 0.014 * len(dates)))  # pyright: ignore
    rows: Any = fig.subfigures(3, 1, height_ratios=[1, 1.15, 1.1])
    top, middle, bottom = rows

    left, right = top.subplots(1, 2, width_ratios=[1.25, 1])
    unmet(run, left)
    time_to_cure(run, right)

    where, felt = middle.subfigures(1, 2)
    panels = where.subplots(1, len(run.worlds), sharey=True, squeeze=False)[0]
    tops = []
    for world, panel in zip(run.worlds, panels, strict=True):
        tops.append(stuck(run, world, panel).get_ylim()[1])
        panel.legend_.remove()
        panel.label_outer()
    panels[0].set_ylim(top=max(tops))
    handles, labels = panels[0].get_legend_handles_labels()
    where.legend(handles, labels, loc="outside lower center", ncols=6, columnspacing=1.2, handlelength=1.2)
    left, right = felt.subplots(1, 2)
    attitudes(run, left)
    joining(run, right)

    _maps(run, bottom)
    fig.text(0.012, 0.985, title, fontsize=17, weight="bold", va="top")
    fig.text(0.012, 0.957, about, fontsize=11.5, color=_BEFORE, va="top")
    fig.text(0.012, 0.936, "\n".join(dates), fontsize=10, color=_BEFORE, va="top")
    return fig


# --- parts


def _axes() -> Axes:
    return Figure(figsize=(7, 4), dpi=110, layout="constrained").add_subplot()


def _figure(ax: Axes) -> Any:
    return ax.get_figure()


def _weekly(run: Run, world: str) -> pd.DataFrame:
    """Series of one world as columns, from shortly before week 0: (weeks, outcomes)."""
    series = run.series[(run.series["world"] == world) & (run.series["week"] >= -_SHOWN_BEFORE)]
    return series.pivot(index="week", columns="outcome", values="value")


def _ends(weeks: Any) -> np.ndarray:
    """The dates on which weeks end: what is recorded of a week is known by then."""
    return np.array([monday(int(week) + 1) for week in weeks], dtype="M8[D]")


def _lines(run: Run, ax: Axes, name: str, style: str = "-") -> None:
    """One series of both worlds over time; what they share before week 0 is drawn once."""
    before = _weekly(run, "policy")[name].loc[:-1]
    for world in run.worlds:
        values = _weekly(run, world)[name].loc[-1:]
        ax.plot(_ends(values.index), values, style, color=COLOURS[world], label=world)
    if len(before):
        ax.plot(_ends(before.index), before, style, color=_BEFORE, label="before", zorder=3)


def _time_axis(run: Run, ax: Axes) -> None:
    """Dates below, and a mark for each date on which a policy begins or ends."""
    first = max(-_SHOWN_BEFORE, -run.settings["warmup"])
    ax.set_xlim(monday(first), monday(run.settings["weeks"]))  # pyright: ignore[reportArgumentType]
    locator = AutoDateLocator(minticks=3, maxticks=7)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    for letter, week in zip(_LETTERS, _events(run), strict=False):
        day: Any = monday(week)
        ax.axvline(day, color=_BEFORE, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
        ax.annotate(
            letter, (day, 1.0), (2, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
            va="top", fontsize=8.5, weight="bold", color=_BEFORE,
        )  # fmt: skip


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _events(run: Run) -> dict[int, list[str]]:
    """What begins and ends in which week of the window."""
    settings = run.settings
    events: dict[int, list[str]] = {}
    for world, instruments in (("", settings["policy"]), (" (baseline)", settings["baseline"] or {})):
        for name, instrument in sorted(instruments.items()):
            words = name.replace("_", " ")
            for day, what in ((instrument["start"], words), (instrument["end"], f"end of {words}")):
                if day and 0 <= week_of(day) < settings["weeks"]:
                    events.setdefault(week_of(day), []).append(what + world)
    return dict(sorted(events.items()))


def _dates_in_words(run: Run) -> list[str]:
    """What the letters stand for, in lines that fit the figure."""
    parts = []
    for letter, (week, names) in zip(_LETTERS, _events(run).items(), strict=False):
        day = monday(week)
        date = f"{letter}  {day.day} {day:%b %Y}: "
        parts.append(_one_word(date) + ", ".join(map(_one_word, names)))
    return [line.replace(_GLUE, " ") for line in wrap("     ".join(parts), 200, break_long_words=False)]


_GLUE = "\u00a0"


def _one_word(text: str) -> str:
    """A text that no line break parts."""
    return text.replace(" ", _GLUE)


def _maps(run: Run, fig: Any) -> None:
    """Compounds before, at the end in each world, and the difference."""
    value, last = "satisfaction", run.settings["weeks"]
    shown = [("policy", 0, "before"), *((world, last, f"{world}, at the end") for world in run.worlds)]
    if len(run.worlds) > 1:
        shown.append(("difference", last, "policy less baseline"))
    low, high = np.percentile(run.compounds[value], [2, 98])  # a few tiny compounds must not set the scale
    for ax, (world, week, words) in zip(fig.subplots(1, len(shown)), shown, strict=True):
        compound_map(run, world, week, value, ax, None if world == "difference" else (low, high))
        ax.set_title(f"{MAPS[value].title}: {words}")
    note = f"Maps: a cell is a compound or the open part of a community; white lines part {_tier(run)}."
    fig.supxlabel(note, x=0.012, ha="left", fontsize=10, color=_BEFORE)


def _lattice(run: Run, world: str, week: int, value: str) -> np.ndarray:
    """Values of settlements where they lie; NaN where nobody lives: (rows, columns)."""
    table = run.compounds
    table = table[(table["world"] == world) & (table["week"] == week)]
    x, y = (np.asarray(table[axis]) for axis in ("x", "y"))
    image = np.full((int(y.max()) + 1, int(x.max()) + 1), np.nan)
    image[y, x] = table[value]
    return image


_TIERS = {"communities": "community", "streets": "street", "districts": "district"}


def _tier(run: Run) -> str:
    """The smallest tier whose borders are not too fine to see."""
    return next((units for units, tier in _TIERS.items() if len(set(run.compounds[tier])) <= 40), "districts")


def _borders(run: Run) -> LineCollection:
    """Borders between the units of a tier."""
    unit = _lattice(run, "policy", 0, _TIERS[_tier(run)])
    right = [((x + 0.5, y - 0.5), (x + 0.5, y + 0.5)) for y, x in np.argwhere(np.diff(unit, axis=1) != 0)]
    above = [((x - 0.5, y + 0.5), (x + 0.5, y + 0.5)) for y, x in np.argwhere(np.diff(unit, axis=0) != 0)]
    return LineCollection([*right, *above], colors="white", linewidths=1.6)
