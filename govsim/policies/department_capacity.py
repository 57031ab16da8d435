"""Department capacity: more of what there is, in branches and in street and community offices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.calendar import WEEKS_A_YEAR
from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, scale

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class DepartmentCapacity(Instrument):
    """Working time of branches, and of street and community offices, relative to before.

    Scalable: each further hour costs the same. A budget sizes both in the proportion in which they stand.
    """

    name: ClassVar[str] = "department_capacity"
    tier: ClassVar[str] = "district"
    dose: ClassVar[str | None] = "branches"
    scalable: ClassVar[tuple[str, ...]] = ("branches", "offices")
    check: ClassVar[str] = "branch_utilisation"
    channel: ClassVar[dict[str, float]] = {"work_scale": 0, "triage_hours": 0}

    branches: float = param(1.2, "1", "branch working time relative to before", range=(0.5, 3))
    offices: float = param(1.0, "1", "street and community working time relative to before", range=(0.5, 3))

    @classmethod
    def neutral(cls, before: Arrangements) -> float:
        """As many hours as before."""
        return 1.0

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """Two factors on working time."""
        return [scale("branch_hours", self.branches), scale("office_hours", self.offices)]

    def yearly_cost(self, config: Config) -> Cost:
        """Extra hours at the price of an hour (a saving where there are fewer)."""
        thousands = config.place.residents / 1_000
        branch_hours = sum(d.hours for d in config.departments.values()) * thousands * WEEKS_A_YEAR
        office_hours = (config.before.community_hours + config.before.street_hours) * thousands * WEEKS_A_YEAR
        return Cost(
            yuan=(self.branches - 1) * branch_hours * config.prices.official_hour
            + (self.offices - 1) * office_hours * config.prices.clerk_hour
        )
