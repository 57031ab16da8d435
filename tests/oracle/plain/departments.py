"""Departments: a branch looks at a case, accepts it or passes it on, does its work, and closes it.

The branch decides. What the committee, the street and the district do only changes what it faces.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from plain import sinking
from plain.committee import is_under_it
from plain.handling import (
    BY_DISTRICT,
    NOT_COORDINATED,
    another_slot,
    arrive,
    cure,
    gives_in_to_targets,
    lapse,
    needed_slot,
    needed_slots,
    needs,
    one_more,
    put_on_paper,
    work_of,
)
from plain.queueing import accept, leave, put_in_front, receive, turns

if TYPE_CHECKING:
    from plain.agents import Case, Desk
    from plain.city import City

_MEETING = 12.0
"""Committee meeting hours a week for which ``liaison_hours`` is stated."""
_SLOWEST = 0.5
"""Share of its hours that a branch still makes use of, however overloaded."""
_MOST_LIAISON = 0.5
"""Most of a branch's hours that meetings can take."""


# --- a week


def open_the_week(city: City) -> None:
    """Branch hours: less what was sunk to streets, slowed by overload, less the committee's meetings."""
    p, rules = city.p, city.rules
    for branch in _branches(city):
        over = max(0.0, branch.load - p.tipping_load)
        hours = sinking.hours_left(city, branch) * max(_SLOWEST, 1.0 - p.tipping_slope * over)
        if is_under_it(city, branch.department):
            liaison = p.liaison_hours / WORKING_DAYS * rules.committee_hours / _MEETING
            hours -= min(liaison, _MOST_LIAISON * hours)
        branch.hours = hours
        branch.asked = _asked(city, branch)


def learn(city: City) -> None:
    """What a department expects moves toward the share of its refusals under a precedent in force."""
    committee = city.committee
    for department in range(len(city.config.departments)):
        refusals = sum(committee.docket[kind.row][department] for kind in city.kinds)
        ruled_on = sum(
            committee.docket[kind.row][department] * committee.precedent[kind.row][department] for kind in city.kinds
        )
        if refusals > 0.0:
            gap = ruled_on / refusals - committee.expected[department]
            committee.expected[department] += city.p.learning * gap


def _branches(city: City) -> list[Desk]:
    return [branch for district in city.districts for branch in district.branches]


# --- a day


def serve(city: City, day: int) -> None:
    """One working day at every branch."""
    coming = [(case, _branch_of(case, case.slot), city.p.triage_hours) for case in arrive(city, "branch", day)]
    receive(city, day, _branches(city), coming)
    for branch in _branches(city):
        branch.asked = _asked(city, branch)
    for branch in _branches(city):
        for case in turns(branch):
            branch.asked -= _asks(city, case)
            _take_its_turn(city, branch, case, day)


def _branch_of(case: Case, slot: int) -> Desk:
    """The branch, in the case's district, of the department in a slot of its kind."""
    return case.settlement.district.branches[case.kind.departments[slot]]


def _asked(city: City, branch: Desk) -> float:
    """Work behind all cases in its queue that it has still to look at; what was closed meanwhile asks no more."""
    return sum(_asks(city, case) for case in branch.queue if case.stage == c.BRANCH)


def _asks(city: City, case: Case) -> float:
    """Work behind a case that its branch has still to look at.

    It stands in the queue with the time it takes to look at it, background with all its work. To count what stands
    behind it makes both the same in what a branch feels to be waiting.
    """
    if case.working or not needs(case, case.slot):
        return 0.0
    return city.p.work_scale * case.kind.branch_hours


def _take_its_turn(city: City, branch: Desk, case: Case, day: int) -> None:
    if case.fades <= day:
        lapse(leave(branch))
    elif case.working:
        leave(branch)
        _complete(city, branch, case, day)
    elif gives_in_to_targets(city, case, day):
        leave(branch)
        put_on_paper(city, case, day, branch, c.OVERDUE_PAPER)
    else:
        _decide(city, branch, case, day)


def _decide(city: City, branch: Desk, case: Case, day: int) -> None:
    """Look at it once, and accept it or pass it on."""
    own = needs(case, case.slot)
    city.tally["decisions"] += 1
    city.tally["own_decisions"] += own
    if _accepts(city, branch, case):
        case.working = True
        accept(branch, work_of(city, case, case.slot))
        city.tally["wrongly_accepted"] += not own
        city.note(case, day, branch.row, c.ACCEPTED)
        if own and _orders_joint_handling(city, case):
            _act_together(city, branch, case, day)
    else:
        leave(branch)
        _pass_on(city, branch, case, day)
    case.attempt = one_more(case.attempt)


# --- whether it accepts


def _accepts(city: City, branch: Desk, case: Case) -> bool:
    """By odds exp(z): how clearly it looks like its own, the blame for a refusal, and the work that it would be."""
    p, department = city.p, case.kind.departments[case.slot]
    claim = _claim(city, case, department)
    z = p.accept_base + p.claim_weight * (claim - 0.5)
    z += p.blame_weight * _authority(city, case, department) * _expected_ruling(city, case, department) * claim
    if case.coordinated:
        z += p.block_weight * (p.district_weight if case.coordinated == BY_DISTRICT else 1.0)
    z -= p.load_weight * _weeks_waiting(branch)
    z -= p.cost_weight * work_of(city, case, case.slot) / 10.0
    once_for_each_attempt = department + len(city.config.departments) * case.attempt
    return city.luck("branch.accepts", case.id, once_for_each_attempt) < 1.0 / (1.0 + math.exp(-z))


def _claim(city: City, case: Case, department: int) -> float:
    """How clearly a case looks like a department's own: 1 if it is and nothing is unclear, 0 if it is not."""
    precedent = city.committee.precedent[case.kind.row][department]
    unclear = case.kind.ambiguity
    unclear *= 1.0 - city.rules.list_coverage * city.p.list_clarity
    unclear *= 1.0 - city.p.precedent_clarity * precedent
    mistaken = unclear * city.luck("branch.looks", case.id, department)
    return 1.0 - mistaken if needs(case, case.slot) else mistaken


def _expected_ruling(city: City, case: Case, department: int) -> float:
    """How likely a refusal is held against the department: by the precedent, and beyond it by what it has learned."""
    precedent = city.committee.precedent[case.kind.row][department]
    return precedent + (1.0 - precedent) * city.committee.expected[department]


def _authority(city: City, case: Case, department: int) -> float:
    """How much a ruling counts: as much as the committee does, and fully where the leading group backs it."""
    backed = city.rules.leading_group * city.committee.backed[case.kind.row][department]
    return city.rules.committee_authority + (1.0 - city.rules.committee_authority) * backed


def _weeks_waiting(branch: Desk) -> float:
    """Weeks of its time that the work is worth which waits here."""
    waiting = branch.arrived - branch.served + branch.asked
    return waiting / max(WORKING_DAYS * branch.hours, 1e-9)


# --- what becomes of it


def _pass_on(city: City, branch: Desk, case: Case, day: int) -> None:
    """To another department of its kind, or back to the street if there is none or it was decided on too often."""
    own = needs(case, case.slot)
    city.committee.docket[case.kind.row][branch.department] += 1
    if own:
        city.tally["bounces"] += 1
        case.bounces = one_more(case.bounces)
    if case.kind.slots == 1 or case.attempt + 1 >= city.p.patience:
        city.note(case, day, branch.row, c.TOO_OFTEN)
        _hand_on(city, case, "street", c.STREET, day)
    else:
        city.note(case, day, branch.row, c.BOUNCED if own else c.NOT_OURS)
        case.slot = another_slot(city, "branch.passes_to", case, case.slot)
        _hand_on(city, case, "branch", c.BRANCH, day)


def _hand_on(city: City, case: Case, tier: str, stage: int, day: int) -> None:
    """To another branch, directly or by way of the street; it costs a transfer and a queue."""
    case.hops = one_more(case.hops)
    city.tally["hops"] += 1
    city.send(case, tier, stage, day + int(city.p.transfer_days))


def _orders_joint_handling(city: City, case: Case) -> bool:
    """Whether the committee has several departments act at once: all that are needed must be under it."""
    needed = needed_slots(case)
    if len(needed) == 1 or not all(is_under_it(city, case.kind.departments[slot]) for slot in needed):
        return False
    return city.luck("branch.joint", case.id, case.episode) < city.p.joint_power * city.rules.committee_joint


def _act_together(city: City, branch: Desk, case: Case, day: int) -> None:
    """All other departments needed give their hours at once, with an overhead; the case stays here."""
    for slot in needed_slots(case):
        if slot != case.slot:
            put_in_front(_branch_of(case, slot), work_of(city, case, slot) * (1.0 + city.p.joint_overhead))
    case.todo = 1 << case.slot
    city.tally["joint"] += 1
    city.note(case, day, branch.row, c.ACCEPTED_JOINTLY)


def _complete(city: City, branch: Desk, case: Case, day: int) -> None:
    """A branch has done its work: it closes the case, or hands it to the next department."""
    own = needs(case, case.slot)
    case.working, case.coordinated = False, NOT_COORDINATED
    if not own:  # it had no authority, and the case is where it was
        city.note(case, day, branch.row, c.NO_AUTHORITY)
        _hand_on(city, case, "street", c.STREET, day)
        return
    city.committee.finished[case.kind.row][branch.department] += 1
    case.todo -= 1 << case.slot
    if needed_slots(case):
        city.note(case, day, branch.row, c.NEXT_DEPARTMENT)
        case.slot = needed_slot(case)
        _hand_on(city, case, "branch", c.BRANCH, day)
    elif city.luck("branch.skill", case.id, case.episode) < city.p.skill:
        cure(case, day)
        city.tally["cured_by_branch"] += 1
        city.note(case, day, branch.row, c.CURED_THERE)
    else:  # all begins again with the department responsible
        case.todo = 1 << case.lead
        put_on_paper(city, case, day, branch, c.BOTCHED)
