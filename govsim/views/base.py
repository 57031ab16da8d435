"""What all views share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, overload

import numpy as np

from govsim.columns import Table

if TYPE_CHECKING:
    from govsim.city import City

__all__ = ["Rows", "View", "reads"]


class View:
    """One row of a table as an object. Two views of one row are equal.

    Attributes:
        model: the city.
        row: the row in its table.
    """

    _table: ClassVar[Callable[[Any], Table]]  # from the city to the table

    def __init__(self, model: City, row: int) -> None:
        self.model: Any = model
        self.row = row

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.row == self.row and other.model is self.model  # pyright: ignore

    def __hash__(self) -> int:
        return hash((type(self), self.row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"


def reads(table: type[Table], name: str, names: Sequence[str] = ()) -> Any:
    """A column as a read-only property of a view, documented by the column's own meaning and unit.

    Args:
        table: the table that declares the column.
        name: the column.
        names: what its values stand for, where it is a category.
    """
    spec = table.declared[name]

    def read(view: View) -> Any:
        value = getattr(type(view)._table(view.model), name).item(view.row)
        return names[value] if names else value

    unit = ", ".join(names) or spec.unit
    return property(read, doc=f"{spec.meaning} ({unit})" if unit else spec.meaning)


class Rows[V](Sequence[V]):
    """Views of some rows, made when they are asked for: take its length, an index, a slice, or loop over it.

    Attributes:
        rows: the rows, in order.
    """

    def __init__(self, view: Callable[[int], V], rows: Sequence[int] | np.ndarray) -> None:
        self._view = view
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> Rows[V]: ...
    def __getitem__(self, index: int | slice) -> V | Rows[V]:
        if isinstance(index, slice):
            return Rows(self._view, self.rows[index])
        return self._view(int(self.rows[index]))

    def __repr__(self) -> str:
        return f"<{len(self)} views{f', {self[0]} …' if len(self) else ''}>"
