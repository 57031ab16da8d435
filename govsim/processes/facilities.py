"""Facilities: service stations and gates open in compounds, in an order that hangs on luck alone.

Rule. A share of the compounds has gates; a share of those with at least ``station_residents`` has a service station.
A station's staff settle cases within their hours (see compound) and make reporting easier (see detection); gates keep
a part of incidents out and move some of them elsewhere (see incidence), and cost residents time (see experience).
What is closed again leaves nothing behind. Leaves out: who may pass a gate, data that gates collect, and stations
shared by several compounds.
"""

from __future__ import annotations

from govsim import flows
from govsim.process import Process


class Facilities(Process):
    """Opens and closes stations and gates."""

    reads = ("settlements.rank", "settlements.residents", "settlements.is_compound")
    writes = ("settlements.station", "settlements.station_hours", "settlements.gated", "tally.gate_hours")

    def open_the_week(self) -> None:
        """Which compounds have a station and gates under the rules in force, and the staff's hours."""
        city, p = self.city, self.city.p
        settlements = city.places.settlements
        large = settlements.residents >= p.station_residents
        settlements.gated[:] = settlements.is_compound & (settlements.rank < city.rules.gates)
        settlements.station[:] = settlements.is_compound & large & (settlements.rank < city.rules.stations)
        settlements.station_hours[:] = settlements.station * p.station_hours
        gated = (settlements.gated * settlements.residents).sum() / 1_000.0
        city.tally[flows.GATE_HOURS] += p.gate_hours * gated
