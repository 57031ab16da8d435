"""Holdings: what a city holds in memory, table by table, and the most that this may be."""

from __future__ import annotations

from govsim.city import City
from govsim.columns import Table

__all__ = [
    "ARCHIVED", "BYTES", "BYTES_OF_ANY_PLACE", "CASES", "CASES_OF_ANY_PLACE", "bytes_a_row", "tables",
]  # fmt: skip

BYTES = 44.5
"""Bytes a resident of all tables, 33 of them in the table of residents; hand-offs apart, which a city does not keep."""
BYTES_OF_ANY_PLACE = 75_000
"""Bytes of what every place has, however small: room for 1,024 cases, kinds, a district's branches, ways."""

CASES = 0.075
"""Rows of the case table a resident."""
CASES_OF_ANY_PLACE = 1_024
"""Rows of the case table with which every place begins."""
ARCHIVED = 0.0075
"""Cases that end a resident and week."""


def tables(city: City) -> dict[str, Table]:
    """Every table of a city by its name."""
    return {
        name: table for owner in (city, city.places) for name, table in vars(owner).items() if isinstance(table, Table)
    }


def bytes_a_row(table: Table) -> int:
    """Bytes a row of all columns as declared; what lies empty between columns is not counted."""
    return sum(table.blank.dtype[name].itemsize for name in table.declared)
