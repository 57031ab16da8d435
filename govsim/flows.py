"""What is counted as it happens: one number a flow and week, for the whole place.

Kernels add to ``tally[RAISED]`` and so on; the recorder turns the week's tally into series.
"""

from __future__ import annotations

FLOWS: dict[str, tuple[str, str]] = {
    "raised": ("cases", "problems that arose"),
    "relapsed": ("cases", "of these, problems that came back after a true cure"),
    "found_by_grid": ("cases", "found by grid workers"),
    "found_by_resident": ("cases", "reported by residents"),
    "found_by_property": ("cases", "found by property companies"),
    "settled_on_spot": ("cases", "settled on the spot by grid workers"),
    "settled_in_compound": ("cases", "settled in the compound"),
    "settled_at_community": ("cases", "settled by the community committee"),
    "dispatched": ("cases", "sent to a branch by a street"),
    "first_dispatched": ("cases", "of these, sent for the first time"),
    "misrouted": ("cases", "of those dispatched, sent to a branch that is not responsible"),
    "coordinated": ("cases", "assigned to a branch by street coordination"),
    "decisions": ("decisions", "branches' decisions to accept or pass on"),
    "own_decisions": ("decisions", "of these, on cases the branch is responsible for"),
    "bounces": ("decisions", "of these, passed on all the same"),
    "wrongly_accepted": ("decisions", "cases accepted by a branch that is not responsible"),
    "hops": ("hand-offs", "hand-offs from one branch to another, directly or by way of the street"),
    "joint": ("cases", "cases that several branches handled at once"),
    "cured_by_branch": ("cases", "truly cured by branches"),
    "cured": ("cases", "truly cured, wherever"),
    "closed_on_paper": ("closings", "closed on paper: recorded as done, the problem still there"),
    "reopened": ("cases", "complained of again after a closing on paper"),
    "lapsed": ("cases", "problems that went away by themselves"),
    "days_to_cure": ("working days", "sum over cures of the days since the problem arose"),
    "unmet": ("case-days", "severity-weighted days with an unmet need, found or not"),
    "patrol_hours": ("hours", "grid workers' patrol"),
    "casework_hours": ("hours", "grid workers' time on cases"),
    "worker_hours": ("hours", "grid workers' working time"),
    "certificate_hours": ("hours", "community time that went to certificates"),
    "branch_hours_used": ("hours", "branch time at work, background included, prorated to the place"),
    "branch_hours": ("hours", "branch working time, prorated to the place"),
    "meeting_hours": ("hours", "officials' time in the committee's meetings, prorated to the place"),
    "volunteer_hours": ("hours", "time given by residents who take part"),
    "queue_hours": ("hours", "residents' time lost to certificates"),
    "fund_accrued": ("yuan", "fund made available"),
    "fund_spent": ("yuan", "fund paid out"),
    "clipped": ("resident-weeks", "attitudes that hit a bound"),
}

(
    RAISED, RELAPSED, FOUND_BY_GRID, FOUND_BY_RESIDENT, FOUND_BY_PROPERTY, SETTLED_ON_SPOT, SETTLED_IN_COMPOUND,
    SETTLED_AT_COMMUNITY, DISPATCHED, FIRST_DISPATCHED, MISROUTED, COORDINATED, DECISIONS, OWN_DECISIONS, BOUNCES,
    WRONGLY_ACCEPTED, HOPS, JOINT, CURED_BY_BRANCH, CURED, CLOSED_ON_PAPER, REOPENED, LAPSED, DAYS_TO_CURE, UNMET,
    PATROL_HOURS,
    CASEWORK_HOURS, WORKER_HOURS, CERTIFICATE_HOURS, BRANCH_HOURS_USED, BRANCH_HOURS, MEETING_HOURS, VOLUNTEER_HOURS,
    QUEUE_HOURS, FUND_ACCRUED, FUND_SPENT, CLIPPED,
) = range(len(FLOWS))  # fmt: skip
