"""Incidence: problems arise, more of them in a poor environment, fewer where people take part.

A fixed number of candidates could arise on a day; each exists if its own draw is below rate/bound. So what changes the
rate adds or removes single cases, and leaves all others as they were.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from plain.agents import Case, Community, Kind, Settlement

if TYPE_CHECKING:
    from plain.city import City

LAST_DAY = 32_000
VENUES = 10.0
"""Venues per 10,000 residents for which ``space_eased`` is stated."""
MOST_MOVED = 0.5
"""Most by which what gates keep out can raise the rate elsewhere."""


def raise_cases(city: City) -> None:
    """All cases of the five days of this week; they are latent until somebody finds them."""
    for settlement in city.settlements:
        for kind in city.kinds:
            rate = rate_factor(settlement) * place_factor(settlement, kind) * around_factor(settlement, kind)
            for day in city.days:
                for case_id in candidates(city, settlement, kind, day):
                    if city.luck("incidence.exists", case_id) < rate / bound(city):
                        begin(city, case_id, day, c.LATENT)
                        city.tally["raised"] += 1


def candidates(city: City, settlement: Settlement, kind: Kind, day: int) -> list[int]:
    """Identities of the cases of a kind that could arise here on a day: as many as a Poisson draw says.

    Its mean is the bound of the rate, whatever the state of the place; only a shock to demand moves it, and then the
    first ones are those of the same day without the shock.
    """
    p = city.p
    a_day = p.rate_scale * kind.rate * settlement.people / 1_000.0 / WORKING_DAYS
    what = settlement.row * len(city.kinds) + kind.row
    n = city.count("incidence.candidates", what, day, a_day * bound(city) * city.rules.demand)
    return [c.identity(settlement.row, kind.row, day, number) for number in range(n)]


def bound(city: City) -> float:
    """The largest value that the product of all factors of the rate can take."""
    return math.exp(city.p.environment_effect * 0.5) * (1.0 + city.p.noise) * (1.0 + MOST_MOVED)


def rate_factor(settlement: Settlement) -> float:
    """Rate of any kind relative to environment 1/2 and nobody taking part."""
    p = settlement.city.p
    environment = math.exp(p.environment_effect * (0.5 - settlement.environment))
    return environment * (1.0 - p.joining_effect * settlement.joined_share)


def place_factor(settlement: Settlement, kind: Kind) -> float:
    """Rate of a kind relative to a place without covenant and new works."""
    p = settlement.city.p
    conduct = 1.0 - p.covenant_effect * kind.by_conduct * settlement.covenant
    return conduct * (1.0 - p.works_effect * kind.by_decay * settlement.works)


def around_factor(settlement: Settlement, kind: Kind) -> float:
    """Rate of a kind relative to a place without gates here or near, groups in the open, and free venues."""
    p, rules = settlement.city.p, settlement.city.rules
    strangers = -p.gate_effect if settlement.gated else moved_by_gates(settlement.community)
    space = p.space_eased * min(1.0, rules.venues / VENUES)
    return (
        (1.0 + kind.by_strangers * strangers)
        * (1.0 + kind.by_noise * noise(settlement.community))
        * (1.0 - kind.for_space * space)
    )


def moved_by_gates(community: Community) -> float:
    """What the gates of a community keep out and move to those who live outside them, relative to their own rate."""
    p = community.city.p
    behind = sum(settlement.people for settlement in community.settlements if settlement.gated)
    outside = community.residents - behind
    return min(MOST_MOVED, p.gate_moves * p.gate_effect * behind / outside) if outside > 0 else 0.0


def noise(community: Community) -> float:
    """What groups that meet in the open add, by the share of residents who are in them."""
    p = community.city.p
    return p.noise * min(1.0, p.group_size * community.groups_outside / community.residents)


def begin(city: City, case_id: int, day: int, stage: int) -> Case:
    """A new case. What it is like hangs on its identity alone: whom it touches, which departments it needs, when it
    would lapse by itself. A relapse touches the same resident and needs the same departments as the case before it.
    """
    case = Case(city, row=-1)
    case.take(Case.table.blank)
    case.id, case.raised, case.stage = case_id, day, stage
    case.settlement, case.kind = city.settlements[c.settlement_of(case_id)], city.kinds[c.kind_of(case_id)]
    origin = case_id - c.generation_of(case_id)
    residents = case.settlement.residents
    case.resident = residents[int(city.luck("case.resident", origin) * len(residents))]
    case.lead = _lead(city, origin, case.kind)
    case.todo = _departments_needed(city, origin, case.kind, case.lead)
    wait = math.ceil(city.threshold("case.fades", case_id) * case.kind.fades)
    case.fades = min(LAST_DAY, day + max(1, wait))
    city.cases[case_id] = case
    return case


def _lead(city: City, origin: int, kind: Kind) -> int:
    """The department truly responsible: the first that the kind names, unless its jurisdiction is unclear."""
    if kind.slots > 1 and city.luck("case.lead", origin) < city.p.lead_variation * kind.ambiguity:
        return 1 + int(city.luck("case.which_lead", origin) * (kind.slots - 1))
    return 0


def _departments_needed(city: City, origin: int, kind: Kind, lead: int) -> int:
    """The departments whose work is needed, a bit each: the responsible one, and each other with its own luck."""
    needed = 1 << lead
    for slot in range(kind.slots):
        if slot != lead and city.luck("case.further", origin, slot) < kind.further:
            needed |= 1 << slot
    return needed
