"""Tables: every level of the city is a table, every agent a row.

A table declares its columns once, with dtype, unit and meaning. In memory it is one array of records, so that what
belongs to a row lies together, and a kernel takes ``table.columns`` as a single argument (each array that numba is
handed costs as much as a hundred steps of a loop). The columns are views of it: a kernel reads
``cases.raised[row]`` just as Python does. A table that is read from end to end rather than here and there is laid out
``by_column`` instead: each column is an array of its own, and a pass moves no more memory than it asks for.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

__all__ = ["Column", "Records", "Table", "column"]


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


def column(dtype: Any, unit: str, meaning: str, *, fixed: bool = False, fill: Any = 0, width: int = 1) -> Any:
    """Declare a column of a :class:`Table` (typed ``Any`` so that an attribute reads as its array)."""
    return Column(dtype, unit, meaning, fixed, fill, width)


class Records(np.ndarray):
    """An array of records that has each field as an attribute in Python too, as in a kernel."""


class Table:
    """Rows of one kind of thing, with columns that subclasses declare as class attributes.

    Attributes:
        columns: all columns for a kernel: an array of records, or (``by_column``) a named tuple of arrays.
        rows: how many there are.
    """

    declared: ClassVar[dict[str, Column]] = {}
    by_column: ClassVar[bool]
    """Whether each column is an array of its own."""
    blank: ClassVar[np.ndarray]
    """One new row: a record of the fill values."""
    Arrays: ClassVar[Any]
    """The named tuple of a table that is laid out by column."""
    view: Callable[..., Any]
    """Makes the view of a row; set where the table is part of a city (:mod:`govsim.views`)."""

    columns: Any  # Records or Arrays, whose attributes no checker can know
    rows: int

    def __init_subclass__(cls, by_column: bool = False) -> None:
        cls.declared = {k: v for k, v in vars(cls).items() if isinstance(v, Column)}
        cls.by_column = by_column
        # the widest types first, so that few bytes of a record are left empty
        fields = sorted(cls.declared.items(), key=lambda item: -np.dtype(item[1].dtype).itemsize)
        shape = {name: () if spec.width == 1 else (spec.width,) for name, spec in fields}
        cls.blank = np.zeros((), np.dtype([(name, spec.dtype, shape[name]) for name, spec in fields], align=True))
        for name, spec in fields:
            cls.blank[name] = spec.fill
        cls.Arrays = namedtuple("Arrays", cls.declared, module=cls.__module__)  # pyright: ignore
        cls.Arrays.__qualname__ = f"{cls.__qualname__}.Arrays"  # where pickle finds it

    def __init__(self, rows: int, **arrays: np.ndarray) -> None:
        self._hold(self._fresh(rows))
        for name in self.declared.keys() & arrays.keys():
            given = arrays.pop(name)
            if len(given) != rows:
                raise ValueError(f"{type(self).__name__}.{name}: {len(given)} rows, expected {rows}")
            getattr(self, name)[:] = given
        if arrays:
            raise ValueError(f"{type(self).__name__} has no column {', '.join(sorted(arrays))}")

    def _fresh(self, rows: int) -> tuple[np.ndarray, ...]:
        """What is held in memory for so many new rows: an array for each column, or one of records."""
        if not self.by_column:
            return (np.full(rows, self.blank),)
        return tuple(self._new_column(rows, name) for name in self.declared)

    def _new_column(self, rows: int, name: str) -> np.ndarray:
        """A column at its fill value; what is all zeros takes no memory before somebody writes there."""
        field, fill = self.blank.dtype[name], self.blank[name]
        if not fill.any():
            return np.zeros((rows, *field.shape), field.base)
        return np.full((rows, *field.shape), fill, field.base)

    def _hold(self, arrays: Sequence[np.ndarray]) -> None:
        """Hold these arrays from now on."""
        if self.by_column:
            self.columns = self.Arrays(*arrays)
            fields = dict(zip(self.declared, arrays, strict=True))
        else:
            # views of the plain array: one that belonged to the array of records would keep it alive for ever
            (records,) = arrays
            self.columns = records.view(Records)
            fields = {name: records[name] for name in self.declared}
            vars(self.columns).update(fields)
        vars(self).update(fields)
        self.rows = len(arrays[0])

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.declared and value is not vars(self)[name]:
            raise AttributeError(f"{type(self).__name__}.{name}: write into the column, as in {name}[:] = …")
        super().__setattr__(name, value)

    def __getstate__(self) -> dict[str, Any]:
        held = [np.asarray(array) for array in self._arrays()]
        return {k: v for k, v in vars(self).items() if k not in self.declared} | {"columns": held}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._hold(state["columns"])  # a copy's own

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

    def held(self) -> dict[str, np.ndarray]:
        """The columns that processes move (not the fixed ones), as they stand: views of the table."""
        return {name: getattr(self, name) for name in self.moving()}

    def state(self) -> dict[str, np.ndarray]:
        """Copies of :meth:`held`."""
        return {name: values.copy() for name, values in self.held().items()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take back what :meth:`state` gave; the number of rows follows it."""
        rows = len(next(iter(state.values()), self))
        if rows != self.rows:
            self._hold(self._fresh(rows))
        for name in self.moving():
            getattr(self, name)[:] = state[name]

    def grow(self, rows: int) -> None:
        """Lengthen every column to ``rows``; new rows hold each column's fill value."""
        if rows <= self.rows:
            return
        before = self._arrays()
        self._hold(self._fresh(rows))
        for longer, array in zip(self._arrays(), before, strict=True):
            longer[: len(array)] = array

    @classmethod
    def moving(cls) -> Iterator[str]:
        """Names of the columns that are state."""
        return (name for name, spec in cls.declared.items() if not spec.fixed)

    def nbytes(self) -> int:
        """Bytes held by all columns."""
        return sum(array.nbytes for array in self._arrays())

    def _arrays(self) -> tuple[np.ndarray, ...]:
        """What is held in memory."""
        return tuple(self.columns) if self.by_column else (self.columns,)
