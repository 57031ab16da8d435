"""Detection: who finds a problem, and when. What nobody finds still hurts.

Grid patrol, the resident it touches and the property company each add to a hazard of their own, day by day; the case is
found when one passes the case's own threshold for that channel. Channels do not share luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.config.kinds import LINES, PUBLISHED
from govsim.residents import OWNER, RENTER
from plain.agents import Case, Resident

if TYPE_CHECKING:
    from plain.city import City


def find(city: City) -> None:
    """What is found on the five days of this week goes on its way."""
    for case in city.cases.values():
        if case.stage == c.LATENT:
            _look_out_for(city, case)


def _look_out_for(city: City, case: Case) -> None:
    on_patrol, by_resident, by_company = hazard_of_patrol(case), hazard_of_resident(case), hazard_of_company(case)
    for day in city.days:
        if day < case.raised:
            continue
        if case.fades <= day:
            return
        case.seen_grid += on_patrol
        case.seen_resident += by_resident
        case.seen_property += by_company
        channel = _who_sees(city, case)
        if channel != c.NOBODY:
            _find(city, case, day, channel)
            return


def hazard_of_patrol(case: Case) -> float:
    """Hazard of a day that a grid worker sees it: patrol that reaches the settlement, and how visible the kind is."""
    city = case.city
    a_day = city.p.patrol_reach * case.settlement.patrol / WORKING_DAYS
    return a_day * case.kind.grid_sees * eye(city)


def eye(city: City) -> float:
    """Share of patrol that looks for any one kind, times how well it sees it.

    Where lines are separate only their own inspectors look, with a full eye; where grids are integrated everybody
    looks, with a generalist's eye.
    """
    integrated = city.rules.grid_integrated
    return (1.0 - integrated) / len(LINES) + integrated * city.p.generalist_eye


def hazard_of_resident(case: Case) -> float:
    """Hazard of a day that the resident whom it touches reports it."""
    p, settlement = case.city.p, case.settlement
    hazard = p.resident_reach * case.kind.resident_sees * readiness(case.resident)
    if case.resident.registered:
        hazard *= 1.0 + p.app_reach
    if settlement.station:
        hazard *= 1.0 + p.station_reach
    return hazard * (1.0 + p.publicity_effect * settlement.community.publicity)


def readiness(resident: Resident) -> float:
    """How readily a resident reports, 1 = a median owner at middling trust."""
    p = resident.city.p
    standing = {OWNER: 1.0, RENTER: p.renter_report}.get(resident.tenure, p.migrant_report)
    return resident.voice * standing * (p.report_floor + p.report_trust * resident.trust)


def hazard_of_company(case: Case) -> float:
    """Hazard of a day that the property company sees it."""
    return case.city.p.property_reach * case.kind.property_sees * case.settlement.property_quality


def _who_sees(city: City, case: Case) -> int:
    """The first channel whose hazard has passed the case's threshold for it."""
    if case.seen_grid >= city.threshold("detection.grid", case.id):
        return c.GRID
    if case.seen_resident >= city.threshold("detection.resident", case.id):
        return c.RESIDENT
    if case.seen_property >= city.threshold("detection.property", case.id):
        return c.PROPERTY
    return c.NOBODY


def _find(city: City, case: Case, day: int, channel: int) -> None:
    """The case is known; a compound has ``compound_days`` to deal with it, the open part of a community none."""
    case.found = case.clock = day
    case.found_by = channel
    if channel == c.GRID:
        city.tally["found_by_grid"] += 1
        _count_as_published(city, case)
        city.note(case, day, -1, c.BY_GRID)
    elif channel == c.RESIDENT:
        case.resident.complained = city.clock_week
        city.tally["found_by_resident"] += 1
        city.note(case, day, -1, c.BY_RESIDENT)
    else:
        city.tally["found_by_property"] += 1
        city.note(case, day, -1, c.BY_PROPERTY)
    if case.settlement.is_compound:
        city.send(case, "compound", c.COMPOUND, day + int(city.p.compound_days))
    else:
        city.send(case, "community", c.COMMUNITY, day + 1)


def _count_as_published(city: City, case: Case) -> None:
    """The article publishes how many cases of security and of safety grid workers found."""
    published = PUBLISHED[case.kind.published_as]
    if published in ("security", "safety"):
        city.tally[f"found_by_grid_{published}"] += 1
