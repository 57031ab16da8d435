"""Platform: who registers, what they use it for, and what it takes off others' desks."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Platform:
    """Who registers, what they use it for, and what it takes off others' desks."""

    register_rate: float = param(
        0.0025,
        "1 per week",
        "hazard that an adult registers by himself with all services online",
        range=(0.0005, 0.01),
    )
    register_spread: float = param(0.02, "1 per week", "what all neighbours being registered adds", range=(0, 0.08))
    register_elderly: float = param(0.35, "1", "readiness of the elderly, adults = 1", range=(0.1, 0.8))
    uses: float = param(0.9, "uses a week", "services a registered user takes with all services online", range=(0.3, 2))
    app_reach: float = param(0.8, "1", "how much more readily registered users report", range=(0, 2))
    app_misdirected: float = param(
        0.02, "1 per use", "uses that end up as an enquiry at the community's desk", range=(0, 0.06)
    )
    app_certificates: float = param(
        0.6, "1", "share of certificates that registered users get there with all services online", range=(0, 0.9)
    )
