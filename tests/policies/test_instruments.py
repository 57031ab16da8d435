"""What must hold of every instrument, those included that are added later."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import yaml
from twins import PLACE, at_dose, lived_alike, same, world

from govsim.config.arrangements import Arrangements
from govsim.config.check import declared
from govsim.config.compose import compose
from govsim.measures.outcomes import OUTCOMES
from govsim.policies import INSTRUMENTS
from govsim.policies.base import ADD, SCALE
from govsim.rules import RULES
from govsim.source import configs_folder

BEFORE = Arrangements()

every = pytest.mark.parametrize("name", INSTRUMENTS)


def neutral(name: str) -> float:
    return INSTRUMENTS[name].neutral(BEFORE)


@every
def test_it_has_an_option_of_its_name_that_leaves_its_defaults(name):
    """Five doses of a study take the default for that of its file."""
    file = configs_folder() / "policy" / f"{name}.yaml"
    first, *_ = file.read_text(encoding="utf-8").splitlines()
    assert first.startswith("# ")
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == {"defaults": [f"/instrument/{name}@{name}"]}
    assert compose([*PLACE, f"policy={name}"]).config.policy == {name: INSTRUMENTS[name]()}


@every
def test_its_doses_are_inside_their_range(name):
    kind = INSTRUMENTS[name]
    for field in {kind.dose, *kind.scalable} - {None}:
        leaf = declared(f"policy.{name}.{field}")
        assert leaf is not None
        assert leaf.facts is not None
        assert leaf.facts.low is not None
        assert leaf.facts.high is not None
        assert leaf.facts.low <= getattr(kind(), str(field)) <= leaf.facts.high
        assert leaf.facts.low <= neutral(name) <= leaf.facts.high
    if kind.dose:
        assert getattr(kind(), kind.dose) != neutral(name)


@every
def test_it_writes_rules_that_exist_and_moves_an_outcome_that_exists(name):
    written = INSTRUMENTS[name]().rules(BEFORE)
    assert written
    assert {rule for rule, _, _ in written} <= RULES.keys()
    assert {how for _, how, _ in written} <= {ADD, SCALE}
    assert all(math.isfinite(value) for _, _, value in written)
    assert INSTRUMENTS[name].check in OUTCOMES


@every
def test_its_channel_is_closed_by_values_of_behaviour(name):
    channel = INSTRUMENTS[name].channel
    assert channel
    for key in channel:
        assert declared(f"behaviour.{key}") is not None, key


@every
def test_it_costs_something_finite_and_nothing_where_it_does_nothing(name):
    kind, config = INSTRUMENTS[name], compose(PLACE).config
    cost = kind().yearly_cost(config)
    assert math.isfinite(cost.yuan)
    assert cost.yuan >= 0.0
    assert math.isfinite(cost.hours)
    assert cost.hours >= 0.0
    if kind.dose:
        nothing = replace(kind(), **dict.fromkeys((kind.dose, *kind.scalable), neutral(name))).yearly_cost(config)
        assert (nothing.yuan, nothing.hours) == pytest.approx((0.0, 0.0), abs=1e-6)


@every
def test_at_its_neutral_dose_it_changes_nothing(name):
    if INSTRUMENTS[name].dose:
        assert same(world(), at_dose(name, neutral(name)))


@every
def test_with_its_channel_closed_nobody_lives_through_anything_else(name):
    kind = INSTRUMENTS[name]
    facts = declared(f"policy.{name}.{kind.dose}")
    if facts is None or facts.facts is None:
        return
    far = max((facts.facts.low, facts.facts.high), key=lambda end: abs((end or 0.0) - neutral(name)))
    assert lived_alike(at_dose(name, neutral(name), True), at_dose(name, far, True))


def test_a_second_way_into_the_world_is_noticed(monkeypatch):
    monkeypatch.setattr(INSTRUMENTS["committee"], "channel", {"liaison_hours": 0})
    assert not lived_alike(at_dose("committee", 0, True), at_dose("committee", 44, True))


def test_a_dose_that_is_not_neutral_is_noticed():
    assert not same(world(), at_dose("grid_staffing", neutral("grid_staffing") + 0.1))
