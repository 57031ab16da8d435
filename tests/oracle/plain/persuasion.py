"""Persuasion: visitors go from door to door to households that could end a case, until they give in.

Only cases that are known, still open (be it on paper only) and of a kind that a household can end have such a door.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from plain.handling import cure, one_more
from plain.queueing import put_in_front

if TYPE_CHECKING:
    from plain.agents import Case
    from plain.city import City


def visit(city: City) -> None:
    """One week of visits, on its last working day: the most severe and then the oldest case first."""
    city.hardened = []
    if city.rules.visits <= 0.0:
        return
    for community in city.communities:
        more = city.rules.visits * community.residents / 1_000.0
        community.visits_due = min(community.visits_due, 1.0) + more  # a part of a visit is kept, unused visits are not
    day = city.days[-1]
    hardened = []
    for case in sorted(in_the_way(city, day), key=lambda case: (-case.kind.severity, case.clock, case.id)):
        community = case.settlement.community
        if community.visits_due < 1.0:
            continue
        community.visits_due -= 1.0
        if call_on(city, case, day):
            hardened.append(case)
    city.hardened = [case.resident for case in sorted(hardened, key=lambda case: case.id)]


def in_the_way(city: City, day: int) -> list[Case]:
    """Known open cases whose household may be visited today."""
    return [
        case
        for case in city.cases.values()
        if c.COMPOUND <= case.stage <= c.PAPER
        and case.fades > day
        and case.kind.persuadable > 0.0
        and case.visit_from <= day
    ]


def call_on(city: City, case: Case, day: int) -> bool:
    """One visit to the household behind a case, and whether it hardened them."""
    p, here, before = city.p, case.settlement, case.visits
    tie = send_messenger(city, case)
    city.tally["visits"] += 1
    city.tally["visit_hours"] += p.visit_hours

    gives_in = city.luck("visit.gives_in", case.id, before) < readiness(city, case, tie)
    case.visits = one_more(before)
    case.visit_from = day + int(p.visit_gap) * WORKING_DAYS
    here.given_in += p.example_memory * (gives_in - here.given_in)  # what the next household hears of
    if case.resident.member:
        here.example += p.example_memory * (gives_in - here.example)

    if gives_in:
        case.persuaded = True
        cure(case, day)
        city.tally["gave_in"] += 1
        city.tally["compensation"] += city.rules.visit_compensation
        city.note(case, day, -1, c.GAVE_IN)
        return False
    city.note(case, day, -1, c.REFUSED)
    backfires = (p.backfire + p.backfire_pressure * city.rules.visit_pressure) * (1.0 - tie)
    if city.luck("visit.hardens", case.id, before) >= backfires:
        return False
    case.hardened = one_more(case.hardened)
    city.tally["hardened"] += 1
    return True


def send_messenger(city: City, case: Case) -> float:
    """Find who goes, and take the time for it; the messenger's tie to the household.

    An old neighbour if one who takes part can be asked, else a member of the compound with time to spare, else perhaps
    a grid worker who patrols there, else staff of the community. Neighbours and grid workers go on their own time.
    """
    p, here = city.p, case.settlement
    luck = city.luck("visit.messenger", case.id, case.visits)
    asked = p.ask_neighbours * here.joined_share
    if luck < asked:
        return p.tie_neighbour + (1.0 - p.tie_neighbour) * here.ties
    free = here.hands * here.people / 1_000.0 - here.hands_used
    if free >= p.visit_hours:
        here.hands_used += p.visit_hours
        return p.tie_member + (1.0 - p.tie_member) * here.ties
    if here.patrol > 0.0 and luck < asked + p.ask_grid:
        return p.tie_grid
    put_in_front(here.community.desk, p.visit_hours)
    return p.tie_staff


def readiness(city: City, case: Case, tie: float) -> float:
    """Probability that the household gives in at this visit."""
    p, here, who = city.p, case.settlement, case.resident
    paid = city.rules.visit_compensation
    first_of_line = case.id - c.generation_of(case.id)  # a household is the same when its case comes back
    odds = (
        p.yes_base
        + p.visit_weight * min(case.visits, p.visit_peak)
        - p.visit_wears * max(0.0, case.visits - p.visit_peak)
        + p.tie_weight * tie
        + p.trust_weight * (who.trust - 0.5)
        + p.shown_weight * here.shown
        + p.neighbours_weight * here.given_in
        + p.example_weight * (2.0 * here.example - 1.0)
        + p.member_duty * who.member
        + p.compensation_weight * paid / (paid + p.compensation_half)
        + p.pressure_weight * city.rules.visit_pressure
        - p.soured_weight * case.hardened
        + p.resistance_sd * city.normal("household.readiness", first_of_line)
    )
    return 0.5 + 0.5 * math.tanh(0.5 * odds)  # 1 / (1 + exp(-odds)), but for any odds
