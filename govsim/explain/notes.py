"""What a probe notes: state at the start of each week, and what the rules saw when they decided on a case.

Nothing here is a story yet, and nothing refers to the city: notes can be copied for another world that goes on from
the same week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from govsim.rules import Rules

__all__ = ["BRANCH", "COMPOUND", "FOUND", "LEDGERS", "STREET", "VISIT", "Ledger", "Notes", "Week"]

BRANCH = np.dtype(
    [
        ("at", "i8"),
        ("slot", "u1"),
        ("attempt", "u1"),
        ("own", "?"),
        ("todo", "u1"),
        ("coordinated", "u1"),
        ("late", "i4"),
        ("precedent", "f8"),
        ("backed", "f8"),
        ("expected", "f8"),
        ("waiting", "f8"),
    ]
)
"""A decision of a branch. ``at``: row of the hand-offs; ``late``: days since it was found or last complained of;
``waiting``: weeks of work that wait; the others are named as in the case table and the committee."""

STREET = np.dtype(
    [
        ("at", "i8"),
        ("slot", "u1"),
        ("right", "u1"),
        ("attempt", "u1"),
        ("late", "i4"),
        ("named", "i1"),
        ("strength", "f8"),
        ("known", "f8"),
    ]
)
"""A street sends or takes on a case. ``slot``: of the department that it named; ``right``: of the one truly needed;
``named``, ``strength``: the committee's naming for the kind; ``known``: how well the community is known."""

COMPOUND = np.dtype(
    [
        ("at", "i8"),
        ("episode", "u1"),
        ("station", "?"),
        ("property_quality", "f8"),
        ("owners", "?"),
        ("joined", "f8"),
        ("party", "?"),
        ("conflict", "f8"),
        ("hands", "f8"),
    ]
)
"""A compound tries to settle a case. ``station``: its service station had time; ``hands``: hours per 1,000 residents
that members still had."""

FOUND = np.dtype([("at", "i8"), ("grid", "f8"), ("resident", "f8"), ("property", "f8"), ("registered", "?")])
"""A case is found: hazard a day of each channel in that week, and whether the resident was on the platform."""

VISIT = np.dtype(
    [
        ("at", "i8"),
        ("visit", "u1"),
        ("messenger", "u1"),
        ("tie", "f8"),
        ("trust", "f8"),
        ("shown", "f8"),
        ("given_in", "f8"),
        ("example", "f8"),
        ("member", "?"),
        ("soured", "u1"),
        ("hardened", "?"),
    ]
)
"""A visit to a household. ``visit``: how many there were before; ``soured``: how many of these hardened it;
``hardened``: whether this one did. The others are what :func:`~govsim.processes.persuasion.readiness` takes."""

LEDGERS = {"branch": BRANCH, "street": STREET, "compound": COMPOUND, "found": FOUND, "visit": VISIT}


class Ledger:
    """Rows about hand-offs, in their order, found by the row of the hand-off that they are about."""

    def __init__(self, dtype: np.dtype) -> None:
        self.chunks: list[np.ndarray] = []
        self._dtype = dtype
        self._all = np.empty(0, dtype)

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Note what belongs to later hand-offs than all before."""
        chunk = np.array(list(rows), self._dtype)
        if len(chunk):
            self.chunks.append(chunk)

    def table(self) -> np.ndarray:
        """All rows."""
        if len(self._all) != sum(map(len, self.chunks)):
            self._all = np.concatenate(self.chunks)
            self.chunks = [self._all]
        return self._all

    def get(self, at: int) -> Any | None:
        """The row about a hand-off; None where nothing was noted."""
        table = self.table()
        i = int(np.searchsorted(table["at"], at))
        return table[i] if i < len(table) and table["at"][i] == at else None

    def copy(self) -> Ledger:
        """Another ledger with the same rows."""
        other = Ledger(self._dtype)
        other.chunks = list(self.chunks)
        return other


@dataclass(frozen=True)
class Week:
    """One week.

    Attributes:
        week: week of the timeline.
        rules: the rules in force.
        tables: chosen columns of settlements, communities, grids and desks as the week opened: arrays of records.
        joining: (settlements,) environment and mobilised work when residents decided whether to take part.
        lived: (settlements,) what moved attitudes: lived performance, its parts, and neighbours' mean satisfaction.
        felt: residents whom an answer moved, and how good it felt, in this order.
        flips: (column, residents) who joined or left, registered, in this week.
        pledges: (member, pledge) that changed.
    """

    week: int
    rules: Rules
    tables: dict[str, np.ndarray]
    joining: np.ndarray | None = None
    lived: np.ndarray | None = None
    felt: tuple[np.ndarray, np.ndarray] | None = None
    flips: dict[str, np.ndarray] = field(default_factory=dict)
    pledges: tuple[np.ndarray, np.ndarray] | None = None


@dataclass
class Notes:
    """All that was noted.

    Attributes:
        first: week in which noting began.
        since: row of the hand-offs from which on decisions were noted.
        people: attitudes and flags of residents, and pledges of members, when it began.
        weeks: one after the other.
        ledgers: what rules saw.
    """

    first: int
    since: int
    people: dict[str, np.ndarray]
    weeks: list[Week] = field(default_factory=list)
    ledgers: dict[str, Ledger] = field(default_factory=lambda: {k: Ledger(v) for k, v in LEDGERS.items()})

    def copy(self) -> Notes:
        """Notes that go on by themselves; what was noted is shared, and never changed."""
        ledgers = {name: ledger.copy() for name, ledger in self.ledgers.items()}
        return Notes(self.first, self.since, self.people, list(self.weeks), ledgers)

    def week(self, week: int) -> Week | None:
        """What was noted of a week of the timeline."""
        i = week - self.first
        return self.weeks[i] if 0 <= i < len(self.weeks) else None
