"""Party building: members are found and pledge, tire and withdraw; organisations form in compounds and may fall asleep.

Rule. Three tiers with distinct roles. The *community*'s organisers look after the organisations there are, and share
what is left of their hours between finding members and founding organisations. The *compound*'s organisation acts: it
informs, agrees and lends hands (see compound, covenant, persuasion). The *street* brings owners and property together
(see owners).

A member is found when the search that has reached the compound passes their own threshold. In-service members, who
are organised where they work, pledge when the pull passes theirs:

    pull each week = pledge_drive x (pledge_rate + pledge_spread x active share of the compound's in-service members)

An organisation forms in a compound where a quorum is known, one of them would lead it (more readily with trust), and
the organisers have saved up ``founding_hours``. One that nobody looks after falls asleep in time, later where
residents take part; none for want of members, for who is known stays so.

Active members have ``pledge_hours`` a week, less what tiredness takes; where there is an organisation, known retired
members have ``retired_hours``. Hours that were used tire, a week's rest restores, and whose tiredness passes their
own limit withdraws for good. Leaves out: admission of new members, rivalry with organisations at work, and what
members gain by pledging.
"""

from __future__ import annotations

import numpy as np

from govsim import draws, flows
from govsim.jit import in_blocks, kernel
from govsim.process import Process
from govsim.residents import ACTIVE, UNPLEDGED, WITHDRAWN

FOUND = draws.name("member.found")
PLEDGES = draws.name("member.pledges")
TIRES = draws.name("member.withdraws")
LEADS = draws.name("member.leads")
ASLEEP = draws.name("party.falls_asleep")
_SAVED = 4.0
"""Foundings for which organisers can save up time."""


class Party(Process):
    """Finds members, takes their pledges, founds organisations."""

    reads = (
        "members.*",
        "residents.trust",
        "settlements.joined_share",
        "settlements.hands_used",
        "communities.residents",
    )
    writes = (
        "members.known",
        "members.pledge",
        "members.tired",
        "settlements.searched",
        "settlements.known_members",
        "settlements.pledge_pull",
        "settlements.pledged",
        "settlements.party",
        "settlements.party_spells",
        "settlements.party_decline",
        "settlements.hands",
        "settlements.hands_used",
        "settlements.mobilised",
        "communities.organisers",
        "tally.pledges",
        "tally.withdrawals",
        "tally.member_hours",
        "tally.organiser_hours",
    )

    def build(self) -> None:
        """One week of searching, pledging and founding; what members then have time for next week."""
        city, places = self.city, self.city.places
        members, people, p = city.members.columns, city.residents.columns, city.p
        settlements, communities = places.settlements.columns, places.communities.columns
        city.tally[flows.MEMBER_HOURS] += places.settlements.hands_used.sum(dtype=np.float64)
        city.tally[flows.ORGANISER_HOURS] += city.rules.party_hours * len(communities)
        moved = in_blocks(
            city.threads,
            np.arange(len(communities)),
            lambda part: _build(city.seed, city.rules, part, members, people, settlements, communities, p),
        )
        for pledges, withdrawals in moved:
            city.tally[flows.PLEDGES] += pledges
            city.tally[flows.WITHDRAWALS] += withdrawals


@kernel
def _build(seed, rules, part, members, residents, settlements, communities, numbers):
    """A week of the organisers of some communities; how many members pledge and how many withdraw."""
    p = numbers[0]
    moved = (0, 0)
    for here in part:
        first = communities.first_settlement[here]
        end = first + communities.settlements[here]
        care = p.care_hours * settlements.party[first:end].sum()
        left = max(0.0, rules.party_hours - care)
        saved = communities.organisers[here] + 0.5 * left
        communities.organisers[here] = min(saved, _SAVED * p.founding_hours) if rules.party_hours > 0.0 else 0.0
        searched = p.found_rate * 0.5 * left / (communities.residents[here] / 1_000.0)
        cared = 1.0 if care <= 0.0 else min(1.0, rules.party_hours / care)
        for s in range(first, end):
            settlements.searched[s] += searched
            pledges, withdrawals = _tend_members(seed, s, rules.pledge_drive, members, settlements, p)
            moved = (moved[0] + pledges, moved[1] + withdrawals)
            if settlements.is_compound[s]:
                _organise(seed, s, here, cared, members, residents, settlements, communities, p)
            _ready_hands(s, members, settlements, p)
    return moved


@kernel
def _organise(seed, s, here, cared, members, residents, settlements, communities, p):
    """The organisation of one compound declines and may fall asleep; where there is none, one may form."""
    spell = np.int64(settlements.party_spells[s])
    if settlements.party[s]:
        settlements.party_decline[s] += (
            p.decline_rate * (1.0 - cared) * (1.0 - p.own_life * settlements.joined_share[s])
        )
        if draws.reached(settlements.party_decline[s], seed, ASLEEP, s, spell):
            settlements.party[s] = False
    elif (
        communities.organisers[here] >= p.founding_hours
        and settlements.known_members[s] >= p.quorum
        and _somebody_leads(seed, s, members, residents, settlements, p)
    ):
        communities.organisers[here] -= p.founding_hours
        settlements.party[s] = True
        settlements.party_spells[s] = min(250, spell + 1)
        settlements.party_decline[s] = 0.0


@kernel
def _tend_members(seed, s, drive, members, settlements, p):
    """Members of one settlement tire, rest, withdraw, are found and pledge; how many pledge and how many withdraw."""
    first, n = settlements.first_member[s], settlements.members[s]
    active, in_service = 0, 0
    for m in range(first, first + n):
        in_service += members.in_service[m]
        active += members.pledge[m] == ACTIVE
    ready = settlements.hands[s] * settlements.residents[s] / 1_000.0
    used = min(1.0, settlements.hands_used[s] / ready) if ready > 0.0 else 0.0  # the same part of everybody's time
    settlements.mobilised[s] = settlements.hands_used[s] / settlements.residents[s]
    settlements.hands_used[s] = 0.0
    if in_service > 0:
        settlements.pledge_pull[s] += drive * (p.pledge_rate + p.pledge_spread * active / in_service)
    known, active, pledges, withdrawals = 0, 0, 0, 0
    for m in range(first, first + n):
        who = members.resident[m]
        if members.pledge[m] == ACTIVE:
            given = used * p.pledge_hours * (1.0 - members.tired[m])
            members.tired[m] += p.tire_rate * given - p.rest_rate * members.tired[m]
            if members.tired[m] >= p.withdraw_at * draws.exponential(seed, TIRES, who, 0):
                members.pledge[m] = WITHDRAWN
                withdrawals += 1
        elif (
            drive > 0.0
            and members.in_service[m]
            and members.pledge[m] == UNPLEDGED
            and draws.reached(settlements.pledge_pull[s], seed, PLEDGES, who, 0)
        ):
            members.pledge[m] = ACTIVE
            members.known[m] = True
            pledges += 1
        if (
            not members.known[m]
            and settlements.searched[s] > 0.0
            and draws.reached(settlements.searched[s], seed, FOUND, who, 0)
        ):
            members.known[m] = True
        known += members.known[m]
        active += members.pledge[m] == ACTIVE
    settlements.pledged[s], settlements.known_members[s] = active, known
    return pledges, withdrawals


@kernel
def _somebody_leads(seed, s, members, residents, settlements, p):
    """Whether one of the known members would lead an organisation."""
    spell = np.int64(settlements.party_spells[s])
    first = settlements.first_member[s]
    for m in range(first, first + settlements.members[s]):
        who = members.resident[m]
        ready = p.leader_share * (0.5 + residents.trust[who])
        if members.known[m] and draws.uniform(seed, LEADS, who, spell) < ready:
            return True
    return False


@kernel
def _ready_hands(s, members, settlements, p):
    """Members' time for the next week, in hours per 1,000 residents."""
    hours = 0.0
    first = settlements.first_member[s]
    for m in range(first, first + settlements.members[s]):
        if members.pledge[m] == ACTIVE:
            hours += p.pledge_hours * (1.0 - members.tired[m])
        elif settlements.party[s] and members.known[m] and not members.in_service[m]:
            hours += p.retired_hours
    settlements.hands[s] = hours / settlements.residents[s] * 1_000.0
