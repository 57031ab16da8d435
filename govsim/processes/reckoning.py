"""Reckoning: at the end of a week, what hurt, what ended, and what will come back.

Rule. Every open problem, found or not, recorded as closed or not, counts its severity for each day of the week
on which it was there. Problems lapse on the day on which they would have in any world. A true cure may be
followed by a relapse (a new case with a parent), thinned like new cases by environment and participation. A case
closed on paper whose day has come is complained of again: the same case, a new episode.

The week also leaves, for each settlement, how many known problems ended and how good the answers felt:
exp(-wait / answer_days) for a cure, nothing for a known problem that was never solved.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.jit import in_ranges, kernel
from govsim.process import Process
from govsim.processes.incidence import begin, place_factor, rate_factor

RELAPSES = draws.name("case.relapses")
RELAPSE_DAY = draws.name("case.relapse_day")


class Reckoning(Process):
    """Keeps the books of cases."""

    reads = (
        "cases.*",
        "settlements.environment",
        "settlements.joined_share",
        "settlements.covenant",
        "settlements.works",
        "settlements.residents",
    )
    writes = (
        "cases.*",
        "ways.street",
        "handoffs",
        "archive",
        "settlements.unmet",
        "settlements.unmet_total",
        "settlements.breaches",
        "settlements.structures",
        "reckoning.answers",
        "tally.raised",
        "tally.relapsed",
        "tally.structures_removed",
        "tally.structures_back",
        "tally.reopened",
        "tally.cured",
        "tally.lapsed",
        "tally.days_to_cure",
        "tally.replies",
        "tally.reply_days",
        "tally.unmet",
    )

    def wake(self) -> None:
        """At the start of a week: relapses arise, and cases closed on paper come back."""
        city = self.city
        cases = city.cases.columns
        due = in_ranges(city.threads, city.cases.rows, lambda first, end: _due(city.day, first, end, cases))
        self.complaints = _wake(
            city.day, np.concatenate(due), cases, city.places.settlements.columns, city.kinds.columns,
            city.ways.by_district, city.handoffs.log, city.tally,
        )  # fmt: skip

    def close_the_week(self) -> None:
        """At the end of a week: count unmet need, archive what ended, plan relapses."""
        city = self.city
        settlements, cases = city.places.settlements, city.cases
        for counted in (settlements.unmet, settlements.breaches, settlements.structures):
            counted[:] = 0.0
        ended, relapse_days = _close(
            city.seed, city.day, cases.columns, settlements.columns, city.kinds.columns, city.p, city.tally
        )
        if city.week >= 0:
            settlements.unmet_total += settlements.unmet
        closed = cases.take(ended)
        self.answers = self._answers(closed[closed["found"] >= 0], cases.take(self.complaints))
        city.archive.add(closed)
        parents = closed["id"][relapse_days >= 0]
        days = relapse_days[relapse_days >= 0]
        cases.stage[ended[closed["desk"] == c.NOWHERE]] = c.FREE
        rows = c.take_rows(cases, len(parents))
        records, places, kinds = cases.columns, settlements.columns, city.kinds.columns
        in_ranges(
            city.threads,
            len(parents),
            lambda first, end: _plan_relapses(
                city.seed, parents[first:end], days[first:end], rows[first:end], records, places, kinds, city.p
            ),
        )

    def _answers(self, ended: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(settlement, resident, how good the answer felt) of known problems that ended and of those that came back."""
        wait = (ended["closed"] - ended["found"]).astype(np.float64)
        felt = np.where(ended["stage"] == c.CURED, np.exp(-wait / self.city.p.answer_days), 0.0)
        known, felt = np.concatenate([ended, back]), np.concatenate([felt, np.zeros(len(back))])
        order = np.argsort(known["id"], kind="stable")
        return known["settlement"][order], known["resident"][order], felt[order]


@kernel
def _due(first_day, first, end, cases):
    """Rows, of those from ``first`` to before ``end``, of cases whose day comes this week."""
    rows = np.empty(end - first, dtype=np.int32)
    n = 0
    for row in range(first, end):
        asleep = cases.stage[row] == c.DORMANT or cases.stage[row] == c.PAPER
        rows[n] = row
        n += asleep and cases.wakes[row] < first_day + WORKING_DAYS
    return rows[:n]


@kernel
def _wake(first_day, due, cases, settlements, kinds, ways, log, tally):
    """Relapses arise and cases closed on paper come back; rows of the latter."""
    complaints = np.empty(due.shape[0], dtype=np.int32)
    n = 0
    for row in due:
        if cases.stage[row] == c.DORMANT:
            cases.stage[row] = c.LATENT
            tally[flows.RAISED] += 1
            tally[flows.RELAPSED] += 1
            tally[flows.STRUCTURES_BACK] += kinds.blocks_works[cases.kind[row]] > 0.0
        elif cases.fades[row] > cases.wakes[row]:
            day = max(first_day, cases.wakes[row])
            cases.episode[row] = min(250, cases.episode[row] + 1)
            cases.clock[row] = day
            tally[flows.REOPENED] += 1
            c.note(log, cases.id[row], day, -1, c.COMPLAINT)
            c.send(ways[settlements.district[cases.settlement[row]]].street, cases, row, c.STREET, day)
            complaints[n] = row
            n += 1
    return complaints[:n]


@kernel
def _close(seed, first_day, cases, settlements, kinds, numbers, tally):
    """Rows that ended this week, and the day on which each relapses (-1: it does not)."""
    p = numbers[0]
    ended = np.empty(cases.id.shape[0], dtype=np.int32)
    relapse_days = np.empty(cases.id.shape[0], dtype=np.int64)
    n = 0
    after = first_day + WORKING_DAYS
    for row in range(cases.id.shape[0]):
        stage = cases.stage[row]
        if stage == c.FREE or stage == c.DORMANT:
            continue
        if stage >= c.CURED and cases.closed[row] < first_day:  # counted in an earlier week
            if cases.desk[row] == c.NOWHERE:  # and by now in no queue and on no list any more
                cases.stage[row] = c.FREE
            continue
        if stage < c.CURED and cases.fades[row] < after:
            c.lapse(cases, row)
            stage = cases.stage[row]
        s, k, case_id = cases.settlement[row], cases.kind[row], cases.id[row]
        until = cases.closed[row] if stage >= c.CURED else after
        on_paper_now = cases.first_paper[row] >= first_day
        if on_paper_now or (stage == c.CURED and cases.first_paper[row] < 0):
            replied = cases.first_paper[row] if on_paper_now else cases.closed[row]
            tally[flows.REPLIES] += 1
            tally[flows.REPLY_DAYS] += replied - cases.found[row]
        hurt = kinds.severity[k] * max(0, until - max(cases.raised[row], first_day))
        settlements.unmet[s] += hurt
        tally[flows.UNMET] += hurt
        if stage < c.CURED:
            per_thousand = 1_000.0 / settlements.residents[s]
            settlements.breaches[s] += kinds.by_conduct[k] * per_thousand
            settlements.structures[s] += kinds.blocks_works[k] * per_thousand
            continue
        ended[n] = row
        relapse_days[n] = -1
        if stage == c.LAPSED:
            tally[flows.LAPSED] += 1
        else:
            tally[flows.CURED] += 1
            tally[flows.STRUCTURES_REMOVED] += kinds.blocks_works[k] > 0.0
            tally[flows.DAYS_TO_CURE] += cases.closed[row] - cases.raised[row]
            chance = kinds.recurrence[k] * rate_factor(settlements.environment[s], settlements.joined_share[s], p)
            chance *= place_factor(s, k, settlements, kinds, p) * (p.removed_relapse if cases.persuaded[row] else 1.0)
            if c.generation_of(case_id) < c.LAST_GENERATION and draws.uniform(seed, RELAPSES, case_id, 0) < chance:
                wait = draws.exponential(seed, RELAPSE_DAY, case_id, 0) * kinds.recurrence_days[k]
                relapse_days[n] = max(after, cases.closed[row] + 1 + np.int64(wait))
        n += 1
    return ended[:n], relapse_days[:n]


@kernel
def _plan_relapses(seed, parents, days, rows, cases, settlements, kinds, numbers):
    p = numbers[0]
    for i in range(parents.shape[0]):
        begin(seed, parents[i] + 1, rows[i], days[i], c.DORMANT, cases, settlements, kinds, p)
        cases.wakes[rows[i]] = days[i]
