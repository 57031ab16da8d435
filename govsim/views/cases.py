"""Cases, their hand-offs, and the rulings that some of them follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govsim import cases as c
from govsim.calendar import WORKING_DAYS, monday
from govsim.views.base import View

# plain functions of the identity, for numbers and arrays, with nothing to compile
GENERATION, NUMBER, RAISED, KIND, SETTLEMENT = (
    part.py_func for part in (c.generation_of, c.number_of, c.raised_on, c.kind_of, c.settlement_of)
)

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.institutions.committee import Department
    from govsim.views.offices import Office
    from govsim.views.people import Resident
    from govsim.views.territory import Settlement

__all__ = ["Case", "CaseId", "HandOff", "Ruling", "matching", "touching"]


class CaseId(int):
    """Identity of a case: an integer, which prints as kind, settlement, first day, number and relapse."""

    _names: Sequence[str]

    def __new__(cls, value: int, names: Sequence[str] = ()) -> CaseId:
        """An identity, and the names of all kinds."""
        self = super().__new__(cls, index(value))
        self._names = names
        return self

    @property
    def kind(self) -> str:
        """Name of the kind of case."""
        row: int = KIND(int(self))
        return self._names[row]

    def __str__(self) -> str:
        value = int(self)
        name = f"{self.kind}/{SETTLEMENT(value)}/{RAISED(value)}/{NUMBER(value)}"
        return f"{name}+{relapse}" if (relapse := GENERATION(value)) else name


class HandOff(NamedTuple):
    """One step of a case.

    Attributes:
        day: working day since the start of the warm-up.
        date: the same in the calendar.
        where: the office that dealt with it, or the settlement where it was found, settled or complained of.
        why: what was done, one of :data:`govsim.cases.WHY`.
        ruling: the committee's ruling that the street followed; None where it followed none.
    """

    day: int
    date: date
    where: Office | Settlement
    why: str
    ruling: Ruling | None

    def __str__(self) -> str:
        return f"{self.date} {self.where}: {self.why}"


class Case:
    """A case, open or closed. It is known by its identity, so it can be kept while the city goes on.

    Attributes:
        model: the city.
        id: its identity.

    Raises:
        KeyError: no such case has been raised.
    """

    def __init__(self, model: City, case_id: int, table: int = 0, row: int = 0) -> None:
        self.model: Any = model
        self._table, self._row = table, row  # where it was last found
        self.id = CaseId(case_id, model.kinds.names)
        self._columns()

    @property
    def kind(self) -> str:
        """Name of the kind."""
        return self.id.kind

    @property
    def severity(self) -> float:
        """Weight of a day with it (1 = a typical case)."""
        return self.model.kinds.severity.item(KIND(int(self.id)))

    @property
    def settlement(self) -> Settlement:
        """Where it arose."""
        return self.model.places.settlements[SETTLEMENT(int(self.id))]

    @property
    def resident(self) -> Resident:
        """The resident it touches most."""
        return self.model.residents[self._read("resident")]

    @property
    def stage(self) -> str:
        """Where in its life it is: one of :data:`govsim.cases.STAGES`."""
        return c.STAGES[self._read("stage")]

    @property
    def is_open(self) -> bool:
        """Neither cured nor lapsed nor closed on paper."""
        return self._read("stage") < c.PAPER

    @property
    def raised(self) -> int:
        """Working day on which it arose, from the start of the warm-up."""
        return self._read("raised")

    @property
    def found(self) -> int | None:
        """Working day on which it was found; None while nobody has."""
        day = self._read("found")
        return None if day < 0 else day

    @property
    def closed(self) -> int | None:
        """Working day on which it was cured, lapsed or was closed on paper; None while it is open."""
        return None if self.is_open else self._read("closed")

    @property
    def raised_on(self) -> date:
        """Date on which it arose."""
        return self._date(self.raised)

    @property
    def found_on(self) -> date | None:
        """Date on which it was found."""
        return None if self.found is None else self._date(self.found)

    @property
    def closed_on(self) -> date | None:
        """Date on which it was closed."""
        return None if self.closed is None else self._date(self.closed)

    @property
    def found_by(self) -> str:
        """Who found it: one of :data:`govsim.cases.CHANNELS`."""
        return c.CHANNELS[self._read("found_by")]

    @property
    def episode(self) -> int:
        """Times it came back after a closing on paper."""
        return self._read("episode")

    @property
    def hops(self) -> int:
        """Hand-offs between branches."""
        return self._read("hops")

    @property
    def bounces(self) -> int:
        """Times a responsible branch passed it on."""
        return self._read("bounces")

    @property
    def visits(self) -> int:
        """Visits to the household behind it."""
        return self._read("visits")

    @property
    def persuaded(self) -> bool:
        """Whether it ended because the household gave in."""
        return bool(self._read("persuaded"))

    @property
    def parent(self) -> Case | None:
        """The cured case of which this one is the relapse."""
        return self.model.cases[int(self.id) - 1] if GENERATION(int(self.id)) else None

    @property
    def child(self) -> Case | None:
        """Its relapse, if it has had one."""
        try:
            return self.model.cases[self.id + 1]
        except KeyError:
            return None

    @property
    def office(self) -> Office | None:
        """The office in whose queue it stands; None on its way, in its compound, unfound or closed."""
        if not self.is_open:
            return None
        desk = self._read("desk")
        return self.model.desks[desk] if desk >= 0 else None

    @property
    def handoffs(self) -> list[HandOff]:
        """Every step so far, in order.

        Raises:
            LookupError: this city keeps no hand-offs (``record.handoffs``).
        """
        return [self._handoff(*step) for step in _log(self.model).of(int(self.id))]

    def _handoff(self, day: int, desk: int, why: int) -> HandOff:
        model = self.model
        where = model.desks[desk] if desk >= 0 else self.settlement
        ruling = None
        if why == c.PRECEDENT:
            # the committee meets at the end of a week, so what it ruled is followed from the next week on
            kind, week = KIND(int(self.id)), _week(model, day)
            ruling = next(r for r in reversed(model.committee.rulings) if r._minute.kind == kind and r.week < week)
        return HandOff(day, self._date(day), where, c.WHY[why], ruling)

    def _date(self, day: int) -> date:
        return monday(_week(self.model, day)) + timedelta(days=day % WORKING_DAYS)

    def _read(self, name: str) -> Any:
        columns, row = self._columns()
        return columns[name].item(row)

    def _columns(self) -> tuple[Mapping[str, np.ndarray], int]:
        """Where it is now: the columns of the open cases or of a week's closed ones, and its row."""
        tables, sought = _tables(self.model), int(self.id)
        if not (self._table < len(tables) and _is_at(tables[self._table], self._row, sought)):
            for number, columns in enumerate(tables):
                rows = np.flatnonzero((columns["id"] == sought) & _raised(columns))
                if len(rows):
                    self._table, self._row = number, int(rows[0])
                    break
            else:
                raise KeyError(f"no case with the identity {sought} has been raised by week {self.model.week}")
        return tables[self._table], self._row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and other.id == self.id and other.model is self.model

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Case {int(self.id)}: {self.id}, {self.stage}>"


class Ruling(View):
    """A ruling of the committee on a class of cases."""

    @property
    def _minute(self) -> Any:
        return self.model.committee.minutes[self.row]

    @property
    def week(self) -> int:
        """Week of the timeline at whose end the committee ruled."""
        return self._minute.week

    @property
    def date(self) -> date:
        """Monday of that week."""
        return monday(self.week)

    @property
    def kind(self) -> str:
        """The kind of cases."""
        return self.model.kinds.names[self._minute.kind]

    @property
    def department(self) -> Department:
        """The department whose refusals were heard."""
        return self.model.departments[self._minute.department]

    @property
    def named(self) -> Department:
        """The department named responsible for the kind, to which streets may send such cases."""
        return self.model.departments[self._minute.named]

    @property
    def force(self) -> float:
        """Force of the precedent in this class now, 1 when fresh; a later ruling in the class renews it."""
        return self.model.committee.precedent.item(self._minute.kind, self._minute.department)

    @property
    def cases(self) -> list[Case]:
        """Cases that streets sent to the department named, until another ruling on the kind.

        Raises:
            LookupError: this city keeps no hand-offs (``record.handoffs``).
        """
        model, minute = self.model, self._minute
        later = (m.week for m in model.committee.minutes[self.row + 1 :] if m.kind == minute.kind)
        until = next(later, model.week)
        log = _log(model)
        n = log.count[0]
        week = _week(model, log.day[:n].astype(int))
        followed = (log.why[:n] == c.PRECEDENT) & (week > minute.week) & (week <= until)
        ids = np.unique(log.id[:n][followed])
        ids = ids[KIND(ids) == minute.kind]
        return matching(model, lambda columns: np.isin(columns["id"], ids))

    def __repr__(self) -> str:
        return f"<Ruling {self.row}: {self.kind}, {self.department.name}: {self.named.name} is responsible>"


def matching(city: City, which: Callable[[Mapping[str, np.ndarray]], np.ndarray], closed: bool = True) -> list[Case]:
    """Cases that a condition on their columns picks, oldest first; without ``closed`` only open ones."""
    found: dict[int, Case] = {}
    for number, columns in enumerate(_tables(city)[: None if closed else 1]):
        picked = which(columns) & _raised(columns)
        for row in np.flatnonzero(picked if closed else picked & (columns["stage"] < c.PAPER)):
            case = Case(city, columns["id"][row], number, int(row))
            found.setdefault(int(case.id), case)
    return sorted(found.values(), key=lambda case: (case.raised, case.id))


def touching(city: City, residents: range, closed: bool = False) -> list[Case]:
    """Open cases that touch any of these residents, or all there ever were; oldest first."""
    first, end = residents.start, residents.stop
    return matching(city, lambda columns: (columns["resident"] >= first) & (columns["resident"] < end), closed)


def _tables(city: City) -> list[Mapping[str, np.ndarray]]:
    """The columns of the open cases, and of each week's closed ones (a case just closed may be in both)."""
    return [vars(city.cases), *city.archive.chunks]


def _is_at(columns: Mapping[str, np.ndarray], row: int, case_id: int) -> bool:
    ids = columns["id"]
    return row < len(ids) and ids[row] == case_id and columns["stage"][row] > c.DORMANT


def _log(city: City) -> c.HandOffs:
    if not city.handoffs.keep:
        raise LookupError("this city keeps no hand-offs; set record.handoffs=on")
    return city.handoffs


def _week(city: City, day: Any) -> Any:
    """Week of the timeline of a working day since the start of the warm-up."""
    return day // WORKING_DAYS - city.config.warmup


def _raised(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Rows that hold a case, and not a relapse to come."""
    return columns["stage"] > c.DORMANT
