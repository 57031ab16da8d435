"""Record: what is kept of the week; its flows are the tally, its stocks are worked out here from the state at its end.

What each series is, and in which unit, ``govsim.recorder.SERIES`` says.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.institutions.queue import BRANCH_DESK

if TYPE_CHECKING:
    from plain.agents import Community, Settlement
    from plain.city import City

STAGES = {
    "latent": c.LATENT,
    "in_compounds": c.COMPOUND,
    "at_communities": c.COMMUNITY,
    "at_streets": c.STREET,
    "at_branches": c.BRANCH,
    "on_paper": c.PAPER,
}
"""Series of open cases, and the stage that each counts."""

OF_RESIDENTS = {
    "satisfaction": "mean_satisfaction",
    "trust": "mean_trust",
    "joining": "joined_share",
    "environment": "environment",
    "felt_need": "need",
    "responsiveness": "responsiveness",
    "property_quality": "property_quality",
    "fees": "fees",
    "conflict": "conflict",
    "covenant": "covenant",
    "ties": "ties",
    "registered": "registered_share",
    "shown": "shown",
    "works": "works",
    "gated": "gated",
    "breaches": "breaches",
    "structures": "structures",
}
"""Means over residents, each as an attribute of the settlement where they live."""

OF_COMPOUNDS = {"party_organised": "party", "owners_organised": "owners_committee", "owners_party": "owners_party"}
"""Shares of compounds, by the attribute that says whether a compound is one of them."""

OF_COMMUNITIES = {
    "groups": "groups",
    "groups_outside": "groups_outside",
    "fund_balance": "balance",
    "fund_committed": "committed",
    "match_committed": "match_committed",
    "works_balance": "works_balance",
}
"""Sums over communities."""

ASKED = (
    "approval",
    "perceived_change",
    "true_approval",
    "true_change",
    "approval_complainants",
    "true_approval_complainants",
)
"""What the last survey found."""


def collect(city: City) -> None:
    """Record the week that ends."""
    compounds = [settlement for settlement in city.settlements if settlement.is_compound]
    week = dict(city.tally)
    for name, stage in STAGES.items():
        week[name] = sum(case.stage == stage for case in city.cases.values())
    for name, attribute in OF_RESIDENTS.items():
        week[name] = mean_of_residents(city.settlements, attribute)
    for name, attribute in OF_COMPOUNDS.items():
        week[name] = sum(getattr(compound, attribute) for compound in compounds) / len(compounds)
    for name, attribute in OF_COMMUNITIES.items():
        week[name] = sum(getattr(community, attribute) for community in city.communities)
    for name in ASKED:
        week[name] = getattr(city.survey, name)
    week |= members(city) | grid_workers(city) | branches(city) | committee(city)
    week["fund_gini"] = gini_of_the_fund(city.communities)
    city.series.append(week)


def mean_of_residents(places: list[Settlement], attribute: str) -> float:
    """The mean of an attribute of places over those who live there."""
    people = sum(place.people for place in places)
    return sum(getattr(place, attribute) * place.people for place in places) / people


def members(city: City) -> dict[str, float]:
    """Party members whom communities know, and those of them at work who pledged and are active."""
    return {
        "known_members": sum(settlement.known_members for settlement in city.settlements),
        "pledged": sum(settlement.pledged for settlement in city.settlements),
    }


def grid_workers(city: City) -> dict[str, float]:
    """Grid workers, their vacant posts and strain, and how well they know and reach residents."""
    workers = sum(grid.workers for grid in city.grids)
    posts = math.floor(len(city.grids) * city.rules.workers_per_grid + 0.5)
    strain = sum(grid.strain * grid.workers for grid in city.grids)
    people = sum(community.residents for community in city.communities)
    return {
        "workers": workers,
        "vacancies": posts - workers,
        "strain": strain / max(1, workers),
        "knowledge": sum(here.knowledge * here.residents for here in city.communities) / people,
        "publicity": sum(here.publicity * here.residents for here in city.communities) / people,
    }


def branches(city: City) -> dict[str, float]:
    """How busy branches have been, weighted by their hours, and the work that waits there in weeks of their time."""
    desks = [desk for desk in city.desks if desk.tier == BRANCH_DESK]
    busy = sum(desk.load * desk.base_hours for desk in desks)
    waiting = sum(desk.arrived - desk.served + desk.asked for desk in desks)
    a_week = len(city.days) * sum(desk.hours for desk in desks)
    return {
        "branch_load": busy / max(sum(desk.base_hours for desk in desks), 1e-9),
        "branch_backlog": waiting / max(a_week, 1e-9),
    }


def committee(city: City) -> dict[str, float]:
    """The force of the committee's precedents, added up, and how often it has ruled."""
    return {
        "precedents": sum(sum(of_kind) for of_kind in city.committee.precedent),
        "rulings": len(city.committee.minutes),
    }


def gini_of_the_fund(communities: list[Community]) -> float:
    """Gini of the fund dealt so far, per resident; NaN for one community or no fund.

    It is the mean distance between what two residents, drawn at random, got, as a share of twice what a resident got
    on average. All residents of a community count as having got the same.
    """
    people, dealt = sum(here.residents for here in communities), sum(here.accrued for here in communities)
    if len(communities) < 2 or dealt <= 0.0:
        return math.nan
    distance = sum(
        one.residents * other.residents * abs(one.accrued / one.residents - other.accrued / other.residents)
        for one in communities
        for other in communities
    )
    return distance / people**2 / (2.0 * dealt / people)
