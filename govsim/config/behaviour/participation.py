"""Participation: when residents take part."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param

__all__ = ["PARTICIPATION", "Participation"]

PARTICIPATION = ("thresholds", "conditional")


@dataclass
class Participation:
    """When residents take part."""

    participation_theory: str = param(
        "thresholds", "", "what moves cooperators: a pull beyond their own threshold, or matching what others do",
        choices=PARTICIPATION,
    )  # fmt: skip
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
    pull_channels: float = param(
        0.10, "1", "pull of choosing all projects, where residents are asked", range=(-0.05, 0.25)
    )
    pull_ties: float = param(0.15, "1", "pull of ties to all neighbours, beyond middling ties", range=(0, 0.4))
    pull_pride: float = param(0.3, "1", "pull of a place that is all new", range=(0, 0.6))
    crowding: float = param(
        0.10,
        "1",
        "pull lost where others are organised to do half an hour's work a week for each resident",
        range=(-0.1, 0.3),
    )
    pride_memory: float = param(
        0.02, "1 per week", "how fast residents get used to how a place looks", range=(0.005, 0.06)
    )
    matching: float = param(
        0.75, "1", "how much of what others do a conditional cooperator matches, if that theory holds", range=(0.5, 1),
        source="Fischbacher & Gaechter 2010: imperfect matching", grade="B",
    )  # fmt: skip
    matching_base: float = param(
        0.25,
        "1",
        "chance that a conditional cooperator takes part where nobody does, at middling trust",
        range=(0.05, 0.4),
    )
    matching_pull: float = param(
        0.8, "1", "what pull beyond middling trust and satisfaction adds to that chance", range=(0.2, 1.5)
    )
