"""Owners: votes for an owners' committee, property fees, and conflict between the two."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Owners:
    """Votes for an owners' committee, property fees, and conflict between owners and company."""

    vote_rate: float = param(
        0.004,
        "1 per week",
        "hazard that owners of a compound without a committee call a vote by themselves",
        range=(0.001, 0.012),
    )
    vote_rate_helped: float = param(
        0.01, "1 per hour", "what an organiser's hour a week and community adds to that hazard", range=(0.002, 0.03)
    )
    turnout_base: float = param(
        0.0, "logit", "readiness of an owner at middling trust and ties to vote", range=(-1.5, 1)
    )
    turnout_joined: float = param(1.5, "logit", "what taking part adds to it", range=(0, 3))
    turnout_ties: float = param(
        2.0, "logit", "what knowing all neighbours adds to it", range=(0, 4),
        source="Xu, Perkins & Chow 2010: knowing neighbours predicts voting", grade="B",
    )  # fmt: skip
    turnout_helped: float = param(
        0.15, "logit per hour", "what an organiser's hour a week and community adds to it", range=(0, 0.5)
    )
    in_favour: float = param(0.8, "1", "owners who vote for a committee where there is no company", range=(0.6, 0.95))
    content_against: float = param(
        0.15, "1", "by how much fewer where a perfect company already serves them", range=(0, 0.4)
    )
    committee_years: float = param(
        5.0, "years", "term of an owners' committee, after which it must be voted anew", range=(3, 5)
    )
    fee_base: float = param(0.45, "1", "households that pay the fee of a company of no quality", range=(0.3, 0.6))
    fee_quality: float = param(0.45, "1", "what perfect quality adds", range=(0.2, 0.5))
    fee_conflict: float = param(0.3, "1", "what open conflict takes away", range=(0, 0.6))
    fee_rate: float = param(0.05, "1 per week", "how fast payment follows", range=(0.02, 0.15))
    fee_needed: float = param(
        0.72, "1", "paying households at which a company keeps its own quality", range=(0.6, 0.85)
    )
    quality_fees: float = param(0.8, "1", "quality lost or won per unit of fee income beyond that", range=(0.2, 1.5))
    quality_rate: float = param(0.03, "1 per week", "how fast a company's quality follows its means", range=(0.01, 0.1))
    conflict_base: float = param(
        0.25, "1", "conflict between owners without a committee and a company of no quality", range=(0.05, 0.5)
    )
    conflict_voice: float = param(0.35, "1", "what an owners' committee adds to it", range=(0, 0.6))
    conflict_mediated: float = param(
        0.4, "1", "share of it that a Party organisation looked after by its street settles", range=(0, 0.8)
    )
    conflict_owner_party: float = param(
        0.2, "1", "share of the rest that an owners' committee's own Party organisation settles", range=(0, 0.6)
    )
    conflict_rate: float = param(0.06, "1 per week", "how fast conflict follows", range=(0.02, 0.2))
    dismissal_rate: float = param(
        0.02, "1 per week", "hazard that an owners' committee in open conflict dismisses the company", range=(0, 0.06)
    )
