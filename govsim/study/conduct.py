"""A study from its command line to its folder: plan, run what is not there yet, say how it went."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from govsim.config.compose import resolved
from govsim.study.engine import Task, carry_out, cluster, tasks
from govsim.study.intervals import mean_interval
from govsim.study.load import Study, load_study
from govsim.study.manifest import made_with
from govsim.study.plan import Plan, make_plan
from govsim.study.spec import Settings, read_spec
from govsim.study.store import SCHEMA_VERSION, Store
from govsim.study.warmups import Warmups, default_folder

__all__ = ["Conducted", "conduct", "run_study"]

Say = Callable[[str], None]
Progress = Callable[[int, int], None]

_SETTINGS = {field.name for field in fields(Settings)}


@dataclass(frozen=True)
class Conducted:
    """How a study went: its folder, and how many of its runs are done and failed."""

    folder: Path
    done: int
    failed: int


def run_study(*overrides: str, progress: Progress | None = None) -> Study:
    """Run a study, or go on with it, and read it: ``run_study("experiment=headline", "out=results/headline")``.

    Raises:
        ConfigError: something in it is not allowed, or its folder holds something else.
    """
    return load_study(conduct(overrides, print, progress).folder)


def conduct(arguments: Sequence[str], say: Say, progress: Progress | None = None) -> Conducted:
    """Run a study as its command line asks, or go on with it where it was interrupted.

    Args:
        arguments: ``experiment=NAME``, values of the experiment, overrides that hold everywhere, and settings.
        say: told in a sentence what a user should know.
        progress: called with runs done and runs in all.

    Raises:
        ConfigError: something is not allowed, the folder is another's, or the disk is full.
    """
    spec, settings, name = read_spec(arguments)
    plan = make_plan(spec)
    for note in plan.notes:
        say(note)
    folder = Path(settings.out or Path("results") / (name or f"study-{plan.study_id}"))
    with (
        cluster(settings.engine, settings.jobs, settings.address),
        Store(folder, describe(plan, name, arguments), plan.table(), settings.batch) as store,
    ):
        for batch in store.damaged:
            say(f"a damaged batch is set aside as {batch}; its runs run again")
        work = _Work(plan, settings, store, say, progress)
        if spec.replicates == "until":
            work.until()
        else:
            work.replicates(int(spec.replicates))
        if store.failed:
            say(
                f"{len(store.failed):,} runs failed; govsim.load_study('{folder}').failures holds their errors, and "
                "retry=failed runs them again"
            )
        return Conducted(folder, len(store.done), len(store.failed))


def describe(plan: Plan, name: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The manifest of a study."""
    spec = asdict(plan.spec)
    for free in ("replicates", "until"):  # a study goes on with more of them
        del spec[free]
    return {
        "schema_version": SCHEMA_VERSION,
        "study_id": plan.study_id,
        **made_with(),
        "start": datetime.now(UTC).isoformat(timespec="seconds"),
        "experiment": name,
        "command": shlex.join(["govsim", "study", *(a for a in arguments if a.partition("=")[0] not in _SETTINGS)]),
        "question": plan.spec.question,
        "baseline": plan.baseline,
        "spec": spec,
        "factors": [asdict(factor) for factor in plan.factors.values()],
        "designs": plan.designs,
        "bases": {name: resolved(config) for name, config in plan.bases.items()},
    }


class _Work:
    """What is to be run, in which order."""

    def __init__(self, plan: Plan, settings: Settings, store: Store, say: Say, progress: Progress | None) -> None:
        self.plan, self.settings, self.store, self.say, self.progress = plan, settings, store, say, progress
        self.warmups = _warmups(plan, settings)
        self.told = False

    def replicates(self, number: int) -> None:
        """Run every point under so many seeds."""
        self._run(range(self.plan.spec.seed, self.plan.spec.seed + number))

    def until(self) -> None:
        """Run rounds of seeds until every policy's paired difference is known as well as was asked."""
        wanted = self.plan.spec.until
        seeds = wanted.first
        while True:
            self.replicates(seeds)
            widest, policy = _widest(self.plan, self.store, wanted.outcome, seeds)
            self.say(f"{seeds} replicates: {wanted.outcome} known to ± {widest:.3g} or better (widest: {policy})")
            if widest <= wanted.half_width or seeds >= wanted.most:
                if widest > wanted.half_width:
                    self.say(f"stopped at until.most={wanted.most}, short of until.half_width={wanted.half_width:g}")
                return
            seeds = min(seeds + wanted.round, wanted.most)

    def _run(self, seeds: range) -> None:
        store, total = self.store, len(self.plan.points) * len(seeds)
        here = {(p.number, seed) for p in self.plan.points for seed in seeds}
        skip = store.done if self.settings.retry == "failed" else store.done | store.failed
        done = len(here & skip)
        if done and not self.told:
            self.say(f"{done:,} of {total:,} done, {'resuming' if done < total else 'nothing to run'}")
        self.told = True
        if self.progress:
            self.progress(done, total)
        for result in carry_out(self._tasks(seeds, set(skip)), self.settings.jobs):
            store.add(result)
            done += 1
            if self.progress:
                self.progress(done, total)
        store.flush()

    def _tasks(self, seeds: range, skip: set[tuple[int, int]]) -> Iterator[Task]:
        """Replicate by replicate, so that a study that is broken off has all points alike."""
        plan = self.plan
        groups = plan.groups()
        for seed in seeds:
            for group in groups:
                wanted = [number for number in group if (number, seed) not in skip]
                yield from tasks(plan, seed, wanted, plan.spec.record.series, self.warmups)


def _widest(plan: Plan, store: Store, outcome: str, seeds: int) -> tuple[float, str]:
    """The widest half-width of a paired difference to the baseline, and whose it is."""
    wide = load_study(store.folder).runs.pivot(index="seed", columns="point", values=outcome)
    wide = wide.loc[wide.index < plan.spec.seed + seeds]
    half = {}
    for baseline, *others in plan.groups():
        for number in others:
            gap = mean_interval((wide[number] - wide[baseline]).to_numpy())
            half[plan.points[number].policy] = max(
                (gap.high - gap.low) / 2.0, half.get(plan.points[number].policy, 0.0)
            )
    policy = max(half, key=lambda policy: half[policy])
    return half[policy], policy


def _warmups(plan: Plan, settings: Settings) -> Warmups | None:
    """Where warm-ups are kept; those of a whole city, a gigabyte each, only where that was asked for."""
    place = next(iter(plan.bases.values())).place
    if settings.cache == "off" or (settings.cache == "auto" and not place.is_small):
        return None
    folder = Path(settings.cache_folder) if settings.cache_folder else default_folder()
    return Warmups(folder, settings.cache_gigabytes * 1e9)
