"""Departments: a branch looks at a case, accepts it or passes it on, does its work, and closes it.

Rule. Each branch (department x district) is a desk. A case waits its turn to be looked at; then the branch
decides once, by a draw keyed to (case, department, attempt), with odds exp(z):

    claim = how clearly it looks like its own: 1 - a v if it is, a v if not; v hangs on (case, department),
            a = ambiguity x (1 - list_clarity x list coverage) x (1 - precedent_clarity x precedent)
    z = accept_base + claim_weight (claim - 1/2) + blame_weight x authority x expected ruling x claim
        + block_weight (if assigned by the street; times district_weight if by the district)
        - load_weight x weeks of waiting work - cost_weight x work / 10 h

``expected ruling`` is the precedent's strength in this class, and beyond it what the department has learned about
how often its refusals are ruled on; ``authority`` is the committee's, and full where the leading group backs a
ruling (see committee). Accepted work is done next, in front of the queue. A case passed on takes a transfer and a
queue more; once branches have decided on it ``patience`` times it goes back to the street. Under a joint order all
departments needed act at once: their hours are claimed at once, with an overhead. Overdue cases may be closed on paper
under target pressure; completed ones are truly cured with probability ``skill``.

Hours that were sunk to streets (see sinking) are gone here. Beyond ``tipping_load`` service slows. The committee's
meetings cost branches of its departments hours.
Leaves out: priorities between kinds, learning by doing, and differences in skill between branches.
"""

from __future__ import annotations

import math

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.institutions.queue import QUEUED, accept, leave, next_done, put_in_front, receive
from govsim.jit import kernel
from govsim.process import Process
from govsim.processes.handling import (
    BY_DISTRICT,
    CLOSES_TRULY,
    OVERDUE,
    another_slot,
    needed_slot,
    put_on_paper,
    work_of,
)
from govsim.processes.sinking import sunk_part

LOOKS = draws.name("branch.looks")
ACCEPTS = draws.name("branch.accepts")
PASSES_TO = draws.name("branch.passes_to")
JOINT = draws.name("branch.joint")
_MEETING = 12.0
"""Committee meeting hours a week for which ``liaison_hours`` is stated."""


class Departments(Process):
    """Serves the branches' desks."""

    reads = ("cases.*", "committee.precedent", "committee.backed", "committee.expected", "desks.load")
    writes = (
        *c.MOVED,
        *QUEUED,
        "cases.todo",
        "cases.slot",
        "cases.working",
        "cases.coordinated",
        "cases.attempt",
        "cases.hops",
        "cases.bounces",
        "cases.first_paper",
        "cases.wakes",
        "desks.hours",
        "desks.asked",
        "ways.branch",
        "ways.street",
        "handoffs",
        "committee.docket",
        "committee.finished",
        "committee.expected",
        "tally.decisions",
        "tally.own_decisions",
        "tally.bounces",
        "tally.wrongly_accepted",
        "tally.hops",
        "tally.joint",
        "tally.cured_by_branch",
        "tally.closed_on_paper",
    )

    def open_the_week(self) -> None:
        """Branch hours under the rules in force, slowed by overload, less the committee's meetings."""
        city = self.city
        part = sunk_part(city.kinds, city.n_departments, city.rules.sunk_hours, city.p)
        _open(*city.offices.branches, city.n_departments, part, city.desks.columns, city.rules, city.p)
        _ask(*city.offices.branches, city.desks.columns, city.cases.columns, city.kinds.columns, city.p)

    def serve(self, day: int) -> None:
        """One working day at every branch."""
        city, committee = self.city, self.city.committee
        desks, cases, kinds = city.desks.columns, city.cases.columns, city.kinds.columns
        first, ways = city.offices.branches_in, city.ways.by_district

        def work(part: np.ndarray, tally: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            refused, finished = (np.zeros(committee.docket.shape, dtype=np.int64) for _ in range(2))
            _serve(
                city.seed, day, part, first, desks, cases, kinds, city.p, city.rules,
                city.config.before.target_pressure, committee.precedent, committee.backed, committee.expected, refused,
                finished, city.background, ways, city.handoffs.log, tally,
            )  # fmt: skip
            return refused, finished

        for refused, finished in self.in_districts(work):
            _put_on(committee.docket, refused)
            committee.finished += finished

    def learn(self) -> None:
        """Each department's expectation moves toward the share of its refusals under a precedent in force."""
        committee = self.city.committee
        refusals = np.ascontiguousarray(committee.docket.T)  # (departments, kinds)
        total, ruled = refusals.sum(axis=1), (refusals * np.ascontiguousarray(committee.precedent.T)).sum(axis=1)
        some = np.flatnonzero(total > 0.0)
        gap = ruled[some] / total[some] - committee.expected[some]
        committee.expected[some] += self.city.p.learning * gap


@kernel
def _open(first, last, n_departments, sunk, desks, rules, numbers):
    p = numbers[0]
    liaison = p.liaison_hours / WORKING_DAYS * rules.committee_hours / _MEETING
    for d in range(first, last):
        over = max(0.0, desks.load[d] - p.tipping_load)
        here = desks.base_hours[d] * rules.branch_hours * (1.0 - sunk[(d - first) % n_departments])
        hours = here * max(0.5, 1.0 - p.tipping_slope * over)
        if (d - first) % n_departments < round(rules.committee_departments):
            hours -= min(liaison, 0.5 * hours)
        desks.hours[d] = hours


@kernel
def authority_of_rulings(backed, rules):
    """How much a ruling counts: as much as the committee does, and fully where the leading group backs it."""
    return rules.committee_authority + (1.0 - rules.committee_authority) * rules.leading_group * backed


@kernel
def weeks_waiting(d, desks):
    """Weeks of a branch's time that the work is worth which waits there."""
    return (desks.arrived[d] - desks.served[d] + desks.asked[d]) / max(WORKING_DAYS * desks.hours[d], 1e-9)


@kernel
def acceptance(claim, ruling, authority, coordinated, weeks_waiting, work, p):
    """Probability that a branch accepts a case; ``coordinated`` is 0, BY_STREET or BY_DISTRICT."""
    z = p.accept_base + p.claim_weight * (claim - 0.5)
    z += p.blame_weight * authority * ruling * claim
    if coordinated:
        z += p.block_weight * (p.district_weight if coordinated == BY_DISTRICT else 1.0)
    z -= p.load_weight * weeks_waiting + p.cost_weight * work / 10.0
    return 1.0 / (1.0 + math.exp(-z))


@kernel
def _put_on(docket, refused):
    """Refusals come on the docket one by one: what fades is no whole number, and their sum would round otherwise."""
    for k in range(docket.shape[0]):
        for department in range(docket.shape[1]):
            for _ in range(refused[k, department]):
                docket[k, department] += 1


@kernel
def _serve(
    seed, day, part, first, desks, cases, kinds, numbers, rules, target_pressure, precedent, backed, expected, refused,
    finished, background, ways, log, tally,
):  # fmt: skip
    """A day of the branches of some districts; ``refused`` and ``finished`` (kinds, departments) are counted up."""
    p = numbers[0]
    for district in part:
        here = ways[district]
        rows = c.collect(here.branch, cases, day)
        work = np.full(rows.shape[0], p.triage_hours)
        for i in range(rows.shape[0]):
            row = rows[i]
            department = kinds.departments[cases.kind[row], cases.slot[row]]
            cases.desk[row] = first[district] + department
        receive(seed, day, desks, cases, rows, work, background, first[district], first[district + 1])
        for row in rows:
            desks.asked[cases.desk[row]] += work_to_come(cases, row, kinds, p)
        for department in range(precedent.shape[1]):
            _work(
                seed, day, first[district], department, desks, cases, kinds, p, rules, target_pressure, precedent,
                backed, expected, refused, finished, here, log, tally,
            )  # fmt: skip


@kernel
def _work(
    seed, day, first, department, desks, cases, kinds, p, rules, target_pressure, precedent, backed, expected, refused,
    finished, here, log, tally,
):  # fmt: skip
    """A day of one branch; ``first`` is the first desk of its district, and ``here`` are the district's ways."""
    d, n_departments = first + department, precedent.shape[1]
    budget = desks.hours[d]
    while True:
        row, budget = next_done(desks, cases, d, budget)
        if row < 0:
            break
        case_id, k = cases.id[row], np.int64(cases.kind[row])
        slot, attempt = np.int64(cases.slot[row]), np.int64(cases.attempt[row])
        own = np.int64(cases.todo[row]) >> slot & 1
        desks.asked[d] -= work_to_come(cases, row, kinds, p)
        if cases.fades[row] <= day:
            leave(desks, cases, d)
            c.lapse(cases, row)
            continue
        if cases.working[row]:
            leave(desks, cases, d)
            _complete(seed, day, d, row, own, department, cases, p, finished, here, log, tally)
            continue

        # --- its turn to be looked at: close on paper, accept, or pass on
        overdue = day - cases.clock[row] > p.overdue_days
        if overdue and draws.uniform(seed, OVERDUE, case_id, attempt) < target_pressure:
            leave(desks, cases, d)
            put_on_paper(seed, day, d, row, c.OVERDUE_PAPER, cases, p, log, tally)
            continue
        ambiguity = kinds.ambiguity[k] * (1.0 - rules.list_coverage * p.list_clarity)
        ambiguity *= 1.0 - p.precedent_clarity * precedent[k, department]
        looks = ambiguity * draws.uniform(seed, LOOKS, case_id, department)
        claim = 1.0 - looks if own else looks
        ruling = precedent[k, department]
        ruling += (1.0 - ruling) * expected[department]
        authority = authority_of_rulings(backed[k, department], rules)
        hours = work_of(seed, case_id, slot, k, kinds, p)
        accepts = draws.uniform(seed, ACCEPTS, case_id, department + n_departments * attempt) < acceptance(
            claim, ruling, authority, cases.coordinated[row], weeks_waiting(d, desks), hours, p
        )
        cases.attempt[row] = min(250, attempt + 1)
        tally[flows.DECISIONS] += 1
        tally[flows.OWN_DECISIONS] += own
        if accepts:
            cases.working[row] = True
            accept(desks, cases, d, hours)
            tally[flows.WRONGLY_ACCEPTED] += not own
            c.note(log, case_id, day, d, c.ACCEPTED)
            if own:
                _act_together(seed, d, first, row, cases, desks, kinds, p, rules, day, log, tally)
            continue
        leave(desks, cases, d)
        refused[k, department] += 1
        tally[flows.BOUNCES] += own
        if own:
            cases.bounces[row] = min(250, cases.bounces[row] + 1)
        if kinds.slots[k] == 1 or attempt + 1 >= p.patience:
            c.note(log, case_id, day, d, c.TOO_OFTEN)
            _hand_on(here.street, c.STREET, day, row, cases, p, tally)
        else:
            c.note(log, case_id, day, d, c.BOUNCED if own else c.NOT_OURS)
            cases.slot[row] = another_slot(seed, PASSES_TO, case_id, attempt, slot, kinds.slots[k])
            _hand_on(here.branch, c.BRANCH, day, row, cases, p, tally)


@kernel
def work_to_come(cases, row, kinds, p):
    """Mean hours that a case at a branch will be, once it is accepted where it belongs; 0 when it is in work.

    A case joins a queue with the time it takes to look at it, background with all its work: this makes both the
    same in what a branch feels to be waiting, whatever part of its district is simulated.
    """
    own = np.int64(cases.todo[row]) >> np.int64(cases.slot[row]) & 1
    return own * (not cases.working[row]) * p.work_scale * kinds.branch_hours[cases.kind[row]]


@kernel
def _ask(first, last, desks, cases, kinds, numbers):
    """Work behind the cases that branches have still to look at; what was closed over the week-end asks no more."""
    p = numbers[0]
    desks.asked[first:last] = 0.0
    for row in range(cases.id.shape[0]):
        if cases.stage[row] == c.BRANCH and cases.desk[row] >= 0:
            desks.asked[cases.desk[row]] += work_to_come(cases, row, kinds, p)


@kernel
def _hand_on(heads, stage, day, row, cases, p, tally):
    """To another branch, directly or by way of the street; it costs a transfer and a queue."""
    cases.hops[row] = min(250, cases.hops[row] + 1)
    tally[flows.HOPS] += 1
    c.send(heads, cases, row, stage, day + np.int64(p.transfer_days))


@kernel
def _act_together(seed, d, first, row, cases, desks, kinds, p, rules, day, log, tally):
    """Under a joint order, claim the hours of all other departments needed, if all are coordinated."""
    case_id, k = cases.id[row], np.int64(cases.kind[row])
    slot, todo = np.int64(cases.slot[row]), np.int64(cases.todo[row])
    others = todo & ~(1 << slot)
    if others == 0:
        return
    members = round(rules.committee_departments)
    for other in range(kinds.slots[k]):
        if others >> other & 1 and kinds.departments[k, other] >= members:
            return
    if kinds.departments[k, slot] >= members:
        return
    if draws.uniform(seed, JOINT, case_id, cases.episode[row]) >= p.joint_power * rules.committee_joint:
        return
    for other in range(kinds.slots[k]):
        if others >> other & 1:
            hours = work_of(seed, case_id, other, k, kinds, p) * (1.0 + p.joint_overhead)
            put_in_front(desks, first + kinds.departments[k, other], hours)
    cases.todo[row] = 1 << slot
    tally[flows.JOINT] += 1
    c.note(log, case_id, day, d, c.ACCEPTED_JOINTLY)


@kernel
def _complete(seed, day, d, row, own, department, cases, p, finished, here, log, tally):
    """A branch has done its work: it closes the case, or hands it to the next department."""
    case_id, k, episode = cases.id[row], np.int64(cases.kind[row]), np.int64(cases.episode[row])
    cases.working[row] = False
    cases.coordinated[row] = 0
    if not own:  # it had no authority, and the case is where it was
        c.note(log, case_id, day, d, c.NO_AUTHORITY)
        _hand_on(here.street, c.STREET, day, row, cases, p, tally)
        return
    finished[k, department] += 1
    cases.todo[row] = np.int64(cases.todo[row]) & ~(1 << np.int64(cases.slot[row]))
    if cases.todo[row] != 0:
        c.note(log, case_id, day, d, c.NEXT_DEPARTMENT)
        cases.slot[row] = needed_slot(cases, row)
        _hand_on(here.branch, c.BRANCH, day, row, cases, p, tally)
    elif draws.uniform(seed, CLOSES_TRULY, case_id, episode) < p.skill:
        c.cure(cases, row, day)
        tally[flows.CURED_BY_BRANCH] += 1
        c.note(log, case_id, day, d, c.CURED_THERE)
    else:
        cases.todo[row] = 1 << np.int64(cases.lead[row])
        put_on_paper(seed, day, d, row, c.BOTCHED, cases, p, log, tally)
