"""Street: an office that sends cases to branches, brings branches together on disputed ones, and finishes some itself.

Dispatch takes little of its time, coordination more; work that was sunk to it is done in front of what waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from plain import sinking
from plain.handling import (
    BY_STREET,
    NOT_COORDINATED,
    another_slot,
    arrive,
    cure,
    gives_in_to_targets,
    lapse,
    needed_slot,
    needed_slots,
    put_on_paper,
    work_of,
)
from plain.queueing import accept, leave, receive, turns

if TYPE_CHECKING:
    from plain.agents import Case, Desk
    from plain.city import City


def open_the_week(city: City) -> None:
    """Working hours of street offices: their own, and what came down from the branches."""
    for street in city.streets:
        came_down = sinking.hours_moved(city, street)
        street.desk.hours = street.desk.base_hours * city.rules.office_hours + came_down
        city.tally["sunk_hours"] += WORKING_DAYS * street.desk.share * came_down


def dispatch(city: City, day: int) -> None:
    """One working day at every street's desk."""
    coming = [(case, case.settlement.street.desk, _first_work(city, case)) for case in arrive(city, "street", day)]
    receive(city, day, [street.desk for street in city.streets], coming)
    for street in city.streets:
        for case in turns(street.desk):
            _take_its_turn(city, street.desk, case, day)


def _first_work(city: City, case: Case) -> float:
    """Hours until it is sent on."""
    return city.p.coordination_hours if _is_disputed(city, case) else city.p.dispatch_hours


def _is_disputed(city: City, case: Case) -> bool:
    """Branches have decided on it too often for it to be sent out once more without coordination."""
    return case.attempt >= city.p.patience


def _take_its_turn(city: City, desk: Desk, case: Case, day: int) -> None:
    if case.fades <= day:
        lapse(leave(desk))
    elif case.working:
        leave(desk)
        _finish(city, desk, case, day)
    elif _takes_on(city, case):
        _take_on(city, desk, case, day)
    elif case.coordinated == BY_STREET:  # a branch refused it even so
        leave(desk)
        _refer(city, desk, case, day)
    else:
        leave(desk)
        _send_on(city, desk, case, day)


# --- what the street finishes itself


def _takes_on(city: City, case: Case) -> bool:
    """Whether the street finishes this case itself, which hangs on the case."""
    share = city.rules.sunk_share * city.p.sunk_power * case.kind.sinkable
    return city.luck("street.sinks", case.id) < share


def _take_on(city: City, desk: Desk, case: Case, day: int) -> None:
    """Do the work of all departments needed, next; targets press on streets as on branches."""
    if gives_in_to_targets(city, case, day):
        put_on_paper(city, leave(desk), day, desk, c.OVERDUE_PAPER)
        return
    case.working = True
    work = sum(work_of(city, case, slot) for slot in needed_slots(case))
    accept(desk, work * (1.0 + city.p.sunk_overhead))
    city.tally["sunk"] += case.episode == 0
    city.note(case, day, desk.row, c.TAKEN_ON)


def _finish(city: City, desk: Desk, case: Case, day: int) -> None:
    """The work is done: truly, or on paper only, and then it begins again with the department responsible."""
    case.working = False
    if city.luck("branch.skill", case.id, case.episode) < city.p.sunk_skill:
        cure(case, day)
        city.tally["cured_by_street"] += 1
        city.note(case, day, desk.row, c.BY_STREET)
    else:
        case.todo = 1 << case.lead
        put_on_paper(city, case, day, desk, c.BOTCHED)


# --- what it sends on


def _refer(city: City, desk: Desk, case: Case, day: int) -> None:
    """To the district's meeting on the last day of this week; meanwhile it stays with the street."""
    city.tally["referred"] += 1
    city.note(case, day, desk.row, c.REFERRED)
    city.send(case, "district", c.STREET, city.days[-1])


def _send_on(city: City, desk: Desk, case: Case, day: int) -> None:
    """To a branch: the right one under coordination, else the one that seems responsible."""
    right = needed_slot(case)
    if _is_disputed(city, case):
        case.coordinated, case.slot, why = BY_STREET, right, c.COORDINATION
        city.tally["coordinated"] += 1
    elif _follows_precedent(city, case):
        case.coordinated, case.slot, why = NOT_COORDINATED, city.committee.named[case.kind.row], c.PRECEDENT
    else:
        case.coordinated, case.slot, why = NOT_COORDINATED, _seems_right(city, case, right), c.DISPATCH
    city.tally["dispatched"] += 1
    city.tally["first_dispatched"] += case.attempt == 0 and case.episode == 0
    city.tally["misrouted"] += case.slot != right
    city.note(case, day, desk.row, why)
    city.send(case, "branch", c.BRANCH, day + int(city.p.transfer_days))


def _follows_precedent(city: City, case: Case) -> bool:
    """Whether the street sends it to the department that the committee has named for its kind."""
    if city.committee.named[case.kind.row] < 0:
        return False
    strength = city.committee.named_strength[case.kind.row] * city.rules.committee_authority
    return city.luck("street.follows_precedent", case.id, case.attempt) < city.p.precedent_following * strength


def _seems_right(city: City, case: Case, right: int) -> int:
    """Slot of the department that seems responsible: a wrong one the more often, the less clear and known it is."""
    p = city.p
    wrong = p.misroute_scale * case.kind.ambiguity
    wrong *= 1.0 - city.rules.list_coverage * p.list_clarity
    wrong *= 1.0 - p.information_effect * case.settlement.community.knowledge
    if case.kind.slots > 1 and city.luck("street.misroutes", case.id, case.attempt) < wrong:
        return another_slot(city, "street.elsewhere", case, right)
    return right
