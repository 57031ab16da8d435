"""Neighbourhood covenant (compound.covenant): neighbours write down how they want to live together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add, organised

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class Covenant(Instrument):
    """Helpers bring neighbours together to draft and sign a covenant, compound by compound.

    Scalable: more hours draft more of them at a time.
    """

    name: ClassVar[str] = "covenant"
    tier: ClassVar[str] = "compound"
    dose: ClassVar[str | None] = "hours"
    scalable: ClassVar[tuple[str, ...]] = ("hours",)
    check: ClassVar[str] = "covenant_compliance"
    channel: ClassVar[dict[str, float]] = {"covenant_effect": 0}

    start: str = param("2018-06-04", "date", "first day in force (no date in the article)")
    hours: float = param(3, "hours per community and week", "help with drafting covenants", range=(0, 20))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Hours of help."""
        return [add("covenant_drive", self.hours)]

    def yearly_cost(self, config: Config) -> Cost:
        """Hours of help."""
        return Cost(yuan=organised(self.hours, config))
