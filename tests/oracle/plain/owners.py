"""Owners and property: owners vote for a committee, companies live on fees, and the two may be in conflict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim.calendar import WEEKS_A_YEAR
from govsim.residents import OWNER
from plain.handling import one_more

if TYPE_CHECKING:
    from plain.agents import Resident, Settlement
    from plain.city import City

WORST_QUALITY = 0.05
"""No company is worse than this."""
FIRST_YEAR = 0.6
"""Part of its own quality with which a new company begins."""


def vote_and_pay(city: City) -> None:
    """One week of votes, then of fees, conflict and quality."""
    for settlement in city.settlements:
        if settlement.is_compound and is_called_to_vote(city, settlement):
            vote(city, settlement)
    for settlement in city.settlements:
        settlement.owners_party = has_owners_party(city, settlement)
        if settlement.property_own > 0.0:
            quarrel_and_pay(city, settlement)
            if settlement.owners_committee:
                perhaps_dismiss(city, settlement)
    city.tally["organiser_hours"] += city.rules.owners_support * len(city.communities)


# --- votes


def is_called_to_vote(city: City, settlement: Settlement) -> bool:
    """A committee stands again when its term ends; without one, a vote is called sooner with organised help."""
    if settlement.owners_committee:
        return city.week >= settlement.owners_until
    settlement.vote_pull += city.p.vote_rate + city.p.vote_rate_helped * city.rules.owners_support
    return settlement.vote_pull >= city.threshold("owners.call_a_vote", settlement.row, settlement.votes)


def vote(city: City, settlement: Settlement) -> None:
    """Owner households vote, each through its first member; good property quality leaves less to vote for."""
    p, number = city.p, settlement.votes
    in_favour = p.in_favour - p.content_against * settlement.property_quality
    owners = votes = agree = 0
    for household in settlement.households:
        who = household.members[0]
        if who.tenure != OWNER:
            continue
        owners += 1
        if city.luck("owner.turns_out", household.row, number) < turnout(city, who):
            votes += 1
            agree += city.luck("owner.agrees", household.row, number) < in_favour
    won = founds_a_committee(city.config.before.owners_law, owners, votes, agree)
    settlement.owners_committee = won
    settlement.owners_until = city.week + int(p.committee_years * WEEKS_A_YEAR)
    settlement.votes = number + 1
    settlement.vote_pull = 0.0
    city.tally["votes"] += 1
    city.tally["votes_won"] += won


def turnout(city: City, who: Resident) -> float:
    """Probability that an owner takes part in a vote."""
    p = city.p
    odds = (
        p.turnout_base
        + p.turnout_joined * who.joined
        + p.turnout_ties * (who.settlement.ties - p.ties_base)
        + p.turnout_helped * city.rules.owners_support
    )
    return 1.0 / (1.0 + math.exp(-odds))


def founds_a_committee(law: str, owners: int, votes: int, agree: int) -> bool:
    """Whether a vote founds a committee under a law."""
    if law == "before_2021":  # a majority of all owners
        return 2 * agree > owners
    return 3 * votes >= 2 * owners and 2 * agree > votes  # two thirds take part, and a majority of those agree


# --- property


def has_owners_party(city: City, settlement: Settlement) -> bool:
    """Whether the committee has a Party organisation of its own, which some compounds' organisations achieve."""
    return (
        settlement.owners_committee
        and settlement.party
        and city.luck("owners.party", settlement.row, settlement.party_spells) < city.p.owner_party_share
    )


def quarrel_and_pay(city: City, settlement: Settlement) -> None:
    """Conflict and fees follow last week's quality and conflict; quality follows what there are means for."""
    p, quality, conflict = city.p, settlement.property_quality, settlement.conflict
    settlement.conflict += p.conflict_rate * (conflict_toward(city, settlement) - conflict)
    pay = p.fee_base + p.fee_quality * quality - p.fee_conflict * conflict
    settlement.fees += p.fee_rate * (pay - settlement.fees)
    means = settlement.property_own + p.quality_fees * (settlement.fees - p.fee_needed)
    quality += p.quality_rate * (means - quality)
    settlement.property_quality = min(1.0, max(WORST_QUALITY, quality))
    if settlement.owners_committee:
        settlement.dismissal_pull += p.dismissal_rate * conflict


def conflict_toward(city: City, settlement: Settlement) -> float:
    """The conflict that a compound with a property company moves toward: louder where a committee gives a voice."""
    p = city.p
    conflict = (p.conflict_base + p.conflict_voice * settlement.owners_committee) * (1.0 - settlement.property_quality)
    if settlement.party and settlement.rank < city.rules.party_links:  # its street brings both sides together
        conflict *= 1.0 - p.conflict_mediated
    if settlement.owners_party:
        conflict *= 1.0 - p.conflict_owner_party
    return conflict


def perhaps_dismiss(city: City, settlement: Settlement) -> None:
    """A committee whose patience is at its end takes another company, with its own luck, and that begins badly."""
    number = settlement.dismissals
    if settlement.dismissal_pull < city.threshold("owners.dismiss", settlement.row, number):
        return
    place, luck = city.config.place, 2.0 * city.luck("owners.next_company", settlement.row, number) - 1.0
    settlement.property_own = place.property_quality + place.property_spread * luck
    settlement.property_quality = FIRST_YEAR * settlement.property_own
    settlement.dismissals = one_more(number)
    settlement.dismissal_pull = 0.0
    city.tally["dismissed"] += 1
