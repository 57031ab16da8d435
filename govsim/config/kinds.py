"""Kinds of cases and departments: the shape of two data files."""

from __future__ import annotations

from dataclasses import dataclass, field

from govsim.config.parameters import param

__all__ = ["LINES", "MOST_KINDS", "PUBLISHED", "SLOTS", "Department", "Kind"]

LINES = ("political-legal", "civil affairs", "urban management", "market and safety")
PUBLISHED = ("none", "security", "safety")
SLOTS = 6
"""Most departments that one kind may name."""
MOST_KINDS = 16
"""Most kinds that a case's identity can tell apart."""


@dataclass
class Department:
    """A department of the city, with a branch in each district."""

    hours: float = param(
        1.0, "hours per 1,000 residents and week", "branch time for this kind of work", range=(0.0, 200.0)
    )


@dataclass
class Kind:
    """A kind of case."""

    rate: float = param(
        0.5, "cases per 1,000 residents and week", "how often it arises at environment 0.5", range=(0, 5)
    )
    severity: float = param(1.0, "1", "weight of a day with this problem (1 = a typical one)", range=(0.1, 5))
    departments: list[str] = field(default_factory=list)
    further: float = param(0.3, "1", "chance that each department after the lead is needed too", range=(0, 1))
    ambiguity: float = param(0.3, "1", "how unclear its jurisdiction is", range=(0, 1))
    grid_sees: float = param(0.15, "1", "how visible it is to a grid worker on patrol", range=(0, 1))
    resident_sees: float = param(0.15, "1", "how visible it is to residents", range=(0, 1))
    property_sees: float = param(0.10, "1", "how visible it is to a property company", range=(0, 1))
    on_spot: float = param(0.2, "1", "share a grid worker can settle on the spot", range=(0, 1))
    in_compound: float = param(0.3, "1", "share a compound can settle that informs, agrees and acts", range=(0, 1))
    at_community: float = param(0.3, "1", "share the community committee can settle", range=(0, 1))
    community_hours: float = param(2.0, "hours", "work at the community where it settles a case", range=(0.25, 12))
    branch_hours: float = param(6.0, "hours", "mean work of each department that must act", range=(0.5, 40))
    sinkable: float = param(0.0, "1", "share that a street could finish itself if it had the powers", range=(0, 1))
    mediable: float = param(0.0, "1", "share that a grid worker's mediation settles", range=(0, 1))
    at_station: float = param(0.0, "1", "share the staff of a service station can settle", range=(0, 1))
    by_conduct: float = param(
        0.0, "1", "how far it comes from how neighbours behave, which a covenant is about", range=(0, 1)
    )
    by_decay: float = param(0.0, "1", "how far it comes from decayed hardware, which works renew", range=(0, 1))
    by_strangers: float = param(0.0, "1", "how far it comes from outside, which gates keep out", range=(0, 1))
    by_noise: float = param(0.0, "1", "how far it rises with groups that meet in the open", range=(0, 1))
    for_space: float = param(0.0, "1", "how far it asks for space, which venues give", range=(0, 1))
    persuadable: float = param(
        0.0, "1", "whether the household behind it can end it if persuaded (1) or not (0)", range=(0, 1)
    )
    blocks_works: float = param(0.0, "1", "how much it stands in the way of renovation", range=(0, 1))
    recurrence: float = param(0.1, "1", "chance that it comes back after a true cure", range=(0, 0.8))
    recurrence_days: float = param(60, "working days", "mean time until it comes back", range=(5, 250))
    fades: float = param(90, "working days", "mean time after which it lapses by itself", range=(5, 1000))
    published_as: str = param(
        "none",
        "",
        "in which published count of grid workers' cases it is",
        choices=PUBLISHED,
        source="grid.security_events",
    )
    line: str = param(
        "urban management",
        "",
        "whose inspectors looked for it before grids were merged",
        choices=LINES,
    )
