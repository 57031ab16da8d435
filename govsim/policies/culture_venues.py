"""Free venues for culture groups (culture.venues)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class CultureVenues(Instrument):
    """Communities offer rooms where groups can dance, sing and play.

    Scalable: each further venue costs the same.
    """

    name: ClassVar[str] = "culture_venues"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "venues"
    scalable: ClassVar[tuple[str, ...]] = ("venues",)
    check: ClassVar[str] = "culture_groups_per_1000"
    channel: ClassVar[dict[str, float]] = {"ties_groups": 0, "noise": 0, "space_eased": 0}

    start: str = param("2018-04-02", "date", "first day in force (assumed: the culture centre opened in 2018)")
    venues: float = param(2, "venues per 10,000 residents", "free venues", range=(0, 20))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Venues."""
        return [add("venues", self.venues)]

    def yearly_cost(self, config: Config) -> Cost:
        """Rent and keeper of each venue."""
        return Cost(yuan=self.venues * config.place.residents / 10_000 * config.prices.venue)
