"""A study, read: its runs, series and failures as pandas frames, with the varied parameters as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from govsim.config.check import ConfigError
from govsim.config.schema import Config
from govsim.study.plan import Factor, make_plan, spec_from
from govsim.study.store import MANIFEST, batches, is_whole, read_manifest

__all__ = ["Study", "load_study"]

ABOUT = ("policy", "theory", "scenario", "budget")
"""What of a point stands beside every series and curve."""


_COLUMNS = {"runs": ("run_id",), "failures": ("run_id", "error", "traceback", "config")}
"""Columns that a table has though it has no rows."""


class Study:
    """A study that was run, as frames. They are read when they are first asked for.

    Attributes:
        folder: where it is.
        manifest: what it is and how it was made.
        factors: what was varied, by its column in the frames.
        designs: for each design, the points or scenarios that it made, in its own order.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], read: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        """Put a study together from its manifest and from what reads each of its tables."""
        self.folder, self.manifest, self._read = folder, manifest, read
        self.factors = {f["name"]: _factor(f) for f in manifest["factors"]}
        self.designs: dict[str, dict[str, Any]] = manifest["designs"]

    @property
    def study_id(self) -> str:
        """16 hex digits that stand for the study."""
        return self.manifest["study_id"]

    @property
    def baseline(self) -> str:
        """The policy against which differences are taken."""
        return self.manifest["baseline"]

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row a point: policy, theory, scenario, budget, whether it is the baseline, and what was varied."""
        return self._read["points"]()

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run: what was varied, the seed, and every outcome (NaN: undefined); sorted by point and seed."""
        return self._about("runs", [str(c) for c in self.points if c != "point"])

    @cached_property
    def series(self) -> pd.DataFrame:
        """A row a run and week (from 0), a column a weekly series."""
        return self._about("series", ABOUT)

    @cached_property
    def incidence(self) -> pd.DataFrame:
        """A row a run and working day: shares of problems cured, closed on paper and lapsed by then, which compete."""
        return self._about("incidence", ABOUT)

    @cached_property
    def timings(self) -> pd.DataFrame:
        """How long each run took, and which process did it."""
        return self._about("timings", ())

    @cached_property
    def failures(self) -> pd.DataFrame:
        """A row a run that failed and was not done since: the error and the configuration."""
        return self._about("failures", ABOUT)

    def _about(self, table: str, about: Sequence[str]) -> pd.DataFrame:
        """A table beside what its points are, sorted."""
        points, rows = self.points.loc[:, ["point", *about]], self._read[table]()
        frame = pd.merge(points, rows, on="point")
        first = [c for c in ("run_id", "point", *about, "seed") if c in frame]
        columns = [*first, *(c for c in frame.columns if c not in first)]
        order = [c for c in ("point", "seed", "week", "day") if c in frame]
        return frame.loc[:, columns].sort_values(by=order, ignore_index=True)

    def __repr__(self) -> str:
        return f"<Study {self.study_id}: {self.manifest['command']}>"


def load_study(path: str | Path) -> Study:
    """Read a study, or a sweep of ``govsim run -m``.

    Raises:
        ConfigError: there is none in that folder, it was written in another format, or a batch of it is damaged.
    """
    folder = Path(path)
    if not (folder / MANIFEST).is_file() and any(folder.glob("*/manifest.json")):
        from govsim.study.sweep import load_sweep

        return load_sweep(folder)
    manifest, held = read_manifest(folder), batches(folder)
    for batch in held:
        if not is_whole(batch):
            raise ConfigError(
                f"{batch}: is damaged; the command that made the study ({manifest['command']}) sets it aside and "
                "runs its part again"
            )
    tables: dict[str, Callable[[], pd.DataFrame]] = {
        name: lambda name=name: _rows(held, name) for name in ("runs", "series", "incidence", "timings")
    }
    tables["points"] = lambda: pd.read_parquet(folder / "points.parquet")
    tables["failures"] = lambda: _not_done(_rows(held, "failures"), _rows(held, "runs", "point, seed"))
    return Study(folder, manifest, tables)


def config_of(study: Study, point: int, seed: int) -> Config:
    """The configuration of one run of a study, as this version of the code makes it.

    Raises:
        ConfigError: this version does not know what the study asks for.
    """
    return make_plan(spec_from(study.manifest["spec"])).config(point, seed)


def _rows(held: list[Path], table: str, columns: str = "*") -> pd.DataFrame:
    """A table of all batches."""
    files = [str(path) for path in (batch / f"{table}.parquet" for batch in held) if path.is_file()]
    if not files:
        return pd.DataFrame(columns=["point", "seed", *_COLUMNS.get(table, ())])
    with duckdb.connect() as connection:
        found = connection.execute(f"select {columns} from read_parquet($1, union_by_name => true)", [files]).df()
    return found.copy()  # in few pieces: DuckDB makes one for each column


def _not_done(failures: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """Failures of runs that were not done since, the latest of each."""
    if failures.empty:
        return failures
    latest = failures.drop_duplicates(["point", "seed"], keep="last").set_index(["point", "seed"])
    return latest.drop(index=pd.MultiIndex.from_frame(done), errors="ignore").reset_index()


def _factor(facts: Mapping[str, Any]) -> Factor:
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
    return Factor(**plain)
