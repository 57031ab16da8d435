"""Docking of what instruments come to on paper: the rules that they write, what they cost, and when they do nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plain import instruments as plain

from govsim.config.check import declared
from govsim.config.compose import compose
from govsim.config.schema import Config
from govsim.policies import INSTRUMENTS, Instrument
from govsim.policies.fund import SIGNALS

PLACE = ("place=honghu", "policy=none", "place.communities=3", "place.sizes=[100,200,300,400]")
DOSES = (0.0, 0.01, 0.4, 1.0)
"""Where in its range a number of an instrument is tried."""
SHARES = (0.0, 0.5, 2.0)
"""Shares of its size at which an instrument is tried."""


def doses(name: str) -> list[Instrument]:
    """An instrument as it stands, with each of its numbers moved through its range, and by each signal."""
    standing = INSTRUMENTS[name]()
    tried = [standing]
    for field in vars(standing):
        leaf = declared(f"policy.{name}.{field}")
        if leaf and leaf.facts and leaf.facts.low is not None and leaf.facts.high is not None:
            low, high = leaf.facts.low, leaf.facts.high
            tried += [replace(standing, **{field: low + dose * (high - low)}) for dose in DOSES]
    if name == "committee":  # of less than one department it is none
        tried += [replace(standing, departments=departments) for departments in (0.5, 1.0, 1.5)]
    if name == "fund":
        tried += [replace(standing, signal=signal) for signal in SIGNALS]
    return tried


def on_paper(policy: Instrument, config: Config) -> dict[str, Any]:
    """What an instrument comes to in ``govsim``."""
    cost, before = policy.yearly_cost(config), config.before
    sized = [[getattr(policy.at(share, before), field) for field in policy.scalable] for share in SHARES]
    return {
        "nothing": policy.neutral(before), "terms": policy.rules(before), "yuan": cost.yuan, "hours": cost.hours,
        "sized": sized,
    }  # fmt: skip


def on_plain_paper(policy: Instrument, config: Config) -> dict[str, Any]:
    """What it comes to in the plain model."""
    paper, nothing = plain.of(policy, config), plain.dose_of_nothing(policy.name, config.before)
    sized = [[(1.0 - share) * nothing + share * getattr(policy, f) for f in policy.scalable] for share in SHARES]
    return {"nothing": nothing, **paper._asdict(), "sized": sized}


def differ(one: dict[str, Any], other: dict[str, Any]) -> str | None:
    """The first thing that is not the same on both papers: rules exactly, the other numbers to rounding."""
    for what, value in one.items():
        same = value == other[what] if what == "terms" else np.allclose(value, other[what], rtol=1e-12, atol=0.0)
        if not same:
            return f"{what}: {value} against {other[what]}"
    return None


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_is_the_same_on_paper(name: str):
    assert name in plain.INSTRUMENTS, f"write its plain twin in tests/oracle/plain/instruments.py: def {name}"
    config = compose(PLACE).config
    for policy in doses(name):
        assert differ(on_paper(policy, config), on_plain_paper(policy, config)) is None, policy


def test_the_plain_model_has_no_instrument_more():
    assert plain.INSTRUMENTS.keys() <= INSTRUMENTS.keys()
