"""Verdicts: which targets a set of runs meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from govsim.calibration.targets import Band, Target

__all__ = ["Verdict", "failed", "frame", "verdicts", "within", "write"]


@dataclass(frozen=True)
class Verdict:
    """A target beside what was simulated.

    Attributes:
        target: the target.
        mean: over all runs that define it; NaN where none does.
        low, high: between them lie 95% of the runs, over seeds and members of the ensemble.
        runs: how many define it.
    """

    target: Target
    mean: float
    low: float
    high: float
    runs: int

    @property
    def inside(self) -> bool:
        """Whether the mean is in the target's band."""
        return within(self.mean, self.target.limits)


def within(value: float, band: Band) -> bool:
    """Whether a value is in a band; an undefined one is not."""
    return band.low <= value <= band.high


def verdicts(targets: Sequence[Target], runs: pd.DataFrame) -> list[Verdict]:
    """A verdict for each target on runs: a row a run, a column a target."""
    found = []
    for target in targets:
        values = runs[target.name].dropna().to_numpy(np.float64)
        low, high = np.quantile(values, (0.025, 0.975)).tolist() if len(values) else (np.nan, np.nan)
        mean = float(values.mean()) if len(values) else np.nan
        found.append(Verdict(target, mean, low, high, len(values)))
    return found


def failed(found: Sequence[Verdict]) -> list[str]:
    """Names of the fitted targets that are out of their bands, whether or not a reason is known."""
    return [verdict.target.name for verdict in found if verdict.target.fitted and not verdict.inside]


def frame(found: Sequence[Verdict]) -> pd.DataFrame:
    """Verdicts as a table: a row a target."""
    return pd.DataFrame(
        [
            {
                "target": v.target.name,
                "source": v.target.source,
                "kind": v.target.kind,
                "observed": v.target.observed,
                "simulated": v.mean,
                "simulated_low": v.low,
                "simulated_high": v.high,
                "runs": v.runs,
                "band_low": v.target.limits.low,
                "band_high": v.target.limits.high,
                "in_band": v.inside,
                "fitted": v.target.fitted,
                "missed": v.target.missed,
            }
            for v in found
        ]
    )


def write(found: Sequence[Verdict], folder: Path) -> Path:
    """Write the table to ``targets.csv`` of a folder and return its path."""
    path = folder / "targets.csv"
    frame(found).to_csv(path, index=False)
    return path
