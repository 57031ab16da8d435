"""What any office that handles a case must ask: which department, how much work, and when does it come back."""

from __future__ import annotations

import math

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.jit import kernel

__all__ = [
    "BY_DISTRICT",
    "BY_STREET",
    "CLOSES_TRULY",
    "OVERDUE",
    "another_slot",
    "hear",
    "needed_slot",
    "put_on_paper",
    "return_day",
    "work_of",
]

BY_STREET, BY_DISTRICT = 1, 2
"""Who assigned a case to its branch, in ``cases.coordinated``; 0: nobody with authority over the branch."""

WORK = draws.name("branch.work")
OVERDUE = draws.name("branch.overdue")
CLOSES_TRULY = draws.name("branch.skill")
RETURNS = draws.name("case.returns")
RETURN_DAY = draws.name("case.return_day")


@kernel
def another_slot(seed, name, case_id, attempt, slot, slots):
    """One of a kind's other departments, each as likely."""
    other = np.int64(draws.uniform(seed, name, case_id, attempt) * (slots - 1))
    return other if other < slot else other + 1


@kernel
def needed_slot(cases, row):
    """The department truly needed next: the responsible one first, then the others in order."""
    lead, todo = np.int64(cases.lead[row]), np.int64(cases.todo[row])
    if todo >> lead & 1:
        return lead
    slot = 0
    while not todo >> slot & 1:
        slot += 1
    return slot


@kernel
def work_of(seed, case_id, slot, k, kinds, p):
    """Hours that one department must work on a case: lognormal with the kind's mean."""
    spread = math.exp(p.work_sd * draws.normal(seed, WORK, case_id, slot) - 0.5 * p.work_sd**2)
    return p.work_scale * kinds.branch_hours[k] * spread


@kernel
def return_day(seed, case_id, episode, day, p):
    """Day on which a case closed on paper is complained of again; never for some."""
    if draws.uniform(seed, RETURNS, case_id, episode) >= p.return_share:
        return np.int64(32_000)
    return day + 1 + np.int64(draws.exponential(seed, RETURN_DAY, case_id, episode) * p.return_days)


@kernel
def put_on_paper(seed, day, d, row, why, cases, p, log, tally):
    """The books show the case as closed at desk ``d``, and the problem is still there; it comes back as if new."""
    case_id = cases.id[row]
    cases.coordinated[row] = 0
    c.close_on_paper(cases, row, day, return_day(seed, case_id, np.int64(cases.episode[row]), day, p))
    tally[flows.CLOSED_ON_PAPER] += 1
    c.note(log, case_id, day, d, why)


@kernel
def hear(rows, hours, after, cases, here, numbers, log):
    """A district's meeting takes up single cases in this order; how many it heard, and the hours it has left.

    Who is heard is assigned to the department that the street had named, on the last day of the week that ends before
    day ``after``; the others go back to their streets. ``here`` are the ways of the district.
    """
    p = numbers[0]
    heard = 0
    for row in rows:
        if hours >= p.hearing_hours:
            hours -= p.hearing_hours
            heard += 1
            cases.coordinated[row] = BY_DISTRICT
            c.note(log, cases.id[row], after - 1, -1, c.BY_DISTRICT)
            c.send(here.branch, cases, row, c.BRANCH, after - 1 + np.int64(p.transfer_days))
        else:
            cases.coordinated[row] = 0
            c.note(log, cases.id[row], after - 1, -1, c.NOT_HEARD)
            c.send(here.street, cases, row, c.STREET, after)
    return heard, hours
