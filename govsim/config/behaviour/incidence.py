"""Incidence: how often problems arise."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Incidence:
    """How often problems arise."""

    rate_scale: float = param(1.0, "1", "factor on how often every kind of case arises", range=(0.5, 1.5))
    environment_effect: float = param(1.1, "1", "cases rise by exp(this x (0.5 - environment))", range=(0, 2))
    joining_effect: float = param(0.35, "1", "share of new cases that full participation would prevent", range=(0, 0.7))

    lead_variation: float = param(
        0.5,
        "1",
        "share of a fully ambiguous kind in which another than its usual department is responsible",
        range=(0.2, 0.9),
    )
