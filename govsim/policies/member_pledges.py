"""Pledges of in-service members (party.declared_members): they declare themselves where they live."""

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
class MemberPledges(Instrument):
    """Work units ask their members to declare themselves in their compound and to help there.

    Not scalable: it costs members' time and hardly any money.
    """

    name: ClassVar[str] = "member_pledges"
    tier: ClassVar[str] = "compound"
    dose: ClassVar[str | None] = "drive"
    campaign: ClassVar[bool] = True
    check: ClassVar[str] = "pledged_members_per_1000"
    channel: ClassVar[dict[str, float]] = {"pledge_hours": 0, "covenant_lead": 0}

    start: str = param("2018-06-04", "date", "first day in force (assumed: with the three tiers)")
    drive: float = param(1.0, "1", "how strongly members are asked", range=(0, 2))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The strength of the drive."""
        return [add("pledge_drive", self.drive)]

    def yearly_cost(self, config: Config) -> Cost:
        """Members' time where all who would pledge in a year did, counted as it is given."""
        adults = 1 - config.place.child_share
        pledged = self.drive * config.behaviour.pledge_rate * WEEKS_A_YEAR * config.place.member_share * adults
        return Cost(hours=pledged * config.place.residents * config.behaviour.pledge_hours * WEEKS_A_YEAR)
