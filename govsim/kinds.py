"""Kinds of cases as columns, read from the data files ``configs/kinds`` and ``configs/departments``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from govsim.columns import Table, column
from govsim.config.kinds import LINES, PUBLISHED, SLOTS, Department, Kind

__all__ = ["Kinds", "kinds_table"]


class Kinds(Table):
    """One row a kind; the fields of :class:`govsim.config.kinds.Kind` that the week reads."""

    rate = column("f8", "cases per 1,000 residents and week", "how often it arises at environment 0.5", fixed=True)
    severity = column("f8", "1", "weight of a day with it", fixed=True)
    further = column("f8", "1", "chance that a department after the lead is needed", fixed=True)
    ambiguity = column("f8", "1", "how unclear its jurisdiction is", fixed=True)
    grid_sees = column("f8", "1", "visibility on patrol", fixed=True)
    resident_sees = column("f8", "1", "visibility to residents", fixed=True)
    property_sees = column("f8", "1", "visibility to property companies", fixed=True)
    on_spot = column("f8", "1", "share settled on the spot", fixed=True)
    in_compound = column("f8", "1", "share a perfect compound settles", fixed=True)
    at_community = column("f8", "1", "share the community settles", fixed=True)
    community_hours = column("f8", "hours", "work at the community", fixed=True)
    branch_hours = column("f8", "hours", "mean work of a branch", fixed=True)
    sinkable = column("f8", "1", "share that a street could finish itself", fixed=True)
    mediable = column("f8", "1", "share that mediation settles", fixed=True)
    at_station = column("f8", "1", "share a service station settles", fixed=True)
    by_conduct = column("f8", "1", "how far it comes from neighbours' conduct", fixed=True)
    by_decay = column("f8", "1", "how far it comes from decayed hardware", fixed=True)
    by_strangers = column("f8", "1", "how far it comes from outside", fixed=True)
    by_noise = column("f8", "1", "how far it rises with groups in the open", fixed=True)
    for_space = column("f8", "1", "how far it asks for space", fixed=True)
    persuadable = column("f8", "1", "whether a household can end it if persuaded", fixed=True)
    blocks_works = column("f8", "1", "how much it stands in the way of renovation", fixed=True)
    recurrence = column("f8", "1", "chance of coming back after a cure", fixed=True)
    recurrence_days = column("f8", "working days", "mean time until then", fixed=True)
    fades = column("f8", "working days", "mean time to lapse", fixed=True)
    line = column("u1", "", "inspectors' line before grids were merged", fixed=True)
    published_as = column("u1", "", "in which published count of grid workers' cases it is", fixed=True)
    slots = column("i8", "", "how many departments it names", fixed=True)
    departments = column("i4", "", "rows of the departments it names", fixed=True, fill=-1, width=SLOTS)

    names: tuple[str, ...] = ()


def kinds_table(kinds: Mapping[str, Kind], departments: Mapping[str, Department]) -> Kinds:
    """Kinds in the order of their names, so that a file's order does not matter."""
    row = {name: i for i, name in enumerate(departments)}
    ordered = [kinds[name] for name in sorted(kinds)]
    named = np.full((len(ordered), SLOTS), -1, dtype=np.int32)
    for k, kind in enumerate(ordered):
        named[k, : len(kind.departments)] = [row[d] for d in kind.departments]
    special = {
        "line": np.array([LINES.index(kind.line) for kind in ordered]),
        "published_as": np.array([PUBLISHED.index(kind.published_as) for kind in ordered]),
        "slots": np.array([len(kind.departments) for kind in ordered]),
        "departments": named,
    }
    plain = {f: np.array([getattr(kind, f) for kind in ordered]) for f in Kinds.declared if f not in special}
    table = Kinds(len(ordered), **plain, **special)
    table.names = tuple(sorted(kinds))
    return table
