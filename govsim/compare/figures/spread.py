"""How far results lie apart: over the worlds that are thought possible, and between the ends of uncertain values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from govsim.compare.figures.style import (
    GREY,
    PALETTE,
    above,
    axes_of,
    fitted,
    group_names,
    handles_of,
    looks,
    only,
    styled,
    width_of,
)
from govsim.compare.words import about, better, level
from govsim.language import _, names_in_words

__all__ = ["tornado", "worlds"]

ROW, LINE = 0.42, 0.24
"""Inches of a row, and of each of several groups within it."""
CHANCE = "seed"


@styled
def worlds(pairs: pd.DataFrame, outcome: str, ax: Axes | None = None) -> Axes:
    """What each policy does in every world: a box holds the middle half of them, whiskers reach to the last.

    A world is a scenario, of which the mean over seeds is taken; where there is a single one it is a seed.

    Args:
        pairs: as :func:`govsim.compare.pairs.differences` makes it.
        outcome: what the differences are of.
        ax: axes to draw on.
    """
    world = "scenario" if pairs["scenario"].nunique() > 1 else CHANCE
    table = (
        pairs.dropna(subset="difference")
        .groupby(["policy", "theory", "budget", world], sort=False, dropna=False, as_index=False)["difference"]
        .mean()
    )
    table = table.assign(group=group_names(table))  # pyright: ignore[reportArgumentType]
    look, names = looks(table["group"]), list(dict.fromkeys(table["policy"]))
    labels = [fitted(names_in_words(name)) for name in names]
    tall = max(ROW, LINE * len(look) + 0.14)
    ax = axes_of(ax, width_of(labels) + 6.0, tall * len(names) + 1.0)
    for i, (group, drawn) in enumerate(look.items()):
        some = [only(table, policy=name, group=group)["difference"].to_numpy() for name in names]
        at = np.arange(len(names)) + (i - (len(look) - 1) / 2.0) * LINE / tall
        ax.boxplot(
            some, positions=list(at), orientation="horizontal", widths=0.7 * LINE / tall, whis=(0, 100),
            manage_ticks=False, patch_artist=True, boxprops={"facecolor": drawn.colour, "alpha": 0.35},
            medianprops={"color": drawn.colour, "linewidth": 2.0},
        )  # fmt: skip
    ax.axvline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.set_yticks(range(len(names)), labels)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    over = _("over seeds") if world == CHANCE else _("over scenarios")
    ax.set_xlabel(better(outcome, _("difference in {outcome}, {over}\n({unit})", over=over, **about(outcome))))
    if len(look) > 1:
        above(ax, handles_of(look), list(look))
    return ax


@styled
def tornado(trials: pd.DataFrame, outcome: str, ax: Axes | None = None, most: int = 15) -> Axes:
    """What each uncertain value moves alone, at its lower and its higher level, the strongest above.

    Args:
        trials: as :func:`govsim.compare.sensitivity.one_at_a_time` makes it, of one policy, theory and subject.
        outcome: one of its outcomes.
        ax: axes to draw on.
        most: values that are shown.
    """
    table = only(trials, outcome=outcome)
    size = table["move"].abs().groupby(table["factor"]).max().sort_values(ascending=False, kind="stable")
    names = list(size.index[:most])
    ax = axes_of(ax, width_of(names) + 6.0, ROW * len(names) + 1.0)
    said = (_("lower value"), _("higher value"))
    for y, name in enumerate(names):
        ends = sorted(
            only(table, factor=name).to_dict("records"), key=lambda row: (str(type(row["level"])), row["level"])
        )
        for i, row in enumerate(ends):
            side = i if len(ends) > 1 else 1
            ax.barh(y, row["move"], 0.6, color=PALETTE[side], alpha=0.55, label=said[side] if y == 0 else None)
            ax.plot([row["low"], row["high"]], [y, y], color=GREY, linewidth=1.2)
            right = row["move"] > 0.0
            end = max(row["move"], row["high"]) if right else min(row["move"], row["low"])
            ax.annotate(
                level(row["level"]), (end, y), (4 if right else -4, 0), textcoords="offset points", va="center",
                ha="left" if right else "right", fontsize=8, color=GREY,
            )  # fmt: skip
    ax.axvline(0.0, color="black", linewidth=0.9, zorder=1)
    ax.set_yticks(range(len(names)), [names_in_words(name) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    ax.margins(x=0.14)
    ax.set_xlabel(_("change in {outcome} when one value moves\n({unit})", **about(outcome)))
    above(ax, *ax.get_legend_handles_labels())
    return ax
