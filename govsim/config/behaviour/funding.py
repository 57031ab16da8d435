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
    property_upkeep: float = param(0.0012, "1 per week", "upkeep by a perfect property company", range=(0, 0.003))
