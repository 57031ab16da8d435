"""A sweep of ``govsim run -m``, read like a study.

Each numbered folder holds two worlds. Worlds that are the same, as a baseline is that many policies were compared
with, count once. What was varied becomes columns: values of instruments as levers, everything else as uncertainties,
whose combinations are the scenarios.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, get_origin

import numpy as np
import pandas as pd

from govsim.config.arrangements import Arrangements
from govsim.config.check import ConfigError, build, declared
from govsim.config.overrides import GROUPS
from govsim.study import factors
from govsim.study.factors import Factor
from govsim.study.load import Study
from govsim.study.manifest import NO_RESULT, SCHEMA_VERSION, found_by_id

__all__ = ["FAILURE", "folder_of", "folders", "load_sweep"]

FAILURE = "failure.json"
"""What a run of a sweep leaves in its folder, in place of results, where it failed."""

_APART = ("policy", "baseline", "seed", *NO_RESULT)
"""Parts of a configuration that have columns of their own, or do not change a result."""

_SILENT = ("out", "engine.threads")
"""Overrides that say nothing of what was run."""


def folders(sweep: Path, file: str = "manifest.json") -> list[Path]:
    """Folders of the runs of a sweep that hold such a file, by number."""
    return sorted((p.parent for p in sweep.glob(f"*/{file}") if p.parent.name.isdigit()), key=lambda p: int(p.name))


def folder_of(sweep: Path, run_id: str) -> Path:
    """The folder of a run, by the id in its manifest, by that of one of its worlds, or by the beginning of either.

    Raises:
        ConfigError: no run, or more than one, has such an id.
    """
    worlds = _worlds(sweep, "manifest.json")
    ids = {world.run_id: world.folder for world in reversed(worlds)}
    ids |= {world.manifest["run_id"]: world.folder for world in worlds}
    return found_by_id(run_id, ids, sweep)


@dataclass(frozen=True, eq=False)
class _World:
    """One world of a run.

    Attributes:
        folder: where the run is.
        manifest: that of the run, and its error where it failed.
        name: ``policy`` or ``baseline``.
    """

    folder: Path
    manifest: Mapping[str, Any]
    name: str

    @property
    def option(self) -> str:
        return self.manifest["choices"][self.name]

    @property
    def seed(self) -> int:
        return self.manifest["config"]["seed"]

    @property
    def policy(self) -> Mapping[str, Mapping[str, Any]]:
        return self.manifest["config"][self.name]

    @cached_property
    def point(self) -> str:
        """What tells it from other worlds, but for the seed."""
        around = {key: value for key, value in self.manifest["config"].items() if key not in _APART}
        return json.dumps([dict(sorted(self.policy.items())), around])

    @cached_property
    def run_id(self) -> str:
        text = json.dumps([self.point, self.seed, self.manifest["source_hash"]])
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def load_sweep(folder: Path) -> Study:
    """Read a sweep.

    Points are numbered as they come. Of several baselines the first is the one that differences are taken against. A
    world's seconds are half of its run's where that has two, and include the warm-up.

    Raises:
        ConfigError: a run was written in another format, or by other code than the others.
    """
    done = _first(_worlds(folder, "manifest.json"), lambda world: world.run_id)
    failed = _first(_worlds(folder, FAILURE), lambda world: world.run_id)
    failed = {run_id: world for run_id, world in failed.items() if run_id not in done}
    worlds = [*done.values(), *failed.values()]
    if not worlds:
        raise ConfigError(f"{folder}: holds neither a study (study.json) nor the numbered runs of a sweep")
    levers, varied = _levers(worlds), _varied(worlds)
    points = _points(worlds, levers, varied)
    numbers = {point: number for number, point in enumerate(_first(worlds, lambda world: world.point))}

    def rows(some: Mapping[str, _World], row: Callable[[_World], dict[str, Any]]) -> pd.DataFrame:
        made = [{"point": numbers[w.point], "seed": w.seed, **row(w)} for w in some.values()]
        return pd.DataFrame(made, columns=None if made else ["point", "seed", "run_id"])

    def long(read: Callable[[_World], pd.DataFrame]) -> pd.DataFrame:
        tables = [read(w).assign(run_id=w.run_id, point=numbers[w.point], seed=w.seed) for w in done.values()]
        return pd.concat(tables) if tables else pd.DataFrame({"run_id": [], "point": [], "seed": []})

    read = {
        "points": lambda: points,
        "runs": lambda: rows(done, _outcomes),
        "series": lambda: long(_weekly),
        "incidence": lambda: long(_curves),
        "timings": lambda: rows(done, _timing),
        "failures": lambda: rows(failed, _failure),
    }
    return Study(folder, _manifest(worlds, points, levers, varied), read)


def _points(worlds: Sequence[_World], levers: Sequence[_Lever], varied: Sequence[Factor]) -> pd.DataFrame:
    first = list(_first(worlds, lambda world: world.point).values())
    uncertain = [tuple(_value(world, factor.key) for factor in varied) for world in first]
    scenarios = {values: number for number, values in enumerate(dict.fromkeys(uncertain))}
    labels = [_label(world, levers) for world in first]
    swept, baselines = ({world.point for world in worlds if world.name == name} for name in ("policy", "baseline"))
    baseline = next((label for label, world in zip(labels, first, strict=True) if world.point in baselines), None)
    design = _design(worlds, levers)
    return pd.DataFrame(
        {
            "point": np.arange(len(first), dtype=np.int32),
            "policy": labels,
            "theory": [world.manifest["choices"]["behaviour"] for world in first],
            "scenario": [scenarios[values] for values in uncertain],
            "budget": np.nan,
            "is_baseline": [label == baseline for label in labels],
            "designs": [design if world.point in swept else "" for world in first],
            **{lever.factor.name: [lever.of(world) for world in first] for lever in levers},
            **{factor.name: [values[i] for values in uncertain] for i, factor in enumerate(varied)},
        }
    )


def _first(worlds: Sequence[_World], key: Callable[[_World], str]) -> dict[str, _World]:
    """The first world of each key."""
    found: dict[str, _World] = {}
    for world in worlds:
        found.setdefault(key(world), world)
    return found


# --- what was run


def _worlds(sweep: Path, file: str) -> list[_World]:
    """Both worlds of every run whose folder holds such a file; the baseline's, where there is one, first."""
    found: list[_World] = []
    for folder in folders(sweep, file):
        try:
            manifest = json.loads((folder / file).read_text(encoding="utf-8"))
        except ValueError:
            raise ConfigError(f"{folder / file}: is damaged; take the folder away to read the others") from None
        if manifest["schema_version"] != SCHEMA_VERSION:
            raise ConfigError(
                f"{folder}: was written in format {manifest['schema_version']}, this version reads {SCHEMA_VERSION}"
            )
        if found and manifest["source_hash"] != (source := found[0].manifest["source_hash"]):
            raise ConfigError(f"{folder}: was run by other code or configs than {found[0].folder} (source {source})")
        found += [
            _World(folder, manifest, name) for name in ("baseline", "policy") if manifest["config"][name] is not None
        ]
    return found


@dataclass(frozen=True)
class _Lever:
    """A value of an instrument that differs between policies of the same option: of which options."""

    factor: Factor
    options: frozenset[str]

    def of(self, world: _World) -> Any:
        """Its value in a world; where the instrument is not there, the neutral one."""
        held = world.policy.get(self.factor.instrument)
        return held[self.factor.field] if held else self.factor.neutral


def _levers(worlds: Sequence[_World]) -> list[_Lever]:
    values: dict[str, dict[str, set[Any]]] = {}
    for world in worlds:
        for instrument, fields in world.policy.items():
            for field, value in fields.items():
                values.setdefault(f"{instrument}.{field}", {}).setdefault(world.option, set()).add(value)
    before = build(worlds[0].manifest["config"]["before"], Arrangements, "before")
    levers = []
    for name, by_option in values.items():
        options = frozenset(option for option, held in by_option.items() if len(held) > 1)
        if options:
            levers.append(_Lever(factors.lever(name, name, before), options))
    return levers


def _design(worlds: Sequence[_World], levers: Sequence[_Lever]) -> str:
    """A sweep of several levers within one policy is a full factorial; of anything else, just a sweep."""
    options = {world.option for world in worlds if world.name == "policy"}
    return "factorial" if len(levers) > 1 and len(options) == 1 else "sweep"


def _label(world: _World, levers: Sequence[_Lever]) -> str:
    """The option with its doses: ``fund=700000+committee``, ``chengdu_2019 fund=700000``."""
    values = {lever.factor.name: _shown(lever.of(world)) for lever in levers if world.option in lever.options}
    names = [f"{name}={values.pop(name)}" if name in values else name for name in world.option.split("+")]
    return " ".join(["+".join(names), *(f"{name}={value}" for name, value in values.items())])


def _shown(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _varied(worlds: Sequence[_World]) -> list[Factor]:
    """What the overrides gave several values, but for policies, theories and seeds."""
    texts: dict[str, set[str]] = {}
    for world in worlds:
        for override in world.manifest["overrides"]:
            key, _, text = override.partition("=")
            texts.setdefault(key, set()).add(text)
    several = [key for key, held in texts.items() if len(held) > 1]
    apart = {*_APART, "behaviour", GROUPS["baseline"]}
    return [_uncertainty(key) for key in several if key not in apart and key.partition(".")[0] not in _APART]


def _uncertainty(key: str) -> Factor:
    leaf = declared(key)
    if leaf and leaf.facts and get_origin(leaf.type) is list:  # which a study could not vary
        return Factor(key, factors.UNCERTAINTY, key, leaf.facts.meaning, leaf.facts.unit)
    return factors.uncertainty(key, [key])


def _value(world: _World, key: str) -> Any:
    """The option of a group, or the value at a key."""
    if key in GROUPS:
        return world.manifest["choices"][key]
    node: Any = world.manifest["config"]
    for name in key.split("."):
        node = node.get(name) if isinstance(node, Mapping) else None
    return "+".join(node) if isinstance(node, list) else node


def _manifest(
    worlds: Sequence[_World], points: pd.DataFrame, levers: Sequence[_Lever], varied: Sequence[Factor]
) -> dict[str, Any]:
    """What a study says of itself, as far as a sweep can."""
    first, ids = worlds[0].manifest, "".join(sorted(world.run_id for world in worlds))
    asked: dict[str, dict[str, None]] = {}
    for world in worlds:
        for override in world.manifest["overrides"]:
            key, _, text = override.partition("=")
            asked.setdefault(key, {})[text] = None
    said = [f"{key}={','.join(texts)}" if any(texts) else key for key, texts in asked.items() if key not in _SILENT]
    baseline = points.loc[points["is_baseline"], "policy"]
    columns = [*(lever.factor for lever in levers), *varied]
    swept, design = points.loc[points["designs"] != ""], _design(worlds, levers)
    levels = {f.name: tuple(dict.fromkeys(swept[f.name].dropna().tolist())) for f in columns}
    return {
        **{key: first[key] for key in ("schema_version", "source_hash", "git_commit", "versions", "platform", "start")},
        "study_id": hashlib.blake2b(ids.encode(), digest_size=8).hexdigest(),
        "experiment": "",
        "question": "",
        "command": f"govsim run -m {' '.join(said)}",
        "baseline": baseline.iloc[0] if len(baseline) else "",
        "spec": {},
        "factors": [asdict(replace(f, levels=levels[f.name], designs=(design,))) for f in columns],
        "designs": {},
        "bases": {w.manifest["choices"]["behaviour"]: w.manifest["config"] for w in reversed(worlds)},
    }


# --- tables of one world


def _outcomes(world: _World) -> dict[str, Any]:
    summary = json.loads((world.folder / "summary.json").read_text(encoding="utf-8"))
    values = {name: np.nan if value is None else value for name, value in summary[world.name].items()}
    return {"run_id": world.run_id, **values}


def _timing(world: _World) -> dict[str, Any]:
    both = world.manifest["config"]["baseline"] is not None
    seconds = world.manifest["duration_seconds"] / (2 if both else 1)
    return {"run_id": world.run_id, "seconds": seconds, "warmup_seconds": np.nan, "worker": ""}


def _failure(world: _World) -> dict[str, Any]:
    about = {key: world.manifest[key] for key in ("error", "traceback")}
    return {"run_id": world.run_id, **about, "config": json.dumps(world.manifest["config"])}


def _weekly(world: _World) -> pd.DataFrame:
    """Weekly values from week 0, a column each."""
    series = _table(world, "series")
    wide = series[series["week"] >= 0].pivot(index="week", columns="outcome", values="value")
    return wide.astype(np.float32).rename_axis(columns=None).reset_index()


def _curves(world: _World) -> pd.DataFrame:
    return _table(world, "first_ends")


def _table(world: _World, name: str) -> pd.DataFrame:
    table = pd.read_parquet(world.folder / f"{name}.parquet", filters=[("world", "==", world.name)])
    return table.drop(columns="world")
