"""What a calibration asks: read from its file and the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from govsim.calibration.asked import SETTINGS, read
from govsim.config.check import ConfigError, checked, nearest
from govsim.config.overrides import contents, files
from govsim.config.parameters import param

__all__ = ["Calibration", "read_calibration"]


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


def read_calibration(arguments: Sequence[str]) -> tuple[Calibration, str, str, list[str]]:
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
