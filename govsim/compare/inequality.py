"""Who is left behind, by tier: is unmet need more or less equal between communities, streets, districts?"""

from __future__ import annotations

import pandas as pd

from govsim.compare.effects import EFFECTS, effects
from govsim.compare.pairs import GROUP, beside, by_group, interval

__all__ = ["TIERS", "left_out", "tiers"]

TIERS = {
    "theil_unmet_need": ("community", "Theil's T beyond chance"),
    "theil_unmet_need_streets": ("street", "Theil's T beyond chance"),
    "theil_unmet_need_districts": ("district", "Theil's T beyond chance"),
    "gini_unmet_need": ("community", "Gini"),
}
"""Outcomes that say how unequal unmet need is, with the tier whose units are compared and the measure."""
UNDEFINED = "undefined in every run: the place has a single {}, or the window is too short"


def tiers(runs: pd.DataFrame, baseline: str | None = None) -> pd.DataFrame:
    """Inequality under each policy and its paired difference, for all tiers in which it is defined.

    Returns:
        The columns of :func:`govsim.compare.effects.effects` with ``tier`` and ``measure`` behind ``outcome``, and
        ``mean_low`` and ``mean_high`` behind ``mean``. Holm's family is this table.
    """
    left = set(left_out(runs)["outcome"])
    kept = [outcome for outcome in TIERS if outcome in runs and outcome not in left]
    table = effects(runs, kept, baseline)
    means = [
        {"outcome": outcome, **group, **beside("", "mean", interval(some, outcome))}
        for outcome in kept
        for group, some in by_group(runs)
    ]
    keys, bounds = ["outcome", *GROUP], ["mean_low", "mean_high"]
    table = table.merge(pd.DataFrame(means, columns=pd.Index([*keys, *bounds])), how="left", on=keys)
    table["tier"], table["measure"] = (table["outcome"].map({o: t[i] for o, t in TIERS.items()}) for i in (0, 1))
    front, behind = EFFECTS[1 : EFFECTS.index("mean") + 1], EFFECTS[EFFECTS.index("mean") + 1 :]
    return table[["outcome", "tier", "measure", *front, *bounds, *behind]]


def left_out(runs: pd.DataFrame) -> pd.DataFrame:
    """Tiers without a value in any run, and why.

    Returns:
        outcome, tier, note.
    """
    rows = [
        {"outcome": outcome, "tier": tier, "note": UNDEFINED.format(tier)}
        for outcome, (tier, _) in TIERS.items()
        if outcome in runs and runs[outcome].isna().all()
    ]
    return pd.DataFrame(rows, columns=pd.Index(["outcome", "tier", "note"]))
