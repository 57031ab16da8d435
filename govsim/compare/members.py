"""In how much of an ensemble does a difference hold? A member is a world that what was reported does not rule out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from govsim.compare.pairs import by_group, check_outcomes, differences
from govsim.study.intervals import mean_interval

__all__ = ["members"]

_COLUMNS = [
    "outcome", "theory", "budget", "policy", "members", "share_lower", "shown_lower", "share_higher", "shown_higher",
    "n",
]  # fmt: skip


def members(runs: pd.DataFrame, outcomes: Sequence[str], baseline: str | None = None) -> pd.DataFrame:
    """Shares of members in which a policy lowers and raises an outcome, on paired seeds.

    Returns:
        outcome, theory, budget, policy, members (with a pair), share_lower and share_higher (of members, by the mean
        difference over seeds), shown_lower and shown_higher (of members, where the 95% interval over seeds lies on that
        side of 0; none with a single seed), n (pairs).
    """
    rows = []
    for outcome in check_outcomes(runs, outcomes):
        for group, some in by_group(differences(runs, outcome, baseline)):
            some = some.dropna(subset="difference")
            found = [mean_interval(own.to_numpy()) for _, own in some.groupby("scenario")["difference"]]
            shares = {
                "share_lower": [each.mean < 0.0 for each in found],
                "shown_lower": [each.high < 0.0 for each in found],
                "share_higher": [each.mean > 0.0 for each in found],
                "shown_higher": [each.low > 0.0 for each in found],
            }
            means = {name: float(np.mean(seen)) if found else np.nan for name, seen in shares.items()}
            rows.append({"outcome": outcome, **group, "members": len(found), **means, "n": len(some)})
    return pd.DataFrame(rows, columns=pd.Index(_COLUMNS))
