"""Reasons are true: each decision, made once more from what was noted and its keyed draw, is what the city did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from govsim import cases as c
from govsim.explain import Probe, reasons
from govsim.explain.attitudes import path
from govsim.explain.joining import turn
from govsim.explain.story import Days


def noted(probe: Probe, ledger: str) -> Iterator[tuple[Any, int, int, int, Any]]:
    """(row, identity, why, desk, rules) of all that a ledger holds."""
    log, days = probe.city.handoffs, Days(probe.city.config.warmup)
    for seen in probe.notes.ledgers[ledger].table():
        at = int(seen["at"])
        week = probe.notes.week(days.week(int(log.day[at])))
        assert week is not None
        yield seen, int(log.id[at]), int(log.why[at]), int(log.desk[at]), week.rules


def branches(probe: Probe) -> Iterator[tuple[int, reasons.Decision, Any]]:
    city = probe.city
    for seen, case_id, why, desk, rules in noted(probe, "branch"):
        department = (desk - city.offices.branches[0]) % city.n_departments
        if not reasons.overdue(city, case_id, int(seen["attempt"]), int(seen["late"])):
            yield why, reasons.branch(city, rules, case_id, department, seen), seen


def test_branches_accept_pass_on_and_close_on_paper_as_recomputed(busy):
    for seen, case_id, why, _desk, _rules in noted(busy, "branch"):
        late = reasons.overdue(busy.city, case_id, int(seen["attempt"]), int(seen["late"]))
        assert late == (why == c.OVERDUE_PAPER)
    kinds = Counter()
    for why, decision, _seen in branches(busy):
        assert decision.accepts == (why == c.ACCEPTED)
        assert (why in (c.BOUNCED, c.NOT_OURS)) <= (decision.own == (why == c.BOUNCED))
        kinds[why] += 1
    assert min(kinds[why] for why in (c.ACCEPTED, c.NOT_OURS, c.BOUNCED, c.TOO_OFTEN)) > 10


def test_the_work_that_waited_is_known_at_the_moment_of_the_decision(busy):
    """With the work that waited as the day began instead, some decisions would come out otherwise."""
    assert sum(seen["waiting"] > 0.5 for _why, _decision, seen in branches(busy)) > 100
    wrong = 0
    for seen, case_id, why, desk, rules in noted(busy, "branch"):
        blurred = seen.copy()
        blurred["waiting"] *= 0.7
        department = (desk - busy.city.offices.branches[0]) % busy.city.n_departments
        wrong += why in (c.ACCEPTED, c.BOUNCED, c.NOT_OURS) and reasons.branch(
            busy.city, rules, case_id, department, blurred
        ).accepts != (why == c.ACCEPTED)
    assert wrong > 0


def test_what_is_decisive_would_have_turned_it(busy):
    """Of the chances: a decision taken without what was decisive has another outcome, by the same draw."""
    seen_of = Counter(decision.decisive[0] for _why, decision, _seen in branches(busy) if decision.decisive)
    assert {"precedent", "unclear", "load"} <= seen_of.keys()
    for seen, case_id, why, desk, rules in noted(busy, "branch"):
        department = (desk - busy.city.offices.branches[0]) % busy.city.n_departments
        decision = reasons.branch(busy.city, rules, case_id, department, seen)
        if why == c.ACCEPTED and decision.decisive[:1] == ("precedent",):
            without = seen.copy()
            without["precedent"] = 0.0
            assert not reasons.branch(busy.city, rules, case_id, department, without).accepts
        if why == c.BOUNCED and decision.decisive[:1] == ("load",):
            without = seen.copy()
            without["waiting"] = 0.0
            assert reasons.branch(busy.city, rules, case_id, department, without).accepts


def test_streets_send_where_recomputed(busy):
    kinds = Counter()
    for seen, case_id, why, _desk, rules in noted(busy, "street"):
        if why in (c.DISPATCH, c.PRECEDENT, c.COORDINATION):
            routing = reasons.routing(busy.city, rules, case_id, seen)
            assert (routing.why, routing.slot) == (why, seen["slot"])
            assert routing.right == (seen["slot"] == seen["right"])
            kinds[why, routing.right] += 1
    assert min(kinds[c.DISPATCH, True], kinds[c.DISPATCH, False], kinds[c.PRECEDENT, True]) > 5


def test_compounds_settle_what_is_recomputed(busy):
    kinds = Counter()
    for seen, case_id, why, _desk, _rules in noted(busy, "compound"):
        settling = reasons.in_compound(busy.city, case_id, seen)
        assert settling.at_station == (why == c.AT_STATION)
        assert settling.settles == (why != c.BEYOND_COMPOUND)
        assert settling.settles <= settling.possible or settling.at_station
        kinds[why] += 1
    assert min(kinds[why] for why in (c.IN_COMPOUND, c.BEYOND_COMPOUND, c.AT_STATION)) > 2


def test_households_give_in_when_recomputed(busy):
    kinds = Counter()
    for seen, case_id, why, _desk, rules in noted(busy, "visit"):
        visit = reasons.visit(busy.city, rules, case_id, seen)
        assert visit.gives_in == (why == c.GAVE_IN)
        kinds[why, visit.messenger] += 1
    assert {messenger for _why, messenger in kinds} >= {"member", "staff"}
    assert min(sum(n for (why, _), n in kinds.items() if why == which) for which in (c.GAVE_IN, c.REFUSED)) > 10


def test_attitudes_of_residents_are_worked_out_to_the_bit(busy):
    residents = busy.city.residents
    touched = np.unique(np.concatenate([week.felt[0] for week in busy.notes.weeks]))
    for row in [*range(0, len(residents), 499), *touched[:: len(touched) // 12].tolist()]:
        way = path(busy, row)
        for name in ("satisfaction", "expectation", "trust"):
            assert getattr(way, name)[-1] == getattr(residents, name)[row], (name, row)
        for causes, values in ((way.causes, way.satisfaction), (way.causes_of_trust, way.trust)):
            assert sum(causes.values()) == pytest.approx(float(values[-1]) - float(values[0]), abs=1e-6)
        assert way.since(10).satisfaction[0] == way.satisfaction[16]


@pytest.mark.parametrize("theory", ["disconfirmation", "anchoring", "conditional_cooperation"])
def test_other_theories_are_worked_out_too(theory):
    from worlds import city

    probe = Probe(city("place.residents=1500", "warmup=4", "weeks=16", f"behaviour={theory}"))
    probe.city.run_model()
    for row in range(0, len(probe.city.residents), 151):
        assert path(probe, row).satisfaction[-1] == probe.city.residents.satisfaction[row]
    as_decided(probe, step=7)


def as_decided(probe: Probe, step: int) -> int:
    """How often residents reconsidered, each time as the rule says once more."""
    city, turns = probe.city, 0
    for row in range(0, len(city.residents), step):
        way = path(probe, row)
        taking_part = bool(probe.notes.people["joined"][row])
        for i, week in enumerate(probe.notes.weeks):
            taken = turn(city, week, row, float(way.satisfaction[i]), float(way.trust[i]))
            flips = row in week.flips["joined"]
            if taken is None:
                assert not flips
                continue
            turns += 1
            assert flips == (taken.joins != taking_part)
            taking_part = taken.joins
        assert taking_part == city.residents.joined[row]
    return turns


def test_residents_join_and_leave_as_recomputed(busy):
    assert as_decided(busy, step=31) > 100
