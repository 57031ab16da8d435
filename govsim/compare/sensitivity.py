"""Which sampled values matter: uncertain ones for an outcome and for what a policy does to it, and levers' doses?

Indices are SALib's, of the mean over seeds in each row of the sample. Luck that is left in these means counts as
variance that no value explains, and so lowers Sobol's first-order indices and raises the total ones: replicates help.
In a policy's *effect*, which is paired, much less luck is left than in an outcome.

Where values are tried one at a time (at both ends of a range, say) each trial shares its seeds with the world in which
all are as assumed, so that what a value moves is a paired difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from govsim.compare.pairs import GROUP, block_size, by_group, check_outcomes, columns, differences
from govsim.study.intervals import LEVEL, mean_interval

__all__ = ["importance", "morris", "one_at_a_time", "sobol"]

VALUE, EFFECT = "value", "effect"
BETWEEN = 0.1
"""Standard deviations between seeds that a value must move an outcome by, to matter."""
SEED = 1
"""Of SALib's bootstrap, so that a report is the same twice (0 would be no seed to it)."""

_ABOUT = ["outcome", "of", "theory", "budget", "policy", "role"]
SOBOL = [*_ABOUT, "factor", "other", "index", "estimate", "low", "high", "n", "replicates"]
TRIALS = [*_ABOUT, "factor", "level", "move", "low", "high", "n", "replicates", "p", "in_sd"]
IMPORTANCE = [
    "factor",
    "level",
    "outcome",
    "of",
    "theory",
    "budget",
    "policy",
    "move",
    "low",
    "high",
    "in_sd",
    "verdict",
]
MORRIS = [*_ABOUT, "factor", "mu", "mu_star", "low", "high", "sigma", "n", "replicates"]

Designs = Mapping[str, Mapping[str, Any]]


def sobol(runs: pd.DataFrame, designs: Designs, outcomes: Sequence[str], baseline: str | None = None) -> pd.DataFrame:
    """Sobol indices: the share of the variance over a sample that is due to each value (Saltelli et al. 2010).

    Returns:
        outcome, of (``value``: the outcome; ``effect``: its difference to the baseline), theory, budget, policy (empty
        where levers were sampled), role (``uncertainties`` or ``levers``), factor, other (the second factor of an S2,
        else empty), index (S1: alone; ST: with all that it takes part in; S2: with the other), estimate, low, high
        (SALib's bootstrap), n (blocks of rows; one in which a value is undefined is left out), replicates (runs behind
        a row, at least). NaN where nothing varies. Empty without a Sobol sample.
    """
    from SALib.analyze import sobol as salib

    rows: list[dict[str, object]] = []
    for about, design, values, _ in _samples(runs, designs, "sobol", outcomes, baseline):
        names, second = list(design["names"]), bool(design["second_order"])
        found = None
        if len(values) > 1 and np.ptp(values) > 0.0:
            found = salib.analyze(_problem(design), values.ravel(), second, conf_level=LEVEL, seed=SEED)
        for index in ("S1", "ST", "S2") if second else ("S1", "ST"):
            for where in _places(len(names), index):
                estimate, half = (found[index][where], found[f"{index}_conf"][where]) if found else (np.nan, np.nan)
                factor, other = names[where[0]], names[where[1]] if len(where) > 1 else ""
                bounds = {"estimate": float(estimate), "low": float(estimate - half), "high": float(estimate + half)}
                rows.append(about | {"factor": factor, "other": other, "index": index} | bounds)
    return pd.DataFrame(rows, columns=pd.Index(SOBOL))


def morris(runs: pd.DataFrame, designs: Designs, outcomes: Sequence[str], baseline: str | None = None) -> pd.DataFrame:
    """Morris measures: elementary effects of each value, over a range scaled to 1 (Campolongo et al. 2007).

    Returns:
        outcome, of, theory, budget, policy, role, factor, mu (mean effect), mu_star (mean of its size), low, high (of
        mu_star, SALib's bootstrap), sigma (standard deviation: interactions and bends), n (trajectories without an
        undefined value), replicates. Empty without a Morris sample.
    """
    from SALib.analyze import morris as salib

    rows: list[dict[str, object]] = []
    for about, design, values, inputs in _samples(runs, designs, "morris", outcomes, baseline):
        names, levels = list(design["names"]), design["num_levels"]
        found = {name: np.full(len(names), np.nan) for name in ("mu", "mu_star", "mu_star_conf", "sigma")}
        if len(values) > 1:
            found = salib.analyze(
                _problem(design), inputs, values.ravel(), num_levels=levels, conf_level=LEVEL, seed=SEED
            )
        for i, factor in enumerate(names):
            mu, star, half, sigma = (float(found[m][i]) for m in ("mu", "mu_star", "mu_star_conf", "sigma"))
            bounds = {"mu": mu, "mu_star": star, "low": star - half, "high": star + half, "sigma": sigma}
            rows.append(about | {"factor": factor} | bounds)
    return pd.DataFrame(rows, columns=pd.Index(MORRIS))


def one_at_a_time(
    runs: pd.DataFrame, designs: Designs, outcomes: Sequence[str], baseline: str | None = None
) -> pd.DataFrame:
    """What each uncertain value moves when it alone is set to another level.

    Returns:
        outcome, of, theory, budget, policy, role, factor, level, move (less the world in which all are as assumed,
        paired by seed), low, high, n, replicates, p, in_sd (move / standard deviation between seeds, pooled over all
        trials; NaN with one seed). A level that is the assumed one, or whose runs all failed, is no row. Empty
        without such a design.
    """
    design = designs.get("uncertainties.one_at_a_time")
    if design is None:
        return pd.DataFrame(columns=pd.Index(TRIALS))
    (reference, *_), trials = design["rows"], list(zip(design["varied"], design["rows"], strict=True))
    levels = runs.drop_duplicates("scenario").set_index("scenario")[list(design["names"])]
    ran = levels.index.drop(reference, errors="ignore")
    trials = [(factor, scenario) for factor, scenario in trials if factor and scenario in ran]
    rows: list[dict[str, object]] = []
    for outcome in check_outcomes(runs, outcomes):
        frames = {VALUE: (runs, outcome), EFFECT: (differences(runs, outcome, baseline), "difference")}
        for of, (frame, column) in frames.items():
            for group, some in by_group(frame, GROUP):
                wide = some.pivot(index="seed", columns="scenario", values=column).astype(np.float64)
                wide = wide.reindex(columns=[reference, *(scenario for _, scenario in trials)])
                spread = float(np.sqrt(wide.var(ddof=1).mean()))
                for factor, scenario in trials:
                    move = mean_interval((wide[scenario] - wide[reference]).to_numpy())
                    rows.append(
                        {"outcome": outcome, "of": of, **group, "role": "uncertainties", "factor": factor,
                         "level": levels.at[scenario, factor], **columns("move", move),
                         "in_sd": move.mean / spread if spread else np.nan}
                    )  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(TRIALS))


def importance(trials: pd.DataFrame) -> pd.DataFrame:
    """Each value by the most that it moves, in standard deviations between seeds, from the largest.

    Returns:
        factor, level (the trial that moves most), outcome, of, theory, budget, policy, move, low, high, in_sd, verdict:
        ``active`` where every level moves some outcome by more than :data:`BETWEEN` and shows it, ``one end`` where
        some level does, else ``inert``.
    """
    moved = (trials["in_sd"].abs() > BETWEEN) & ((trials["low"] > 0.0) | (trials["high"] < 0.0))
    by_level = moved.groupby([trials["factor"], trials["level"].astype(str)]).any().groupby("factor")
    verdict = pd.Series("one end", index=by_level.any().index)
    verdict = verdict.mask(by_level.all(), "active").mask(~by_level.any(), "inert")
    table = trials.assign(size=-trials["in_sd"].abs()).sort_values("size", kind="stable").drop_duplicates("factor")
    return table.assign(verdict=table["factor"].map(verdict)).loc[:, IMPORTANCE].reset_index(drop=True)


def _problem(design: Mapping[str, Any]) -> dict[str, Any]:
    return {"num_vars": len(design["names"]), "names": list(design["names"]), "bounds": design["bounds"]}


def _places(factors: int, index: str) -> list[tuple[int, ...]]:
    """Where the numbers of an index stand in SALib's arrays."""
    if index == "S2":
        return [(i, j) for i in range(factors) for j in range(i + 1, factors)]
    return [(i,) for i in range(factors)]


def _samples(
    runs: pd.DataFrame, designs: Designs, sampler: str, outcomes: Sequence[str], baseline: str | None
) -> Iterator[tuple[dict[str, object], Mapping[str, Any], np.ndarray, np.ndarray]]:
    """What was sampled, in its own order: design, values (blocks, rows of a block) and inputs (rows, factors)."""
    for role, label, keys in (("uncertainties", "scenario", GROUP), ("levers", "policy", ["theory", "budget"])):
        design = designs.get(f"{role}.{sampler}")
        if design is None:
            continue
        order, names = list(design["rows"]), list(design["names"])
        shape = (-1, block_size(sampler, design))
        inputs = runs.drop_duplicates(label).set_index(label)[names].reindex(order).to_numpy(np.float64)
        inputs = inputs.reshape(*shape, len(names))
        for outcome in check_outcomes(runs, outcomes):
            frames = {VALUE: (runs, outcome)}
            if role == "uncertainties":  # among levers the baseline's value is the same for all
                frames[EFFECT] = differences(runs, outcome, baseline), "difference"
            for of, (frame, column) in frames.items():
                for group, some in by_group(frame, keys):
                    by_row = some.groupby(label)[column]
                    means = by_row.mean().reindex(order).to_numpy(np.float64).reshape(shape)
                    counts = by_row.count().reindex(order).to_numpy().reshape(shape)
                    whole = np.isfinite(means).all(axis=1)
                    about: dict[str, object] = {"outcome": outcome, "of": of, "policy": "", **group, "role": role}
                    about |= {"n": int(whole.sum()), "replicates": int(counts[whole].min(initial=len(runs)))}
                    yield about, design, means[whole], inputs[whole].reshape(-1, len(names))
