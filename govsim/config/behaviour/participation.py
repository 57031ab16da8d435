"""Participation: when residents take part."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Participation:
    """When residents take part."""

    conditional_share: float = param(
        0.50,
        "1",
        "residents who take part if enough others do",
        range=(0.35, 0.65),
        source="Fischbacher, Gaechter & Fehr 2001",
        grade="B",
    )
    free_rider_share: float = param(
        0.33,
        "1",
        "residents who never take part",
        range=(0.2, 0.45),
        source="Fischbacher, Gaechter & Fehr 2001",
        grade="B",
    )
    threshold_mean: float = param(0.55, "1", "mean pull at which a resident takes part", range=(0.45, 0.65))
    threshold_sd: float = param(0.16, "1", "spread of that pull", range=(0.08, 0.25))
    pull_neighbours: float = param(0.35, "1", "pull of all neighbours taking part", range=(0.1, 0.6))
    pull_trust: float = param(0.45, "1", "pull of full trust", range=(0.1, 0.7))
    pull_satisfaction: float = param(0.25, "1", "pull of full satisfaction", range=(0, 0.5))
    hump_point: float = param(
        0.4, "1", "share of participants beyond which hump-shaped cooperators withdraw", range=(0.2, 0.6)
    )
    reconsider_weeks: float = param(20, "weeks", "time between two decisions to take part", range=(4, 52))
    hours_joined: float = param(0.5, "hours a week", "time a participant gives", range=(0.1, 2))
