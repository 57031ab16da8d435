"""Culture: groups meet where there is a place for it, and those who meet get to know each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim.places import WORK_UNIT

if TYPE_CHECKING:
    from plain.agents import Community, Settlement
    from plain.city import City


def meet(city: City) -> None:
    """One week of groups forming, and of ties growing and loosening."""
    for community in city.communities:
        form_groups(city, community)
    for settlement in city.settlements:
        settlement.ties += city.p.ties_rate * (ties_toward(city, settlement) - settlement.ties)
        # residents get used to how their place looks; pride is what lies beyond (see participation)
        settlement.remembered += city.p.pride_memory * (settlement.environment - settlement.remembered)


def form_groups(city: City, community: Community) -> None:
    """Groups move toward what venues hold; a few meet in the open, fewer the more of them have found a venue."""
    p, thousands = city.p, community.residents / 1_000.0
    venues = city.rules.venues * thousands / 10.0
    community.groups += p.group_rate * (p.groups_a_venue * venues - community.groups)
    outside = max(0.0, p.groups_in_the_open * thousands - community.groups)
    community.groups_outside += p.group_rate * (outside - community.groups_outside)


def ties_toward(city: City, settlement: Settlement) -> float:
    """The ties that a settlement moves toward: who lives there, and who meets."""
    p, community = city.p, settlement.community
    groups = community.groups + community.groups_outside
    in_groups = min(1.0, p.group_size * groups / max(community.residents, 1))
    ties = p.ties_base - p.ties_migrants * settlement.migrants
    if settlement.archetype == WORK_UNIT:
        ties += p.ties_work_unit
    return ties + p.ties_groups * in_groups + p.ties_joined * settlement.joined_share
