"""Compounds where they lie, coloured by how people live there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from govsim.language import _
from govsim.plot.style import figure_of, new_axes, styled

if TYPE_CHECKING:
    from govsim.study.run import Run

__all__ = ["MAPS", "compound_map", "tier_shown"]


class _Map(NamedTuple):
    title: str
    unit: str
    colours: str


MAPS = {
    "unmet_per_1000": _Map("Unmet need", "case-days per 1,000 residents and week", "viridis_r"),
    "satisfaction": _Map("Satisfaction", "0 to 1", "viridis"),
    "trust": _Map("Trust", "0 to 1", "viridis"),
    "environment": _Map("Environment", "0 to 1", "viridis"),
    "joined_share": _Map("Residents who take part", "share", "viridis"),
}
"""What a map of compounds can show."""


@styled
def compound_map(
    run: Run,
    world: str = "policy",
    week: int | None = None,
    value: str = "satisfaction",
    ax: Axes | None = None,
    limits: tuple[float, float] | None = None,
) -> Axes:
    """The lattice of compounds, coloured by one of :data:`MAPS`.

    Args:
        run: results.
        world: ``baseline``, ``policy``, or ``difference`` (policy less baseline).
        week: 0 or the last week (default).
        value: a column of ``run.compounds``.
        ax: axes to draw on.
        limits: lowest and highest value of the colour scale.
    """
    ax = ax or new_axes()
    week = int(run.settings["weeks"]) if week is None else week
    shown = MAPS[value]
    if world == "difference":
        image = _lattice(run, "policy", week, value) - _lattice(run, "baseline", week, value)
        most = float(np.nanpercentile(np.abs(image), 98)) or 1.0
        limits, colours = limits or (-most, most), "PuOr_r" if shown.colours.endswith("_r") else "PuOr"
        label = _("policy less baseline ({unit})", unit=_(shown.unit))
    else:
        image, colours, label = _lattice(run, world, week, value), shown.colours, _(shown.unit)
    low, high = limits or (None, None)
    drawn = ax.imshow(image, origin="lower", cmap=colours, vmin=low, vmax=high)
    below, above = np.any(image < drawn.norm.vmin), np.any(image > drawn.norm.vmax)
    extend = "both" if below and above else "min" if below else "max" if above else "neither"
    ax.add_collection(_borders(run))
    title = _("{what}, {world}, week {week}", what=_(shown.title), world=_(world), week=week)
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    figure_of(ax).colorbar(
        drawn, ax=ax, orientation="horizontal", shrink=0.85, aspect=30, pad=0.04, label=label, extend=extend
    )
    return ax


# --- parts


def _lattice(run: Run, world: str, week: int, value: str) -> np.ndarray:
    """Values of settlements where they lie; NaN where nobody lives: (rows, columns)."""
    table = run.compounds
    table = table[(table["world"] == world) & (table["week"] == week)]
    x, y = (np.asarray(table[axis]) for axis in ("x", "y"))
    image = np.full((int(y.max()) + 1, int(x.max()) + 1), np.nan)
    image[y, x] = table[value]
    return image


TIER_OF = {"communities": "community", "streets": "street", "districts": "district"}


def tier_shown(run: Run) -> str:
    """The smallest tier whose borders are not too fine to see."""
    return next((units for units, tier in TIER_OF.items() if len(set(run.compounds[tier])) <= 40), "districts")


def _borders(run: Run) -> LineCollection:
    """Borders between the units of a tier."""
    unit = _lattice(run, "policy", 0, TIER_OF[tier_shown(run)])
    right = [((x + 0.5, y - 0.5), (x + 0.5, y + 0.5)) for y, x in np.argwhere(np.diff(unit, axis=1) != 0)]
    above = [((x - 0.5, y + 0.5), (x + 0.5, y + 0.5)) for y, x in np.argwhere(np.diff(unit, axis=0) != 0)]
    return LineCollection([*right, *above], colors="white", linewidths=1.6)
