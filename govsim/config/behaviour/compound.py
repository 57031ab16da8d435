"""Compound: what a compound settles by itself."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Compound:
    """What a compound settles by itself."""

    compound_days: float = param(
        3.0, "working days", "time a compound takes to settle a case or hand it up", range=(1, 10)
    )
    information_base: float = param(
        0.5, "1", "what a compound knows of a problem without a property company", range=(0.2, 0.8)
    )
    consent_base: float = param(0.4, "1", "consent without owners' committee or participation", range=(0.1, 0.7))
    consent_owners: float = param(0.3, "1", "consent that an owners' committee adds", range=(0, 0.5))
    consent_joined: float = param(0.3, "1", "consent that full participation adds", range=(0, 0.5))
    execution_base: float = param(
        0.25, "1", "what residents can carry out without a property company", range=(0.05, 0.6)
    )
    information_party: float = param(
        0.3, "1", "share of what is unknown that a Party organisation in the compound hears of", range=(0, 0.6)
    )
    consent_party: float = param(0.15, "1", "consent that a Party organisation adds", range=(0, 0.4))
    hands_half: float = param(
        4.0,
        "hours per 1,000 residents and week",
        "members' time at which half of what needs hands is done",
        range=(1, 15),
    )
    hands_hours: float = param(2.0, "hours", "members' work on a case they help to settle", range=(0.5, 5))
    conflict_cost: float = param(
        0.6, "1", "share of consent, and of a company's part in execution, that open conflict takes", range=(0, 0.9)
    )
