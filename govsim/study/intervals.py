"""Intervals for paired comparisons: what seeds tell about a difference or a slope."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

__all__ = ["Interval", "mean_interval", "paired_difference", "paired_slope"]


class Interval(NamedTuple):
    """A mean over seeds with its t interval, and how many seeds it rests on."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0.0 or self.high < 0.0

    def __format__(self, spec: str) -> str:
        spec = spec or ".3g"
        return f"{self.mean:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


def mean_interval(values: np.ndarray, level: float = 0.95) -> Interval:
    """Student's t interval for the mean of independent replicates: (seeds,).

    Where every replicate gives the same value the interval is that value. Undefined values are left out.
    """
    values = np.asarray(values, dtype=np.float64)
    values = values[np.isfinite(values)]
    n = len(values)
    if n < 2:
        mean = float(values.mean()) if n else float("nan")
        return Interval(mean, float("nan"), float("nan"), n)
    mean = float(values.mean())
    half = float(stats.t.ppf(0.5 + level / 2.0, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half, n)


def paired_difference(runs: pd.DataFrame, outcome: str, condition: str, baseline: str, level: float = 0.95) -> Interval:
    """Mean difference of an outcome between two conditions of the same seeds."""
    wide = runs.pivot(index="seed", columns="condition", values=outcome).astype(np.float64)
    return mean_interval((wide[condition] - wide[baseline]).to_numpy(), level)


def paired_slope(runs: pd.DataFrame, outcome: str, doses: dict[str, float], level: float = 0.95) -> Interval:
    """Mean over seeds of the least-squares slope of an outcome on the dose, one slope a seed."""
    wide = runs.pivot(index="seed", columns="condition", values=outcome)[list(doses)].astype(np.float64)
    dose = np.array(list(doses.values()))
    centred = dose - dose.mean()
    return mean_interval(wide.to_numpy() @ centred / (centred**2).sum(), level)
