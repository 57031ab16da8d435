"""Departments: what branches decide and how they work; what the committee changes in that."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Departments:
    """What branches decide and how they work; what the committee changes in that."""

    transfer_days: float = param(2.0, "working days", "time a hand-off between offices takes", range=(1, 5))
    accept_base: float = param(
        0.2, "logit", "readiness to accept a case of unclear jurisdiction when idle", range=(-1, 1.5)
    )
    claim_weight: float = param(5.0, "logit", "weight of how clearly the case is the branch's own", range=(2, 8))
    load_weight: float = param(0.8, "logit per week", "weight of a week of waiting work", range=(0, 2))
    cost_weight: float = param(0.4, "logit per 10 hours", "weight of the work the case would be", range=(0, 1.5))
    blame_weight: float = param(
        1.5, "logit", "weight of an expected ruling by a body with full authority", range=(0, 5)
    )
    block_weight: float = param(1.5, "logit", "weight of an assignment by street coordination", range=(0, 4))
    precedent_clarity: float = param(0.6, "1", "share of ambiguity that a fresh precedent removes", range=(0, 1))
    precedent_following: float = param(
        0.8,
        "1",
        "share of cases in which a street follows a fresh precedent set with full authority",
        range=(0.3, 1),
    )
    ruling_hours: float = param(6.0, "hours", "committee time for one ruling on a class of cases", range=(1, 20))
    precedent_half_life: float = param(40, "weeks", "time in which a precedent loses half its force", range=(10, 150))
    learning: float = param(
        0.1, "1 per week", "how fast departments learn what to expect from the committee", range=(0.02, 0.5)
    )
    joint_power: float = param(
        0.8, "1", "share of cases of several departments in which a joint order is carried out", range=(0, 1)
    )
    joint_overhead: float = param(0.25, "1", "extra work where departments act at once", range=(0, 0.8))
    liaison_hours: float = param(
        4.0, "hours a week", "branch time that goes to the committee's meetings, at 12 meeting hours a week",
        range=(0, 15), source="Ding 2017: coordinating bodies raise administrative cost", grade="B",
    )  # fmt: skip
    work_scale: float = param(1.0, "1", "factor on the work of every case at a branch", range=(0.5, 1.5))
    work_sd: float = param(0.5, "1", "log-spread of work between cases", range=(0.2, 1))
    tipping_load: float = param(
        0.93,
        "1",
        "load beyond which service slows",
        range=(0.85, 0.97),
        source="Berry Jaeker & Tucker 2017",
        grade="B",
    )
    tipping_slope: float = param(1.5, "1", "loss of speed per unit of load beyond the tipping point", range=(0, 4))
    skill: float = param(0.92, "1", "share of completed cases that are truly cured", range=(0.75, 0.99))
    overdue_days: float = param(15, "working days", "time after which a found case is overdue", range=(5, 30))
    return_share: float = param(0.7, "1", "share of cases closed on paper that are complained of again", range=(0.3, 1))
    return_days: float = param(25, "working days", "mean time until they are", range=(5, 80))
    steering: float = param(
        0.1,
        "1",
        "share of a gap in load that a district evens out between branches each quarter",
        range=(0, 0.4),
    )
