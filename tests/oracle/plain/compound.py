"""Compound: neighbours, owners' committee and property company settle what they can themselves.

A case is settled here with probability in_compound x information x consent x execution. Three partners, three factors:
no term rewards having them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim import cases as c
from plain import handling
from plain.agents import Case, Settlement

if TYPE_CHECKING:
    from plain.city import City


def settle(city: City, day: int) -> None:
    """The cases whose time in the compound is up today, in the order of identities: members' hands are scarce."""
    for case in handling.arrive(city, "compound", day):
        if _station_settles(city, case):
            _cure(city, case, day, "settled_at_station", c.AT_STATION)
        elif _neighbours_settle(city, case):
            _cure(city, case, day, "settled_in_compound", c.IN_COMPOUND)
        else:
            city.send(case, "community", c.COMMUNITY, day + 1)
            city.note(case, day, -1, c.BEYOND_COMPOUND)


def _cure(city: City, case: Case, day: int, flow: str, why: int) -> None:
    handling.cure(case, day)
    city.tally[flow] += 1
    city.note(case, day, -1, why)


def _station_settles(city: City, case: Case) -> bool:
    """Whether the staff of the service station settle it, as far as their hours go."""
    settlement = case.settlement
    if settlement.station_hours < city.p.station_work:
        return False
    if city.luck("station.settles", case.id, case.episode) >= case.kind.at_station:
        return False
    settlement.station_hours -= city.p.station_work
    return True


def _neighbours_settle(city: City, case: Case) -> bool:
    """Whether the compound settles it; the members' time that it takes is given either way."""
    settlement, kind = case.settlement, case.kind
    left = hands_left(settlement)
    chance = kind.in_compound * information(settlement) * consent(settlement) * execution(settlement, left)
    settlement.hands_used += min(city.p.hands_hours * kind.in_compound, left * settlement.people / 1_000.0)
    return city.luck("compound.settles", case.id, case.episode) < chance


def hands_left(settlement: Settlement) -> float:
    """The time that Party members still have this week, in hours per 1,000 residents."""
    return max(0.0, settlement.hands - settlement.hands_used / (settlement.people / 1_000.0))


def information(settlement: Settlement) -> float:
    """How well the compound knows of its problems: property company and Party organisation make up for each other."""
    p = settlement.city.p
    unknown = (1.0 - p.information_base) * (1.0 - settlement.property_quality)
    return 1.0 - unknown * (1.0 - p.information_party * settlement.party)


def consent(settlement: Settlement) -> float:
    """How far residents can agree; less where owners and property company are in conflict."""
    p = settlement.city.p
    agreed = (
        p.consent_base
        + p.consent_owners * settlement.owners_committee
        + p.consent_joined * settlement.joined_share
        + p.consent_party * settlement.party
    )
    return min(1.0, agreed) * peace(settlement)


def execution(settlement: Settlement, hands: float) -> float:
    """How far what is agreed gets done: by the property company, and by ``hands`` hours per 1,000 residents."""
    p = settlement.city.p
    undone = (1.0 - p.execution_base) * (1.0 - settlement.property_quality * peace(settlement))
    return 1.0 - undone * (1.0 - hands / (hands + p.hands_half))


def peace(settlement: Settlement) -> float:
    """What conflict between owners and property company leaves."""
    return 1.0 - settlement.city.p.conflict_cost * settlement.conflict
