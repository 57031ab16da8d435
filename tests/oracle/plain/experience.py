"""Experience: satisfaction, expectation and trust move with what residents lived through, and with nothing else.

First what a known problem of their own taught them, then what the week as a whole was like where they live.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim.config.behaviour.experience import THEORIES

if TYPE_CHECKING:
    from plain.agents import Resident, Settlement
    from plain.city import City

DISCONFIRMATION, ANCHORING = THEORIES.index("disconfirmation"), THEORIES.index("anchoring")


def live_through_the_week(city: City) -> None:
    """What the week was like, for each settlement and then for each resident."""
    answers: dict[Settlement, list[float]] = {settlement: [] for settlement in city.settlements}
    for settlement, _, felt in city.answers:
        answers[settlement].append(felt)
    for settlement in city.settlements:
        feel_need(city, settlement)
        notice_answers(city, settlement, answers[settlement])

    for _, resident, felt in city.answers:
        live_through_own_case(city, resident, felt)
    for resident in city.hardened:  # a visit that hardened is like a problem that was never solved
        live_through_own_case(city, resident, 0.0)

    for settlement in city.settlements:
        performance = lived_performance(city, settlement)
        for resident in settlement.residents:
            live(city, resident, performance)
    for settlement in city.settlements:  # only now, for all week residents felt what neighbours felt last week
        settlement.mean_satisfaction = mean([resident.satisfaction for resident in settlement.residents])
        settlement.mean_trust = mean([resident.trust for resident in settlement.residents])


# --- places


def feel_need(city: City, settlement: Settlement) -> None:
    """Felt need follows unmet need per resident, which hurts less and less the more there is."""
    p, hurt = city.p, settlement.unmet / thousands(settlement)
    settlement.need += p.need_memory * (hurt / (hurt + p.need_half) - settlement.need)


def notice_answers(city: City, settlement: Settlement, answers: list[float]) -> None:
    """Felt responsiveness follows how good the week's answers felt, the more of them there were."""
    if answers:
        noticed = 1.0 - math.exp(-city.p.answers_noticed * len(answers) / thousands(settlement))
        settlement.responsiveness += noticed * (mean(answers) - settlement.responsiveness)


def lived_performance(city: City, settlement: Settlement) -> float:
    """Lived performance of a place, 0..1."""
    p = city.p
    hours = settlement.community.time_lost + p.gate_hours * settlement.gated
    total = (
        p.weight_environment * settlement.environment
        + p.weight_responsiveness * settlement.responsiveness
        + p.weight_need * (1.0 - settlement.need)
        + p.weight_time * (1.0 - hours / (hours + p.time_half))
    )
    return total / (p.weight_environment + p.weight_responsiveness + p.weight_need + p.weight_time)


def thousands(settlement: Settlement) -> float:
    """Residents in thousands."""
    return settlement.people / 1_000.0


def mean(values: list[float]) -> float:
    """The mean of values, of which there is at least one."""
    return sum(values) / len(values)


# --- residents


def live_through_own_case(city: City, resident: Resident, felt: float) -> None:
    """A known problem of theirs ended, or a visit hardened them; ``felt`` is how good that was."""
    satisfaction = toward(city, resident.satisfaction, felt, city.p.own_case)
    trust = toward(city, resident.trust, felt, city.p.own_case)
    resident.satisfaction = within_bounds(city, satisfaction)
    resident.trust = within_bounds(city, trust)


def live(city: City, resident: Resident, performance: float) -> None:
    """A week in a place of this performance; some are more easily content than others with all of it."""
    p, here = city.p, resident.settlement
    lived = performance + resident.taste
    trusted = p.trust_base + p.trust_answer * here.responsiveness + resident.taste

    satisfaction = toward(city, resident.satisfaction, satisfaction_target(city, resident, lived), p.satisfaction_rate)
    satisfaction += p.social_pull * (here.mean_satisfaction - resident.satisfaction)
    trust = toward(city, resident.trust, trusted, p.trust_rate)
    if p.satisfaction_theory == ANCHORING:  # what they "expected" is remembered from the present
        expectation = resident.expectation + p.anchoring * (satisfaction - resident.expectation)
    else:
        expectation = resident.expectation + p.expectation_rate * (lived - resident.expectation)

    resident.satisfaction = within_bounds(city, satisfaction)
    resident.trust = within_bounds(city, trust)
    resident.expectation = min(1.0, max(0.0, expectation))


def satisfaction_target(city: City, resident: Resident, lived: float) -> float:
    """What satisfaction moves toward, by the theory that holds."""
    if city.p.satisfaction_theory != DISCONFIRMATION:
        return lived
    gap = lived - resident.expectation
    return lived + city.p.disconfirmation * (gap if gap < 0.0 else gap / city.p.loss_weight)


def toward(city: City, value: float, target: float, rate: float) -> float:
    """One move toward a target; a loss moves ``loss_weight`` times faster than a gain."""
    gap = target - value
    return value + rate * (gap if gap < 0.0 else gap / city.p.loss_weight)


def within_bounds(city: City, attitude: float) -> float:
    """Satisfaction or trust within 0..1; how many hit a bound is counted."""
    city.tally["clipped"] += not 0.0 <= attitude <= 1.0
    return min(1.0, max(0.0, attitude))
