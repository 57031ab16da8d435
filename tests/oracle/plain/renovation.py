"""Renovation: one building comes first to show the result; compounds follow where people agree and there is room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim.calendar import WEEKS_A_YEAR
from plain.compound import consent

if TYPE_CHECKING:
    from plain.agents import Community, Settlement
    from plain.city import City

CELLS = 3
"""Cells of the lattice beyond which nothing is seen."""
_WORN = 0.2
"""Newness of works below which a compound is due again."""


def build(city: City) -> None:
    """One week of works, and what is seen of them."""
    for community in city.communities:
        build_in(city, community)
    for settlement in city.settlements:
        settlement.pilot *= 1.0 - city.p.shown_decay
        settlement.works *= 1.0 - city.p.works_decay
    for settlement in city.settlements:
        settlement.shown = _seen_from(city, settlement)


def build_in(city: City, community: Community) -> None:
    """A week of works in a community."""
    _open_pilots(city, community)
    _begin_a_pilot(city, community)
    _renovate(city, community)


# --- pilot buildings


def _open_pilots(city: City, community: Community) -> None:
    """Pilot buildings whose works end are as fresh as can be, and better their compounds by their part."""
    for settlement in community.settlements:
        if 0 <= settlement.pilot_due <= city.week:
            settlement.pilot_due, settlement.pilot = -1, 1.0
            part = city.p.works_gain / settlement.buildings
            settlement.environment += part * (1.0 - settlement.environment)


def _begin_a_pilot(city: City, community: Community) -> None:
    """One at a time, in the compound with the worst environment that has none."""
    under_way = any(settlement.pilot_due >= 0 for settlement in community.settlements)
    if under_way or community.pilots >= round(city.rules.pilots):
        return
    worst = _worst([s for s in community.settlements if s.is_compound and s.pilot <= 0.0])
    if worst:
        worst.pilot_due = city.week + int(city.p.pilot_weeks)
        community.pilots += 1
        city.tally["works_spent"] += city.config.prices.pilot


def _worst(settlements: list[Settlement]) -> Settlement | None:
    """The one with the worst environment, the first of equals."""
    return min(settlements, key=lambda settlement: settlement.environment, default=None)


# --- whole compounds


def _renovate(city: City, community: Community) -> None:
    """Money gathers until it covers the worst compound that can be renovated; what nobody agrees to spend stays."""
    money = city.rules.works_yuan / WEEKS_A_YEAR * community.residents
    community.works_balance += money
    worst = _worst([settlement for settlement in community.settlements if _can_be_renovated(city, settlement)])
    if money <= 0.0 or worst is None:
        return
    price = city.p.works_yuan * worst.people
    if community.works_balance >= price:
        community.works_balance -= price
        worst.environment += city.p.works_gain * (1.0 - worst.environment)
        worst.works = 1.0
        city.tally["works_spent"] += price
        city.tally["renovated"] += 1


def _can_be_renovated(city: City, settlement: Settlement) -> bool:
    """It is due, little stands in the way, and residents would agree, the more so for what they see nearby."""
    return (
        settlement.is_compound
        and settlement.works <= _WORN
        and settlement.structures <= city.p.works_clear
        and consent(settlement) + city.p.works_shown * settlement.shown >= city.p.works_consent
    )


# --- what is seen


def _seen_from(city: City, settlement: Settlement) -> float:
    """What pilots and renovated compounds show here; it fades with time and distance, and is seen once."""
    unseen = 1.0
    for other in city.settlements:
        cells = apart(settlement, other)
        if cells <= CELLS:
            fresh = max(other.pilot, other.works)
            unseen *= 1.0 - fresh * math.exp(-cells * city.p.cell_metres / city.p.shown_reach)
    return 1.0 - unseen


def apart(settlement: Settlement, other: Settlement) -> float:
    """Cells of the lattice between two settlements."""
    return math.hypot(other.x - settlement.x, other.y - settlement.y)
