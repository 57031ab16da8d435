"""Responsibility list (committee.duties): who is responsible for what is written down and published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class ResponsibilityList(Instrument):
    """A published list that removes a part of each kind's ambiguity, and no dispute by itself.

    Not scalable: it costs the hours of drafting, whatever it manages to name.
    """

    name: ClassVar[str] = "responsibility_list"
    tier: ClassVar[str] = "city"
    dose: ClassVar[str | None] = "coverage"
    check: ClassVar[str] = "misrouted_share"
    channel: ClassVar[dict[str, float]] = {"list_clarity": 0}

    start: str = param("2018-01-01", "date", "first day in force (no date in the article)")
    coverage: float = param(0.4, "1", "share of cases whose department it names unmistakably", range=(0, 0.9))
    drafting_hours: float = param(
        20_000, "hours a year", "officials' time to draft and keep it, city-wide", range=(5_000, 80_000)
    )

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of ambiguity it removes."""
        return [add("list_coverage", self.coverage)]

    def yearly_cost(self, config: Config) -> Cost:
        """Drafting, prorated to the place; nothing for an empty list."""
        hours = self.drafting_hours * config.place.residents / config.city_residents if self.coverage else 0.0
        return Cost(yuan=hours * config.prices.official_hour)
