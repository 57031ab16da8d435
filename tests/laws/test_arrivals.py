"""Laws of a day's arrivals: who stands where hangs on identity and luck, not on rows or on who else comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from govsim import draws
from govsim.cases import BRANCH, Cases, identity
from govsim.institutions import queue
from govsim.institutions.queue import Desks

SEED, OFFICES = 7, 4
CHANCE = draws.name("test.arrivals")
ARRIVING = 60


def an_arriving_day(rows: np.ndarray, background: np.ndarray, day: int = 3) -> tuple[Any, Any, np.ndarray]:
    """Desks, cases and hours of a day on which case i of the day is held in row ``rows[i]``."""
    desks, cases = Desks(OFFICES).columns, Cases(int(rows.max()) + 1).columns
    numbers = np.arange(len(rows))
    cases.id[rows] = [identity(11, 2, day, n) for n in numbers]
    cases.desk[rows] = numbers % (OFFICES - 1)  # the last office gets background only
    cases.stage[rows] = BRANCH
    cases.next[rows] = rows[::-1]  # whatever list it stood on before
    return desks, cases, (numbers % 7 + 1) / 8


def order_hangs_on_identity_alone(receive: Callable) -> None:
    """However cases are laid out in the table and listed, each gets the same ticket."""
    background = np.array([5.0, 0.0, 2.5, 8.0])
    tickets = []
    for layout in range(6):
        rows = np.argsort(draws.uniforms(layout, CHANCE, np.arange(ARRIVING), 0)).astype(np.int32)
        listed = np.argsort(draws.uniforms(layout, CHANCE, np.arange(ARRIVING), 1))
        desks, cases, work = an_arriving_day(rows, background)
        receive(SEED, 3, desks, cases, rows[listed], work[listed], background, 0, OFFICES)
        tickets.append((cases.ticket[rows].copy(), desks.arrived.copy(), desks.inflow.copy()))
    for ticket, arrived, inflow in tickets[1:]:
        assert (ticket == tickets[0][0]).all()
        assert (arrived == tickets[0][1]).all()
        assert (inflow == tickets[0][2]).all()


def in_the_order_of_rows(seed, day, desks, cases, rows, work, background, first, last):
    """A fault: who is listed first comes first."""
    desks.arrived[first:last] += background[first:last]
    for row, hours in zip(rows, work, strict=True):
        queue.join(desks, cases, cases.desk[row], row, hours)


def moments_of_rows(seed, day, desks, cases, rows, work, background, first, last):
    """A fault: the moment is drawn from the row instead of the case."""
    true, cases.id[:] = cases.id.copy(), np.arange(len(cases.id))
    queue.receive(seed, day, desks, cases, rows, work, background, first, last)
    cases.id[:] = true


def test_order_of_arrival_hangs_on_identity_alone():
    order_hangs_on_identity_alone(queue.receive)
    for fault in (in_the_order_of_rows, moments_of_rows):
        with pytest.raises(AssertionError):
            order_hangs_on_identity_alone(fault)


def test_who_comes_later_stands_behind_that_much_background():
    background = np.array([5.0, 0.0, 2.5, 8.0])
    rows = np.arange(ARRIVING, dtype=np.int32)
    desks, cases, work = an_arriving_day(rows, background)
    targets = cases.desk.copy()
    desks.arrived[:] = 100.0
    queue.receive(SEED, 3, desks, cases, rows, work, background, 0, OFFICES)
    moment = draws.uniforms(SEED, queue.MOMENT, cases.id, 3)
    for row in rows:
        before = (targets == targets[row]) & (moment <= moment[row])
        assert cases.ticket[row] == pytest.approx(
            100.0 + background[targets[row]] * moment[row] + work[before].sum(), abs=1e-9
        )
    expected = 100.0 + background + np.bincount(targets, weights=work, minlength=OFFICES)
    assert desks.arrived == pytest.approx(expected)
    assert list(desks.length) == [20, 20, 20, 0]
    for d in range(OFFICES):
        line, row = [], desks.head[d]
        while row >= 0 and len(line) <= ARRIVING:
            line.append(row)
            row = cases.next[row]
        assert line == sorted(np.flatnonzero(targets == d), key=lambda row: moment[row])


def test_equal_moments_are_ordered_by_identity():
    moment, case_id = np.array([0.5, 0.25, 0.5, 0.25, 0.5]), np.array([30, 20, 10, 25, 20])
    for layout in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 3, 1]):
        order = queue.in_order(moment[layout], case_id[layout])
        assert list(case_id[layout][order]) == [20, 25, 10, 20, 30]


def test_another_arrival_changes_nobodys_place():
    rows = np.arange(ARRIVING, dtype=np.int32)
    orders = []
    for some in (rows, rows[rows % 5 != 0]):
        desks, cases, work = an_arriving_day(rows, np.zeros(OFFICES))
        queue.receive(SEED, 3, desks, cases, some, work[some], np.zeros(OFFICES), 0, OFFICES)
        ordered = [row for row in np.lexsort((cases.ticket, cases.desk)) if row % 5 != 0]
        orders.append(ordered)
    assert orders[0] == orders[1]


def test_desks_of_other_tiers_stay_closed():
    rows = np.arange(ARRIVING, dtype=np.int32)
    desks, cases, work = an_arriving_day(rows, np.full(OFFICES, 3.0))
    desks.hours[:] = 8.0
    queue.receive(SEED, 3, desks, cases, rows[rows % 3 == 1], work[rows % 3 == 1], np.full(OFFICES, 3.0), 1, 3)
    assert list(desks.offered) == [0.0, 8.0, 8.0, 0.0]
    assert desks.arrived[[0, 3]].sum() == 0.0
    assert desks.arrived[1] == pytest.approx(3.0 + work[rows % 3 == 1].sum())
    assert desks.arrived[2] == pytest.approx(3.0)


def test_desks_with_arrivals_and_background_follow_lindley():
    background = np.array([5.0, 0.0, 2.5, 8.0])
    rows = np.arange(ARRIVING * 30, dtype=np.int32)
    desks, cases, _ = an_arriving_day(rows, background)
    work = draws.exponentials(SEED, CHANCE, rows, 100)
    unfinished = np.zeros(OFFICES)
    for day in range(30):
        today = rows[rows % 30 == day]
        targets = cases.desk[today].copy()
        desks.hours[:] = hours = 24.0 * draws.uniforms(SEED, CHANCE, np.arange(OFFICES), day)
        queue.receive(SEED, day, desks, cases, today, work[today], background, 0, OFFICES)
        for d in range(OFFICES):
            row, left = queue.next_done(desks, cases, d, desks.hours[d])
            while row >= 0:
                queue.leave(desks, cases, d)
                row, left = queue.next_done(desks, cases, d, left)
        came = background + np.bincount(targets, weights=work[today], minlength=OFFICES)
        unfinished = np.maximum(0.0, unfinished + came - hours)
        assert desks.arrived - desks.served == pytest.approx(unfinished, abs=1e-9)
