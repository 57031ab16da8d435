"""Instruments and shocks: what each writes into the rules, what it costs a year, and the dose that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from govsim.calendar import WEEKS_A_YEAR
from govsim.config.arrangements import Arrangements
from govsim.config.place import counts
from govsim.config.scenario import Scenario
from govsim.config.schema import Config
from govsim.policies.base import ADD, SCALE, Instrument

__all__ = ["Paper", "dose_of_nothing", "of", "of_shock"]

Term = tuple[str, str, float]
"""A rule, whether it is added to or multiplied, and by what."""


class Paper(NamedTuple):
    """An instrument on paper: its terms, and its planned cost a year in yuan and in hours that nobody is paid for."""

    terms: list[Term]
    yuan: float = 0.0
    hours: float = 0.0


def of(policy: Instrument, config: Config) -> Paper:
    """An instrument on paper, in this place.

    Raises:
        KeyError: it has no plain twin yet; it is a function of its name in this module.
    """
    return INSTRUMENTS[policy.name](policy, config)


def of_shock(shock: Scenario) -> list[Term]:
    """What a shock multiplies: demand, the hours of all who work, and money."""
    hours = [("branch_hours", SCALE, shock.staff), ("office_hours", SCALE, shock.staff)]
    return [
        ("demand", SCALE, shock.demand), *hours, ("worker_hours", SCALE, shock.staff),
        ("fund_yuan", SCALE, shock.budget),
    ]  # fmt: skip


def dose_of_nothing(name: str, before: Arrangements) -> float:
    """The dose at which an instrument leaves all as it was: for a few that is what there was."""
    there_was = {"certificates": before.certificates, "grid_staffing": before.workers_per_grid}
    return {**there_was, "department_capacity": 1.0}.get(name, 0.0)


# --- one instrument a function


def building_alliance(it: Any, config: Config) -> Paper:
    a_week = it.hours * counts(config.place).communities
    return Paper([("alliance_hours", ADD, it.hours)], hours=a_week * WEEKS_A_YEAR)


def certificates(it: Any, config: Config) -> Paper:
    fewer = config.before.certificates - it.items
    return Paper([("certificates", ADD, -fewer)])


def citizen_platform(it: Any, config: Config) -> Paper:
    if it.services == 0:
        return Paper([("platform", ADD, 0.0)])
    return Paper([("platform", ADD, it.services / 189)], yuan=config.prices.platform * _part_of_city(config))


def committee(it: Any, config: Config) -> Paper:
    if it.departments < 1:
        return Paper([])
    part = _part_of_city(config)
    staff = config.prices.committee_staff * config.prices.official
    meetings = it.departments * it.meeting_hours * WEEKS_A_YEAR
    terms = [
        ("committee_departments", ADD, it.departments), ("committee_hours", ADD, it.meeting_hours),
        ("committee_authority", ADD, it.authority), ("committee_joint", ADD, it.joint),
        ("leading_group", ADD, it.leading_group),
    ]  # fmt: skip
    return Paper(terms, yuan=staff * part, hours=meetings * part)


def covenant(it: Any, config: Config) -> Paper:
    return Paper([("covenant_drive", ADD, it.hours)], yuan=_helpers(it.hours, config))


def culture_venues(it: Any, config: Config) -> Paper:
    venues = it.venues * config.place.residents / 10_000
    return Paper([("venues", ADD, it.venues)], yuan=venues * config.prices.venue)


def department_capacity(it: Any, config: Config) -> Paper:
    before, prices = config.before, config.prices
    in_branches = _branch_hours(config) * (it.branches - 1.0)
    in_offices = (before.street_hours + before.community_hours) * config.place.residents / 1_000 * (it.offices - 1.0)
    a_week = in_branches * prices.official_hour + in_offices * prices.clerk_hour
    return Paper(
        [("branch_hours", SCALE, it.branches), ("office_hours", SCALE, it.offices)], yuan=a_week * WEEKS_A_YEAR
    )


def enterprise_cobuilding(it: Any, config: Config) -> Paper:
    if it.match == 0.0:
        return Paper([])
    seed = it.seed_yuan * counts(config.place).communities
    matched = seed / config.behaviour.project_yuan * (1.0 - config.behaviour.match_refused)
    terms = [("match_rate", ADD, it.match), ("fund_yuan", ADD, it.seed_yuan)]
    return Paper(terms, yuan=seed, hours=matched * config.behaviour.match_partner_hours)


def fund(it: Any, config: Config) -> Paper:
    terms = [("fund_yuan", ADD, it.yuan)]
    if it.signal != "equal":
        terms.append((f"fund_by_{it.signal}", ADD, 1.0))
    return Paper(terms, yuan=it.yuan * counts(config.place).communities)


def grid_integration(it: Any, config: Config) -> Paper:
    trained = it.share * config.before.workers_per_grid * counts(config.place).grids
    return Paper([("grid_integrated", ADD, it.share)], yuan=trained * it.training_hours * config.prices.clerk_hour)


def grid_staffing(it: Any, config: Config) -> Paper:
    more = it.workers_per_grid - config.before.workers_per_grid
    return Paper([("workers_per_grid", ADD, more)], yuan=more * counts(config.place).grids * config.prices.worker)


def home_visits(it: Any, config: Config) -> Paper:
    if it.visits == 0.0:
        return Paper([])
    a_year = it.visits * WEEKS_A_YEAR * config.place.residents / 1_000
    terms = [
        ("visits", ADD, it.visits), ("visit_pressure", ADD, it.pressure), ("visit_compensation", ADD, it.compensation),
    ]  # fmt: skip
    return Paper(terms, yuan=a_year / 3.0 * it.compensation, hours=a_year * config.behaviour.visit_hours)


def member_pledges(it: Any, config: Config) -> Paper:
    place, p = config.place, config.behaviour
    members = place.residents * (1.0 - place.child_share) * place.member_share
    pledged = members * p.pledge_rate * WEEKS_A_YEAR * it.drive
    return Paper([("pledge_drive", ADD, it.drive)], hours=pledged * p.pledge_hours * WEEKS_A_YEAR)


def owners_committee_support(it: Any, config: Config) -> Paper:
    return Paper([("owners_support", ADD, it.hours)], yuan=_helpers(it.hours, config))


def participation_channels(it: Any, config: Config) -> Paper:
    taking_part = config.place.residents * config.behaviour.choice_even
    hours = taking_part * config.behaviour.deliberation_hours * it.share * WEEKS_A_YEAR
    return Paper([("channels", ADD, it.share)], hours=hours)


def party_organisation(it: Any, config: Config) -> Paper:
    if it.hours == 0.0:
        return Paper([])
    in_streets = it.hours * it.links * it.link_share
    terms = [("party_hours", ADD, it.hours), ("party_links", ADD, it.links)]
    return Paper(terms, yuan=_helpers(it.hours + in_streets, config))


def pilot_building(it: Any, config: Config) -> Paper:
    pilots = it.buildings * counts(config.place).communities
    return Paper([("pilots", ADD, it.buildings)], yuan=pilots * config.prices.pilot / it.years)


def renovation(it: Any, config: Config) -> Paper:
    return Paper([("works_yuan", ADD, it.yuan)], yuan=it.yuan * config.place.residents)


def responsibility_list(it: Any, config: Config) -> Paper:
    hours = it.drafting_hours * _part_of_city(config) if it.coverage > 0.0 else 0.0
    return Paper([("list_coverage", ADD, it.coverage)], yuan=hours * config.prices.official_hour)


def security_gates(it: Any, config: Config) -> Paper:
    gated = it.share * counts(config.place).compounds
    return Paper([("gates", ADD, it.share)], yuan=gated * config.prices.gate)


def service_station(it: Any, config: Config) -> Paper:
    large = counts(config.place).compounds / 5.0
    return Paper([("stations", ADD, it.share)], yuan=it.share * large * config.prices.station)


def sinking(it: Any, config: Config) -> Paper:
    sinkable, moved = 0.45, it.share * it.hours
    officials = _branch_hours(config) * sinkable * moved / config.before.worker_hours
    return Paper(
        [("sunk_share", ADD, it.share), ("sunk_hours", ADD, moved)],
        yuan=officials * it.training_hours * config.prices.official_hour,
    )


INSTRUMENTS: dict[str, Callable[[Any, Config], Paper]] = {
    function.__name__: function
    for function in (
        building_alliance, certificates, citizen_platform, committee, covenant, culture_venues, department_capacity,
        enterprise_cobuilding, fund, grid_integration, grid_staffing, home_visits, member_pledges,
        owners_committee_support, participation_channels, party_organisation, pilot_building, renovation,
        responsibility_list, security_gates, service_station, sinking,
    )
}  # fmt: skip
"""By name."""


def _part_of_city(config: Config) -> float:
    return config.place.residents / config.city_residents


def _helpers(hours: float, config: Config) -> float:
    """Yuan a year of people who work so many hours a week in each community."""
    return hours * WEEKS_A_YEAR * counts(config.place).communities * config.prices.organiser_hour


def _branch_hours(config: Config) -> float:
    """Hours a week of all branches before any policy."""
    return sum(department.hours for department in config.departments.values()) * config.place.residents / 1_000
