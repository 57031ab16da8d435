"""Home visits (case.structures, case.visits): door to door, to households that stand in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.calendar import WEEKS_A_YEAR
from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class HomeVisits(Instrument):
    """Those who are in the way are visited again and again, by whoever knows them best.

    Not scalable: visits cost staff, members and neighbours their time, and money only where compensation is paid.
    """

    name: ClassVar[str] = "home_visits"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "visits"
    campaign: ClassVar[bool] = True
    check: ClassVar[str] = "visits_per_1000"
    channel: ClassVar[dict[str, float]] = {"yes_base": -100, "visit_hours": 0, "backfire": 0, "backfire_pressure": 0}

    start: str = param("2018-01-01", "date", "first day in force (no date in the article)")
    visits: float = param(1.0, "visits per 1,000 residents and week", "most visits that are made", range=(0, 5))
    pressure: float = param(0.2, "1", "how hard visitors press", range=(0, 1))
    compensation: float = param(0, "yuan", "paid to a household that gives in", range=(0, 50_000))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Visits, and the way in which they are made."""
        if self.visits <= 0:  # nobody presses or pays who does not come
            return []
        return [
            add("visits", self.visits),
            add("visit_pressure", self.pressure),
            add("visit_compensation", self.compensation),
        ]

    def yearly_cost(self, config: Config) -> Cost:
        """Compensation for one visit in three, and the visitors' hours (those of staff are working time)."""
        visits = self.visits * config.place.residents / 1_000 * WEEKS_A_YEAR
        return Cost(yuan=visits / 3 * self.compensation, hours=visits * config.behaviour.visit_hours)
