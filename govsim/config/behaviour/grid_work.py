"""Grid workers: a grid worker's week."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class GridWork:
    """A grid worker's week."""

    paperwork_share: float = param(
        0.25, "1", "share of a grid worker's week that goes to forms and meetings", range=(0.1, 0.5)
    )
    collect_share: float = param(
        0.15, "1", "share of a grid worker's week spent on collecting information", range=(0, 0.4)
    )
    patrol_floor: float = param(
        0.2, "1", "share of the remaining time that is patrolled whatever the casework", range=(0.05, 0.5)
    )
    cover_share: float = param(
        0.15,
        "1",
        "share of a worker's time given to neighbouring grids without one",
        range=(0, 0.4),
        source="grid.duties",
    )
    spot_hours: float = param(1.2, "hours", "work to settle a case on the spot", range=(0.3, 3))
    report_hours: float = param(0.5, "hours", "work to report a case", range=(0.1, 1.5))
    information_rate: float = param(
        0.03,
        "1 per hour",
        "share of what is unknown that an hour of collecting per 1,000 residents makes known",
        range=(0, 0.1),
    )
    information_decay: float = param(0.02, "1 per week", "share of what is known that goes stale", range=(0.005, 0.06))
