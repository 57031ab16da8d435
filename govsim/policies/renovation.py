"""Renovation (case.renovation): courtyards, parking, facilities, and overhead wires gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class Renovation(Instrument):
    """Money for whole compounds, the worst first, where residents agree and no structures are in the way.

    Scalable: twice the money renovates twice as much.
    """

    name: ClassVar[str] = "renovation"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "yuan"
    scalable: ClassVar[tuple[str, ...]] = ("yuan",)
    check: ClassVar[str] = "renovated"
    channel: ClassVar[dict[str, float]] = {"works_gain": 0, "works_effect": 0, "works_shown": 0, "shown_weight": 0}

    start: str = param("2018-03-05", "date", "first day in force (no date in the article)")
    yuan: float = param(30, "yuan per resident and year", "money for renovating compounds", range=(0, 600))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The yearly sum."""
        return [add("works_yuan", self.yuan)]

    def yearly_cost(self, config: Config) -> Cost:
        """The sum for all residents."""
        return Cost(yuan=self.yuan * config.place.residents)
