"""All of a run in one figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from govsim.calendar import monday
from govsim.language import _, date_in_words
from govsim.language.cells import width
from govsim.plot.maps import MAPS, compound_map, tier_shown
from govsim.plot.style import GREY, styled
from govsim.plot.weeks import LETTERS, attitudes, events, joining, stuck, time_to_cure, unmet

if TYPE_CHECKING:
    from govsim.study.run import Run

__all__ = ["overview"]

_LONGEST = 200
"""Cells of a line of dates."""


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
    fig.text(0.012, 0.957, about, fontsize=11.5, color=GREY, va="top")
    fig.text(0.012, 0.936, "\n".join(dates), fontsize=10, color=GREY, va="top")
    return fig


# --- parts


def _dates_in_words(run: Run) -> list[str]:
    """What the letters stand for, in lines that fit the figure."""
    lines = [""]
    for blank, name in _dated(run):
        if lines[-1] and width(lines[-1] + blank + name) > _LONGEST:
            lines.append("")
        lines[-1] += blank + name if lines[-1] else name
    return [line for line in lines if line]


def _dated(run: Run) -> Iterator[tuple[str, str]]:
    """Each name with its date or its comma, and what parts it from the one before."""
    comma = _(", ")
    for letter, (week, names) in zip(LETTERS, events(run).items(), strict=False):
        date = f"{letter}  {date_in_words(monday(week))}{_(': ')}"
        for i, name in enumerate(names):
            behind = comma.rstrip() if i < len(names) - 1 else ""
            yield ("     ", date + name + behind) if i == 0 else (comma[len(comma.rstrip()) :], name + behind)


def _maps(run: Run, fig: Any) -> None:
    """Compounds before, at the end in each world, and the difference."""
    value, last = "satisfaction", run.settings["weeks"]
    shown = [("policy", 0, _("before"))]
    shown += [(world, last, _("{world}, at the end", world=_(world))) for world in run.worlds]
    if len(run.worlds) > 1:
        shown.append(("difference", last, _("policy less baseline")))
    low, high = np.percentile(run.compounds[value], [2, 98])  # a few tiny compounds must not set the scale
    for ax, (world, week, words) in zip(fig.subplots(1, len(shown)), shown, strict=True):
        compound_map(run, world, week, value, ax, None if world == "difference" else (low, high))
        ax.set_title(_("{what}: {words}", what=_(MAPS[value].title), words=words))
    note = _(
        "Maps: a cell is a compound or the open part of a community; white lines part {units}.",
        units=_(tier_shown(run)),
    )
    fig.supxlabel(note, x=0.012, ha="left", fontsize=10, color=GREY)
