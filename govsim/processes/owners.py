"""Owners and property: owners vote for a committee; companies live on fees; the two may be in conflict.

Rule. Owners of a compound without a committee call a vote when a hazard, higher with organised help, has passed its
threshold; a committee whose term ends must be voted anew. Each owner household takes part with odds exp(z) and votes
for it with the given share:

    z = turnout_base + turnout_joined x takes part + turnout_ties x (ties - ties_base) + turnout_helped x help

Before 2021 a majority of *all* owners is needed; under the law of 2021 two thirds must take part and a majority of
those agree.

The share of households that pay the fee follows quality, less in conflict; a company's quality follows what it has by
itself and its fee income. Conflict follows bad quality, and is louder where a committee gives owners a voice:

    conflict -> (conflict_base + conflict_voice x committee) x (1 - quality)
                x (1 - conflict_mediated, where a Party organisation is looked after by its street)
                x (1 - conflict_owner_party, where the committee has a Party organisation of its own)

A committee in conflict may dismiss the company; the next one has its own luck and begins badly. Sources: Property Law
art. 76, Civil Code art. 278; Xu, Perkins & Chow 2010. Leaves out: votes by floor area, the developer's company, and
repair funds.
"""

from __future__ import annotations

import math

import numpy as np

from govsim import draws, flows
from govsim.calendar import WEEKS_A_YEAR
from govsim.config.arrangements import OWNERS_LAWS
from govsim.jit import kernel
from govsim.process import Process
from govsim.residents import OWNER

CALLS = draws.name("owners.call_a_vote")
TURNS_OUT = draws.name("owner.turns_out")
AGREES = draws.name("owner.agrees")
DISMISSES = draws.name("owners.dismiss")
NEXT_COMPANY = draws.name("owners.next_company")
OWNER_PARTY = draws.name("owners.party")
_FIRST_YEAR = 0.6
"""Part of its own quality with which a new company begins."""


class Owners(Process):
    """Runs votes, fees, conflict and the quality of property companies."""

    reads = (
        "residents.tenure",
        "residents.joined",
        "settlements.ties",
        "settlements.party",
        "settlements.rank",
        "settlements.is_compound",
    )
    writes = (
        "settlements.owners_committee",
        "settlements.owners_until",
        "settlements.owners_party",
        "settlements.votes",
        "settlements.vote_pull",
        "settlements.fees",
        "settlements.conflict",
        "settlements.property_own",
        "settlements.property_quality",
        "settlements.dismissals",
        "settlements.dismissal_pull",
        "tally.votes",
        "tally.votes_won",
        "tally.dismissed",
        "tally.organiser_hours",
    )

    def __init__(self, city) -> None:
        super().__init__(city)
        places = city.places
        first = places.buildings.first_household[places.settlements.first_building]
        self._first_household = np.append(first, len(places.households)).astype(np.int64)

    def vote_and_pay(self) -> None:
        """One week of votes, then of fees, conflict and quality."""
        city, place = self.city, self.city.config.place
        _vote(
            city.seed, city.week, OWNERS_LAWS.index(city.config.before.owners_law), self._first_household, city.rules,
            city.places.households.columns, city.residents.columns, city.places.settlements.columns, city.p, city.tally,
        )  # fmt: skip
        _pay(
            city.seed, city.rules.party_links, place.property_quality, place.property_spread,
            city.places.settlements.columns, city.p, city.tally,
        )  # fmt: skip
        city.tally[flows.ORGANISER_HOURS] += city.rules.owners_support * len(city.places.communities)


@kernel
def turnout(joined, ties, help, p):
    """Probability that an owner takes part in a vote."""
    z = p.turnout_base + p.turnout_joined * joined + p.turnout_ties * (ties - p.ties_base) + p.turnout_helped * help
    return 1.0 / (1.0 + math.exp(-z))


@kernel
def founded(law, owners, votes, agree):
    """Whether a vote founds a committee: with a majority of all owners (law 0), or a turnout of two thirds (law 1)."""
    if law == 0:
        return 2 * agree > owners
    return 3 * votes >= 2 * owners and 2 * agree > votes


@kernel
def _vote(seed, week, law, first_household, rules, households, residents, settlements, numbers, tally):
    p = numbers[0]
    for s in range(settlements.votes.shape[0]):
        if not settlements.is_compound[s]:
            continue
        number = np.int64(settlements.votes[s])
        if settlements.owners_committee[s]:
            if week < settlements.owners_until[s]:
                continue
        else:
            settlements.vote_pull[s] += p.vote_rate + p.vote_rate_helped * rules.owners_support
            if not draws.reached(settlements.vote_pull[s], seed, CALLS, s, number):
                continue
        owners, votes, agree = 0, 0, 0
        in_favour = p.in_favour - p.content_against * settlements.property_quality[s]
        for h in range(first_household[s], first_household[s + 1]):
            who = households.first_resident[h]
            if residents.tenure[who] != OWNER:
                continue
            owners += 1
            z = turnout(residents.joined[who], settlements.ties[s], rules.owners_support, p)
            if draws.uniform(seed, TURNS_OUT, h, number) < z:
                votes += 1
                agree += draws.uniform(seed, AGREES, h, number) < in_favour
        won = founded(law, owners, votes, agree)
        settlements.owners_committee[s] = won
        settlements.owners_until[s] = week + np.int64(p.committee_years * WEEKS_A_YEAR)
        settlements.votes[s] = number + 1
        settlements.vote_pull[s] = 0.0
        tally[flows.VOTES] += 1
        tally[flows.VOTES_WON] += won


@kernel
def conflict_toward(quality, committee, mediated, owner_party, p):
    """The conflict that a compound with a property company moves toward."""
    heat = (p.conflict_base + p.conflict_voice * committee) * (1.0 - quality)
    return heat * (1.0 - p.conflict_mediated * mediated) * (1.0 - p.conflict_owner_party * owner_party)


@kernel
def _pay(seed, links, mean_quality, spread, settlements, numbers, tally):
    p = numbers[0]
    for s in range(settlements.fees.shape[0]):
        committee = settlements.owners_committee[s]
        settlements.owners_party[s] = (
            committee
            and settlements.party[s]
            and draws.uniform(seed, OWNER_PARTY, s, settlements.party_spells[s]) < p.owner_party_share
        )
        if settlements.property_own[s] <= 0.0:
            continue
        quality, conflict = np.float64(settlements.property_quality[s]), np.float64(settlements.conflict[s])
        mediated = settlements.party[s] and settlements.rank[s] < links
        target = conflict_toward(quality, committee, mediated, settlements.owners_party[s], p)
        settlements.conflict[s] = conflict + p.conflict_rate * (target - conflict)
        pay = p.fee_base + p.fee_quality * quality - p.fee_conflict * conflict
        settlements.fees[s] += p.fee_rate * (pay - settlements.fees[s])
        means = settlements.property_own[s] + p.quality_fees * (settlements.fees[s] - p.fee_needed)
        settlements.property_quality[s] = min(1.0, max(0.05, quality + p.quality_rate * (means - quality)))
        if committee:
            number = np.int64(settlements.dismissals[s])
            settlements.dismissal_pull[s] += p.dismissal_rate * conflict
            if draws.reached(settlements.dismissal_pull[s], seed, DISMISSES, s, number):
                luck = 2.0 * draws.uniform(seed, NEXT_COMPANY, s, number) - 1.0
                settlements.property_own[s] = mean_quality + spread * luck
                settlements.property_quality[s] = _FIRST_YEAR * settlements.property_own[s]
                settlements.dismissals[s] = min(250, number + 1)
                settlements.dismissal_pull[s] = 0.0
                tally[flows.DISMISSED] += 1
