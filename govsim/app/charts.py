"""The charts below the picture: an outcome over time, where cases are stuck, queues of departments, what it costs.

Each is drawn from the tables of both worlds into one small figure, and comes as an image in the form that a page can
show (a data URL). Only the chart that is looked at is drawn.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from govsim import cases as c
from govsim.app.twins import WORLDS, Twins
from govsim.calendar import QUARTER, WEEKS_A_YEAR, monday, week_of
from govsim.city import City
from govsim.compare.words import number
from govsim.language import _
from govsim.measures.cost import ITEMS, by_week
from govsim.measures.outcomes import OUTCOMES
from govsim.plot import COLOURS, TIERS, styled
from govsim.recorder import SERIES
from govsim.study.world import weekly

__all__ = ["CHARTS", "OUTCOMES_OVER_TIME", "Chart", "draw", "latest", "named"]

OUTCOMES_OVER_TIME = (
    "unmet_case_days_per_1000", "satisfaction", "trust", "joining", "environment", "latent_per_1000",
    "backlog_per_1000", "on_paper_per_1000", "raised_per_1000", "found_by_grid_per_1000", "certificate_hours_per_1000",
    "conflict", "ties", "visits_per_1000", "approval", "true_approval", "perceived_change", "true_change",
)  # fmt: skip
"""Outcomes that have a value each week, in the order in which they are offered."""

_BEFORE = 26
"""Weeks of the warm-up that are shown."""
_SIZE, _DPI = (10.0, 2.0), 140
_MOST_QUEUES = 9
_GREY = "#555555"


class Chart(NamedTuple):
    """A chart: its title and the question it answers, in English, and how it is drawn."""

    title: str
    question: str
    draw: Callable[[Twins, Figure, str], None]


def named(outcome: str) -> str:
    """An outcome's name in the language spoken here."""
    return _(OUTCOMES[outcome].label.strip())


def latest(city: City, outcome: str) -> float:
    """An outcome in the week that ended last."""
    return float(weekly(city)[outcome][-1])


@styled
def draw(twins: Twins, chart: str, outcome: str) -> str:
    """A chart as a data URL.

    Args:
        twins: both worlds; hold their lock.
        chart: one of :data:`CHARTS`.
        outcome: which outcome is shown over time.
    """
    fig = Figure(figsize=_SIZE, dpi=_DPI)
    fig.subplots_adjust(left=0.07, right=0.985, bottom=0.14, top=0.95)
    CHARTS[chart].draw(twins, fig, outcome)
    file = io.BytesIO()
    fig.savefig(file, format="png", pil_kwargs={"compress_level": 1})
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


# --- an outcome over time


def _over_time(twins: Twins, fig: Figure, outcome: str) -> None:
    ax = fig.add_subplot()
    cities = twins.cities
    weeks = np.array(cities["policy"].recorder.weeks)
    shown = weeks >= -_BEFORE
    since = weeks >= -1
    both = {world: weekly(cities[world])[outcome] for world in WORLDS}
    days = _ends(weeks)
    for world in WORLDS:
        ax.plot(days[since], both[world][since], color=COLOURS[world], label=_(world))
    before = shown & (weeks < 0)
    ax.plot(days[before], both["policy"][before], color=_GREY, label=_("before"), zorder=3)
    low, high = ax.dataLim.intervaly
    span = max(high - low, 0.1 * abs(high), 0.01)
    ax.set_ylim(max(0.0, low - 0.2 * span), high + 0.25 * span)
    if OUTCOMES[outcome].unit == "1":
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    _mark_changes(twins, ax)
    ax.set_xlim(_day(-_BEFORE), _day(twins.config.weeks))
    _dates(ax)
    ax.legend(loc="lower left", ncols=3, fontsize=9)


def _mark_changes(twins: Twins, ax: Axes) -> None:
    """A short tick for each date of the policy as it was chosen, a numbered line for each change under way."""
    dates = {d for p in twins.config.policy.values() for d in (p.start, p.end) if d}
    for day in dates:
        ax.axvline(_day(week_of(day)), ymax=0.05, color=COLOURS["policy"], linewidth=1.4)
    numbers: dict[int, list[int]] = {}
    for n, change in enumerate(twins.changes, 1):
        numbers.setdefault(change.week, []).append(n)
    for week, here in numbers.items():
        ax.axvline(_day(week), color=COLOURS["policy"], linewidth=1.1, linestyle=(0, (4, 2)))
        ax.annotate(
            ",".join(map(str, here)), (_day(week), 1.0), (3, -2), xycoords=("data", "axes fraction"),
            textcoords="offset points", va="top", fontsize=9, weight="bold", color=COLOURS["policy"],
        )  # fmt: skip


# --- where cases are stuck

_STAGES = {
    "latent": c.LATENT, "in_compounds": c.COMPOUND, "at_communities": c.COMMUNITY, "at_streets": c.STREET,
    "at_branches": c.BRANCH, "on_paper": c.PAPER,
}  # fmt: skip

_LEAVE = {
    "latent": ("found", ("found_by_grid", "found_by_resident", "found_by_property")),
    "in_compounds": ("settled", ("settled_on_spot", "settled_in_compound", "settled_at_station")),
    "at_communities": ("settled", ("settled_at_community", "settled_by_mediation")),
    "at_streets": ("sent on", ("dispatched", "coordinated")),
    "at_branches": ("cured", ("cured_by_branch",)),
    "on_paper": ("come back", ("reopened",)),
}
"""What mostly becomes of a case in each tier, and the flows that count it."""


def _stuck(twins: Twins, fig: Figure, _outcome: str) -> None:
    ax = fig.add_subplot()
    thousands = twins.cities["policy"].places.population / 1_000.0
    stages = list(_STAGES.values())
    _pairs(ax, {world: twins.cities[world].stage_counts[stages] / thousands for world in WORLDS}, decimals=1)
    flows = {world: _last_weeks(twins.cities[world]) for world in WORLDS}
    names = []
    for tier, (verb, counted) in _LEAVE.items():
        pair = [number(sum(flows[world][name] for name in counted) / thousands, 1) for world in WORLDS]
        names.append(f"{_(TIERS[tier][0])}\n{_(verb)} {pair[0]} / {pair[1]}")
    ax.set_xticks(np.arange(len(names)), names, fontsize=8.5)
    ax.set_ylabel(_("open problems\nper 1,000 residents"), fontsize=8.5)
    ax.set_title(_("below: what becomes of them a week"), fontsize=8.5, weight="normal", loc="right", color=_GREY)
    fig.subplots_adjust(bottom=0.22, top=0.9)


def _last_weeks(city: City) -> dict[str, float]:
    """Each flow a week, mean of the last four weeks, so that a single week does not mislead."""
    return dict(zip(SERIES, city.recorder.values[-4:].mean(axis=0), strict=True))


# --- queues of departments


def _queues(twins: Twins, fig: Figure, _outcome: str) -> None:
    ax = fig.add_subplot()
    names = [name.replace("_", " ") for name in twins.config.departments]
    cases = {world: _with_departments(twins.cities[world]) for world in WORLDS}
    load = {world: _load(twins.cities[world]) for world in WORLDS}
    longest = np.argsort(-(cases["baseline"] + cases["policy"]), kind="stable")[:_MOST_QUEUES]
    _pairs(ax, {world: cases[world][longest] for world in WORLDS}, decimals=0)
    words = ["{}\n{:.0%} / {:.0%}".format(_(names[i]), *(load[world][i] for world in WORLDS)) for i in longest]
    ax.set_xticks(np.arange(len(longest)), words, fontsize=7.5)
    ax.set_ylabel(_("cases with it now"), fontsize=8.5)
    ax.set_title(_("below: share of its hours at work"), fontsize=8.5, weight="normal", loc="right", color=_GREY)
    fig.subplots_adjust(bottom=0.2, top=0.9)


def _pairs(ax: Axes, pairs: dict[str, np.ndarray], decimals: int) -> None:
    """Two bars side by side for each of some things, with their numbers on top."""
    for shift, world in zip((-0.2, 0.2), WORLDS, strict=True):
        at = np.arange(len(pairs[world])) + shift
        bars = ax.bar(at, pairs[world], 0.36, color=COLOURS[world], label=_(world))
        ax.bar_label(bars, [number(v, decimals) for v in pairs[world]], fontsize=8.5, padding=1.5, color="#333333")
    ax.set_ylim(0.0, 1.25 * max(0.1, *(float(values.max()) for values in pairs.values())))
    ax.tick_params(axis="x", length=0)
    ax.grid(False, axis="x")
    ax.legend(loc="upper right", ncols=2, fontsize=9)


def _with_departments(city: City) -> np.ndarray:
    """Cases that wait at each department's branches, are worked on there or are on their way: (departments,)."""
    cases = city.cases
    there = np.flatnonzero(cases.stage == c.BRANCH)
    department = city.kinds.departments[c.kind_of.py_func(cases.id[there]), cases.slot[there]]
    return np.bincount(department, minlength=city.n_departments)


def _load(city: City) -> np.ndarray:
    """Share of their hours that each department's branches worked of late: (departments,)."""
    first, last = city.offices.branches
    desks, n = city.desks, city.n_departments
    hours = desks.base_hours[first:last].reshape(-1, n)
    worked = (desks.load[first:last].reshape(-1, n) * hours).sum(axis=0)
    return worked / np.maximum(hours.sum(axis=0), 1e-9)


# --- what it costs

_WORDS = {
    "grid_workers": "grid workers", "branches": "department branches", "offices": "street and community offices",
    "fund": "community fund", "works": "pilots and renovation", "compensation": "compensation",
    "bodies": "committee and others",
}  # fmt: skip
_ITEM_COLOURS = ("#4477AA", "#66CCEE", "#BBCCEE", "#228833", "#CCBB44", "#EE6677", "#AA3377")


def _budget(twins: Twins, fig: Figure, _outcome: str) -> None:
    people = twins.cities["policy"].places.population
    left, right = fig.subplots(1, 2, width_ratios=[1.1, 1])
    spent = {world: _spending(twins.cities[world]) for world in WORLDS}
    weeks = np.arange(len(spent["policy"]["bodies"]))
    for world in WORLDS:
        total = np.sum(list(spent[world].values()), axis=0) * WEEKS_A_YEAR / people
        left.plot(_ends(weeks), _smooth(total), color=COLOURS[world], label=_(world))
    left.set_xlim(_day(0), _day(twins.config.weeks))
    left.margins(y=0.25)
    _mark_changes(twins, left)
    _dates(left)
    left.set_ylabel(_("yuan per resident\nand year"), fontsize=8.5)
    left.legend(loc="lower right", ncols=2, fontsize=9)
    so_far = max(len(weeks), 1) / WEEKS_A_YEAR * people
    begin = dict.fromkeys(WORLDS, 0.0)
    for item, colour in zip(ITEMS, _ITEM_COLOURS, strict=True):
        for at, world in enumerate(WORLDS):
            yuan = float(spent[world][item].sum()) / so_far
            label = _(_WORDS[item]) if world == "policy" else None
            right.barh(-at, yuan, left=begin[world], color=colour, height=0.62, label=label)
            begin[world] += yuan
    for at, world in enumerate(WORLDS):
        right.annotate(
            number(begin[world], 0), (begin[world], -at), (4, 0), textcoords="offset points", va="center", fontsize=9
        )
    right.set_yticks([0, -1], [_(world) for world in WORLDS], fontsize=9)
    right.set(xlim=(0.0, 1.12 * max(*begin.values(), 1.0)), xticks=[])
    right.spines[:].set_visible(False)
    right.tick_params(length=0)
    right.grid(False)
    right.set_title(_("so far, yuan per resident and year"), fontsize=9, weight="normal")
    right.legend(
        loc="upper left", bbox_to_anchor=(-0.16, 0.0), ncols=3, fontsize=7.5, columnspacing=1.0, handlelength=1.2
    )
    fig.subplots_adjust(wspace=0.16, top=0.9)
    right.set_position([0.605, 0.42, 0.365, 0.44])


def _spending(city: City) -> dict[str, np.ndarray]:
    since = np.array(city.recorder.weeks) >= 0
    series = dict(zip(SERIES, city.recorder.values[since].T, strict=True))
    return by_week(city.config, city.timeline, city.places.population, series)


def _smooth(values: np.ndarray, weeks: int = QUARTER) -> np.ndarray:
    """The mean of each week and those before it, at most so many."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - weeks, 0)
    return (total[end] - total[start]) / (end - start)


# --- dates


def _day(week: int) -> Any:
    return monday(week)


def _ends(weeks: Any) -> np.ndarray:
    """The dates on which weeks end: what is recorded of a week is known by then."""
    return np.array([monday(int(week) + 1) for week in weeks], dtype="M8[D]")


def _dates(ax: Axes) -> None:
    locator = AutoDateLocator(minticks=4, maxticks=10)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))


CHARTS: dict[str, Chart] = {
    "time": Chart("How it goes", "one outcome in both worlds, week by week", _over_time),
    "stuck": Chart("Where problems are stuck", "open problems now, by who has them", _stuck),
    "queues": Chart("Queues at departments", "the longest queues, in weeks of the branches' time", _queues),
    "budget": Chart("What it costs", "all that governing this place costs", _budget),
}
"""What can be drawn, by key."""
