"""What any office that handles a case must ask: who comes today, which department, how much work, and how it ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c

if TYPE_CHECKING:
    from plain.agents import Case, Desk
    from plain.city import City

NOT_COORDINATED, BY_STREET, BY_DISTRICT = range(3)
"""Who assigned a case to its branch, in ``case.coordinated``."""

_NEVER = 32_000
"""A day after the end of every run."""
_MOST = 250
"""Hand-offs, refusals and decisions are counted no further."""


def arrive(city: City, tier: str, day: int) -> list[Case]:
    """Cases that reach a tier today, by identity; what ended on the way, or fades today, does not arrive."""
    arrived = []
    for case in sorted(city.arrivals.pop((tier, day), []), key=lambda case: case.id):
        case.under_way = False
        if not has_ended(case) and case.fades <= day:
            lapse(case)
        if not has_ended(case):
            arrived.append(case)
    return arrived


def has_ended(case: Case) -> bool:
    """Cured, lapsed, or on paper."""
    return case.stage in (c.PAPER, c.CURED, c.LAPSED)


# --- which department, and how much work


def needs(case: Case, slot: int) -> bool:
    """Whether the work of the department in this slot of the case's kind is still needed."""
    return bool(case.todo >> slot & 1)


def needed_slots(case: Case) -> list[int]:
    """Slots of the departments whose work is still needed, in order."""
    return [slot for slot in range(case.kind.slots) if needs(case, slot)]


def needed_slot(case: Case) -> int:
    """Slot of the department truly needed next: the responsible one first, then the others in order."""
    return case.lead if needs(case, case.lead) else needed_slots(case)[0]


def another_slot(city: City, decision: str, case: Case, slot: int) -> int:
    """Slot of one of the kind's other departments, each as likely, as the name of the decision has it."""
    others = [other for other in range(case.kind.slots) if other != slot]
    return others[int(city.luck(decision, case.id, case.attempt) * len(others))]


def work_of(city: City, case: Case, slot: int) -> float:
    """Hours that one department must work on a case: lognormal with the kind's mean."""
    spread = city.p.work_sd
    luck = math.exp(spread * city.normal("branch.work", case.id, slot) - spread**2 / 2.0)
    return city.p.work_scale * case.kind.branch_hours * luck


def one_more(count: int) -> int:
    """The next number of a count that goes no further than 250."""
    return min(_MOST, count + 1)


# --- how it ends


def cure(case: Case, day: int) -> None:
    """The problem is truly solved."""
    case.stage, case.closed = c.CURED, day


def lapse(case: Case) -> None:
    """The problem went away by itself, on the day on which it would have in any world."""
    case.stage, case.closed = c.LAPSED, case.fades


def close_on_paper(case: Case, day: int, returns: int) -> None:
    """Recorded as done with the problem still there; it is complained of again on day ``returns``."""
    case.stage, case.closed, case.wakes = c.PAPER, day, returns
    if case.first_paper < 0:
        case.first_paper = day


def gives_in_to_targets(city: City, case: Case, day: int) -> bool:
    """Whether a case is overdue and its office closes it on paper, since targets press."""
    if day - case.clock <= city.p.overdue_days:
        return False
    return city.luck("branch.overdue", case.id, case.attempt) < city.config.before.target_pressure


def put_on_paper(city: City, case: Case, day: int, desk: Desk, why: int) -> None:
    """The books show the case as closed at a desk, and the problem is still there; it comes back as if new."""
    case.coordinated = NOT_COORDINATED
    close_on_paper(case, day, return_day(city, case, day))
    city.tally["closed_on_paper"] += 1
    city.note(case, day, desk.row, why)


def return_day(city: City, case: Case, day: int) -> int:
    """Day on which a case closed on paper is complained of again; never for some."""
    if city.luck("case.returns", case.id, case.episode) >= city.p.return_share:
        return _NEVER
    return day + 1 + int(city.threshold("case.return_day", case.id, case.episode) * city.p.return_days)
