"""One number, one home: every parameter is a field that carries unit, source, grade, range and meaning.

Grades: A the article, B a study seen, C an official or press figure seen, D an assumption.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

__all__ = ["ASSUMED", "Parameter", "describe", "param"]

ASSUMED = "assumed"


@dataclasses.dataclass(frozen=True)
class Parameter:
    """What is known about one number.

    Attributes:
        unit: unit of the value ("1" for a share or a plain number).
        meaning: one line.
        source: id of a published fact (``funding.per_community``), a study, or ``assumed``.
        grade: A, B, C or D.
        low, high: the range inside which a value is allowed and sensitivity is explored.
    """

    unit: str
    meaning: str
    source: str
    grade: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def param(
    default: Any,
    unit: str,
    meaning: str,
    *,
    range: tuple[float, float] | None = None,
    source: str = ASSUMED,
    grade: str = "D",
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a parameter as a dataclass field with all five facts beside its value."""
    low, high = range if range is not None else (None, None)
    facts = Parameter(unit, meaning, source, grade, low, high, choices)
    if isinstance(default, list | dict):
        return dataclasses.field(default_factory=lambda: type(default)(default), metadata={"param": facts})
    return dataclasses.field(default=default, metadata={"param": facts})


def describe(schema: Any) -> Iterator[tuple[str, Parameter, Any]]:
    """Yield (field name, facts, default value) for each parameter of a dataclass or an instance of one."""
    for field in dataclasses.fields(schema):
        facts = field.metadata.get("param")
        if facts is None:
            continue
        default = field.default if isinstance(schema, type) else getattr(schema, field.name)
        yield field.name, facts, default
