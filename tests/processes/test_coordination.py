"""Coordination case by case: the district hears what streets could not settle, the worst first, in its own time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from govsim import cases as c
from govsim.city import City
from govsim.config.compose import compose, with_values
from govsim.measures.outcomes import evaluate
from govsim.measures.record import Record
from govsim.processes.departments import acceptance
from govsim.processes.handling import BY_DISTRICT, BY_STREET
from govsim.recorder import SERIES

PLACE = compose(["place=community", "place.residents=12000", "policy=none", "baseline=none", "warmup=0", "weeks=40"])
STUBBORN = {"behaviour.block_weight": 0.0, "behaviour.accept_base": -1.0, "behaviour.rate_scale": 1.5}


def city(**changes: Any) -> City:
    keys = {key.replace("__", "."): value for key, value in changes.items()}
    return City(composed=replace(PLACE, config=with_values(PLACE.config, keys)))


def stubborn(hours: float) -> City:
    """A place whose branches do not mind what streets say."""
    return City(composed=replace(PLACE, config=with_values(PLACE.config, STUBBORN | {"before.district_hours": hours})))


def total(city: City, name: str) -> float:
    return city.recorder.values[:, list(SERIES).index(name)].sum()


def test_a_district_counts_more_than_a_street():
    world = city()
    odds = [
        acceptance.py_func(0.8, 0.0, 0.0, by, 0.5, 5.0, world.p) for by in (0, BY_STREET, BY_DISTRICT)
    ]  # fmt: skip
    assert odds[0] < odds[1] < odds[2]
    same = city(behaviour__district_weight=1.0)
    assert acceptance.py_func(0.8, 0.0, 0.0, BY_DISTRICT, 0.5, 5.0, same.p) == odds[1]


def test_only_what_a_branch_refused_after_coordination_is_referred():
    world = stubborn(10.0)
    world.run_model()
    assert total(world, "referred") > 3
    log = world.handoffs
    for case_id in np.unique(log.id[: log.count[0]][log.why[: log.count[0]] == c.REFERRED]):
        why = [step[2] for step in log.of(int(case_id))]
        before = why[: why.index(c.REFERRED)]
        assert before[-1] == c.TOO_OFTEN  # a branch passed it on
        assert c.COORDINATION in before


def test_a_meeting_hears_no_more_than_its_hours():
    for hours in (0.0, 2.0):
        world = stubborn(hours)
        world.run_model()
        given = hours * world.places.district_share * 40
        assert total(world, "district_coordinated") * world.p.hearing_hours <= given
        assert total(world, "referred") > total(world, "district_coordinated")
        assert world.places.districts.hearing.sum() <= world.p.hearing_hours + 1e-9


def test_the_worst_case_is_heard_first():
    world = stubborn(0.0)
    while total(world, "referred") < 1 and world.running:
        world.step()
    there = np.flatnonzero((world.cases.stage >= c.COMMUNITY) & (world.cases.stage <= c.BRANCH))[:4].astype(np.int32)
    world.cases.clock[there] = world.day - np.array([5, 50, 20, 1])
    world.cases.kind[there] = 0
    world.places.districts.hearing[:] = 2.5 * world.p.hearing_hours
    world.config.before.district_hours = 0.0
    district = world.districts[0]
    heard_before = world.places.districts.hearing.copy()
    district.meet(there[:0])
    assert (world.places.districts.hearing <= heard_before).all()  # no time is saved up beyond two meetings
    world.places.districts.hearing[:] = world.p.hearing_hours
    district.meet(there)
    heard = world.cases.coordinated[there] == BY_DISTRICT
    assert heard.tolist() == [False, True, False, False]


@pytest.mark.parametrize("pressure", [0.6])
def test_targets_improve_the_books_and_not_life(pressure):
    worlds = [city(before__target_pressure=p, behaviour__work_scale=1.3) for p in (0.0, pressure)]
    for world in worlds:
        world.run_model()
    honest, pressed = ({k: v or 0.0 for k, v in evaluate(Record.of(world)).items()} for world in worlds)
    assert pressed["days_to_reply"] < honest["days_to_reply"]
    assert pressed["paper_share"] > honest["paper_share"]
    assert pressed["backlog_per_1000"] < honest["backlog_per_1000"]
    assert pressed["unmet_case_days_per_1000"] > 0.99 * honest["unmet_case_days_per_1000"]


def test_the_leading_group_backs_what_is_not_heeded():
    committee = city().committee
    committee.docket[2, 3], committee.docket[1, 4], committee.docket[0, 0] = 5.0, 2.0, 99.0
    committee.precedent[2, 3] = committee.precedent[1, 4] = 0.8  # nobody ruled on the third class
    committee.back(44)
    assert np.argwhere(committee.backed).tolist() == [[2, 3]]
    committee.back(44)
    assert np.argwhere(committee.backed).tolist() == [[1, 4], [2, 3]]
    committee.back(44)
    assert committee.backed.sum() == 2.0
