"""Estimates with their intervals, one under the other: effects, interactions, shares, indices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from govsim.compare.figures.style import (
    ABOVE,
    GREY,
    above,
    axes_of,
    chunks,
    fitted,
    group_names,
    handles_of,
    key,
    looks,
    new_figure,
    only,
    shown,
    styled,
    width_of,
)
from govsim.compare.words import PERCENT, about, better, interval, label, level, number, unit
from govsim.language import _, names_in_words

__all__ = [
    "effects_overview", "forest", "indices", "interaction_effects", "main_effects", "shapley_shares",
]  # fmt: skip

ROW, LINE = 0.36, 0.2
"""Inches of a row, and of each of several groups within it."""


@styled
def forest(effects: pd.DataFrame, outcome: str, ax: Axes | None = None) -> Axes:
    """The paired difference of every policy in one outcome.

    Args:
        effects: as :func:`govsim.compare.effects.effects` makes it.
        outcome: one of its outcomes.
        ax: axes to draw on.
    """
    table = only(effects, outcome=outcome)
    ax = _sized(table, "policy", ax)
    forest_rows(ax, table, "policy", "difference")
    ax.set_xlabel(_difference(outcome, table["baseline"].iloc[0]))
    return ax


@styled
def effects_overview(effects: pd.DataFrame, columns: int = 3) -> Figure:
    """Small forests of all outcomes beside each other, policies in the same order."""
    outcomes = list(dict.fromkeys(effects["outcome"]))
    rows = list(chunks(outcomes, columns))
    columns = min(columns, len(outcomes))
    tall = _heights(only(effects, outcome=outcomes[0]), "policy").sum() + 0.9
    fig = new_figure(width_of(_names(effects, "policy")) + 0.3 + 2.5 * columns, tall * len(rows))
    fig.get_layout_engine().set(w_pad=0.1, h_pad=0.1)  # pyright: ignore
    for line, some in zip(fig.subplots(len(rows), columns, squeeze=False, sharey=True), rows, strict=True):
        for ax in line[len(some) :]:
            ax.set_axis_off()
        for ax, outcome in zip(line, some, strict=False):
            forest_rows(ax, only(effects, outcome=outcome), "policy", "difference", numbers=False, keyed=False)
            ax.set_title(fitted(label(outcome), 26), fontsize=10)
            ax.set_xlabel(better(outcome, fitted(unit(outcome), 26)), fontsize=9)
            ax.xaxis.set_major_locator(MaxNLocator(4))
            ax.tick_params(labelsize=9)
    key(fig, looks(group_names(effects)))
    return fig


@styled
def main_effects(effects: pd.DataFrame, outcome: str, ax: Axes | None = None) -> Axes:
    """What each level of each lever does, averaged over the settings of the others, on the additive scale."""
    table = _additive(effects, outcome)
    table = table.assign(
        row=[
            _(
                "{factor}: {reference} to {level}",
                factor=names_in_words(row["factor"]),
                reference=level(row["reference"]),
                level=level(row["level"]),
            )
            for row in table.to_dict("records")
        ]
    )
    ax = _sized(table, "row", ax)
    forest_rows(ax, table, "row", "effect")
    ax.set(xlabel=better(outcome, _("effect on {outcome}\n({unit})", **about(outcome))))
    return ax


@styled
def interaction_effects(interactions: pd.DataFrame, outcome: str, ax: Axes | None = None) -> Axes:
    """What levers do together beyond the sum of what each does, on the additive scale."""
    table = _additive(interactions, outcome)
    several = table.duplicated(["theory", "factors"]).any()
    table = table.assign(row=table["factors"] + (" (" + table["levels"] + ")" if several else ""))
    ax = _sized(table, "row", ax)
    forest_rows(ax, table, "row", "interaction", notes=[_(reading) for reading in table["reading"]])
    ax.set(xlabel=better(outcome, _("beyond the sum, {outcome}\n({unit})", **about(outcome))))
    return ax


@styled
def shapley_shares(shares: pd.DataFrame, outcome: str, ax: Axes | None = None) -> Axes:
    """Each lever's Shapley share of what all levers do together, and that whole."""
    table = only(shares, outcome=outcome)
    percent = [f"{number(100 * s, 0)}%" if np.isfinite(s) else "" for s in table["share"]]
    table = table.assign(note=percent)
    whole = only(shares, outcome=outcome).drop_duplicates(["theory"]).drop(columns=["shapley", "low", "high"])
    whole = whole.rename(columns={"total": "shapley", "total_low": "low", "total_high": "high"})
    table = pd.concat([table, whole.assign(factor=_("all together"), note="")], ignore_index=True)
    ax = _sized(table, "factor", ax)
    forest_rows(ax, table, "factor", "shapley", notes=list(table["note"]), bars=True)
    ax.set(xlabel=better(outcome, _("share of what all levers do to {outcome}\n({unit})", **about(outcome))))
    return ax


@styled
def indices(table: pd.DataFrame, estimate: str, ax: Axes | None = None, title: str = "", xlabel: str = "") -> Axes:
    """Bars of sensitivity indices, the largest first: one bar a factor, or one for each kind of ``index``."""
    largest = table.groupby("factor")[estimate].transform("max")
    table = table.assign(largest=-largest).sort_values(by="largest", kind="stable")
    words = {"S1": _("S1: by itself"), "ST": _("ST: with what it does together with others")}
    names = table["index"].replace(words) if "index" in table.columns else None
    ax = _sized(table, "factor", ax, names)
    forest_rows(ax, table, "factor", estimate, groups=names, bars=True, signed=False)
    ax.set(title=title, xlabel=xlabel or estimate)
    return ax


# --- parts


def forest_rows(
    ax: Axes,
    table: pd.DataFrame,
    rows: str,
    estimate: str,
    *,
    groups: pd.Series | None = None,
    notes: Sequence[str] | None = None,
    numbers: bool = True,
    bars: bool = False,
    signed: bool = True,
    keyed: bool = True,
) -> None:
    """A row for each name in the order of the table, and in it a mark for each theory or budget."""
    groups = group_names(table) if groups is None else groups
    look = looks(groups)
    names = list(dict.fromkeys(table[rows]))
    tall = _heights(table, rows, groups)
    middles = dict(zip(names, np.cumsum(tall) - tall / 2.0, strict=True))
    shift = {name: (i - (len(look) - 1) / 2.0) * LINE for i, name in enumerate(look)}
    table = table.assign(y=[middles[name] + shift[group] for name, group in zip(table[rows], groups, strict=True)])
    table = table.assign(full=shown(table) if signed else True)
    for group, (colour, marker, __) in look.items():
        some = table.loc[(groups == group) & table[estimate].notna()]
        ends = np.abs(some[["low", "high"]].to_numpy().T - some[estimate].to_numpy())
        ax.errorbar(some[estimate], some["y"], xerr=ends, fmt="none", color=colour, elinewidth=1.8, capsize=3, zorder=2)
        for full, face in ((True, colour), (False, "white")):
            mine = some.loc[some["full"] == full]
            ax.plot(mine[estimate], mine["y"], marker, color=colour, markerfacecolor=face, markersize=6, zorder=3)
        if bars:
            ax.barh(some["y"], some[estimate], 0.85 * LINE, color=colour, alpha=0.35, zorder=1)
    if numbers:
        beside = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "fontsize": 8.5}
        for i, row in enumerate(table.to_dict("records")):
            text = f"{interval(row[estimate], row['low'], row['high'], signed)}   {notes[i] if notes else ''}".rstrip()
            ax.annotate(text, (1.0, row["y"]), (8, 0), va="center", annotation_clip=False, **beside)
        head = _("estimate [{percent} interval]", percent=PERCENT)
        ax.annotate(head, (1.0, 0.0), (8, 3), va="bottom", color=GREY, **beside).set_gid(ABOVE)
    ax.axvline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.set_yticks(list(middles.values()), _names(table, rows))
    ax.set_ylim(tall.sum(), 0.0)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.06)
    if not table[[estimate, "low", "high"]].fillna(0.0).to_numpy().any():  # nothing differs: no scale to choose
        ax.set(xlim=(-1.0, 1.0), xticks=[0.0])
    if keyed and len(look) > 1:
        above(ax, handles_of(look), list(look))


def _names(table: pd.DataFrame, rows: str) -> list[str]:
    """The names of rows as they are drawn."""
    return [fitted(names_in_words(name)) for name in dict.fromkeys(table[rows])]


def _heights(table: pd.DataFrame, rows: str, groups: pd.Series | None = None) -> np.ndarray:
    """Inches that each row takes: (rows,)."""
    groups = group_names(table) if groups is None else groups
    least = max(ROW, LINE * groups.nunique() + 0.12)
    return np.array([max(least, 0.17 * (name.count("\n") + 1) + 0.1) for name in _names(table, rows)])


def height_of(table: pd.DataFrame, rows: str) -> float:
    """Inches that all rows take."""
    return float(_heights(table, rows).sum())


def _sized(table: pd.DataFrame, rows: str, ax: Axes | None, groups: pd.Series | None = None) -> Axes:
    return axes_of(ax, width_of(_names(table, rows)) + 7.0, _heights(table, rows, groups).sum() + 1.0)


def _difference(outcome: str, baseline: str) -> str:
    facts = about(outcome) | {"baseline": names_in_words(baseline)}
    return better(outcome, _("difference in {outcome} from {baseline}\n({unit})", **facts))


def _additive(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return only(table, outcome=outcome, scale="additive")
