"""Enterprise co-building (enterprise.cobuild): enterprises add to what a community spends on projects."""

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
class EnterpriseCobuilding(Instrument):
    """Enterprises are asked to match each yuan of a project; some refuse, and asking takes time.

    Some public money comes with it, so that there is something to match without a fund. Not scalable: what enterprises
    give cannot be bought.
    """

    name: ClassVar[str] = "enterprise_cobuilding"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "match"
    check: ClassVar[str] = "matched_per_resident"
    channel: ClassVar[dict[str, float]] = {"environment_gain": 0, "project_hours": 0, "match_hours": 0}

    start: str = param("2018-06-04", "date", "first day in force (no date in the article)")
    match: float = param(0.5, "1", "yuan asked of enterprises of mean weight for each yuan of a project", range=(0, 3))
    seed_yuan: float = param(
        40_000, "yuan per community and year", "public money for projects that enterprises are to match",
        range=(0, 400_000),
    )  # fmt: skip

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """What is asked for, and the public share."""
        if not self.match:  # nothing is asked for, so there is nothing to match
            return []
        return [add("match_rate", self.match), add("fund_yuan", self.seed_yuan)]

    def yearly_cost(self, config: Config) -> Cost:
        """The public share; enterprises' time for the projects it starts (their money is apart)."""
        if not self.match:
            return Cost()
        communities, p = counts(config.place).communities, config.behaviour
        projects = self.seed_yuan / p.project_yuan * (1.0 - p.match_refused)
        return Cost(yuan=self.seed_yuan * communities, hours=projects * communities * p.match_partner_hours)
