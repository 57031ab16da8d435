"""Resampling of replicates, with all policies and theories together, so that pairs stay pairs.

What is chance is drawn again (see :mod:`govsim.compare.pairs`): seeds where scenarios are listed, draws where they
were sampled, both where they are crossed. With few replicates (below ten or so) resamples vary too little: shares look
surer, and percentiles narrower, than they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

__all__ = ["Resamples", "cube"]


@dataclass(frozen=True)
class Resamples:
    """How often each seed and scenario is in each resample.

    Attributes:
        seeds, scenarios: their labels, in the order of the weights.
        of_seeds, of_scenarios: (resamples, seeds) and (resamples, scenarios), whole numbers.
        replicates: independent ones; with fewer than 2 resampling shows nothing.
    """

    seeds: np.ndarray
    scenarios: np.ndarray
    of_seeds: np.ndarray
    of_scenarios: np.ndarray
    replicates: int

    @classmethod
    def of(cls, frame: pd.DataFrame, resamples: int, rng: int = 0) -> Resamples:
        """Resamples of the replicates in a frame of runs. The same ``rng`` gives the same."""
        chance = np.random.default_rng(rng)
        seeds, scenarios = np.sort(frame["seed"].unique()), np.sort(frame["scenario"].unique())
        of_seeds, of_scenarios = np.ones((resamples, len(seeds))), np.ones((resamples, len(scenarios)))
        draws = frame.groupby("scenario")["draw"].first().to_numpy() if "draw" in frame else scenarios[:0]
        sampled = len(np.unique(draws)) > 1
        met = frame.drop_duplicates(["seed", "scenario"])
        if not sampled or (len(seeds) > 1 and met["seed"].duplicated().any()):  # not a seed for each draw alone
            of_seeds = _counts(chance, resamples, len(seeds))
        if sampled:
            codes = np.unique(draws, return_inverse=True)[1]
            of_scenarios = _counts(chance, resamples, int(codes.max()) + 1)[:, codes]
        return cls(seeds, scenarios, of_seeds, of_scenarios, len(np.unique(draws)) if sampled else len(seeds))

    def itself(self) -> Resamples:
        """The one resample that is the data."""
        return replace(self, of_seeds=np.ones((1, len(self.seeds))), of_scenarios=np.ones((1, len(self.scenarios))))

    def worlds(self, values: np.ndarray) -> np.ndarray:
        """Means over resampled seeds: (policies, resamples) <- (policies, seeds) of one world; NaN is left out."""
        there = np.isfinite(values)
        with np.errstate(invalid="ignore"):
            return np.where(there, values, 0.0) @ self.of_seeds.T / (there @ self.of_seeds.T)

    def means(self, values: np.ndarray) -> np.ndarray:
        """Means over resampled worlds and seeds: (policies, resamples) <- (policies, scenarios, seeds)."""
        total = np.zeros((len(values), len(self.of_seeds)))
        weight = np.zeros_like(total)
        for world, in_resample in zip(np.moveaxis(values, 1, 0), self.of_scenarios.T, strict=True):
            means = self.worlds(world)
            there = np.isfinite(means)
            total += np.where(there, means, 0.0) * in_resample
            weight += there * in_resample
        with np.errstate(invalid="ignore"):
            return total / weight


def cube(frame: pd.DataFrame, column: str, policies: Sequence[str], resamples: Resamples) -> np.ndarray:
    """A column as (policies, scenarios, seeds), NaN where there is no run."""
    axes = [pd.Index(policies), pd.Index(resamples.scenarios), pd.Index(resamples.seeds)]
    values = np.full([len(axis) for axis in axes], np.nan)
    names = ("policy", "scenario", "seed")
    frame = frame[frame["policy"].isin(policies)]
    values[tuple(axis.get_indexer(frame[name]) for axis, name in zip(axes, names, strict=True))] = frame[column]
    return values


def _counts(chance: np.random.Generator, resamples: int, size: int) -> np.ndarray:
    return chance.multinomial(size, np.full(size, 1.0 / size), resamples).astype(np.float64)
