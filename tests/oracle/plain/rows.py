"""Agents whose attributes are the columns of one of the city's tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from govsim.columns import Table

__all__ = ["Row"]


class Row(mesa.Agent):
    """One row of a table as an object.

    Rules are worked out in double precision and rounded where they are stored: an attribute that the table declares
    takes its declared type at each assignment, and is a plain Python number again. Other attributes (who belongs to
    whom) are as they are given.
    """

    table: ClassVar[type[Table]]
    stores: ClassVar[dict[str, Callable[[Any], Any]]]

    def __init_subclass__(cls, table: type[Table], leave_out: tuple[str, ...] = ()) -> None:
        cls.table = table
        cls.stores = {
            name: _store(spec.dtype, spec.width) for name, spec in table.declared.items() if name not in leave_out
        }

    def __init__(self, city: Any, row: int) -> None:
        super().__init__(city)
        self.city, self.row = city, row

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # the columns, which no checker can know

    def __setattr__(self, name: str, value: Any) -> None:
        store = self.stores.get(name)
        object.__setattr__(self, name, value if store is None else store(value))

    def take(self, record: Any) -> None:
        """Take every stored attribute from one row of the city's table: a record, or values by name."""
        for name in self.stores:
            setattr(self, name, record[name])


def _store(dtype: Any, width: int) -> Callable[[Any], Any]:
    """What happens to a value that is stored in a column: a Python number, rounded as the column rounds."""
    if width > 1:
        return lambda values: [float(value) for value in values]
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return bool
    if kind.kind == "f":
        return float if kind.itemsize == 8 else lambda value: float(np.float32(value))
    return int
