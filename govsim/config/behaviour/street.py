"""Street: dispatch and coordination by streets."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Street:
    """Dispatch and coordination by streets."""

    dispatch_hours: float = param(0.5, "hours", "work to send a case to a department", range=(0.2, 1.5))
    coordination_hours: float = param(
        2.0, "hours", "work to bring departments to a decision on one disputed case", range=(0.5, 6)
    )
    patience: float = param(
        3, "decisions", "branches' decisions on a case after which the street coordinates", range=(2, 6)
    )
    misroute_scale: float = param(
        0.8, "1", "share of ambiguous cases sent to the wrong department first", range=(0.3, 1)
    )
    information_effect: float = param(
        0.6, "1", "share of misrouting that full knowledge of a community prevents", range=(0, 0.9)
    )
    district_weight: float = param(
        2.0,
        "1",
        "how much more a district's assignment counts with a branch than a street's",
        range=(1, 4),
    )
    hearing_hours: float = param(0.75, "hours", "time of a district's weekly meeting for one case", range=(0.2, 3))
    sunk_power: float = param(
        0.9, "1", "share of the steps and hours sunk on paper that streets in fact take over", range=(0.3, 1)
    )
    sunk_overhead: float = param(
        0.25, "1", "extra time a generalist at a street takes for a department's work", range=(0, 1)
    )
    sunk_skill: float = param(
        0.85, "1", "share of cases finished by streets that are truly cured (branches: skill)", range=(0.5, 0.99)
    )
    list_clarity: float = param(1.0, "1", "share of a list's coverage that offices act on", range=(0, 1))
