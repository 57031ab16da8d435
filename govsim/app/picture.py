"""The picture of a place: its compounds and buildings, coloured by what is shown, as a small PNG image.

Where things are is worked out once (:mod:`govsim.app.ground`). To draw a week, each building and yard gets one of 256
colours, and the image is looked up in these: a few milliseconds for a street.
"""

from __future__ import annotations

import base64
import io
from functools import cache

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Colormap, ListedColormap, to_hex, to_rgb
from PIL import Image

from govsim.app.ground import COMMUNITY, GAP, GRID, LAND, PAPER, STREET, Ground
from govsim.app.shown import SHOWN, Shown
from govsim.city import City

__all__ = ["BORDERS", "data_url", "difference", "gradient", "image", "values"]

_LEVELS = 100
"""Colours of a scale; the same again, paler, for the yards."""

_YARD = 0.45
"""How much of its colour a yard keeps."""

_FIXED = {
    PAPER: "#FFFFFF", LAND: "#F0F0EA", GAP: "#FFFFFF", GRID: "#A9A99F", COMMUNITY: "#3C3C3C", STREET: "#000000",
}  # fmt: skip
BORDERS = {"grids": _FIXED[GRID], "communities": _FIXED[COMMUNITY], "streets": _FIXED[STREET]}
"""Colours of the lines between units."""


def values(city: City, ground: Ground, key: str) -> np.ndarray:
    """What is shown, in each building: (buildings,)."""
    return SHOWN[key].of(city, ground)


def image(ground: Ground, key: str, shown: np.ndarray) -> str:
    """A world as an image, in the form that a page can show (a data URL).

    Args:
        ground: of the place.
        key: one of :data:`~govsim.app.shown.SHOWN`.
        shown: (buildings,).
    """
    what = SHOWN[key]
    return _image(ground, shown, what.low, what.high, _palette(key, False))


def difference(ground: Ground, key: str, shown: np.ndarray) -> str:
    """The difference of two worlds as such an image."""
    spread = SHOWN[key].spread
    return _image(ground, shown, -spread, spread, _palette(key, True))


def gradient(key: str, differs: bool = False, n: int = 12) -> list[str]:
    """Colours from the low end of a scale to the high one, or one for each step: (n,) as ``#RRGGBB``."""
    what = SHOWN[key]
    n = len(what.steps) if what.steps and not differs else n
    return [to_hex(colour) for colour in _colours(what, differs)((np.arange(n) + 0.5) / n)]


def _colours(what: Shown, differs: bool) -> Colormap:
    if differs:  # purple where the policy's world is better off
        return mpl.colormaps["PuOr_r" if what.more_is_worse else "PuOr"]
    return mpl.colormaps[what.colours] if isinstance(what.colours, str) else ListedColormap(what.colours)


@cache
def _palette(key: str, differs: bool) -> bytes:
    """Red, green and blue of each of the 256 colours."""
    scale = _colours(SHOWN[key], differs)((np.arange(_LEVELS) + 0.5) / _LEVELS)[:, :3]
    fixed = np.array([to_rgb(colour) for _, colour in sorted(_FIXED.items())])
    every = np.concatenate([scale, _YARD * scale + (1.0 - _YARD), fixed])
    return np.pad(np.round(255 * every).astype(np.uint8), ((0, 256 - len(every)), (0, 0))).tobytes()


def _image(ground: Ground, shown: np.ndarray, low: float, high: float, palette: bytes) -> str:
    colour = np.empty(ground.entries, np.uint8)
    colour[: ground.buildings_from] = 2 * _LEVELS + np.arange(ground.buildings_from)
    colour[ground.buildings_from : ground.yards_from] = _level(shown, low, high)
    colour[ground.yards_from :] = _LEVELS + _level(ground.of_yards(shown), low, high)
    drawn = Image.fromarray(colour[ground.index])
    drawn.putpalette(palette)
    file = io.BytesIO()
    drawn.save(file, "PNG", compress_level=1)
    return data_url(file)


def data_url(png: io.BytesIO) -> str:
    """An image in the form that a page can show."""
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"


def _level(shown: np.ndarray, low: float, high: float) -> np.ndarray:
    """Which of the colours of a scale stands for each value; beyond its ends the colour of the end."""
    part = np.nan_to_num((shown - low) / (high - low))
    return np.clip(part * _LEVELS, 0, _LEVELS - 1).astype(np.uint8)
