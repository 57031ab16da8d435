"""Whether two tables say the same, and where they differ most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

__all__ = ["ROUNDING", "Change", "compare"]

ROUNDING = 1e-6
"""Largest relative difference that counts as rounding: series of studies are kept with seven digits."""

_NOISE = 1e-6  # of the largest value in a column: smaller ones are noise around nothing, and are measured by this


class Change(NamedTuple):
    """A column that does not come out as it did: which, and its worst value, then and now."""

    run: str
    what: str
    then: Any
    now: Any


def compare(run: str, name: str, then: pd.DataFrame | None, now: pd.DataFrame | None) -> Iterator[tuple[float, Change]]:
    """Compare a table of a run with what it was.

    Args:
        run, name: what to call them.
        then, now: tables whose index names their rows, a column for each quantity; None where there is none.

    Yields:
        For each column its largest relative difference (infinite where it cannot be told), and where that is.
    """
    if then is None or now is None:
        yield np.inf, Change(run, name, _there(then is not None), _there(now is not None))
        return
    if not then.index.equals(now.index):
        yield np.inf, Change(run, f"{name}: rows", len(then), len(now))
        return
    for column in then.columns.symmetric_difference(now.columns):
        yield np.inf, Change(run, f"{name}: {column}", _there(column in then), _there(column in now))
    columns = [column for column in then if column in now]
    one, other = then.loc[:, columns], now.loc[:, columns]
    gaps = _gaps(one, other)
    for i, column in enumerate(columns if len(then) else ()):
        worst = int(gaps[:, i].argmax())
        where = ", ".join([name, *_row(one, worst)])
        yield float(gaps[worst, i]), Change(run, f"{where}: {column}", one.iat[worst, i], other.iat[worst, i])


def _there(so: bool) -> str:
    return "there" if so else "not there"


def _gaps(then: pd.DataFrame, now: pd.DataFrame) -> np.ndarray:
    """Relative differences (rows, columns); 0 between undefined values, infinite between texts that differ."""
    gaps = np.full(then.shape, np.inf)
    both = zip(then.dtypes, now.dtypes, strict=True)
    numeric = np.array([all(map(pd.api.types.is_numeric_dtype, kinds)) for kinds in both], dtype=bool)
    one, other = (table.loc[:, numeric].to_numpy(np.float64, na_value=np.nan) for table in (then, now))
    size = np.fmax(np.abs(one), np.abs(other))
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.abs(one - other) / np.fmax(size, _NOISE * np.fmax.reduce(size, axis=0, initial=0.0))
    gap[(one == other) | (np.isnan(one) & np.isnan(other))] = 0.0
    gaps[:, numeric] = np.where(np.isnan(gap), np.inf, gap)
    for i in np.flatnonzero(~numeric).tolist():
        a, b = (table[table.columns[i]].astype(object) for table in (then, now))
        gaps[((a == b) | (a.isna() & b.isna())).to_numpy(dtype=bool), i] = 0.0
    return gaps


def _row(table: pd.DataFrame, row: int) -> list[str]:
    """What names a row: its world, week, settlement …"""
    at = table.index[row]
    named = zip(table.index.names, at if isinstance(at, tuple) else (at,), strict=True)
    return [str(value) if name == "world" else f"{name} {value}" for name, value in named if name]
