"""The table that shows where each mechanism of the article is, from ``coverage.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

from generator.markdown import code, table

__all__ = ["FILE", "Row", "page", "rows"]

FILE = Path(__file__).parents[1] / "coverage.yaml"


class Row(NamedTuple):
    """A mechanism of the article, and where it is.

    Attributes:
        id: its fact.
        what: in a line.
        files: sources, from the root of the project.
        keys: keys of a config that switch or size it.
        tests: tests that show it at work, as file::function.
    """

    id: str
    what: str
    files: tuple[str, ...]
    keys: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """The rows of the file, in its order."""
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Row(r["id"], r["what"], tuple(r["files"]), tuple(r["keys"]), tuple(r["tests"])) for r in given]


def page() -> str:
    """The rows as a table."""
    return table(("what the article tells", "where it is"), ((f"{code(r.id)}<br>{r.what}", _where(r)) for r in rows()))


def _where(row: Row) -> str:
    parts = (("file", row.files), ("key", row.keys), ("test", row.tests))
    return "<br>".join(f"{what} {code(name)}" for what, names in parts for name in names)
