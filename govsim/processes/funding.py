"""Funding: a community's money accrues, is committed to projects, approved, and paid out while they are built.

Rule. The yearly sum accrues week by week. Every community gets the same, or the same total follows a signal of need:

    sum of a community = mean sum x (fund_floor + (1 - fund_floor) x its signal / mean signal of communities)
    reported   cases that residents report, per resident
    patrol     cases that patrols find per hour of patrol that reaches residents: corrected for effort, not for what
               patrols cannot see
    true_need  true unmet need per resident, which nobody in the place can know: a yardstick

Signals are remembered over a quarter. Whenever the balance covers a project it is committed: preparing it costs
community staff hours (in the same queue as cases), approval takes a time that hangs on the project's identity, and
payment is spread over the building weeks. What is paid this week improves the environment of the whole community,
with diminishing returns, and more where it is poor:

    environment + environment_gain x s / (s + gain_half) x (1 - environment)    (s yuan per resident and week)
                + upkeep (less cut_loose of it in a work-unit quarter) + property_upkeep x quality
                - environment_decay x environment

*Matching*: enterprises are asked to add match_rate x their weight to each yuan of a project. Asking costs staff hours
whether or not they refuse (by a draw keyed to the project); a match costs the enterprises hours as well. It is paid
with the project and counted apart.

*Choice*: a share of projects is chosen by residents. That takes weeks and staff hours, and scales what a project is
worth by 1 + choice_gain x (share who take part - choice_even): where few take part, a few capture it, and it is worth
less than what an official would have chosen.

Unspent money is an outcome. Leaves out: kinds of projects, corruption, and what enterprises get in return.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import QUARTER, WEEKS_A_YEAR
from govsim.institutions.queue import put_in_front
from govsim.jit import kernel
from govsim.places import WORK_UNIT
from govsim.process import Process

APPROVAL = draws.name("funding.approval")
MATCHED = draws.name("funding.matched")
CHOSEN = draws.name("funding.chosen")


class Funding(Process):
    """Runs the community fund and the state of the environment."""

    reads = (
        "communities.residents",
        "communities.enterprises",
        "settlements.property_quality",
        "settlements.joined_share",
        "settlements.patrol",
        "settlements.unmet",
        "cases.found_by",
        "detection.found",
    )
    writes = (
        "communities.balance",
        "communities.committed",
        "communities.accrued",
        "communities.spent",
        "communities.spent_this_week",
        "communities.projects",
        "communities.due",
        "communities.extra_this_week",
        "communities.extra_due",
        "communities.match_pledged",
        "communities.match_committed",
        "communities.match_spent",
        "communities.match_due",
        "communities.signal_reported",
        "communities.signal_found",
        "communities.signal_walked",
        "communities.signal_true",
        "desks.served",
        "desks.inflow",
        "settlements.environment",
        "tally.fund_accrued",
        "tally.fund_spent",
        "tally.match_pledged",
        "tally.matched_yuan",
        "tally.enterprise_hours",
        "tally.projects",
        "tally.chosen_projects",
        "tally.deliberation_hours",
    )

    def spend(self) -> None:
        """One week of every community's fund."""
        city, p = self.city, self.city.p
        communities, settlements = city.places.communities, city.places.settlements
        _remember(city.detection.found, communities.columns, settlements.columns, city.cases.columns)
        accrues = city.rules.fund_yuan / WEEKS_A_YEAR * dealt(communities, city.rules, p.fund_floor)
        joined = np.bincount(settlements.community, settlements.joined_share * settlements.residents)
        _commit_and_pay(
            city.seed, city.week, accrues, joined / communities.residents, communities.columns, city.desks.columns,
            city.rules, p, city.tally,
        )  # fmt: skip
        city.tally[flows.FUND_ACCRUED] += accrues.sum()
        city.tally[flows.FUND_SPENT] += communities.spent_this_week.sum()
        city.tally[flows.DELIBERATION_HOURS] += city.rules.channels * p.deliberation_hours * joined.sum()

    def change_the_environment(self) -> None:
        """What was built, kept up and worn down this week: (settlements,) <- (communities,)."""
        places = self.city.places
        _build_and_wear(places.communities.columns, places.settlements.columns, self.city.p)


def dealt(communities, rules, floor: float) -> np.ndarray:
    """What each community gets of the fund, relative to the mean; the mean is 1: (communities,)."""
    found, walked = communities.signal_found, communities.signal_walked
    found_an_hour = np.divide(found, walked, out=np.zeros(len(communities)), where=walked > 0.0)
    signals = (
        (rules.fund_by_reported, communities.signal_reported),
        (rules.fund_by_patrol, found_an_hour),
        (rules.fund_by_true_need, communities.signal_true),
    )
    equal, followed = np.ones(len(communities)), sum(weight for weight, _ in signals)
    shares = [(weight, s / s.mean() if s.any() else equal) for weight, s in signals if weight > 0.0]
    if not shares:
        return equal
    by_signal = np.sum([weight * share for weight, share in shares], axis=0) / followed
    return floor + (1.0 - floor) * by_signal


@kernel
def _remember(found_now, communities, settlements, cases):
    """Let the week's reports, finds, patrols and last week's unmet need move the signals."""
    n = communities.residents.shape[0]
    reported, found, walked, hurt = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for row in found_now:
        here = settlements.community[cases.settlement[row]]
        reported[here] += cases.found_by[row] == c.RESIDENT
        found[here] += cases.found_by[row] == c.GRID
    for s in range(settlements.patrol.shape[0]):
        here = settlements.community[s]
        walked[here] += settlements.patrol[s] * settlements.residents[s] / 1_000.0
        hurt[here] += settlements.unmet[s]
    keep = 1.0 - 1.0 / QUARTER
    for i in range(n):
        thousands = communities.residents[i] / 1_000.0
        communities.signal_reported[i] = keep * communities.signal_reported[i] + reported[i] / thousands / QUARTER
        communities.signal_found[i] = keep * communities.signal_found[i] + found[i] / QUARTER
        communities.signal_walked[i] = keep * communities.signal_walked[i] + walked[i] / QUARTER
        communities.signal_true[i] = keep * communities.signal_true[i] + hurt[i] / thousands / QUARTER


@kernel
def kept_up(archetype, quality, p):
    """What upkeep adds to the environment in a week."""
    return p.upkeep * (1.0 - p.cut_loose * (archetype == WORK_UNIT)) + p.property_upkeep * quality


@kernel
def _build_and_wear(communities, settlements, numbers):
    p = numbers[0]
    for s in range(settlements.environment.shape[0]):
        here = settlements.community[s]
        worth = communities.spent_this_week[here] + communities.extra_this_week[here]
        yuan = worth / communities.residents[here]
        built = p.environment_gain * yuan / (yuan + p.gain_half)
        now = np.float64(settlements.environment[s])
        kept = kept_up(settlements.archetype[s], settlements.property_quality[s], p)
        now += built * (1.0 - now) + kept - p.environment_decay * now
        settlements.environment[s] = min(1.0, now)


@kernel
def worth_of_choice(joined, p):
    """What a project chosen by residents is worth, relative to an official's choice."""
    return max(0.0, 1.0 + p.choice_gain * (joined - p.choice_even))


@kernel
def _commit_and_pay(seed, week, accrues, joined, communities, desks, rules, numbers, tally):
    p = numbers[0]
    horizon = communities.due.shape[1]
    building = min(max(1, np.int64(p.building_weeks)), horizon // 2)
    now = week % horizon
    for i in range(communities.balance.shape[0]):
        communities.balance[i] += accrues[i]
        communities.accrued[i] += accrues[i]
        while accrues[i] > 0.0 and communities.balance[i] >= p.project_yuan:
            communities.balance[i] -= p.project_yuan
            communities.committed[i] += p.project_yuan
            project = communities.projects[i]
            communities.projects[i] += 1
            tally[flows.PROJECTS] += 1
            put_in_front(desks, i, p.project_hours)
            approval = np.int64(draws.exponential(seed, APPROVAL, i, project) * p.approval_weeks)
            worth, match = 1.0, 0.0
            if draws.uniform(seed, CHOSEN, i, project) < rules.channels:
                worth = worth_of_choice(joined[i], p)
                approval += np.int64(p.choosing_weeks)
                put_in_front(desks, i, p.choosing_hours)
                tally[flows.CHOSEN_PROJECTS] += 1
            if rules.match_rate > 0.0:
                put_in_front(desks, i, p.match_hours)
                if draws.uniform(seed, MATCHED, i, project) >= p.match_refused:
                    match = rules.match_rate * communities.enterprises[i] * p.project_yuan
                    communities.match_pledged[i] += match
                    communities.match_committed[i] += match
                    tally[flows.MATCH_PLEDGED] += match
                    tally[flows.ENTERPRISE_HOURS] += p.match_partner_hours
            approval = 1 + min(approval, horizon - building - 2)
            for later in range(approval, approval + building):
                then = (week + later) % horizon
                communities.due[i, then] += p.project_yuan / building
                communities.match_due[i, then] += match / building
                communities.extra_due[i, then] += (match * worth + p.project_yuan * (worth - 1.0)) / building
        paid = communities.due[i, now]
        communities.due[i, now] = 0.0
        communities.committed[i] -= paid
        communities.spent[i] += paid
        communities.spent_this_week[i] = paid
        matched = communities.match_due[i, now]
        communities.match_due[i, now] = 0.0
        communities.match_committed[i] -= matched
        communities.match_spent[i] += matched
        tally[flows.MATCHED_YUAN] += matched
        communities.extra_this_week[i] = communities.extra_due[i, now]
        communities.extra_due[i, now] = 0.0
