"""A place: how many people live there, in what, and how it is divided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from statistics import NormalDist

from govsim.config.parameters import param

__all__ = ["CITY", "LARGE_COMPOUND", "Counts", "Place", "SizeLaw", "check", "counts", "size_law"]

LARGE_COMPOUND = 10_000
"""Residents above which the article calls a compound large (``city.large_compounds``)."""


@dataclass
class Place:
    """Size and make-up of the simulated place. Counts left at 0 follow from the city's own ratios."""

    residents: int = param(
        58_500,
        "people",
        "residents of the simulated place",
        range=(500, 30_000_000),
        source="city.population",
        grade="A",
    )
    districts: int = param(0, "count", "districts; 0: one for each 963,636 residents", range=(0, 100))
    streets: int = param(0, "count", "streets; 0: one for each 56,533 residents", range=(0, 2_000))
    communities: int = param(
        0,
        "count",
        "communities; 0: the city's ratio",
        range=(0, 20_000),
        source="city.communities",
        grade="A",
    )
    compounds: int = param(
        0, "count", "compounds; 0: the city's ratio", range=(0, 28_000), source="city.compounds", grade="A"
    )
    grids: int = param(0, "count", "grids; 0: the city's ratio", range=(0, 100_000), source="grid.count", grade="A")
    compound_share: float = param(0.75, "1", "share of residents who live in compounds", range=(0.65, 1.0))
    large_share: float = param(
        0.0105,
        "1",
        "share of compounds with over 10,000 residents",
        range=(0.01, 0.011),
        source="city.large_compounds",
        grade="A",
    )
    largest_compound: int = param(
        50_000, "people", "size at which the lognormal of compound sizes is cut off", range=(30_000, 120_000)
    )
    smallest_compound: int = param(10, "people", "size of the smallest compounds", range=(2, 30))
    household_size: float = param(
        2.7, "people", "mean household size", range=(2.3, 3.2), source="2010 and 2020 census, from memory"
    )
    households_per_building: float = param(
        40.0, "count", "mean households in a building of a compound", range=(10, 120)
    )
    households_per_house: float = param(4.0, "count", "mean households in a building outside compounds", range=(1, 20))
    member_share: float = param(0.08, "1", "share of adults who are Party members", range=(0.05, 0.12))
    owner_share: float = param(0.60, "1", "share of households that own their home", range=(0, 0.95))
    migrant_share: float = param(0.20, "1", "share of households from outside the city (all rent)", range=(0, 0.95))
    migrant_spread: float = param(
        1.5,
        "logit",
        "spread of the migrant share between settlements; 1.5 puts some compounds near 90% (case.honghu)",
        range=(0, 2.5),
    )
    child_share: float = param(0.14, "1", "share of residents under 15", range=(0.10, 0.20))
    elderly_share: float = param(0.20, "1", "share of residents of 60 and over", range=(0.14, 0.28))
    property_share: float = param(0.60, "1", "share of compounds with a property company", range=(0, 1))
    property_size_effect: float = param(
        0.5, "1", "a compound's chance of having a company grows with size to this power", range=(0, 1)
    )
    property_quality: float = param(0.6, "0..1", "mean quality of property companies", range=(0.4, 0.7))
    property_spread: float = param(
        0.3, "0..1", "property companies are uniform within this distance of the mean", range=(0, 0.3)
    )
    owners_committee_share: float = param(
        0.25, "1", "share of compounds with an owners' committee at the start", range=(0, 1)
    )
    sizes: list[int] = param(  # noqa: RUF009
        [], "people", "residents of each compound, instead of a law of sizes; empty: the law"
    )
    work_unit_share: float = param(0.20, "1", "share of compounds that are old work-unit quarters", range=(0, 1))
    work_unit_property: float = param(
        0.3, "1", "a work-unit quarter's chance of having a property company, relative to others", range=(0.05, 1)
    )
    work_unit_elderly: float = param(1.5, "1", "elderly in a work-unit quarter, relative to others", range=(1, 2.5))
    work_unit_members: float = param(1.5, "1", "Party members there, relative to others", range=(1, 2.5))
    migrant_members: float = param(0.5, "1", "Party members in a migrant compound, relative to others", range=(0.2, 1))
    migrant_compound: float = param(
        0.6, "1", "share of migrants from which a compound is a migrant compound", range=(0.5, 0.9)
    )
    enterprise_spread: float = param(
        0.8, "1", "log-spread between communities in how much enterprises and work units are there", range=(0, 1.5)
    )
    street_residents: int = param(
        56_533,
        "people",
        "residents of a whole street, of which a smaller place is a piece",
        range=(20_000, 200_000),
    )
    district_residents: int = param(
        963_636,
        "people",
        "residents of a whole district, of which a smaller place is a piece",
        range=(100_000, 3_000_000),
    )

    @property
    def is_small(self) -> bool:
        """Up to district size: details can be kept that would be too many for a whole city."""
        return self.residents <= 1.1 * self.district_residents


@dataclass(frozen=True)
class City:
    """The published totals of the whole city, from which a smaller place takes its ratios."""

    residents: int = 21_200_000
    districts: int = 22
    streets: int = 375
    communities: int = 4_351
    compounds: int = 20_000
    grids: int = 15_329
    workers: int = 13_445


CITY = City()


@dataclass(frozen=True)
class Counts:
    """How many units of each tier a place has, once ratios are applied."""

    districts: int
    streets: int
    communities: int
    compounds: int
    grids: int


@dataclass(frozen=True)
class SizeLaw:
    """Compound sizes: exp(mu + sigma z), z standard normal, cut off above ``z = cut``."""

    mu: float
    sigma: float
    cut: float


def counts(place: Place) -> Counts:
    """The place's stated counts, or the city's ratios where it states none (at least one of each)."""

    def count(stated: int, in_city: int) -> int:
        return stated or max(1, round(in_city * place.residents / CITY.residents))

    communities = count(place.communities, CITY.communities)
    streets = min(communities, count(place.streets, CITY.streets))
    return Counts(
        districts=min(streets, count(place.districts, CITY.districts)),
        streets=streets,
        communities=communities,
        compounds=len(place.sizes) or count(place.compounds, CITY.compounds),
        grids=max(communities, count(place.grids, CITY.grids)),
    )


def check(place: Place) -> None:
    """Refuse what no place can be.

    Raises:
        ValueError: one line that names the key, its value and what would fit.
    """
    tiers = counts(place)
    if place.communities * 100 > place.residents:
        raise ValueError(f"place.communities={place.communities}: must leave 100 residents to each")
    for tier, limit in (("streets", "communities"), ("districts", "streets")):
        stated, most = getattr(place, tier), getattr(tiers, limit)
        if stated > most:
            raise ValueError(f"place.{tier}={stated}: must not exceed the number of {limit}, {most:,}")
    if 0 < place.grids < tiers.communities:
        raise ValueError(
            f"place.grids={place.grids}: must be one at least for each of {tiers.communities:,} communities"
        )
    locals_share = 1 - place.migrant_share
    if place.owner_share > locals_share:
        raise ValueError(
            f"place.owner_share={place.owner_share:g}: must not exceed {locals_share:g}, what "
            f"place.migrant_share={place.migrant_share:g} leaves, since migrants rent"
        )
    if place.sizes:
        _check_sizes(place)
    else:
        size_law(place)


def _check_sizes(place: Place) -> None:
    least, most = place.smallest_compound, place.residents - counts(place).communities
    if min(place.sizes) < least:
        raise ValueError(f"place.sizes={place.sizes}: each must be at least place.smallest_compound={least}")
    if sum(place.sizes) > most:
        raise ValueError(
            f"place.sizes={place.sizes}: must add up to {most:,} at most, so that of "
            f"place.residents={place.residents:,} one is left for the open part of each community"
        )
    if place.compounds not in (0, len(place.sizes)):
        raise ValueError(f"place.compounds={place.compounds}: must be 0, or {len(place.sizes)} as place.sizes has it")


def size_law(place: Place) -> SizeLaw:
    """The lognormal of compound sizes with the place's share of large compounds and its mean size.

    The mean falls as sigma grows, and may rise again; the root found is the smaller one. Where the number of
    compounds is not stated the mean is the city's: a small place is a typical piece of it.

    Raises:
        ValueError: no lognormal has that mean and that share.
    """
    residents, compounds = (place.residents, place.compounds) if place.compounds else (CITY.residents, CITY.compounds)
    mean = place.compound_share * residents / compounds
    law = partial(_law, place.largest_compound, place.large_share)
    narrow, wide = _SIGMAS[0], min(_SIGMAS, key=lambda sigma: _mean(law(sigma)))
    most, least = _mean(law(narrow)), _mean(law(wide))
    if not least < mean < most:
        key = "compounds" if place.compounds else "compound_share"
        raise ValueError(
            f"place.{key}={getattr(place, key)}: must give compounds {math.ceil(least):,} to "
            f"{math.floor(most):,} residents on average, not {mean:,.0f}, "
            f"for {place.large_share:.2%} of them to have over {LARGE_COMPOUND:,}"
        )
    while wide - narrow > 1e-12:
        middle = (narrow + wide) / 2
        narrow, wide = (middle, wide) if _mean(law(middle)) > mean else (narrow, middle)
    return law(wide)


_NORMAL = NormalDist()
_SIGMAS = [step / 20 for step in range(1, 81)]


@lru_cache(maxsize=10_000)  # a study builds the same place again and again
def _law(largest: int, large_share: float, sigma: float) -> SizeLaw:
    """The law with this sigma, this cut-off and this share of large compounds."""
    gap = math.log(largest / LARGE_COMPOUND) / sigma
    # the share of compounds that are not large grows with where LARGE_COMPOUND lies on the normal scale
    low, high = 0.0, 8.0
    while high - low > 1e-13:
        middle = (low + high) / 2
        smaller = _NORMAL.cdf(middle) / _NORMAL.cdf(middle + gap)
        low, high = (middle, high) if smaller < 1 - large_share else (low, middle)
    return SizeLaw(math.log(LARGE_COMPOUND) - high * sigma, sigma, high + gap)


def _mean(law: SizeLaw) -> float:
    return math.exp(law.mu + law.sigma**2 / 2) * _NORMAL.cdf(law.cut - law.sigma) / _NORMAL.cdf(law.cut)
