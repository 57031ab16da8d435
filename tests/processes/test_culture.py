"""Culture: groups move from the open into venues, ties follow, and noise makes neighbours quarrel."""

from __future__ import annotations

import numpy as np
import pytest
from towns import ids, same_luck, town, weeks

from govsim import cases as c
from govsim.places import WORK_UNIT
from govsim.processes.culture import ties_toward


def test_groups_move_out_of_the_open_into_venues():
    without, some = (weeks(city, city.culture.meet, 300) for city in same_luck({}, {"venues": 0.4}))
    thousands, p = some.places.communities.residents / 1_000.0, some.p
    assert without.places.communities.groups_outside == pytest.approx(p.groups_in_the_open * thousands)
    assert not without.places.communities.groups.any()
    held = p.groups_a_venue * 0.04 * thousands
    assert some.places.communities.groups == pytest.approx(held, rel=1e-3)
    assert some.places.communities.groups_outside == pytest.approx(p.groups_in_the_open * thousands - held, rel=1e-2)
    many = town(venues=20)
    weeks(many, many.culture.meet, 300)
    assert (many.places.communities.groups_outside < 0.01 * p.groups_in_the_open * thousands).all()


def test_ties_follow_and_loosen_again():
    without, some = (weeks(city, city.culture.meet, 52) for city in same_luck({}, {"venues": 10}))
    ties = some.places.settlements.ties.copy()
    assert (ties > without.places.settlements.ties).all()
    some.rules = some.rules._replace(venues=0.0)
    weeks(some, some.culture.meet, 300)
    assert (some.places.settlements.ties < ties).all()
    closed = town(venues=10, behaviour={"ties_groups": 0.0})
    weeks(closed, closed.culture.meet, 52)
    none = town(behaviour={"ties_groups": 0.0})
    weeks(none, none.culture.meet, 52)
    assert (closed.places.settlements.ties == none.places.settlements.ties).all()


def test_ties_are_weaker_among_migrants_and_closer_among_old_colleagues():
    p = town().p[0]
    assert (
        ties_toward(0, 0.9, 0.0, 0.0, p) < ties_toward(0, 0.1, 0.0, 0.0, p) < ties_toward(WORK_UNIT, 0.1, 0.0, 0.0, p)
    )
    assert ties_toward(0, 0.1, 0.0, 0.5, p) > ties_toward(0, 0.1, 0.0, 0.0, p)
    assert ties_toward(0, 0.1, 5.0, 0.0, p) == ties_toward(0, 0.1, 1.0, 0.0, p)  # nobody is in two places


def test_groups_in_the_open_make_neighbours_quarrel_and_nothing_else():
    def raised(groups: float) -> set[int]:
        city = town(behaviour={"noise": 4.0})
        city.places.communities.groups_outside[:] = groups
        before = ids(city, city.cases.stage > c.FREE)
        city.incidence.raise_cases()
        return ids(city, city.cases.stage > c.FREE) - before

    quiet, loud = raised(0.0), raised(1e4)
    more = loud - quiet
    assert quiet < loud
    noisy = town().kinds.by_noise
    assert all(noisy[c.kind_of(case_id)] > 0 for case_id in more)
    assert len(more) > 0.5 * sum(noisy[c.kind_of(case_id)] > 0 for case_id in quiet)


def test_venues_prevent_complaints_about_space_and_nothing_else():
    def raised(venues: float) -> tuple[int, set[int]]:
        city, found = town(venues=venues, behaviour={"space_eased": 0.6}), set()
        for _ in range(6):
            weeks(city, city.incidence.raise_cases, 1)
            found |= ids(city, city.cases.stage == c.LATENT)
        return int(np.flatnonzero(city.kinds.for_space > 0)[0]), found

    (space, without), (_, some) = raised(0.0), raised(10.0)
    assert some < without
    assert {c.kind_of(case_id) for case_id in without - some} == {space}


def test_pride_passes_as_residents_get_used_to_it():
    city = town()
    settlements = city.places.settlements
    settlements.environment[:] = settlements.remembered + 0.3
    gap = []
    for _ in range(3):
        weeks(city, city.culture.meet, 40)
        gap.append(float((settlements.environment - settlements.remembered).mean()))
    assert 0.3 > gap[0] > gap[1] > gap[2] > 0.0
