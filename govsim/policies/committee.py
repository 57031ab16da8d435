"""Coordinating committee (committee.start, committee.duties): rules on classes of disputed cases."""

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
class Committee(Instrument):
    """A body above the departments that meets, rules on classes of cases and orders joint handling.

    It writes no bounce rate: branches decide, and what they expect from it is part of their decision.
    Not scalable: its staff costs the same however many departments it coordinates.
    """

    name: ClassVar[str] = "committee"
    tier: ClassVar[str] = "city"
    dose: ClassVar[str | None] = "departments"
    check: ClassVar[str] = "bounce_rate"
    channel: ClassVar[dict[str, float]] = {
        "precedent_clarity": 0,
        "precedent_following": 0,
        "blame_weight": 0,
        "joint_power": 0,
        "liaison_hours": 0,
    }

    start: str = param("2017-09-04", "date", "first day in force", source="committee.start", grade="A")
    departments: float = param(
        44,
        "departments",
        "departments it coordinates, in the order of the departments file",
        range=(0, 44),
        source="committee.departments",
        grade="A",
    )
    meeting_hours: float = param(12, "hours a week", "time in which it hears disputed classes", range=(0, 40))
    authority: float = param(
        0.8,
        "1",
        "how much its rulings count: its head also decides on appointments",
        range=(0, 1),
        source="committee.start",
    )
    leading_group: float = param(
        1,
        "1",
        "a leading group above it backs rulings that are not heeded (1) or not (0)",
        range=(0, 1),
        source="committee.start",
    )
    joint: float = param(1, "1", "orders joint handling (1) or not (0)", range=(0, 1))

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Departments, meeting time, authority and joint handling."""
        if self.departments < 1:  # a committee of nobody neither meets nor orders
            return []
        return [
            add("committee_departments", self.departments),
            add("committee_hours", self.meeting_hours),
            add("committee_authority", self.authority),
            add("committee_joint", self.joint),
            add("leading_group", self.leading_group),
        ]

    def yearly_cost(self, config: Config) -> Cost:
        """Its staff, prorated to the place; each department sends one person to each meeting."""
        if self.departments < 1:
            return Cost()
        part = config.place.residents / config.city_residents
        return Cost(
            yuan=config.prices.committee_staff * config.prices.official * part,
            hours=self.departments * self.meeting_hours * WEEKS_A_YEAR * part,
        )
