"""Background: the part of a district that is not simulated."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Offices:
    """The part of a district that is not simulated."""

    smoothing: float = param(
        0.2, "1 per week", "how fast the rest of the district follows the simulated place", range=(0.05, 0.4)
    )
    pooling: float = param(
        40, "cases", "weight of the district's common load where a branch has seen few cases", range=(0, 200)
    )
