"""Covenant: how a neighbourhood covenant is kept, and how it wears off."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Covenant:
    """How a neighbourhood covenant is kept, and how it wears off."""

    covenant_drafting: float = param(
        30, "hours", "organised work to draft and sign a covenant in a compound of 1,000 residents", range=(10, 100)
    )
    covenant_rate: float = param(
        0.06, "1 per week", "how fast conduct follows what is seen of others", range=(0.02, 0.2)
    )
    covenant_own: float = param(0.15, "1", "compliance where nobody leads and nobody takes part", range=(0, 0.4))
    covenant_lead: float = param(0.5, "1", "what all members of the compound leading by example add", range=(0, 1))
    covenant_follow: float = param(0.6, "1", "what full participation adds", range=(0, 1))
    covenant_erosion: float = param(
        0.4, "1", "share of compliance that is lost where violations are everywhere to be seen", range=(0.1, 0.9)
    )
    violations_half: float = param(
        6.0, "cases per 1,000 residents", "open breaches of order at which half of that is lost", range=(2, 20)
    )
    covenant_effect: float = param(
        0.35, "1", "share of breaches of order that full compliance prevents", range=(0, 0.6)
    )
