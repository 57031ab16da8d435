"""Covenant: drafted with somebody's hours, kept as far as others lead and join, worn off by what is left lying."""

from __future__ import annotations

import numpy as np
import pytest
from towns import by_community, ids, town, weeks
from worlds import plant_after

from govsim import cases as c
from govsim import flows
from govsim.city import City
from govsim.processes.covenant import Covenant, compliance_toward


def after_a_year(*, hours: float = 30.0, **state: float) -> np.ndarray:
    """Compliance after a year in which these columns of settlements stood as given."""
    city = town(covenant_drive=hours)
    for name, value in state.items():
        getattr(city.places.settlements, name)[:] = value
    return weeks(city, city.covenant.keep, 52).places.settlements.covenant


def drafted_hours_are_somebodys(city: City) -> None:
    """Work on covenants is what organisers gave, in no community more than they have, and no more than is needed."""
    settlements, given = city.places.settlements, 0.0
    needed = city.p.covenant_drafting * settlements.residents / 1_000.0
    for week in range(1, 31):
        weeks(city, city.covenant.keep, 1)
        given += city.tally[flows.ORGANISER_HOURS]
        assert settlements.covenant_work.sum() == pytest.approx(given)
        assert (by_community(city, settlements.covenant_work) <= city.rules.covenant_drive * week + 1e-9).all()
        assert (settlements.covenant_work <= needed + 1e-9).all()
        assert not settlements.covenant[settlements.covenant_work < needed].any()
    done = settlements.covenant_work >= needed
    assert settlements.covenant[done].all()
    assert 0 < done.sum() < settlements.is_compound.sum()
    assert not settlements.covenant_work[~settlements.is_compound].any()


def test_a_covenant_takes_the_hours_that_it_takes(monkeypatch):
    drafted_hours_are_somebodys(town(covenant_drive=3))
    assert not after_a_year(hours=0.0).any()

    def it_writes_itself(city: City) -> None:
        city.places.settlements.covenant_work[0] += 1.0

    plant_after(monkeypatch, Covenant, "keep", it_writes_itself)
    with pytest.raises(AssertionError):
        drafted_hours_are_somebodys(town(covenant_drive=3))


def test_it_is_led_by_example_and_by_joining_and_eroded_by_breaches():
    signed = town().places.settlements.is_compound
    quiet = {"pledged": 0, "joined_share": 0.0, "breaches": 0.0}
    alone = after_a_year(**quiet)[signed]
    assert (after_a_year(**{**quiet, "pledged": 5})[signed] > alone).all()
    assert (after_a_year(**{**quiet, "joined_share": 0.5})[signed] > alone).all()
    assert (after_a_year(**{**quiet, "breaches": 6.0})[signed] < alone).all()
    numbers = town().p
    p = numbers[0]
    assert (alone < numbers.covenant_own).all()
    assert compliance_toward(1.0, 1.0, 0.0, p) == 1.0
    half = compliance_toward(0.0, 0.0, numbers.violations_half, p)
    assert half == pytest.approx(numbers.covenant_own * (1.0 - 0.5 * numbers.covenant_erosion))


def test_a_covenant_that_is_kept_prevents_breaches_and_nothing_else():
    def raised(compliance: float) -> tuple[City, set[int]]:
        city = town()
        city.places.settlements.covenant[:] = compliance
        before = ids(city, city.cases.stage > c.FREE)
        city.incidence.raise_cases()
        return city, ids(city, city.cases.stage > c.FREE) - before

    (city, without), (_, kept) = raised(0.0), raised(1.0)
    prevented = without - kept
    assert kept < without
    assert all(city.kinds.by_conduct[c.kind_of(case_id)] > 0 for case_id in prevented)
