"""The charts below the picture: an outcome over time, where cases are stuck, queues of departments, what it costs.

Each is a description for ECharts, which the browser draws: Solara brings it along, it needs no file from outside, its
words are the page's own, and it costs the playing model next to nothing. Only the chart that is looked at is described.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from govsim import cases as c
from govsim.app.twins import WORLDS, Twins
from govsim.app.words import name_in_words
from govsim.calendar import QUARTER, WEEKS_A_YEAR, monday, week_of
from govsim.city import City
from govsim.compare.words import unit
from govsim.language import _
from govsim.language.font import FAMILY
from govsim.measures.cost import ITEMS, by_week
from govsim.measures.outcomes import OUTCOMES
from govsim.plot import COLOURS, TIERS
from govsim.recorder import SERIES
from govsim.study.world import weekly

__all__ = ["CHARTS", "LEAVE", "OVER_TIME", "SPENT_ON", "Chart", "chart", "outcome_in_words"]

OVER_TIME = (
    "unmet_case_days_per_1000", "satisfaction", "trust", "joining", "environment", "latent_per_1000",
    "backlog_per_1000", "on_paper_per_1000", "raised_per_1000", "found_by_grid_per_1000", "certificate_hours_per_1000",
    "conflict", "ties", "visits_per_1000", "approval", "true_approval", "perceived_change", "true_change",
)  # fmt: skip
"""Outcomes that have a value each week, in the order in which they are offered."""

BEFORE = 26
"""Weeks of the warm-up that are shown."""

_MOST_QUEUES = 10
_FONT = f'Roboto, "{FAMILY}", sans-serif'
_INK, _GREY, _LINE = "#23272b", "#5d646b", "#e3e4df"
_TEXT = {"color": _GREY, "fontSize": 12}
_TOP = 44  # the legend above, below it the numbers of what was changed

Options = dict[str, Any]


class Chart(NamedTuple):
    """A chart: its title, what it shows (both in English), and how it is described."""

    title: str
    about: str
    describe: Callable[[Twins, str], Options]


def chart(twins: Twins, which: str, outcome: str) -> Options:
    """A chart as ECharts takes it.

    Args:
        twins: both worlds; hold their lock.
        which: one of :data:`CHARTS`.
        outcome: which outcome is shown over time.
    """
    common: Options = {
        "animation": False,
        "color": [COLOURS[world] for world in WORLDS],
        "textStyle": {"fontFamily": _FONT, "fontSize": 12},
        "grid": {"left": 56, "right": 16, "top": _TOP, "bottom": 24},
        "legend": _legend(right=10, top=0),
        "tooltip": {"trigger": "axis", "confine": True, "textStyle": {"fontSize": 12}},
    }
    return common | CHARTS[which].describe(twins, outcome)


def outcome_in_words(outcome: str) -> str:
    """An outcome's name in the language spoken here."""
    return _(OUTCOMES[outcome].label.strip())


# --- an outcome over time


def _over_time(twins: Twins, outcome: str) -> Options:
    weeks = np.array(twins.cities["policy"].recorder.weeks)
    both = {world: weekly(twins.cities[world])[outcome] for world in WORLDS}
    before, since = (weeks >= -BEFORE) & (weeks < 0), weeks >= -1
    share = OUTCOMES[outcome].unit == "1"
    if share:
        both = {world: 100.0 * values for world, values in both.items()}
    lines = [_curve(_(world), weeks[since], both[world][since], COLOURS[world]) for world in WORLDS]
    lines.append(_curve(_("before"), weeks[before], both["policy"][before], _GREY))
    lines[1]["markLine"] = _changes(twins)
    starts = _starts(twins)
    names = [*({"name": line["name"]} for line in lines), {"name": starts["name"], "icon": starts["symbol"]}]
    return {
        "title": {"text": unit(outcome), "left": 12, "top": 0, "textStyle": _TEXT | {"fontWeight": "normal"}},
        "legend": _legend(right=10, top=0, data=names),
        "xAxis": _dates(-BEFORE, twins.config.weeks),
        "yAxis": [_amounts("%" if share else "", scale=True), {"min": 0, "max": 1, "show": False}],
        "series": [*lines, starts],
    }


def _curve(name: str, weeks: np.ndarray, values: np.ndarray, colour: str) -> Options:
    return {
        "type": "line", "name": name, "showSymbol": False, "lineStyle": {"width": 2}, "itemStyle": {"color": colour},
        "data": [[_end_of(week), _plain(value)] for week, value in zip(weeks, values, strict=True)],
    }  # fmt: skip


def _starts(twins: Twins) -> Options:
    """A small mark below for each date of the policy as it was chosen."""
    dates: dict[str, list[str]] = {}
    for policy in twins.config.policy.values():
        words = name_in_words(policy.name)
        for day, what in ((policy.start, words), (policy.end, _("end of {name}", name=words))):
            if day:
                dates.setdefault(monday(week_of(day)).isoformat(), []).append(what)
    return {
        "type": "scatter", "name": _("an instrument begins or ends"), "yAxisIndex": 1, "symbol": "triangle",
        "symbolSize": 8, "silent": False, "z": 1,
        "itemStyle": {"color": COLOURS["policy"], "opacity": 0.7},
        "data": [{"value": [day, 0.03], "name": "<br>".join(names)} for day, names in sorted(dates.items())],
        "tooltip": {"trigger": "item", "formatter": "{b}"},
    }  # fmt: skip


def _changes(twins: Twins) -> Options:
    """A numbered line for each week in which something was changed under way."""
    numbers: dict[int, list[str]] = {}
    for n, change in enumerate(twins.changes, 1):
        numbers.setdefault(change.week, []).append(str(n))
    return {
        "symbol": "none", "silent": True, "lineStyle": {"color": COLOURS["policy"], "type": "dashed"},
        "data": [
            {"xAxis": monday(week).isoformat(), "label": {"formatter": ",".join(here), "fontWeight": "bold"}}
            for week, here in numbers.items()
        ],
    }  # fmt: skip


# --- where cases are stuck

STAGES = {
    "latent": c.LATENT, "in_compounds": c.COMPOUND, "at_communities": c.COMMUNITY, "at_streets": c.STREET,
    "at_branches": c.BRANCH, "on_paper": c.PAPER,
}  # fmt: skip
"""Tiers in the order in which a case passes them."""

LEAVE = {
    "latent": ("found", ("found_by_grid", "found_by_resident", "found_by_property")),
    "in_compounds": ("settled", ("settled_on_spot", "settled_in_compound", "settled_at_station")),
    "at_communities": ("settled", ("settled_at_community", "settled_by_mediation")),
    "at_streets": ("sent on", ("dispatched", "coordinated")),
    "at_branches": ("cured", ("cured_by_branch",)),
    "on_paper": ("come back", ("reopened",)),
}
"""What mostly becomes of a case in each tier, and the flows that count it."""


def _stuck(twins: Twins, _outcome: str) -> Options:
    thousands = twins.cities["policy"].places.population / 1_000.0
    open_cases = {world: twins.cities[world].stage_counts[list(STAGES.values())] / thousands for world in WORLDS}
    flows = {world: _last_weeks(twins.cities[world]) for world in WORLDS}
    names = []
    for tier, (verb, counted) in LEAVE.items():
        pair = [sum(flows[world][name] for name in counted) / thousands for world in WORLDS]
        names.append(f"{_(TIERS[tier][0])}\n{_(verb)} {pair[0]:.1f} / {pair[1]:.1f}")
    return _pairs(names, open_cases, 1)


def _last_weeks(city: City) -> dict[str, float]:
    """Each flow a week, mean of the last four weeks, so that a single week does not mislead."""
    return dict(zip(SERIES, city.recorder.values[-4:].mean(axis=0), strict=True))


# --- queues of departments


def _queues(twins: Twins, _outcome: str) -> Options:
    names = [name.replace("_", " ") for name in twins.config.departments]
    cases = {world: with_departments(twins.cities[world]) for world in WORLDS}
    load = {world: _load(twins.cities[world]) for world in WORLDS}
    longest = np.argsort(-(cases["baseline"] + cases["policy"]), kind="stable")[:_MOST_QUEUES]
    words = [f"{_(names[i])}\n{load['baseline'][i]:.0%} / {load['policy'][i]:.0%}" for i in longest]
    return _pairs(words, {world: cases[world][longest] for world in WORLDS}, 0)


def with_departments(city: City) -> np.ndarray:
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


def _pairs(names: list[str], pairs: dict[str, np.ndarray], decimals: int) -> Options:
    """Two bars side by side for each of some things, with their numbers on top."""
    return {
        "grid": {"left": 40, "right": 16, "top": 30, "bottom": 40},
        "tooltip": {"show": False},
        "xAxis": {
            "type": "category", "data": names, "axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": _GREY}},
            "axisLabel": {"interval": 0, "color": _INK, "fontSize": 11.5, "lineHeight": 15},
        },
        "yAxis": _amounts(),
        "series": [
            {
                "type": "bar", "name": _(world), "barMaxWidth": 38, "barGap": "8%",
                "label": {"show": True, "position": "top", "color": _INK, "fontSize": 11},
                "data": [round(float(value), decimals) if decimals else int(value) for value in values],
            }
            for world, values in pairs.items()
        ],
    }  # fmt: skip


# --- what it costs

SPENT_ON = {
    "grid_workers": ("grid workers", "#4477AA"),
    "branches": ("department branches", "#66CCEE"),
    "offices": ("street and community offices", "#BBCCEE"),
    "fund": ("community fund", "#228833"),
    "works": ("pilots and renovation", "#CCBB44"),
    "compensation": ("compensation", "#EE6677"),
    "bodies": ("committee and other bodies", "#AA3377"),
}
"""Words and colour of what money goes to."""


def _budget(twins: Twins, _outcome: str) -> Options:
    people = twins.cities["policy"].places.population
    spent = {world: spending(twins.cities[world]) for world in WORLDS}
    weeks = np.arange(len(spent["policy"]["bodies"]))
    lines = []
    for world in WORLDS:
        total = np.sum(list(spent[world].values()), axis=0) * WEEKS_A_YEAR / people
        lines.append(_curve(_(world), weeks, _smooth(total), COLOURS[world]) | {"xAxisIndex": 0, "yAxisIndex": 0})
    lines[1]["markLine"] = _changes(twins)
    years = max(len(weeks), 1) / WEEKS_A_YEAR
    bars = [
        {
            "type": "bar", "name": _(words), "stack": "cost", "xAxisIndex": 1, "yAxisIndex": 1, "barWidth": 26,
            "itemStyle": {"color": colour},
            "data": [round(float(spent[world][item].sum()) / people / years, 1) for world in WORLDS],
        }
        for item, (words, colour) in ((item, SPENT_ON[item]) for item in ITEMS)
    ]  # fmt: skip
    whole = {world: sum(float(v.sum()) for v in spent[world].values()) / people / years for world in WORLDS}
    return {
        "grid": [
            {"left": 56, "width": "38%", "top": _TOP, "bottom": 24},
            {"left": "54%", "right": 16, "top": 20, "bottom": 58},
        ],
        "legend": [
            _legend(left=60, top=0, data=[_(world) for world in WORLDS]),
            _legend(left="52%", right=0, bottom=0, data=[bar["name"] for bar in bars]),
        ],
        "xAxis": [_dates(0, twins.config.weeks), {"type": "value", "gridIndex": 1, "show": False}],
        "yAxis": [
            _amounts(scale=True),
            {
                "type": "category", "gridIndex": 1, "inverse": True, "axisTick": {"show": False},
                "axisLine": {"show": False}, "axisLabel": {"color": _INK},
                "data": [f"{_(world)} {whole[world]:,.0f}" for world in WORLDS],
            },
        ],
        "series": [*lines, *bars],
    }  # fmt: skip


def spending(city: City) -> dict[str, np.ndarray]:
    """Yuan spent in each week from week 0 on, by item: each (weeks,)."""
    since = np.array(city.recorder.weeks) >= 0
    series = dict(zip(SERIES, city.recorder.values[since].T, strict=True))
    return by_week(city.config, city.timeline, city.places.population, series)


def _smooth(values: np.ndarray, weeks: int = QUARTER) -> np.ndarray:
    """The mean of each week and those before it, at most so many."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - weeks, 0)
    return (total[end] - total[start]) / (end - start)


# --- axes and legends


def _legend(**where: Any) -> Options:
    return {"icon": "roundRect", "itemHeight": 6, "itemWidth": 16, "itemGap": 9, "textStyle": _TEXT} | where


def _dates(first: int, last: int) -> Options:
    return {
        "type": "time", "min": monday(first).isoformat(), "max": monday(last).isoformat(),
        "axisLabel": {"formatter": "{yyyy}-{MM}", "color": _GREY, "hideOverlap": True},
        "splitLine": {"show": True, "lineStyle": {"color": _LINE}}, "axisLine": {"lineStyle": {"color": _GREY}},
    }  # fmt: skip


def _amounts(sign: str = "", scale: bool = False) -> Options:
    return {
        "type": "value", "scale": scale, "splitNumber": 4,
        "axisLabel": {"color": _GREY, "formatter": f"{{value}}{sign}"},
        "splitLine": {"lineStyle": {"color": _LINE}},
    }  # fmt: skip


def _end_of(week: Any) -> str:
    """The date on which a week ends: what is recorded of it is known by then."""
    return monday(int(week) + 1).isoformat()


def _plain(value: float) -> float | None:
    """A number as JSON has it: four digits, and nothing where it is undefined."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


CHARTS: dict[str, Chart] = {
    "time": Chart("How it goes", "", _over_time),
    "stuck": Chart(
        "Where problems are stuck",
        "open problems per 1,000 residents; below: what leaves each week",
        _stuck,
    ),
    "queues": Chart("Queues at departments", "cases with each now; below: share of its hours at work", _queues),
    "budget": Chart("What it costs", "yuan per resident and year; right: all so far", _budget),
}
"""What can be shown, by key."""
