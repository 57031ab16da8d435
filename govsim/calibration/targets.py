"""Targets: figures that were reported, the bands around them, and which of them are held back from fitting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import isfinite, prod
from typing import Any, NamedTuple

import pandas as pd

from govsim.calibration.statistic import Statistic
from govsim.config.check import ConfigError, nearest
from govsim.config.overrides import contents, files
from govsim.study.load import Study

__all__ = ["BANDS", "KINDS", "MOST_MISSED", "Band", "Target", "check_targets", "load_targets", "simulated"]

KINDS = ("uptake", "flow", "opinion")

BANDS = {"count": (0.25, 0.0), "share": (0.0, 0.05)}
"""Half-width of a band by its rule: a part of the observed value, and an absolute one."""

MOST_MISSED = 3


class Band(NamedTuple):
    """An observed value and the ends of what is near enough."""

    observed: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of its width."""
        return (self.high - self.low) / 2.0


@dataclass(frozen=True)
class Target:
    """A figure that was reported.

    Attributes:
        name: its key in the file.
        what: what it is, in a line.
        source: id of the fact, or the report.
        kind: one of :data:`KINDS`.
        reported: the figure as it was published.
        band: a rule of :data:`BANDS`.
        statistic: what of a run it is compared with.
        fitted: whether it is fitted, or held back to test what was.
        per: what the figure is divided by to scale it to a place of any size, by name.
        missed: why it cannot be met; empty where it should be.
    """

    name: str
    what: str
    source: str
    kind: str
    reported: float
    band: str
    statistic: Statistic
    fitted: bool
    per: Mapping[str, float] = field(default_factory=dict)
    missed: str = ""

    @property
    def observed(self) -> float:
        """The figure, scaled: the unit of its statistic."""
        return self.reported / prod(self.per.values())

    @property
    def limits(self) -> Band:
        """Its band."""
        part, absolute = BANDS[self.band]
        half = part * abs(self.observed) + absolute
        return Band(self.observed, self.observed - half, self.observed + half)

    @property
    def role(self) -> str:
        """What it is for, in a word or two."""
        return "fitted" if self.fitted else "held back"

    @property
    def rules_out(self) -> bool:
        """Whether calibration asks for it: it is fitted, and not given up for a stated reason."""
        return self.fitted and not self.missed


def load_targets(name: str) -> list[Target]:
    """The targets of a file of ``configs/target``.

    Raises:
        ConfigError: there is no such file, or something in it is not allowed.
    """
    known = files("target")
    if name not in known:
        near = nearest(str(name), known)
        raise ConfigError(f"targets={name}: no such targets; there are {', '.join(known) or 'none'}{near}")
    targets = [_target(key, given) for key, given in contents(known[name]).items()]
    missed = [target.name for target in targets if target.missed]
    if len(missed) > MOST_MISSED:
        raise ConfigError(f"{name}: {MOST_MISSED} targets may be missed at most, not {', '.join(missed)}")
    if not any(target.fitted for target in targets):
        raise ConfigError(f"{name}: must hold at least one target that is fitted")
    return targets


_NEEDED = [f.name for f in fields(Target)][1:8]
_ALLOWED = [f.name for f in fields(Target)][1:]


def _target(key: str, given: Any) -> Target:
    if not isinstance(given, Mapping):
        raise ConfigError(f"{key}: must hold {', '.join(_NEEDED)}")
    for name in given:
        if name not in _ALLOWED:
            near = nearest(str(name), _ALLOWED)
            raise ConfigError(f"{key}.{name}: no such key of a target; it has {', '.join(_ALLOWED)}{near}")
    for name in _NEEDED:
        if name not in given:
            raise ConfigError(f"{key}.{name}: is missing")
    for name, choices in (("kind", KINDS), ("band", tuple(BANDS))):
        if given[name] not in choices:
            near = nearest(str(given[name]), choices)
            raise ConfigError(f"{key}.{name}={given[name]}: must be one of {', '.join(choices)}{near}")
    for name in ("what", "source", "missed"):
        if not isinstance(given.get(name, ""), str):
            raise ConfigError(f"{key}.{name}={given[name]}: must be a text")
    if not isinstance(given["fitted"], bool):
        raise ConfigError(f"{key}.fitted={given['fitted']}: must be true, or false for a target that is held back")
    per = given.get("per", {})
    if not isinstance(per, Mapping) or not all(_is_number(value) and value > 0 for value in per.values()):
        raise ConfigError(f"{key}.per={per}: must be numbers above 0 by name, as in {{thousand residents: 21_200}}")
    if not _is_number(given["reported"]):
        raise ConfigError(f"{key}.reported={given['reported']}: must be a number")
    return Target(key, **{**given, "statistic": Statistic.read(f"{key}.statistic", given["statistic"])})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def check_targets(targets: Iterable[Target], weeks: int) -> None:
    """Check that this version of the model has all that targets are compared with, in runs of so many weeks.

    Raises:
        ConfigError: it has not.
    """
    for target in targets:
        target.statistic.check(f"{target.name}.statistic", weeks)


def simulated(study: Study, targets: Sequence[Target]) -> pd.DataFrame:
    """What targets are compared with: a row a run of a study of one policy, by scenario and seed, a column a target."""
    return pd.DataFrame({target.name: target.statistic.of(study) for target in targets})
