"""The lattice on which settlements lie: a space-filling curve through a rectangle.

The curve visits each cell once and always steps to a side neighbour, so any run of settlements is one
connected patch, and what is near in a table is near in space. It is the generalisation of Hilbert's
curve to rectangles by Jakub Červený ("gilbert"): halve the longer side, or go up, along and down again.
"""

from __future__ import annotations

import math

import numpy as np

from govsim.jit import kernel

__all__ = ["curve", "rectangle"]

_DEPTH = 256  # rectangles waiting on the stack; each halving leaves at most two


def rectangle(cells: int) -> tuple[int, int]:
    """Width and height of the smallest near-square rectangle with at least ``cells`` cells.

    Rectangles with an odd longer and an even shorter side are left out: there the curve would need a
    diagonal step.
    """
    side = math.isqrt(max(cells - 1, 0)) + 1
    fitting = [
        (width * height, width - height, width, height)
        for height in range(max(1, side * 7 // 8), side + 1)
        for width in (-(-cells // height), -(-cells // height) + 1)
        if width >= height and (width % 2 == 0 or height % 2 == 1)
    ]
    return min(fitting)[2:]


def curve(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of the cells in the order of the curve: two (width * height,) arrays of int16."""
    return _curve(width, height)


@kernel
def _curve(width, height):
    x = np.empty(width * height, np.int16)
    y = np.empty(width * height, np.int16)
    # a rectangle still to be filled: its first corner, the side to go along, the side to climb
    stack = np.empty((_DEPTH, 6), np.int64)
    stack[0] = np.array([0, 0, width, 0, 0, height])
    waiting, cell = 1, 0
    while waiting:
        waiting -= 1
        cx, cy, ax, ay, bx, by = stack[waiting]
        along, climb = abs(ax + ay), abs(bx + by)
        sax, say, sbx, sby = np.sign(ax), np.sign(ay), np.sign(bx), np.sign(by)
        if climb == 1 or along == 1:
            sx, sy = (sax, say) if climb == 1 else (sbx, sby)
            for step in range(max(along, climb)):
                x[cell], y[cell] = cx + step * sx, cy + step * sy
                cell += 1
            continue
        hax, hay, hbx, hby = ax // 2, ay // 2, bx // 2, by // 2
        if 2 * along > 3 * climb:  # long: one half after the other
            if abs(hax + hay) % 2 and along > 2:  # an even first half ends on the right side
                hax, hay = hax + sax, hay + say
            stack[waiting] = np.array([cx + hax, cy + hay, ax - hax, ay - hay, bx, by])
            stack[waiting + 1] = np.array([cx, cy, hax, hay, bx, by])
            waiting += 2
        else:  # up on this side, along the far half, down on the other side
            if abs(hbx + hby) % 2 and climb > 2:
                hbx, hby = hbx + sbx, hby + sby
            stack[waiting] = np.array(
                [cx + ax - sax + hbx - sbx, cy + ay - say + hby - sby, -hbx, -hby, hax - ax, hay - ay]
            )
            stack[waiting + 1] = np.array([cx + hbx, cy + hby, ax, ay, bx - hbx, by - hby])
            stack[waiting + 2] = np.array([cx, cy, hbx, hby, hax, hay])
            waiting += 3
    return x, y
