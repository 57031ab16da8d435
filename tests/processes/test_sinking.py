"""Sinking: hours move down and none is lost; a case that a street takes on meets no branch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from govsim import cases as c
from govsim.city import City
from govsim.config.compose import compose, with_values
from govsim.processes.sinking import sinkable_part
from govsim.recorder import SERIES

WHOLE_DISTRICT = ("place.residents=100000", "place.district_residents=100000", "place.streets=4", "place.districts=1")
STREET = ("place=community", "place.residents=12000")
SINKING = ("policy=sinking", "baseline=none", "policy.sinking.start=2017-09-04")


def city(place: tuple[str, ...], **changes: Any) -> City:
    composed = compose([*place, *SINKING, "warmup=0", "weeks=40"])
    keys = {key.replace("__", "."): value for key, value in changes.items()}
    return City(composed=replace(composed, config=with_values(composed.config, keys)))


def open_the_week(city: City) -> tuple[np.ndarray, np.ndarray]:
    """Hours a working day of streets and of branches."""
    city.rules = city.timeline.in_force(city.week)
    city.street_desks.open_the_week()
    city.branch_desks.open_the_week()
    (first, last), (_, end) = city.offices.streets, city.offices.branches
    return city.desks.hours[first:last].copy(), city.desks.hours[last:end].copy()


def total(city: City, name: str) -> float:
    return city.recorder.values[:, list(SERIES).index(name)].sum()


@pytest.mark.parametrize("hours", [0.5, 1.0, 2.0])
def test_hours_move_and_none_is_lost(hours):
    dose = {"policy__sinking__share": 0.8, "policy__sinking__hours": hours}
    before, after = city(WHOLE_DISTRICT, policy__sinking__share=0.0), city(WHOLE_DISTRICT, **dose)
    (streets, branches), (streets_now, branches_now) = open_the_week(before), open_the_week(after)
    moved = streets_now - streets
    assert streets_now.sum() + branches_now.sum() == pytest.approx(streets.sum() + branches.sum(), rel=1e-12)
    assert moved / moved.sum() == pytest.approx(after.places.streets.residents / after.places.population)
    part = sinkable_part(after.kinds, after.n_departments, after.p.lead_variation)
    assert branches - branches_now == pytest.approx(
        np.minimum(0.95, 0.8 * hours * after.p.sunk_power * part) * branches
    )
    assert ((part >= 0.0) & (part < 1.0)).all()


def test_a_piece_of_a_district_gets_its_piece():
    piece = city(("place=street",), policy__sinking__share=1.0)
    streets, branches = open_the_week(piece)
    whole, before = city(("place=street",), policy__sinking__share=0.0), None
    before = open_the_week(whole)
    gained = (streets - before[0]).sum() * piece.places.street_share
    lost = (before[1] - branches).sum() * piece.places.district_share
    assert gained == pytest.approx(lost, rel=1e-9)


def test_a_case_taken_on_meets_no_branch():
    sunk = city(STREET, policy__sinking__share=1.0, behaviour__sunk_skill=0.6, before__target_pressure=0.3)
    sunk.run_model()
    log = {name: getattr(sunk.handoffs, name)[: sunk.handoffs.count[0]] for name in ("id", "day", "why")}
    taken = set(log["id"][log["why"] == c.TAKEN_ON].tolist())
    with_branches = set(log["id"][np.isin(log["why"], [c.DISPATCH, c.ACCEPTED, c.BOUNCED, c.NOT_OURS])].tolist())
    assert len(taken) > 30
    assert taken.isdisjoint(with_branches)
    ended = set(log["id"][np.isin(log["why"], [c.BY_STREET, c.BOTCHED])].tolist())
    assert len(taken & ended) > 0.5 * len(taken)
    assert total(sunk, "cured_by_street") > 0
    assert total(sunk, "sunk") <= len(taken)  # those that come back are not counted again


def test_a_generalists_skill_decides_what_is_truly_cured():
    good, bad = (city(STREET, policy__sinking__share=1.0, behaviour__sunk_skill=skill) for skill in (0.99, 0.5))
    for world in (good, bad):
        world.run_model()
    assert total(bad, "cured_by_street") < 0.75 * total(good, "cured_by_street")
    assert total(bad, "closed_on_paper") > total(good, "closed_on_paper")


def test_hours_without_powers_do_streets_no_good():
    """Dose and hours are apart: the hours alone only take from branches what streets cannot use."""
    alone = city(STREET, policy__sinking__share=1.0, policy__sinking__hours=0.0)
    streets, _ = open_the_week(alone)
    assert streets == pytest.approx(alone.desks.base_hours[slice(*alone.offices.streets)])
