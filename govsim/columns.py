"""Tables: every level of the city is a table, every agent a row.

A table declares its columns once, with dtype, unit and meaning. Processes and kernels use the arrays
directly; ``table.columns`` hands all of them to a kernel as one named tuple, so that a kernel reads
``cases.day_raised[row]`` just as Python does.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

__all__ = ["Column", "Table", "column"]


@dataclass(frozen=True)
class Column:
    """The declaration of one column.

    Args:
        dtype: numpy dtype of the array.
        unit: unit of a value ("" for a category or an index).
        meaning: one line for the reader and the reference.
        fixed: True for what the set-up decides once; False for state that processes move.
        fill: value of a new row.
        width: values a row; above 1 the array is (rows, width).
    """

    dtype: Any
    unit: str
    meaning: str
    fixed: bool = False
    fill: Any = 0
    width: int = 1

    def new(self, rows: int) -> np.ndarray:
        """An array of ``rows`` new rows."""
        return np.full(rows if self.width == 1 else (rows, self.width), self.fill, dtype=self.dtype)


def column(dtype: Any, unit: str, meaning: str, *, fixed: bool = False, fill: Any = 0, width: int = 1) -> Any:
    """Declare a column of a :class:`Table` (typed ``Any`` so that an attribute reads as its array)."""
    return Column(dtype, unit, meaning, fixed, fill, width)


class Table:
    """Rows of one kind of thing, held as numpy columns that subclasses declare as class attributes."""

    declared: ClassVar[dict[str, Column]] = {}
    Columns: ClassVar[Any]
    view: Callable[..., Any]
    """Makes the view of a row; set where the table is part of a city (:mod:`govsim.views`)."""

    def __init_subclass__(cls) -> None:
        cls.declared = {k: v for k, v in vars(cls).items() if isinstance(v, Column)}
        # its own typename: a parallel kernel that takes two tables tells their tuples apart by it
        cls.Columns = namedtuple(f"{cls.__name__}Columns", list(cls.declared))  # pyright: ignore
        # numba caches kernels by argument type and finds the tuple's class again by its name
        cls.Columns.__module__ = cls.__module__
        cls.Columns.__qualname__ = f"{cls.__qualname__}.Columns"

    def __init__(self, rows: int, **arrays: np.ndarray) -> None:
        self.rows = rows
        for name, spec in self.declared.items():
            given = arrays.pop(name, None)
            if given is None:
                value = spec.new(rows)
            else:
                value = np.ascontiguousarray(given, dtype=spec.dtype)
                if value.shape[0] != rows:
                    raise ValueError(f"{type(self).__name__}.{name}: {value.shape[0]} rows, expected {rows}")
            setattr(self, name, value)
        if arrays:
            raise ValueError(f"{type(self).__name__} has no column {', '.join(sorted(arrays))}")

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, row: Any) -> Any:
        """The view of a row, or a list of views for a slice of rows.

        Raises:
            IndexError: there is no such row.
        """
        if isinstance(row, slice):
            return [self.view(i) for i in range(*row.indices(self.rows))]
        if not -self.rows <= row < self.rows:
            raise IndexError(f"{type(self).__name__} has {self.rows} rows, and none is {row}")
        return self.view(int(row) % self.rows)

    @property
    def columns(self) -> Any:
        """All arrays as one named tuple, in the order of declaration, for a kernel."""
        return self.Columns(*(getattr(self, name) for name in self.declared))

    def state(self) -> dict[str, np.ndarray]:
        """Copies of the columns that processes move (not the fixed ones)."""
        return {name: getattr(self, name).copy() for name in self.moving()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take back what :meth:`state` gave; the number of rows follows it."""
        for name in self.moving():
            setattr(self, name, state[name].copy())
            self.rows = len(state[name])

    def grow(self, rows: int) -> None:
        """Lengthen every column to ``rows``; new rows hold each column's fill value."""
        if rows <= self.rows:
            return
        for name, spec in self.declared.items():
            old = getattr(self, name)
            new = spec.new(rows)
            new[: self.rows] = old
            setattr(self, name, new)
        self.rows = rows

    @classmethod
    def moving(cls) -> Iterator[str]:
        """Names of the columns that are state."""
        return (name for name, spec in cls.declared.items() if not spec.fixed)

    def nbytes(self) -> int:
        """Bytes held by all columns."""
        return sum(getattr(self, name).nbytes for name in self.declared)
