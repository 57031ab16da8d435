"""Grid workers: overload, who leaves, and what mediation takes from patrol."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from govsim.city import City
from govsim.config.behaviour import Behaviour, values
from govsim.config.compose import Composed, compose, with_values
from govsim.places import Grids
from govsim.processes.grid_work import _turn_over
from govsim.recorder import SERIES

SMALL = compose(["place=community", "policy=none", "baseline=none", "warmup=0", "weeks=26"])


def run(**changes: Any) -> City:
    """The small place to its end, with other values of some keys (``__`` stands for a dot)."""
    keys = {key.replace("__", "."): value for key, value in changes.items()}
    city = City(composed=compose_with(keys))
    city.run_model()
    return city


def compose_with(keys: dict[str, float]) -> Composed:
    return replace(SMALL, config=with_values(SMALL.config, keys))


def total(city: City, name: str) -> float:
    return city.recorder.values[:, list(SERIES).index(name)].sum()


def leavers(strain: float, weeks: int = 300, **behaviour: Any) -> np.ndarray:
    """How many leave 200 grids of one worker each, whose strain stays the same."""
    grids, p = Grids(200), values(Behaviour(**behaviour))
    grids.strain[:] = strain
    gone = np.zeros(1)
    for week in range(weeks):
        gone += _turn_over(np.uint64(1), week, np.ones(200), grids.columns, 1, p)
        assert (grids.workers == (grids.vacant_until <= week)).all()
    assert gone.sum() == grids.leavers.sum()
    return grids.leavers.copy()


def test_the_strained_leave_more_often_under_the_same_luck():
    calm, strained = leavers(0.0), leavers(1.0)
    assert (strained >= calm).all()
    assert strained.sum() > 2 * calm.sum() > 0
    assert (leavers(1.0, turnover_strain=0.0) == calm).all()  # through strain and nothing else


def test_as_many_leave_as_the_hazard_says():
    gone = leavers(0.0, weeks=1_000, turnover_base=0.005, vacancy_weeks=1.0)
    expected = 200 * 1_000 * 0.005
    assert abs(gone.sum() - expected) < 4 * np.sqrt(expected) + 0.01 * expected  # a post is vacant for one week in 200


def test_fewer_workers_for_as_many_grids_are_overloaded():
    many, few = (run(before__workers_per_grid=share) for share in (0.9, 0.3))
    assert total(many, "overtime_hours") == 0.0
    assert total(few, "overtime_hours") > 0.05 * total(few, "worker_hours")
    assert total(few, "strain") > total(many, "strain")
    assert total(few, "overtime_hours") <= 0.2 * total(few, "worker_hours") + 1e-6  # its limit


def test_mediation_is_paid_for_in_patrol():
    without, with_it = run(behaviour__mediation_share=0.0), run(behaviour__mediation_share=0.25)
    assert total(without, "settled_by_mediation") == total(without, "mediation_hours") == 0.0
    assert total(with_it, "settled_by_mediation") > 3
    taken = total(with_it, "mediation_hours")
    assert total(with_it, "patrol_hours") < total(without, "patrol_hours") - 0.5 * taken
    assert taken <= 0.25 * total(with_it, "worker_hours")


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_who_leaves_takes_knowledge_along(share):
    city = City(composed=compose_with({"behaviour.leaver_share": share, "behaviour.information_rate": 0.0}))
    grids, communities = city.places.grids, city.places.communities
    city.grid_workers.plan_the_week()
    workers = grids.workers.sum()
    communities.knowledge[:] = 0.8
    grids.quit_pull[np.flatnonzero(grids.workers)[0]] = 1e3
    city.grid_workers.plan_the_week()
    assert grids.workers.sum() == workers - 1
    stale = 1.0 - city.p.information_decay
    assert communities.knowledge[0] == pytest.approx(0.8 * (1.0 - share / workers) * stale)


def test_without_workers_nobody_is_reached():
    city = run(before__workers_per_grid=0.2, before__community_hours=40)
    assert total(city, "publicity") > 0.0
    nobody = City(place="community", policy="grid_staffing", warmup=0, weeks=8, **{
        "policy.grid_staffing.workers_per_grid": 0.0, "policy.grid_staffing.start": "2017-09-04",
    })  # fmt: skip
    nobody.run_model()
    for name in ("publicity", "mediation_hours", "duty_hours", "overtime_hours", "workers_left", "vacancies"):
        assert total(nobody, name) == 0.0, name
