"""A run over its weeks: unmet need, where problems are stuck, how long they last, how people feel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from govsim.calendar import monday, week_of
from govsim.language import _
from govsim.language.font import families
from govsim.plot.style import COLOURS, GREY, new_axes, styled

if TYPE_CHECKING:
    import pandas as pd

    from govsim.study.run import Run

__all__ = ["LETTERS", "TIERS", "attitudes", "date_axis", "events", "joining", "stuck", "time_to_cure", "unmet"]

TIERS = {
    "latent": ("nobody knows", "#BDBDBD"),
    "in_compounds": ("compound", "#56B4E9"),
    "at_communities": ("community", "#009E73"),
    "at_streets": ("street", "#F0E442"),
    "at_branches": ("department", "#E69F00"),
    "on_paper": ("closed on paper", "#CC79A7"),
}
"""Where an open case can be: series, words, colour."""


_SHOWN_BEFORE = 26
"""Weeks of the warm-up that are shown."""
_SHOWN_DAYS = 120
"""Working days of the time to cure that are shown: about half a year."""
_CLOSE = 0.06
"""Share of the time axis under which two dates lie close together."""


@styled
def unmet(run: Run, ax: Axes | None = None) -> Axes:
    """Unmet need over time: severity-weighted days that people live with a problem, found or not."""
    ax = ax or new_axes()
    _lines(run, ax, "unmet_case_days_per_1000")
    ax.set_ylim(0, 1.18 * ax.dataLim.ymax)
    _time_axis(run, ax)
    ax.set(title=_("Unmet need: days lived with a problem"), ylabel=_("case-days per 1,000 residents\nand week"))
    ax.legend(loc="lower right", ncols=3)
    return ax


@styled
def stuck(run: Run, world: str = "policy", ax: Axes | None = None) -> Axes:
    """Open problems over time, stacked by where they are stuck."""
    ax = ax or new_axes()
    weekly, people = _weekly(run, world), run.settings["place"]["residents"] / 1_000
    labels, colours = [_(words) for words, __ in TIERS.values()], [colour for __, colour in TIERS.values()]
    heights = [weekly[name].to_numpy() / people for name in TIERS]
    ax.stackplot(_ends(weekly.index), heights, labels=labels, colors=colours, edgecolor="white", linewidth=0.4)
    title = _("Where problems are stuck: {world}", world=_(world))
    ax.set(title=title, ylabel=_("open problems per 1,000 residents"))
    ax.set_ylim(0, 1.12 * max(np.sum(heights, axis=0)))
    ax.legend(*(part[::-1] for part in ax.get_legend_handles_labels()), loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _time_axis(run, ax)
    return ax


@styled
def time_to_cure(run: Run, ax: Axes | None = None) -> Axes:
    """Share of problems truly cured, and of those gone by themselves, by days since they arose."""
    ax = ax or new_axes()
    curves = run.time_to_cure[run.time_to_cure["day"] <= _SHOWN_DAYS]
    key: dict[str, dict[str, Any]] = {}
    for world in run.worlds:
        curve = curves[curves["world"] == world]
        half = (run.summary[world] or {})["days_to_cure_median"]
        by = _("half never are cured") if half is None else _("half cured by day {day:.0f}", day=half)
        key[_("{world}: {half}", world=_(world), half=by)] = {"color": COLOURS[world]}
        style: dict[str, Any] = {"where": "post", "color": COLOURS[world]}
        ax.step(curve["day"], curve["cured"], **style)
        ax.step(curve["day"], curve["lapsed"], ":", **style)
        if half is not None and half <= _SHOWN_DAYS:
            ax.plot(half, 0.5, "o", color=COLOURS[world], markeredgecolor="white", markersize=8, zorder=3)
    ax.set(title=_("How long problems last"), xlabel=_("working days since the problem arose"), xlim=(0, _SHOWN_DAYS))
    ax.set(ylim=(0, 1.22), yticks=np.linspace(0, 1, 6), ylabel=_("share of all problems, found or not"))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    key |= {_("truly cured"): {"color": GREY}, _("gone by themselves"): {"color": GREY, "linestyle": ":"}}
    ax.legend([Line2D([], [], **look) for look in key.values()], list(key), loc="upper left", ncols=2)
    return ax


@styled
def attitudes(run: Run, ax: Axes | None = None) -> Axes:
    """Satisfaction and trust over time, as residents feel."""
    ax = ax or new_axes()
    styles: dict[str, Any] = {"satisfaction": "-", "trust": "--"}
    words = {"satisfaction": _("satisfaction"), "trust": _("trust")}
    for name, style in styles.items():
        _lines(run, ax, name, style)
    low, high = ax.dataLim.intervaly
    middle, half = (low + high) / 2, max(0.2, 0.6 * (high - low))
    ax.set(title=_("Satisfaction and trust"), ylabel=_("mean of residents, 0 to 1"))
    ax.set_ylim(max(0.0, middle - half), min(1.0, middle + half))
    _time_axis(run, ax)
    key = {world: Line2D([], [], color=COLOURS[world]) for world in run.worlds}
    key |= {name: Line2D([], [], color=GREY, linestyle=style) for name, style in styles.items()}
    ax.legend(list(key.values()), [words.get(name) or _(name) for name in key], loc="lower left", ncols=2)
    return ax


@styled
def joining(run: Run, ax: Axes | None = None) -> Axes:
    """Share of residents who take part in community affairs, over time."""
    ax = ax or new_axes()
    _lines(run, ax, "joining")
    ax.set(title=_("Residents who take part"), ylabel=_("share of residents"))
    ax.set_ylim(0, max(0.05, 1.25 * ax.dataLim.ymax))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    _time_axis(run, ax)
    ax.legend(loc="best")
    return ax


# --- parts


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
        ax.plot(_ends(values.index), values, style, color=COLOURS[world], label=_(world))
    if len(before):
        ax.plot(_ends(before.index), before, style, color=GREY, label=_("before"), zorder=3)


def _time_axis(run: Run, ax: Axes) -> None:
    """Dates below, and a mark for each date on which a policy begins or ends."""
    first = max(-_SHOWN_BEFORE, -run.settings["warmup"])
    ax.set_xlim(monday(first), monday(run.settings["weeks"]))  # pyright: ignore[reportArgumentType]
    date_axis(ax)
    shown, before, low = run.settings["weeks"] - first, first - run.settings["weeks"], False
    for letter, week in zip(LETTERS, events(run), strict=False):
        day: Any = monday(week)
        ax.axvline(day, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
        low = week - before < _CLOSE * shown and not low  # letters must not stand on each other
        before = week
        ax.annotate(
            letter, (day, 1.0), (2, -13 if low else -2), xycoords=("data", "axes fraction"), textcoords="offset points",
            va="top", fontsize=8.5, weight="bold", color=GREY,
        )  # fmt: skip


def date_axis(ax: Axes, ticks: int = 7) -> None:
    """Dates below, as people of the language write them, at so many ticks at most."""
    locator = AutoDateLocator(minticks=3, maxticks=ticks)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, **_dates()))
    ax.tick_params(axis="x", labelfontfamily=families())  # of ticks that are made as late as it is shown


def _dates() -> dict[str, Any]:
    """How dates below an axis are written: years, months, days, hours and less."""
    year, month, day = _("%Y"), _("%b"), _("%d")
    return {
        "formats": [year, month, day, "%H:%M", "%H:%M", "%S.%f"],
        "zero_formats": ["", year, month, _("%b-%d"), "%H:%M", "%H:%M"],
        "offset_formats": ["", year, _("%Y-%b"), _("%Y-%b-%d"), _("%Y-%b-%d"), _("%Y-%b-%d")],
    }


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def events(run: Run) -> dict[int, list[str]]:
    """What begins and ends in which week of the window."""
    settings = run.settings
    events: dict[int, list[str]] = {}
    for world, instruments in (("", settings["policy"]), (_(" (baseline)"), settings["baseline"] or {})):
        for name, instrument in sorted(instruments.items()):
            words = _(name.replace("_", " "))
            for day, what in ((instrument["start"], words), (instrument["end"], _("end of {name}", name=words))):
                if day and 0 <= week_of(day) < settings["weeks"]:
                    events.setdefault(week_of(day), []).append(what + world)
    return dict(sorted(events.items()))
