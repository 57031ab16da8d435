"""Which policy to choose: what it buys for what it costs, at which budget, and whether that holds elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from govsim.compare.figures.forests import forest_rows, height_of
from govsim.compare.figures.style import GREY, Look, axes_of, fitted, looks, new_figure, only, styled, width_of
from govsim.compare.frontier import ON
from govsim.compare.words import about, better, level, number, unit
from govsim.language import _, names_in_words

__all__ = ["frontier", "ranking", "rankings", "ranks", "regret"]

LIGHT, NAMED = "#9A9A9A", 12
"""Policies that a scatter names; further ones off the frontier are grey points."""


@styled
def frontier(table: pd.DataFrame, ax: Axes | None = None, baseline: str | None = None) -> Axes:
    """What each policy buys for what it costs beyond the baseline, and the line of those worth their money.

    Args:
        table: as :func:`govsim.compare.frontier.frontier` makes it, of one theory.
        ax: axes to draw on.
        baseline: its label.
    """
    ax = axes_of(ax, 9.8, 4.8)
    outcome = str(table["outcome"].iloc[0])
    on = only(table, status=ON).sort_values(by="extra_cost")
    off = table.loc[table["status"] != ON].sort_values(by="share_on_frontier", ascending=False, kind="stable")
    named = [*on["policy"], *off["policy"].head(max(0, NAMED - len(on)))]
    look = looks(named, baseline)
    ax.plot(on["extra_cost"], on["effect"], color=GREY, linewidth=1.4, zorder=1)
    for row in table.to_dict("records"):
        _point(ax, row, look.get(row["policy"]))
    rest = len(table) - len(named)
    if rest:
        ax.plot([], [], ".", color=LIGHT, label=_("{n} more, off the frontier", n=rest))
    ax.axhline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.axvline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.margins(0.08)
    ax.set_xlabel(_("yuan per resident and year beyond the baseline, as spent"))
    ax.set_ylabel(better(outcome, _("difference in {outcome}\n({unit})", **about(outcome))))
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=9, frameon=False, borderaxespad=0.0)
    return ax


def _point(ax: Axes, row: dict[Any, Any], look: Look | None) -> None:
    """A policy with both its intervals; filled on the frontier."""
    colour, marker, __ = look or (LIGHT, ".", "")
    x, y = row["extra_cost"], row["effect"]
    ax.plot([row["cost_low"], row["cost_high"]], [y, y], color=colour, linewidth=1.3, zorder=2)
    ax.plot([x, x], [row["low"], row["high"]], color=colour, linewidth=1.3, zorder=2)
    face = colour if row["status"] == ON or look is None else "white"
    name = fitted(names_in_words(row["policy"])) if look else None
    ax.plot(x, y, marker, color=colour, markerfacecolor=face, markersize=7, linestyle="", zorder=3, label=name)


@styled
def ranking(table: pd.DataFrame, ax: Axes | None = None, most: int = 12) -> Axes:
    """Policies of one theory and budget from the best, with how often each is best in resamples.

    Args:
        table: as :func:`govsim.compare.frontier.ranking` makes it, of one theory and budget.
        ax: axes to draw on.
        most: policies that are shown.
    """
    table = table.sort_values(by="rank").head(most)
    ax = axes_of(ax, width_of(_fitted(table["policy"])) + 7.0, height_of(table, "policy") + 1.0)
    best = [
        _("best in {share}%", share=number(100 * p, 0)) if np.isfinite(p) else "" for p in table["probability_best"]
    ]
    table = table.drop(columns=["theory", "budget", "p_holm"], errors="ignore")
    forest_rows(ax, table, "policy", "effect", notes=best)
    outcome = str(table["outcome"].iloc[0])
    ax.set_xlabel(better(outcome, _("difference in {outcome} ({unit})", **about(outcome))))
    return ax


@styled
def rankings(table: pd.DataFrame, most: int = 12) -> Figure:
    """A ranking for each theory and budget, one under the other."""
    groups: list[tuple[Any, pd.DataFrame]] = list(table.groupby(["theory", "budget"], sort=False))
    tall = [height_of(some.sort_values(by="rank").head(most), "policy") + 0.75 for __, some in groups]
    fig = new_figure(width_of(_fitted(table["policy"])) + 7.0, sum(tall) + 0.3)
    fig.get_layout_engine().set(h_pad=0.1)  # pyright: ignore
    axes = fig.subplots(len(groups), 1, squeeze=False, sharex=True, height_ratios=tall)[:, 0]
    several = len(set(table["theory"])) > 1
    for ax, ((theory, budget), some) in zip(axes, groups, strict=True):
        ranking(some, ax, most)
        title = _("{budget} yuan per resident and year", budget=level(budget))
        title += _(", ") + names_in_words(theory) if several else ""
        title += _(" (best {n} of {all})", n=most, all=len(some)) if len(some) > most else ""
        ax.set_title(title, fontsize=10.5)
        if ax is not axes[-1]:
            ax.set_xlabel("")
    return fig


@styled
def regret(table: pd.DataFrame, most: int = 25) -> Figure:
    """How much worse than the best each policy does, averaged over worlds, and in what share of worlds it is best.

    Args:
        table: as :func:`govsim.compare.regret.regret` makes it, of one budget.
        most: policies that are shown, from the smallest mean regret.
    """
    table = table.sort_values(by="mean_regret", kind="stable").head(most).drop(columns="budget")
    outcome = str(table["outcome"].iloc[0])
    fig = new_figure(width_of(_fitted(table["policy"])) + 8.6, height_of(table, "policy") + 1.1)
    fig.get_layout_engine().set(w_pad=0.1)  # pyright: ignore
    left, right = fig.subplots(1, 2, sharey=True, width_ratios=[1.35, 1])
    forest_rows(left, table, "policy", "mean_regret", bars=True, signed=False)
    worst = table["max_regret"].to_numpy()
    left.plot(
        worst,
        left.get_yticks(),
        "|",
        color="black",
        markersize=10,
        markeredgewidth=1.6,
        label=_("in its worst world"),
    )
    left.legend(fontsize=8.5, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    left.set(xlabel=f"{_('← better')}     " + _("mean regret\n({unit})", unit=unit(outcome)))
    share = table.drop(columns=["low", "high"]).rename(columns={"best_low": "low", "best_high": "high"})
    forest_rows(right, share, "policy", "share_best", bars=True, signed=False)
    right.set(xlabel=_("share of worlds in which it is best") + f"     {_('better →')}", xlim=(0, 1.02))
    return fig


@styled
def ranks(table: pd.DataFrame, ax: Axes | None = None, most: int = 25) -> Axes:
    """The place of each policy under each theory (1 is best), and what is shown of it.

    Args:
        table: as :func:`govsim.compare.regret.rankings` makes it, of one budget.
        ax: axes to draw on.
        most: policies that are shown, from the best mean rank.
    """
    theories = list(dict.fromkeys(table["theory"]))
    cells = {(row["policy"], row["theory"]): row for row in table.to_dict("records")}
    total = {
        policy: sum(cells[policy, theory]["rank"] for theory in theories) for policy in dict.fromkeys(table["policy"])
    }
    policies = sorted(total, key=lambda policy: total[policy])[:most]
    names = _fitted(policies)
    places = np.array([[cells[policy, theory]["rank"] for theory in theories] for policy in policies], dtype=float)
    last = max(2, *table["rank"])
    edges = np.append(0.0, np.cumsum([0.17 * name.count("\n") + 0.34 for name in names]))
    ax = axes_of(ax, width_of(names) + 1.7 * len(theories) + 0.4, edges[-1] + 0.5)
    ax.pcolormesh(np.arange(len(theories) + 1), edges, places, cmap="viridis", vmin=1, vmax=last, edgecolors="white")
    ax.invert_yaxis()
    middles = (edges[1:] + edges[:-1]) / 2.0
    for (i, j), place in np.ndenumerate(places):
        colour = "white" if place <= 0.6 * last else "black"
        text = f"{place:.0f}   {_(cells[policies[i], theories[j]]['sign'])}"
        ax.text(j + 0.5, float(middles[i]), text, ha="center", va="center", fontsize=8.5, color=colour)
    ax.set_xticks(np.arange(len(theories)) + 0.5, [fitted(names_in_words(theory), 16) for theory in theories])
    ax.set_yticks(middles, names)
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return ax


def _fitted(policies: Iterable[str]) -> list[str]:
    """Policies in words, in short lines."""
    return [fitted(names_in_words(policy)) for policy in policies]
