"""Which run is compared with which, what counts as a replicate, and how much pairing gains.

A pair is a run and the baseline's run of the same theory, scenario and seed: both worlds share their luck and their
warm-up, so their difference is due to the policy. Theories are rival assumptions that nobody has weights for, so
they are never averaged over: each has rows of its own in every table. Scenarios are averaged over, and what is a
replicate depends on where they come from. Scenarios that somebody listed are fixed and only seeds are chance: a seed is
a replicate. Scenarios that were sampled are chance too: a scenario (with a seed each, a scenario x seed) is one.
:func:`with_draws` tells the two apart and :func:`govsim.study.intervals.crossed_interval` does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from govsim.config.check import ConfigError, nearest
from govsim.measures.outcomes import OUTCOMES
from govsim.study.intervals import LEVEL, Interval, crossed_interval, mean_interval, settled

__all__ = [
    "GROUP", "baseline_of", "beside", "block_size", "by_group", "check_outcomes", "columns", "differences",
    "direction", "holm", "how_much_narrower", "interval", "intervals", "lead", "with_draws",
]  # fmt: skip

GROUP = ["theory", "budget", "policy"]
"""What a row of most tables stands for; ``budget`` is NaN where a policy is taken at its own cost."""

NARROWER = ["outcome", *GROUP, "paired", "unpaired", "ratio", "n", "replicates"]

_WORLD = ["theory", "scenario", "seed"]
_ABOUT = ["run_id", "point", "policy", "theory", "scenario", "draw", "budget", "seed"]


def with_draws(frame: pd.DataFrame, designs: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The frame with a column ``draw`` where scenarios were sampled: which of them are one independent draw.

    Call it on runs, series and incidence alike, before anything else; without sampled uncertainties the frame comes
    back as it is. Rows of a Latin hypercube and members of an ensemble are draws of their own. The rows of a Sobol or
    Morris sample share coordinates within a block (a base point and its neighbours, a trajectory): a block is a draw.

    Args:
        frame: any frame with a column ``scenario``.
        designs: those of the study.
    """
    sampled = [f"uncertainties.{name}" for name in ("latin_hypercube", "sobol", "morris", "ensemble")]
    if not any(name in designs for name in sampled):
        return frame
    draws = {scenario: scenario for scenario in frame["scenario"].unique()}
    for name in sampled:
        rows = designs.get(name, {}).get("rows", ())
        size = block_size(name, designs[name]) if rows else 1
        draws |= {scenario: rows[row - row % size] for row, scenario in reversed(list(enumerate(rows)))}
    return frame.assign(draw=frame["scenario"].map(draws))


def block_size(name: str, design: Mapping[str, Any]) -> int:
    """Rows that hang together in a sample of SALib (Saltelli's scheme; Morris trajectories), else 1."""
    factors = len(design.get("names", ()))
    if name.endswith("sobol"):
        return 2 * factors + 2 if design["second_order"] else factors + 2
    return factors + 1 if name.endswith("morris") else 1


def check_outcomes(runs: pd.DataFrame, outcomes: Sequence[str]) -> list[str]:
    """The names, all of them outcomes that the runs hold.

    Raises:
        ConfigError: one of them is not.
    """
    held = [name for name in OUTCOMES if name in runs]
    for name in outcomes:
        if name not in held:
            raise ConfigError(f"outcome={name}: no such outcome{nearest(name, held) or '; govsim list outcomes'}")
    return list(outcomes)


def direction(outcome: str) -> int:
    """1 where more of an outcome is better, -1 where less is.

    Raises:
        ConfigError: neither is, without a look at other outcomes.
    """
    better = OUTCOMES[outcome].better
    if not better:
        choices = ", ".join(name for name, o in OUTCOMES.items() if o.better and o.group == "headline")
        raise ConfigError(f"outcome={outcome}: is neither better high nor low by itself; must be one of {choices}")
    return 1 if better == "higher" else -1


def baseline_of(frame: pd.DataFrame, baseline: str | None = None) -> pd.DataFrame:
    """The baseline's rows: those of a policy by its label, or those that the study says are the baseline's.

    Raises:
        ConfigError: no policy of the study has that label, or it names no baseline.
    """
    labels = frame["policy"].unique()
    if baseline is None:
        rows = frame[frame["is_baseline"].astype(bool)] if "is_baseline" in frame else frame.iloc[:0]
        if rows.empty:
            raise ConfigError(f"baseline: this study names none; choose one of {', '.join(labels)}")
        return rows
    if baseline not in labels:
        raise ConfigError(f"baseline={baseline}: not in this study{nearest(baseline, labels) or _listed(labels)}")
    return frame[frame["policy"] == baseline]


def differences(
    runs: pd.DataFrame, outcome: str, baseline: str | None = None, with_baseline: bool = False
) -> pd.DataFrame:
    """Each run minus the baseline's run of the same theory, scenario and seed.

    Where the baseline is itself a policy with budgets, pairs share the budget too.

    Args:
        runs: a row a run (or a run and day: see ``outcome``).
        outcome: a column of numbers.
        baseline: label of a policy; None for the study's own.
        with_baseline: whether the baseline's own runs stay in, as one policy among others.

    Returns:
        A row for each run (that is not the baseline's), in the order of ``runs``: what of run_id, point, policy,
        theory, scenario, draw, budget, seed the runs have, then ``value``, ``baseline_value`` and ``difference`` (NaN
        without a pair or where either is undefined).

    Raises:
        ConfigError: the baseline is not in the study, or shares no seed with any other policy.
    """
    reference = baseline_of(runs, baseline)
    keys = [*_WORLD, "budget"] if reference["budget"].notna().any() else _WORLD
    others = runs if with_baseline else runs.drop(reference.index)
    pairs = others[[column for column in _ABOUT if column in others]].assign(value=others[outcome].astype(np.float64))
    theirs = reference[[*keys, outcome]].astype({outcome: np.float64}).rename(columns={outcome: "baseline_value"})
    pairs = pairs.merge(theirs.drop_duplicates(keys), on=keys, how="left", indicator="matched")
    label = reference["policy"].iloc[0]
    others_matched = pairs.loc[pairs["policy"] != label, "matched"]
    if len(others_matched) and not (others_matched == "both").any():
        raise ConfigError(f"baseline={label}: has no theory, scenario and seed in common with any other policy")
    pairs = pairs.drop(columns="matched")
    return pairs.assign(difference=pairs["value"] - pairs["baseline_value"])


def by_group(frame: pd.DataFrame, keys: Sequence[str] = GROUP) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Groups in the order in which they first appear, each as its keys and its rows."""
    for values, some in frame.groupby(list(keys), dropna=False, sort=False, observed=True):
        yield dict(zip(keys, values, strict=True)), some


def interval(frame: pd.DataFrame, column: str, level: float = LEVEL) -> Interval:
    """Mean of a column over scenarios and seeds with its interval; see :mod:`govsim.compare.pairs` for replicates."""
    return intervals(frame, frame[column].to_numpy(), level)[0]


def intervals(frame: pd.DataFrame, values: np.ndarray, level: float = LEVEL) -> list[Interval]:
    """An interval for each column of values that belong to the rows of a frame: (rows,) or (rows, columns)."""
    seeds, scenarios = frame["seed"].to_numpy(), frame["scenario"].to_numpy()
    draws = frame["draw"].to_numpy() if "draw" in frame else None
    by_column = values[None] if values.ndim == 1 else values.T
    return [crossed_interval(some, seeds, scenarios, draws, level) for some in by_column]


def lead(pairs: pd.DataFrame, column: str, policy: str, rival: str) -> Interval:
    """How much higher a column is for a policy than for its rival, in the same theories, scenarios and seeds."""
    ours, theirs = (pairs[pairs["policy"] == name] for name in (policy, rival))
    both = ours.merge(theirs[[*_WORLD, column]], on=_WORLD, suffixes=("", "_rival"))
    return interval(both.assign(lead=both[column] - both[f"{column}_rival"]), "lead")


def columns(name: str, estimate: Interval, test: bool = True) -> dict[str, float | int]:
    """An interval as columns of a table: ``name``, low, high, n, replicates and, where there is a test, p."""
    cells = {name: estimate.mean, "low": estimate.low, "high": estimate.high, "n": estimate.n}
    return cells | {"replicates": estimate.replicates} | ({"p": estimate.p} if test else {})


def beside(name: str, prefix: str, estimate: Interval) -> dict[str, float]:
    """A second estimate of the same row: ``name``, ``<prefix>_low`` and ``<prefix>_high``."""
    return {name: estimate.mean, f"{prefix}_low": estimate.low, f"{prefix}_high": estimate.high}


def holm(p: pd.Series) -> np.ndarray:
    """Holm's adjustment over all tests of a family; those that could not be made (NaN) are not part of it."""
    given = p.to_numpy(np.float64)
    order = np.argsort(given)[: np.isfinite(given).sum()]  # NaN sorts last
    adjusted = np.full(len(given), np.nan)
    # not statsmodels' multipletests, which collects the garbage of the whole process at each call
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(given[order] * np.arange(len(order), 0, -1)))
    return adjusted


def how_much_narrower(runs: pd.DataFrame, outcomes: Sequence[str], baseline: str | None = None) -> pd.DataFrame:
    """How much wider intervals would be at equal runs if policy and baseline did not share their luck.

    ``unpaired`` is half the width of Welch's interval for two independent samples with as many runs each.

    Returns:
        outcome, theory, budget, policy, paired and unpaired (half-widths), ratio (unpaired / paired: infinite where
        every pair differs by the same, NaN where neither varies), n, replicates.
    """
    rows = []
    for outcome in check_outcomes(runs, outcomes):
        for group, some in by_group(differences(runs, outcome, baseline)):
            some = some.dropna(subset="difference")
            ours, theirs, both = (_by_replicate(some, c) for c in ("value", "baseline_value", "difference"))
            own = mean_interval(both)
            paired, unpaired = (own.high - own.low) / 2.0, _welch_half(ours, theirs)
            ratio = unpaired / paired if paired else float("inf") if unpaired else float("nan")
            rows.append(
                {"outcome": outcome, **group, "paired": paired, "unpaired": unpaired, "ratio": ratio, "n": len(some),
                 "replicates": len(both)}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(NARROWER))


def _welch_half(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Half the width of Welch's interval for the difference of two means (scipy's warns where one does not vary)."""
    errors = np.array([ours.var(ddof=1), theirs.var(ddof=1)]) / len(ours) if len(ours) > 1 else np.full(2, np.nan)
    if not errors.any():
        return 0.0
    freedom = errors.sum() ** 2 / (errors**2 / (len(ours) - 1)).sum()
    return float(stdtrit(freedom, 0.5 + LEVEL / 2.0) * np.sqrt(errors.sum()))


def _by_replicate(pairs: pd.DataFrame, column: str) -> np.ndarray:
    """Means by draw, or by seed with what scenarios differ in taken out."""
    values = pairs[column]
    if "draw" in pairs:
        means = values.groupby(pairs["draw"]).mean()
    else:
        means = (values - values.groupby(pairs["scenario"]).transform("mean")).groupby(pairs["seed"]).mean()
    return settled(means.to_numpy(), float(values.abs().max()))


def _listed(labels: Sequence[str], most: int = 12) -> str:
    """The labels, as far as they fit into a line."""
    more = f" and {len(labels) - most} more" if len(labels) > most else ""
    return f"; its policies are {', '.join(labels[:most])}{more}"
