"""Does a policy leave people worse off than the baseline, and in how many of the worlds that are thought possible?

A world is a theory x scenario. In each, the difference is taken within seeds; a world counts as *shown* where its own
interval over seeds lies on the worse side of 0, which takes several seeds a world.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from govsim.compare.pairs import by_group, columns, differences, direction, holm, interval
from govsim.study.intervals import mean_interval

__all__ = ["harm"]

HARM = [
    "outcome", "theory", "budget", "policy", "difference", "low", "high", "n", "replicates", "p", "p_holm", "harms",
    "worlds", "share_worse", "share_shown",
]  # fmt: skip


def harm(runs: pd.DataFrame, outcomes: Sequence[str], baseline: str | None = None) -> pd.DataFrame:
    """Where each policy does worse than the baseline in an outcome that is better high, or better low.

    Returns:
        outcome, theory, budget, policy, difference, low, high (paired, over all scenarios and seeds), n, replicates, p,
        p_holm (family: the whole table), harms (the interval lies on the worse side of 0), worlds (scenarios),
        share_worse (of them in which the mean over seeds is worse), share_shown (in which it is shown to be; NaN with
        one seed a world); from the most harmful within an outcome.

    Raises:
        ConfigError: an outcome is neither better high nor low by itself.
    """
    rows = []
    for outcome in outcomes:
        worse = -direction(outcome)
        for group, some in by_group(differences(runs, outcome, baseline)):
            overall = interval(some, "difference")
            own = [mean_interval(gaps.to_numpy()) for _, gaps in some.groupby("scenario")["difference"]]
            own = [gap for gap in own if gap.n]
            many = [gap for gap in own if np.isfinite(gap.low)]
            rows.append(
                {"outcome": outcome, **group, **columns("difference", overall),
                 "harms": overall.excludes_zero and worse * overall.mean > 0.0, "worlds": len(own),
                 "share_worse": _share([worse * gap.mean > 0.0 for gap in own]),
                 "share_shown": _share([gap.excludes_zero and worse * gap.mean > 0.0 for gap in many]),
                 "order": -worse * overall.mean}
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=pd.Index([*HARM, "order"]))
    table["p_holm"] = holm(table["p"])
    first = {outcome: i for i, outcome in enumerate(outcomes)}
    order = table.assign(outcome=table["outcome"].map(first)).sort_values(["outcome", "order"], kind="stable").index
    return table.loc[order, HARM].reset_index(drop=True)


def _share(flags: Sequence[bool]) -> float:
    return float(np.mean(flags)) if len(flags) else float("nan")
