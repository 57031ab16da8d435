"""Funding: a community's money accrues, is committed to projects, approved, and paid out while they are built.

What is paid in a week improves the environment, which upkeep keeps up and time wears down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import QUARTER, WEEKS_A_YEAR
from govsim.places import WORK_UNIT
from plain.queueing import put_in_front

if TYPE_CHECKING:
    from plain.agents import Case, Community, Settlement
    from plain.city import City


def spend(city: City) -> None:
    """One week of every community's fund."""
    found = [case for case in city.cases.values() if case.stage > c.LATENT and case.found >= city.day]
    for community in city.communities:
        _remember(community, [case for case in found if case.settlement.community is community])
    for community, share in zip(city.communities, _shares(city), strict=True):
        spend_in(city, community, city.rules.fund_yuan / WEEKS_A_YEAR * share)
        city.tally["deliberation_hours"] += city.rules.channels * city.p.deliberation_hours * _taking_part(community)


def _taking_part(community: Community) -> float:
    """How many residents take part in community affairs."""
    return sum(settlement.joined_share * settlement.people for settlement in community.settlements)


# --- who gets how much


def _remember(community: Community, found_this_week: list[Case]) -> None:
    """Signals of need follow the week: reports, finds, patrols, and last week's unmet need, over a quarter."""
    thousands = community.residents / 1_000.0
    reported = sum(case.found_by == c.RESIDENT for case in found_this_week)
    found = sum(case.found_by == c.GRID for case in found_this_week)
    walked = sum(settlement.patrol * settlement.people / 1_000.0 for settlement in community.settlements)
    hurt = sum(settlement.unmet for settlement in community.settlements)

    keep = 1.0 - 1.0 / QUARTER
    community.signal_reported = keep * community.signal_reported + reported / thousands / QUARTER
    community.signal_found = keep * community.signal_found + found / QUARTER
    community.signal_walked = keep * community.signal_walked + walked / QUARTER
    community.signal_true = keep * community.signal_true + hurt / thousands / QUARTER


def _shares(city: City) -> list[float]:
    """What each community gets of the fund, relative to the mean: the same, or it follows signals of need."""
    rules, floor, communities = city.rules, city.p.fund_floor, city.communities
    followed = (
        (rules.fund_by_reported, [community.signal_reported for community in communities]),
        (rules.fund_by_patrol, [_found_an_hour(community) for community in communities]),
        (rules.fund_by_true_need, [community.signal_true for community in communities]),
    )
    weights = sum(weight for weight, _ in followed)
    if weights == 0.0:
        return [1.0 for _ in communities]
    by_signal = [0.0 for _ in communities]
    for weight, signal in followed:
        for i, relative in enumerate(_relative_to_mean(signal)):
            by_signal[i] += weight / weights * relative
    return [floor + (1.0 - floor) * share for share in by_signal]


def _found_an_hour(community: Community) -> float:
    """Cases that patrols find per hour that reaches residents: corrected for effort, not for what they cannot see."""
    return community.signal_found / community.signal_walked if community.signal_walked > 0.0 else 0.0


def _relative_to_mean(signal: list[float]) -> list[float]:
    """1 for each where nothing is known yet."""
    mean = sum(signal) / len(signal)
    return [one / mean if mean > 0.0 else 1.0 for one in signal]


# --- from money to projects


def spend_in(city: City, community: Community, yuan: float) -> None:
    """So much comes in, as many projects are committed as there is money for, and what is due is paid."""
    _accrue(city, community, yuan)
    while yuan > 0.0 and community.balance >= city.p.project_yuan:  # nothing new where the fund has ended
        _commit(city, community)
    _pay(city, community)


def _accrue(city: City, community: Community, yuan: float) -> None:
    community.balance += yuan
    community.accrued += yuan
    city.tally["fund_accrued"] += yuan


def _commit(city: City, community: Community) -> None:
    """Commit a project: officials' choice or residents', with or without a match; it is approved, then built."""
    p, project = city.p, community.projects
    community.balance -= p.project_yuan
    community.committed += p.project_yuan
    community.projects += 1
    city.tally["projects"] += 1
    put_in_front(community.desk, p.project_hours)

    worth, choosing = 1.0, 0
    if city.luck("funding.chosen", community.row, project) < city.rules.channels:
        worth, choosing = _worth_of_choice(city, community), int(p.choosing_weeks)
        put_in_front(community.desk, p.choosing_hours)
        city.tally["chosen_projects"] += 1
    match = _ask_enterprises(city, community, project)
    approval = int(city.threshold("funding.approval", community.row, project) * p.approval_weeks)
    _plan_payments(city, community, approval + choosing, match, worth)


def _worth_of_choice(city: City, community: Community) -> float:
    """What residents choose is worth more than an official's choice where many take part; less where few do."""
    share = _taking_part(community) / community.residents
    return max(0.0, 1.0 + city.p.choice_gain * (share - city.p.choice_even))


def _ask_enterprises(city: City, community: Community, project: int) -> float:
    """Yuan that enterprises add to a project; asking costs staff hours whether or not they refuse."""
    p = city.p
    if city.rules.match_rate <= 0.0:
        return 0.0
    put_in_front(community.desk, p.match_hours)
    if city.luck("funding.matched", community.row, project) < p.match_refused:
        return 0.0
    match = city.rules.match_rate * community.enterprises * p.project_yuan
    community.match_pledged += match
    community.match_committed += match
    city.tally["match_pledged"] += match
    city.tally["enterprise_hours"] += p.match_partner_hours
    return match


def _plan_payments(city: City, community: Community, approval: int, match: float, worth: float) -> None:
    """Payments begin the week after approval, and are spread over the building weeks.

    They are planned in lists that have a place for each coming week and begin anew after the last, so nothing can be
    planned further ahead than these are long.
    """
    p, ahead = city.p, len(community.due)
    building = min(max(1, int(p.building_weeks)), ahead // 2)
    begins = city.week + 1 + min(approval, ahead - building - 2)
    beyond_the_fund = match * worth + p.project_yuan * (worth - 1.0)
    for week in range(begins, begins + building):
        community.due[week % ahead] += p.project_yuan / building
        community.match_due[week % ahead] += match / building
        community.extra_due[week % ahead] += beyond_the_fund / building


def _pay(city: City, community: Community) -> None:
    """What is due this week: the fund's part, the enterprises', and what both are worth beyond the fund's."""
    now = city.week % len(community.due)
    paid, matched = community.due[now], community.match_due[now]
    community.committed -= paid
    community.spent += paid
    community.spent_this_week = paid
    community.match_committed -= matched
    community.match_spent += matched
    community.extra_this_week = community.extra_due[now]
    community.due[now] = community.match_due[now] = community.extra_due[now] = 0.0
    city.tally["fund_spent"] += paid
    city.tally["matched_yuan"] += matched


# --- from projects to the environment


def change_the_environment(city: City) -> None:
    """What was built, kept up and worn down this week."""
    for settlement in city.settlements:
        now = settlement.environment
        built = _built(city, settlement.community) * (1.0 - now)  # more where it is poor
        worn = city.p.environment_decay * now
        settlement.environment = min(1.0, now + built + kept_up(city, settlement) - worn)


def _built(city: City, community: Community) -> float:
    """What this week's money builds, with diminishing returns."""
    worth = community.spent_this_week + community.extra_this_week
    yuan = worth / community.residents
    return city.p.environment_gain * yuan / (yuan + city.p.gain_half)


def kept_up(city: City, settlement: Settlement) -> float:
    """What upkeep adds in a week: the public part, of which work-unit quarters were cut loose, and the company's."""
    public = city.p.upkeep * (1.0 - city.p.cut_loose if settlement.archetype == WORK_UNIT else 1.0)
    return public + city.p.property_upkeep * settlement.property_quality
