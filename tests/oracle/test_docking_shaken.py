"""Docking from states that no history would lead to (see ``shaken``)."""

from __future__ import annotations

import pytest
from docking import differences, take
from shaken import shaken_weeks


@pytest.mark.parametrize("round_", range(3))
def test_every_part_of_a_week_is_the_same_from_any_state(round_: int):
    for city, step in shaken_weeks(round_):
        plain = take(city)
        step.fast(city)
        step.slow(plain)
        assert list(differences(city, plain)) == [], f"week {city.week}, {step.name}"
