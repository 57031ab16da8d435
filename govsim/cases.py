"""The case table: one row for each open problem, with its stage, clocks and hand-offs.

A row is reused once its case is closed and accounted for, so the table is as long as the largest number
of cases that were ever open at once. Closed cases move to the archive, a chunk a week.

The identity of a case is an integer that packs where, what and when it was raised:
``((settlement * 16 + kind) * 2**14 + day) * 2**10 + number) * 2**6 + generation``. It is the same in
every world of a seed, and every draw about the case is keyed by it. A relapse after a true cure is a new
case whose identity has the next generation; its parent is the one before.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from typing import Any

import numpy as np

from govsim.columns import Table, column
from govsim.config.kinds import MOST_KINDS
from govsim.jit import kernel

__all__ = [
    "CHANNELS", "STAGES", "STEPS_A_WEEK", "WHY", "Archive", "Cases", "HandOffs", "Ways", "close_on_paper", "collect",
    "count_stages", "cure", "generation_of", "identity", "kind_of", "lapse", "note", "number_of", "raised_on", "send",
    "settlement_of",
]  # fmt: skip

STAGES = (
    "free",
    "dormant",
    "latent",
    "compound",
    "community",
    "street",
    "branch",
    "closed on paper",
    "cured",
    "lapsed",
)
FREE, DORMANT, LATENT, COMPOUND, COMMUNITY, STREET, BRANCH, PAPER, CURED, LAPSED = range(10)

CHANNELS = ("nobody", "grid worker", "resident", "property company")
NOBODY, GRID, RESIDENT, PROPERTY = range(4)


NOWHERE, ON_ITS_WAY = -1, -2


class Cases(Table):
    """One row a case that is not yet closed and accounted for."""

    id = column("i8", "", "identity")
    settlement = column("i4", "", "where")
    resident = column("i4", "", "the resident it touches most")
    kind = column("u1", "", "kind of case")
    stage = column("u1", "", "where in its life it is", fill=FREE)
    raised = column("i2", "working day", "day it was raised")
    found = column("i2", "working day", "day it was found; -1 while latent", fill=-1)
    closed = column("i2", "working day", "day it was cured or lapsed, or last closed on paper; -1 before", fill=-1)
    first_paper = column("i2", "working day", "day it was first closed on paper; -1 before", fill=-1)
    fades = column("i2", "working day", "day on which it would lapse by itself")
    wakes = column("i2", "working day", "day a dormant relapse is raised, or a case closed on paper comes back")
    clock = column("i2", "working day", "day it was found, or last complained of: its time runs from here")
    found_by = column("u1", "", "who found it", fill=NOBODY)
    todo = column("u1", "bit mask", "slots of the kind's departments whose work is still needed")
    lead = column("u1", "", "slot of the department truly responsible first")
    slot = column("u1", "", "slot of the department it is with")
    attempt = column("u1", "", "decisions taken on it by branches so far")
    working = column("?", "", "accepted by the branch it is with, or taken on by the street")
    coordinated = column("u1", "", "assigned to its branch by a coordinating office: 0 no, 1 street, 2 district")
    episode = column("u1", "", "times it came back after a closing on paper")
    hops = column("u1", "", "hand-offs between branches")
    bounces = column("u1", "", "times a responsible branch passed it on")
    visits = column("u1", "", "visits to the household behind it so far")
    hardened = column("u1", "", "visits that hardened the household")
    visit_from = column("i2", "working day", "first day on which the household may be visited again")
    persuaded = column("?", "", "ended because the household gave in")
    seen_grid = column("f4", "1", "hazard accumulated from grid patrol")
    seen_resident = column("f4", "1", "hazard accumulated from residents")
    seen_property = column("f4", "1", "hazard accumulated from the property company")
    desk = column("i4", "", "desk whose queue it stands in; -1 none, -2 on its way between offices", fill=NOWHERE)
    ticket = column("f8", "hours", "work served at its desk when its turn is done")
    work = column("f8", "hours", "work of its own that its desk has still to do")
    next = column("i4", "", "row behind it in its queue or on its way; -1 at the end", fill=-1)

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Copies of some rows as records: once for all columns, for rows lie anywhere in memory."""
        return np.asarray(self.columns).take(rows)

    def __getitem__(self, case_id: Any) -> Any:
        """The view of the case with this identity, open or closed.

        Raises:
            KeyError: no such case has been raised.
        """
        return self.view(case_id)

    def __contains__(self, case_id: int) -> bool:
        try:
            return self[case_id] is not None
        except KeyError:
            return False

    def __iter__(self) -> Iterator[Any]:
        """Views of the cases that are neither cured nor lapsed."""
        here = np.flatnonzero((self.stage > DORMANT) & (self.stage < CURED))
        return (self.view(self.id[row], 0, int(row)) for row in here)


_KIND, _DAY, _NUMBER, _GENERATION = MOST_KINDS, 2**14, 2**10, 2**6
LAST_GENERATION = _GENERATION - 1


@kernel
def identity(settlement, kind, day, number):
    """Identity of a new case (generation 0)."""
    return np.int64((((settlement * _KIND + kind) * _DAY + day) * _NUMBER + number) * _GENERATION)


@kernel
def number_of(case_id):
    """Which one it is of those raised in the same place, kind and day."""
    return case_id // _GENERATION % _NUMBER


@kernel
def generation_of(case_id):
    """How many cures lie before it; its parent is ``case_id - 1`` where this is above 0."""
    return case_id % _GENERATION


@kernel
def kind_of(case_id):
    """Kind of the case with this identity."""
    return case_id // (_GENERATION * _NUMBER * _DAY) % _KIND


@kernel
def settlement_of(case_id):
    """Settlement of the case with this identity."""
    return case_id // (_GENERATION * _NUMBER * _DAY * _KIND)


@kernel
def raised_on(case_id):
    """Day on which a case of generation 0 was raised."""
    return case_id // (_GENERATION * _NUMBER) % _DAY


def take_rows(cases: Cases, n: int) -> np.ndarray:
    """``n`` free rows, lowest first, with every column at its fill value; the table grows where it must."""
    rows = _free_rows(cases.columns, n)
    if len(rows) < n:
        cases.grow(max(cases.rows + n - len(rows), cases.rows * 5 // 4))
        rows = _free_rows(cases.columns, n)
    cases.columns[rows] = cases.blank
    return rows


@kernel
def _free_rows(cases, wanted):
    """The first rows that are free, as many as are wanted or there are."""
    rows = np.empty(wanted, dtype=np.int32)
    n = 0
    for row in range(cases.stage.shape[0]):
        if n == wanted:
            break
        if cases.stage[row] == FREE:
            rows[n] = row
            n += 1
    return rows[:n]


@kernel
def count_stages(cases, first, end):
    """How many cases of some rows are in each stage: (stages,)."""
    counts = np.zeros(len(STAGES), dtype=np.int64)
    for row in range(first, end):
        counts[cases.stage[row]] += 1
    return counts


# --- on the way between offices -------------------------------------------------------------------

HORIZON = 64
"""Longest way between two offices, in working days."""


class Ways(Table):
    """Cases under way, a list for each district, day of arrival (modulo the horizon) and tier.

    There are ``HORIZON`` rows a district. No case leaves its district, so districts can be served side by side.
    """

    compound = column("i4", "", "first case that reaches a compound that day", fill=-1)
    community = column("i4", "", "first case that reaches a community", fill=-1)
    street = column("i4", "", "first case that reaches a street", fill=-1)
    branch = column("i4", "", "first case that reaches a branch", fill=-1)
    district = column("i4", "", "first case that is up for a district's meeting, still with its street", fill=-1)

    @property
    def by_district(self) -> Any:
        """The same lists for a kernel: (districts, days of arrival) records."""
        return self.columns.reshape(-1, HORIZON)


MOVED = ("cases.stage", "cases.closed", "cases.desk", "cases.next")
"""What cases on their way write, for the declarations of processes."""


@kernel
def send(heads, cases, row, stage, day):
    """Put a case on its way; it arrives at the tier of ``stage`` on ``day``."""
    cases.stage[row] = stage
    cases.desk[row] = ON_ITS_WAY
    cases.next[row] = heads[day % HORIZON]
    heads[day % HORIZON] = row


@kernel
def collect(heads, cases, day):
    """Rows of the cases that arrive today (in no particular order); what was closed on the way is dropped."""
    count = 0
    row = heads[day % HORIZON]
    while row >= 0:
        count += 1
        row = cases.next[row]
    rows = np.empty(count, dtype=np.int32)
    count = 0
    row = heads[day % HORIZON]
    heads[day % HORIZON] = -1
    while row >= 0:
        following = cases.next[row]
        cases.desk[row] = NOWHERE
        if cases.stage[row] < PAPER and cases.fades[row] <= day:
            lapse(cases, row)
        if cases.stage[row] < PAPER:
            rows[count] = row
            count += 1
        row = following
    return rows[:count]


# --- ends of a case -------------------------------------------------------------------------------


@kernel
def cure(cases, row, day):
    """The problem is truly solved."""
    cases.stage[row] = CURED
    cases.closed[row] = day


@kernel
def lapse(cases, row):
    """The problem went away by itself, on the day it would have in any world."""
    cases.stage[row] = LAPSED
    cases.closed[row] = cases.fades[row]


@kernel
def close_on_paper(cases, row, day, returns):
    """Recorded as done with the problem still there; it is complained of again on day ``returns``."""
    cases.stage[row] = PAPER
    cases.closed[row] = day
    cases.wakes[row] = returns
    if cases.first_paper[row] < 0:
        cases.first_paper[row] = day


# --- the trail of a case --------------------------------------------------------------------------

WHY = (
    "found by a grid worker",
    "reported by a resident",
    "found by the property company",
    "settled on the spot",
    "settled in the compound",
    "not settled in the compound",
    "settled by the community",
    "beyond the community",
    "sent to the department that seemed responsible",
    "sent to the department that a precedent names",
    "assigned by street coordination",
    "accepted",
    "accepted jointly",
    "passed on as not its own",
    "passed on although its own",
    "passed on too often: back to the street",
    "no authority to act: back to the street",
    "next department needed",
    "cured by the branch",
    "closed on paper when overdue",
    "closed on paper without a cure",
    "complained of again",
    "settled by the service station",
    "a visit, and no",
    "a visit, and the household gave in",
    "settled by a grid worker's mediation",
    "taken on by the street itself",
    "cured by the street",
    "refused after coordination: up to the district",
    "assigned by the district's meeting",
    "not heard by the district's meeting",
)
(
    BY_GRID, BY_RESIDENT, BY_PROPERTY, ON_SPOT, IN_COMPOUND, BEYOND_COMPOUND, BY_COMMUNITY, BEYOND_COMMUNITY, DISPATCH,
    PRECEDENT, COORDINATION, ACCEPTED, ACCEPTED_JOINTLY, NOT_OURS, BOUNCED, TOO_OFTEN, NO_AUTHORITY, NEXT_DEPARTMENT,
    CURED_THERE, OVERDUE_PAPER, BOTCHED, COMPLAINT, AT_STATION, REFUSED, GAVE_IN, BY_MEDIATION,
    TAKEN_ON, BY_STREET, REFERRED, BY_DISTRICT, NOT_HEARD,
) = range(len(WHY))  # fmt: skip

STEPS_A_WEEK = 20
"""More steps than a case can take in a week: found, and at most a few a working day."""

Log = namedtuple("Log", "steps count")  # pyright: ignore[reportUntypedNamedTuple]


class HandOffs(Table):
    """Every hand-off of every case and why, in the order in which they happened.

    Kept where ``record.handoffs`` asks for it; otherwise it has no room and notes nothing.

    Attributes:
        count: (1,) how many rows are written so far; the others are room for more.
    """

    id = column("i8", "", "identity of the case")
    desk = column("i4", "", "desk at which; -1 in the place itself")
    day = column("i2", "working day", "day on which")
    why = column("u1", "", "row of WHY")

    def __init__(self, keep: bool) -> None:
        super().__init__(0)
        self.keep = keep
        self.count = np.zeros(1, dtype=np.int64)

    def make_room(self, more: int) -> None:
        """Before a kernel that may note up to ``more`` hand-offs."""
        need = int(self.count[0]) + more
        if self.keep and need > self.rows:
            self.grow(max(need, 2 * self.rows))

    @property
    def log(self) -> Log:
        """What a kernel needs to note more."""
        return Log(self.columns, self.count)

    def of(self, case_id: int) -> list[tuple[int, int, int]]:
        """(day, desk or -1, index into WHY) for each hand-off of one case."""
        found = np.flatnonzero(self.id[: self.count[0]] == case_id)
        return [(int(self.day[i]), int(self.desk[i]), int(self.why[i])) for i in found]

    def held(self) -> dict[str, np.ndarray]:
        """What was noted, without the room for more."""
        return {name: values[: int(self.count[0])] for name, values in super().held().items()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take back what :meth:`state` gave."""
        super().restore(state)
        self.count[0] = self.rows


@kernel
def note(log, case_id, day, desk, why):
    """Note one step of a case: at which desk (-1: in the place itself), and why."""
    n = log.count[0]
    if n < log.steps.shape[0]:
        log.steps.id[n] = case_id
        log.steps.day[n] = day
        log.steps.desk[n] = desk
        log.steps.why[n] = why
        log.count[0] = n + 1


class Archive:
    """Closed cases, one chunk of columns a week; chunks are never changed and are shared by branches."""

    COLUMNS = (
        "id",
        "resident",
        "raised",
        "found",
        "closed",
        "first_paper",
        "stage",
        "found_by",
        "episode",
        "hops",
        "bounces",
        "wakes",
        "visits",
        "persuaded",
    )

    def __init__(self) -> None:
        self.chunks: list[dict[str, np.ndarray]] = []

    def add(self, ended: np.ndarray) -> None:
        """Keep columns of the cases that were closed this week, given as records."""
        if len(ended):
            self.chunks.append({name: ended[name].copy() for name in self.COLUMNS})

    def table(self) -> dict[str, np.ndarray]:
        """All closed cases as columns, in the order of closing."""
        if not self.chunks:
            return {name: np.empty(0, dtype=Cases.declared[name].dtype) for name in self.COLUMNS}
        return {name: np.concatenate([chunk[name] for chunk in self.chunks]) for name in self.COLUMNS}
