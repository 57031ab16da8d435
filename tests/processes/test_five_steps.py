"""The five steps in a migrant compound come one after another, and none before its day."""

from __future__ import annotations

import numpy as np
from worlds import branch, run, series

from govsim.calendar import week_of
from govsim.city import City

HONGHU = ("place=honghu", "warmup=8")
STEPS = {
    "known_members": "party_organisation",
    "party_organised": "party_organisation",
    "covenant": "covenant",
    "settled_at_station": "service_station",
    "groups": "culture_venues",
}
"""What shows each step, and the instrument that brings it, in the order of the article."""


def steps_come_in_their_order(city: City) -> None:
    """Members are found, then organised; then come station and groups, and the covenant when it is drafted at last."""
    recorded = series(run(city))
    first = {name: int(np.argmax(recorded[name] > 0.0)) for name in STEPS}
    for name, instrument in STEPS.items():
        assert recorded[name].max() > 0.0, name
        assert first[name] >= week_of(city.config.policy[instrument].start), name
    at_once = [week for name, week in first.items() if name != "covenant"]  # which takes a large compound a year
    assert at_once == sorted(at_once)


def test_steps_come_in_their_order():
    steps_come_in_their_order(branch(*HONGHU, policy=("policy=honghu_steps",)))


def test_without_the_steps_none_of_it_is_there():
    recorded = series(run(branch(*HONGHU)))
    assert all(not recorded[name].any() for name in STEPS)
