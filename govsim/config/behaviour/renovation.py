"""Renovation: what pilot buildings show, and what renovated compounds are spared."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Renovation:
    """What pilot buildings show, and what renovated compounds are spared."""

    pilot_weeks: float = param(10, "weeks", "time to renovate a pilot building", range=(4, 26))
    shown_reach: float = param(
        150, "metres", "distance over which what a pilot shows falls to 1/e", range=(30, 400),
        source="Bollinger & Gillingham 2012; German study: mostly within 200 m", grade="B",
    )  # fmt: skip
    cell_metres: float = param(120, "metres", "distance between neighbouring settlements", range=(60, 250))
    shown_decay: float = param(
        0.02, "1 per week", "how fast what was shown is forgotten", range=(0.005, 0.06),
        source="Bollinger & Gillingham 2012: fades with time", grade="B",
    )  # fmt: skip
    works_yuan: float = param(1_500, "yuan per resident", "cost of renovating a compound", range=(500, 4_000))
    works_consent: float = param(
        0.45, "1", "consent among residents without which works do not begin", range=(0.3, 0.7)
    )
    works_shown: float = param(0.15, "1", "what a pilot next door adds to that consent", range=(-0.05, 0.3))
    works_clear: float = param(
        4.0,
        "cases per 1,000 residents",
        "unauthorised structures beyond which there is no room for works",
        range=(1, 15),
    )
    works_gain: float = param(
        0.4, "1", "share of what is missing to a perfect environment that works add", range=(0.1, 0.7)
    )
    works_effect: float = param(
        0.5,
        "1",
        "share of the problems of decayed wires, parking and facilities that new works prevent",
        range=(0, 0.8),
    )
    works_decay: float = param(0.002, "1 per week", "loss of new works without upkeep", range=(0.0008, 0.006))
