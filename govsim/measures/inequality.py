"""Inequality of a burden between places, weighted by the people who bear it."""

from __future__ import annotations

import numpy as np

__all__ = ["gini", "theil", "theil_of_chance"]


def theil(burden: np.ndarray, people: np.ndarray) -> float | None:
    """Theil's T of burden per person between units; None where there is one unit or no burden."""
    if len(burden) < 2 or burden.sum() <= 0.0:
        return None
    share, expected = burden / burden.sum(), people / people.sum()
    some = share > 0.0
    return float((share[some] * np.log(share[some] / expected[some])).sum())


def theil_of_chance(weights: np.ndarray, units: int) -> float | None:
    """Theil's T to expect where places differ by luck alone.

    With cases that fall on people at random, each bringing its own weight w (for counts, w = 1), burdens are
    compound Poisson, and their T is on average (units - 1) x sum w^2 / (2 (sum w)^2), to second order.
    """
    total = weights.sum()
    return float((units - 1) * (weights**2).sum() / (2.0 * total**2)) if total > 0.0 else None


def gini(burden: np.ndarray, people: np.ndarray) -> float | None:
    """Gini coefficient of burden per person between units; None where there is one unit or no burden."""
    if len(burden) < 2 or burden.sum() <= 0.0:
        return None
    order = np.argsort(burden / people, kind="stable")
    lorenz = np.concatenate([[0.0], np.cumsum(burden[order]) / burden.sum()])
    width = people[order] / people.sum()
    return float(1.0 - (width * (lorenz[1:] + lorenz[:-1])).sum())
