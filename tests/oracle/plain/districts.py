"""Districts: once a week each hears single disputed cases, and once a quarter it steers its branches' hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import QUARTER
from plain.handling import BY_DISTRICT, NOT_COORDINATED, arrive

if TYPE_CHECKING:
    from plain.agents import Case, District
    from plain.city import City


def meet_and_steer(city: City) -> None:
    """On the last working day of the week."""
    up = arrive(city, "district", city.days[-1])
    for district in city.districts:
        _meet(city, district, [case for case in up if case.settlement.district is district])
        if city.week % QUARTER == 0:
            _steer(city, district)


def _meet(city: City, district: District, up: list[Case]) -> None:
    """Hear cases that were refused in spite of street coordination, the worst first, as far as the hours go."""
    hearing = city.p.hearing_hours
    part = district.branches[0].share  # of the whole district, whose leaders' time this is
    a_week = city.config.before.district_hours * part
    district.hearing = min(district.hearing + a_week, max(2.0 * a_week, hearing))  # time is not saved up for long
    for case in sorted(up, key=lambda case: (-_how_bad(city, case), case.id)):
        if district.hearing >= hearing:
            district.hearing -= hearing
            _assign(city, case)
        else:
            _send_back(city, case)


def _how_bad(city: City, case: Case) -> float:
    """Severity by the days since it was found or last complained of."""
    return case.kind.severity * (city.days.stop - case.clock)


def _assign(city: City, case: Case) -> None:
    """Again to the department that the street had named, with the weight of the district."""
    day = city.days[-1]
    case.coordinated = BY_DISTRICT
    city.tally["district_coordinated"] += 1
    city.note(case, day, -1, c.BY_DISTRICT)
    city.send(case, "branch", c.BRANCH, day + int(city.p.transfer_days))


def _send_back(city: City, case: Case) -> None:
    """To its street, which will coordinate it once more next week."""
    case.coordinated = NOT_COORDINATED
    city.note(case, city.days[-1], -1, c.NOT_HEARD)
    city.send(case, "street", c.STREET, city.days.stop)


def _steer(city: City, district: District) -> None:
    """Lend hours from branches with slack to loaded ones; the total stays as it is."""
    total = sum(branch.base_hours for branch in district.branches)
    if total <= 0.0:
        return
    common_load = sum(branch.base_hours * branch.load for branch in district.branches) / total
    for branch in district.branches:
        branch.base_hours *= 1.0 + city.p.steering * (branch.load - common_load)
