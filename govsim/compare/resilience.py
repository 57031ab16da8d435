"""How much harm does a shock do, and for how long?

A run with a shock is paired with the run of the same policy, theory, other uncertain values and seed without it: what
it has more, week by week, is the shock's doing under that policy. The *excess* is summed, its peak taken, and recovery
is when it is back under a tenth of its peak for four weeks in a row, counted from the first week in which the two
worlds differ. What a policy changes in that is the difference of these differences, paired by seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from govsim.compare.effects import verdicts
from govsim.compare.pairs import GROUP, baseline_of, by_group, columns, differences, interval, intervals
from govsim.config.check import ConfigError, nearest
from govsim.study.intervals import LEVEL

if TYPE_CHECKING:
    from govsim.study.plan import Factor

__all__ = ["MEASURES", "contrasts", "excess", "recovery"]

CALM = "none"
"""The option without a shock."""
BACK, IN_A_ROW = 0.1, 4
"""Recovered: under this share of the peak, for so many weeks."""

NEVER = "never_recovers"
MEASURES = ("total_excess", "peak", "weeks_to_recover", NEVER)
"""Sum and largest of the weekly excess per 1,000 residents; weeks of pairs that recover; share of those that do not."""

EXCESS = ["shock", *GROUP, "week", "excess", "low", "high", "n", "replicates"]
RECOVERY = ["shock", *GROUP, "measure", "mean", "low", "high", "n", "replicates"]
CONTRASTS = [
    "shock", *GROUP, "baseline", "measure", "mean", "baseline_mean", "difference", "low", "high", "n", "replicates",
    "p", "p_holm", "verdict",
]  # fmt: skip


def excess(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    factors: Mapping[str, Factor],
    residents: int,
    column: str = "unmet",
    shock: str = "shock",
) -> pd.DataFrame:
    """What a shock adds, week by week, under each policy.

    Args:
        series: a row a run and week.
        runs: a row a run, with a column for the shock.
        factors: of the study.
        residents: of the place.
        column: the weekly flow that is followed.
        shock: the factor whose options are ``none`` and the shocks.

    Returns:
        shock, theory, budget, policy, week, excess (per 1,000 residents), low, high, n, replicates.

    Raises:
        ConfigError: the study has no such factor, or no run without a shock.
    """
    pairs, weekly = _pairs(series, runs, factors, residents, column, shock)
    rows = []
    for group, some in by_group(pairs, ["shock", *GROUP]):
        means = intervals(some, weekly.loc[some.index].to_numpy())
        rows += [group | {"week": w} | columns("excess", m, test=False) for w, m in zip(weekly, means, strict=True)]
    return pd.DataFrame(rows, columns=pd.Index(EXCESS))


def recovery(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    factors: Mapping[str, Factor],
    residents: int,
    column: str = "unmet",
    shock: str = "shock",
) -> pd.DataFrame:
    """How much a shock adds in all and at its peak, and how long it lasts, under each policy.

    Arguments and errors are those of :func:`excess`.

    Returns:
        A row a measure (:data:`MEASURES`): shock, theory, budget, policy, measure, mean, low, high, n, replicates. The
        interval of the share that does not recover is Wilson's, with replicates as trials.
    """
    pairs = _measured(*_pairs(series, runs, factors, residents, column, shock))
    rows = []
    for group, some in by_group(pairs, ["shock", *GROUP]):
        for measure in MEASURES:
            mean = interval(some, measure)
            if measure == NEVER and mean.replicates:
                trials = mean.replicates
                wilson = proportion_confint(mean.mean * trials, trials, 1.0 - LEVEL, method="wilson")
                low, high = np.asarray(wilson, dtype=np.float64).tolist()
                mean = mean._replace(low=low, high=high)
            rows.append(group | {"measure": measure} | columns("mean", mean, test=False))
    return pd.DataFrame(rows, columns=pd.Index(RECOVERY))


def contrasts(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    factors: Mapping[str, Factor],
    residents: int,
    baseline: str | None = None,
    column: str = "unmet",
    shock: str = "shock",
) -> pd.DataFrame:
    """Whether a policy makes a place more resilient than the baseline does.

    Arguments and errors are those of :func:`excess`; ``baseline`` is the label of a policy, None for the study's own.

    Returns:
        A row a measure: shock, theory, budget, policy, baseline, measure, mean, baseline_mean, difference, low, high,
        n, replicates, p, p_holm (family: the whole table), verdict. ``weeks_to_recover`` is compared in the pairs that
        recover under both.
    """
    label = baseline_of(runs, baseline)["policy"].iloc[0]
    pairs = _measured(*_pairs(series, runs, factors, residents, column, shock))
    rows = []
    for name, of_shock in pairs.groupby("shock", sort=False):
        for measure in MEASURES:
            for group, some in by_group(differences(of_shock, measure, label)):
                some = some.dropna(subset="difference")
                means = {"mean": some["value"].mean(), "baseline_mean": some["baseline_value"].mean()}
                about = {"shock": name, **group, "baseline": label, "measure": measure}
                rows.append(about | means | columns("difference", interval(some, "difference")))
    return verdicts(pd.DataFrame(rows, columns=pd.Index(CONTRASTS)))


def _pairs(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    factors: Mapping[str, Factor],
    residents: int,
    column: str,
    shock: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs with a shock that have one without, and what they have more: (pairs, weeks), per 1,000 residents."""
    if shock not in runs:
        options = [f.name for f in factors.values() if f.role == "uncertainty"]
        raise ConfigError(f"{shock}: not varied in this study{nearest(shock, options)}")
    calm = runs[runs[shock] == CALM]
    if calm.empty:
        raise ConfigError(f"{shock}: the study has no run with {shock}={CALM}, against which a shock is measured")
    others = [f.name for f in factors.values() if f.role == "uncertainty" and f.name != shock]
    keys = [*GROUP, "seed", *others]
    about = runs[runs[shock] != CALM].rename(columns={shock: "shock"})
    pairs = about.merge(calm[[*keys, "point"]], on=keys, suffixes=("", "_calm"))
    weekly = series.pivot(index=["point", "seed"], columns="week", values=column) / (residents / 1_000.0)
    hit, spared = (pd.MultiIndex.from_frame(pairs[[point, "seed"]]) for point in ("point", "point_calm"))
    added = weekly.reindex(hit).to_numpy(np.float64) - weekly.reindex(spared).to_numpy(np.float64)
    return pairs, pd.DataFrame(added, index=pairs.index, columns=weekly.columns)


def _measured(pairs: pd.DataFrame, weekly: pd.DataFrame) -> pd.DataFrame:
    """The pairs with a column for each measure."""
    values = weekly.to_numpy()
    weeks = np.array([_weeks_to_recover(run) for run in values])
    return pairs.assign(
        total_excess=values.sum(axis=1),
        peak=values.max(axis=1),
        weeks_to_recover=weeks,
        never_recovers=np.where(np.isfinite(values).all(axis=1), np.isnan(weeks), np.nan),
    )


def _weeks_to_recover(excess: Sequence[float] | np.ndarray) -> float:
    """Weeks from the first difference to recovery; 0 without harm, NaN if the run ends before: (weeks,)."""
    excess = np.asarray(excess)
    if not np.isfinite(excess).all():
        return float("nan")
    peak = int(excess.argmax())
    if excess[peak] <= 0.0:
        return 0.0
    below = np.convolve(excess[peak:] < BACK * excess[peak], np.ones(IN_A_ROW), mode="valid") == IN_A_ROW
    if not below.any():
        return float("nan")
    return float(peak + below.argmax() - np.flatnonzero(excess)[0])
