"""The ticket queue: how every office, from a community desk to a district branch, works through its cases.

First come, first served, and the work is attached to the case. A desk keeps two running totals in hours:
``arrived``, all work ever put in its queue, and ``served``, all work done. Who joins draws a ticket, the
total that has arrived once the own work is added, and its turn is done when ``served`` reaches the ticket.
Work of cases that are not simulated (*background*) only raises ``arrived``. Work that comes before
everything else (an accepted case after triage, hours claimed for joint handling) lowers ``served``: all
who stand there wait that much longer. So a desk is two numbers and a linked list of rows, whatever the
length of its queue, and no list is ever sorted.

A case that is closed by other means while it stands in a queue is skipped when it comes to the front:
work of its own that is still undone is not done, other work before its ticket is. Until then its row
must not be used again; ``cases.desk`` of -1 says when it may be.

Reads and writes: ``desks``; of ``cases`` it writes ``desk``, ``ticket``, ``work`` and ``next`` only.
Leaves out: overtime, priorities by severity, several officials on one desk (``continuous`` has them).
"""

from __future__ import annotations

import numpy as np

from govsim import draws
from govsim.calendar import WORKING_DAYS
from govsim.cases import CURED, FREE, LAPSED, PAPER
from govsim.columns import Table, column
from govsim.jit import kernel

__all__ = [
    "BRANCH_DESK",
    "COMMUNITY_DESK",
    "STREET_DESK",
    "TIERS",
    "Desks",
    "accept",
    "background_hours",
    "close_week",
    "continuous",
    "in_order",
    "join",
    "leave",
    "next_done",
    "put_in_front",
    "receive",
]

TIERS = ("community", "street", "branch")
COMMUNITY_DESK, STREET_DESK, BRANCH_DESK = range(3)

QUEUED = (
    *(f"cases.{name}" for name in ("desk", "next", "ticket", "work")),
    *(f"desks.{name}" for name in ("arrived", "served", "head", "tail", "length", "inflow", "used", "offered")),
)
"""What serving a queue writes, for the declarations of processes."""

MOMENT = draws.name("queue.moment")
_HOURS_A_CASE = 6.0  # turns hours into a rough number of cases; only the weight of `pooling` hangs on it


class Desks(Table):
    """One row an office: communities, then streets, then branches (district x departments + department)."""

    tier = column("u1", "", "community, street or branch", fixed=True)
    owner = column("i4", "", "row in the table of its own tier", fixed=True)
    share = column("f8", "1", "part of its clientele that is simulated", fixed=True, fill=1.0)
    base_hours = column("f8", "hours a working day", "working time before any policy, as its district has steered it")
    hours = column("f8", "hours", "work it can do today")
    arrived = column("f8", "hours", "all work ever put in its queue, simulated and background")
    served = column("f8", "hours", "all work done or dropped, less what was put in front")
    asked = column("f8", "hours", "work that its own cases in the queue will be once they are accepted (branches)")
    head = column("i4", "", "row of the first case in its queue; -1 when none", fill=-1)
    tail = column("i4", "", "row of the last case in its queue; -1 when none", fill=-1)
    length = column("i4", "cases", "simulated cases in its queue, with those closed but not yet skipped")
    inflow = column("f8", "hours", "simulated work put in this week, less work dropped undone")
    usual = column("f8", "hours a working day", "simulated work, smoothed over past weeks")
    usual_before = column("f8", "hours a working day", "simulated work, mean of the last part of the warm-up")
    load = column("f8", "0..1", "share of its hours that are worked, smoothed over past weeks")
    used = column("f8", "hours", "hours worked this week")
    offered = column("f8", "hours", "hours it was open this week")


@kernel
def join(desks, cases, d, row, work):
    """Case ``row`` joins the queue of desk ``d`` with ``work`` hours."""
    desks.arrived[d] += work
    desks.inflow[d] += work
    cases.ticket[row] = desks.arrived[d]
    cases.work[row] = work
    cases.desk[row] = d
    cases.next[row] = -1
    if desks.tail[d] < 0:
        desks.head[d] = row
    else:
        cases.next[desks.tail[d]] = row
    desks.tail[d] = row
    desks.length[d] += 1


@kernel
def put_in_front(desks, d, work):
    """``work`` hours of nobody in the queue are claimed before everything that waits there."""
    desks.served[d] -= work
    desks.inflow[d] += work


@kernel
def accept(desks, cases, d, work):
    """The desk accepts the case whose turn is done: ``work`` hours of its own more, before everybody else."""
    put_in_front(desks, d, work)
    cases.work[desks.head[d]] = work


@kernel
def leave(desks, cases, d):
    """The case at the head leaves; work of its own that is still undone is dropped and costs no time."""
    row = desks.head[d]
    done = min(desks.served[d] + cases.work[row], cases.ticket[row])
    desks.inflow[d] -= done - desks.served[d]
    desks.served[d] = done
    desks.head[d] = cases.next[row]
    if desks.head[d] < 0:
        desks.tail[d] = -1
    desks.length[d] -= 1
    cases.desk[row] = -1
    cases.work[row] = 0.0


@kernel
def _closed(stage):
    """A case in this stage waits for no office, wherever its row is still linked."""
    return stage in (PAPER, CURED, LAPSED, FREE)


@kernel
def next_done(desks, cases, d, budget):
    """Work for up to ``budget`` hours, until the turn of the case at the head is done.

    Returns:
        (row, hours left): a case whose turn is done and which still stands at the head, for the caller
        to :func:`accept` or let :func:`leave`; or (-1, 0.0) when the hours are used up or the queue is
        empty. Idle time is lost.
    """
    while desks.head[d] >= 0:
        row = desks.head[d]
        if _closed(cases.stage[row]):
            leave(desks, cases, d)
            continue
        ahead = cases.ticket[row] - desks.served[d]
        if ahead <= budget:
            desks.served[d] = cases.ticket[row]
            desks.used[d] += ahead
            return row, budget - ahead
        desks.served[d] += budget
        desks.used[d] += budget
        # its own work comes last before its ticket
        cases.work[row] = min(cases.work[row], cases.ticket[row] - desks.served[d])
        return np.int32(-1), 0.0
    worked = min(budget, desks.arrived[d] - desks.served[d])
    desks.served[d] += worked
    desks.used[d] += worked
    return np.int32(-1), 0.0


@kernel
def in_order(moment, identity):
    """Positions by moment, equal moments by identity, whatever the order given.

    Moments are uniform in [0, 1): dealt into as many bins as there are cases they are almost in order, and an
    insertion sort finishes in about as many steps (and compiles in a tenth of the time of numba's own sort).
    """
    n = moment.shape[0]
    ends = np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        ends[np.int64(moment[i] * n) + 1] += 1
    for b in range(n):
        ends[b + 1] += ends[b]
    order = np.empty(n, dtype=np.int64)
    for i in range(n):
        b = np.int64(moment[i] * n)
        order[ends[b]] = i
        ends[b] += 1
    for j in range(1, n):
        i, k = order[j], j
        while k > 0 and (
            moment[order[k - 1]] > moment[i]
            or (moment[order[k - 1]] == moment[i] and identity[order[k - 1]] > identity[i])
        ):
            order[k] = order[k - 1]
            k -= 1
        order[k] = i
    return order


@kernel
def receive(seed, day, desks, cases, rows, work, background, first, last):
    """Desks ``first`` to ``last`` open for the day: arrivals join, mixed with today's background work.

    Each case comes at a moment of the day drawn from its identity and the day, so the order hangs neither
    on row numbers nor on who else comes. A case that comes at moment u stands behind the part u of the
    day's background. Called once a day for each desk.

    Args:
        rows: (n,) case rows in any order; ``cases.desk`` holds where each goes.
        work: (n,) hours of each.
        background: (desks,) hours a working day, of all desks.
    """
    moment = draws.uniforms(seed, MOMENT, cases.id[rows], day)
    come = np.zeros(last - first)
    for i in in_order(moment, cases.id[rows]):
        d = cases.desk[rows[i]]
        desks.arrived[d] += background[d] * (moment[i] - come[d - first])
        come[d - first] = moment[i]
        join(desks, cases, d, rows[i], work[i])
    for d in range(first, last):
        desks.arrived[d] += background[d] * (1.0 - come[d - first])
        desks.offered[d] += desks.hours[d]


@kernel
def background_hours(desks, group, mirrored, pooling, smoothing):
    """Work a working day that the part of each desk's clientele which is not simulated brings: (desks,).

    The rest raises work at the simulated part's own smoothed rate, as it is now (``mirrored``) or as it
    was at the end of the warm-up. Where the simulated part is small its own record is noisy, so it is
    blended with the common rate of its group, hours of work per hour of working time. The weight of the
    own record is expected cases / (expected cases + ``pooling``). Expected, not seen: a desk that had few
    by chance would otherwise lean on the group more than one that had many, and the sum would be too high.

    Args:
        group: (desks,) desks whose rate is pooled, numbered from 0: branches of one district, and so on.
        pooling: number of cases at which the own record and the group's rate weigh the same.
        smoothing: the weekly smoothing of ``usual``, which sets over how many days it remembers.
    """
    rate = desks.usual if mirrored else desks.usual_before
    remembered = WORKING_DAYS * (2.0 - smoothing) / smoothing  # days of equal weight as good as the average
    work = np.zeros(group.max() + 1)
    time = np.zeros(group.max() + 1)
    for d in range(group.shape[0]):
        work[group[d]] += rate[d]
        time[group[d]] += desks.base_hours[d]
    out = np.zeros(group.shape[0])
    for d in range(group.shape[0]):
        if time[group[d]] > 0.0:
            common = work[group[d]] / time[group[d]] * desks.base_hours[d]
            expected = common * remembered / _HOURS_A_CASE
            own = expected / (expected + pooling) if expected > 0.0 else 0.0
            out[d] = (1.0 / desks.share[d] - 1.0) * (own * rate[d] + (1.0 - own) * common)
    return out


@kernel
def close_week(desks, smoothing, load_smoothing):
    """Let the week's work move ``usual`` and ``load``, and start the next week's counts."""
    for d in range(desks.usual.shape[0]):
        usual = desks.usual[d] + smoothing * (desks.inflow[d] / WORKING_DAYS - desks.usual[d])
        desks.usual[d] = max(0.0, usual)  # a week may drop more than it takes in
        if desks.offered[d] > 0.0:
            desks.load[d] += load_smoothing * (desks.used[d] / desks.offered[d] - desks.load[d])
        desks.inflow[d] = 0.0
        desks.used[d] = 0.0
        desks.offered[d] = 0.0


@kernel
def continuous(arrivals, work, servers):
    """The same discipline without days: waits (n,) of cases before ``servers`` officials with one queue.

    Args:
        arrivals: (n,) times of arrival, ascending.
        work: (n,) time that each case takes one official.
    """
    free = np.zeros(servers)  # when each official has done what came before
    wait = np.empty(arrivals.shape[0])
    for i in range(arrivals.shape[0]):
        s = np.argmin(free)
        start = max(arrivals[i], free[s])
        wait[i] = start - arrivals[i]
        free[s] = start + work[i]
    return wait
