"""The territory: settlements, communities, grids and streets (districts, which decide, are institutions)."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import mesa
import numpy as np
from mesa.discrete_space import FixedAgent

from govsim.places import ARCHETYPES, Communities, Grids, Settlements, Streets
from govsim.views.base import Rows, View, reads
from govsim.views.people import Building, Inhabited, Member, Resident

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.institutions.committee import District
    from govsim.views.offices import Office

__all__ = ["Community", "Compound", "Grid", "OpenPart", "Settlement", "Street", "Unit", "settlement"]


class Unit(Inhabited, mesa.Agent):
    """A unit of the territory: a view that is an agent of Mesa where it is enlisted.

    What a unit decides is an array rule of a process, so ``step`` does nothing.
    """

    def __init__(self, model: City, row: int, enlisted: bool = True) -> None:
        View.__init__(self, model, row)
        if enlisted:
            mesa.Agent.__init__(self, model)
        else:
            self.unique_id = self.pos = None


def settlement(model: City, row: int, enlisted: bool) -> Settlement:
    """The view of a settlement: a compound, or the open part of a community."""
    is_compound = model.places.settlements.is_compound[row]
    return (Compound if is_compound else OpenPart)(model, row, enlisted)


class Settlement(Unit, FixedAgent):
    """Where people live: a compound or the open part of a community, on its cell of the lattice."""

    _table = attrgetter("places.settlements")
    _community: int = reads(Settlements, "community")
    _street: int = reads(Settlements, "street")
    _district: int = reads(Settlements, "district")

    is_compound: bool = reads(Settlements, "is_compound")
    archetype: str = reads(Settlements, "archetype", ARCHETYPES)
    migrants: float = reads(Settlements, "migrants")
    x: int = reads(Settlements, "x")
    y: int = reads(Settlements, "y")
    environment: float = reads(Settlements, "environment")
    need: float = reads(Settlements, "need")
    responsiveness: float = reads(Settlements, "responsiveness")
    patrol: float = reads(Settlements, "patrol")
    unmet: float = reads(Settlements, "unmet")
    unmet_total: float = reads(Settlements, "unmet_total")
    ties: float = reads(Settlements, "ties")
    used_to: float = reads(Settlements, "remembered")
    shown: float = reads(Settlements, "shown")
    breaches: float = reads(Settlements, "breaches")
    structures: float = reads(Settlements, "structures")
    given_in: float = reads(Settlements, "given_in")
    example: float = reads(Settlements, "example")
    registered_share: float = reads(Settlements, "registered_share")
    known_members: int = reads(Settlements, "known_members")
    pledged_members: int = reads(Settlements, "pledged")
    hands: float = reads(Settlements, "hands")
    _first_member: int = reads(Settlements, "first_member")
    _members: int = reads(Settlements, "members")

    @property
    def _people(self) -> range:
        return self.model.places.residents_of(self.row)

    @property
    def members(self) -> Rows[Member]:
        """The Party members who live here, known or not."""
        first = self._first_member
        return Rows(self.model.members.__getitem__, range(first, first + self._members))

    @property
    def buildings(self) -> Rows[Building]:
        """Its buildings."""
        return Rows(self.model.places.buildings.__getitem__, self.model.places.buildings_of(self.row))

    @property
    def community(self) -> Community:
        """The community it belongs to."""
        return self.model.places.communities[self._community]

    @property
    def street(self) -> Street:
        """The street it belongs to."""
        return self.model.places.streets[self._street]

    @property
    def district(self) -> District:
        """The district it belongs to."""
        return self.model.districts[self._district]

    @property
    def grids(self) -> list[tuple[Grid, float]]:
        """The grids it lies in, each with the share of its residents in it (shares sum to 1)."""
        grids, shares = self.model.places.grids_of(self.row)
        return [(self.model.places.grids[g], float(share)) for g, share in zip(grids, shares, strict=True)]

    @property
    def neighbours(self) -> list[Settlement]:
        """The settlements that share a side with it on the lattice (up to four)."""
        table = self.model.places.settlements
        distance = np.abs(table.x.astype(int) - self.x) + np.abs(table.y.astype(int) - self.y)
        return [table[row] for row in np.flatnonzero(distance == 1)]


class Compound(Settlement):
    """A compound: a gated estate or a yard, with what institutions of its own it has."""

    property_quality: float = reads(Settlements, "property_quality")
    property_own: float = reads(Settlements, "property_own")
    dismissals: int = reads(Settlements, "dismissals")
    fees: float = reads(Settlements, "fees")
    conflict: float = reads(Settlements, "conflict")
    owners_committee: bool = reads(Settlements, "owners_committee")
    owners_party: bool = reads(Settlements, "owners_party")
    votes: int = reads(Settlements, "votes")
    party: bool = reads(Settlements, "party")
    covenant: float = reads(Settlements, "covenant")
    covenant_work: float = reads(Settlements, "covenant_work")
    pilot: float = reads(Settlements, "pilot")
    works: float = reads(Settlements, "works")
    station: bool = reads(Settlements, "station")
    gated: bool = reads(Settlements, "gated")


class OpenPart(Settlement):
    """The part of a community outside compounds: village houses and street fronts."""


class Community(Unit):
    """A community: its committee's staff, its grids, its fund and what is organised in it."""

    _table = attrgetter("places.communities")
    _street: int = reads(Communities, "street")

    knowledge: float = reads(Communities, "knowledge")
    fund_balance: float = reads(Communities, "balance")
    fund_committed: float = reads(Communities, "committed")
    fund_accrued: float = reads(Communities, "accrued")
    fund_spent: float = reads(Communities, "spent")
    projects: int = reads(Communities, "projects")
    match_pledged: float = reads(Communities, "match_pledged")
    match_spent: float = reads(Communities, "match_spent")
    works_balance: float = reads(Communities, "works_balance")
    pilots: int = reads(Communities, "pilots")
    organisers: float = reads(Communities, "organisers")
    visits_due: float = reads(Communities, "visits_due")
    groups: float = reads(Communities, "groups")
    groups_outside: float = reads(Communities, "groups_outside")
    registered_share: float = reads(Communities, "registered_share")
    publicity: float = reads(Communities, "publicity")
    time_lost: float = reads(Communities, "time_lost")
    enterprises: float = reads(Communities, "enterprises")

    @property
    def _people(self) -> range:
        places = self.model.places
        homes = places.settlements_of(self.row)
        return range(places.residents_of(homes[0]).start, places.residents_of(homes[-1]).stop)

    @property
    def office(self) -> Office:
        """The desk of its committee's staff."""
        return self.model.desks[self.row]

    @property
    def settlements(self) -> Rows[Settlement]:
        """Its compounds, and last its open part."""
        return Rows(self.model.places.settlements.__getitem__, self.model.places.settlements_of(self.row))

    @property
    def compounds(self) -> Rows[Compound]:
        """Its compounds."""
        return self.settlements[:-1]  # pyright: ignore[reportReturnType]

    @property
    def open_part(self) -> OpenPart:
        """What lies outside its compounds."""
        return self.settlements[-1]  # pyright: ignore[reportReturnType]

    @property
    def grids(self) -> Rows[Grid]:
        """Its grids."""
        first, count = self._grids
        return Rows(self.model.places.grids.__getitem__, range(first, first + count))

    @property
    def street(self) -> Street:
        """The street it belongs to."""
        return self.model.places.streets[self._street]

    @property
    def district(self) -> District:
        """The district it belongs to."""
        return self.street.district

    def grid_of(self, resident: Resident) -> Grid:
        """The grid of one of its residents: grids are equal slices, and the middle of a resident decides."""
        here = self._people
        first, count = self._grids
        number = (2 * (resident.row - here.start) + 1) * count // (2 * len(here))
        return self.model.places.grids[first + number]

    @property
    def _grids(self) -> tuple[int, int]:
        """First grid, and how many."""
        communities = self.model.places.communities
        return communities.first_grid.item(self.row), communities.grids.item(self.row)


class Grid(Unit):
    """A grid: an equal slice of a community's residents, with its grid workers."""

    _table = attrgetter("places.grids")
    _community: int = reads(Grids, "community")

    workers: int = reads(Grids, "workers")
    casework: float = reads(Grids, "casework")
    duties: float = reads(Grids, "duties")
    strain: float = reads(Grids, "strain")
    leavers: int = reads(Grids, "leavers")
    patrol: float = reads(Grids, "patrol")

    @property
    def _people(self) -> range:
        community = self.community
        here, (first, count) = community._people, community._grids
        # the first resident whose middle is not before the cut
        cuts = [-((count - 2 * len(here) * n) // (2 * count)) for n in (self.row - first, self.row - first + 1)]
        return range(here.start + cuts[0], here.start + cuts[1])

    @property
    def community(self) -> Community:
        """The community it belongs to."""
        return self.model.places.communities[self._community]

    @property
    def settlements(self) -> list[tuple[Settlement, float]]:
        """The settlements it reaches into, each with the share of *their* residents who live in it."""
        places = self.model.places
        pairs = range(*np.searchsorted(places.share_grid, [self.row, self.row + 1]))
        return [(places.settlements[places.share_settlement[i]], float(places.share[i])) for i in pairs]


class Street(Unit):
    """A street (subdistrict)."""

    _table = attrgetter("places.streets")
    _district: int = reads(Streets, "district")

    @property
    def _people(self) -> range:
        homes = self.communities
        return range(homes[0]._people.start, homes[-1]._people.stop)

    @property
    def office(self) -> Office:
        """The desk of its office, which dispatches and coordinates."""
        return self.model.desks[self.model.offices.streets[0] + self.row]

    @property
    def communities(self) -> Rows[Community]:
        """Its communities."""
        return Rows(self.model.places.communities.__getitem__, self.model.places.communities_of(self.row))

    @property
    def district(self) -> District:
        """The district it belongs to."""
        return self.model.districts[self._district]
