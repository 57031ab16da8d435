"""Does the choice hold in other worlds and under other theories?

A world is a theory x scenario. *Regret* is how much worse a policy does in a world than the best one there, in units of
the outcome, on means over seeds; the baseline is one of the policies. The best of several noisy means is too good by
some luck, so regrets are, if anything, too large. At equal budgets policies are compared within a budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from govsim.compare.pairs import (
    baseline_of,
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
from govsim.study.intervals import LEVEL

__all__ = ["flips", "rankings", "regret", "reversals"]

BETTER, WORSE, NOT_SHOWN, BASELINE = "better", "worse", "not shown", "baseline"

_TEST = ["low", "high", "n", "replicates", "p", "p_holm"]
_THEORIES = ["outcome", "budget", "policy", "theory", "other_theory"]
REGRET = [
    "outcome", "budget", "policy", "mean_regret", "low", "high", "max_regret", "max_low", "max_high", "worst_theory",
    "worst_scenario", "share_best", "best_low", "best_high", "worlds", "n", "replicates",
]  # fmt: skip
RANKINGS = ["outcome", "budget", "theory", "rank", "policy", "effect", *_TEST, "sign"]
FLIPS = [*_THEORIES, "effect", "other_effect", "change", *_TEST, "flips"]
REVERSALS = [
    "outcome", "budget", "policy", "rival", "theory", "other_theory", "lead", "low", "high", "other_lead", "other_low",
    "other_high", "n", "shown",
]  # fmt: skip


def regret(
    runs: pd.DataFrame, outcome: str, baseline: str | None = None, resamples: int = 1_000, rng: int = 0
) -> pd.DataFrame:
    """Mean and largest regret of each policy over all worlds, and in how many of them it is best.

    Returns:
        From the smallest mean regret: outcome, budget, policy, mean_regret, low, high, max_regret, max_low, max_high,
        worst_theory, worst_scenario (where the largest is), share_best, best_low, best_high (of worlds; policies
        that are equal share), worlds, n (pairs), replicates. Bounds are percentiles of resamples
        (:mod:`govsim.compare.resampling`), NaN with one replicate.

    Raises:
        ConfigError: the outcome is neither better high nor low by itself.
    """
    rows = []
    again = Resamples.of(runs, resamples, rng)
    for budget, some in _choices(runs, outcome, baseline):
        policies, theories = list(some["policy"].unique()), list(some["theory"].unique())
        cubes = [cube(some[some["theory"] == theory], "gain", policies, again) for theory in theories]
        worlds = [(theory, scenario) for theory in theories for scenario in again.scenarios]
        found, worst = _over_worlds(cubes, again.itself())
        low, high = np.quantile(_over_worlds(cubes, again)[0], [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0], axis=2)
        if again.replicates < 2:
            low, high = np.full_like(low, np.nan), np.full_like(high, np.nan)
        for i, policy in enumerate(policies):
            row: dict[str, object] = {"outcome": outcome, "budget": budget, "policy": policy}
            for j, (name, prefix) in enumerate((("mean_regret", ""), ("max_regret", "max_"), ("share_best", "best_"))):
                row |= {name: found[j, i, 0], f"{prefix}low": low[j, i], f"{prefix}high": high[j, i]}
            own = some[(some["policy"] == policy) & some["gain"].notna()]
            theory, scenario = worlds[worst[i, 0]]
            row |= {"worst_theory": theory, "worst_scenario": scenario}
            row |= {"worlds": own.groupby(["theory", "scenario"]).ngroups, "n": len(own)}
            rows.append(row | {"replicates": again.replicates})
    table = pd.DataFrame(rows, columns=pd.Index(REGRET))
    return table.sort_values(["budget", "mean_regret"], kind="stable", ignore_index=True)


def rankings(runs: pd.DataFrame, outcome: str, baseline: str | None = None) -> pd.DataFrame:
    """The order of policies under each theory, averaged over scenarios.

    Returns:
        outcome, budget, theory, rank (1 is best), policy, effect, low, high (paired difference to the baseline), n,
        replicates, p, p_holm (family: the whole table), sign (``better`` or ``worse`` than the baseline by p_holm,
        ``not shown``, or ``baseline`` for the baseline itself, which has no p).
    """
    rows = []
    label, better = baseline_of(runs, baseline)["policy"].iloc[0], direction(outcome)
    for budget, some in _choices(runs, outcome, baseline):
        for theory, under in some.groupby("theory", sort=False):
            effects = {str(policy): interval(own, "difference") for policy, own in under.groupby("policy", sort=False)}
            order = sorted(effects, key=lambda policy: -better * effects[policy].mean)
            for rank, policy in enumerate(order, start=1):
                effect = effects[policy]._replace(**{"p": np.nan} if policy == label else {})
                about = {"outcome": outcome, "budget": budget, "theory": theory, "rank": rank, "policy": policy}
                rows.append(about | columns("effect", effect))
    table = pd.DataFrame(rows, columns=pd.Index(RANKINGS))
    table["p_holm"] = holm(table["p"])
    seen = np.where(table["effect"] * better > 0.0, BETTER, WORSE)
    table["sign"] = np.where(table["p_holm"] < 1.0 - LEVEL, seen, NOT_SHOWN)
    table.loc[table["policy"] == label, "sign"] = BASELINE
    return table


def flips(runs: pd.DataFrame, outcome: str, baseline: str | None = None) -> pd.DataFrame:
    """How far what a policy does hangs on the theory: any two theories, paired by scenario and seed.

    Returns:
        outcome, budget, policy, theory, other_theory, effect, other_effect, change (other less first), low, high, n,
        replicates, p, p_holm (family: the whole table), flips (better than the baseline under one theory and worse
        under the other, both shown in :func:`rankings`). Empty with one theory.
    """
    rows = []
    label = baseline_of(runs, baseline)["policy"].iloc[0]
    for budget, some in _choices(runs, outcome, baseline):
        for group, own in by_group(some[some["policy"] != label], ["policy"]):
            for theory, other in combinations(own["theory"].unique(), 2):
                here, there = (own[own["theory"] == name] for name in (theory, other))
                both = here.merge(there[["scenario", "seed", "difference"]], on=["scenario", "seed"])
                both["change"] = both["difference_y"] - both["difference_x"]
                rows.append(
                    {"outcome": outcome, "budget": budget, **group, "theory": theory, "other_theory": other,
                     "effect": interval(here, "difference").mean, "other_effect": interval(there, "difference").mean,
                     **columns("change", interval(both, "change"))}
                )  # fmt: skip
    table = pd.DataFrame(rows, columns=pd.Index(FLIPS))
    table["p_holm"] = holm(table["p"])
    signs = rankings(runs, outcome, baseline)[["budget", "policy", "theory", "sign"]]
    seen = table[["budget", "policy", "theory", "other_theory"]].merge(signs, how="left")
    seen = seen.merge(signs, how="left", left_on=["budget", "policy", "other_theory"],
                      right_on=["budget", "policy", "theory"])  # fmt: skip
    table["flips"] = [{a, b} == {BETTER, WORSE} for a, b in zip(seen["sign_x"], seen["sign_y"], strict=True)]
    return table


def reversals(runs: pd.DataFrame, outcome: str, baseline: str | None = None) -> pd.DataFrame:
    """Pairs of policies of which one is ahead under one theory and the other under another.

    Returns:
        Only such pairs: outcome, budget, policy, rival, theory, other_theory, lead, low, high (how much better the
        policy does than its rival under ``theory``: above 0), other_lead, other_low, other_high (under
        ``other_theory``: below 0), n, shown (whether both intervals exclude 0).
    """
    rows = []
    for budget, some in _choices(runs, outcome, baseline):
        theories = {theory: under for theory, under in some.groupby("theory", sort=False)}
        for pair in combinations(some["policy"].unique(), 2):
            leads = {theory: lead(under, "gain", *pair) for theory, under in theories.items()}
            for theory, other in combinations(theories, 2):
                if leads[theory].mean * leads[other].mean >= 0.0:
                    continue
                ahead, behind = sorted((theory, other), key=lambda name: -leads[name].mean)
                here, there = leads[ahead], leads[behind]
                rows.append(
                    {"outcome": outcome, "budget": budget, "policy": pair[0], "rival": pair[1], "theory": ahead,
                     "other_theory": behind, "lead": here.mean, "low": here.low, "high": here.high,
                     "other_lead": there.mean, "other_low": there.low, "other_high": there.high, "n": here.n,
                     "shown": here.excludes_zero and there.excludes_zero}
                )  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(REVERSALS))


def _choices(runs: pd.DataFrame, outcome: str, baseline: str | None) -> Iterator[tuple[float, pd.DataFrame]]:
    """What is to choose between, baseline included: pairs with their gain, for each budget or at own cost."""
    check_outcomes(runs, [outcome])
    pairs = differences(runs, outcome, baseline, with_baseline=True)
    pairs["gain"] = direction(outcome) * pairs["difference"]
    label = baseline_of(runs, baseline)["policy"].iloc[0]
    for group, some in by_group(pairs, ["budget"]):
        budget = group["budget"]
        if not np.isnan(budget):
            some = pairs[(pairs["budget"] == budget) | (pairs["budget"].isna() & (pairs["policy"] == label))]
        if some["policy"].nunique() > 1:
            yield budget, some


def _over_worlds(cubes: list[np.ndarray], again: Resamples) -> tuple[np.ndarray, np.ndarray]:
    """Mean regret, largest regret and share best: (3, policies, resamples), and the world of the largest.

    ``cubes`` hold gains, one a theory: (policies, scenarios, seeds). A world counts for the policies that have a value
    there.
    """
    shape = (len(cubes[0]), len(again.of_seeds))
    total, weight, best = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    largest, worst = np.full(shape, -np.inf), np.zeros(shape, dtype=int)
    worlds = (world for values in cubes for world in zip(np.moveaxis(values, 1, 0), again.of_scenarios.T, strict=True))
    for number, (world, in_resample) in enumerate(worlds):
        means = again.worlds(world)
        there = np.isfinite(means)
        top = np.where(there, means, -np.inf).max(axis=0)
        regrets = np.where(there, top - means, 0.0)
        ties = there & (means == top)
        total += regrets * in_resample
        weight += there * in_resample
        best += in_resample * ties / np.maximum(ties.sum(axis=0), 1)
        larger = there & (in_resample > 0) & (regrets > largest)
        largest, worst = np.where(larger, regrets, largest), np.where(larger, number, worst)
    with np.errstate(invalid="ignore"):
        return np.stack([total / weight, np.where(weight > 0.0, largest, np.nan), best / weight]), worst
