"""Platform: residents register on the citizens' platform, and take services there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim.residents import CHILD, ELDERLY
from plain.participation import is_their_turn, turn_number

if TYPE_CHECKING:
    from plain.agents import Resident
    from plain.city import City


def spread(city: City) -> None:
    """One week of registrations and uses, where there is a platform; all decide on last week's shares."""
    if city.rules.platform <= 0.0:
        return
    for settlement in city.settlements:
        for resident in settlement.residents:
            if is_their_turn(city, resident) and not resident.registered and resident.age != CHILD:
                resident.registered = registers(city, resident)
                city.tally["registrations"] += resident.registered
        registered = sum(resident.registered for resident in settlement.residents)
        settlement.registered_share = registered / settlement.people
        city.tally["platform_uses"] += registered * city.p.uses * city.rules.platform
    for community in city.communities:
        registered = sum(resident.registered for here in community.settlements for resident in here.residents)
        community.registered_share = registered / community.residents


def registers(city: City, resident: Resident) -> bool:
    """Whether a resident registers: by how many neighbours have, publicity, and age."""
    p, here = city.p, resident.settlement
    hazard = city.rules.platform * (p.register_rate + p.register_spread * here.registered_share)
    hazard *= 1.0 + p.publicity_effect * here.community.publicity
    if resident.age == ELDERLY:
        hazard *= p.register_elderly
    chance = 1.0 - math.exp(-int(p.reconsider_weeks) * hazard)  # for all the weeks since they last considered it
    return city.luck("resident.registers", resident.row, turn_number(city)) < chance
