"""Three-tier Party organisation (party.tiers_start, tiers.roles): street, community, compound, each with its role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add, organised

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class PartyOrganisation(Instrument):
    """Organisers in communities find members and found organisations; streets bring owners and property together.

    Scalable: a further organiser's hour costs the same.
    """

    name: ClassVar[str] = "party_organisation"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "hours"
    scalable: ClassVar[tuple[str, ...]] = ("hours",)
    check: ClassVar[str] = "party_organised_share"
    channel: ClassVar[dict[str, float]] = {"leader_share": 0}

    start: str = param("2018-06-04", "date", "first day in force", source="party.tiers_start", grade="A")
    hours: float = param(
        10, "hours per community and week", "organisers who find members and found organisations", range=(0, 60)
    )
    links: float = param(
        1.0, "1", "share of compounds whose owners and property company the street brings together", range=(0, 1)
    )
    link_share: float = param(
        0.2, "1", "further hours in streets for each organiser's hour, where they bring all together", range=(0, 1)
    )

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Organisers' hours, and the street's part where there are any."""
        if self.hours <= 0:  # a street has nobody to bring together where no organisation is
            return []
        return [add("party_hours", self.hours), add("party_links", self.links)]

    def yearly_cost(self, config: Config) -> Cost:
        """Organisers' hours, and the street's work for compounds that it brings together."""
        return Cost(yuan=organised(self.hours * (1 + self.link_share * self.links), config))
