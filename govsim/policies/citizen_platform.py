"""Citizens' platform (platform.start, platform.services): services and reports online."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from govsim.config.parameters import param
from govsim.policies.base import Cost, Instrument, add

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config


@dataclass
class CitizenPlatform(Instrument):
    """Departments put services online; residents register, take them there, and report there.

    Not scalable: it costs the same however many use it.
    """

    name: ClassVar[str] = "citizen_platform"
    tier: ClassVar[str] = "city"
    dose: ClassVar[str | None] = "services"
    check: ClassVar[str] = "platform_users_share"
    channel: ClassVar[dict[str, float]] = {"app_reach": 0, "app_certificates": 0, "app_misdirected": 0}

    start: str = param("2018-10-01", "date", "first day in force", source="platform.start", grade="A")
    services: float = param(189, "services", "services online", range=(0, 189), source="platform.services", grade="A")

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The share of all services that is online."""
        return [add("platform", self.services / 189)]

    def yearly_cost(self, config: Config) -> Cost:
        """Running it, prorated to the place."""
        part = config.place.residents / config.city_residents if self.services else 0.0
        return Cost(yuan=config.prices.platform * part)
