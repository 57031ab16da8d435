"""The main job: two worlds from the same warm-up and luck, and what came of them.

The warm-up is computed once. The policy's world goes on from it; the baseline's starts again from its state,
once the first is gone, so that never more than one city is in memory. With checkpoints that state waits on the disk,
and each world goes on from the newest state that was kept of it.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from govsim.config.check import ConfigError, check_out
from govsim.config.compose import Composed, compose, from_resolved
from govsim.study.checkpoints import Checkpoints, checkpoints
from govsim.study.manifest import SCHEMA_VERSION, describe

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.config.schema import Config

__all__ = ["Progress", "Run", "load_run", "run_worlds", "simulate"]

Progress = Callable[[int, int], None]
"""Called with weeks done and weeks in all, of the warm-up and of each world."""

Values = dict[str, float | None]

WORLDS = ("baseline", "policy")
TABLES = ("series", "compounds", "time_to_cure", "first_ends", "cases")


@dataclass(frozen=True, repr=False)
class Run:
    """The results of a run. ``docs/data-dictionary.md`` says what each of them holds.

    Attributes:
        summary: outcomes by name for ``baseline``, ``policy`` and ``difference`` (policy less baseline); a value
            that is undefined is None, and so are ``baseline`` and ``difference`` where there is no baseline.
        series: weekly values, tidy: world, week (negative in the warm-up), outcome, value.
        compounds: a row for each world, week (0 and the end) and settlement.
        time_to_cure: cumulative incidence of cure and lapse by world and working day.
        first_ends: cumulative incidence of what comes first of cure, closing on paper and lapse, likewise.
        cases: a row for each world and case, where ``record.cases`` asked for it.
        manifest: how the run was made.
    """

    summary: dict[str, Values | None]
    series: pd.DataFrame
    compounds: pd.DataFrame
    time_to_cure: pd.DataFrame
    first_ends: pd.DataFrame
    cases: pd.DataFrame | None
    manifest: dict[str, Any]

    @property
    def config(self) -> Config:
        """The configuration as objects, to run it again.

        Raises:
            ConfigError: it was written by a version that knew other settings; ``settings`` still holds it.
        """
        return from_resolved(self.manifest["config"])

    @property
    def settings(self) -> dict[str, Any]:
        """The configuration as it was resolved, a plain mapping."""
        return self.manifest["config"]

    @property
    def worlds(self) -> tuple[str, ...]:
        """``baseline`` (where there is one) and ``policy``."""
        return tuple(world for world in WORLDS if self.summary[world] is not None)

    def text(self) -> str:
        """The results as one table of plain text."""
        from govsim.study.table import text

        return text(self)

    def _repr_html_(self) -> str:
        from govsim.study.table import html

        return html(self)

    def __repr__(self) -> str:
        choices = self.manifest["choices"]
        return f"<Run {self.manifest['run_id']}: {choices['policy']} against {choices['baseline']}>"

    def write(self, out: str | Path) -> Path:
        """Write the run to a new or empty folder and return it.

        It appears there all at once: what is interrupted leaves nothing that reads as a finished run.

        Raises:
            ConfigError: the folder is occupied or cannot be written.
        """
        out = Path(out).resolve()
        check_out(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = out.with_name(f".{out.name}.partial-{os.getpid()}")
        partial.mkdir()
        try:
            self._write_files(partial)
            if out.exists():
                out.rmdir()
            partial.rename(out)
            for other in out.parent.glob(f".{escape(out.name)}.partial-*"):  # of a process that was killed as it wrote
                shutil.rmtree(other, ignore_errors=True)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return out

    def _write_files(self, folder: Path) -> None:
        from govsim.plot import overview

        for name in TABLES:
            table = getattr(self, name)
            if table is not None:
                table.to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)
        overview(self).savefig(folder / "overview.png")
        for name in ("summary", "manifest"):
            text = json.dumps(getattr(self, name), indent=2, ensure_ascii=False, allow_nan=False)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def simulate(*overrides: str, progress: Progress | None = None) -> Run:
    """Run the main job: ``simulate("place=community", "policy.fund.yuan=2e5", "seed=7")``.

    Written only where an override names a folder (``out=results/mine``).

    Raises:
        ConfigError: an override asks for what is not allowed, or the machine lacks the memory; nothing was run.
    """
    from govsim.study import memory

    composed = compose(overrides)
    out = composed.config.out
    if out:
        check_out(Path(out))
    memory.check(composed.config)
    with checkpoints(composed.config, print) as kept:
        run = run_worlds(composed, progress, kept)
        if out:
            run.write(out)
    return run


def load_run(path: str | Path) -> Run:
    """Read a run that was written before.

    Raises:
        ConfigError: there is no finished run in that folder, or one of another version.
    """
    folder = Path(path)
    if not (folder / "manifest.json").is_file():
        raise ConfigError(f"{folder}: holds no finished run (no manifest.json)")
    manifest, summary = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("manifest", "summary")
    )
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise ConfigError(
            f"{folder}: was written in format {manifest['schema_version']}, this version reads {SCHEMA_VERSION}"
        )
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    tables = {name: pd.read_parquet(file) if file.is_file() else None for name, file in files.items()}
    return Run(summary=summary, manifest=manifest, **tables)  # pyright: ignore[reportArgumentType]


def run_worlds(composed: Composed, progress: Progress | None = None, kept: Checkpoints | None = None) -> Run:
    """Simulate the worlds of a checked configuration; nothing is written but checkpoints, where these are asked for."""
    from govsim.city import City
    from govsim.measures.record import compound_table

    start, clock = datetime.now(UTC), perf_counter()
    config = composed.config
    city = City(composed=composed)
    _advance(city, "warm-up", progress, kept)
    before = compound_table(city)
    waits = config.baseline is not None and not (kept and "warm-up" in kept.weeks)
    state = city.state() if waits else None
    results = {"policy": _world(city, "policy", progress, kept)}
    if config.baseline is not None:
        del city
        gc.collect()  # a Mesa model and its agents refer to each other
        city = City(composed=replace(composed, config=replace(config, policy=config.baseline)))
        if state is not None:
            city.restore(state)
            state = None
        _advance(city, "warm-up", progress, kept)  # which no policy changes
        results["baseline"] = _world(city, "baseline", progress, kept)
    del city
    gc.collect()

    worlds = {world: results[world] for world in WORLDS if world in results}
    values = {name: world.values for name, world in worlds.items()}
    return Run(
        summary=_summary(values.get("baseline"), values["policy"]),
        series=_stack({name: world.series for name, world in worlds.items()}),
        compounds=_stack({name: pd.concat([before, world.compounds]) for name, world in worlds.items()}),
        time_to_cure=_stack({name: world.time_to_cure for name, world in worlds.items()}),
        first_ends=_stack({name: world.first_ends for name, world in worlds.items()}),
        cases=_stack({name: world.cases for name, world in worlds.items()}) if config.record.cases else None,
        manifest=describe(composed, start, perf_counter() - clock),
    )


# --- one world


@dataclass(frozen=True)
class _World:
    values: Values
    series: pd.DataFrame
    compounds: pd.DataFrame
    time_to_cure: pd.DataFrame
    first_ends: pd.DataFrame
    cases: pd.DataFrame


def _advance(city: City, stage: str, progress: Progress | None, kept: Checkpoints | None) -> None:
    """Run a city to the end of a stage, from its newest state on where one was kept."""
    config = city.config
    until = 0 if stage == "warm-up" else config.weeks
    before = config.weeks if stage == "baseline" else 0  # weeks of the policy's world
    total = config.warmup + config.weeks * (1 if config.baseline is None else 2)
    if kept and city.week < until:
        kept.restore(city, stage)
    while city.week < until:
        city.step()
        if progress:
            progress(city.clock_week + before, total)
        if kept:
            kept.keep(city, stage, over=city.week == until)


def _world(city: City, world: str, progress: Progress | None, kept: Checkpoints | None) -> _World:
    """Run a world to its end and keep what results are made of."""
    from govsim.measures.durations import days_to_cure, first_ends
    from govsim.measures.outcomes import evaluate
    from govsim.measures.record import Record, case_table, compound_table

    _advance(city, world, progress, kept)
    record = Record.of(city)
    curve = days_to_cure(record)
    return _World(
        values=evaluate(record),
        series=_series(city),
        compounds=compound_table(city),
        time_to_cure=_by_day(vars(curve)),
        first_ends=_by_day(first_ends(record)),
        cases=case_table(city) if city.config.record.cases else pd.DataFrame(),
    )


def _by_day(curves: dict[str, np.ndarray]) -> pd.DataFrame:
    table = pd.DataFrame(curves)
    table.insert(0, "day", np.arange(len(table), dtype=np.int32))
    return table


def _series(city: City) -> pd.DataFrame:
    """Weekly values as a tidy table."""
    from govsim.study.world import weekly

    values = weekly(city)
    weeks = np.array(city.recorder.weeks, dtype=np.int32)
    return pd.DataFrame(
        {
            "week": np.tile(weeks, len(values)),
            "outcome": np.repeat(list(values), len(weeks)),
            "value": np.concatenate(list(values.values())),
        }
    )


def _summary(baseline: Values | None, policy: Values) -> dict[str, Values | None]:
    difference = baseline and {name: _less(value, baseline[name]) for name, value in policy.items()}
    return {"baseline": baseline, "policy": policy, "difference": difference}


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other


def _stack(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables of worlds one under the other, the world named in the first column."""
    stacked = pd.concat(tables.values(), ignore_index=True)
    rows = [len(table) for table in tables.values()]
    kinds = pd.CategoricalDtype(list(tables))
    worlds: Any = pd.Categorical.from_codes(np.repeat(np.arange(len(rows)), rows), dtype=kinds)
    stacked.insert(0, "world", worlds)
    return stacked
