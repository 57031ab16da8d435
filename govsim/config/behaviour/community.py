"""Community: a community's desk."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Community:
    """A community's desk."""

    triage_hours: float = param(0.5, "hours", "work to look at a case and decide where it belongs", range=(0.2, 1.5))
    certificate_hours: float = param(
        0.075,
        "hours per item, 1,000 residents and week",
        "community staff time that one kind of certificate takes",
        range=(0.03, 0.10),
    )
    resident_certificate_hours: float = param(
        2.0, "1", "residents' hours for each hour of certificate work", range=(0.5, 5)
    )
