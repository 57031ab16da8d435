"""The coordinating committee: it rules on classes of disputed cases (kind x department), and precedents age.

It never says how branches decide; it hears what was refused, the most pressing first, as far as its hours go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim.calendar import QUARTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plain.agents import Kind
    from plain.city import City

_DOCKET_MEMORY = 0.9
"""Share of last week's docket that is still on the table (a dispute is heard of for about ten weeks)."""


def is_under_it(city: City, department: int | None) -> bool:
    """Whether a department is coordinated by the committee: they come under it in the order of their rows."""
    return department is not None and department < _members(city)


def meet(city: City) -> None:
    """A week's meeting, and once a quarter the leading group's."""
    _age(city)
    members, hours = _members(city), city.rules.committee_hours
    committee, ruling = city.committee, city.p.ruling_hours
    committee.hours = min(committee.hours + hours, max(2.0 * hours, ruling))  # time is not saved up for long
    city.tally["meeting_hours"] += members * hours * len(city.residents) / city.config.city_residents

    while committee.hours >= ruling and (most_pressing := _worst(city, _pressure)):
        _rule_on(city, *most_pressing)
        committee.hours -= ruling
    in_session = city.rules.leading_group > 0.0 and city.week % QUARTER == 0
    if in_session and (least_heeded := _worst(city, _unheeded)):
        kind, department = least_heeded
        committee.backed[kind.row][department] = 1.0


def close_the_week(city: City) -> None:
    """Disputes fade from the table."""
    city.committee.docket = [[_DOCKET_MEMORY * heard for heard in row] for row in city.committee.docket]


def _members(city: City) -> int:
    """How many departments are under it."""
    return round(city.rules.committee_departments)


def _age(city: City) -> None:
    """Precedents, what backs them and the names given lose half their force in ``precedent_half_life`` weeks."""
    age = 0.5 ** (1.0 / city.p.precedent_half_life)
    committee = city.committee
    committee.precedent = [[age * force for force in row] for row in committee.precedent]
    committee.backed = [[age * force for force in row] for row in committee.backed]
    committee.named_strength = [age * force for force in committee.named_strength]


def _classes(city: City) -> Iterator[tuple[Kind, int]]:
    """The classes of cases it may hear: each kind before each department under it."""
    return ((kind, department) for kind in city.kinds for department in range(_members(city)))


def _worst(city: City, how_bad) -> tuple[Kind, int] | None:
    """The worst class by a measure, the first of equals; None where none is bad at all."""
    worst = max(_classes(city), key=lambda one: how_bad(city, *one), default=None)
    return worst if worst and how_bad(city, *worst) > 0.0 else None


def _pressure(city: City, kind: Kind, department: int) -> float:
    """Refusals by severity, in so far as no precedent covers them."""
    committee = city.committee
    return committee.docket[kind.row][department] * kind.severity * (1.0 - committee.precedent[kind.row][department])


def _unheeded(city: City, kind: Kind, department: int) -> float:
    """Refusals by severity in spite of a precedent that the leading group has not backed yet."""
    committee = city.committee
    ruled_on = committee.docket[kind.row][department] * committee.precedent[kind.row][department]
    return ruled_on * (1.0 - committee.backed[kind.row][department]) * kind.severity


def _rule_on(city: City, kind: Kind, department: int) -> None:
    """Set the precedent for a class, and name the department that has most often finished such cases."""
    committee = city.committee
    finished = [committee.finished[kind.row][named] for named in kind.departments]
    slot = finished.index(max(finished))
    committee.precedent[kind.row][department] = 1.0
    committee.named[kind.row], committee.named_strength[kind.row] = slot, 1.0
    committee.minutes.append((city.week, kind.row, department, kind.departments[slot]))
