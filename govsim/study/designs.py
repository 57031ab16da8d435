"""Designs: tables of what to try together, made from factors and their levels. Nothing here knows what a factor is.

A row names the factors that it sets; a factor that it does not name stays as it is. What cannot be designed raises
ValueError, and who asked for it says where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from math import prod
from string import ascii_lowercase
from typing import Any

import numpy as np

__all__ = [
    "MORRIS_LEVELS",
    "MOST",
    "Table",
    "aliases",
    "factorial",
    "fractional",
    "latin_hypercube",
    "morris",
    "one_at_a_time",
    "sobol",
]

MOST = 100_000
"""Most rows of a design; beyond it a slip of the pen is likelier than a wish."""

MORRIS_LEVELS = 4

Levels = Mapping[str, Sequence[Any]]
Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Table:
    """The rows of a design, and what its analysis must know besides.

    Attributes:
        rows: each a mapping from factor to value.
        facts: plain values, such as the bounds of a sampler or the aliases of a fractional factorial.
    """

    rows: tuple[dict[str, Any], ...]
    facts: dict[str, Any] = field(default_factory=dict)


def factorial(levels: Levels) -> Table:
    """Every combination of levels, the last factor fastest.

    Raises:
        ValueError: there are more than :data:`MOST`.
    """
    size = prod(map(len, levels.values()))
    if size > MOST:
        raise ValueError(f"makes {size:,} combinations; must make {MOST:,} at most")
    return Table(tuple(dict(zip(levels, row, strict=True)) for row in product(*levels.values())))


def fractional(levels: Levels, resolution: int) -> Table:
    """A regular two-level fraction in which no effects of together fewer than ``resolution`` factors are one.

    Facts: ``resolution`` and ``aliases``, the main effects and pairs that the fraction cannot tell apart. (pyDOE3's own
    search by resolution gives too little where it is 5 or more: 7 factors at 5 come out at 4.)

    Raises:
        ValueError: a factor has not two levels, or only the whole factorial has that resolution.
    """
    from pyDOE3 import fracfact

    for name, values in levels.items():
        if len(values) != 2:
            raise ValueError(f"{name} must have exactly two levels, not {len(values)}")
    signs = fracfact(" ".join(_generators(len(levels), resolution)))
    rows = tuple(
        {name: values[int(sign > 0)] for (name, values), sign in zip(levels.items(), row, strict=True)} for row in signs
    )
    return Table(rows, {"resolution": resolution, "aliases": aliases(signs, tuple(levels))})


def _generators(factors: int, resolution: int) -> list[str]:
    """Letters for the basic factors, and for each further one the product of basic factors that it follows.

    As few basic factors as a greedy search finds. A product may be added if no ``resolution - 2`` factors or fewer
    multiply to it: the shortest word of the defining relation then has ``resolution`` letters.
    """
    for basic in range(1, factors):
        chosen = [1 << i for i in range(basic)]  # factors as sets of basic factors, a bit each
        near = [{0}, *(set[int]() for _ in range(resolution - 2))]  # products of so many of them
        for column in chosen:
            _multiply(near, column)
        for column in range(1, 1 << basic):
            if len(chosen) == factors:
                break
            if not any(column in products for products in near):
                chosen.append(column)
                _multiply(near, column)
        if len(chosen) == factors:
            return ["".join(ascii_lowercase[i] for i in range(basic) if column >> i & 1) for column in chosen]
    raise ValueError(
        f"{factors} factors at resolution {resolution} take all {2**factors:,} combinations; use factorial, or a lower "
        "resolution"
    )


def _multiply(near: list[set[int]], column: int) -> None:
    for fewer, products in reversed(list(pairwise(near))):
        products.update(column ^ other for other in fewer)


def aliases(signs: np.ndarray, names: Sequence[str]) -> list[str]:
    """Main effects and pairs with the same contrast, up to its sign: ``committee = fund:grid_staffing``.

    Args:
        signs: the design, -1 or 1: (rows, factors).
        names: of the factors.
    """
    effects = [effect for order in (1, 2) for effect in combinations(range(len(names)), order)]
    found: dict[bytes, list[tuple[float, str]]] = {}
    for effect in effects:
        contrast = signs[:, list(effect)].prod(axis=1)
        same = (contrast * contrast[0] > 0).tobytes()
        found.setdefault(same, []).append((contrast[0], ":".join(names[i] for i in effect)))
    return [
        " = ".join(f"{'' if sign == group[0][0] else '-'}{name}" for sign, name in group)
        for group in found.values()
        if len(group) > 1
    ]


def one_at_a_time(levels: Levels) -> Table:
    """Nothing changed, then each level of each factor alone. Facts: ``varied``, the factor of each row, first ""."""
    changes = [(name, value) for name, values in levels.items() for value in values]
    return Table(({}, *({name: value} for name, value in changes)), {"varied": ["", *(name for name, _ in changes)]})


def latin_hypercube(bounds: Bounds, samples: int, seed: int) -> Table:
    """One sample in each of ``samples`` equal parts of every factor's range (McKay, Beckman & Conover 1979)."""
    from SALib.sample import latin

    return _sampled(bounds, latin.sample(_problem(bounds), samples, seed=seed))


def sobol(bounds: Bounds, samples: int, seed: int) -> Table:
    """Saltelli's scheme for first-order and total indices: ``samples * (factors + 2)`` rows (Saltelli 2002).

    Facts: ``names``, ``bounds`` and ``second_order`` (False), as SALib's analysis wants them.

    Raises:
        ValueError: ``samples`` is no power of two, which the sequence needs to be balanced.
    """
    from SALib.sample import sobol as salib

    if samples < 1 or samples & (samples - 1):
        lower = 1 << max(0, samples.bit_length() - 1)
        raise ValueError(f"samples={samples} must be a power of two, such as {lower} or {2 * lower}")
    rows = salib.sample(_problem(bounds), samples, calc_second_order=False, seed=seed)
    return _sampled(bounds, rows, second_order=False)


def morris(bounds: Bounds, samples: int, seed: int) -> Table:
    """``samples`` trajectories of one step a factor: ``samples * (factors + 1)`` rows (Morris 1991).

    Facts: ``names``, ``bounds`` and ``num_levels``, as SALib's analysis wants them.
    """
    from SALib.sample import morris as salib

    rows = salib.sample(_problem(bounds), samples, num_levels=MORRIS_LEVELS, seed=seed)
    return _sampled(bounds, rows, num_levels=MORRIS_LEVELS)


def _problem(bounds: Bounds) -> dict[str, Any]:
    return {"num_vars": len(bounds), "names": list(bounds), "bounds": [list(span) for span in bounds.values()]}


def _sampled(bounds: Bounds, rows: np.ndarray, **facts: Any) -> Table:
    about = {"names": list(bounds), "bounds": [list(span) for span in bounds.values()]}
    return Table(tuple(dict(zip(bounds, row, strict=True)) for row in rows.tolist()), about | facts)
