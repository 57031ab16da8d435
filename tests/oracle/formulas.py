"""Asking a formula and its plain twin the same, a few hundred times (see ``alone``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
from plain import city as plain_city
from shaken import far_numbers

from govsim import cases as c
from govsim.config.behaviour import Behaviour, values

__all__ = [
    "SEED",
    "Both",
    "Formula",
    "Luck",
    "Thing",
    "case_id_by",
    "named",
    "objects",
    "of_rows",
    "plain_city_of",
    "results",
]

TIMES = 200
"""How often each formula is asked."""
SEED = np.uint64(7)

Luck = np.random.Generator
Both = tuple[Callable[[], Any], Callable[[], Any]]
"""A formula and its plain twin, each with arguments of its own; both return numbers in the same order."""


class Formula:
    """A formula of ``govsim`` and its plain twin, asked many times."""

    people = 0

    def __init__(self, name: str, ask: Callable[[Luck, Any], Both]) -> None:
        self.name, self.ask = name, ask

    def _asked(self) -> Iterator[Both]:
        luck = np.random.default_rng(TIMES)
        for p in _behaviours():
            yield self.ask(luck, p)

    def play(self) -> None:
        self.got = [_flat(fast()) for fast, _ in self._asked()]

    @cached_property
    def expected(self) -> list[np.ndarray]:
        """What the plain twin says.

        Raises:
            AssertionError: ``govsim`` differs from it although it is without a fault.
        """
        expected = [_flat(slow()) for _, slow in self._asked()]
        self.play()
        assert all(map(_same, self.got, expected)), self.name
        return expected

    def rehearse(self) -> None:
        assert self.expected

    def difference(self) -> str | None:
        differ = (i for i, (got, one) in enumerate(zip(self.got, self.expected, strict=True)) if not _same(got, one))
        return next((f"it differs when asked for the {i}th time" for i in differ), None)


@cache
def _behaviours() -> list[Any]:
    luck = np.random.default_rng(TIMES)
    return [values(replace(Behaviour(), **far_numbers(Behaviour(), luck))) for _ in range(TIMES)]


def _flat(numbers: Any) -> np.ndarray:
    return np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in numbers])


def _same(got: np.ndarray, expected: np.ndarray) -> bool:
    return got.shape == expected.shape and np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True)


class Thing(SimpleNamespace):
    """Columns, or one object; it is itself and equal to nothing else."""

    __hash__ = object.__hash__  # pyright: ignore[reportAssignmentType]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __len__(self) -> int:
        return len(next(iter(vars(self).values())))

    def __bool__(self) -> bool:
        return True


def objects(columns: Thing) -> list[Any]:
    """An object a row, each with its number."""
    rows: list[Any] = [Thing(row=row) for row in range(len(columns))]
    for name, held in vars(columns).items():
        for one, value in zip(rows, held.tolist(), strict=True):
            setattr(one, name, value)
    return rows


def results(columns: Thing, names: Iterable[str]) -> list[np.ndarray]:
    """These columns."""
    return [getattr(columns, name) for name in names]


def of_rows(rows: list[Any], names: Iterable[str]) -> list[list[Any]]:
    """What these objects hold, an attribute a list."""
    return [[getattr(one, name) for one in rows] for name in names]


def named(p: Any, **others: float) -> SimpleNamespace:
    """The numbers of a behaviour, with these instead."""
    return SimpleNamespace(**{name: p[name].item() for name in p.dtype.names} | others)


def plain_city_of(p: Any, **known: Any) -> plain_city.City:
    """A plain city of which nothing is known but this."""
    city = plain_city.City(SimpleNamespace(warmup=6, city_residents=1_000), p, int(SEED))
    vars(city).update(known)
    return city


def case_id_by(luck: Luck) -> np.int64:
    return c.identity(*(int(luck.integers(most)) for most in (50, 8, 200, 4))) + np.int64(luck.integers(3))
