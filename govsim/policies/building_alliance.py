"""Building alliance (alliance): work units and enterprises of the area help the community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.calendar import WEEKS_A_YEAR
from govsim.config.parameters import param
from govsim.config.place import counts
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class BuildingAlliance(Instrument):
    """Partner units give people's time to the community, more where there are more of them.

    Not scalable: partners give hours, not money.
    """

    name: ClassVar[str] = "building_alliance"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "hours"
    check: ClassVar[str] = "partner_hours_per_1000"
    channel: ClassVar[dict[str, float]] = {"alliance_use": 0, "alliance_meetings": 0}

    start: str = param("2018-06-04", "date", "first day in force (no date in the article)")
    hours: float = param(20, "hours per community and week", "time that partner units give", range=(0, 100))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Partners' hours."""
        return [add("alliance_hours", self.hours)]

    def yearly_cost(self, config: Config) -> Cost:
        """Partners' hours; arranging them is staff's working time."""
        return Cost(hours=self.hours * counts(config.place).communities * WEEKS_A_YEAR)
