"""Twin worlds of a small place: they share warm-up and luck, so what differs between them is an instrument's doing."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from govsim.config.compose import Composed, compose
from govsim.measures.outcomes import OUTCOMES
from govsim.policies import INSTRUMENTS
from govsim.study.world import World, build, finish, warm_up

PLACE = ("place=community", "warmup=4", "weeks=20", "baseline=none")
FROM_THE_START = "2017-09-04"


@cache
def world(*overrides: str) -> World:
    """A world of the small place to its end, under no policy unless an override names one."""
    composed = _composed("policy=none", *overrides)
    city = build(composed.config)
    city.restore(dict(_warm(*(o for o in overrides if not o.startswith("policy")))))
    return finish(city)


def at_dose(name: str, dose: float | None = None, channel_closed: bool = False) -> World:
    """A world under one instrument alone, in force from the start; None: its own dose."""
    instrument = INSTRUMENTS[name]
    asked = [f"policy={name}", f"policy.{name}.start={FROM_THE_START}"]
    asked += [f"policy.{name}.{instrument.dose}={dose:.12g}"] if dose is not None else []
    closed = [f"behaviour.{key}={value}" for key, value in instrument.channel.items()] if channel_closed else []
    return world(*asked, *closed)


def same(one: World, other: World) -> bool:
    """Whether two worlds are the same to the last bit, in every outcome and every week."""
    weeks = (np.array_equal(one.series[name], other.series[name], equal_nan=True) for name in one.series)
    return repr(one.values) == repr(other.values) and all(weeks)


def lived_alike(one: World, other: World) -> bool:
    """Whether residents lived through the same, to the last bit, whatever was spent and worked for it."""
    return all(one.values[name] == other.values[name] for name, o in OUTCOMES.items() if o.group == "headline")


@cache
def _composed(*overrides: str) -> Composed:
    by_key = {text.partition("=")[0]: text for text in (*PLACE, *overrides)}
    return compose(list(by_key.values()))


@cache
def _warm(*overrides: str) -> dict[str, Any]:
    return warm_up(build(_composed("policy=none", *overrides).config))
