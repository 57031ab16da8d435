"""The coordinating committee and the departments: who decides above the branches.

The committee never writes how branches decide. It hears *classes* of disputed cases (kind x department),
the most pressing first, within its meeting hours. A ruling sets a precedent, which makes that class clearer
and makes a refusal in it likely to be held against the department; precedents age. A ruling also names the
department that has most often finished such cases, and streets may follow that name: right for most cases of
a kind, wrong for the exceptions. Once a quarter the leading group above it takes up the class in which a
ruling in force is least heeded, and lends it full authority, which ages with the ruling. Departments learn
from what happens to their refusals.
"""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import mesa
import numpy as np

from govsim import flows
from govsim.calendar import QUARTER, WORKING_DAYS
from govsim.processes.handling import hear
from govsim.views.base import Rows
from govsim.views.cases import Ruling
from govsim.views.territory import Street, Unit

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.views.offices import Branch

__all__ = ["Committee", "Department", "District", "Minute"]

_DOCKET_MEMORY = 0.9
"""Share of last week's docket that is still on the table (a dispute is heard of for about ten weeks)."""


class Minute(NamedTuple):
    """What the minutes keep of a ruling: its week; rows of kind, department heard and department named."""

    week: int
    kind: int
    department: int
    named: int


class Committee(mesa.Agent):
    """The coordinating committee, and the common memory of disputes that it would act on.

    Attributes:
        precedent: (kinds, departments) force of the precedent in each class, 1 when fresh.
        backed: (kinds, departments) force of the leading group's backing in each class.
        named: (kinds,) slot of the department named responsible; -1 where none is.
        named_strength: (kinds,) force of that naming.
        expected: (departments,) how often each expects its refusals to be ruled on.
        docket: (kinds, departments) refusals of late, fading over about ten weeks.
        finished: (kinds, departments) cases finished by a department that was responsible.
        minutes: a minute of every ruling so far.
        hours: meeting time not yet used.
    """

    writes: ClassVar[tuple[str, ...]] = (
        "committee.precedent",
        "committee.backed",
        "committee.named",
        "committee.named_strength",
        "committee.docket",
        "committee.minutes",
        "committee.hours",
        "tally.meeting_hours",
    )

    ARRAYS = ("precedent", "backed", "named", "named_strength", "expected", "docket", "finished")

    def __init__(self, model: City, kinds: int, departments: int) -> None:
        super().__init__(model)
        self.city = model
        self.precedent = np.zeros((kinds, departments))
        self.backed = np.zeros((kinds, departments))
        self.named = np.full(kinds, -1, dtype=np.int32)
        self.named_strength = np.zeros(kinds)
        self.expected = np.zeros(departments)
        self.docket = np.zeros((kinds, departments))
        self.finished = np.zeros((kinds, departments))
        self.minutes: list[Minute] = []
        self.hours = 0.0

    def meet(self) -> None:
        """Hear the most pressing classes of the departments under it, as far as the hours go."""
        rules, p = self.city.rules, self.city.p
        age = 0.5 ** (1.0 / p.precedent_half_life)
        self.precedent *= age
        self.backed *= age
        self.named_strength *= age
        members = round(rules.committee_departments)
        self.hours = min(self.hours + rules.committee_hours, max(2.0 * rules.committee_hours, p.ruling_hours))
        self.city.tally[flows.MEETING_HOURS] += (
            members * rules.committee_hours * len(self.city.residents) / self.city.config.city_residents
        )
        if members:
            disputed = self.docket[:, :members] * self.city.kinds.severity[:, None]
            while self.hours >= p.ruling_hours:
                pressing = disputed * (1.0 - self.precedent[:, :members])
                kind, department = divmod(int(pressing.argmax()), members)
                if pressing[kind, department] <= 0.0:
                    break
                self.rule_on(kind, department)
                self.hours -= p.ruling_hours

        if members and rules.leading_group > 0.0 and self.city.week % QUARTER == 0:
            self.back(members)

    def back(self, members: int) -> None:
        """The leading group takes up the class of ruled-on cases that is refused most, by severity."""
        unheeded = self.docket * self.precedent * (1.0 - self.backed) * self.city.kinds.severity[:, None]
        kind, department = divmod(int(unheeded[:, :members].argmax()), members)
        if unheeded[kind, department] > 0.0:
            self.backed[kind, department] = 1.0

    def rule_on(self, kind: int, department: int) -> None:
        """Set the precedent for one class, and name who has most often been responsible."""
        departments = self.city.kinds.departments[kind]
        slots = int(self.city.kinds.slots[kind])
        slot = int(self.finished[kind, departments[:slots]].argmax())
        self.precedent[kind, department] = 1.0
        self.named[kind] = slot
        self.named_strength[kind] = 1.0
        self.minutes.append(Minute(self.city.week, kind, department, int(departments[slot])))

    @property
    def rulings(self) -> Rows[Ruling]:
        """Every ruling so far, in order."""
        return Rows(partial(Ruling, self.city), range(len(self.minutes)))

    def ruling_on(self, kind: str, department: str) -> Ruling | None:
        """The latest ruling on a class of cases, if any (by the names of kind and department heard)."""
        of_class = (r for r in reversed(self.rulings) if (r.kind, r.department.name) == (kind, department))
        return next(of_class, None)

    @property
    def members(self) -> list[Department]:
        """The departments under it this week."""
        return self.city.departments[: round(self.city.rules.committee_departments)]

    def close_the_week(self) -> None:
        """Disputes fade from the table."""
        self.docket *= _DOCKET_MEMORY

    def state(self) -> dict[str, object]:
        """Everything it remembers."""
        arrays = {name: getattr(self, name).copy() for name in self.ARRAYS}
        return {**arrays, "minutes": list(self.minutes), "hours": self.hours}

    def restore(self, state: dict[str, object]) -> None:
        """Take back what :meth:`state` gave."""
        for name in self.ARRAYS:
            getattr(self, name)[...] = state[name]
        self.minutes = [Minute(*minute) for minute in state["minutes"]]  # pyright: ignore
        self.hours = float(state["hours"])  # pyright: ignore[reportArgumentType]


class Department(mesa.Agent):
    """A department of the city; its branches are rows of the desk table."""

    def __init__(self, model: City, row: int, name: str) -> None:
        super().__init__(model)
        self.city = model
        self.row = row
        self.name = name

    @property
    def branches(self) -> Rows[Branch]:
        """Its branches, one a district."""
        first, last = self.city.offices.branches
        return Rows(self.city.desks.__getitem__, range(first + self.row, last, self.city.n_departments))

    @property
    def committee(self) -> Committee | None:
        """The coordinating committee, where it is under it this week."""
        return self.city.committee if self in self.city.committee.members else None

    @property
    def expected(self) -> float:
        """How often it expects its refusals to be ruled on (0..1)."""
        return self.city.committee.expected.item(self.row)

    @property
    def kinds(self) -> list[str]:
        """The kinds of cases that may need it."""
        kinds = self.city.kinds
        return [kinds.names[k] for k in np.flatnonzero((kinds.departments == self.row).any(axis=1))]

    def __repr__(self) -> str:
        return f"<Department {self.row}: {self.name}>"


class District(Unit):
    """A district: it steers the branches on its ground within narrow limits, and hears single disputed cases."""

    writes: ClassVar[tuple[str, ...]] = (
        "desks.base_hours",
        "districts.hearing",
        "cases.coordinated",
        "cases.stage",
        "cases.desk",
        "cases.next",
        "ways.street",
        "ways.branch",
        "handoffs",
        "tally.district_coordinated",
    )

    _table = attrgetter("places.districts")

    def __init__(self, model: City, row: int) -> None:
        super().__init__(model, row)
        self.city = model

    @property
    def _people(self) -> range:
        streets = self.streets
        return range(streets[0]._people.start, streets[-1]._people.stop)

    @property
    def streets(self) -> Rows[Street]:
        """Its streets."""
        return Rows(self.city.places.streets.__getitem__, self.city.places.streets_of(self.row))

    @property
    def branches(self) -> Rows[Branch]:
        """The branches on its ground, one a department."""
        return Rows(self.city.desks.__getitem__, self._desks)

    @property
    def _desks(self) -> range:
        first, n = self.city.offices.branches[0], self.city.n_departments
        return range(first + self.row * n, first + (self.row + 1) * n)

    def meet(self, up: np.ndarray) -> None:
        """Hear single cases that were refused in spite of street coordination, as far as this week's hours go.

        The worst first, by severity and days since complained of. A case that is heard is assigned again to the
        department that the street had named, with the weight of the district; the others go back to their streets.

        Args:
            up: rows of the cases up for any district's meeting.
        """
        city, p = self.city, self.city.p
        districts, cases = city.places.districts, city.cases
        a_week = city.config.before.district_hours * city.places.district_share
        districts.hearing[self.row] = min(districts.hearing[self.row] + a_week, max(2.0 * a_week, p.hearing_hours))
        mine = up[city.places.settlements.district[cases.settlement[up]] == self.row]
        after = city.day + WORKING_DAYS
        worst = city.kinds.severity[cases.kind[mine]] * (after - cases.clock[mine])
        heard, districts.hearing[self.row] = hear(
            mine[np.lexsort((cases.id[mine], -worst))], districts.hearing[self.row], after, cases.columns,
            city.ways.by_district[self.row], p, city.handoffs.log,
        )  # fmt: skip
        city.tally[flows.DISTRICT_COORDINATED] += heard

    def steer(self) -> None:
        """Each quarter, lend hours from branches with slack to loaded ones.

        By what parts each from the mean load of all hours, so that the total is unchanged.
        """
        if self.city.week % QUARTER:
            return
        desks, here = self.city.desks, slice(self._desks.start, self._desks.stop)
        hours, load = desks.base_hours[here], desks.load[here]
        total = hours.sum()
        if total <= 0.0:
            return
        common = (hours * load).sum() / total
        desks.base_hours[here] = hours * (1.0 + self.city.p.steering * (load - common))
