"""Run again what was run before, and say whether the same comes out.

On the machine and with the code that made a result it comes out bit by bit. Another processor or library may round
elsewhere in the last digit; more than that is a difference, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from govsim.config.check import ConfigError
from govsim.config.compose import Composed
from govsim.source import source_hash
from govsim.study.changes import ROUNDING, Change, compare
from govsim.study.manifest import found_by_id
from govsim.study.run import Progress, Run, load_run, run_worlds

if TYPE_CHECKING:
    from govsim.study.engine import Result, Task
    from govsim.study.load import Study
    from govsim.study.plan import Plan
    from govsim.study.world import World

__all__ = ["Reproduction", "reproduce", "say_other_code", "the_run"]

_ROWS = {
    "compounds": ["world", "week", "settlement"],
    "time_to_cure": ["world", "day"],
    "first_ends": ["world", "day"],
    "cases": ["world", "id"],
}
"""What names a row of a table of a run."""

Tables = Mapping[str, pd.DataFrame]
"""Tables of one run, each with an index that names its rows and a column for each quantity."""


@dataclass
class Reproduction:
    """What came of running something again.

    Attributes:
        runs: how many runs were done again.
        largest: largest relative difference that counts as rounding.
        changes: what differs.
    """

    runs: int = 0
    largest: float = 0.0
    changes: list[Change] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """In a word or a few."""
        if self.changes:
            return "different"
        return f"same within rounding (largest relative difference {self.largest:.1g})" if self.largest else "identical"

    def add(self, run: str, then: Tables, now: Tables) -> None:
        """Take in what one run was and is."""
        self.runs += 1
        for name in dict.fromkeys([*then, *now]):
            for gap, change in compare(run, name, then.get(name), now.get(name)):
                if gap > ROUNDING:
                    self.changes.append(change)
                else:
                    self.largest = max(self.largest, gap)


Say = Callable[[str], None]


def reproduce(
    path: str | Path,
    run_id: str | None = None,
    jobs: int = -1,
    say: Say = print,
    weeks: Progress | None = None,
    runs: Progress | None = None,
) -> Reproduction:
    """Run a run, or some or all of a study or a sweep, again, and compare.

    Of a run every table is compared; of a run of a study that is named, its outcomes, series and curves; of all runs
    of a study, their outcomes.

    Args:
        path: the folder of a run, a study or a sweep.
        run_id: which run of a study or a sweep; None: all of them.
        jobs: processes for many runs (-1: one a core).
        say: told first if other code made it.
        weeks, runs: told of progress, within the only run or over many.

    Raises:
        ConfigError: there is nothing in that folder that can be run again, or no such run.
    """
    folder = Path(path)
    if (folder / "study.json").is_file():
        return _study(folder, run_id, jobs, say, runs)
    if (folder / "manifest.json").is_file():
        run = load_run(folder)
        if run_id not in (None, run.manifest["run_id"]):
            raise ConfigError(f"--run={run_id}: {folder} holds one run, {run.manifest['run_id']}")
        say_other_code(run.manifest, say)
        found = Reproduction()
        found.add("", _tables(run), _tables(_again(folder, weeks)))
        return found
    return _sweep(folder, run_id, jobs, say, runs)


def the_run(study: Study, run_id: str) -> tuple[int, int]:
    """Point and seed of a run of a study, by its id or the beginning of it.

    Raises:
        ConfigError: no run, or more than one, has such an id.
    """
    columns = ["run_id", "point", "seed"]
    known = {i: (p, s) for table in (study.runs, study.failures) for i, p, s in table[columns].to_numpy()}
    return found_by_id(run_id, known, study.folder)


def say_other_code(manifest: Mapping[str, Any], say: Say) -> None:
    """Say so where other code, or other configs, made a result."""
    then, now = manifest["source_hash"], source_hash()
    if then != now:
        commit = f" at commit {manifest['git_commit']}" if manifest["git_commit"] else ""
        say(f"the code or its configs changed since: source {then}{commit} then, {now} now")


# --- runs of their own


def _again(folder: Path, progress: Progress | None = None) -> Run:
    run = load_run(folder)
    choices, overrides = run.manifest["choices"], tuple(run.manifest["overrides"])
    return run_worlds(Composed(config=run.config, choices=choices, overrides=overrides), progress)


def _tables(run: Run) -> Tables:
    outcomes = pd.DataFrame({world: run.summary[world] for world in run.worlds}, dtype=np.float64).T
    others = {name: getattr(run, name) for name in _ROWS}
    return {
        "outcomes": outcomes.rename_axis("world"),
        "series": _text_world(run.series).pivot(index=["world", "week"], columns="outcome", values="value"),
        **{k: _text_world(table).set_index(_ROWS[k]) for k, table in others.items() if table is not None},
    }


def _text_world(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"world": str})


def _sweep(folder: Path, run_id: str | None, jobs: int, say: Say, progress: Progress | None) -> Reproduction:
    """Runs of a sweep, with all their tables."""
    from govsim.study.sweep import folder_of, folders

    held = folders(folder)
    if not held:
        raise ConfigError(f"{folder}: holds neither a run nor a study (no manifest.json, no study.json)")
    wanted = held if run_id is None else [folder_of(folder, run_id)]
    say_other_code(load_run(wanted[0]).manifest, say)
    found = Reproduction()
    again: Any = Parallel(n_jobs=jobs, return_as="generator")(delayed(_again)(path) for path in wanted)
    for path, now in zip(wanted, again, strict=True):
        found.add(path.name, _tables(load_run(path)), _tables(now))
        if progress:
            progress(found.runs, len(wanted))
    return found


# --- runs of a study


def _study(folder: Path, run_id: str | None, jobs: int, say: Say, progress: Progress | None) -> Reproduction:
    from govsim.study.engine import carry_out, cluster
    from govsim.study.load import load_study
    from govsim.study.plan import make_plan, spec_from

    study = load_study(folder)
    wanted = [the_run(study, run_id)] if run_id is not None else _keys(study.runs)
    say_other_code(study.manifest, say)
    plan = make_plan(spec_from(study.manifest["spec"]))
    points = study.points.set_index("point"), plan.table().set_index("point")
    if any(gap > ROUNDING for gap, _ in compare("", "points", *points)):
        raise ConfigError(f"{folder}: this code makes other points of the same study, so that its runs have no match")
    kept, found = _Kept(study, curves=run_id is not None), Reproduction()
    with cluster("loky", jobs):
        for result in carry_out(_tasks(plan, wanted, series=kept.curves), jobs):
            _take(found, result, kept, say)
            if progress:
                progress(found.runs, len(wanted))
    return found


class _Kept:
    """What a study holds of its runs, by (point, seed)."""

    def __init__(self, study: Study, curves: bool) -> None:
        """Outcomes of all runs; with ``curves`` their series and incidence too."""
        about = ["run_id", *(column for column in study.points if column != "point")]
        frames = {"outcomes": study.runs}
        if curves:
            frames |= {"series": study.series, "incidence": study.incidence}
        self.curves = curves
        self.frames = {
            name: frame.drop(columns=about, errors="ignore").set_index(["point", "seed"])
            for name, frame in frames.items()
        }
        both = pd.concat([study.runs, study.failures]) if len(study.failures) else study.runs
        self.ids = both.set_index(["point", "seed"])["run_id"].to_dict()
        self.errors = study.failures.set_index(["point", "seed"])["error"].to_dict()

    def tables(self, key: tuple[int, int]) -> Tables:
        """Tables of one run."""
        rows = {name: frame.loc[[key]] for name, frame in self.frames.items() if key in frame.index}
        return {name: _by_time(frame.reset_index(drop=True)) for name, frame in rows.items()}


def _take(found: Reproduction, result: Result, kept: _Kept, say: Say) -> None:
    """Compare one result with what is kept of its run."""
    key = (result.point, result.seed)
    run, error = kept.ids[key], kept.errors.get(key, "")
    if not error and result.world is not None:
        found.add(run, kept.tables(key), _tables_of(result.world, kept.curves))
        return
    found.runs += 1
    if error == result.error:
        say(f"{run} failed, and fails again: {error}")
    else:
        found.changes.append(Change(run, "failure", error or "none", result.error or "none"))


def _tables_of(world: World, curves: bool) -> Tables:
    outcomes = pd.DataFrame([world.values], dtype=np.float64)
    if not curves:
        return {"outcomes": outcomes}
    long = {"series": ("week", world.series), "incidence": ("day", world.incidence)}
    frames = {name: pd.DataFrame(columns).rename_axis(time) for name, (time, columns) in long.items() if columns}
    return {"outcomes": outcomes, **frames}


def _by_time(frame: pd.DataFrame) -> pd.DataFrame:
    time = next((name for name in ("week", "day") if name in frame), None)
    return frame.set_index(time) if time else frame


def _keys(runs: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(runs["point"].tolist(), runs["seed"].tolist(), strict=True))


def _tasks(plan: Plan, wanted: Iterable[tuple[int, int]], series: bool) -> Iterator[Task]:
    """The runs, those of a seed that share a warm-up together; every warm-up is run again too."""
    from govsim.study.engine import tasks

    group_of = {number: group for group, numbers in enumerate(plan.groups()) for number in numbers}
    together: dict[tuple[int, int], list[int]] = {}
    for number, seed in wanted:
        together.setdefault((seed, group_of[number]), []).append(number)
    for (seed, _), numbers in together.items():
        yield from tasks(plan, seed, numbers, series)
