"""Community fund (funding.per_community): earmarked money for each community, every year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.config.place import counts
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config

SIGNALS = ("equal", "reported", "patrol", "true_need")


@dataclass
class Fund(Instrument):
    """A sum for each community, equal or by a signal of need; what is not spent stays and is an outcome.

    Scalable: twice the money is twice the fund.
    """

    name: ClassVar[str] = "fund"
    tier: ClassVar[str] = "community"
    dose: ClassVar[str | None] = "yuan"
    scalable: ClassVar[tuple[str, ...]] = ("yuan",)
    check: ClassVar[str] = "environment"
    channel: ClassVar[dict[str, float]] = {"environment_gain": 0, "project_hours": 0}

    start: str = param("2018-01-01", "date", "first day in force (no date in the article)")
    yuan: float = param(
        350_000,
        "yuan per community and year",
        "earmarked community fund",
        range=(0, 2_000_000),
        source="funding.per_community",
        grade="A",
    )

    signal: str = param(
        "equal",
        "",
        "what the same total follows: equal sums, what residents report, what patrols find per hour, or true need",
        choices=SIGNALS,
    )

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The yearly sum, and what it follows."""
        follows = [add(f"fund_by_{self.signal}", 1.0)] if self.signal != "equal" else []
        return [add("fund_yuan", self.yuan), *follows]

    def yearly_cost(self, config: Config) -> Cost:
        """The sum for every community of the place."""
        return Cost(yuan=self.yuan * counts(config.place).communities)
