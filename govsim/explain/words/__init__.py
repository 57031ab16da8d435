"""Stories in sentences, in any language of :mod:`govsim.language`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

__all__ = ["declared"]


def declared() -> Iterator[str]:
    """Texts that are looked up by a variable, for the catalogues: all that stands in the tables of these modules."""
    for module in iter_modules(__path__):
        for name, table in vars(import_module(f"{__name__}.{module.name}")).items():
            if name.isupper() and name[0] != "_" and isinstance(table, dict | tuple):
                yield from _texts(table)


def _texts(table: Any) -> Iterator[str]:
    for value in table.values() if isinstance(table, dict) else table:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (text for text in table if isinstance(text, str))
            yield from _texts(value)
