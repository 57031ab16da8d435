"""Grid staffing (grid.workers): how many full-time workers walk each grid."""

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
class GridStaffing(Instrument):
    """Full-time workers per grid, in place of what there was before.

    Scalable: each further worker costs the same wage.
    """

    name: ClassVar[str] = "grid_staffing"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "workers_per_grid"
    scalable: ClassVar[tuple[str, ...]] = ("workers_per_grid",)
    check: ClassVar[str] = "found_by_grid_per_1000"
    channel: ClassVar[dict[str, float]] = {
        "patrol_reach": 0,
        "information_rate": 0,
        "mediation_share": 0,
        "publicity_rate": 0,
    }

    start: str = param("2017-09-04", "date", "first day in force", source="grid.integration", grade="A")
    workers_per_grid: float = param(
        13_445 / 15_329,
        "workers per grid",
        "full-time workers per grid",
        range=(0, 3),
        source="grid.workers / grid.count",
        grade="A",
    )

    @classmethod
    def neutral(cls, before: Arrangements) -> float:
        """The staffing before."""
        return before.workers_per_grid

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The difference from the staffing before."""
        return [add("workers_per_grid", self.workers_per_grid - before.workers_per_grid)]

    def yearly_cost(self, config: Config) -> Cost:
        """Wages of the workers beyond those there were before (a saving where there are fewer)."""
        extra = self.workers_per_grid - config.before.workers_per_grid
        return Cost(yuan=extra * counts(config.place).grids * config.prices.worker)
