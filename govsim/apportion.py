"""How whole numbers are divided: in order, in proportion, or so that all end up even."""

from __future__ import annotations

import numpy as np

__all__ = ["apportion", "deal", "fill_up"]


def deal(many: int, few: int) -> np.ndarray:
    """Deal many rows to few in order and as evenly as possible: (many,) rows of the few."""
    return np.arange(many) * few // many


def apportion(weights: np.ndarray, total: int, least: int = 0) -> np.ndarray:
    """Whole numbers proportional to weights by largest remainder, none below ``least``: (n,) int64 <- (n,).

    They sum to ``total``, which must be at least ``least`` times the number of weights.
    """
    quota = np.full(len(weights), float(least))
    free = np.ones(len(weights), bool)
    while free.any():
        scale = (total - least * np.count_nonzero(~free)) / weights[free].sum()
        short = free & (scale * weights < least)
        if not short.any():
            quota[free] = scale * weights[free]
            break
        free &= ~short
    whole = np.floor(quota).astype(np.int64)
    largest = np.argsort(whole - quota, kind="stable")
    whole[largest[: total - int(whole.sum())]] += 1
    return whole


def fill_up(levels: np.ndarray, amount: int) -> np.ndarray:
    """Pour a whole amount onto levels so that they end as even as possible: what each gets, (n,) <- (n,)."""
    order = np.argsort(levels, kind="stable")
    ascending = levels[order]
    poured = np.arange(1, len(levels) + 1)
    volume = amount + np.cumsum(ascending)  # if the lowest 1, 2, … are brought to one level
    reached = np.flatnonzero(volume >= ascending * poured)[-1]
    level, rest = divmod(int(volume[reached]), int(poured[reached]))
    added = np.maximum(level - levels, 0)
    added[order[:rest]] += 1
    return added
