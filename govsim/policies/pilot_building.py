"""Pilot building (case.pilot): one building is renovated first, to show the result."""

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
class PilotBuilding(Instrument):
    """Each community renovates some buildings first, so that others see what they would get.

    Scalable: each further building costs the same.
    """

    name: ClassVar[str] = "pilot_building"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "buildings"
    scalable: ClassVar[tuple[str, ...]] = ("buildings",)
    check: ClassVar[str] = "shown"
    channel: ClassVar[dict[str, float]] = {"shown_weight": 0, "works_shown": 0, "works_gain": 0}

    start: str = param("2018-03-05", "date", "first day in force (no date in the article)")
    buildings: float = param(1, "buildings per community", "pilot buildings", range=(0, 5))
    years: float = param(5, "years", "time over which a plan spreads the cost", range=(1, 20))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Pilot buildings."""
        return [add("pilots", self.buildings)]

    def yearly_cost(self, config: Config) -> Cost:
        """The buildings, spread over the years."""
        return Cost(yuan=self.buildings * counts(config.place).communities * config.prices.pilot / self.years)
