"""Facilities: service stations, gates and partner units of a neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Facilities:
    """Service stations, gates and partner units of a neighbourhood."""

    station_residents: float = param(
        1_000, "people", "residents from which a compound is large enough for a service station", range=(300, 5_000)
    )
    station_hours: float = param(40, "hours a week", "working time of the staff of a service station", range=(20, 80))
    station_work: float = param(1.5, "hours", "its work on a case that it settles", range=(0.5, 4))
    station_reach: float = param(
        0.3, "1", "how much more readily residents report with a station at the door", range=(0, 1)
    )
    gate_effect: float = param(0.25, "1", "share of public-security incidents that gates keep out", range=(0, 0.5))
    gate_moves: float = param(
        0.4, "1", "share of these that happen in the ungated rest of the community instead", range=(0, 1)
    )
    gate_hours: float = param(6, "hours per 1,000 residents and week", "residents' time lost at gates", range=(0, 30))
    alliance_use: float = param(0.5, "1", "share of partners' hours that are of use to the community", range=(0.2, 0.8))
    alliance_meetings: float = param(0.15, "1", "community hours to arrange each hour of partners", range=(0.05, 0.5))
