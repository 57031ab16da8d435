"""History matching: which parameter sets do the targets not rule out? (Craig et al. 1997; Vernon et al. 2010)

A wave runs some parameter sets, fits an emulator to each target, and rules out every set that is implausible for any
of them:

    |observed - emulated| / sqrt(emulator's variance + variance of a mean over seeds + variance of the band) > cutoff

The next wave is drawn from what is left. The band counts as a 95% interval of what the target might be, so its standard
deviation is its half-width / 1.96, and a cutoff of 3 rules out what is surely beyond one and a half half-widths. The
last wave is drawn from it in proportion to the chance, by the emulators, of being inside every band. At the end those
sets are kept that were run and whose mean over seeds is inside every band: that no longer depends on an emulator.
Nothing here knows what a simulator is; held-back targets never come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, qmc

from govsim.calibration.emulator import Emulator
from govsim.calibration.targets import Band
from govsim.study import designs

__all__ = ["Matched", "Simulate", "Wave", "match"]

Simulate = Callable[[int, pd.DataFrame], pd.DataFrame]
"""From the number of a wave and its sets (a row a set, a column a parameter) to a row a run: in the index the row of
its set, a column a target. A run that failed or left a target undefined may be missing or NaN."""

Say = Callable[[str], None]
Bounds = Mapping[str, tuple[float, float]]
Function = Callable[[np.ndarray], np.ndarray]
"""Of sets, scaled to 0..1: (sets,) <- (sets, parameters)."""

_CANDIDATES = 20_000  # sets at which the emulators are asked
_PARENTS, _CHILDREN = 500, 4_500  # the least implausible, and those drawn around them, where few are left
_ROUNDS = 20
_CHOICE = 10  # sets that are not ruled out, for each that is drawn by its chance
_LEAST = 1e-9  # chance of a set that is not ruled out
_TINY = 1e-300  # variance of what never varies
_DIGITS = 5
_NORMAL = 1.96  # half-widths of a 95% interval in standard deviations


@dataclass(frozen=True)
class Wave:
    """What a wave showed.

    Attributes:
        sets: how many it ran.
        kept: of these, those inside every band.
        left: share of the whole space that is not ruled out after it.
        foretold: of its means, the share within two standard deviations of what the emulators of the wave before said;
            NaN in the first. Near 0.95 where emulators know what they do not know.
    """

    sets: int
    kept: int
    left: float
    foretold: float


@dataclass(frozen=True)
class Matched:
    """What is left.

    Attributes:
        sets: every set that was run: a row a set, a column a parameter.
        means: their means over seeds: a row a set, a column a target; NaN where undefined.
        kept: which of them are inside every band: (sets,) bool.
        waves: what each wave showed.
    """

    sets: pd.DataFrame
    means: pd.DataFrame
    kept: np.ndarray
    waves: tuple[Wave, ...]


def match(
    bounds: Bounds, goals: Mapping[str, Band], simulate: Simulate, waves: int, sets: int, cutoff: float, seed: int,
    say: Say,
) -> Matched:  # fmt: skip
    """Run waves, each drawn from what those before it did not rule out.

    Args:
        bounds: of each parameter.
        goals: the bands of the fitted targets.
        simulate: what runs the sets of a wave.
        waves: how many to run at most; fewer where everything is ruled out.
        sets: of each wave.
        cutoff: implausibility beyond which a set is ruled out.
        seed: of the draws.
        say: told in a sentence how it goes.
    """
    space, history = _Space(bounds), _History(goals)
    shown: list[Wave] = []
    fresh = pd.DataFrame(list(designs.latin_hypercube(bounds, sets, seed).rows))
    for number in range(1, waves + 1):
        fresh = space.rounded(fresh)
        foretold = history.add(space.scaled(fresh), fresh, simulate(number, fresh))
        kept = history.kept()[-len(fresh) :]
        found, left = (pd.DataFrame(), np.nan)
        if history.learn():
            chance = history.chance if number + 1 >= waves else None
            found, left = space.not_ruled_out(history.implausibility, sets, cutoff, seed + number, chance)
        shown.append(Wave(len(fresh), int(kept.sum()), left, foretold))
        say(_told(number, shown[-1]))
        if number < waves and found.empty:
            say(f"wave {number} rules out every set: no wave {number + 1}")
            break
        fresh = found
    return Matched(history.sets, history.means, history.kept(), tuple(shown))


def _told(number: int, wave: Wave) -> str:
    foretold = f"; {wave.foretold:.0%} of its means were foretold" if np.isfinite(wave.foretold) else ""
    return (
        f"wave {number}: {wave.kept} of {wave.sets} sets inside every band; {wave.left:.3%} of the space left{foretold}"
    )


class _Space:
    """The parameters, scaled to 0..1."""

    def __init__(self, bounds: Bounds) -> None:
        self.names = list(bounds)
        self.low, self.high = np.array(list(bounds.values()), dtype=np.float64).T

    def scaled(self, sets: pd.DataFrame) -> np.ndarray:
        return (sets[self.names].to_numpy(np.float64) - self.low) / (self.high - self.low)

    def sets(self, x: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(self.low + x * (self.high - self.low), columns=pd.Index(self.names))

    def rounded(self, sets: pd.DataFrame) -> pd.DataFrame:
        """Sets as an ensemble writes them, so that a member is exactly what was run."""
        short = sets.map(lambda value: float(f"{value:.{_DIGITS}g}"))
        return short.clip(self.low, self.high, axis=1).reset_index(drop=True)

    def not_ruled_out(
        self, implausibility: Function, wanted: int, cutoff: float, seed: int, chance: Function | None = None
    ) -> tuple[pd.DataFrame, float]:
        """So many sets that are not ruled out, or fewer; and the share of the space that is not.

        They are drawn in proportion to a chance, where that is given, else evenly. Where too little of the space is
        left for plain draws to hit it, the least implausible draws are varied until enough have crossed the cutoff (as
        in subset simulation, Au & Beck 2001).
        """
        rng = np.random.default_rng(seed)
        cloud = qmc.LatinHypercube(len(self.names), rng=rng).random(_CANDIDATES)
        far = implausibility(cloud)
        left = float((far <= cutoff).mean())
        for _ in range(_ROUNDS):
            if (far <= cutoff).sum() >= (wanted if chance is None else _CHOICE * wanted):
                break
            parents = cloud[np.argsort(far, kind="stable")[:_PARENTS]]
            steps = rng.normal(scale=0.5, size=(_CHILDREN, len(self.names))) * parents.std(axis=0)
            children = _reflected(parents[rng.integers(len(parents), size=_CHILDREN)] + steps)
            cloud = np.concatenate([parents, children])
            far = implausibility(cloud)
        inside = cloud[far <= cutoff]
        weight = np.full(len(inside), _LEAST) if chance is None or not len(inside) else chance(inside) + _LEAST
        some = min(wanted, len(inside))
        chosen = rng.choice(len(inside), some, replace=False, p=weight / weight.sum()) if some else []
        return self.sets(inside[chosen]), left


def _reflected(x: np.ndarray) -> np.ndarray:
    """Points mirrored at the walls of the cube until they are inside it."""
    x = np.abs(x) % 2.0
    return np.where(x > 1.0, 2.0 - x, x)


class _History:
    """What was run so far, and the emulators that were fitted to it."""

    def __init__(self, goals: Mapping[str, Band]) -> None:
        self.goals = goals
        self.sets, self.means = pd.DataFrame(), pd.DataFrame()
        self._x: np.ndarray | None = None
        self._runs: list[pd.DataFrame] = []
        self._emulators: dict[str, Emulator] = {}
        self._noise: dict[str, float] = {}

    def add(self, x: np.ndarray, sets: pd.DataFrame, runs: pd.DataFrame) -> float:
        """Take in a wave; return the share of its means that the emulators of the one before foretold."""
        runs = runs[list(self.goals)]
        means = runs.groupby(level=0).mean().reindex(range(len(sets)))
        misses = [
            np.abs(means[name].to_numpy() - mean) / np.sqrt(variance + _TINY)
            for name, (_, mean, variance) in zip(self._emulators, self._emulated(x), strict=True)
        ]
        known = np.concatenate(misses) if misses else np.array([])
        known = known[np.isfinite(known)]
        self._x = x if self._x is None else np.concatenate([self._x, x])
        self._runs.append(runs)
        self.sets = pd.concat([self.sets, sets], ignore_index=True)
        self.means = pd.concat([self.means, means], ignore_index=True)
        return float((known <= 2.0).mean()) if len(known) else np.nan

    def kept(self) -> np.ndarray:
        """Which sets are inside every band: (sets,)."""
        inside = [self.means[name].between(band.low, band.high) for name, band in self.goals.items()]
        return np.logical_and.reduce(inside)

    def learn(self) -> bool:
        """Fit an emulator to each target on all waves so far; whether there was enough to learn from."""
        if self._x is None or any(self.means[name].notna().sum() < 2 for name in self.goals):
            return False
        for name in self.goals:
            known = self.means[name].notna().to_numpy()
            self._noise[name] = self._variance(name)
            self._emulators[name] = Emulator(self._x[known], self.means[name].to_numpy()[known], self._noise[name])
        return True

    def _variance(self, name: str) -> float:
        """Variance of a mean over seeds, pooled over sets: few seeds of one set say little of it."""
        by_set = [runs[name].groupby(level=0) for runs in self._runs]
        within = np.concatenate([groups.var(ddof=1).to_numpy() for groups in by_set])
        sizes = np.concatenate([groups.count().to_numpy() for groups in by_set])
        usable = np.isfinite(within) & (sizes > 1)
        return float((within[usable] / sizes[usable]).mean()) if usable.any() else 0.0

    def implausibility(self, x: np.ndarray) -> np.ndarray:
        """The largest over targets: (sets,)."""
        worst = np.zeros(len(x))
        for band, mean, variance in self._emulated(x):
            spread = np.sqrt(variance + (band.half_width / _NORMAL) ** 2)
            worst = np.maximum(worst, np.abs(band.observed - mean) / spread)
        return worst

    def chance(self, x: np.ndarray) -> np.ndarray:
        """That a mean over seeds is inside every band, as if targets were independent: (sets,)."""
        chance = np.ones(len(x))
        for band, mean, variance in self._emulated(x):
            sd = np.sqrt(variance + _TINY)
            chance *= norm.cdf((band.high - mean) / sd) - norm.cdf((band.low - mean) / sd)
        return chance

    def _emulated(self, x: np.ndarray) -> Iterator[tuple[Band, np.ndarray, np.ndarray]]:
        """For each target what a mean over seeds would be, and its variance."""
        for name, emulator in self._emulators.items():
            mean, variance = emulator(x)
            yield self.goals[name], mean, variance + self._noise[name]
