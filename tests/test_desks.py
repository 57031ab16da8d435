"""What desks remember of past weeks, and the work of the part of their clientele that is not simulated."""

from __future__ import annotations

import numpy as np
import pytest

from govsim.cases import BRANCH, LAPSED, Cases
from govsim.institutions import queue
from govsim.institutions.queue import Desks


def rest_of_the_district(usual, share=0.1, base=None, pooling=40.0, mirrored=True, group=None, before=None):
    """background_hours of desks with these rates."""
    n = len(usual)
    desks = Desks(
        n,
        share=np.full(n, share),
        base_hours=np.full(n, 50.0) if base is None else base,
        usual=usual,
        usual_before=np.zeros(n) if before is None else before,
    )
    groups = np.zeros(n, dtype=np.int64) if group is None else np.asarray(group)
    return queue.background_hours(desks.columns, groups, mirrored, pooling, 0.05)


USUAL = np.array([0.0, 1.0, 4.0, 3.0])


def test_background_is_the_rest_at_the_simulated_rate():
    assert rest_of_the_district(USUAL, pooling=0.0) == pytest.approx(9 * USUAL)
    assert (rest_of_the_district(USUAL, share=1.0) == 0.0).all()
    fixed = rest_of_the_district(USUAL, pooling=0.0, mirrored=False, before=USUAL[::-1])
    assert fixed == pytest.approx(9 * USUAL[::-1])
    assert (rest_of_the_district(np.zeros(4)) == 0.0).all()


def test_pooling_leans_on_the_group_and_keeps_its_sum():
    blended = rest_of_the_district(USUAL)
    assert blended.sum() == pytest.approx(9 * USUAL.sum())
    common = 9 * USUAL.mean()
    assert (np.abs(blended - common) < np.abs(9 * USUAL - common)).all()
    assert rest_of_the_district(USUAL, pooling=1e12) == pytest.approx(np.full(4, common))
    # larger desks take a larger part, and another group's desks do not matter
    base, group = np.array([50.0, 100.0, 50.0, 50.0]), [0, 0, 1, 1]
    far = rest_of_the_district(USUAL, base=base, pooling=1e12, group=group)
    assert far == pytest.approx(9 * np.array([1 / 3, 2 / 3, 3.5, 3.5]))


def test_dropped_work_is_not_mirrored():
    desks, cases = Desks(1).columns, Cases(2).columns
    cases.stage[:] = BRANCH
    queue.join(desks, cases, 0, 0, 3.0)
    queue.join(desks, cases, 0, 1, 2.0)
    queue.next_done(desks, cases, 0, 1.0)
    cases.stage[0] = LAPSED
    assert queue.next_done(desks, cases, 0, 0.0)[0] == -1
    assert desks.inflow[0] == 3.0  # one hour of the first was worked, two were dropped
    assert desks.arrived[0] - desks.served[0] == 2.0


def test_a_week_moves_the_record():
    desks = Desks(2).columns
    desks.inflow[:], desks.used[:] = (50.0, 0.0), (30.0, 0.0)
    desks.hours[:] = (8.0, 0.0)
    nobody, idle = np.empty(0, dtype=np.int32), np.zeros(2)
    for day in range(5):
        queue.receive(1, day, desks, Cases(1).columns, nobody, idle[:0], idle, 0, 2)
    queue.close_week(desks, 0.1, 0.5)
    assert desks.usual == pytest.approx([1.0, 0.0])
    assert desks.load == pytest.approx([0.375, 0.0])
    assert [desks.inflow.any(), desks.used.any(), desks.offered.any()] == [False] * 3


def test_a_week_that_drops_more_than_it_takes_in_leaves_no_negative_record():
    desks = Desks(1).columns
    desks.inflow[0] = -50.0
    queue.close_week(desks, 0.1, 0.5)
    assert desks.usual[0] == 0.0
