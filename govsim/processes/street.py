"""Street: the office that sends a case to a department, and brings departments together on disputed ones.

Rule. A street office is a desk; dispatch takes little time, coordination more. A case is sent to the wrong
one of its kind's departments with probability

    misroute_scale x ambiguity x (1 - list coverage) x (1 - information_effect x knowledge of the community)

Where the committee has named a department for this kind, the street follows that precedent with probability
precedent_following x its strength x authority: right more often than a guess in most kinds, wrong where this case is an
exception. A case that branches have passed on ``patience`` times is coordinated: the street assigns it to
the department truly responsible, which counts with the branch by ``block_weight``.

Leaves out: joint enforcement by the street itself, and sinking of branch work to the street.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.institutions.queue import QUEUED, leave, next_done, receive
from govsim.jit import kernel
from govsim.process import Process

FOLLOWS = draws.name("street.follows_precedent")
MISROUTES = draws.name("street.misroutes")
ELSEWHERE = draws.name("street.elsewhere")


class Street(Process):
    """Serves the streets' desks."""

    reads = ("cases.*", "communities.knowledge", "committee.named", "committee.named_strength")
    writes = (
        *c.MOVED,
        *QUEUED,
        "cases.slot",
        "cases.coordinated",
        "desks.hours",
        "ways.street",
        "ways.branch",
        "handoffs",
        "tally.dispatched",
        "tally.first_dispatched",
        "tally.misrouted",
        "tally.coordinated",
    )

    def open_the_week(self) -> None:
        """Working hours of street offices under the rules in force."""
        city = self.city
        first, last = city.offices.streets
        city.desks.hours[first:last] = city.desks.base_hours[first:last] * city.rules.office_hours

    def dispatch(self, day: int) -> None:
        """One working day at every street's desk."""
        city = self.city
        first, last = city.offices.streets
        _serve(
            city.seed, day, first, last, city.desks.columns, city.cases.columns, city.places.settlements.columns,
            city.places.communities.knowledge, city.kinds.columns, city.p, city.rules, city.committee.named,
            city.committee.named_strength, city.background, city.ways.columns, city.handoffs.log, city.tally,
        )  # fmt: skip


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
def _serve(
    seed, day, first, last, desks, cases, settlements, knowledge, kinds, numbers, rules, named, named_strength,
    background, ways, log, tally,
):  # fmt: skip
    p = numbers[0]
    rows = c.collect(ways.street, cases, day)
    work = np.empty(rows.shape[0])
    for i in range(rows.shape[0]):
        row = rows[i]
        cases.desk[row] = first + settlements.street[cases.settlement[row]]
        work[i] = p.coordination_hours if cases.attempt[row] >= p.patience else p.dispatch_hours
    receive(seed, day, desks, cases, rows, work, background, first, last)
    for d in range(first, last):
        budget = desks.hours[d]
        while True:
            row, budget = next_done(desks, cases, d, budget)
            if row < 0:
                break
            leave(desks, cases, d)
            if cases.fades[row] <= day:
                c.lapse(cases, row)
                continue
            k, case_id, attempt = cases.kind[row], cases.id[row], cases.attempt[row]
            right = needed_slot(cases, row)
            slot = right
            why = c.DISPATCH
            cases.coordinated[row] = attempt >= p.patience
            if cases.coordinated[row]:
                why = c.COORDINATION
                tally[flows.COORDINATED] += 1
            elif (
                named[k] >= 0
                and draws.uniform(seed, FOLLOWS, case_id, attempt)
                < p.precedent_following * named_strength[k] * rules.committee_authority
            ):
                slot = np.int64(named[k])
                why = c.PRECEDENT
            else:
                known = knowledge[settlements.community[cases.settlement[row]]]
                wrong = p.misroute_scale * kinds.ambiguity[k]
                wrong *= (1.0 - rules.list_coverage * p.list_clarity) * (1.0 - p.information_effect * known)
                if kinds.slots[k] > 1 and draws.uniform(seed, MISROUTES, case_id, attempt) < wrong:
                    slot = another_slot(seed, ELSEWHERE, case_id, attempt, right, kinds.slots[k])
            cases.slot[row] = slot
            tally[flows.DISPATCHED] += 1
            tally[flows.FIRST_DISPATCHED] += attempt == 0 and cases.episode[row] == 0
            tally[flows.MISROUTED] += slot != right
            c.note(log, case_id, day, d, why)
            c.send(ways.branch, cases, row, c.BRANCH, day + np.int64(p.transfer_days))
