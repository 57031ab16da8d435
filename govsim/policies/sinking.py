"""Sinking (sinking): powers and working time move down from district branches to streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config

_SINKABLE = 0.45
"""Part of all branch time that is of kinds which streets could finish, roughly."""


@dataclass
class Sinking(Instrument):
    """Streets may finish a share of the steps that branches took, with hours that move down with them.

    Headcount stays the same: what streets gain, branches lose. Not scalable: it moves people, it buys none.
    """

    name: ClassVar[str] = "sinking"
    tier: ClassVar[str] = "street"
    dose: ClassVar[str | None] = "share"
    check: ClassVar[str] = "sunk_share_of_cases"
    channel: ClassVar[dict[str, float]] = {"sunk_power": 0}

    start: str = param("2018-01-01", "date", "first day in force (no date in the article)")
    share: float = param(
        0.3, "1", "share of the steps of kinds that streets could finish which they finish", range=(0, 1)
    )
    hours: float = param(
        1.0, "1", "branch time that moves, relative to the work that moves with it before the reform", range=(0, 2)
    )
    training_hours: float = param(
        60, "hours per official and year", "training of those who move in the work of other departments", range=(0, 200)
    )

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of steps, and of branch time."""
        return [add("sunk_share", self.share), add("sunk_hours", self.share * self.hours)]

    def yearly_cost(self, config: Config) -> Cost:
        """Training; the hours themselves were paid for before."""
        branch_hours = sum(d.hours for d in config.departments.values()) * config.place.residents / 1_000
        officials = self.share * self.hours * _SINKABLE * branch_hours / config.before.worker_hours
        return Cost(yuan=officials * self.training_hours * config.prices.official_hour)
