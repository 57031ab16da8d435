"""Builds places and residents from a place's published totals.

All luck is keyed by seed and identity, so the same seed gives the same people on any number of threads.

Rule:
    Tiers are dealt evenly: compounds to communities, communities to streets, streets to districts.
    Compound sizes are the means of equally likely slices of a lognormal (``size_law``), dealt to the
    lattice by luck: totals are exact, and a street is typical instead of lucky. Those who live in no
    compound are spread over the open parts of communities so that communities are as equal as they
    can be. Grids go to communities by residents, and cut each into equal slices.
Source:
    The counts are the city's own (``facts.md``: city.*, grid.*). How people live is assumed.
Archetypes:
    A compound in which most are migrants is a migrant compound; of the others a share, by luck, are old work-unit
    quarters, with more elderly, more Party members, and fewer property companies.
Leaves out:
    Where in the real city a compound lies. Kinship of a household's members. Age and membership do
    not depend on tenure.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri, pdtr

from govsim import draws
from govsim.apportion import apportion, deal, fill_up
from govsim.config.place import Place, SizeLaw, check, counts, size_law
from govsim.jit import in_blocks, kernel
from govsim.lattice import curve, rectangle
from govsim.places import (
    ESTATE,
    MIGRANT_COMPOUND,
    OPEN,
    WORK_UNIT,
    Buildings,
    Communities,
    Districts,
    Grids,
    Households,
    Places,
    Settlements,
    Streets,
)
from govsim.residents import (
    ADULT,
    CHILD,
    CONDITIONAL,
    ELDERLY,
    FREE_RIDER,
    HUMP,
    MIGRANT,
    OWNER,
    RENTER,
    Members,
    Residents,
)

if TYPE_CHECKING:
    from govsim.config.behaviour import Behaviour

__all__ = ["build", "enlist", "stratified_sizes"]

COMPOUND_SIZE = draws.name("compound.size")
HAS_PROPERTY = draws.name("compound.has_property_company")
PROPERTY_QUALITY = draws.name("compound.property_quality")
HAS_OWNERS_COMMITTEE = draws.name("compound.has_owners_committee")
MIGRANTS = draws.name("settlement.migrants")
RANK = draws.name("settlement.rank")
WORK_UNITS = draws.name("compound.work_unit")
ENTERPRISES = draws.name("community.enterprises")
HOUSEHOLD_SIZE = draws.name("household.size")
TENURE = draws.name("household.tenure")
AGE = draws.name("resident.age")
MEMBER = draws.name("resident.member")
TYPE = draws.name("resident.type")
VOICE = draws.name("resident.voice")
TASTE = draws.name("resident.taste")
THRESHOLD = draws.name("resident.threshold")
TURN = draws.name("participation.turn")

LARGEST_HOUSEHOLD = 6
WHOLE = 0.9  # a street or district of this part of its full size counts as whole


def build(place: Place, behaviour: Behaviour, seed: int, threads: int = 1) -> tuple[Places, Residents]:
    """Build all tiers of a place and its residents; states that processes move keep their fill values.

    The number of threads changes the time it takes and nothing else.

    Raises:
        ValueError: no place has these counts and shares; the message names the key.
    """
    check(place)
    places = _places(place, seed, threads)
    return places, _people(place, behaviour, places, seed, threads)


# --- tiers


def _places(place: Place, seed: int, threads: int) -> Places:
    tiers = counts(place)
    if place.sizes:
        open_total = place.residents - sum(place.sizes)
        compound_sizes = np.array(place.sizes)
    else:
        open_total = max(tiers.communities, round((1 - place.compound_share) * place.residents))
        law = size_law(place)
        compound_sizes = stratified_sizes(law, tiers.compounds, place.residents - open_total, place.smallest_compound)
    compound_sizes = _dealt(compound_sizes, seed)

    community_of_compound = deal(tiers.compounds, tiers.communities)
    compounds_in = np.bincount(community_of_compound, minlength=tiers.communities)
    compound_residents = np.bincount(community_of_compound, weights=compound_sizes, minlength=tiers.communities).astype(
        np.int64
    )
    # one resident at least, so that no settlement is empty
    open_residents = 1 + fill_up(compound_residents + 1, open_total - tiers.communities)

    is_compound = np.ones(tiers.compounds + tiers.communities, bool)
    is_compound[np.cumsum(compounds_in + 1) - 1] = False
    living = np.empty(is_compound.size, np.int64)
    living[is_compound], living[~is_compound] = compound_sizes, open_residents
    width, height = rectangle(is_compound.size)
    x, y = curve(width, height)
    street_of_community = deal(tiers.communities, tiers.streets)
    district_of_street = deal(tiers.streets, tiers.districts)
    community_here = np.repeat(np.arange(tiers.communities), compounds_in + 1)
    settlements = Settlements(
        is_compound.size,
        community=community_here,
        street=street_of_community[community_here],
        district=district_of_street[street_of_community[community_here]],
        residents=living,
        first_resident=_first(living),
        is_compound=is_compound,
        x=x[: is_compound.size],
        y=y[: is_compound.size],
    )
    settlements.rank[:] = draws.uniforms(seed, RANK, np.arange(len(settlements)), 0)
    settlements.migrants[:] = _migrant_shares(settlements, place, seed)
    settlements.archetype[:] = _archetypes(settlements, place, seed)
    _found_compound_bodies(settlements, place, seed)

    community_residents = compound_residents + open_residents
    grids_in = apportion(community_residents, tiers.grids, least=1)
    community_of_grid = np.repeat(np.arange(tiers.communities), grids_in)
    communities = Communities(
        tiers.communities,
        street=street_of_community,
        residents=community_residents,
        first_settlement=_first(compounds_in + 1),
        settlements=compounds_in + 1,
        first_grid=_first(grids_in),
        grids=grids_in,
        enterprises=_enterprises(tiers.communities, place.enterprise_spread, seed),
    )
    grids = Grids(
        tiers.grids,
        community=community_of_grid,
        residents=(community_residents / grids_in)[community_of_grid],
    )
    communities_in = np.bincount(communities.street)
    street_residents = _sum(community_residents, communities.street)
    streets = Streets(
        tiers.streets,
        district=district_of_street,
        residents=street_residents,
        first_community=_first(communities_in),
        communities=communities_in,
    )
    streets_in = np.bincount(streets.district)
    districts = Districts(
        tiers.districts,
        residents=_sum(street_residents, streets.district),
        first_street=_first(streets_in),
        streets=streets_in,
    )
    buildings, households = _homes(settlements, place, seed, threads)
    share_settlement, share_grid, share = _overlaps(settlements, communities, grids)
    return Places(
        districts=districts,
        streets=streets,
        communities=communities,
        settlements=settlements,
        buildings=buildings,
        households=households,
        grids=grids,
        share_settlement=share_settlement,
        share_grid=share_grid,
        share=share,
        width=width,
        height=height,
        street_share=1.0 if tiers.streets > 1 else _part(place.residents, place.street_residents),
        district_share=1.0 if tiers.districts > 1 else _part(place.residents, place.district_residents),
    )


def stratified_sizes(law: SizeLaw, compounds: int, total: int, least: int) -> np.ndarray:
    """Sizes of compounds in ascending order: the mean of each of equally likely slices of the law.

    Args:
        law: the cut-off lognormal.
        compounds: number of slices.
        total: what the sizes sum to, exactly.
        least: the smallest size.
    """
    edges = ndtri(np.linspace(0, 1, compounds + 1) * ndtr(law.cut))
    means = compounds * np.diff(ndtr(edges - law.sigma))  # up to a factor that the total settles
    return apportion(means, total, least)


def _dealt(sizes: np.ndarray, seed: int) -> np.ndarray:
    """The sizes in the order of the lattice: a permutation by luck."""
    luck = draws.uniforms(seed, COMPOUND_SIZE, np.arange(len(sizes)), 0)
    return sizes[np.argsort(luck, kind="stable")]


def _first(counts_in_order: np.ndarray) -> np.ndarray:
    return np.cumsum(counts_in_order) - counts_in_order


def _sum(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sum whole numbers by group (groups are sorted and none is empty)."""
    return np.add.reduceat(values, np.flatnonzero(np.diff(groups, prepend=-1)))


def _part(residents: int, whole: int) -> float:
    part = residents / whole
    return 1.0 if part >= WHOLE else part


def _found_compound_bodies(settlements: Settlements, place: Place, seed: int) -> None:
    """Give the stated shares of compounds a property company and an owners' committee, by luck."""
    compounds = np.flatnonzero(settlements.is_compound)

    def drawn(decision: np.uint64) -> np.ndarray:
        return draws.uniforms(seed, decision, compounds, 0)

    # the first to ring among exponential clocks that run faster in larger compounds
    speed = settlements.residents[compounds] ** place.property_size_effect
    speed = speed * np.where(settlements.archetype[compounds] == WORK_UNIT, place.work_unit_property, 1.0)
    waits = -np.log1p(-drawn(HAS_PROPERTY)) / speed
    served = np.argsort(waits, kind="stable")[: round(place.property_share * len(compounds))]
    quality = place.property_quality + place.property_spread * (2 * drawn(PROPERTY_QUALITY) - 1)
    settlements.property_own[compounds[served]] = quality[served]
    settlements.property_quality[:] = settlements.property_own

    organised = np.argsort(drawn(HAS_OWNERS_COMMITTEE), kind="stable")
    organised = organised[: round(place.owners_committee_share * len(compounds))]
    settlements.owners_committee[compounds[organised]] = True


def _archetypes(settlements: Settlements, place: Place, seed: int) -> np.ndarray:
    """What kind of a settlement each is: (settlements,)."""
    kind = np.where(settlements.is_compound, ESTATE, OPEN)
    kind[settlements.is_compound & (settlements.migrants >= place.migrant_compound)] = MIGRANT_COMPOUND
    others = np.flatnonzero(kind == ESTATE)
    old = others[np.argsort(draws.uniforms(seed, WORK_UNITS, others, 0), kind="stable")]
    kind[old[: round(place.work_unit_share * settlements.is_compound.sum())]] = WORK_UNIT
    return kind


def _enterprises(communities: int, spread: float, seed: int) -> np.ndarray:
    """Weight of enterprises in each community, lognormal with mean 1: (communities,)."""
    z = ndtri(draws.uniforms(seed, ENTERPRISES, np.arange(communities), 0) + 2.0**-54)
    return np.exp(spread * z - 0.5 * spread**2)


def _overlaps(
    settlements: Settlements, communities: Communities, grids: Grids
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The share matrix: cut the line of residents wherever a settlement or a grid begins."""
    first = communities.first_settlement
    number = np.arange(len(grids)) - communities.first_grid[grids.community]
    width = communities.residents[grids.community] * number / communities.grids[grids.community]
    grid_begins = settlements.first_resident[first][grids.community] + width
    cuts = np.union1d(settlements.first_resident, grid_begins)
    settlement = np.searchsorted(settlements.first_resident, cuts, side="right") - 1
    grid = np.searchsorted(grid_begins, cuts, side="right") - 1
    length = np.diff(cuts, append=settlements.residents.sum())
    share = length / settlements.residents[settlement]
    return settlement.astype(np.int32), grid.astype(np.int32), share.astype(np.float32)


# --- homes


def _homes(settlements: Settlements, place: Place, seed: int, threads: int) -> tuple[Buildings, Households]:
    """Fill settlements with households and divide these evenly among buildings."""
    sizes = _household_sizes(place.household_size)
    everywhere, here = np.arange(len(settlements)), settlements.columns
    households_in = np.empty(len(settlements), np.int64)
    in_blocks(threads, everywhere, lambda part: _count_households(seed, part, here, sizes, households_in))
    first_household = _first(households_in)
    households = Households(int(households_in.sum()))
    homes = households.columns
    in_blocks(threads, everywhere, lambda part: _house(seed, part, here, sizes, first_household, homes))

    in_one = np.where(settlements.is_compound, place.households_per_building, place.households_per_house)
    buildings_in = np.maximum(1, np.rint(households_in / in_one).astype(np.int64))
    settlements.first_building[:] = _first(buildings_in)
    settlements.buildings[:] = buildings_in
    settlement = np.repeat(np.arange(len(settlements)), buildings_in)
    number = np.arange(settlement.size) - settlements.first_building[settlement]
    first = first_household[settlement] + number * households_in[settlement] // buildings_in[settlement]
    buildings = Buildings(
        settlement.size,
        settlement=settlement,
        first_household=first,
        households=np.diff(first, append=len(households)),
    )
    return buildings, households


def _household_sizes(mean: float) -> np.ndarray:
    """Cumulative probabilities of sizes 1, 2, …: one and a cut-off Poisson number of others."""
    others = np.arange(LARGEST_HOUSEHOLD)

    def cumulative(rate: float) -> np.ndarray:
        return pdtr(others, rate) / pdtr(others[-1], rate)

    def excess(rate: float) -> float:
        return LARGEST_HOUSEHOLD - cumulative(rate)[:-1].sum() - mean

    return cumulative(float(brentq(excess, 1e-6, 20.0)))  # pyright: ignore[reportArgumentType]


@kernel
def _household_size(seed, settlement, number, sizes):
    luck = draws.uniform(seed, HOUSEHOLD_SIZE, settlement, number)
    return 1 + np.searchsorted(sizes, luck, side="right")


@kernel
def _count_households(seed, part, settlements, sizes, households_in):
    """How many households the residents of some settlements form: (settlements,) <- (settlements,)."""
    for s in part:
        housed = 0
        count = 0
        while housed < settlements.residents[s]:
            housed += _household_size(seed, s, count, sizes)
            count += 1
        households_in[s] = count


@kernel
def _house(seed, part, settlements, sizes, first_household, households):
    """Write the households of some settlements; the last household of each takes who is left."""
    for s in part:
        first = settlements.first_resident[s]
        left = settlements.residents[s]
        count = 0
        while left > 0:
            size = min(left, _household_size(seed, s, count, sizes))
            households.first_resident[first_household[s] + count] = first
            households.residents[first_household[s] + count] = size
            first += size
            left -= size
            count += 1


# --- people

Chances = namedtuple(  # pyright: ignore[reportUntypedNamedTuple]
    "Chances",
    "owner_of_locals child_of_others conditional free_rider voice_sd taste_sd threshold_mean threshold_sd period",
)
"""Probabilities and spreads by which a resident is drawn."""


def _people(place: Place, behaviour: Behaviour, places: Places, seed: int, threads: int) -> Residents:
    residents = Residents(places.population)
    households = places.households
    # the first of a household is never a child
    others = 1 - len(households) / len(residents)
    chances = Chances(
        owner_of_locals=place.owner_share / (1 - place.migrant_share),
        child_of_others=place.child_share / others if others else 0.0,
        conditional=behaviour.conditional_share,
        free_rider=behaviour.free_rider_share,
        voice_sd=behaviour.voice_sd,
        taste_sd=behaviour.taste_sd,
        threshold_mean=behaviour.threshold_mean,
        threshold_sd=behaviour.threshold_sd,
        period=int(behaviour.reconsider_weeks),
    )
    settlements = places.settlements
    older = np.where(settlements.archetype == WORK_UNIT, place.work_unit_elderly, 1.0)
    elderly = _shared(place.elderly_share / (1 - place.child_share), older, settlements)
    readier = np.select(
        [settlements.archetype == WORK_UNIT, settlements.archetype == MIGRANT_COMPOUND],
        [place.work_unit_members, place.migrant_members],
        1.0,
    )
    member = _shared(place.member_share, readier, settlements)
    migrants = settlements.migrants.astype(np.float64)
    first = np.append(places.buildings.first_household[places.settlements.first_building], len(households))
    homes, people = households.columns, residents.columns
    in_blocks(
        threads,
        np.arange(len(migrants)),
        lambda part: _settle(seed, part, chances, migrants, elderly, member, first, homes, people),
    )
    return residents


def _shared(mean: float, weights: np.ndarray, settlements: Settlements) -> np.ndarray:
    """A chance for each settlement, in proportion to weights, with the given mean over residents."""
    return np.minimum(0.95, mean * weights / np.average(weights, weights=settlements.residents))


def enlist(places: Places, residents: Residents) -> Members:
    """The Party members among residents, as rows of their own; tells each settlement where its members are."""
    rows = np.flatnonzero(residents.member)
    settlements = places.settlements
    here = np.bincount(places.settlement_of(rows.astype(np.int32)), minlength=len(settlements))
    settlements.members[:] = here
    settlements.first_member[:] = _first(here)
    return Members(len(rows), resident=rows, in_service=residents.age[rows] == ADULT)


def _migrant_shares(settlements: Settlements, place: Place, seed: int) -> np.ndarray:
    """The chance that a household here is from outside the city: it varies, but its mean is the place's."""
    if not place.migrant_share:  # which no finite odds amount to
        return np.zeros(len(settlements))
    identity = np.arange(len(settlements))
    apart = place.migrant_spread * ndtri(draws.uniforms(seed, MIGRANTS, identity, 0) + 2.0**-54)

    def excess(common: float) -> float:
        return np.average(expit(common + apart), weights=settlements.residents) - place.migrant_share

    return expit(brentq(excess, -50.0, 50.0) + apart)


@kernel
def _settle(seed, part, chances, migrants, elderly, member, first_household, households, residents):
    """Draw the people of some settlements: a tenure for each household, all else for each member."""
    # one loop in another and no call with tables: numba counts references to all columns at each call
    for s in part:
        owners = migrants[s] + (1.0 - migrants[s]) * chances.owner_of_locals
        for h in range(first_household[s], first_household[s + 1]):
            luck = draws.uniform(seed, TENURE, h, 0)
            tenure = MIGRANT if luck < migrants[s] else OWNER if luck < owners else RENTER
            first = households.first_resident[h]
            for i in range(first, first + households.residents[h]):
                residents.tenure[i] = tenure
                age = _age(draws.uniform(seed, AGE, i, 0), chances.child_of_others, elderly[s], i == first)
                residents.age[i] = age
                residents.member[i] = age != CHILD and draws.uniform(seed, MEMBER, i, 0) < member[s]
                residents.type[i] = _type(draws.uniform(seed, TYPE, i, 0), chances)
                residents.voice[i] = math.exp(chances.voice_sd * draws.normal(seed, VOICE, i, 0))
                taste = min(3.0, max(-3.0, draws.normal(seed, TASTE, i, 0)))
                residents.taste[i] = chances.taste_sd * taste
                apart = draws.normal(seed, THRESHOLD, i, 0)
                residents.threshold[i] = chances.threshold_mean + chances.threshold_sd * apart
                residents.turn[i] = np.int64(draws.bits(seed, TURN, i, 0) >> np.uint64(33)) % chances.period


@kernel
def _age(luck, child_of_others, elderly, is_first):
    child = 0.0 if is_first else child_of_others
    if luck < child:
        return CHILD
    return ELDERLY if luck < child + (1.0 - child) * elderly else ADULT


@kernel
def _type(luck, chances):
    if luck < chances.conditional:
        return CONDITIONAL
    return FREE_RIDER if luck < chances.conditional + chances.free_rider else HUMP
