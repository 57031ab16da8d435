"""The dated table: every row is written to a file as it is measured, and laid out for reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import machine
import pandas as pd

__all__ = ["Report"]

_COLUMNS = ["part", "table", "subject", "measure", "value", "commit", "at"]
_TITLE = """\
# What a city costs

Made by `uv run python benchmarks/run.py`; [what the parts measure and how](../README.md). All that is compared was
measured in turn in one process, and a figure is a median. The same numbers, a row each, are in the CSV file beside
this one.
"""


class Report:
    """The rows of one part in the tables of today; those of an earlier time are dropped."""

    def __init__(self, part: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.part = part
        self.file = folder / f"{datetime.now():%Y-%m-%d}.csv"
        self._commit = machine.commit()
        rows = self._read() if self.file.exists() else pd.DataFrame(columns=_COLUMNS)
        rows[rows["part"] != part].to_csv(self.file, index=False)

    def row(self, table: str, subject: str, measures: Mapping[str, object]) -> None:
        """Add one row to a table of this part: a subject and what was measured of it, by name and unit."""
        at = f"{datetime.now():%H:%M:%S}"
        rows = [(self.part, table, subject, name, str(value), self._commit, at) for name, value in measures.items()]
        pd.DataFrame(rows, columns=_COLUMNS).to_csv(self.file, mode="a", header=False, index=False)
        shown = ", ".join(f"{name} {_shown(str(value))}" for name, value in measures.items())
        print(f"{at} {self.part}: {subject}: {shown}", flush=True)

    def lay_out(self) -> None:
        """Write all tables of today for reading, the machine first."""
        parts, every = [_TITLE], self._read()
        every = every.sort_values("part", key=lambda part: part != "machine", kind="stable")
        for (part, title), rows in every.groupby(["part", "table"], sort=False):
            wide = rows.pivot_table(index="subject", columns="measure", values="value", aggfunc="last", sort=False)
            wide = wide[rows["measure"].unique()].fillna("").map(_shown)
            lines = [[part, *wide.columns], ["---", *["---:"] * wide.shape[1]]]
            lines += [[subject, *values] for subject, *values in wide.itertuples()]
            table = "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
            parts.append(f"## {title}\n\n{table}\n")
        self.file.with_suffix(".md").write_text("\n".join(parts), encoding="utf-8")

    def _read(self) -> pd.DataFrame:
        return pd.read_csv(self.file, dtype=str, keep_default_na=False)


def _shown(value: str) -> str:
    """A number as a reader writes it; anything else as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer() and abs(number) < 1e12:
        return f"{int(number):,}"
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.3g}"
