"""Channels of participation (participation.channels): residents choose projects."""

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
class ParticipationChannels(Instrument):
    """Residents choose a share of projects in deliberation, well or badly, depending on how many come.

    Not scalable: it is a way to decide; meetings cost people's time, not money.
    """

    name: ClassVar[str] = "participation_channels"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "share"
    check: ClassVar[str] = "deliberation_hours_per_1000"
    channel: ClassVar[dict[str, float]] = {
        "choosing_weeks": 0,
        "choosing_hours": 0,
        "choice_gain": 0,
        "pull_channels": 0,
    }

    start: str = param("2018-03-05", "date", "first day in force (no date in the article)")
    share: float = param(0.5, "1", "share of projects that residents choose", range=(0, 1))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of projects."""
        return [add("channels", self.share)]

    def yearly_cost(self, config: Config) -> Cost:
        """The time of those who take part, were it as many as make a good choice; staff's time is working time."""
        p = config.behaviour
        weekly = self.share * p.deliberation_hours * p.choice_even * config.place.residents
        return Cost(hours=weekly * WEEKS_A_YEAR)
