"""Facilities: what stations settle in their hours, and where incidents go that gates keep out."""

from __future__ import annotations

import numpy as np
import pytest
from towns import by_community, ids, town, weeks
from worlds import plant_before, run

from govsim import cases as c
from govsim import flows
from govsim.calendar import QUARTER, WORKING_DAYS
from govsim.city import City
from govsim.processes.compound import Compound
from govsim.processes.incidence import _MOST_MOVED, _around


def gated(share: float, **behaviour: float) -> City:
    """A town on the first morning with gates."""
    city = town(gates=share, behaviour=behaviour)
    return weeks(city, city.facilities.open_the_week, 1)


def raised(city: City) -> set[int]:
    """Cases that arise in a quarter."""
    before = ids(city, city.cases.stage > c.FREE)
    weeks(city, city.incidence.raise_cases, QUARTER)
    return ids(city, city.cases.stage > c.FREE) - before


# --- gates


def test_what_gates_keep_out_and_moves_arrives_elsewhere():
    for share in (0.1, 0.3, 0.6):
        city = gated(share)
        p, settlements = city.p, city.places.settlements
        moved, _ = _around(settlements.columns, city.places.communities.columns, p)
        kept_out = p.gate_effect * by_community(city, settlements.gated * settlements.residents)
        arrives = moved * by_community(city, ~settlements.gated * settlements.residents)
        below = moved < _MOST_MOVED
        assert below.any()
        assert arrives[below] == pytest.approx(p.gate_moves * kept_out[below])
        assert (arrives[~below] <= p.gate_moves * kept_out[~below]).all()


def test_gates_move_incidents_and_touch_nothing_else():
    behaviour = {"gate_effect": 0.5, "gate_moves": 1.0, "rate_scale": 10.0}
    open_town, city = gated(0.0, **behaviour), gated(0.4, **behaviour)
    before, after = raised(open_town), raised(city)
    behind = city.places.settlements.gated
    assert 0 < behind.sum() < len(behind)
    gone, new = before - after, after - before
    assert gone
    assert new
    assert all(behind[c.settlement_of(case_id)] for case_id in gone)
    assert not any(behind[c.settlement_of(case_id)] for case_id in new)
    assert all(city.kinds.by_strangers[c.kind_of(case_id)] > 0 for case_id in gone | new)
    still = {**behaviour, "gate_moves": 0.0}
    assert raised(gated(0.4, **still)) <= raised(gated(0.0, **still))


def test_gates_cost_residents_time_and_open_in_the_same_order():
    few, many = gated(0.3), gated(0.7)
    behind = [city.places.settlements.gated for city in (few, many)]
    assert (behind[1] >= behind[0]).all()
    assert not behind[1][~few.places.settlements.is_compound].any()
    people = (behind[1] * many.places.settlements.residents).sum()
    assert many.tally[flows.GATE_HOURS] == pytest.approx(many.p.gate_hours * people / 1_000.0)
    few.rules = few.rules._replace(gates=0.0)
    weeks(few, few.facilities.open_the_week, 1)
    assert not few.places.settlements.gated.any()
    assert few.tally[flows.GATE_HOURS] == 0.0


# --- stations

SHORT = {"station_hours": 5.0, "station_work": 2.0, "rate_scale": 3.0, "station_residents": 500.0}


def settled_by_stations(city: City) -> np.ndarray:
    """How many cases each station settled in each week: (weeks, settlements)."""
    noted = slice(0, int(city.handoffs.count[0]))
    log = city.handoffs
    there = log.why[noted] == c.AT_STATION
    week, home = log.day[noted][there] // WORKING_DAYS, c.settlement_of(log.id[noted][there])
    counts = np.zeros((week.max(initial=0) + 1, len(city.places.settlements)))
    np.add.at(counts, (week, home), 1)
    return counts


def a_station_settles_what_its_hours_allow(city: City) -> None:
    """No station settles more in a week than its staff have hours for, and where there is none nobody does."""
    settled = settled_by_stations(run(city))
    settlements, p = city.places.settlements, city.p
    assert settled.max() == np.floor(p.station_hours / p.station_work)
    large = settlements.is_compound & (settlements.residents >= p.station_residents)
    assert not settled[:, ~large].any()
    assert settled[:, large].sum(axis=0).astype(bool).sum() > 1


def test_a_station_settles_what_its_hours_allow(monkeypatch):
    a_station_settles_what_its_hours_allow(town(stations=1, behaviour=SHORT))

    def work_late(city: City) -> None:
        city.places.settlements.station_hours += 2.0

    plant_before(monkeypatch, Compound, "settle", work_late)
    with pytest.raises(AssertionError):
        a_station_settles_what_its_hours_allow(town(stations=1, behaviour=SHORT))


def test_a_station_that_closes_leaves_nothing_behind():
    city = town(stations=0.5)
    settlements = city.places.settlements
    weeks(city, city.facilities.open_the_week, 1)
    assert settlements.station.any()
    assert (settlements.rank[settlements.station] < 0.5).all()
    city.rules = city.rules._replace(stations=0.0)
    weeks(city, city.facilities.open_the_week, 1)
    assert not settlements.station.any()
    assert not settlements.station_hours.any()
