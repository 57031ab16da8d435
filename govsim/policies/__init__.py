"""Policy instruments, one a file. An instrument writes rules in force, never residents.

A file in this folder that defines a subclass of :class:`~govsim.policies.base.Instrument` is all that a new
instrument needs in Python: it is found here, under its own ``name``.
"""

from __future__ import annotations

import importlib
import pkgutil

from govsim.policies.base import Instrument

__all__ = ["INSTRUMENTS", "Instrument"]


def _discover() -> dict[str, type[Instrument]]:
    found: dict[str, type[Instrument]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for item in vars(importlib.import_module(module.name)).values():
            if isinstance(item, type) and issubclass(item, Instrument) and item.__module__ == module.name:
                if item is Instrument:
                    continue
                if item.name in found:
                    raise ValueError(f"{item} and {found[item.name]} share the name {item.name!r}")
                found[item.name] = item
    return dict(sorted(found.items()))


INSTRUMENTS: dict[str, type[Instrument]] = _discover()
"""Every instrument by its name, which is its key under ``policy`` in a config."""
