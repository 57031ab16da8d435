"""Street: the office that sends a case to a department, and brings departments together on disputed ones.

Rule. A street office is a desk; dispatch takes little time, coordination more. A case is sent to the wrong
one of its kind's departments with probability

    misroute_scale x ambiguity x (1 - list_clarity x list coverage)
    x (1 - information_effect x knowledge of the community)

Where the committee has named a department for this kind, the street follows that precedent with probability
precedent_following x its strength x authority: right more often than a guess in most kinds, wrong where this case is an
exception. A case on which branches have decided ``patience`` times is coordinated: the street assigns it to
the department truly responsible, which counts with the branch by ``block_weight``. One that is refused even so is
referred to the district's weekly meeting (see committee), and comes back to the street if the meeting has no time.

*Sinking*: where powers were sunk, the street finishes a case itself with probability
sunk_share x sunk_power x ``sinkable`` of the kind, by a draw keyed to the case. It then does the work of all
departments needed, with ``sunk_overhead`` more time, in front of what waits at its own desk, in hours that came down
from the branches (see sinking). No hop, no bounce, no transfer; but the hours are no longer pooled over the district,
dispatch waits meanwhile, and the work is truly done with ``sunk_skill``. Targets press on streets as on branches.

Leaves out: joint enforcement by streets, and priorities between dispatch and sunk work.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.institutions.queue import QUEUED, accept, leave, next_done, receive
from govsim.jit import kernel
from govsim.process import Process
from govsim.processes.handling import (
    BY_STREET,
    CLOSES_TRULY,
    OVERDUE,
    another_slot,
    needed_slot,
    put_on_paper,
    work_of,
)
from govsim.processes.sinking import sunk_part

FOLLOWS = draws.name("street.follows_precedent")
MISROUTES = draws.name("street.misroutes")
ELSEWHERE = draws.name("street.elsewhere")
SINKS = draws.name("street.sinks")


class Street(Process):
    """Serves the streets' desks."""

    reads = ("cases.*", "communities.knowledge", "committee.named", "committee.named_strength")
    writes = (
        *c.MOVED,
        *QUEUED,
        "cases.slot",
        "cases.coordinated",
        "cases.working",
        "cases.todo",
        "cases.first_paper",
        "cases.wakes",
        "desks.hours",
        "ways.street",
        "ways.branch",
        "ways.district",
        "handoffs",
        "tally.dispatched",
        "tally.first_dispatched",
        "tally.misrouted",
        "tally.coordinated",
        "tally.referred",
        "tally.sunk",
        "tally.sunk_hours",
        "tally.cured_by_street",
        "tally.closed_on_paper",
    )

    def open_the_week(self) -> None:
        """Working hours of street offices under the rules in force."""
        city, places = self.city, self.city.places
        first, last = city.offices.streets
        moved = self.moved_hours()
        city.desks.hours[first:last] = city.desks.base_hours[first:last] * city.rules.office_hours + moved
        city.tally[flows.SUNK_HOURS] += WORKING_DAYS * places.street_share * moved.sum()

    def moved_hours(self) -> np.ndarray:
        """Hours a working day that came down from the branches of its district to each street: (streets,)."""
        city, places = self.city, self.city.places
        streets, districts = places.streets, places.districts
        first, last = city.offices.branches
        part = sunk_part(city.kinds, city.n_departments, city.rules.sunk_hours, city.p)
        hours = city.desks.base_hours[first:last].reshape(len(districts), -1) * city.rules.branch_hours
        of_district = districts.residents[streets.district] / places.district_share
        return (hours * part).sum(axis=1)[streets.district] * (streets.residents / places.street_share) / of_district

    def up_for_districts(self) -> np.ndarray:
        """Rows of the cases that are up for this week's district meetings, which take them off the list."""
        city, day = self.city, self.city.day + WORKING_DAYS - 1
        lists = city.ways.district.reshape(-1, c.HORIZON)  # a district's in a row
        return np.concatenate([c.collect(heads, city.cases.columns, day) for heads in lists])

    def dispatch(self, day: int) -> None:
        """One working day at every street's desk."""
        city, committee = self.city, self.city.committee
        desks, cases, places = city.desks.columns, city.cases.columns, city.places
        first, ways, kinds = city.offices.streets_in, city.ways.by_district, city.kinds.columns
        self.in_districts(
            lambda part, tally: _serve(
                city.seed, day, part, first, desks, cases, places.settlements.columns, places.communities.knowledge,
                kinds, city.p, city.rules, committee.named, committee.named_strength,
                city.config.before.target_pressure, city.background, ways, city.handoffs.log, tally,
            )
        )  # fmt: skip


@kernel
def takes_on(seed, cases, row, kinds, rules, p):
    """Whether the street finishes this case itself, which hangs on the case."""
    share = rules.sunk_share * p.sunk_power * kinds.sinkable[cases.kind[row]]
    return draws.uniform(seed, SINKS, cases.id[row], 0) < share


@kernel
def sunk_work(seed, cases, row, kinds, p):
    """Hours that a street takes for the work of all departments needed."""
    case_id, k, todo = cases.id[row], np.int64(cases.kind[row]), np.int64(cases.todo[row])
    hours = 0.0
    for slot in range(kinds.slots[k]):
        if todo >> slot & 1:
            hours += work_of(seed, case_id, slot, k, kinds, p)
    return hours * (1.0 + p.sunk_overhead)


@kernel
def _finish(seed, day, d, row, cases, p, log, tally):
    """The street has done the work itself: the case is cured, or closed on paper without a cure."""
    case_id, episode = cases.id[row], np.int64(cases.episode[row])
    cases.working[row] = False
    if draws.uniform(seed, CLOSES_TRULY, case_id, episode) < p.sunk_skill:
        c.cure(cases, row, day)
        tally[flows.CURED_BY_STREET] += 1
        c.note(log, case_id, day, d, c.BY_STREET)
        return
    cases.todo[row] = 1 << np.int64(cases.lead[row])
    put_on_paper(seed, day, d, row, c.BOTCHED, cases, p, log, tally)


@kernel
def _serve(
    seed, day, part, first, desks, cases, settlements, knowledge, kinds, numbers, rules, named, named_strength,
    target_pressure, background, ways, log, tally,
):  # fmt: skip
    """A day of the streets of some districts."""
    p = numbers[0]
    for district in part:
        here = ways[district]
        rows = c.collect(here.street, cases, day)
        work = np.empty(rows.shape[0])
        for i in range(rows.shape[0]):
            row = rows[i]
            cases.desk[row] = first[0] + settlements.street[cases.settlement[row]]
            work[i] = p.coordination_hours if cases.attempt[row] >= p.patience else p.dispatch_hours
        receive(seed, day, desks, cases, rows, work, background, first[district], first[district + 1])
        for d in range(first[district], first[district + 1]):
            _dispatch(
                seed, day, d, desks, cases, settlements, knowledge, kinds, p, rules, named, named_strength,
                target_pressure, here, log, tally,
            )  # fmt: skip


@kernel
def _dispatch(
    seed, day, d, desks, cases, settlements, knowledge, kinds, p, rules, named, named_strength, target_pressure, here,
    log, tally,
):  # fmt: skip
    """A day of one street; ``here`` are the ways of its district."""
    budget = desks.hours[d]
    while True:
        row, budget = next_done(desks, cases, d, budget)
        if row < 0:
            break
        k, case_id, attempt = cases.kind[row], cases.id[row], cases.attempt[row]
        alive = cases.fades[row] > day
        if alive and not cases.working[row] and takes_on(seed, cases, row, kinds, rules, p):
            overdue = day - cases.clock[row] > p.overdue_days
            if overdue and draws.uniform(seed, OVERDUE, case_id, attempt) < target_pressure:
                leave(desks, cases, d)
                put_on_paper(seed, day, d, row, c.OVERDUE_PAPER, cases, p, log, tally)
                continue
            cases.working[row] = True
            accept(desks, cases, d, sunk_work(seed, cases, row, kinds, p))
            tally[flows.SUNK] += cases.episode[row] == 0
            c.note(log, case_id, day, d, c.TAKEN_ON)
            continue
        leave(desks, cases, d)
        if not alive:
            c.lapse(cases, row)
            continue
        if cases.working[row]:
            _finish(seed, day, d, row, cases, p, log, tally)
            continue
        if cases.coordinated[row] == BY_STREET:  # a branch refused it even so
            tally[flows.REFERRED] += 1
            c.note(log, case_id, day, d, c.REFERRED)
            c.send(here.district, cases, row, c.STREET, day - day % WORKING_DAYS + WORKING_DAYS - 1)
            continue
        right = needed_slot(cases, row)
        slot = right
        why = c.DISPATCH
        cases.coordinated[row] = BY_STREET if attempt >= p.patience else 0
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
        c.send(here.branch, cases, row, c.BRANCH, day + np.int64(p.transfer_days))
