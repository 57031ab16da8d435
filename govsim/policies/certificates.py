"""Certificate reduction (burden.certificates): fewer papers that a community must issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class Certificates(Instrument):
    """The list of certificates is cut; staff and residents get the hours back.

    Not scalable: it takes a decision and no money.
    """

    name: ClassVar[str] = "certificates"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "items"
    check: ClassVar[str] = "certificate_hours_per_1000"
    channel: ClassVar[dict[str, float]] = {"certificate_hours": 0}

    start: str = param("2018-04-02", "date", "first day in force (no date in the article)")
    items: float = param(
        15, "items", "certificates that remain", range=(0, 400), source="burden.certificates", grade="A"
    )

    @classmethod
    def neutral(cls, before: Arrangements) -> float:
        """The list before."""
        return before.certificates

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The difference from the list before."""
        return [add("certificates", self.items - before.certificates)]

    def yearly_cost(self, config: Config) -> Cost:
        """No money: what departments now check among themselves is not in the article and is left out."""
        return Cost()
