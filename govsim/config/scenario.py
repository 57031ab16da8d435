"""Shocks and ends of campaigns: what happens to a place whatever the policy, the same in every world of a run."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.calendar import week_of
from govsim.config.parameters import param
from govsim.policies.base import scale

__all__ = ["Scenario"]


@dataclass
class Scenario:
    """One dated shock, and the end of campaigns.

    A shock multiplies rules in force while it lasts and ends by itself; factors of 1 are no shock. Staff who are
    missing are absent, not dismissed: what they cost stays the same.
    """

    start: str = param("2018-09-03", "date", "first day of the shock (rounded to its week)")
    weeks: int = param(13, "weeks", "how long the shock lasts", range=(1, 520))
    demand: float = param(1.0, "1", "factor on how often new cases arise during the shock", range=(0.25, 3))
    staff: float = param(
        1.0, "1", "factor on working hours of branches, offices and grid workers during the shock", range=(0.25, 1.5)
    )
    budget: float = param(1.0, "1", "factor on the community fund that accrues during the shock", range=(0, 2))
    campaigns_end: str = param("", "date", "first day on which no campaign runs any more; empty: they run on")

    @property
    def during(self) -> range:
        """Weeks of the timeline in which it is felt."""
        first = week_of(self.start)
        return range(first, first + self.weeks)

    def rules(self) -> list[tuple[str, str, float]]:
        """Its contributions to the rules in force, as an instrument has them: (rule, scale, factor)."""
        hours = ("branch_hours", "office_hours", "worker_hours")
        return [
            scale("demand", self.demand),
            *(scale(rule, self.staff) for rule in hours),
            scale("fund_yuan", self.budget),
        ]
