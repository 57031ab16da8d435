"""Worlds that turned out the same to the last bit: policies that change nothing, seeds that are no replicates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from govsim.compare.words import named
from govsim.measures.outcomes import OUTCOMES

__all__ = ["same_points", "same_seeds"]

_ABOUT = ["policy", "theory", "scenario", "budget"]


def same_points(runs: pd.DataFrame) -> pd.DataFrame:
    """Points of the same theory, scenario and seeds whose outcomes are all equal.

    Returns:
        A row for each set of such points: theory, scenario, points (how many), policies (their labels, ``a = b``), n
        (seeds).
    """
    marked = runs.assign(outcomes=_fingerprints(runs)).sort_values(by=["point", "seed"])
    rows = []
    for _, world in marked.groupby(["theory", "scenario"], sort=False):
        about = {name: world[name].iloc[0] for name in ("theory", "scenario")}
        found: dict[tuple[object, ...], list[str]] = {}
        for _, some in world.groupby("point", sort=False):
            seen = (*some["seed"], *some["outcomes"])
            found.setdefault(seen, []).append(named(dict(some.iloc[0])))
        rows += [
            {
                **about,
                "points": len(names),
                "policies": " = ".join(names),
                "n": len(seen) // 2,
            }
            for seen, names in found.items()
            if len(names) > 1
        ]
    return pd.DataFrame(rows, columns=pd.Index(["theory", "scenario", "points", "policies", "n"]))


def same_seeds(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs of one point that differ in their seed and in no outcome: they look like replicates and are none.

    Returns:
        A row for each set of such runs: policy, theory, scenario, budget, seeds (``1, 7``), n (how many).
    """
    marked = runs.assign(outcomes=_fingerprints(runs))
    rows = []
    for _, some in marked.groupby(["point", "outcomes"], sort=False):
        if len(some) > 1:
            seeds = ", ".join(map(str, some["seed"]))
            rows.append({**some.iloc[0][_ABOUT], "seeds": seeds, "n": len(some)})
    return pd.DataFrame(rows, columns=pd.Index([*_ABOUT, "seeds", "n"]))


def _fingerprints(runs: pd.DataFrame) -> list[bytes]:
    """All outcomes of each run, to the last bit."""
    held = [name for name in OUTCOMES if name in runs]
    return [row.tobytes() for row in runs[held].to_numpy(np.float64)]
