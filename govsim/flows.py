"""What is counted as it happens: one number a flow and week, for the whole place.

Kernels add to ``tally[RAISED]`` and so on; the recorder turns the week's tally into series.
"""

from __future__ import annotations

FLOWS: dict[str, tuple[str, str]] = {}
"""Unit and meaning of each flow, in the order of a week's tally."""


def _flow(name: str, unit: str, meaning: str) -> int:
    """Declare a flow and return its place in the tally."""
    FLOWS[name] = (unit, meaning)
    return len(FLOWS) - 1


RAISED = _flow("raised", "cases", "problems that arose")
RELAPSED = _flow("relapsed", "cases", "of these, problems that came back after a true cure")
FOUND_BY_GRID = _flow("found_by_grid", "cases", "found by grid workers")
FOUND_BY_RESIDENT = _flow("found_by_resident", "cases", "reported by residents")
FOUND_BY_PROPERTY = _flow("found_by_property", "cases", "found by property companies")
SETTLED_ON_SPOT = _flow("settled_on_spot", "cases", "settled on the spot by grid workers")
SETTLED_IN_COMPOUND = _flow("settled_in_compound", "cases", "settled in the compound")
SETTLED_AT_COMMUNITY = _flow("settled_at_community", "cases", "settled by the community committee")
DISPATCHED = _flow("dispatched", "cases", "sent to a branch by a street")
FIRST_DISPATCHED = _flow("first_dispatched", "cases", "of these, sent for the first time")
MISROUTED = _flow("misrouted", "cases", "of those dispatched, sent to a branch that is not responsible")
COORDINATED = _flow("coordinated", "cases", "assigned to a branch by street coordination")
DECISIONS = _flow("decisions", "decisions", "branches' decisions to accept or pass on")
OWN_DECISIONS = _flow("own_decisions", "decisions", "of these, on cases the branch is responsible for")
BOUNCES = _flow("bounces", "decisions", "of these, passed on all the same")
WRONGLY_ACCEPTED = _flow("wrongly_accepted", "decisions", "cases accepted by a branch that is not responsible")
HOPS = _flow("hops", "hand-offs", "hand-offs from one branch to another, directly or by way of the street")
JOINT = _flow("joint", "cases", "cases that several branches handled at once")
CURED_BY_BRANCH = _flow("cured_by_branch", "cases", "truly cured by branches")
CURED = _flow("cured", "cases", "truly cured, wherever")
CLOSED_ON_PAPER = _flow("closed_on_paper", "closings", "closed on paper: recorded as done, the problem still there")
REOPENED = _flow("reopened", "cases", "complained of again after a closing on paper")
LAPSED = _flow("lapsed", "cases", "problems that went away by themselves")
DAYS_TO_CURE = _flow("days_to_cure", "working days", "sum over cures of the days since the problem arose")
UNMET = _flow("unmet", "case-days", "severity-weighted days with an unmet need, found or not")
PATROL_HOURS = _flow("patrol_hours", "hours", "grid workers' patrol")
CASEWORK_HOURS = _flow("casework_hours", "hours", "grid workers' time on cases")
WORKER_HOURS = _flow("worker_hours", "hours", "grid workers' working time")
CERTIFICATE_HOURS = _flow("certificate_hours", "hours", "community time that went to certificates")
BRANCH_HOURS_USED = _flow(
    "branch_hours_used", "hours", "branch time at work, background included, prorated to the place"
)
BRANCH_HOURS = _flow("branch_hours", "hours", "branch working time, prorated to the place")
MEETING_HOURS = _flow("meeting_hours", "hours", "officials' time in the committee's meetings, prorated to the place")
VOLUNTEER_HOURS = _flow("volunteer_hours", "hours", "time given by residents who take part")
QUEUE_HOURS = _flow("queue_hours", "hours", "residents' time lost to certificates")
FUND_ACCRUED = _flow("fund_accrued", "yuan", "fund made available")
FUND_SPENT = _flow("fund_spent", "yuan", "fund paid out")
CLIPPED = _flow("clipped", "resident-weeks", "attitudes that hit a bound")

PLEDGES = _flow("pledges", "members", "in-service members who pledged")
WITHDRAWALS = _flow("withdrawals", "members", "members who withdrew, tired")
MEMBER_HOURS = _flow("member_hours", "hours", "time that members gave to cases and visits")
ORGANISER_HOURS = _flow("organiser_hours", "hours", "time of Party organisers, and of those who help with votes")
VOTES = _flow("votes", "votes", "votes for an owners' committee")
VOTES_WON = _flow("votes_won", "votes", "of these, votes that founded one")
DISMISSED = _flow("dismissed", "companies", "property companies that owners' committees dismissed")
VISITS = _flow("visits", "visits", "visits to households that are in the way")
GAVE_IN = _flow("gave_in", "households", "households that gave in at a visit")
STRUCTURES_REMOVED = _flow("structures_removed", "cases", "unauthorised structures that were removed")
STRUCTURES_BACK = _flow("structures_back", "cases", "unauthorised structures that came back after that")
HARDENED = _flow("hardened", "households", "households that a visit hardened")
COMPENSATION = _flow("compensation", "yuan", "paid to households that gave in")
VISIT_HOURS = _flow("visit_hours", "hours", "work on visits, of staff, members, neighbours and grid workers")
WORKS_SPENT = _flow("works_spent", "yuan", "paid for pilot buildings and renovated compounds")
RENOVATED = _flow("renovated", "compounds", "compounds renovated")
REGISTRATIONS = _flow("registrations", "residents", "residents who registered on the citizens' platform")
PLATFORM_USES = _flow("platform_uses", "uses", "services taken on the citizens' platform")
SETTLED_AT_STATION = _flow("settled_at_station", "cases", "settled by a compound's service station")
PARTNER_HOURS = _flow("partner_hours", "hours", "time of partner units")
GATE_HOURS = _flow("gate_hours", "hours", "residents' time lost at gates")

DUTY_HOURS = _flow("duty_hours", "hours", "grid workers' paperwork, collecting and publicity")
MEDIATION_HOURS = _flow("mediation_hours", "hours", "grid workers' mediation, which is a part of their time on cases")
OVERTIME_HOURS = _flow("overtime_hours", "hours", "grid workers' overtime")
WORKERS_LEFT = _flow("workers_left", "people", "grid workers who left")
SETTLED_BY_MEDIATION = _flow("settled_by_mediation", "cases", "settled by grid workers' mediation")
SUNK = _flow("sunk", "cases", "taken on by a street itself, for the first time")
CURED_BY_STREET = _flow("cured_by_street", "cases", "truly cured by streets")
REFERRED = _flow("referred", "cases", "refused after street coordination, and referred to the district's meeting")
DISTRICT_COORDINATED = _flow("district_coordinated", "cases", "of these, assigned to a branch by the district")
SUNK_HOURS = _flow("sunk_hours", "hours", "branch working time that moved to streets, prorated to the place")
MATCH_PLEDGED = _flow("match_pledged", "yuan", "promised by enterprises for projects")
MATCHED_YUAN = _flow("matched_yuan", "yuan", "paid by enterprises for projects")
ENTERPRISE_HOURS = _flow("enterprise_hours", "hours", "enterprises' time for projects that they match")
PROJECTS = _flow("projects", "projects", "projects of the fund committed")
CHOSEN_PROJECTS = _flow("chosen_projects", "projects", "of these, chosen by residents")
DELIBERATION_HOURS = _flow("deliberation_hours", "hours", "residents' time in choosing projects")
FOUND_BY_GRID_SECURITY = _flow("found_by_grid_security", "cases", "found by grid workers, of public security")
FOUND_BY_GRID_SAFETY = _flow("found_by_grid_safety", "cases", "found by grid workers, of fire, traffic and food safety")
REPLIES = _flow("replies", "cases", "known cases that the books first show as closed, truly or on paper")
REPLY_DAYS = _flow("reply_days", "working days", "sum over these of the days since they were found")
