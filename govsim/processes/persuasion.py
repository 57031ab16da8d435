"""Persuasion: visitors go from door to door to households in the way, until they give in or the door stays shut.

Rule. Some kinds of cases (structures, parking) have a household behind them that could end them. Where there are
visits, known open ones are visited, the most severe and then the oldest first, as far as a community's visits go, and
each household again after ``visit_gap`` weeks. The messenger is an old neighbour who takes part, a Party member of
the compound with time, a grid worker, or else community staff, whose tie to the household differs. It gives in with
odds exp(z), by a draw keyed to (case, visit):

    z = yes_base + visit_weight x visits (up to visit_peak, then visit_wears)
        + tie_weight x tie + trust_weight x (trust - 1/2) + shown_weight x what pilots show
        + neighbours_weight x share of neighbours who gave in + example_weight x (2 example - 1)
        + member_duty (a member's home) + compensation + pressure_weight x pressure - soured_weight x hardenings
        + resistance_sd x its own readiness

``example`` is the share of members' own cases in which they gave in. A visit that fails may harden the household,
more likely under pressure and without a tie, and that it lives to remember (see experience). A case ended so is truly
cured and comes back at another rate than one that a branch enforced. Visits cost hours: staff's at the community's
desk, others' own. Sources: Deng & O'Brien 2013 (ties and leverage), Kalla & Broockman 2018 (against any effect of
canvassing), case.visits as an illustration that is never fitted. Leaves out: collective visits, courts, and what
visitors say.
"""

from __future__ import annotations

import math

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.institutions.queue import put_in_front
from govsim.jit import in_ranges, kernel
from govsim.process import Process

MESSENGER = draws.name("visit.messenger")
GIVES_IN = draws.name("visit.gives_in")
HARDENS = draws.name("visit.hardens")
READINESS = draws.name("household.readiness")


class Persuasion(Process):
    """Visits households.

    Attributes:
        hardened: residents whom a visit of this week hardened, in the order of cases' identities.
    """

    reads = (
        "cases.*",
        "residents.trust",
        "residents.member",
        "settlements.ties",
        "settlements.joined_share",
        "settlements.shown",
        "settlements.hands",
        "settlements.patrol",
        "communities.residents",
    )
    writes = (
        "cases.visits",
        "cases.hardened",
        "cases.visit_from",
        "cases.persuaded",
        "cases.stage",
        "cases.closed",
        "settlements.example",
        "settlements.given_in",
        "settlements.hands_used",
        "communities.visits_due",
        "desks.served",
        "desks.inflow",
        "handoffs",
        "persuasion.hardened",
        "tally.visits",
        "tally.gave_in",
        "tally.hardened",
        "tally.compensation",
        "tally.visit_hours",
    )

    def __init__(self, city) -> None:
        super().__init__(city)
        self.hardened = np.empty(0, dtype=np.int32)

    def visit(self) -> None:
        """One week of visits, on the last working day, to whom is known to be in the way."""
        city = self.city
        self.hardened = np.empty(0, dtype=np.int32)
        if city.rules.visits <= 0.0:
            return
        cases, day = city.cases, city.day + WORKING_DAYS - 1
        records, kinds = cases.columns, city.kinds.columns
        rows = np.concatenate(
            in_ranges(city.threads, cases.rows, lambda first, end: _in_the_way(day, first, end, records, kinds))
        )
        severity = city.kinds.severity[cases.kind[rows]]
        rows = rows[np.lexsort((cases.id[rows], cases.clock[rows], -severity))]
        self.hardened = _visit(
            city.seed, day, rows, city.rules, cases.columns, city.places.settlements.columns,
            city.places.communities.columns, city.residents.columns, city.desks.columns, city.p, city.handoffs.log,
            city.tally,
        )  # fmt: skip


@kernel
def _in_the_way(day, first, end, cases, kinds):
    """Known open cases, of rows ``first`` to before ``end``, whose household may be visited."""
    rows = np.empty(end - first, dtype=np.int32)
    n = 0
    for row in range(first, end):
        stage = cases.stage[row]
        if stage < c.COMPOUND or stage > c.PAPER or kinds.persuadable[cases.kind[row]] <= 0.0:
            continue
        if cases.visit_from[row] <= day and cases.fades[row] > day:
            rows[n] = row
            n += 1
    return rows[:n]


@kernel
def readiness(visits, tie, trust, shown, given_in, example, is_member, hardened, own, rules, p):
    """Probability that a household gives in at a visit, after so many earlier ones."""
    z = p.yes_base + p.visit_weight * min(visits, p.visit_peak) - p.visit_wears * max(0.0, visits - p.visit_peak)
    z += p.tie_weight * tie + p.trust_weight * (trust - 0.5) + p.shown_weight * shown
    z += p.neighbours_weight * given_in + p.example_weight * (2.0 * example - 1.0) + p.member_duty * is_member
    paid = rules.visit_compensation
    z += p.compensation_weight * paid / (paid + p.compensation_half) + p.pressure_weight * rules.visit_pressure
    z += p.resistance_sd * own - p.soured_weight * hardened
    return 1.0 / (1.0 + math.exp(-z))


@kernel
def _messenger_tie(seed, case_id, visit, joined, ties, members_free, walked, p):
    """Tie of who goes: an old neighbour (0), a member (1), a grid worker (2) or staff (3); and which of them."""
    luck = draws.uniform(seed, MESSENGER, case_id, visit)
    neighbours = p.ask_neighbours * joined
    if luck < neighbours:
        return p.tie_neighbour + (1.0 - p.tie_neighbour) * ties, 0
    if members_free:
        return p.tie_member + (1.0 - p.tie_member) * ties, 1
    if walked and luck < neighbours + p.ask_grid:
        return p.tie_grid, 2
    return p.tie_staff, 3


@kernel
def _visit(seed, day, rows, rules, cases, settlements, communities, residents, desks, numbers, log, tally):
    """Visit the households behind these cases, in their order; the residents who were hardened."""
    p = numbers[0]
    for here in range(communities.visits_due.shape[0]):
        more = rules.visits * communities.residents[here] / 1_000.0
        communities.visits_due[here] = min(communities.visits_due[here], 1.0) + more  # parts of a visit are kept
    hardened = np.empty(rows.shape[0], dtype=np.int64)
    who_hardened = np.empty(rows.shape[0], dtype=np.int64)
    n = 0
    for row in rows:
        s, case_id, who = cases.settlement[row], cases.id[row], cases.resident[row]
        here = settlements.community[s]
        visit = np.int64(cases.visits[row])
        if communities.visits_due[here] < 1.0:
            continue
        communities.visits_due[here] -= 1.0
        free = settlements.hands[s] * settlements.residents[s] / 1_000.0 - settlements.hands_used[s]
        tie, messenger = _messenger_tie(
            seed, case_id, visit, settlements.joined_share[s], settlements.ties[s], free >= p.visit_hours,
            settlements.patrol[s] > 0.0, p,
        )  # fmt: skip
        if messenger == 1:
            settlements.hands_used[s] += p.visit_hours
        elif messenger == 3:
            put_in_front(desks, here, p.visit_hours)
        tally[flows.VISIT_HOURS] += p.visit_hours
        tally[flows.VISITS] += 1
        is_member = residents.member[who]
        own = draws.normal(seed, READINESS, case_id - c.generation_of(case_id), 0)
        chance = readiness(
            visit, tie, residents.trust[who], settlements.shown[s], settlements.given_in[s], settlements.example[s],
            is_member, cases.hardened[row], own, rules, p,
        )  # fmt: skip
        cases.visits[row] = min(250, visit + 1)
        cases.visit_from[row] = day + np.int64(p.visit_gap) * WORKING_DAYS
        gives_in = draws.uniform(seed, GIVES_IN, case_id, visit) < chance
        settlements.given_in[s] += p.example_memory * (gives_in - settlements.given_in[s])
        if is_member:
            settlements.example[s] += p.example_memory * (gives_in - settlements.example[s])
        if gives_in:
            cases.persuaded[row] = True
            c.cure(cases, row, day)
            tally[flows.GAVE_IN] += 1
            tally[flows.COMPENSATION] += rules.visit_compensation
            c.note(log, case_id, day, -1, c.GAVE_IN)
            continue
        c.note(log, case_id, day, -1, c.REFUSED)
        hardens = p.backfire + p.backfire_pressure * rules.visit_pressure
        if draws.uniform(seed, HARDENS, case_id, visit) < hardens * (1.0 - tie):
            cases.hardened[row] = min(250, cases.hardened[row] + 1)
            hardened[n], who_hardened[n] = case_id, who
            n += 1
            tally[flows.HARDENED] += 1
    order = np.argsort(hardened[:n])
    return who_hardened[:n][order]
