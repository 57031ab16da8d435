"""Reckoning: at the end of a week, what hurt, what ended, and what will come back.

Every open problem, found or not, recorded as closed or not, counts its severity for each day on which it was there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from plain import handling
from plain.agents import Case, Resident, Settlement
from plain.incidence import begin, place_factor, rate_factor

if TYPE_CHECKING:
    from plain.city import City


# --- at the start of a week


def wake(city: City) -> None:
    """Relapses arise, and cases closed on paper are complained of again: the same case, a new episode."""
    city.complaints = []
    for _, case in sorted(city.cases.items()):
        if case.wakes >= city.day + WORKING_DAYS:
            continue
        if case.stage == c.DORMANT:
            _relapse(city, case)
        elif case.stage == c.PAPER and case.fades > case.wakes:  # else it lapses before anybody complains
            _come_back(city, case)


def _relapse(city: City, case: Case) -> None:
    case.stage = c.LATENT
    city.tally["raised"] += 1
    city.tally["relapsed"] += 1
    if case.kind.blocks_works > 0.0:
        city.tally["structures_back"] += 1


def _come_back(city: City, case: Case) -> None:
    day = max(city.day, case.wakes)
    case.episode = handling.one_more(case.episode)
    case.clock = day
    city.tally["reopened"] += 1
    city.note(case, day, -1, c.COMPLAINT)
    city.send(case, "street", c.STREET, day)
    city.complaints.append(case)


# --- at the end of a week


def close_the_week(city: City) -> None:
    """Count unmet need and replies, put away what ended, and plan relapses."""
    for settlement in city.settlements:
        settlement.unmet = settlement.breaches = settlement.structures = 0.0
    there = [case for _, case in sorted(city.cases.items()) if _was_there(case)]
    for case in there:
        if case.stage < c.CURED and case.fades < city.day + WORKING_DAYS:
            handling.lapse(case)
        _count_reply(city, case)
        _count_hurt(city, case)
    if city.week >= 0:
        for settlement in city.settlements:
            settlement.unmet_total += settlement.unmet

    ended = [case for case in there if case.stage >= c.CURED]
    city.answers = _answers(city, ended)
    city.archive += ended
    for case in list(city.cases.values()):  # one that still stands in a queue is put away once it is skipped there
        if case.stage >= c.CURED and case.desk is None and not case.under_way:
            del city.cases[case.id]
    for case in ended:
        _count_end(city, case)


def _was_there(case: Case) -> bool:
    """Whether a case was a problem this week: neither a relapse to come, nor counted as ended in an earlier week."""
    return case.stage != c.DORMANT and (case.stage < c.CURED or case.closed >= case.city.day)


def _count_reply(city: City, case: Case) -> None:
    """A known case is replied to once: when the books first show it as closed, on paper or by a cure."""
    on_paper_now = case.first_paper >= city.day
    cured_first = case.stage == c.CURED and case.first_paper < 0
    if on_paper_now or cured_first:
        city.tally["replies"] += 1
        city.tally["reply_days"] += (case.first_paper if on_paper_now else case.closed) - case.found


def _count_hurt(city: City, case: Case) -> None:
    """Severity for each day of this week on which the problem was there; what still is there breaks the order."""
    settlement, kind = case.settlement, case.kind
    still_there = case.stage < c.CURED
    until = city.day + WORKING_DAYS if still_there else case.closed
    hurt = kind.severity * max(0, until - max(case.raised, city.day))
    settlement.unmet += hurt
    city.tally["unmet"] += hurt
    if still_there:
        thousands = settlement.people / 1_000.0
        settlement.breaches += kind.by_conduct / thousands
        settlement.structures += kind.blocks_works / thousands


def _answers(city: City, ended: list[Case]) -> list[tuple[Settlement, Resident, float]]:
    """How good the answer felt where a known problem ended or came back, in the order of identities.

    A case that came back and ended in the same week has two answers: how it ended, then that it came back.
    """
    felt = [(case, _felt(city, case)) for case in ended if case.found >= 0]
    felt += [(case, 0.0) for case in city.complaints]
    felt.sort(key=lambda answer: answer[0].id)
    return [(case.settlement, case.resident, how_good) for case, how_good in felt]


def _felt(city: City, case: Case) -> float:
    """exp(-wait / answer_days) for a cure, nothing for a known problem that was never solved."""
    return math.exp(-(case.closed - case.found) / city.p.answer_days) if case.stage == c.CURED else 0.0


def _count_end(city: City, case: Case) -> None:
    if case.stage == c.LAPSED:
        city.tally["lapsed"] += 1
        return
    city.tally["cured"] += 1
    city.tally["days_to_cure"] += case.closed - case.raised
    if case.kind.blocks_works > 0.0:
        city.tally["structures_removed"] += 1
    if c.generation_of(case.id) < c.LAST_GENERATION and city.luck("case.relapses", case.id) < _relapse_chance(case):
        _plan_relapse(city, case)


def _relapse_chance(case: Case) -> float:
    """Thinned like new cases by environment, participation, covenant and works; rarer where a household gave in."""
    settlement, kind = case.settlement, case.kind
    chance = kind.recurrence * rate_factor(settlement) * place_factor(settlement, kind)
    return chance * (case.city.p.removed_relapse if case.persuaded else 1.0)


def _plan_relapse(city: City, parent: Case) -> None:
    """A new case with a parent, dormant until its day."""
    wait = int(city.threshold("case.relapse_day", parent.id) * parent.kind.recurrence_days)
    day = max(city.day + WORKING_DAYS, parent.closed + 1 + wait)
    begin(city, parent.id + 1, day, c.DORMANT).wakes = day
