"""A calibration from its command line to its ensemble: waves of history matching, each a study in a folder."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from govsim.calibration.asked import SETTINGS, study_of, world_of
from govsim.calibration.matching import Matched, match
from govsim.calibration.spec import Calibration, read_calibration
from govsim.calibration.targets import Target, check_targets, load_targets, simulated
from govsim.config.check import ConfigError, declared, walk
from govsim.config.ensemble import ENSEMBLE
from govsim.config.overrides import overrides_from_kwargs
from govsim.source import source_hash
from govsim.study import factors
from govsim.study.conduct import conduct
from govsim.study.files import write_whole
from govsim.study.load import load_study

__all__ = ["Calibrated", "bounds_of", "calibrate"]

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


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
    asked, name, out, settings = read_calibration(arguments)
    weeks, bounds = bounds_of(asked)
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


def bounds_of(asked: Calibration) -> tuple[int, dict[str, tuple[float, float]]]:
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
