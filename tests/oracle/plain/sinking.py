"""Sinking: working time that moves from branches down to streets; nobody is hired or dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plain.agents import Desk, Kind, Street
    from plain.city import City

_MOST = 0.95
"""Most of a branch's time that can move."""


def hours_left(city: City, branch: Desk) -> float:
    """Hours a working day that a branch has under the rules in force, less what moved to streets."""
    return branch.base_hours * city.rules.branch_hours * (1.0 - _part_that_moves(city, branch))


def hours_moved(city: City, street: Street) -> float:
    """Hours a working day that came down to a street from its district's branches, by residents.

    Residents are those of the whole street and the whole district, of which a part is simulated.
    """
    branches = street.district.branches
    moved = sum(b.base_hours * city.rules.branch_hours * _part_that_moves(city, b) for b in branches)
    of_street = street.residents / street.desk.share
    of_district = street.district.residents / branches[0].share
    return moved * of_street / of_district


def _part_that_moves(city: City, branch: Desk) -> float:
    """Part of a branch's hours; at ``sunk_hours`` = share of steps that are sunk, hours and work move together."""
    return min(_MOST, city.rules.sunk_hours * city.p.sunk_power * _sinkable_part(city, branch.department))


def _sinkable_part(city: City, department: int | None) -> float:
    """Part of a department's work, as it was before any policy, that streets could finish."""
    all_work = sinkable = 0.0
    for kind in city.kinds:
        beyond_community = kind.rate * (1.0 - kind.at_community)
        for slot, named in enumerate(kind.departments):
            if named == department:
                work = beyond_community * _chance_needed(city, kind, slot) * kind.branch_hours
                all_work += work
                sinkable += work * kind.sinkable
    return sinkable / all_work if all_work > 0.0 else 0.0


def _chance_needed(city: City, kind: Kind, slot: int) -> float:
    """Chance that a case of this kind needs the department in this slot, as the responsible one or after it.

    Mostly the first is responsible; where jurisdiction is unclear it is at times one of the others.
    """
    one_of_the_others = city.p.lead_variation * kind.ambiguity if kind.slots > 1 else 0.0
    lead = 1.0 - one_of_the_others if slot == 0 else one_of_the_others / (kind.slots - 1)
    return lead + (1.0 - lead) * kind.further
