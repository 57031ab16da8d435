"""Security gates (case.security_gates): face recognition at the entrance."""

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
class SecurityGates(Instrument):
    """Gates keep strangers out of some compounds, and make everybody wait a moment.

    Scalable: each further compound costs the same.
    """

    name: ClassVar[str] = "security_gates"
    tier: ClassVar[str] = "compound"
    dose: ClassVar[str | None] = "share"
    scalable: ClassVar[tuple[str, ...]] = ("share",)
    check: ClassVar[str] = "gated_share"
    channel: ClassVar[dict[str, float]] = {"gate_effect": 0, "gate_hours": 0}

    start: str = param("2018-06-04", "date", "first day in force (no date in the article)")
    share: float = param(0.1, "1", "share of compounds with gates", range=(0, 1))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of compounds."""
        return [add("gates", self.share)]

    def yearly_cost(self, config: Config) -> Cost:
        """Gates of as many compounds."""
        return Cost(yuan=self.share * counts(config.place).compounds * config.prices.gate)
