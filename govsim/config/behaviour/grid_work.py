"""Grid workers: a grid worker's week, what overloads it, and who leaves."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class GridWork:
    """A grid worker's week, what overloads it, and who leaves."""

    paperwork_share: float = param(
        0.30,
        "1",
        "forms and meetings of one grid, as a share of a working week; fewer workers than grids do more each",
        range=(0.1, 0.45),
    )
    collect_share: float = param(
        0.12, "1", "share of a grid worker's week spent on collecting information", range=(0, 0.3), source="grid.duties"
    )
    publicity_share: float = param(
        0.05, "1", "share of a grid worker's week spent on publicity", range=(0, 0.2), source="grid.duties"
    )
    mediation_share: float = param(
        0.06, "1", "most of a grid worker's week that goes to mediation", range=(0, 0.25), source="grid.duties"
    )
    patrol_floor: float = param(
        0.15, "1", "share of a grid worker's week that must be patrolled whatever else there is", range=(0.05, 0.4)
    )
    cover_share: float = param(
        0.15,
        "1",
        "share of a worker's patrol given to neighbouring grids without one",
        range=(0, 0.4),
        source="grid.duties",
    )
    spot_hours: float = param(1.2, "hours", "work to settle a case on the spot", range=(0.3, 3))
    report_hours: float = param(0.5, "hours", "work to report a case", range=(0.1, 1.5))
    mediation_hours: float = param(3.0, "hours", "work of one attempt to mediate", range=(1, 8))
    information_rate: float = param(
        0.03,
        "1 per hour",
        "share of what is unknown that an hour of collecting per 1,000 residents makes known",
        range=(0, 0.1),
    )
    information_decay: float = param(0.02, "1 per week", "share of what is known that goes stale", range=(0.005, 0.06))
    publicity_rate: float = param(
        0.03,
        "1 per hour",
        "share of those not reached whom an hour of publicity per 1,000 residents reaches",
        range=(0, 0.1),
    )
    publicity_decay: float = param(0.03, "1 per week", "share of those reached who forget", range=(0.01, 0.1))
    overtime_limit: float = param(0.2, "1", "most overtime, as a share of the week", range=(0, 0.5))
    strain_rate: float = param(0.1, "1 per week", "how fast strain follows overload", range=(0.03, 0.4))
    turnover_base: float = param(0.0027, "1 per week", "hazard that an unstrained worker leaves", range=(0.0005, 0.006))
    turnover_strain: float = param(
        0.015, "1 per week", "what full strain, a week at the limit of overtime, adds to it", range=(0, 0.04)
    )
    vacancy_weeks: float = param(8, "weeks", "time until a post is filled again", range=(1, 40))
    leaver_share: float = param(
        0.6, "1", "share of what a worker knows of the place that leaves with the worker", range=(0, 1)
    )
