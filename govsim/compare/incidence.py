"""When are problems cured, closed on paper, gone by themselves?

Each run gives three curves over the working days since a problem arose: shares of the problems raised in the window
that had that end by then. The ends compete, so the curves add up to 1 at most. A mean curve is the mean over runs day
by day, and its band is pointwise: 95% for each day, not for the curve as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from govsim.compare.effects import verdicts
from govsim.compare.pairs import baseline_of, by_group, columns, differences, interval, intervals

__all__ = ["CURVES", "DAYS", "bands", "contrasts"]

CURVES = ("cured", "on_paper", "lapsed")
"""Truly cured; closed in the books and still there; gone before anybody solved it."""
DAYS = (10, 20, 60)
"""Working days at which policies are compared: two weeks, four, twelve."""

BANDS = ["theory", "budget", "policy", "curve", "day", "mean", "low", "high", "n", "replicates"]
CONTRASTS = [
    "theory", "budget", "policy", "baseline", "curve", "day", "mean", "baseline_mean", "difference", "low", "high", "n",
    "replicates", "p", "p_holm", "verdict",
]  # fmt: skip


def bands(incidence: pd.DataFrame, curves: Sequence[str] = CURVES) -> pd.DataFrame:
    """Mean cumulative incidence by policy, the baseline among them, with its pointwise band.

    Args:
        incidence: a row a run and day.
        curves: its columns to follow.

    Returns:
        theory, budget, policy, curve, day, mean, low, high, n (runs), replicates.
    """
    index = [c for c in ("scenario", "draw", "seed") if c in incidence]
    rows = []
    for group, own in by_group(incidence):
        for curve in curves:
            by_day = own.pivot(index=index, columns="day", values=curve)
            means = intervals(by_day.index.to_frame(index=False), by_day.to_numpy())
            about = group | {"curve": curve}
            rows += [about | {"day": d} | columns("mean", m, test=False) for d, m in zip(by_day, means, strict=True)]
    return pd.DataFrame(rows, columns=pd.Index(BANDS))


def contrasts(
    incidence: pd.DataFrame, baseline: str, days: Sequence[int] = DAYS, curves: Sequence[str] = CURVES
) -> pd.DataFrame:
    """How much more or less is cured, closed on paper or gone by some days than under the baseline, paired.

    Args:
        incidence: a row a run and day.
        baseline: label of a policy (that of the study is ``study.baseline``).
        days: days that the curves hold; others are left out.
        curves: columns to compare.

    Returns:
        theory, budget, policy, baseline, curve, day, mean, baseline_mean, difference, low, high, n, replicates, p,
        p_holm (family: the whole table), verdict (as in :func:`govsim.compare.effects.effects`).

    Raises:
        ConfigError: the baseline is not in the study.
    """
    baseline_of(incidence, baseline)
    rows = []
    for curve in curves:
        for day in days:
            there = incidence[incidence["day"] == day]
            for group, some in by_group(differences(there, curve, baseline)) if len(there) else ():
                some = some.dropna(subset="difference")
                means = {"mean": some["value"].mean(), "baseline_mean": some["baseline_value"].mean()}
                row = group | {"baseline": baseline, "curve": curve, "day": day} | means
                rows.append(row | columns("difference", interval(some, "difference")))
    return verdicts(pd.DataFrame(rows, columns=pd.Index(CONTRASTS)))
