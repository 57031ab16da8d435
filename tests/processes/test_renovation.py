"""Renovation: where pilots come first, how far they are seen, and what stands in the way of works."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from towns import by_community, same_luck, town, weeks
from worlds import plant_before

from govsim import flows
from govsim.calendar import WEEKS_A_YEAR
from govsim.city import City
from govsim.lattice import curve, rectangle
from govsim.processes.renovation import Renovation, neighbours

WILLING = {"works_consent": 0.0}


def worst_of_each(city: City, column: np.ndarray) -> list[int]:
    """Row of the compound with the lowest value in each community."""
    places = city.places
    rows = (places.settlements_of(here) for here in range(len(places.communities)))
    return [min((s for s in r if places.settlements.is_compound[s]), key=lambda s: column[s]) for r in rows]


# --- pilots


def test_a_pilot_comes_first_where_it_looks_worst():
    city = town(pilots=1)
    settlements = city.places.settlements
    before = settlements.environment.copy()
    worst = worst_of_each(city, before)
    weeks(city, city.renovation.build, 1)
    assert np.flatnonzero(settlements.pilot_due >= 0).tolist() == sorted(worst)
    assert not settlements.pilot.any()
    assert (settlements.environment == before).all()
    weeks(city, city.renovation.build, int(city.p.pilot_weeks))
    assert np.flatnonzero(settlements.pilot).tolist() == sorted(worst)
    better = settlements.environment > before
    assert np.flatnonzero(better).tolist() == sorted(worst)
    weeks(city, city.renovation.build, 40)
    assert (city.places.communities.pilots == 1).all()
    assert (settlements.pilot_due < 0).all()


def test_one_pilot_after_another_and_each_is_paid_once():
    city = town(pilots=3)
    settlements, paid = city.places.settlements, 0.0
    for _ in range(60):
        weeks(city, city.renovation.build, 1)
        assert (by_community(city, settlements.pilot_due >= 0) <= 1).all()
        paid += city.tally[flows.WORKS_SPENT]
    assert (by_community(city, settlements.pilot > 0) == 3).all()
    assert paid == city.config.prices.pilot * 3 * len(city.places.communities)


def test_who_sees_whom_is_what_the_distance_says():
    width, height = rectangle(40)
    x, y = (axis[:40].astype(int) for axis in curve(width, height))
    first, near, metres = neighbours(x, y, width, 100.0)
    lists = [dict(zip(near[a:b].tolist(), metres[a:b].tolist(), strict=True)) for a, b in pairwise(first)]
    for i in range(40):
        far = {j: 100.0 * math.hypot(x[i] - x[j], y[i] - y[j]) for j in range(40)}
        assert lists[i] == pytest.approx({j: d for j, d in far.items() if d <= 300.0})
        assert all(lists[j][i] == distance for j, distance in lists[i].items())
        assert lists[i][i] == 0.0


def test_what_is_shown_falls_with_distance_and_time():
    city = town()
    settlements, p = city.places.settlements, city.p
    here = int(np.flatnonzero(settlements.is_compound)[0])
    settlements.pilot[here] = 1.0
    away = p.cell_metres * np.hypot(settlements.x - settlements.x[here], settlements.y - settlements.y[here])
    weeks(city, city.renovation.build, 1)
    shown = settlements.shown.copy()
    expected = np.where(away <= 3 * p.cell_metres, (1 - p.shown_decay) * np.exp(-away / p.shown_reach), 0.0)
    assert shown == pytest.approx(expected, rel=1e-5)
    weeks(city, city.renovation.build, 52)
    assert settlements.shown == pytest.approx(shown * (1 - p.shown_decay) ** 52, rel=1e-4)
    settlements.pilot[:] = 1.0
    weeks(city, city.renovation.build, 1)
    assert ((settlements.shown > shown) & (settlements.shown <= 1.0)).all()


# --- works


def money_is_spent_or_still_there(city: City) -> None:
    """What accrued for renovation was paid for compounds or lies with communities, week after week."""
    communities, spent = city.places.communities, 0.0
    for week in range(1, 105):
        weeks(city, city.renovation.build, 1)
        spent += city.tally[flows.WORKS_SPENT]
        accrued = city.rules.works_yuan / WEEKS_A_YEAR * communities.residents.sum() * week
        assert communities.works_balance.sum() + spent == pytest.approx(accrued)
        assert (communities.works_balance >= 0.0).all()
    assert spent > 0.0


def test_money_is_spent_or_still_there(monkeypatch):
    money_is_spent_or_still_there(town(works_yuan=600, behaviour=WILLING))

    def embezzle(city: City) -> None:
        city.places.communities.works_balance *= 0.999

    plant_before(monkeypatch, Renovation, "build", embezzle)
    with pytest.raises(AssertionError):
        money_is_spent_or_still_there(town(works_yuan=600, behaviour=WILLING))


def renovated(state: dict[str, float] | None = None, **behaviour: float) -> tuple[City, np.ndarray]:
    """A city after two years of money for works, and its environment before."""
    city = town(works_yuan=600, behaviour=behaviour)
    for name, value in (state or {}).items():
        getattr(city.places.settlements, name)[:] = value
    before = city.places.settlements.environment.copy()
    return weeks(city, city.renovation.build, 104), before


def test_works_begin_where_it_looks_worst_and_improve_it():
    city, before = renovated({"structures": 0.0}, **WILLING)
    settlements, p = city.places.settlements, city.p
    done = settlements.works > 0
    assert 0 < done.sum() < settlements.is_compound.sum()
    assert settlements.environment[done] == pytest.approx(before[done] + p.works_gain * (1 - before[done]), rel=1e-5)
    assert (settlements.environment[~done] == before[~done]).all()
    assert all(done[row] for row in worst_of_each(city, before))


@pytest.mark.parametrize(
    "obstacle",
    [
        {"structures": 100.0},
        {"owners_committee": False, "joined_share": 0.0, "party": False, "conflict": 1.0},
    ],
    ids=["structures", "no consent"],
)
def test_works_are_blocked_by_structures_and_for_want_of_consent(obstacle):
    city, before = renovated({"structures": 0.0, **obstacle})
    assert not city.places.settlements.works.any()
    assert (city.places.settlements.environment == before).all()
    accrued = 1_200.0 * city.places.communities.residents
    assert city.places.communities.works_balance == pytest.approx(accrued)  # it stays
    willing = {"owners_committee": True, "joined_share": 0.5, "party": True, "conflict": 0.0}
    assert renovated({"structures": 0.0, **willing})[0].places.settlements.works.any()


def test_a_pilot_next_door_can_make_residents_agree():
    unsure = {"owners_committee": False, "joined_share": 0.0, "party": False, "conflict": 0.0, "structures": 0.0}

    def works(pilot: float) -> bool:
        city, _ = renovated({**unsure, "shown": pilot, "pilot": pilot}, shown_decay=0.0)
        return bool(city.places.settlements.works.any())

    assert works(1.0)
    assert not works(0.0)


def test_new_works_prevent_problems_of_decay_and_nothing_else():
    old, new = same_luck({}, {})
    new.places.settlements.works[:] = 1.0
    for city in (old, new):
        city.incidence.raise_cases()
    raised = [np.bincount(city.cases.kind[city.cases.stage == 2], minlength=len(city.kinds)) for city in (old, new)]
    fewer = raised[1] < raised[0]
    assert (raised[1] <= raised[0]).all()
    assert fewer.any()
    assert (old.kinds.by_decay[fewer] > 0).all()
