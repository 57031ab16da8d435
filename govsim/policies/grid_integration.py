"""Grid integration (grid.integration): separate line inspectors become one uniform grid system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.config.place import counts
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class GridIntegration(Instrument):
    """One patrol looks for all kinds of problems, less expertly than a line's own inspector did.

    Not scalable: it is a way of working; beyond the training of those who are there, money buys no more of it.
    """

    name: ClassVar[str] = "grid_integration"
    tier: ClassVar[str] = "city"
    dose: ClassVar[str | None] = "share"
    check: ClassVar[str] = "found_by_grid_per_1000"
    channel: ClassVar[dict[str, float]] = {"patrol_reach": 0, "information_rate": 0}

    start: str = param("2017-09-04", "date", "first day in force", source="grid.integration", grade="A")
    share: float = param(
        1.0,
        "1",
        "share of grid workers' time that is merged",
        range=(0, 1),
        source="grid.integration",
        grade="A",
    )
    training_hours: float = param(30, "hours per worker and year", "training in the other lines' work", range=(0, 120))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of patrol time that looks for all kinds."""
        return [add("grid_integrated", self.share)]

    def yearly_cost(self, config: Config) -> Cost:
        """Training of the workers there were before (more workers are another instrument's cost)."""
        workers = config.before.workers_per_grid * counts(config.place).grids
        return Cost(yuan=self.share * workers * self.training_hours * config.prices.clerk_hour)
