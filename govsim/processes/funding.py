"""Funding: a community's money accrues, is committed to projects, approved, and paid out while they are built.

Rule. The yearly sum accrues week by week. Whenever the balance covers a project it is committed: preparing it
costs community staff hours (in the same queue as cases), approval takes a time that hangs on the project's
identity, and payment is spread over the building weeks. What is paid this week improves the environment of
the whole community, with diminishing returns, and more where it is poor:

    environment + environment_gain x s / (s + gain_half) x (1 - environment)    (s yuan per resident and week)
                + upkeep + property_upkeep x quality - environment_decay x environment

Unspent money is an outcome. Leaves out: choice of projects, matching by enterprises, and money that follows a
signal of need (equal sums only).
"""

from __future__ import annotations

import numpy as np

from govsim import draws, flows
from govsim.calendar import WEEKS_A_YEAR
from govsim.institutions.queue import put_in_front
from govsim.jit import kernel
from govsim.process import Process

APPROVAL = draws.name("funding.approval")


class Funding(Process):
    """Runs the community fund and the state of the environment."""

    reads = ("communities.residents", "settlements.property_quality")
    writes = (
        "communities.balance",
        "communities.committed",
        "communities.accrued",
        "communities.spent",
        "communities.spent_this_week",
        "communities.projects",
        "communities.due",
        "desks.served",
        "desks.inflow",
        "settlements.environment",
        "tally.fund_accrued",
        "tally.fund_spent",
    )

    def spend(self) -> None:
        """One week of every community's fund."""
        city = self.city
        communities = city.places.communities
        accrues = city.rules.fund_yuan / WEEKS_A_YEAR
        _commit_and_pay(city.seed, city.week, accrues, communities.columns, city.desks.columns, city.p)
        city.tally[flows.FUND_ACCRUED] += accrues * len(communities)
        city.tally[flows.FUND_SPENT] += communities.spent_this_week.sum()

    def change_the_environment(self) -> None:
        """What was built, kept up and worn down this week: (settlements,) <- (communities,)."""
        places = self.city.places
        _build_and_wear(places.communities.columns, places.settlements.columns, self.city.p)


@kernel
def _build_and_wear(communities, settlements, numbers):
    p = numbers[0]
    for s in range(settlements.environment.shape[0]):
        here = settlements.community[s]
        yuan = communities.spent_this_week[here] / max(communities.residents[here], 1)
        built = p.environment_gain * yuan / (yuan + p.gain_half)
        now = np.float64(settlements.environment[s])
        kept = p.upkeep + p.property_upkeep * settlements.property_quality[s]
        now += built * (1.0 - now) + kept - p.environment_decay * now
        settlements.environment[s] = min(1.0, max(0.0, now))


@kernel
def _commit_and_pay(seed, week, accrues, communities, desks, numbers):
    p = numbers[0]
    horizon = communities.due.shape[1]
    building = min(max(1, np.int64(p.building_weeks)), horizon // 2)
    for i in range(communities.balance.shape[0]):
        communities.balance[i] += accrues
        communities.accrued[i] += accrues
        while accrues > 0.0 and communities.balance[i] >= p.project_yuan:
            communities.balance[i] -= p.project_yuan
            communities.committed[i] += p.project_yuan
            project = communities.projects[i]
            communities.projects[i] += 1
            put_in_front(desks, i, p.project_hours)
            approval = np.int64(draws.exponential(seed, APPROVAL, i, project) * p.approval_weeks)
            approval = 1 + min(approval, horizon - building - 2)
            for later in range(approval, approval + building):
                communities.due[i, (week + later) % horizon] += p.project_yuan / building
        paid = communities.due[i, week % horizon]
        communities.due[i, week % horizon] = 0.0
        communities.committed[i] -= paid
        communities.spent[i] += paid
        communities.spent_this_week[i] = paid
