"""All offices: the week opens with the work that people bring who are not simulated, and closes with the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim.calendar import WORKING_DAYS
from plain.queueing import background_hours, close_week

if TYPE_CHECKING:
    from plain.city import City

_LOAD_SMOOTHING = 0.15
"""A branch feels its load of about the last two months."""
_FIXED_SMOOTHING = 0.05
"""A fixed background keeps its luck for ever, so it is the mean of about 40 weeks."""


def open_the_week(city: City) -> None:
    """Background work of each working day of this week; the branches of one district share one clientele."""
    mirrored = city.config.background == "mirrored" or city.week < 0
    for place in (*city.communities, *city.streets):
        background_hours(city, [place.desk], mirrored)
    for district in city.districts:
        background_hours(city, district.branches, mirrored)


def close_the_week(city: City) -> None:
    """Count utilisation, and let usual work and load follow the week."""
    for district in city.districts:
        for branch in district.branches:
            city.tally["branch_hours_used"] += branch.used * branch.share
            city.tally["branch_hours"] += branch.offered * branch.share
    so_far = 1.0 / (city.clock_week + 1)  # a plain mean at first, or the start at nothing would linger
    for desk in city.desks:
        if city.week < 0:
            came = desk.inflow / WORKING_DAYS
            moved = desk.usual_before + max(_FIXED_SMOOTHING, so_far) * (came - desk.usual_before)
            desk.usual_before = max(0.0, moved)
        close_week(desk, max(city.p.smoothing, so_far), max(_LOAD_SMOOTHING, so_far))
