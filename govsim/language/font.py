"""The font of the languages whose signs matplotlib's own font lacks: a subset of Noto Sans SC, in two weights.

It stands behind whatever font is chosen, so that Latin text looks as before and only Chinese signs are taken from it.
``docs/generator/font.py`` makes the files; ``fonts/OFL.txt`` is their licence.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

__all__ = ["FAMILY", "FILES", "css", "families"]

FAMILY = "Noto Sans SC Subset"
"""The family's name. Not that of the whole font, which may be installed in a form that matplotlib draws badly."""

_FOLDER = Path(__file__).parent / "fonts"
FILES = {400: _FOLDER / "NotoSansSC-Regular.ttf", 700: _FOLDER / "NotoSansSC-Bold.ttf"}
"""Files (TrueType) by weight."""


def families() -> list[str]:
    """What to give matplotlib as ``font.family``: the families that are set now, and this one behind them."""
    import matplotlib as mpl

    _register()
    now = mpl.rcParams["font.family"]
    return [*now, *([] if FAMILY in now else [FAMILY])]


@cache
def css() -> str:
    """``@font-face`` rules that hold the font itself, for a page that loads nothing; ``FAMILY`` comes last there."""
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f'src: url("data:font/ttf;base64,{b64encode(file.read_bytes()).decode()}") format("truetype"); }}'
        for weight, file in FILES.items()
    )


@cache
def _register() -> None:
    from matplotlib.font_manager import fontManager

    for file in FILES.values():
        fontManager.addfont(file)
