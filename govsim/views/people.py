"""Residents, and the households and buildings they live in."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from govsim.places import Buildings
from govsim.residents import AGES, PLEDGES, TENURES, TYPES, Members, Residents
from govsim.views.base import Rows, View, reads
from govsim.views.cases import Case, touching

if TYPE_CHECKING:
    from govsim.views.territory import Community, Compound, District, Grid, Settlement, Street

__all__ = ["Building", "Household", "Inhabited", "Member", "Resident"]


class Resident(View):
    """A resident."""

    _table = attrgetter("residents")

    age: str = reads(Residents, "age", AGES)
    tenure: str = reads(Residents, "tenure", TENURES)
    is_member: bool = reads(Residents, "member")
    type: str = reads(Residents, "type", TYPES)
    voice: float = reads(Residents, "voice")
    taste: float = reads(Residents, "taste")
    threshold: float = reads(Residents, "threshold")
    satisfaction: float = reads(Residents, "satisfaction")
    expectation: float = reads(Residents, "expectation")
    trust: float = reads(Residents, "trust")
    joined: bool = reads(Residents, "joined")
    is_registered: bool = reads(Residents, "registered")

    @property
    def id(self) -> int:
        """The row, which is the same in every world of a place and seed."""
        return self.row

    @property
    def membership(self) -> Member | None:
        """What there is to know of this resident as a Party member; None for others."""
        members = self.model.members
        return members[np.searchsorted(members.resident, self.row)] if self.is_member else None

    @property
    def household(self) -> Household:
        """Those this resident lives with."""
        places = self.model.places
        return places.households[places.household_of(self.row)]

    @property
    def building(self) -> Building:
        """The building of the household."""
        return self.household.building

    @property
    def settlement(self) -> Settlement:
        """The compound, or the open part of the community."""
        places = self.model.places
        return places.settlements[places.settlement_of(self.row)]

    @property
    def compound(self) -> Compound | None:
        """The compound; None for who lives outside compounds."""
        home = self.settlement
        return home if home.is_compound else None  # pyright: ignore[reportReturnType]

    @property
    def community(self) -> Community:
        """The community."""
        return self.settlement.community

    @property
    def street(self) -> Street:
        """The street."""
        return self.settlement.street

    @property
    def district(self) -> District:
        """The district."""
        return self.settlement.district

    @property
    def grid(self) -> Grid:
        """The grid whose slice of the community's residents this one belongs to."""
        return self.community.grid_of(self)

    @property
    def open_cases(self) -> list[Case]:
        """Open cases that touch this resident, found or not, oldest first."""
        return touching(self.model, range(self.row, self.row + 1))

    @property
    def cases(self) -> list[Case]:
        """Every case that ever touched this resident, oldest first."""
        return touching(self.model, range(self.row, self.row + 1), closed=True)


class Member(View):
    """A resident as a Party member."""

    _table = attrgetter("members")
    _resident: int = reads(Members, "resident")

    in_service: bool = reads(Members, "in_service")
    is_known: bool = reads(Members, "known")
    pledge: str = reads(Members, "pledge", PLEDGES)
    tired: float = reads(Members, "tired")

    @property
    def resident(self) -> Resident:
        """The resident."""
        return self.model.residents[self._resident]


class Inhabited(View):
    """Something that people live in; its residents are a run of rows."""

    @property
    def _people(self) -> range:
        raise NotImplementedError

    @property
    def residents(self) -> Rows[Resident]:
        """Those who live here."""
        return Rows(self.model.residents.__getitem__, self._people)

    @property
    def population(self) -> int:
        """How many live here (people)."""
        return len(self._people)

    @property
    def satisfaction(self) -> float:
        """Mean satisfaction of those who live here (0..1)."""
        return self._mean("satisfaction")

    @property
    def trust(self) -> float:
        """Mean trust of those who live here that problems are dealt with (0..1)."""
        return self._mean("trust")

    @property
    def joined_share(self) -> float:
        """Share of those who live here who take part in community affairs (0..1)."""
        return self._mean("joined")

    @property
    def open_cases(self) -> list[Case]:
        """Cases here that are neither cured nor lapsed nor closed on paper, found or not, oldest first."""
        return touching(self.model, self._people)

    @property
    def cases(self) -> list[Case]:
        """Every case that was ever raised here, oldest first."""
        return touching(self.model, self._people, closed=True)

    def _mean(self, column: str) -> float:
        here = self._people
        return float(getattr(self.model.residents, column)[here.start : here.stop].mean(dtype=np.float64))


class Household(Inhabited):
    """A household."""

    _table = attrgetter("places.households")

    @property
    def _people(self) -> range:
        return self.model.places.members_of(self.row)

    @property
    def members(self) -> Rows[Resident]:
        """Those who form the household."""
        return self.residents

    @property
    def building(self) -> Building:
        """Where it lives."""
        places = self.model.places
        return places.buildings[places.building_of(self.row)]


class Building(Inhabited):
    """A block of flats in a compound, or a house outside one."""

    _table = attrgetter("places.buildings")
    _settlement: int = reads(Buildings, "settlement")

    @property
    def _people(self) -> range:
        places = self.model.places
        homes = places.households_of(self.row)
        return range(places.members_of(homes[0]).start, places.members_of(homes[-1]).stop)

    @property
    def households(self) -> Rows[Household]:
        """Its households."""
        return Rows(self.model.places.households.__getitem__, self.model.places.households_of(self.row))

    @property
    def settlement(self) -> Settlement:
        """The compound, or open part of a community, in which it stands."""
        return self.model.places.settlements[self._settlement]
