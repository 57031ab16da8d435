"""What does it cost, and what is the best buy: at own cost, and at equal budgets?

Cost is public money beyond the baseline's, as it was spent; what was planned and people's own time stand beside it.
Shares of resamples say how sure a place is: in each, replicates are drawn again for all policies together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from govsim.compare.pairs import (
    GROUP,
    beside,
    by_group,
    check_outcomes,
    columns,
    differences,
    direction,
    holm,
    interval,
    lead,
)
from govsim.compare.resampling import Resamples, cube
from govsim.study.intervals import LEVEL, settled

__all__ = ["best_buys", "frontier", "ranking", "spending"]

ACTUAL, PLANNED, HOURS = "extra_cost_per_resident", "planned_cost_per_resident", "social_hours_per_resident"
FRONTIER = [
    "outcome", "theory", "policy", "effect", "low", "high", "n", "replicates", "extra_cost", "cost_low", "cost_high",
    "planned_cost", "social_hours", "status", "against", "icer", "icer_low", "icer_high", "share_on_frontier",
]  # fmt: skip
RANKING = [
    "outcome", "theory", "budget", "rank", "policy", "effect", "low", "high", "n", "replicates", "next", "lead",
    "lead_low", "lead_high", "p", "p_holm", "probability_best", "planned_cost", "actual_cost", "social_hours",
]  # fmt: skip
BEST_BUYS = ["outcome", "theory", "budget", "policy", "share_best", "effect", "extra_cost", "affordable"]
SPENDING = [*GROUP, "planned", "actual", "over", "low", "high", "n", "replicates", "social_hours"]
ON, DOMINATED, EXTENDED = "on the frontier", "dominated", "extended-dominated"


def frontier(
    runs: pd.DataFrame, outcome: str, baseline: str | None = None, resamples: int = 2_000, rng: int = 0
) -> pd.DataFrame:
    """Which policies are worth their money, each at its own cost, the baseline among them at (0, 0).

    A policy is *dominated* if another does at least as well for no more money (and one of them strictly),
    *extended-dominated* if a mixture of two others does; the rest are the frontier (Drummond et al. 2015, *Methods for
    the Economic Evaluation of Health Care Programmes*).

    Returns:
        By theory, from the cheapest: outcome, theory, policy, effect, low, high (paired difference in the outcome), n,
        replicates, extra_cost, cost_low, cost_high, planned_cost, social_hours (paired differences too, yuan and hours
        per resident and year), status, against (the policy before it on the frontier; empty where there is none),
        icer, icer_low, icer_high (yuan per unit of the outcome gained over that one, with a percentile interval; its
        bounds are NaN unless 95% of resamples show a gain), share_on_frontier (of resamples; NaN with one replicate).

    Raises:
        ConfigError: the outcome is neither better high nor low by itself.
    """
    rows: list[dict[str, object]] = []
    for theory, some, again in _own_cost(runs, outcome, baseline, resamples, rng):
        policies = [str(policy) for policy in some["policy"].unique()]
        own = [some[some["policy"] == policy] for policy in policies]
        effects, spent = ([interval(pairs, column) for pairs in own] for column in ("difference", "cost"))
        cost, gain = (np.array([e.mean for e in estimates]) for estimates in (spent, effects))
        status, hull = _frontier(cost, gain * direction(outcome))
        before = dict(zip(hull[1:], hull, strict=False))
        costs, gains = (again.means(cube(some, column, policies, again)) for column in ("cost", "gain"))
        share = np.mean([[s == ON for s in _frontier(c, g)[0]] for c, g in zip(costs.T, gains.T, strict=True)], axis=0)
        for i in np.argsort(cost, kind="stable"):
            row: dict[str, object] = {"outcome": outcome, "theory": theory, "policy": policies[i]}
            row |= columns("effect", effects[i], test=False) | beside("extra_cost", "cost", spent[i])
            row |= {"planned_cost": interval(own[i], "planned").mean, "social_hours": interval(own[i], "hours").mean}
            row |= {"status": status[i], "against": "", "icer": np.nan, "icer_low": np.nan, "icer_high": np.nan}
            if i in before:
                j = before[i]
                low, high = _icer_bounds(costs[i] - costs[j], gains[i] - gains[j], again)
                icer = (cost[i] - cost[j]) / abs(gain[i] - gain[j])
                row |= {"against": policies[j], "icer": icer, "icer_low": low, "icer_high": high}
            rows.append(row | {"share_on_frontier": share[i] if again.replicates > 1 else np.nan})
    return pd.DataFrame(rows, columns=pd.Index(FRONTIER))


def best_buys(
    runs: pd.DataFrame,
    outcome: str,
    budgets: Sequence[float],
    baseline: str | None = None,
    resamples: int = 2_000,
    rng: int = 0,
) -> pd.DataFrame:
    """How often each policy does best among those that a budget pays for, each at its own actual cost.

    Returns:
        outcome, theory, budget (yuan per resident and year beyond the baseline), policy, share_best (of resamples;
        policies that are equal share; NaN with one replicate), effect, extra_cost, affordable (whether its mean cost is
        within the budget).
    """
    rows = []
    for theory, some, again in _own_cost(runs, outcome, baseline, resamples, rng):
        policies = list(some["policy"].unique())
        gains, costs = (again.means(cube(some, column, policies, again)) for column in ("gain", "cost"))
        for budget in budgets:
            share = _share_best(np.where(costs <= budget, gains, -np.inf))
            for i, policy in enumerate(policies):
                own = some[some["policy"] == policy]
                cost = interval(own, "cost").mean
                rows.append(
                    {"outcome": outcome, "theory": theory, "budget": budget, "policy": policy,
                     "share_best": share[i] if again.replicates > 1 else np.nan,
                     "effect": interval(own, "difference").mean, "extra_cost": cost, "affordable": cost <= budget}
                )  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(BEST_BUYS))


def ranking(
    runs: pd.DataFrame, outcome: str, baseline: str | None = None, resamples: int = 2_000, rng: int = 0
) -> pd.DataFrame:
    """Policies of equal planned cost, from the best: one ranking for each theory and budget.

    Returns:
        outcome, theory, budget, rank (1 is best), policy, effect, low, high (paired difference to the baseline), n,
        replicates, next (the policy one rank below; empty for the last), lead, lead_low, lead_high (how much better
        than that one, paired: above 0 is better whichever way the outcome is), p, p_holm (family: all leads of the
        table), probability_best (share of resamples), planned_cost, actual_cost, social_hours (of the policy
        itself, not differences).
    """
    check_outcomes(runs, [outcome, ACTUAL, PLANNED, HOURS])
    sign = direction(outcome)
    pairs = differences(runs, outcome, baseline, with_baseline=True)
    pairs = pairs.assign(gain=sign * pairs["difference"])
    pairs = pairs[pairs["budget"].notna()]
    again = Resamples.of(runs, resamples, rng)
    rows = []
    for group, some in by_group(pairs, ["theory", "budget"]):
        effects = {str(policy): interval(own, "difference") for policy, own in some.groupby("policy", sort=False)}
        order = sorted(effects, key=lambda policy: -sign * effects[policy].mean)
        best = _share_best(again.means(cube(some, "gain", order, again)))
        spent = runs[(runs["theory"] == group["theory"]) & (runs["budget"] == group["budget"])]
        spent = spent.groupby("policy")[[PLANNED, ACTUAL, HOURS]].mean()
        for rank, policy in enumerate(order):
            behind = order[rank + 1] if rank + 1 < len(order) else ""
            row = {"outcome": outcome, **group, "rank": rank + 1, "policy": policy}
            ahead = lead(some, "gain", policy, behind)
            planned, actual, hours = spent.loc[policy]
            rows.append(
                row | columns("effect", effects[policy], test=False) | {"next": behind} | beside("lead", "lead", ahead)
                | {"p": ahead.p, "probability_best": best[rank] if again.replicates > 1 else np.nan,
                   "planned_cost": planned, "actual_cost": actual, "social_hours": hours}
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=pd.Index(RANKING))
    return table.assign(p_holm=holm(table["p"]))


def spending(runs: pd.DataFrame) -> pd.DataFrame:
    """What policies were planned to cost and what they did cost, beyond the arrangements before.

    Returns:
        theory, budget, policy, planned, actual, over (actual less planned), low, high, n, replicates, social_hours;
        yuan (hours) per resident and year.
    """
    check_outcomes(runs, [ACTUAL, PLANNED, HOURS])
    rows = []
    over = settled((runs[ACTUAL] - runs[PLANNED]).to_numpy(np.float64), float(runs[PLANNED].abs().max()))
    for group, some in by_group(runs.assign(over=over)):
        means = {name: some[column].mean() for name, column in (("planned", PLANNED), ("actual", ACTUAL))}
        gap = columns("over", interval(some, "over"), test=False)
        rows.append(group | means | gap | {"social_hours": some[HOURS].mean()})
    return pd.DataFrame(rows, columns=pd.Index(SPENDING))


def _own_cost(
    runs: pd.DataFrame, outcome: str, baseline: str | None, resamples: int, rng: int
) -> Iterator[tuple[str, pd.DataFrame, Resamples]]:
    """Theory by theory the pairs of all policies without a budget, with what they gain and cost, and resamples."""
    check_outcomes(runs, [outcome, ACTUAL, PLANNED, HOURS])
    pairs = differences(runs, outcome, baseline, with_baseline=True)
    pairs["gain"] = direction(outcome) * pairs["difference"]
    for name, column in (("cost", ACTUAL), ("planned", PLANNED), ("hours", HOURS)):
        pairs[name] = differences(runs, column, baseline, with_baseline=True)["difference"]
    pairs = pairs[pairs["budget"].isna()].dropna(subset=["gain", "cost"])
    again = Resamples.of(runs, resamples, rng)
    for theory, some in pairs.groupby("theory", sort=False):
        if some["policy"].nunique() > 1:  # more than the baseline
            yield str(theory), some, again


def _frontier(costs: np.ndarray, gains: np.ndarray) -> tuple[list[str], list[int]]:
    """The status of each policy, and those on the frontier from the cheapest; equals have one status."""
    status = np.full(len(costs), DOMINATED, dtype=object)
    hull: list[int] = []
    for here in np.lexsort((-gains, costs)):
        if not np.isfinite(gains[here]) or (hull and gains[here] <= gains[hull].max()):
            continue
        while len(hull) > 1 and _slope(costs, gains, hull[-1], here) >= _slope(costs, gains, hull[-2], hull[-1]):
            status[hull.pop()] = EXTENDED
        hull.append(int(here))
    for i in hull:
        status[(costs == costs[i]) & (gains == gains[i])] = ON
    return list(status), hull


def _slope(costs: np.ndarray, gains: np.ndarray, start: int, end: int) -> float:
    """What a unit of money gains from one policy to a dearer one."""
    return (gains[end] - gains[start]) / (costs[end] - costs[start])


def _icer_bounds(costs: np.ndarray, gains: np.ndarray, again: Resamples) -> tuple[float, float]:
    if again.replicates < 2 or (gains <= 0.0).mean() > 1.0 - LEVEL:
        return np.nan, np.nan
    ratios = costs[gains > 0.0] / gains[gains > 0.0]
    low, high = np.quantile(ratios, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0])
    return float(low), float(high)


def _share_best(gains: np.ndarray) -> np.ndarray:
    """Share of resamples in which each policy does best; equals share: (policies,) <- (policies, resamples)."""
    gains = np.where(np.isnan(gains), -np.inf, gains)
    best = (gains == gains.max(axis=0)) & np.isfinite(gains)
    return (best / np.maximum(best.sum(axis=0), 1)).mean(axis=1)
