"""Offices: the desks at which cases wait, of communities, of streets, and of departments' branches."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.institutions.queue import BRANCH_DESK, TIERS, Desks
from govsim.views.base import View, reads

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.institutions.committee import Department, District
    from govsim.views.cases import Case
    from govsim.views.territory import Community, Street

__all__ = ["Branch", "Office", "office"]


def office(model: City, row: int) -> Office:
    """The view of a desk."""
    return (Branch if model.desks.tier[row] == BRANCH_DESK else Office)(model, row)


class Office(View):
    """A desk: the staff of a community or street, or a department's branch."""

    _table = attrgetter("desks")
    _owner: int = reads(Desks, "owner")

    tier: str = reads(Desks, "tier", TIERS)
    hours: float = reads(Desks, "hours")
    base_hours: float = reads(Desks, "base_hours")
    load: float = reads(Desks, "load")
    length: int = reads(Desks, "length")

    @property
    def place(self) -> Community | Street | District:
        """The community, street or district that it serves."""
        return getattr(self.model.places, "communities" if self.tier == "community" else "streets")[self._owner]

    @property
    def waiting(self) -> float:
        """Work in its queue, of cases that are not simulated too (hours)."""
        desks = self.model.desks
        return max(0.0, desks.arrived.item(self.row) - desks.served.item(self.row))

    @property
    def backlog(self) -> float:
        """Work in its queue in weeks of its working time."""
        return self.waiting / max(WORKING_DAYS * self.hours, 1e-9)

    @property
    def queue(self) -> list[Case]:
        """The cases that stand in its queue, the next to be dealt with first."""
        table, row, waiting = self.model.cases, self.model.desks.head.item(self.row), []
        while row >= 0:
            if table.stage[row] < c.PAPER:  # others have been closed by other means, and will be skipped
                waiting.append(table.view(table.id[row], 0, row))
            row = table.next.item(row)
        return waiting

    def __str__(self) -> str:
        return f"office of {self.tier} {self.place.row}"


class Branch(Office):
    """A department's branch in a district."""

    @property
    def department(self) -> Department:
        """The department (条) it belongs to."""
        return self.model.departments[self._owner % self.model.n_departments]

    @property
    def district(self) -> District:
        """The district (块) in which it works."""
        return self.model.districts[self._owner // self.model.n_departments]

    @property
    def place(self) -> District:
        """The district that it serves."""
        return self.district

    def __str__(self) -> str:
        return f"{self.department.name} in district {self.district.row}"

    def __repr__(self) -> str:
        return f"<Branch {self.row}: {self}>"
