"""Experience: satisfaction, expectation and trust move with what residents lived through, and nothing else.

Rule. Lived performance of a place is the weighted mean of its environment, how fast problems nearby were
answered, how little unmet need there is, and how little time certificates cost, plus a lasting taste of the
resident. Satisfaction moves toward a target, faster down than up by ``loss_weight``:

    performance       target = lived performance
    disconfirmation   target = lived performance + weight x (lived performance - expectation), losses weighing more
    anchoring         target = lived performance; what one "expected" is remembered from the present

Neighbours pull a little. Expectation follows lived performance over about a year (under anchoring it drifts to
present satisfaction instead). Trust moves toward trust_base + trust_answer x answers nearby. A known problem that
ends moves the resident it touched, before the week as a whole does and by the same asymmetry; a visit that hardened a
household counts like a problem that was never solved. Sources: evidence on disconfirmation (Zhang et al. 2022), on
retrospective anchoring (2017 replication), on trust asymmetry (Political Behavior 2025). Leaves out: media, national
trust, and moving away.
"""

from __future__ import annotations

import numpy as np

from govsim import flows
from govsim.jit import in_blocks, kernel
from govsim.process import Process

PERFORMANCE, DISCONFIRMATION, ANCHORING = range(3)


class Experience(Process):
    """Moves attitudes."""

    reads = (
        "settlements.environment",
        "settlements.unmet",
        "residents.taste",
        "residents.satisfaction",
        "residents.expectation",
        "residents.trust",
        "settlements.need",
        "settlements.responsiveness",
        "settlements.mean_satisfaction",
        "settlements.gated",
        "communities.time_lost",
        "reckoning.answers",
        "persuasion.hardened",
    )
    writes = (
        "residents.satisfaction",
        "residents.expectation",
        "residents.trust",
        "settlements.need",
        "settlements.responsiveness",
        "settlements.mean_satisfaction",
        "settlements.mean_trust",
        "tally.clipped",
    )

    def live_through_the_week(self) -> None:
        """What the week was like, for each settlement and then for each resident."""
        city, p = self.city, self.city.p
        settlements = city.places.settlements
        places, people, felt = city.reckoning.answers
        thousands = settlements.residents / 1_000.0

        hurt = settlements.unmet / thousands
        settlements.need += p.need_memory * (hurt / (hurt + p.need_half) - settlements.need)
        n = np.bincount(places, minlength=len(settlements))
        mean = np.bincount(places, felt, len(settlements)) / np.maximum(n, 1)
        noticed = 1.0 - np.exp(-p.answers_noticed * n / thousands)
        settlements.responsiveness += noticed * (mean - settlements.responsiveness)

        hours = city.places.communities.time_lost[settlements.community] + p.gate_hours * settlements.gated
        performance = lived_performance(settlements, hours / (hours + p.time_half), p)
        hardened = city.persuasion.hardened
        people, felt = np.concatenate([people, hardened]), np.concatenate([felt, np.zeros(len(hardened))])
        clipped_by_own = _own_cases(people, felt, city.residents.columns, p)
        clipped = np.zeros(len(city.block_order))
        residents, here = city.residents.columns, settlements.columns
        in_blocks(
            city.threads,
            city.block_order,
            lambda part: _live(city.blocks, part, performance, residents, here, p, clipped),
        )
        city.tally[flows.CLIPPED] += clipped.sum() + clipped_by_own


def lived_performance(settlements, time_lost: np.ndarray, p) -> np.ndarray:
    """Lived performance before taste, 0..1: (settlements,)."""
    weights = p.weight_environment + p.weight_responsiveness + p.weight_need + p.weight_time
    total = (
        p.weight_environment * settlements.environment.astype(np.float64)
        + p.weight_responsiveness * settlements.responsiveness
        + p.weight_need * (1.0 - settlements.need.astype(np.float64))
        + p.weight_time * (1.0 - time_lost)
    )
    return total / weights


@kernel
def satisfaction_target(lived, expectation, disconfirmation, gain):
    """What satisfaction moves toward: lived performance, and what of its distance from expectation counts."""
    gap = lived - expectation
    return lived + disconfirmation * gap * (1.0 if gap < 0.0 else gain)


@kernel
def toward(value, target, rate, gain):
    """One move toward a target: at ``rate`` when it falls, and ``gain`` of that when it rises."""
    gap = target - value
    return value + rate * gap * (1.0 if gap < 0.0 else gain)


@kernel
def within(value):
    """The value inside its bounds."""
    return min(1.0, max(0.0, value))


@kernel
def _live(blocks, part, performance, residents, settlements, numbers, clipped):
    """Move everybody of some blocks; ``clipped`` (blocks,) counts attitudes that hit a bound."""
    p = numbers[0]
    anchored = p.satisfaction_theory == ANCHORING
    moves = (
        1.0 / p.loss_weight, p.satisfaction_rate, p.trust_rate, p.social_pull,
        p.disconfirmation if p.satisfaction_theory == DISCONFIRMATION else 0.0,
        anchored, p.anchoring if anchored else p.expectation_rate,
    )  # fmt: skip
    for block in part:
        hits = 0
        for s in range(blocks[block], blocks[block + 1]):
            n = settlements.residents[s]
            first = settlements.first_resident[s]
            satisfaction, trust = residents.satisfaction[first : first + n], residents.trust[first : first + n]
            trusted = p.trust_base + p.trust_answer * settlements.responsiveness[s]
            hits += _move(
                residents.taste[first : first + n], residents.expectation[first : first + n], satisfaction, trust,
                performance[s], np.float64(settlements.mean_satisfaction[s]), trusted, moves,
            )  # fmt: skip
            settlements.mean_satisfaction[s] = _total(satisfaction) / n
            settlements.mean_trust[s] = _total(trust) / n
        clipped[block] = hits


@kernel
def _move(tastes, expectations, satisfactions, trusts, lived_here, neighbours, trusted, moves):
    """One week of all residents of a settlement, (residents,) each; how many attitudes hit a bound.

    Slices that begin at 0 and no field of a record inside the loop: so it compiles to vector instructions.
    """
    gain, rate, trust_rate, pull, disconfirmation, anchored, memory = moves
    hits = 0
    for i in range(tastes.shape[0]):
        taste = np.float64(tastes[i])
        lived = lived_here + taste
        expected, content = np.float64(expectations[i]), np.float64(satisfactions[i])
        new = toward(content, satisfaction_target(lived, expected, disconfirmation, gain), rate, gain)
        new += pull * (neighbours - content)
        trust = toward(np.float64(trusts[i]), trusted + taste, trust_rate, gain)
        expected += memory * ((new if anchored else lived) - expected)
        hits += np.int64(new < 0.0) + np.int64(new > 1.0) + np.int64(trust < 0.0) + np.int64(trust > 1.0)
        satisfactions[i] = within(new)
        trusts[i] = within(trust)
        expectations[i] = within(expected)
    return hits


@kernel
def _total(values):
    """Sum of an array, in four sums side by side: one alone would wait for each addition."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    n = values.shape[0] - values.shape[0] % 4
    for i in range(0, n, 4):
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
    for i in range(n, values.shape[0]):
        a += values[i]
    return (a + b) + (c + d)


@kernel
def _own_cases(people, felt, residents, numbers):
    """A known problem that ended moves the resident it touched, in the order of case identities."""
    p = numbers[0]
    gain = 1.0 / p.loss_weight
    hits = 0
    for j in range(people.shape[0]):
        i = people[j]
        content = toward(np.float64(residents.satisfaction[i]), felt[j], p.own_case, gain)
        trust = toward(np.float64(residents.trust[i]), felt[j], p.own_case, gain)
        hits += np.int64(content < 0.0) + np.int64(content > 1.0) + np.int64(trust < 0.0) + np.int64(trust > 1.0)
        residents.satisfaction[i] = within(content)
        residents.trust[i] = within(trust)
    return hits
