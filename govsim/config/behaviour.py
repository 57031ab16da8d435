"""Behaviour: the parameters of every mechanism, in the order of the week. All in one flat namespace.

Probabilities a day are hazards; "working day" is the unit of all case clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from govsim.config.parameters import describe, param

__all__ = ["THEORIES", "Behaviour", "values"]

THEORIES = ("performance", "disconfirmation", "anchoring")


@dataclass
class Behaviour:
    """How people and offices behave. A theory file sets only what it says differently."""

    satisfaction_theory: str = param(
        "performance", "", "what satisfaction follows: lived performance, or its distance from expectation; "
        "or performance with expectations anchored on the present", choices=THEORIES,
    )  # fmt: skip

    # --- incidence
    rate_scale: float = param(1.0, "1", "factor on how often every kind of case arises", range=(0.5, 1.5))
    environment_effect: float = param(1.1, "1", "cases rise by exp(this x (0.5 - environment))", range=(0, 2))
    joining_effect: float = param(0.35, "1", "share of new cases that full participation would prevent", range=(0, 0.7))

    lead_variation: float = param(
        0.5,
        "1",
        "share of a fully ambiguous kind in which another than its usual department is responsible",
        range=(0.2, 0.9),
    )

    # --- detection
    patrol_reach: float = param(
        0.11,
        "1 per hour",
        "hazard that an hour of patrol per 1,000 residents finds a fully visible case",
        range=(0.05, 0.30),
    )
    generalist_eye: float = param(
        0.55,
        "1",
        "how well an integrated worker sees a kind, relative to its own line's inspector",
        range=(0.2, 0.9),
    )
    resident_reach: float = param(
        0.12, "1 per day", "hazard that a median resident reports a fully visible case", range=(0.05, 0.3)
    )
    report_floor: float = param(0.3, "1", "readiness to report at zero trust", range=(0.1, 0.8))
    report_trust: float = param(0.9, "1", "how much full trust adds to readiness to report", range=(0, 1.5))
    renter_report: float = param(0.7, "1", "readiness of renters to report, owners = 1", range=(0.3, 1))
    migrant_report: float = param(0.5, "1", "readiness of migrants to report, owners = 1", range=(0.2, 1))
    voice_sd: float = param(
        0.5, "1", "log-spread of readiness to report; 0.5 makes places and people differ about threefold",
        range=(0.2, 0.8), source="Liu, Bhandaram & Garg 2023", grade="B",
    )  # fmt: skip
    property_reach: float = param(
        0.20,
        "1 per day",
        "hazard that a perfect property company finds a fully visible case",
        range=(0.05, 0.5),
    )

    # --- grid workers
    paperwork_share: float = param(
        0.25, "1", "share of a grid worker's week that goes to forms and meetings", range=(0.1, 0.5)
    )
    collect_share: float = param(
        0.15, "1", "share of a grid worker's week spent on collecting information", range=(0, 0.4)
    )
    patrol_floor: float = param(
        0.2, "1", "share of the remaining time that is patrolled whatever the casework", range=(0.05, 0.5)
    )
    cover_share: float = param(
        0.15,
        "1",
        "share of a worker's time given to neighbouring grids without one",
        range=(0, 0.4),
        source="grid.duties",
    )
    spot_hours: float = param(1.2, "hours", "work to settle a case on the spot", range=(0.3, 3))
    report_hours: float = param(0.5, "hours", "work to report a case", range=(0.1, 1.5))
    information_rate: float = param(
        0.03,
        "1 per hour",
        "share of what is unknown that an hour of collecting per 1,000 residents makes known",
        range=(0, 0.1),
    )
    information_decay: float = param(0.02, "1 per week", "share of what is known that goes stale", range=(0.005, 0.06))

    # --- compound
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

    # --- community
    triage_hours: float = param(0.5, "hours", "work to look at a case and decide where it belongs", range=(0.2, 1.5))
    certificate_hours: float = param(
        0.075,
        "hours per item, 1,000 residents and week",
        "community staff time that one kind of certificate takes",
        range=(0.03, 0.10),
    )
    resident_certificate_hours: float = param(
        2.0, "1", "residents' hours for each hour of certificate work", range=(0.5, 5)
    )

    # --- street
    dispatch_hours: float = param(0.5, "hours", "work to send a case to a department", range=(0.2, 1.5))
    coordination_hours: float = param(
        2.0, "hours", "work to bring departments to a decision on one disputed case", range=(0.5, 6)
    )
    patience: float = param(
        3, "decisions", "branch decisions without acceptance before the street coordinates", range=(2, 6)
    )
    misroute_scale: float = param(
        0.8, "1", "share of ambiguous cases sent to the wrong department first", range=(0.3, 1)
    )
    information_effect: float = param(
        0.6, "1", "share of misrouting that full knowledge of a community prevents", range=(0, 0.9)
    )
    list_clarity: float = param(1.0, "1", "share of a list's coverage that offices act on", range=(0, 1))

    # --- departments
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

    # --- background
    smoothing: float = param(
        0.2, "1 per week", "how fast the rest of the district follows the simulated place", range=(0.05, 0.4)
    )
    pooling: float = param(
        40, "cases", "weight of the district's common load where a branch has seen few cases", range=(0, 200)
    )

    # --- funding
    project_yuan: float = param(20_000, "yuan", "size of a project", range=(5_000, 100_000))
    project_hours: float = param(14, "hours", "community work to prepare a project", range=(2, 60))
    approval_weeks: float = param(6, "weeks", "mean time to approve a project", range=(1, 20))
    building_weeks: float = param(8, "weeks", "time over which a project is paid and built", range=(2, 26))
    environment_gain: float = param(
        0.020, "1 per week", "largest gain of environment that money can buy", range=(0.005, 0.04)
    )
    gain_half: float = param(
        1.2, "yuan per resident and week", "spending at which half of it is reached", range=(0.4, 4)
    )
    environment_decay: float = param(0.0045, "1 per week", "loss of environment without upkeep", range=(0.002, 0.01))
    upkeep: float = param(0.0018, "1 per week", "municipal upkeep", range=(0.001, 0.0035))
    property_upkeep: float = param(0.0012, "1 per week", "upkeep by a perfect property company", range=(0, 0.003))

    # --- participation
    conditional_share: float = param(
        0.50,
        "1",
        "residents who take part if enough others do",
        range=(0.35, 0.65),
        source="Fischbacher, Gaechter & Fehr 2001",
        grade="B",
    )
    free_rider_share: float = param(
        0.33,
        "1",
        "residents who never take part",
        range=(0.2, 0.45),
        source="Fischbacher, Gaechter & Fehr 2001",
        grade="B",
    )
    threshold_mean: float = param(0.55, "1", "mean pull at which a resident takes part", range=(0.45, 0.65))
    threshold_sd: float = param(0.16, "1", "spread of that pull", range=(0.08, 0.25))
    pull_neighbours: float = param(0.35, "1", "pull of all neighbours taking part", range=(0.1, 0.6))
    pull_trust: float = param(0.45, "1", "pull of full trust", range=(0.1, 0.7))
    pull_satisfaction: float = param(0.25, "1", "pull of full satisfaction", range=(0, 0.5))
    hump_point: float = param(
        0.4, "1", "share of participants beyond which hump-shaped cooperators withdraw", range=(0.2, 0.6)
    )
    reconsider_weeks: float = param(20, "weeks", "time between two decisions to take part", range=(4, 52))
    hours_joined: float = param(0.5, "hours a week", "time a participant gives", range=(0.1, 2))

    # --- experience
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

    # --- survey
    sample: float = param(2_000, "people", "respondents invited each quarter", range=(200, 20_000))
    response_base: float = param(0.25, "1", "response of those wholly dissatisfied", range=(0.1, 0.6))
    response_satisfied: float = param(0.35, "1", "what full satisfaction adds to response", range=(0, 0.6))
    courtesy: float = param(0.05, "1", "by how much answers are kinder than feelings", range=(0, 0.15))
    approve_at: float = param(0.48, "1", "stated satisfaction from which a respondent approves", range=(0.40, 0.60))
    change_at: float = param(
        0.02, "1", "improvement over expectation from which a respondent sees a change", range=(0, 0.08)
    )


_NUMBERS = [name for name, _, default in describe(Behaviour) if isinstance(default, float | int)]
_RECORD = np.dtype([(name, np.float64) for name in [*_NUMBERS, "theory"]])


class Numbers(np.ndarray):
    """All numbers of a behaviour, each an attribute (float64); a kernel reads them as ``p = numbers[0]``.

    To a kernel they are one record: a tuple of a hundred floats would be a hundred arguments to compile. To Python
    they are attributes of their own: numpy takes microseconds to look a field up in a record.
    """

    def __new__(cls, values: Iterable[float]) -> Self:
        """One record of these values, in the order of the fields."""
        each = np.array(list(values), dtype=np.float64)
        numbers = each.view(_RECORD).view(cls)
        vars(numbers).update(zip(_RECORD.names or (), each, strict=True))
        return numbers

    def __reduce__(self) -> Any:
        return Numbers, (list(vars(self).values()),)

    def __deepcopy__(self, memo: Any) -> Self:
        return self  # nobody writes them


def values(behaviour: Behaviour) -> Any:
    """The numbers of a behaviour, which processes call ``p``; ``p.theory`` is an index into :data:`THEORIES`."""
    return Numbers([*(getattr(behaviour, n) for n in _NUMBERS), THEORIES.index(behaviour.satisfaction_theory)])
