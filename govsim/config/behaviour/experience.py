"""Experience: how what was lived through moves attitudes."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param

__all__ = ["THEORIES", "Experience"]

THEORIES = ("performance", "disconfirmation", "anchoring")


@dataclass
class Experience:
    """How what was lived through moves attitudes."""

    satisfaction_theory: str = param(
        "performance", "", "what satisfaction follows: lived performance, or its distance from expectation; "
        "or performance with expectations anchored on the present", choices=THEORIES,
    )  # fmt: skip
    weight_environment: float = param(0.35, "1", "weight of environment in lived performance", range=(0.15, 0.55))
    weight_responsiveness: float = param(0.30, "1", "weight of how fast problems nearby are answered", range=(0.1, 0.5))
    weight_need: float = param(0.25, "1", "weight of unmet need nearby", range=(0.1, 0.5))
    weight_time: float = param(0.10, "1", "weight of hours lost to certificates", range=(0, 0.25))
    need_half: float = param(
        90, "case-days per 1,000 residents and week", "unmet need felt as half of the worst", range=(30, 250)
    )
    time_half: float = param(
        60,
        "hours per 1,000 residents and week",
        "certificate hours felt as half of the worst",
        range=(20, 150),
    )
    answer_days: float = param(15, "working days", "wait after which an answer feels 1/e as good", range=(5, 40))
    answers_noticed: float = param(
        0.15,
        "1 per case",
        "weight of one answered case per 1,000 residents in the felt responsiveness",
        range=(0.05, 0.4),
    )
    need_memory: float = param(0.25, "1 per week", "how fast felt need follows the present", range=(0.05, 1))
    taste_sd: float = param(0.10, "1", "lasting spread between residents in how content they are", range=(0.05, 0.2))
    satisfaction_rate: float = param(
        0.06, "1 per week", "how fast satisfaction falls toward a worse experience", range=(0.02, 0.15)
    )
    trust_rate: float = param(0.04, "1 per week", "how fast trust falls toward a worse experience", range=(0.01, 0.1))
    loss_weight: float = param(
        2.0,
        "1",
        "losses move attitudes this many times faster than gains",
        range=(1, 3),
        source="Political Behavior 2025; ratio from memory",
    )
    social_pull: float = param(0.015, "1 per week", "pull of neighbours' satisfaction", range=(0, 0.05))
    expectation_rate: float = param(0.02, "1 per week", "how fast expectation follows experience", range=(0.005, 0.06))
    disconfirmation: float = param(
        0.5,
        "1",
        "weight of the distance from expectation, where that theory holds",
        range=(0.1, 1),
        source="Zhang et al. 2022",
        grade="B",
    )
    anchoring: float = param(
        0.15,
        "1 per week",
        "how fast remembered expectation drifts to the present, where that theory holds",
        range=(0.05, 0.4),
    )
    trust_base: float = param(0.15, "1", "trust where no problem is ever answered", range=(0.05, 0.3))
    trust_answer: float = param(0.65, "1", "what a perfect answer to every problem adds to trust", range=(0.4, 0.75))
    own_case: float = param(0.15, "1 per case", "how far one's own case moves satisfaction and trust", range=(0, 0.4))
