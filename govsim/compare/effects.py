"""What does each policy do against the baseline: by how much, how surely, and compared with what varies anyway?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from govsim.compare.pairs import baseline_of, by_group, check_outcomes, columns, differences, holm, interval
from govsim.study.intervals import LEVEL, settled

__all__ = ["effects", "verdicts"]

NO_DIFFERENCE = "no difference shown"

EFFECTS = [
    "outcome", "theory", "budget", "policy", "baseline", "mean", "baseline_mean", "difference", "low", "high", "n",
    "replicates", "dz", "in_baseline_sd", "relative_percent", "p", "p_holm", "verdict", "identical",
]  # fmt: skip


def effects(
    runs: pd.DataFrame, outcomes: Sequence[str], baseline: str | None = None, level: float = LEVEL
) -> pd.DataFrame:
    """The paired difference of every policy, theory and budget in every outcome.

    Returns:
        ============================ ==========================================================================
        outcome, theory, budget,     what the row is about
        policy, baseline
        mean, baseline_mean          of the pairs' runs
        difference, low, high        mean paired difference (policy less baseline) with its own interval, not
                                     widened for their number
        n, replicates                pairs; how many of them are independent
        dz                           Cohen's dz: difference / standard deviation of the paired differences; NaN where
                                     every pair differs by the same, 0 where none differs
        in_baseline_sd               difference / standard deviation of the baseline between seeds (within scenario);
                                     NaN with one seed
        relative_percent             100 x difference / \\|baseline_mean\\|; NaN where that is 0
        p, p_holm                    two-sided paired t test; Holm's adjustment over the whole table
        verdict                      ``lower``, ``higher`` or ``no difference shown``, by p_holm < 1 - level
        identical                    whether every pair is equal to the last bit: the policy never touched the outcome
        ============================ ==========================================================================
    """
    rows = []
    label = baseline_of(runs, baseline)["policy"].iloc[0]
    for outcome in check_outcomes(runs, outcomes):
        for group, some in by_group(differences(runs, outcome, baseline)):
            value, against, gap = some[["value", "baseline_value", "difference"]].dropna().to_numpy().T
            difference = interval(some, "difference", level)
            row = {
                "outcome": outcome,
                **group,
                "baseline": label,
                "mean": _mean(value),
                "baseline_mean": _mean(against),
            }
            row |= columns("difference", difference)
            row |= {
                "dz": _over(difference.mean, _spread(gap)),
                "in_baseline_sd": _over(difference.mean, _between_seeds(some)),
                "relative_percent": _over(100.0 * difference.mean, abs(_mean(against))),
                "identical": len(gap) > 0 and not gap.any(),
            }
            rows.append(row)
    return verdicts(pd.DataFrame(rows, columns=pd.Index(EFFECTS)), level)


def verdicts(table: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """A table with its ``p_holm`` over all rows and its ``verdict`` filled in, from ``difference`` and ``p``."""
    adjusted = holm(table["p"])
    word = np.where(table["difference"] < 0.0, "lower", "higher")
    return table.assign(p_holm=adjusted, verdict=np.where(adjusted < 1.0 - level, word, NO_DIFFERENCE))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _spread(values: np.ndarray) -> float:
    """Standard deviation, exactly 0 where all are equal."""
    if len(values) < 2:
        return float("nan")
    return float(values.std(ddof=1)) if np.ptp(settled(values, np.abs(values).max())) else 0.0


def _over(value: float, spread: float) -> float:
    if value == 0.0 and spread == 0.0:
        return 0.0
    return value / spread if spread else float("nan")


def _between_seeds(pairs: pd.DataFrame) -> float:
    """Standard deviation of the baseline over seeds, pooled over scenarios."""
    kept = pairs["difference"].notna().to_numpy()
    values = pairs["baseline_value"].to_numpy()[kept]
    scenario = np.unique(pairs["scenario"].to_numpy()[kept], return_inverse=True)[1]
    freedom = len(values) - len(np.unique(scenario))
    if freedom < 1:
        return float("nan")
    apart = values - (np.bincount(scenario, values) / np.bincount(scenario))[scenario]
    return float(np.sqrt((settled(apart, np.abs(values).max()) ** 2).sum() / freedom))
