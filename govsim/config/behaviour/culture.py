"""Culture: groups that form where there are venues, and the ties that grow in them."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Culture:
    """Groups that form where there are venues, and the ties that grow in them."""

    group_size: float = param(25, "people", "regulars of a culture group", range=(10, 60))
    groups_a_venue: float = param(5, "groups", "groups that one free venue can hold", range=(2, 12))
    groups_in_the_open: float = param(
        0.4, "groups per 1,000 residents", "groups that meet in squares without any venue", range=(0.1, 1)
    )
    group_rate: float = param(0.03, "1 per week", "how fast groups form and dissolve", range=(0.01, 0.1))
    noise: float = param(
        0.25,
        "1",
        "more neighbour disputes where groups in the open have as many members as there are residents",
        range=(0, 4),
    )
    ties_base: float = param(
        0.3, "0..1", "ties of long-standing residents who take no part in anything", range=(0.15, 0.45)
    )
    ties_migrants: float = param(0.2, "1", "what ties lack where all are migrants", range=(0, 0.3))
    ties_groups: float = param(0.4, "1", "what ties gain where all belong to a group", range=(0, 0.8))
    ties_joined: float = param(0.25, "1", "what they gain where all take part", range=(0, 0.5))
    ties_rate: float = param(0.01, "1 per week", "how fast ties grow and loosen", range=(0.004, 0.03))
    space_eased: float = param(
        0.3,
        "1",
        "share of complaints about space and venues that a venue for every 1,000 residents prevents",
        range=(0, 0.6),
    )
    ties_work_unit: float = param(
        0.2, "1", "ties that old colleagues in a work-unit quarter have on top", range=(0, 0.4)
    )
