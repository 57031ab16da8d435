"""Covenant: neighbours write down how they want to live together, and keep to it as far as others do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plain.agents import Settlement
    from plain.city import City


def keep(city: City) -> None:
    """Organised hours go to one compound after another until its covenant is signed; who has signed keeps it or not."""
    for community in city.communities:
        hours = city.rules.covenant_drive
        for settlement in community.settlements:
            if settlement.is_compound:
                hours -= draft(city, settlement, hours)
                if settlement.covenant_work >= work_to_sign(city, settlement):
                    target = compliance_toward(city, settlement)
                    settlement.covenant += city.p.covenant_rate * (target - settlement.covenant)


def work_to_sign(city: City, settlement: Settlement) -> float:
    """Hours until the covenant is signed; larger compounds take longer."""
    return city.p.covenant_drafting * settlement.people / 1_000.0


def draft(city: City, settlement: Settlement, hours: float) -> float:
    """Draft the covenant for as long as there are hours; how many were worked."""
    needed = work_to_sign(city, settlement)
    missing = max(0.0, needed - settlement.covenant_work)
    worked = min(hours, missing)
    if worked > 0.0:
        settlement.covenant_work = needed if worked == missing else settlement.covenant_work + worked
    city.tally["organiser_hours"] += worked
    return worked


def compliance_toward(city: City, settlement: Settlement) -> float:
    """The compliance that a signed covenant moves toward: led by members, followed by residents, eroded by breaches."""
    p = city.p
    leading = settlement.pledged / max(len(settlement.members), 1)
    carried = p.covenant_own + p.covenant_lead * leading + p.covenant_follow * settlement.joined_share
    eroded = p.covenant_erosion * settlement.breaches / (settlement.breaches + p.violations_half)
    return min(1.0, carried) * (1.0 - eroded)
