"""Party building: members are found and pledge, tire and withdraw; organisations form and may fall asleep.

A community's organisers first look after the organisations there are. Half of the hours that are left goes to finding
members, the other half is saved up to found organisations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim.residents import ACTIVE, UNPLEDGED, WITHDRAWN
from plain.handling import one_more

if TYPE_CHECKING:
    from plain.agents import Community, Member, Settlement
    from plain.city import City

MOST_FOUNDINGS_SAVED = 4.0
"""Foundings for which organisers can save up time."""


def build(city: City) -> None:
    """One week of searching, pledging and founding; what members then have time for next week."""
    for community in city.communities:
        organise(city, community)
    for settlement in city.settlements:
        settlement.hands = hands(city, settlement)
    city.tally["organiser_hours"] += city.rules.party_hours * len(city.communities)


def organise(city: City, community: Community) -> None:
    """A week of a community's organisers, and of the members and organisations in its settlements."""
    p, hours = city.p, city.rules.party_hours
    care = p.care_hours * sum(settlement.party for settlement in community.settlements)
    cared_for = min(1.0, hours / care) if care > 0.0 else 1.0
    left = max(0.0, hours - care)
    if hours > 0.0:
        community.organisers = min(community.organisers + 0.5 * left, MOST_FOUNDINGS_SAVED * p.founding_hours)
    else:
        community.organisers = 0.0
    for settlement in community.settlements:
        settlement.searched += p.found_rate * 0.5 * left / (community.residents / 1_000.0)
        tend_members(city, settlement)
        if not settlement.is_compound:
            continue
        if settlement.party:
            perhaps_fall_asleep(city, settlement, cared_for)
        elif community.organisers >= p.founding_hours and can_organise(city, settlement):
            community.organisers -= p.founding_hours
            settlement.party = True
            settlement.party_spells = one_more(settlement.party_spells)
            settlement.party_decline = 0.0


# --- members


def tend_members(city: City, settlement: Settlement) -> None:
    """The members of a settlement tire, rest and withdraw, pledge and are found."""
    there_were = settlement.hands * settlement.people / 1_000.0
    used = min(1.0, settlement.hands_used / there_were) if there_were > 0.0 else 0.0
    city.tally["member_hours"] += settlement.hands_used
    settlement.mobilised = settlement.hands_used / settlement.people
    settlement.hands_used = 0.0

    settlement.pledge_pull += pull_to_pledge(city, settlement)
    for member in settlement.members:
        who = member.resident.row
        if member.pledge == ACTIVE:
            tire_and_rest(city, member, used)
        elif pledges(city, member):
            member.pledge, member.known = ACTIVE, True
            city.tally["pledges"] += 1
        if settlement.searched >= city.threshold("member.found", who):
            member.known = True
    settlement.known_members = sum(member.known for member in settlement.members)
    settlement.pledged = sum(member.pledge == ACTIVE for member in settlement.members)


def pull_to_pledge(city: City, settlement: Settlement) -> float:
    """What this week adds to the pull to pledge; others' example counts with those who were active before it."""
    p = city.p
    in_service = sum(member.in_service for member in settlement.members)
    active = sum(member.pledge == ACTIVE for member in settlement.members)
    if not in_service:
        return 0.0
    return city.rules.pledge_drive * (p.pledge_rate + p.pledge_spread * active / in_service)


def pledges(city: City, member: Member) -> bool:
    """Whether a member who never pledged does so now; who once withdrew never does again."""
    return (
        city.rules.pledge_drive > 0.0
        and member.in_service
        and member.pledge == UNPLEDGED
        and member.resident.settlement.pledge_pull >= city.threshold("member.pledges", member.resident.row)
    )


def tire_and_rest(city: City, member: Member, used: float) -> None:
    """Everybody gave the same part ``used`` of their time; whose tiredness passes their own limit withdraws."""
    p = city.p
    given = used * p.pledge_hours * (1.0 - member.tired)
    member.tired += p.tire_rate * given - p.rest_rate * member.tired
    if member.tired >= p.withdraw_at * city.threshold("member.withdraws", member.resident.row):
        member.pledge = WITHDRAWN
        city.tally["withdrawals"] += 1


# --- organisations


def perhaps_fall_asleep(city: City, settlement: Settlement, cared_for: float) -> None:
    """An organisation that nobody looks after falls asleep in time, later where residents take part."""
    p = city.p
    by_itself = 1.0 - p.own_life * settlement.joined_share
    settlement.party_decline += p.decline_rate * (1.0 - cared_for) * by_itself
    limit = city.threshold("party.falls_asleep", settlement.row, settlement.party_spells)
    if settlement.party_decline >= limit:
        settlement.party = False


def can_organise(city: City, settlement: Settlement) -> bool:
    """Whether a quorum is known, and one of them would lead."""
    return settlement.known_members >= city.p.quorum and any(
        would_lead(city, settlement, member) for member in settlement.members
    )


def would_lead(city: City, settlement: Settlement, member: Member) -> bool:
    """Whether a known member would lead the next organisation here, more readily with trust."""
    who = member.resident
    ready = city.p.leader_share * (0.5 + who.trust)
    return member.known and city.luck("member.leads", who.row, settlement.party_spells) < ready


def hands(city: City, settlement: Settlement) -> float:
    """Members' time for the next week, in hours per 1,000 residents."""
    p, hours = city.p, 0.0
    for member in settlement.members:
        if member.pledge == ACTIVE:
            hours += p.pledge_hours * (1.0 - member.tired)
        elif settlement.party and member.known and not member.in_service:
            hours += p.retired_hours
    return hours / settlement.people * 1_000.0
