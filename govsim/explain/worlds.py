"""The worlds of a run again, from its manifest, with a probe in each: ordinary runs keep no such notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govsim.config.check import ConfigError

if TYPE_CHECKING:
    from govsim.config.schema import Config
    from govsim.explain.probe import Probe

__all__ = ["Worlds", "of_run", "rerun"]

WORLDS = ("policy", "baseline")


@dataclass(frozen=True)
class Worlds:
    """What a run is made of.

    Attributes:
        configs: configuration of each world, by ``policy`` and ``baseline``; without the second where there is none.
        names: what each world is called.
    """

    configs: dict[str, Config]
    names: dict[str, str]


def of_run(path: str | Path, run_id: str | None = None, say: Callable[[str], None] = print) -> Worlds:
    """The worlds of a run, or of one run of a study or a sweep.

    Args:
        path: the folder of a run, a study or a sweep.
        run_id: which run of a study or a sweep.
        say: told first if other code made it, in which case its numbers may differ.

    Raises:
        ConfigError: there is no such run in that folder, or its place is too large.
    """
    from govsim.study.reproduce import say_other_code
    from govsim.study.run import load_run
    from govsim.study.sweep import folder_of, folders

    folder = Path(path)
    if (folder / "study.json").is_file():
        return _checked(_of_study(folder, run_id, say), folder)
    if not (folder / "manifest.json").is_file() and folders(folder):
        if run_id is None:
            raise ConfigError(f"{folder}: holds many runs; name one with --run ID, by its run_id")
        folder, run_id = folder_of(folder, run_id), None
    run = load_run(folder)
    if run_id is not None and not run.manifest["run_id"].startswith(run_id):
        raise ConfigError(f"--run={run_id}: {folder} holds one run, {run.manifest['run_id']}")
    say_other_code(run.manifest, say)
    config, choices = run.config, run.manifest["choices"]
    configs = {"policy": config}
    if config.baseline is not None:
        configs["baseline"] = replace(config, policy=config.baseline)
    return _checked(Worlds(configs, {world: choices[world] for world in configs}), folder)


def _of_study(folder: Path, run_id: str | None, say: Callable[[str], None]) -> Worlds:
    """The run of a study, and beside it the point that it is compared with."""
    from govsim.study.load import config_of, load_study
    from govsim.study.reproduce import say_other_code, the_run

    study = load_study(folder)
    if run_id is None:
        raise ConfigError(
            f"{folder}: holds many runs; name one with --run ID (govsim.load_study({str(folder)!r}).runs)"
        )
    number, seed = the_run(study, run_id)
    say_other_code(study.manifest, say)
    points = study.points.set_index("point")
    point = points.loc[number]
    alike = points[
        points["is_baseline"] & (points["theory"] == point["theory"]) & (points["scenario"] == point["scenario"])
    ]
    configs, names = {"policy": config_of(study, number, seed)}, {"policy": str(point["policy"])}
    if len(alike) and alike.index[0] != number:
        configs["baseline"] = config_of(study, int(alike.index[0]), seed)
        names["baseline"] = str(alike["policy"].iloc[0])
    return Worlds(configs, names)


def _checked(worlds: Worlds, folder: Path) -> Worlds:
    """The worlds, with every hand-off kept."""
    config = worlds.configs["policy"]
    if not config.place.is_small:
        raise ConfigError(
            f"{folder}: its place is too large; stories keep every hand-off, which is up to district size"
        )
    record = replace(config.record, handoffs="on")
    return replace(worlds, configs={name: replace(each, record=record) for name, each in worlds.configs.items()})


def rerun(worlds: Worlds, wanted: tuple[str, ...] = ("policy",), progress: Any = None) -> list[Probe]:
    """Run some of the worlds again, from the start of the warm-up that they share, each with a probe.

    Args:
        worlds: what the run is made of.
        wanted: which: ``policy``, ``baseline``.
        progress: told of weeks done and weeks in all.

    Raises:
        ConfigError: the run has no such world, or the machine lacks the memory.
    """
    from govsim.explain.probe import Probe
    from govsim.study import memory
    from govsim.study.world import build

    for world in wanted:
        if world not in worlds.configs:
            raise ConfigError(f"this run has no {world} beside its policy, so no other world to compare with")
    first, *others = wanted
    config = worlds.configs[first]
    memory.check(config)
    total = config.warmup + config.weeks * len(wanted)

    def run(probe: Probe, until: int, before: int) -> Probe:
        while probe.city.week < until:
            probe.city.step()
            if progress:
                progress(probe.city.clock_week + before, total)
        return probe

    probes = [run(Probe(build(config), worlds.names[first]), 0, 0)]
    for world in others:
        city = build(worlds.configs[world])
        city.restore(probes[0].city.state())
        probes.append(probes[0].fork(city, worlds.names[world]))
    return [run(probe, config.weeks, i * config.weeks) for i, probe in enumerate(probes)]
