"""Service station inside the compound (compound.station)."""

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
class ServiceStation(Instrument):
    """Staff in large compounds settle small matters on the spot and take reports.

    Scalable: each further station costs the same.
    """

    name: ClassVar[str] = "service_station"
    tier: ClassVar[str] = "compound"
    dose: ClassVar[str | None] = "share"
    scalable: ClassVar[tuple[str, ...]] = ("share",)
    check: ClassVar[str] = "settled_at_station_per_1000"
    channel: ClassVar[dict[str, float]] = {"station_hours": 0, "station_reach": 0}

    start: str = param("2018-06-04", "date", "first day in force (no date in the article)")
    share: float = param(0.3, "1", "share of compounds large enough that have a station", range=(0, 1))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of large compounds."""
        return [add("stations", self.share)]

    def yearly_cost(self, config: Config) -> Cost:
        """Stations in as many compounds as are large in the city (a fifth), with their staff."""
        return Cost(yuan=self.share * 0.2 * counts(config.place).compounds * config.prices.station)
