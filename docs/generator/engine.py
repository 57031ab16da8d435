"""What a city holds in memory: each table with its layout, its rows in the whole city, and bytes, as declared."""

from __future__ import annotations

import numpy as np

from generator.markdown import code, number, table
from generator.odd import tables
from govsim.columns import Table
from govsim.config.compose import compose
from govsim.study.memory import bytes_a_row, rows_of

__all__ = ["holdings", "widths"]

_PLACE = "place=chengdu"


def holdings() -> str:
    """Tables that grow with a place, the largest first, and what they take in the whole city."""
    rows = rows_of(compose([_PLACE]).config)
    taken = {kind: n * bytes_a_row(kind) for kind, n in rows.items()}
    lines = [
        (kind.__name__, _layout(kind), number(len(kind.declared)), number(bytes_a_row(kind)), number(round(rows[kind])),
         number(round(taken[kind] / 1e6)))
        for kind in sorted(rows, key=lambda kind: -taken[kind])
    ]  # fmt: skip
    lines.append(("all of these", "", "", "", "", number(round(sum(taken.values()) / 1e6))))
    return table(("table", "layout", "columns", "bytes a row", "rows in Chengdu, about", "MB"), lines)


def widths() -> str:
    """Columns by width: table by table, how many bytes each takes."""
    lines = []
    for kind in tables():
        by_width: dict[int, list[str]] = {}
        for name, spec in kind.declared.items():
            by_width.setdefault(np.dtype(spec.dtype).itemsize * spec.width, []).append(code(name))
        for width, names in sorted(by_width.items(), reverse=True):
            lines.append((kind.__name__, number(width), ", ".join(names)))
    return table(("table", "bytes", "columns"), lines)


def _layout(kind: type[Table]) -> str:
    return "by column" if kind.by_column else "records"
