"""Intervals for paired comparisons: what replicates tell about a difference or a slope."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

__all__ = ["LEVEL", "Interval", "crossed_interval", "mean_interval", "settled"]

LEVEL = 0.95
"""Confidence of every interval that is not asked for otherwise."""


class Interval(NamedTuple):
    """A mean with its t interval, and what it rests on.

    Attributes:
        mean, low, high: estimate and bounds; bounds are NaN below two replicates.
        n: values that the mean is taken of.
        replicates: how many of them are independent of each other (see :func:`crossed_interval`).
        p: of the two-sided t test against 0; 1 where every value is exactly 0, NaN below two replicates.
    """

    mean: float
    low: float
    high: float
    n: int
    replicates: int = 0
    p: float = float("nan")

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0.0 or self.high < 0.0

    def __format__(self, spec: str) -> str:
        spec = spec or ".3g"
        return f"{self.mean:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


def mean_interval(values: np.ndarray, level: float = LEVEL) -> Interval:
    """Student's t interval for the mean of independent replicates: (seeds,).

    Where every replicate gives the same value the interval is that value. Undefined values are left out.
    """
    values = np.asarray(values, dtype=np.float64)
    values = values[np.isfinite(values)]
    n = len(values)
    if n < 2:
        mean = float(values[0]) if n else float("nan")
        return Interval(mean, float("nan"), float("nan"), n, n)
    if np.ptp(values) == 0.0:
        return _student(float(values[0]), 0.0, n - 1, n, n, level)
    return _student(float(values.mean()), float(values.var(ddof=1)) / n, n - 1, n, n, level)


def crossed_interval(
    values: np.ndarray, seeds: np.ndarray, scenarios: np.ndarray, draws: np.ndarray | None = None, level: float = LEVEL
) -> Interval:
    """t interval for a mean over scenarios x seeds, by what was drawn at random: four arrays of one length.

    *Scenarios that somebody listed* (``draws`` is None) are the whole of what is averaged over, and only seeds are
    chance: values are averaged over scenarios within a seed, and seeds are the replicates. So that a missing value does
    not let a seed's scenarios decide, each scenario's mean is taken out before and put back after.

    *Scenarios that were sampled* stand for all that could have been. ``draws`` says which of them are one independent
    draw (a row of a Latin hypercube; all rows of one block of a Sobol or Morris sample). With one seed, or with seeds
    of its own for each draw, the draws' means are the replicates. With the same seeds in every draw both are chance,
    and the variance of the mean is that of the two-way random-effects model,

        V = V_E + max(V_draws - V_E, 0) + max(V_seeds - V_E, 0),

    of the variances of the mean by draws' means, by seeds' means and by what neither explains, with Satterthwaite's
    degrees of freedom (Searle, Casella and McCulloch 1992, *Variance Components*, ch. 4). Draws of a Latin
    hypercube are spread more evenly than chance would, so the interval is, if anything, too wide.
    """
    values = np.asarray(values, dtype=np.float64)
    kept = np.isfinite(values)
    values, n = values[kept], int(kept.sum())
    seed, scenario = _codes(seeds, kept), _codes(scenarios, kept)
    draw = None if draws is None else _codes(draws, kept)
    if n == 0 or np.ptp(values) == 0.0:  # not to test what rounding would leave
        constant = values[: len(np.unique(seed if draw is None else draw))]
        return mean_interval(constant, level)._replace(n=n)
    if draw is None or draw.max() == 0:
        of_scenario = _group_means(values, scenario)
        of_seed = _group_means(values - of_scenario[scenario], seed) + of_scenario.mean()
        return mean_interval(settled(of_seed, np.abs(values).max()), level)._replace(n=n)
    seeds_of_all = int(seed.max()) + 1
    cell = draw * seeds_of_all + seed
    if 1 < seeds_of_all < len(np.unique(cell)):  # some seed is met in several draws
        met, cell = np.unique(cell, return_inverse=True)
        return _two_way(_group_means(values, cell), met // seeds_of_all, met % seeds_of_all, level)._replace(n=n)
    return mean_interval(_group_means(values, draw), level)._replace(n=n)


def settled(values: np.ndarray, scale: float) -> np.ndarray:
    """Sums that are 0 or all equal but for rounding, made so: a test must not be made of what rounding left.

    ``scale`` is the size of what was added up; rounding is below 1e-12 of it.
    """
    rounding = 1e-12 * scale
    values = np.where(np.abs(values) <= rounding, 0.0, values)
    return np.full_like(values, values[0]) if len(values) and np.ptp(values) <= rounding else values


def _student(mean: float, variance: float, freedom: float, n: int, replicates: int, level: float) -> Interval:
    """The interval and test of a mean whose own variance is this."""
    if variance == 0.0:
        return Interval(mean, mean, mean, n, replicates, 1.0 if mean == 0.0 else 0.0)
    error = np.sqrt(variance)
    half = float(stdtrit(freedom, 0.5 + level / 2.0) * error)
    return Interval(mean, mean - half, mean + half, n, replicates, float(2.0 * stdtr(freedom, -abs(mean) / error)))


def _codes(labels: np.ndarray, kept: np.ndarray) -> np.ndarray:
    return np.unique(np.asarray(labels)[kept], return_inverse=True)[1]


def _group_means(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.bincount(codes, values) / np.bincount(codes)


def _two_way(cells: np.ndarray, draw: np.ndarray, seed: np.ndarray, level: float) -> Interval:
    """Draws and seeds both random and crossed: a mean for each draw and seed that there is."""
    by_draw, by_seed = _group_means(cells, draw), _group_means(cells, seed)
    mean = float(by_draw.mean())
    left = max(len(cells) - len(by_draw) - len(by_seed) + 1, 1)
    within = float(((cells - by_draw[draw] - by_seed[seed] + mean) ** 2).sum()) / (left * len(cells))
    between = [(float(means.var(ddof=1)) / len(means), len(means) - 1) for means in (by_draw, by_seed)]
    parts = [(variance, freedom) for variance, freedom in between if variance > within]
    parts.append(((1 - len(parts)) * within, left))
    total = sum(variance for variance, _ in parts)
    freedom = total**2 / sum(variance**2 / freedom for variance, freedom in parts) if total else 1.0
    return _student(mean, total, freedom, len(cells), len(by_draw), level)
