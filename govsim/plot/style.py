"""What all pictures share: colours, looks, fonts, and axes to draw on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from govsim.language.font import families

__all__ = ["COLOURS", "GREY", "STYLE", "figure_of", "new_axes", "styled"]

COLOURS = {"baseline": "#D55E00", "policy": "#0072B2"}
GREY = "#555555"

STYLE: dict[str, Any] = {
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


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """A function that draws in this style, and in fonts that have the signs of every language."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        style: Any = STYLE | {"font.family": families()}
        with mpl.rc_context(style):
            return draw(*args, **kwargs)

    return drawn


def new_axes() -> Axes:
    """Axes of a figure of their own, without a display."""
    return Figure(figsize=(7, 4), dpi=110, layout="constrained").add_subplot()


def figure_of(ax: Axes) -> Any:
    """The figure, or part of one, that axes belong to."""
    return ax.get_figure()
