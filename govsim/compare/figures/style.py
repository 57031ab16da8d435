"""What the figures of a report share: looks, names that fit, groups side by side, title and footer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from govsim.compare.words import PERCENT, counted, level
from govsim.language import _, names_in_words
from govsim.language.cells import width, wrapped
from govsim.plot.style import COLOURS, GREY, styled
from govsim.study.intervals import LEVEL

__all__ = [
    "ABOVE", "GREY", "Look", "above", "axes_of", "chunks", "fitted", "footer", "group_names", "handles_of", "key",
    "looks", "new_figure", "only", "settle", "shown", "styled", "titled", "width_of",
]  # fmt: skip

PALETTE = ("#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, but for the yellow, which is too light for a line, and the baseline's."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))
DPI = 100
ABOVE, _COLUMNS = "above", 4
"""Mark of what stands above axes; columns of a legend there."""
LONGEST = 30
"""Cells of a name on one line."""


class Look(NamedTuple):
    """How one of several things is drawn: no two of them look the same without colour."""

    colour: str
    marker: str
    line: Any


def looks(names: Iterable[str], baseline: str | None = None) -> dict[str, Look]:
    """A look for each name, in their order; the baseline always has its own."""
    found, i = {}, 0
    for name in dict.fromkeys(names):
        if name == baseline:
            found[name] = Look(COLOURS["baseline"], "o", (0, (2, 1)))
            continue
        found[name] = Look(PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)], LINES[i % len(LINES)])
        i += 1
    return found


def fitted(name: Any, longest: int = LONGEST) -> str:
    """A name in lines that are short enough: broken at blanks, and where a word is too long, behind its signs."""
    lines: list[str] = []
    whole: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
    for line in wrap(str(name), longest, **whole):
        parts = [line]
        for sign in ("+", "=", "_"):
            parts = [piece for part in parts for piece in (_behind(sign, part) if width(part) > longest else [part])]
        lines.append(parts[0])
        for part in parts[1:]:
            if width(lines[-1] + part) > longest:
                lines.append(part)
            else:
                lines[-1] += part
    return "\n".join(piece for line in lines for piece in wrapped(line, longest, **whole))


def _behind(sign: str, text: str) -> list[str]:
    return re.split(f"(?<={re.escape(sign)})", text)


def only(table: pd.DataFrame, **values: Any) -> pd.DataFrame:
    """The rows in which these columns have these values."""
    kept = np.ones(len(table), dtype=bool)
    for column, value in values.items():
        kept &= (table[column] == value).to_numpy()
    return table.loc[kept]


def group_names(table: pd.DataFrame) -> pd.Series:
    """What tells rows of the same policy apart: their theory, their budget or both; empty where neither varies."""
    parts = []
    if "theory" in table.columns and len(set(table["theory"])) > 1:
        parts.append(table["theory"].map(lambda theory: names_in_words(str(theory))))
    if "budget" in table.columns and len(set(table["budget"].fillna(-1.0))) > 1:
        parts.append(table["budget"].map(_money))
    return pd.Series([_(", ").join(row) for row in zip(*parts, strict=True)] if parts else "", index=table.index)


def _money(budget: float) -> str:
    return _("at own cost") if np.isnan(budget) else _("{budget} yuan", budget=level(budget))


def shown(table: pd.DataFrame) -> np.ndarray:
    """Which rows show a difference from 0: by Holm's p where the table has one, else by the interval."""
    if "p_holm" in table.columns:
        return (table["p_holm"] < 1.0 - LEVEL).to_numpy()
    return ((table["low"] > 0.0) | (table["high"] < 0.0)).to_numpy()


def new_figure(width: float, height: float) -> Figure:
    """A figure without a display, in inches."""
    return Figure(figsize=(width, height), dpi=DPI, layout="constrained")


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes that were given, or those of a new figure of this size."""
    return ax or new_figure(width, height).add_subplot()


def width_of(labels: Sequence[str], size: float = 10.0) -> float:
    """Inches that the longest of these labels takes, about."""
    return max((width(line) for text in labels for line in text.split("\n")), default=0) * size * 0.0092


def handles_of(look: Mapping[str, Look]) -> list[Line2D]:
    """A short line with its mark for each look."""
    return [Line2D([], [], color=colour, marker=marker, linewidth=1.8) for colour, marker, __ in look.values()]


def above(ax: Axes, handles: Sequence[Any], names: Sequence[str]) -> None:
    """A legend above the axes, where nothing is drawn."""
    columns = min(_COLUMNS, len(names))
    legend = ax.legend(handles, names, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, borderaxespad=0.2)
    legend.set_gid(ABOVE)


@styled
def titled(ax: Axes, title: str) -> Axes:
    """The axes with a title, over what stands above them: a legend, or the head of a column of numbers.

    On a figure of one's own (:func:`new_figure`) a long title is broken, so that none of it is cut off.
    """
    fig: Any = ax.get_figure(root=True)
    if fig.axes == [ax] and fig.get_layout_engine() is not None:
        fig.draw_without_rendering()
        inches = fig.get_figwidth() - ax.get_window_extent().x0 / fig.dpi
        title = "\n".join(wrapped(title, int(10 * inches)))
    legend = ax.get_legend()
    rows = int(any(text.get_gid() == ABOVE for text in ax.texts))
    if legend is not None and legend.get_gid() == ABOVE:
        rows = -(-len(legend.get_texts()) // _COLUMNS)
    ax.set_title(title, pad=6.0 + 20.0 * rows)  # points
    return ax


def key(fig: Figure, look: Mapping[str, Look], marks: bool = True) -> None:
    """A key above all panels, in as many columns as fit; none for a single thing."""
    if len(look) < 2:
        return
    names = [fitted(names_in_words(name), 40) for name in look]
    handles = [
        Line2D([], [], color=colour, linestyle=line, linewidth=1.8, marker=marker if marks else "")
        for colour, marker, line in look.values()
    ]
    columns = max(1, int(fig.get_figwidth() / (width_of(names, 9) + 0.7)))
    fig.legend(handles, names, loc="upper left", ncols=min(columns, len(names)), fontsize=9, frameon=False, borderpad=0)


@styled
def settle(fig: Figure, title: str, note: str) -> Figure:
    """Put the title and the key above the panels and the footer below; the figure grows by what they take."""
    wide, height = fig.get_size_inches()
    head = fig.text(0, 0, "\n".join(wrapped(title, int(wide * 10))), fontsize=12.5, weight="bold", va="top")
    foot = fig.text(0, 0, "\n".join(wrapped(note, int(wide * 14))), fontsize=8.5, color=GREY, va="bottom")
    gap, keys = 0.08, list(fig.legends)
    tall = {part: part.get_window_extent().height / fig.dpi + gap for part in (head, foot, *keys)}
    whole = height + gap + sum(tall.values())
    fig.set_size_inches(wide, whole)
    head.set_position((gap / wide, 1.0 - gap / whole))
    foot.set_position((gap / wide, gap / whole))
    top = gap + tall[head]
    for part in keys:
        part.set_bbox_to_anchor((gap / wide, 1.0 - top / whole))
        top += tall[part]
    bottom = gap + tall[foot]
    fig.get_layout_engine().set(rect=(0.0, bottom / whole, 1.0, 1.0 - (top + bottom) / whole))  # pyright: ignore
    return fig


def footer(study_id: str, table: pd.DataFrame, also: str = "") -> str:
    """Which study, how many pairs, what the bars are."""
    parts = [_("Study {study}", study=study_id)]
    if "n" in table.columns and len(table):
        n = counted(table["n"])
        parts.append(_("n = {n} pairs of runs", n=n) if "difference" in table.columns else f"n = {n}")
        if "replicates" in table.columns and list(table["replicates"]) != list(table["n"]):
            parts.append(_("{n} independent replicates", n=counted(table["replicates"])))
    bounds = table.get(["low", "high"])
    single = "replicates" in table.columns and max(table["replicates"], default=0) < 2
    single &= bounds is None or not bounds.notna().to_numpy().any()  # Sobol's have intervals over samples
    parts.append(
        _("a single replicate, no intervals") if single else _("bars and bands: {percent} intervals", percent=PERCENT)
    )
    facts = reduce(lambda some, more: _("{some}, {more}", some=some, more=more), parts)
    return _("{facts}. For exploration, not prediction. {also}", facts=facts, also=also).strip()


def chunks[T](items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in rows of so many."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
