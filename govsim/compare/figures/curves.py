"""What goes along an axis: doses, days since a problem arose, weeks since a shock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from govsim.compare.figures.style import (
    GREY,
    Look,
    axes_of,
    chunks,
    fitted,
    group_names,
    key,
    looks,
    new_figure,
    only,
    styled,
)
from govsim.compare.words import better, level, unit
from govsim.language import _, names_in_words

__all__ = [
    "CURVES", "curves", "dose_responses", "incidence", "incidence_panels", "interaction", "interaction_panels",
    "marginal", "resilience", "resilience_panels", "response",
]  # fmt: skip

CURVES = {"cured": "Truly cured", "on_paper": "Closed on paper", "lapsed": "Gone by themselves"}
"""Ends of a problem, in words."""
_ADDED: Any = (0, (2, 2))


@styled
def response(
    responses: pd.DataFrame, outcome: str, factor: str, ax: Axes | None = None, doses_in: str = "", bend: float = np.nan
) -> Axes:
    """What each dose of a lever does against its reference, with the dose marked at which the response changes.

    Args:
        responses: as :func:`govsim.compare.doses.responses` makes it.
        outcome, factor: which of it.
        ax: axes to draw on.
        doses_in: unit of the dose.
        bend: ``at`` of :func:`govsim.compare.doses.shapes`.
    """
    ax = axes_of(ax, 6.0, 3.6)
    table = only(responses, outcome=outcome, factor=factor)
    for group, some, look in _grouped(table):
        bars = np.abs(some[["low", "high"]].to_numpy().T - some["effect"].to_numpy())
        ax.errorbar(
            some["dose"], some["effect"], bars, color=look.colour, marker=look.marker, linestyle=look.line, capsize=3,
            markersize=5, label=group,
        )  # fmt: skip
    if np.isfinite(bend):
        changes = _("where the response changes")
        ax.axvline(bend, color=GREY, linewidth=1.1, linestyle=(0, (4, 3)), zorder=1, label=changes)
    against = _(
        "difference from {reference}\n({unit})",
        reference=level(table["reference"].iloc[0]),
        unit=fitted(unit(outcome), 26),
    )
    ax.set_ylabel(better(outcome, against), fontsize=9)
    _dose_axis(ax, doses_in)
    return ax


@styled
def marginal(
    marginals: pd.DataFrame, outcome: str, factor: str, ax: Axes | None = None, doses_in: str = "", bend: float = np.nan
) -> Axes:
    """What one more unit of a lever does, between each two doses. Arguments as :func:`response`."""
    ax = axes_of(ax, 6.0, 2.2)
    for __, some, look in _grouped(only(marginals, outcome=outcome, factor=factor)):
        for start, end, slope, low, high in some[["from_dose", "to_dose", "slope", "low", "high"]].itertuples(
            index=False
        ):
            ax.fill_between([start, end], low, high, color=look.colour, alpha=0.2, linewidth=0)
            ax.plot([start, end], [slope, slope], color=look.colour, linestyle=look.line)
    if np.isfinite(bend):
        ax.axvline(bend, color=GREY, linewidth=1.1, linestyle=(0, (4, 3)), zorder=1)
    ax.set_ylabel(_("what one more\nunit does"), fontsize=9)
    ax.ticklabel_format(axis="y", style="sci", scilimits=(-3, 4), useMathText=True)
    ax.yaxis.get_offset_text().set_fontsize(8.5)
    _dose_axis(ax, doses_in)
    return ax


@styled
def dose_responses(
    responses: pd.DataFrame,
    marginals: pd.DataFrame,
    shapes: pd.DataFrame,
    outcome: str,
    units: Mapping[str, str],
    columns: int = 3,
) -> Figure:
    """All levers with several doses: the response above, what one more unit does below.

    Args:
        responses, marginals, shapes: as :mod:`govsim.compare.doses` makes them.
        outcome: one of their outcomes.
        units: unit of the dose of each lever.
        columns: levers beside each other, at most.
    """
    curves_of = only(shapes, outcome=outcome)
    factors = list(dict.fromkeys(curves_of["factor"]))
    rows = list(chunks(factors, columns))
    columns = min(columns, len(factors))
    fig = new_figure(max(6.5, 3.5 * columns), 5.2 * len(rows))
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)  # pyright: ignore
    grid = fig.subplots(2 * len(rows), columns, squeeze=False, height_ratios=[3, 1.7] * len(rows))
    for i, some in enumerate(rows):
        for j in range(columns):
            upper, lower = grid[2 * i, j], grid[2 * i + 1, j]
            if j >= len(some):
                upper.set_axis_off()
                lower.set_axis_off()
                continue
            factor = some[j]
            found = only(curves_of, factor=factor)
            bends = set(found["at"])
            bend = bends.pop() if len(bends) == 1 else np.nan  # theories may differ
            response(responses, outcome, factor, upper, units.get(factor, ""), bend)
            marginal(marginals, outcome, factor, lower, units.get(factor, ""), bend)
            lever = fitted(names_in_words(factor))
            upper.set(xlabel="", title=_("{lever}: {shape}", lever=lever, shape=_shape(found)))
            upper.set_title(upper.get_title(loc="left"), fontsize=10)
            lower.sharex(upper)
    key(fig, looks(group_names(curves_of)))
    return fig


@styled
def interaction(
    cells: pd.DataFrame, effects: pd.DataFrame, pair: tuple[str, str], outcome: str, ax: Axes | None = None
) -> Axes:
    """Two levers together, all others at their reference: what the first does, with and without the second.

    A dashed line shows where the second line would lie if effects added up. All points are differences to the
    baseline, paired, so that the luck which worlds share is not in the bars.

    Args:
        cells: as :func:`govsim.compare.factorial.cells` makes it, of one theory.
        effects: as :func:`govsim.compare.effects.effects` makes it.
        pair: two levers.
        outcome: one of the outcomes.
        ax: axes to draw on.
    """
    ax = axes_of(ax, 4.2, 3.6)
    table = paired_cells(cells, effects, pair, outcome)
    first, second = pair
    at = {value: i for i, value in enumerate(dict.fromkeys(table[first]))}
    lines = {value: some.set_index(first) for value, some in table.groupby(second, sort=False)}
    look = looks([f"{names_in_words(second)} {level(value)}" for value in lines])
    base = next(iter(lines.values()))["difference"]
    for (value, some), (name, drawn) in zip(lines.items(), look.items(), strict=True):
        x, y = [at[v] for v in some.index], some["difference"].to_numpy()
        bars = np.nan_to_num(np.abs(some[["low", "high"]].to_numpy().T - y))
        ax.errorbar(x, y, bars, color=drawn.colour, marker=drawn.marker, capsize=3, label=name)
        if value != next(iter(lines)):
            added = (base + (y[0] - base.iloc[0])).loc[some.index]
            ax.plot(x, added, color=drawn.colour, linestyle=_ADDED, linewidth=1.2)
    ax.set_xticks(list(at.values()), [level(value) for value in at])
    ax.set_xlim(-0.3, len(at) - 0.7)
    ax.margins(y=0.12)
    ax.axhline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.set_xlabel(names_in_words(first))
    ax.set_ylabel(better(outcome, fitted(unit(outcome), 26)), fontsize=9)
    handles, names = ax.get_legend_handles_labels()
    added_up = Line2D([], [], color=GREY, linestyle=_ADDED, linewidth=1.2)
    ax.legend([*handles, added_up], [*names, _("if effects added up")], fontsize=8, loc="best")
    return ax


def paired_cells(cells: pd.DataFrame, effects: pd.DataFrame, pair: tuple[str, str], outcome: str) -> pd.DataFrame:
    """Combinations of two levers with the others at their reference, with their difference to the baseline."""
    table = only(cells, outcome=outcome)
    known = ["outcome", "theory", "design", "policy", "mean", "low", "high", "n", "replicates"]
    for other in (c for c in table.columns if c not in (*known, *pair)):
        table = only(table, **{other: table[other].iloc[0]})
    about = [*pair, "policy", "theory"]
    mine = only(effects.loc[effects["budget"].isna()], outcome=outcome)
    joined = table[about].merge(mine[["policy", "theory", "difference", "low", "high"]], how="left", on=about[2:])
    return joined.fillna({"difference": 0.0, "low": 0.0, "high": 0.0})  # the baseline itself


@styled
def incidence(bands: pd.DataFrame, curve: str, look: Mapping[str, Look], ax: Axes | None = None) -> Axes:
    """Share of problems that came to one end by each working day since they arose.

    Args:
        bands: as :func:`govsim.compare.incidence.bands` makes it, of one theory and budget.
        curve: one of :data:`CURVES`.
        look: policies to draw, and how.
        ax: axes to draw on.
    """
    ax = axes_of(ax, 4.6, 3.6)
    curves(only(bands, curve=curve), "day", "mean", look, ax)
    ax.set(title=_(CURVES[curve]), xlabel=_("working days since it arose"), ylabel=_("share of all problems"))
    ax.set_xlim(0, int(max(bands["day"])))
    ax.set_ylim(bottom=0.0)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    return ax


@styled
def resilience(excess: pd.DataFrame, look: Mapping[str, Look], ax: Axes | None = None, title: str = "") -> Axes:
    """What a shock adds to unmet need, week by week, under each policy; arguments as :func:`incidence`."""
    ax = axes_of(ax, 8.0, 3.8)
    curves(excess, "week", "excess", look, ax)
    ax.axhline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.set(title=title, xlabel=_("week"), ylabel=_("added by the shock\n(case-days per 1,000 residents)"))
    ax.margins(x=0.0)
    return ax


@styled
def interaction_panels(
    cells: pd.DataFrame, effects: pd.DataFrame, pairs: Sequence[tuple[str, str]], outcome: str
) -> Figure:
    """Pairs of levers beside each other: see :func:`interaction`."""
    fig = _panels(len(pairs), 3.7, 3.5)
    for ax, pair in zip(fig.axes, pairs, strict=False):
        interaction(cells, effects, pair, outcome, ax)
    return fig


@styled
def incidence_panels(bands: pd.DataFrame, look: Mapping[str, Look]) -> Figure:
    """The three ends beside each other, of one theory and budget."""
    fig = _panels(len(CURVES), 3.7, 3.4)
    for ax, curve in zip(fig.axes, CURVES, strict=True):
        incidence(bands, curve, look, ax)
    key(fig, look, marks=False)
    return fig


@styled
def resilience_panels(excess: pd.DataFrame, look: Mapping[str, Look]) -> Figure:
    """Shocks one under the other, of one theory and budget."""
    shocks = list(dict.fromkeys(excess["shock"]))
    fig = _panels(len(shocks), 9.5, 3.4, columns=1)
    for ax, shock in zip(fig.axes, shocks, strict=True):
        resilience(only(excess, shock=shock), look, ax, names_in_words(shock))
    key(fig, look, marks=False)
    return fig


def curves(table: pd.DataFrame, x: str, y: str, look: Mapping[str, Look], ax: Axes) -> None:
    """A line with its band for each policy that has a look."""
    for policy, drawn in look.items():
        some = only(table, policy=policy).sort_values(by=x)
        ax.fill_between(some[x], some["low"], some["high"], color=drawn.colour, alpha=0.15, linewidth=0)
        ax.plot(some[x], some[y], color=drawn.colour, linestyle=drawn.line, label=names_in_words(policy))


# --- parts


def _panels(number: int, width: float, height: float, columns: int = 3) -> Figure:
    """A figure of so many panels of this size; those left over in the last row are blank."""
    rows, columns = -(-number // columns), min(columns, number)
    fig = new_figure(max(6.5, width * columns), height * rows)
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)  # pyright: ignore
    for ax in fig.subplots(rows, columns, squeeze=False).flat[number:]:
        ax.remove()
    return fig


def _grouped(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, Look]]:
    """Theories, each with its rows and its look."""
    names = group_names(table)
    look = looks(names)
    for name, some in table.groupby(names, sort=False):
        yield str(name), some, look[str(name)]


def _dose_axis(ax: Axes, doses_in: str) -> None:
    ax.axhline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda dose, _: level(dose)))
    ax.tick_params(labelsize=9)
    ax.set_xlabel(_("dose ({unit})", unit=_(doses_in)) if doses_in not in ("", "1") else _("dose"))


def _shape(found: pd.DataFrame) -> str:
    """The shape in words; each theory's own where they differ."""
    words = [
        _("{shape} at {dose}", shape=_(shape), dose=level(at)) if np.isfinite(at) else _(shape)
        for shape, at in found[["shape", "at"]].itertuples(index=False)
    ]
    return words[0] if len(set(words)) == 1 else _("differs by theory")
