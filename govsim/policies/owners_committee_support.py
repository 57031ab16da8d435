"""Support for owners' committees (compound.tripartite): organised help to call and win a vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add, organised

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class OwnersCommitteeSupport(Instrument):
    """Helpers tell owners how to found a committee, and go round before the vote.

    Scalable: a further hour costs the same.
    """

    name: ClassVar[str] = "owners_committee_support"
    tier: ClassVar[str] = "compound"
    dose: ClassVar[str | None] = "hours"
    scalable: ClassVar[tuple[str, ...]] = ("hours",)
    check: ClassVar[str] = "owners_committee_share"
    channel: ClassVar[dict[str, float]] = {"consent_owners": 0, "conflict_voice": 0, "dismissal_rate": 0}

    start: str = param("2018-06-04", "date", "first day in force (assumed)")
    hours: float = param(2, "hours per community and week", "help with votes for owners' committees", range=(0, 20))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Hours of help."""
        return [add("owners_support", self.hours)]

    def yearly_cost(self, config: Config) -> Cost:
        """Hours of help."""
        return Cost(yuan=organised(self.hours, config))
