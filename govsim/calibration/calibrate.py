"""A calibration from its command line to its ensemble: waves of history matching, each a study in a folder."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from govsim.calibration.asked import SETTINGS, read, study_of, world_of
from govsim.calibration.matching import Matched, match
from govsim.calibration.targets import Target, check_targets, load_targets, simulated
from govsim.config.check import ConfigError, checked, declared, nearest, walk
from govsim.config.ensemble import ENSEMBLE
from govsim.config.overrides import contents, files, overrides_from_kwargs
from govsim.config.parameters import param
from govsim.source import source_hash
from govsim.study import factors
from govsim.study.conduct import conduct
from govsim.study.files import write_whole
from govsim.study.load import load_study

__all__ = ["Calibrated", "Calibration", "calibrate"]

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Calibration:
    """What a calibration asks. Its fields are the keys of its file; all but the lists are settings of the command."""

    targets: str = param("chengdu_2019", "", "targets to fit")
    policy: Any = "chengdu_2019"
    """The policy whose world is compared with the targets: a name, a list of names, or a mapping."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """What is fitted: ``range``, the declared one, or ``[low, high]``, by key."""
    constants: tuple[str, ...] = ()
    """Overrides that hold everywhere."""
    waves: int = param(3, "count", "waves at most", range=(1, 20))
    sets: int = param(100, "count", "parameter sets of a wave", range=(2, 10_000))
    seeds: int = param(2, "count", "replicates of a set", range=(2, 1_000))
    seed: int = param(1, "", "first seed; of the draws too", range=(0, 2**31 - 1))
    cutoff: float = param(3.0, "standard deviations", "implausibility that rules a set out", range=(0.5, 10))
    members: int = param(50, "count", "members of the ensemble at most, drawn from those kept", range=(1, 1_000))


_FIELDS = [f.name for f in fields(Calibration)]


@dataclass(frozen=True)
class Calibrated:
    """How a calibration went.

    Attributes:
        targets: those that were fitted.
        matched: every set that was run, and which are kept.
        folder: the studies of its waves.
        file: the ensemble; None where no set was kept.
    """

    targets: tuple[Target, ...]
    matched: Matched
    folder: Path
    file: Path | None


def calibrate(arguments: Sequence[str], say: Say, progress: Progress | None = None) -> Calibrated:
    """Calibrate as a command line asks, or go on with it where it was interrupted.

    Args:
        arguments: ``calibration=NAME`` (a file of ``configs/calibration``), ``name=`` of the ensemble, values of
            :class:`Calibration`, overrides that hold everywhere, and settings of a study.
        say: told in a sentence how it goes.
        progress: called with the runs of a wave that are done, and all of them.

    Raises:
        ConfigError: something is not allowed.
    """
    asked, name, out, settings = _read(arguments)
    weeks, bounds = _bounds(asked)
    targets = tuple(target for target in load_targets(asked.targets) if target.rules_out)
    if not targets:
        raise ConfigError(f"targets={asked.targets}: every fitted target is missed, none is left to fit")
    check_targets(targets, weeks)
    folder = Path(out or Path("results") / f"calibration-{name}")

    def simulate(wave: int, sets: pd.DataFrame) -> pd.DataFrame:
        text = sets.to_csv(index=False)
        # named by what is in it: the waves that a change of targets leaves alone are not run again
        place = folder / f"wave-{wave}-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"
        points = place.with_suffix(".csv")
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(points, text.encode())
        lines = study_of(asked.policy, asked.seeds, asked.constants) + overrides_from_kwargs(
            **{"uncertainties.points": str(points), "seed": asked.seed, "out": str(place)}
        )
        conduct([*lines, *settings], say, progress)
        study = load_study(place)
        runs = simulated(study, targets).reset_index()
        # rows that are the same set are run once
        scenarios = study.designs["uncertainties.points"]["rows"]
        rows = pd.DataFrame({"set": range(len(scenarios)), "scenario": scenarios})
        return rows.merge(runs, on="scenario").set_index("set").drop(columns=["scenario", "seed"])

    goals = {target.name: target.limits for target in targets}
    matched = match(bounds, goals, simulate, asked.waves, asked.sets, asked.cutoff, asked.seed, say)
    file = _write(name, asked, matched, arguments) if matched.kept.any() else None
    return Calibrated(targets, matched, folder, file)


# --- what is asked


def _read(arguments: Sequence[str]) -> tuple[Calibration, str, str, list[str]]:
    """The calibration, the name of its ensemble, its folder, and settings of its studies."""
    given = read(arguments)
    calibration = str(given.pop("calibration", ("", "rough"))[1])
    name = str(given.pop("name", ("", calibration))[1])
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise ConfigError(f"name={name}: must be a name for a file, of letters, digits, - and _")
    data = _file(calibration)
    constants = {key: text for key, (text, _) in read(_texts(data.get("constants", []))).items()}
    parameters = data.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise ConfigError(f"parameters={parameters}: must be ranges by key, as in behaviour.patrol_reach: range")
    settings, out = {}, ""
    for key, (text, value) in given.items():
        head, _, below = key.partition(".")
        if key == "out":
            out = str(value)
        elif key in SETTINGS:
            settings[key] = text
        elif head == "parameters" and below:
            parameters[below] = value
        elif key in _FIELDS and key not in ("parameters", "constants"):
            data[key] = value
        else:
            constants[key] = text
    settings.setdefault("cache", "cache=off")  # the warm-up of a set is needed once
    values = {
        key: checked(key, value, Calibration)
        for key, value in data.items()
        if key not in ("parameters", "constants", "policy")
    }
    policy = data.get("policy", Calibration.policy)
    asked = Calibration(parameters=parameters, constants=tuple(constants.values()), policy=policy, **values)
    return asked, name, out, list(settings.values())


def _file(name: str) -> dict[str, Any]:
    known = files("calibration")
    if name not in known:
        near = nearest(name, known)
        raise ConfigError(f"calibration={name}: no such calibration; there are {', '.join(known) or 'none'}{near}")
    data = contents(known[name])
    for key in data:
        if key not in _FIELDS:
            near = nearest(key, _FIELDS)
            raise ConfigError(f"{key}: no such key of a calibration; it has {', '.join(_FIELDS)}{near}")
    return data


def _texts(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise ConfigError(f"constants={given}: must be a list of overrides")
    return given


def _bounds(asked: Calibration) -> tuple[int, dict[str, tuple[float, float]]]:
    """Length of a run, and the ends of each parameter."""
    config = world_of(asked.constants)
    keys = [leaf.key for leaf in walk(config)]
    bounds = {}
    for key, given in asked.parameters.items():
        said = f"parameters.{key}"
        factor = factors.uncertainty(key, keys)
        leaf = declared(key)
        if leaf is None or leaf.type is not float:
            raise ConfigError(f"{said}: must be a number that may take any value of a range")
        bounds[key] = factors.bounds(factor, said, given)
    if not bounds:
        raise ConfigError("parameters: must name what is fitted, as in parameters.behaviour.patrol_reach=range")
    return config.weeks, bounds


# --- what came of it


def _write(name: str, asked: Calibration, matched: Matched, arguments: Sequence[str]) -> Path:
    """Write the ensemble to ``configs/ensemble`` of the working folder and return its file."""
    kept = np.flatnonzero(matched.kept)
    chosen = kept
    if len(kept) > asked.members:
        chosen = np.sort(np.random.default_rng(asked.seed).choice(kept, asked.members, replace=False))
    drawn = f", {len(chosen)} of them drawn" if len(chosen) < len(kept) else ""
    own = [text for text in arguments if text.partition("=")[0] not in SETTINGS]
    head = (
        f"# {len(chosen)} parameter sets that the fitted targets of {asked.targets} do not rule out\n"
        f"# {len(kept)} of {len(matched.sets)} sets that were run are inside every band{drawn}. A member is a row.\n"
    )
    made = {
        "made": {
            "command": shlex.join(["govsim", "calibrate", *own]),
            "source": source_hash(),
            "targets": asked.targets,
            "waves": [
                {"sets": wave.sets, "kept": wave.kept, "space_left": float(f"{wave.left:.3g}")}
                for wave in matched.waves
            ],
        },
        "keys": list(matched.sets.columns),
    }
    rows = matched.sets.iloc[chosen].to_numpy().tolist()
    body = yaml.safe_dump(made, sort_keys=False, width=120)
    members = "".join(f"- [{', '.join(map(repr, row))}]\n" for row in rows)
    file = Path("configs") / ENSEMBLE / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, f"{head}{body}members:\n{members}".encode())
    return file
