"""Funding: projects of the community fund, and the environment."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Funding:
    """Projects of the community fund, and the environment."""

    project_yuan: float = param(20_000, "yuan", "size of a project", range=(5_000, 100_000))
    project_hours: float = param(14, "hours", "community work to prepare a project", range=(2, 60))
    approval_weeks: float = param(6, "weeks", "mean time to approve a project", range=(1, 20))
    building_weeks: float = param(8, "weeks", "time over which a project is paid and built", range=(2, 26))
    environment_gain: float = param(
        0.020, "1 per week", "largest gain of environment that money can buy", range=(0.005, 0.04)
    )
    gain_half: float = param(
        1.2, "yuan per resident and week", "spending at which half of it is reached", range=(0.4, 4)
    )
    environment_decay: float = param(0.0045, "1 per week", "loss of environment without upkeep", range=(0.002, 0.01))
    upkeep: float = param(0.0018, "1 per week", "municipal upkeep", range=(0.001, 0.0035))
    cut_loose: float = param(
        0.3, "1", "share of municipal upkeep that a work-unit quarter lacks, whose enterprise no longer keeps it up",
        range=(0, 0.7), source="case.xiajiancao",
    )  # fmt: skip
    property_upkeep: float = param(0.0012, "1 per week", "upkeep by a perfect property company", range=(0, 0.003))
    fund_floor: float = param(
        0.3, "1", "part of the fund dealt equally where the rest follows a signal of need", range=(0, 1)
    )
    match_refused: float = param(0.3, "1", "share of projects for which enterprises refuse a match", range=(0, 0.9))
    match_hours: float = param(6, "hours", "community work to ask for a match and to organise it", range=(1, 30))
    match_partner_hours: float = param(10, "hours", "enterprises' time for a project that they match", range=(1, 60))
    choosing_weeks: float = param(4, "weeks", "time that residents take to choose a project", range=(1, 16))
    choosing_hours: float = param(8, "hours", "community work to let residents choose a project", range=(2, 40))
    deliberation_hours: float = param(
        0.05, "hours per week", "time in deliberation of each resident who takes part, where residents choose all",
        range=(0.01, 0.5),
    )  # fmt: skip
    choice_gain: float = param(
        1.0, "1", "what full turnout would add to a chosen project's worth, relative to an official's choice",
        range=(0, 3),
    )  # fmt: skip
    choice_even: float = param(
        0.2, "1", "share of residents who take part at which their choice is as good as an official's; below, a few "
        "capture it", range=(0.05, 0.5),
    )  # fmt: skip
