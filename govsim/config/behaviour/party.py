"""Party building: how members declare, pledge and tire, and how compound organisations form."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Party:
    """How members declare, pledge and tire, and how compound organisations form."""

    pledge_rate: float = param(
        0.0008,
        "1 per week",
        "hazard that an in-service member pledges under a full drive, whatever others do",
        range=(0.0002, 0.004),
    )
    pledge_spread: float = param(
        0.012,
        "1 per week",
        "what all other members of the compound having pledged adds to that hazard",
        range=(0, 0.05),
    )
    pledge_hours: float = param(1.5, "hours a week", "time an active member gives when asked", range=(0.25, 4))
    tire_rate: float = param(0.05, "1 per hour", "how much an hour given in a week tires a member", range=(0.01, 0.15))
    rest_rate: float = param(0.10, "1 per week", "share of tiredness that a week's rest takes away", range=(0.03, 0.3))
    withdraw_at: float = param(
        2.0, "1", "mean of the exponential tiredness at which a member withdraws for good", range=(0.5, 6)
    )
    found_rate: float = param(
        0.02,
        "1 per hour",
        "share of unknown members that an organiser's hour per 1,000 residents finds",
        range=(0.005, 0.08),
    )
    leader_share: float = param(0.015, "1", "share of known members who would lead an organisation", range=(0.005, 0.1))
    quorum: float = param(
        3, "members", "known or pledged members that an organisation needs", range=(3, 12),
        source="Party constitution, art. 30, from memory",
    )  # fmt: skip
    founding_hours: float = param(60, "hours", "organisers' work to found an organisation", range=(15, 200))
    care_hours: float = param(1.0, "hours a week", "organisers' work that keeps an organisation going", range=(0.2, 4))
    decline_rate: float = param(
        0.008, "1 per week", "hazard that an organisation falls asleep where nobody looks after it", range=(0.001, 0.03)
    )
    own_life: float = param(
        0.5, "1", "share of that hazard that full participation of residents takes away", range=(0, 1)
    )
    retired_hours: float = param(
        0.3, "hours a week", "time that each known retired member gives where there is an organisation", range=(0.05, 1)
    )
    owner_party_share: float = param(
        0.4,
        "1",
        "owners' committees that form a Party organisation of their own where the compound has one",
        range=(0.1, 0.8),
    )
