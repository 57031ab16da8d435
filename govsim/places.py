"""Places: city > district > street > community > settlement > building > household, each tier a table.

All tiers are nested intervals. A settlement is a place where people live: a *compound* (a gated estate
or a yard) or the *open part* of a community (village houses and street fronts outside compounds).
Settlements are numbered along the lattice curve, so a community is a run of settlements, a street a run
of communities and a district a run of streets; residents are numbered in the same order. A tier holds the
first row of the tier below, and beside it how many rows follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from govsim.columns import Table, column

__all__ = [
    "ARCHETYPES",
    "ESTATE",
    "MIGRANT_COMPOUND",
    "OPEN",
    "WORK_UNIT",
    "Buildings",
    "Communities",
    "Districts",
    "Grids",
    "Households",
    "Places",
    "Settlements",
    "Streets",
]


ARCHETYPES = ("commercial estate", "work-unit quarter", "migrant compound", "open part")
ESTATE, WORK_UNIT, MIGRANT_COMPOUND, OPEN = range(4)


class Settlements(Table):
    """Compounds and the open parts of communities; rows in the order of the lattice curve."""

    community = column("i4", "", "the community it belongs to", fixed=True)
    street = column("i4", "", "the street it belongs to", fixed=True)
    district = column("i4", "", "the district it belongs to", fixed=True)
    residents = column("i4", "people", "how many live here", fixed=True)
    first_resident = column("i4", "", "row of its first resident; the others follow", fixed=True)
    first_building = column("i4", "", "row of its first building; the others follow", fixed=True)
    buildings = column("i4", "", "number of its buildings", fixed=True)
    is_compound = column("?", "", "a compound (else the open part of a community)", fixed=True)
    x = column("i2", "", "lattice column", fixed=True)
    y = column("i2", "", "lattice row", fixed=True)
    archetype = column("u1", "", "estate, work-unit quarter, migrant compound or open part", fixed=True)
    migrants = column("f4", "1", "share of residents from outside the city", fixed=True)
    first_member = column("i4", "", "row of its first Party member; the others follow", fixed=True)
    members = column("i4", "people", "Party members who live here", fixed=True)
    rank = column("f8", "0..1", "its place in line for gates and stations, by luck", fixed=True)
    property_own = column("f4", "0..1", "quality that its property company has by itself; 0 where it has none")
    property_quality = column("f4", "0..1", "quality of its property company now; 0 where it has none")
    dismissals = column("u1", "", "companies dismissed so far")
    dismissal_pull = column("f4", "1", "hazard accumulated that the company is dismissed")
    fees = column("f4", "1", "share of households that pay the property fee")
    conflict = column("f4", "0..1", "conflict between owners and property company")
    owners_committee = column("?", "", "has an owners' committee")
    owners_party = column("?", "", "the owners' committee has a Party organisation of its own")
    owners_until = column("i4", "week", "end of the owners' committee's term")
    votes = column("u2", "", "votes for an owners' committee so far")
    vote_pull = column("f4", "1", "hazard accumulated since the last vote")
    party = column("?", "", "has a Party organisation")
    party_spells = column("u1", "", "Party organisations founded here so far")
    party_decline = column("f4", "1", "hazard accumulated that the organisation falls asleep")
    known_members = column("i4", "people", "Party members whom the community knows or who pledged")
    searched = column("f4", "1", "hazard accumulated that a member is found")
    pledge_pull = column("f4", "1", "hazard accumulated that a member pledges")
    pledged = column("i4", "people", "in-service members who pledged and are active")
    hands = column("f4", "hours per 1,000 residents and week", "members' time there is for cases")
    hands_used = column("f4", "hours a week", "members' time given to cases and visits")
    mobilised = column("f4", "hours per resident and week", "work that others are organised to do here")
    covenant_work = column("f8", "hours", "work done so far to draft a covenant")
    covenant = column("f4", "0..1", "compliance with the neighbourhood covenant; 0 where there is none")
    example = column("f4", "0..1", "share of members' own cases in which they gave in, of late", fill=0.5)
    given_in = column("f4", "0..1", "share of visited households that gave in, of late")
    pilot_due = column("i4", "week", "end of the works on its pilot building; -1: none under way", fill=-1)
    pilot = column("f4", "0..1", "how fresh its pilot building is; 0 where it has none")
    shown = column("f4", "0..1", "what pilots here and nearby show")
    works = column("f4", "0..1", "how new its renovated courtyards, wires and facilities are")
    ties = column("f4", "0..1", "share of neighbours whom residents know")
    remembered = column("f4", "0..1", "environment that residents are used to")
    registered_share = column("f4", "1", "share of residents registered on the citizens' platform")
    station = column("?", "", "has a service station")
    station_hours = column("f4", "hours", "time its service station has left this week")
    gated = column("?", "", "has security gates")
    breaches = column("f8", "cases per 1,000 residents", "open breaches of order, found or not")
    structures = column("f8", "cases per 1,000 residents", "unauthorised structures that stand")
    environment = column("f4", "0..1", "state of courtyards, wires, facilities and greenery")
    need = column("f4", "0..1", "unmet need as felt here: severity of open problems per resident, saturating")
    responsiveness = column("f4", "0..1", "how fast problems here have lately been answered, as felt")
    joined_share = column("f4", "0..1", "share of residents who take part")
    mean_satisfaction = column("f4", "0..1", "mean satisfaction of residents last week")
    mean_trust = column("f4", "0..1", "mean trust of residents last week")
    patrol = column("f4", "hours per 1,000 residents and week", "grid workers' patrol that reaches it this week")
    unmet = column("f8", "severity-weighted case-days", "unmet need of this week")
    unmet_total = column("f8", "severity-weighted case-days", "unmet need since the warm-up")


class Buildings(Table):
    """Buildings: blocks of flats in compounds, houses in the open parts of communities."""

    settlement = column("i4", "", "the settlement it stands in", fixed=True)
    first_household = column("i4", "", "row of its first household; the others follow", fixed=True)
    households = column("i4", "", "number of its households", fixed=True)


class Households(Table, by_column=True):
    """Households; what its members share (tenure) is a column of residents."""

    first_resident = column("i4", "", "row of its first member; the others follow", fixed=True)
    residents = column("u1", "people", "its members", fixed=True)


class Communities(Table):
    """Communities; their staff is the desk of the same row."""

    street = column("i4", "", "the street it belongs to", fixed=True)
    residents = column("i4", "people", "how many live here", fixed=True)
    first_settlement = column("i4", "", "row of its first settlement; the others follow", fixed=True)
    settlements = column("i4", "", "number of its settlements", fixed=True)
    first_grid = column("i4", "", "row of its first grid; the others follow", fixed=True)
    grids = column("i4", "", "number of its grids", fixed=True)
    enterprises = column("f8", "1", "weight of enterprises and work units here, 1 = the mean", fixed=True)
    publicity = column("f8", "1", "share of residents whom grid workers' publicity reached of late")
    knowledge = column("f8", "0..1", "how well grid workers know who lives here and who is responsible for what")
    balance = column("f8", "yuan", "fund accrued and not yet committed")
    committed = column("f8", "yuan", "fund committed to projects and not yet disbursed")
    accrued = column("f8", "yuan", "fund accrued since the start")
    spent = column("f8", "yuan", "fund disbursed since the start")
    spent_this_week = column("f8", "yuan", "fund disbursed this week")
    projects = column("i4", "", "projects committed since the start")
    due = column("f8", "yuan", "payments due, by week modulo the width", width=128)
    extra_this_week = column("f8", "yuan", "worth of this week's payments beyond the fund's: matches, choice")
    extra_due = column("f8", "yuan", "such worth due, by week modulo the width", width=128)
    match_pledged = column("f8", "yuan", "promised by enterprises since the start")
    match_committed = column("f8", "yuan", "of this, not yet paid")
    match_spent = column("f8", "yuan", "of this, paid since the start")
    match_due = column("f8", "yuan", "enterprises' payments due, by week modulo the width", width=128)
    signal_reported = column("f8", "cases per 1,000 residents and week", "what residents report, over a quarter")
    signal_found = column("f8", "cases a week", "what patrols find, over a quarter")
    signal_walked = column("f8", "hours a week", "patrol that reaches residents, over a quarter")
    signal_true = column("f8", "case-days per 1,000 residents and week", "true unmet need, over a quarter")
    organisers = column("f8", "hours", "Party organisers' time saved up to found the next organisation")
    time_lost = column("f8", "hours per 1,000 residents and week", "residents' time lost to certificates")
    registered_share = column("f8", "1", "share of residents registered on the citizens' platform")
    works_balance = column("f8", "yuan", "renovation money not yet spent")
    visits_due = column("f8", "visits", "visits that could be made this week")
    pilots = column("i4", "", "pilot buildings begun so far")
    groups = column("f8", "groups", "culture groups that meet in venues")
    groups_outside = column("f8", "groups", "culture groups that meet in the open")


class Streets(Table):
    """Streets (subdistricts)."""

    district = column("i4", "", "the district it belongs to", fixed=True)
    residents = column("i4", "people", "how many live here", fixed=True)
    first_community = column("i4", "", "row of its first community", fixed=True)
    communities = column("i4", "", "number of its communities", fixed=True)


class Districts(Table):
    """Districts."""

    residents = column("i4", "people", "how many live in the simulated part", fixed=True)
    first_street = column("i4", "", "row of its first street", fixed=True)
    streets = column("i4", "", "number of its streets", fixed=True)
    hearing = column("f8", "hours", "meeting time for single cases not yet used")


class Grids(Table):
    """Grids partition each community's residents into equal slices and so cut through large compounds."""

    community = column("i4", "", "the community it belongs to", fixed=True)
    residents = column("f4", "people", "residents in it", fixed=True)
    workers = column("i2", "people", "grid workers of its own; vacant posts are not counted")
    casework = column("f4", "hours a week", "time its workers gave to cases and mediation last week")
    duties = column("f4", "hours a week", "time its workers give to paperwork, collecting and publicity this week")
    strain = column("f4", "0..1", "overload of its workers, smoothed; 1 is a week at the limit of overtime")
    quit_pull = column("f4", "1", "hazard accumulated since a worker last left")
    leavers = column("i4", "people", "workers who left so far")
    vacant_until = column("i4", "week", "a post is vacant before this week, counted from the start of the warm-up")
    patrol = column("f4", "hours a week", "time its workers patrol this week")


@dataclass
class Places:
    """All tiers of one place, with the share matrix between settlements and grids.

    Attributes:
        share_settlement, share_grid: (pairs,) int32; the pairs that overlap. Both are sorted, as
            settlements and grids follow the same order of residents.
        share: (pairs,) float32; the part of the settlement's residents who live in that grid. The
            shares of one settlement sum to 1.
        width, height: size of the lattice.
        street_share: the part of a street's residents that is simulated (below 1 for one community).
        district_share: the part of a district's residents that is simulated (below 1 for one street).
    """

    districts: Districts
    streets: Streets
    communities: Communities
    settlements: Settlements
    buildings: Buildings
    households: Households
    grids: Grids
    share_settlement: np.ndarray
    share_grid: np.ndarray
    share: np.ndarray
    width: int
    height: int
    street_share: float = 1.0
    district_share: float = 1.0

    @property
    def population(self) -> int:
        """Number of residents."""
        return int(self.settlements.residents.sum())

    def settlement_of(self, resident: Any) -> Any:
        """Row of a resident's settlement (an array for an array of residents)."""
        return _above(self.settlements.first_resident, resident)

    def household_of(self, resident: Any) -> Any:
        """Row of a resident's household (an array for an array of residents)."""
        return _above(self.households.first_resident, resident)

    def building_of(self, household: Any) -> Any:
        """Row of a household's building (an array for an array of households)."""
        return _above(self.buildings.first_household, household)

    def members_of(self, household: int) -> range:
        """Residents of a household."""
        return _rows(self.households.first_resident, self.households.residents, household)

    def residents_of(self, settlement: int) -> range:
        """Residents of a settlement."""
        return _rows(self.settlements.first_resident, self.settlements.residents, settlement)

    def buildings_of(self, settlement: int) -> range:
        """Buildings of a settlement."""
        return _rows(self.settlements.first_building, self.settlements.buildings, settlement)

    def households_of(self, building: int) -> range:
        """Households of a building."""
        return _rows(self.buildings.first_household, self.buildings.households, building)

    def settlements_of(self, community: int) -> range:
        """Settlements of a community; the last is its open part."""
        return _rows(self.communities.first_settlement, self.communities.settlements, community)

    def communities_of(self, street: int) -> range:
        """Communities of a street."""
        return _rows(self.streets.first_community, self.streets.communities, street)

    def streets_of(self, district: int) -> range:
        """Streets of a district."""
        return _rows(self.districts.first_street, self.districts.streets, district)

    def grids_of(self, settlement: int) -> tuple[np.ndarray, np.ndarray]:
        """Grids that a settlement lies in, and the share of its residents in each."""
        first, end = np.searchsorted(self.share_settlement, [settlement, settlement + 1])
        return self.share_grid[first:end], self.share[first:end]


def _above(first: np.ndarray, row: Any) -> Any:
    """The interval, of those that begin at ``first``, in which a row lies."""
    # of the same type, or the whole column would be converted for one row
    return np.searchsorted(first, np.asarray(row, first.dtype), side="right") - 1


def _rows(first: np.ndarray, count: np.ndarray, row: int) -> range:
    return range(int(first[row]), int(first[row]) + int(count[row]))
