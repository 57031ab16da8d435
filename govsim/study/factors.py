"""Factors: what a study varies, each a value of a configuration with its facts, and the levels that it may take."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np

from govsim.config.arrangements import Arrangements
from govsim.config.check import ConfigError, allowed, checked, declared, nearest, no_instrument, unknown
from govsim.config.overrides import GROUPS, options
from govsim.policies import INSTRUMENTS

__all__ = [
    "CHOICES",
    "LEVER",
    "OFF",
    "ON",
    "RANGE",
    "SPREAD",
    "UNCERTAINTY",
    "Factor",
    "bounds",
    "doses",
    "ends",
    "level",
    "levels",
    "lever",
    "spread",
    "uncertainty",
]

OFF, ON = "off", "on"
"""Levels of an instrument: it is not there, and it is there as its policy file (or the policy it is in) has it."""

RANGE = "range"
"""Instead of levels: the two ends of what is declared."""

SPREAD, SPREAD_DOSES = "spread", 5
"""Instead of doses: so many that leave no wide gap (:func:`spread`)."""

LEVER, UNCERTAINTY = "lever", "uncertainty"

CHOICES = tuple(name for name in GROUPS if name not in ("policy", "baseline", "behaviour"))
"""Groups of which a study may try several options."""

_COLUMNS = {"scenario": "shock"}
"""Names of groups in the tables of a study, where ``scenario`` numbers the samples of the uncertainties."""

_NO_UNCERTAINTY = {
    "policy": "is no uncertainty; vary it under levers",
    "baseline": "is what all are compared with; it cannot vary",
    "behaviour": "is varied under theories=[...]",
    "behaviour.satisfaction_theory": "is varied under theories=[...]",
    "seed": "is varied by replicates=",
    "out": "is a folder, not a part of the world",
    "record": "is no part of the world",
    "engine": "is no part of the world",
    "checkpoint": "is no part of the world",
}

_NO_RANGE = {*_NO_UNCERTAINTY.keys() - {"behaviour"}, "weeks", "warmup", "scenario", "place.residents"}
"""Keys whose ends say nothing of the world: its size, how long it runs, and shocks that are not there."""


@dataclass(frozen=True)
class Factor:
    """What a study varies.

    Attributes:
        name: its column in the tables of a study: of a lever its instrument (``fund``, by its dose) or
            ``instrument.field``, of an uncertainty its key.
        role: ``lever`` or ``uncertainty``.
        key: where it stands in a configuration.
        label: what it is, in a line.
        unit: unit of its values; empty for names and dates.
        neutral: the value at which a lever changes nothing, given the arrangements before; None where there is none.
        levels: its values in the designs, in their order; ``(low, high)`` under a sampler. An instrument that is off
            counts as its neutral dose.
        designs: names of the designs that vary it.
    """

    name: str
    role: str
    key: str
    label: str
    unit: str
    neutral: float | None = None
    levels: tuple[Any, ...] = ()
    designs: tuple[str, ...] = ()

    @property
    def instrument(self) -> str:
        """The instrument of a lever."""
        return self.key.split(".")[1]

    @property
    def field(self) -> str:
        """The field of a lever's instrument; empty where the instrument has no dose, and is only there or not."""
        return ".".join(self.key.split(".")[2:])


def lever(said: str, name: str, before: Arrangements) -> Factor:
    """The lever of that name: an instrument, or one of its fields.

    Raises:
        ConfigError: there is none. It begins with ``said``.
    """
    instrument, _, field = name.partition(".")
    kind = INSTRUMENTS.get(instrument)
    if kind is None:
        raise no_instrument(said, instrument)
    field = field or kind.dose or ""
    key = ".".join(filter(None, ("policy", instrument, field)))
    leaf = declared(key)
    if field and leaf is None:
        raise unknown(key, (f"policy.{instrument}.{f.name}" for f in fields(kind)))
    scales = field in ("", kind.dose, *kind.scalable)
    return Factor(
        name=instrument if field in ("", kind.dose) else name,
        role=LEVER,
        key=key,
        label=leaf.facts.meaning if leaf and leaf.facts else f"{instrument} (1: in force)",
        unit=leaf.facts.unit if leaf and leaf.facts else "1",
        neutral=(kind.neutral(before) if field else 0.0) if scales else None,
    )


def uncertainty(key: str, keys: Iterable[str]) -> Factor:
    """The uncertain value at a key, or the group of that name.

    Args:
        key: one of ``keys`` or of :data:`CHOICES`.
        keys: of the configuration that is varied.

    Raises:
        ConfigError: there is no such value, or it is not one that a world may be uncertain about.
    """
    for name in (key, key.partition(".")[0]):
        if name in _NO_UNCERTAINTY and not (name == "behaviour" and key != name):
            raise ConfigError(f"uncertainties: {key} {_NO_UNCERTAINTY[name]}")
    if key in CHOICES:
        return Factor(_COLUMNS.get(key, key), UNCERTAINTY, key, f"option of {key}", "")
    keys = list(keys)
    leaf = declared(key) if key in keys else None
    if leaf is None:
        raise unknown(key, [*CHOICES, *keys])
    if leaf.type not in (int, float, str, bool) or not leaf.facts:
        raise ConfigError(f"uncertainties: {key} is no single value, and cannot be varied")
    return Factor(key, UNCERTAINTY, key, leaf.facts.meaning, leaf.facts.unit)


def level(factor: Factor, said: str, value: Any) -> Any:
    """A level as the type of its factor; :data:`OFF` and :data:`ON` for an instrument.

    Raises:
        ConfigError: the factor cannot take it. It begins with ``said``.
    """
    if factor.key in CHOICES:
        known = options(factor.key)
        if not isinstance(value, str) or value not in known:
            raise ConfigError(f"{said}={value}: no such option{nearest(str(value), known)}")
        return value
    if factor.role == LEVER and factor.name == factor.instrument:
        if value in (OFF, ON):
            return value
        if isinstance(value, str) or not factor.field:
            leaf = declared(factor.key)
            dose = f"{allowed(leaf.type, leaf.facts)}, " if leaf else ""
            raise ConfigError(f"{said}={value}: must be {dose}off or on{nearest(str(value), (OFF, ON))}")
    return checked(factor.key, value, said=said)


def levels(factor: Factor, said: str, given: Any) -> list[Any]:
    """Levels as a list, from a list or from ``range``, the two ends of what is declared.

    Raises:
        ConfigError: it is neither, is empty, or holds what the factor cannot take.
    """
    if given == RANGE:
        return list(_declared_range(factor, said, given))
    if not isinstance(given, list | tuple) or not given:
        raise ConfigError(f"{said}={_shown(given)}: must be a list of levels, or range")
    return [level(factor, said, value) for value in given]


def bounds(factor: Factor, said: str, given: Any) -> tuple[float, float]:
    """The ends between which a sampler draws, from ``[low, high]`` or from ``range``.

    Raises:
        ConfigError: it is neither, or the factor takes no numbers.
    """
    if given == RANGE:
        return _declared_range(factor, said, given)
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise ConfigError(f"{said}={_shown(given)}: must be [low, high], or range")
    ends = [level(factor, said, value) for value in given]
    if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
        raise ConfigError(f"{said}={_shown(given)}: must be two numbers, between which samples are drawn")
    low, high = map(float, ends)
    if not low < high:
        raise ConfigError(f"{said}={_shown(given)}: must be [low, high] with low below high")
    return low, high


def doses(factor: Factor, said: str, given: Any) -> list[Any]:
    """Doses as a list; a whole number asks for so many, equally spaced over the declared range, ``spread`` for five.

    Raises:
        ConfigError: it is none of these, or the factor cannot take it.
    """
    if given == SPREAD:
        return spread(factor, said)
    if not isinstance(given, int) or isinstance(given, bool):
        return levels(factor, said, given)
    low, high = _declared_range(factor, said, given)
    if not 2 <= given <= 1_000:
        raise ConfigError(f"{said}={given}: must be 2 to 1,000 doses, or a list of them")
    return [level(factor, said, dose) for dose in np.linspace(low, high, given).tolist()]


def spread(factor: Factor, said: str) -> list[Any]:
    """Five doses that say what a lever can do: its neutral and its own, both ends of its range, and halves of gaps.

    Its own dose is the default of its instrument. The widest gap is halved until there are five (of gaps as wide, the
    lowest). An instrument without a dose is off or on.

    Raises:
        ConfigError: the dose has no declared range.
    """
    if not factor.field:
        return [OFF, ON]
    leaf = declared(factor.key)
    own = getattr(INSTRUMENTS[factor.instrument](), factor.field)
    asked = {*_declared_range(factor, said, SPREAD), own, own if factor.neutral is None else factor.neutral}
    while len(asked) < SPREAD_DOSES:
        below, above = max(pairwise(sorted(asked)), key=lambda gap: round(gap[1] - gap[0], 9))
        middle = (below + above) / 2
        asked.add(round(middle) if leaf and leaf.type is int else middle)
    return [level(factor, said, dose) for dose in sorted(asked)]


def ends(key: str, value: Any) -> list[Any]:
    """What to try of an uncertain value, one at a time: both ends of its range, or every choice but the one in force.

    Empty where it has neither, or is varied in another way than as an uncertainty.
    """
    leaf = declared(key)
    if leaf is None or leaf.facts is None or {key, key.partition(".")[0]} & _NO_RANGE:
        return []
    if leaf.facts.choices:
        return [choice for choice in leaf.facts.choices if choice != value]
    if leaf.type not in (int, float) or leaf.facts.low is None or leaf.facts.high is None:
        return []
    return [leaf.type(end) for end in (leaf.facts.low, leaf.facts.high) if math.isfinite(end) and end != value]


def _declared_range(factor: Factor, said: str, given: Any) -> tuple[float, float]:
    leaf = declared(factor.key) if factor.key not in CHOICES else None
    facts = leaf.facts if leaf else None
    if facts is None or facts.low is None or facts.high is None or not math.isfinite(facts.high - facts.low):
        raise ConfigError(f"{said}={given}: has no declared range; list its levels")
    return checked(factor.key, facts.low), checked(factor.key, facts.high)


def _shown(given: Any) -> str:
    return f"[{', '.join(map(str, given))}]" if isinstance(given, list | tuple) else str(given)
