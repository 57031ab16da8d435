"""Participation: residents take part where others do, where they trust, and where they are content.

Everybody decides on the attitudes and the shares of last week, so that it does not matter who decides first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim.config.behaviour.participation import PARTICIPATION
from govsim.residents import CHILD, FREE_RIDER, HUMP

if TYPE_CHECKING:
    from plain.agents import Resident, Settlement
    from plain.city import City

THRESHOLDS = PARTICIPATION.index("thresholds")

MIDDLING = 0.5
"""Trust and satisfaction that neither add to nor take from the chance to match others."""
FULLY_ORGANISED = 0.5
"""Hours a resident and week for which ``crowding`` is stated."""


def join(city: City) -> None:
    """The residents whose turn it is decide anew."""
    for settlement in city.settlements:
        for resident in settlement.residents:
            if is_their_turn(city, resident) and resident.age != CHILD and resident.type != FREE_RIDER:
                resident.joined = takes_part(city, resident)
        taking_part = sum(resident.joined for resident in settlement.residents)
        settlement.joined_share = taking_part / settlement.people
        city.tally["volunteer_hours"] += taking_part * city.p.hours_joined


def is_their_turn(city: City, resident: Resident) -> bool:
    """Each resident reconsiders once every ``reconsider_weeks``, in a week of their own."""
    return (city.clock_week + resident.turn) % int(city.p.reconsider_weeks) == 0


def turn_number(city: City) -> int:
    """How many periods of ``reconsider_weeks`` are over: draws of the same turn share their luck."""
    return city.clock_week // int(city.p.reconsider_weeks)


def takes_part(city: City, resident: Resident) -> bool:
    """Whether a resident who is no free rider takes part from now on, by the theory that holds."""
    p, share = city.p, resident.settlement.joined_share
    if resident.type == HUMP and share >= p.hump_point:
        return False  # enough others do
    pull = pull_apart_from_neighbours(city, resident)
    if p.participation_theory == THRESHOLDS:
        return pull + p.pull_neighbours * share >= resident.threshold
    beyond_middling = pull - MIDDLING * (p.pull_trust + p.pull_satisfaction)
    chance = p.matching * share + p.matching_base + p.matching_pull * beyond_middling
    return city.luck("participation.matches", resident.row, turn_number(city)) < chance


def pull_apart_from_neighbours(city: City, resident: Resident) -> float:
    """What draws a resident to take part, others' example apart."""
    p = city.p
    own = p.pull_trust * resident.trust + p.pull_satisfaction * resident.satisfaction
    return own + pull_of_place(city, resident.settlement)


def pull_of_place(city: City, settlement: Settlement) -> float:
    """The pull that all residents of a settlement feel alike; being organised by others may crowd it out."""
    p = city.p
    pride = max(0.0, settlement.environment - settlement.remembered)
    organised = min(1.0, settlement.mobilised / FULLY_ORGANISED)
    return (
        p.pull_channels * city.rules.channels
        + p.pull_ties * (settlement.ties - p.ties_base)
        + p.pull_pride * pride
        - p.crowding * organised
    )
