"""Facilities: service stations and gates open in compounds, in an order that hangs on luck alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plain.city import City


def open_the_week(city: City) -> None:
    """Which compounds have gates and a station under the rules in force, and the hours of the station's staff.

    A compound has its place in line (``rank``); a rule that says a share of the compounds means the first in line.
    Only a large compound gets a station. Residents lose time at gates.
    """
    p, rules = city.p, city.rules
    for settlement in city.settlements:
        large = settlement.people >= p.station_residents
        settlement.gated = settlement.is_compound and settlement.rank < rules.gates
        settlement.station = settlement.is_compound and large and settlement.rank < rules.stations
        settlement.station_hours = p.station_hours if settlement.station else 0.0
        if settlement.gated:
            city.tally["gate_hours"] += p.gate_hours * settlement.people / 1_000.0
