"""Studies whose truth is known: frames as a study has them, with effects, interactions and luck that were put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from govsim.study.factors import Factor

UNMET = "unmet_case_days_per_1000"
"""Better low."""
CURED = "cured_share"
"""A share, better high."""
BASE = 200.0
"""Unmet need where nothing is done."""
BASELINE = "fragmented"

Truth = Callable[[Mapping[str, Any]], float]
"""What a point (its doses, theory, scenario, budget and uncertain values) adds to the outcome."""


def lever(name: str, *levels: Any, designs: Sequence[str] = ("factorial",), neutral: float | None = 0.0) -> Factor:
    return Factor(name, "lever", f"policy.{name}.dose", name, "yuan", neutral, levels, tuple(designs))


def uncertainty(name: str, *levels: Any, designs: Sequence[str] = ("latin_hypercube",)) -> Factor:
    return Factor(name, "uncertainty", name, name, "1", None, levels, tuple(designs))


def named(*factors: Factor) -> dict[str, Factor]:
    return {factor.name: factor for factor in factors}


def factorial(*levers: Factor) -> list[dict[str, Any]]:
    """Points for all combinations of levels."""
    return [dict(zip([f.name for f in levers], row, strict=True)) for row in product(*(f.levels for f in levers))]


def label(doses: Mapping[str, Any], neutral: Mapping[str, Any]) -> str:
    return "+".join(f"{name}={dose}" for name, dose in doses.items() if dose != neutral.get(name, 0.0)) or BASELINE


def runs(
    points: Sequence[Mapping[str, Any]],
    truth: Truth,
    levers: Mapping[str, Factor] | None = None,
    *,
    seeds: int = 20,
    theories: Sequence[str] = ("performance",),
    scenarios: Mapping[int, Mapping[str, Any]] | None = None,
    design: str = "factorial",
    common: float = 10.0,
    noise: float = 1.0,
    rng: int = 0,
    outcome: str = UNMET,
    base: float = BASE,
    shape: Callable[[np.ndarray], np.ndarray] = np.asarray,
    also: Mapping[str, Truth] | None = None,
) -> pd.DataFrame:
    """Runs of all points under all theories, scenarios and seeds, as ``study.runs`` has them.

    A point is its doses; ``policy``, ``budget`` and ``designs`` may be among them. The one that is called fragmented,
    or has no dose but neutral ones, is the baseline.

    Args:
        common: standard deviation of the luck that all worlds of a theory, scenario and seed share.
        noise: standard deviation of what is each run's own.
        shape: applied to the sum, as a link function.
        also: outcomes without luck.
    """
    chance = np.random.default_rng(rng)
    neutral = {f.name: f.neutral for f in (levers or {}).values()}
    rows: list[dict[str, Any]] = []
    number = 0
    for theory in theories:
        for scenario, values in (scenarios or {0: {}}).items():
            luck = common * chance.standard_normal(seeds)
            for point in points:
                doses = {k: v for k, v in point.items() if k not in ("policy", "budget", "designs")}
                policy = point.get("policy") or label(doses, neutral)
                about = {"point": number, "policy": policy, "theory": theory, "scenario": scenario}
                about |= {"budget": point.get("budget", np.nan), "is_baseline": policy == BASELINE}
                about |= {"designs": point.get("designs", design), **doses, **values}
                total = base + truth(about) + luck + noise * chance.standard_normal(seeds)
                extra = {name: value(about) for name, value in (also or {}).items()}
                rows += [
                    {"run_id": f"{number}-{seed}", **about, "seed": seed, outcome: float(value), **extra}
                    for seed, value in enumerate(shape(total), start=1)
                ]
                number += 1
    return pd.DataFrame(rows)


def only(table: pd.DataFrame, **where: Any) -> pd.Series:
    """The one row of a table in which columns have these values."""
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1, f"{len(table)} rows with {where}"
    return table.iloc[0]


def holds(row: pd.Series, value: float) -> bool:
    """Whether a row's interval holds a value."""
    return bool(row["low"] <= value <= row["high"])
