"""Detection: who finds problems."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Detection:
    """Who finds problems."""

    patrol_reach: float = param(
        0.11,
        "1 per hour",
        "hazard that an hour of patrol per 1,000 residents finds a fully visible case",
        range=(0.05, 0.30),
    )
    generalist_eye: float = param(
        0.55,
        "1",
        "how well an integrated worker sees a kind, relative to its own line's inspector",
        range=(0.2, 0.9),
    )
    resident_reach: float = param(
        0.12, "1 per day", "hazard that a median resident reports a fully visible case", range=(0.05, 0.3)
    )
    report_floor: float = param(0.3, "1", "readiness to report at zero trust", range=(0.1, 0.8))
    report_trust: float = param(0.9, "1", "how much full trust adds to readiness to report", range=(0, 1.5))
    renter_report: float = param(0.7, "1", "readiness of renters to report, owners = 1", range=(0.3, 1))
    migrant_report: float = param(0.5, "1", "readiness of migrants to report, owners = 1", range=(0.2, 1))
    voice_sd: float = param(
        0.5, "1", "log-spread of readiness to report; 0.5 makes places and people differ about threefold",
        range=(0.2, 0.8), source="Liu, Bhandaram & Garg 2023", grade="B",
    )  # fmt: skip
    publicity_effect: float = param(
        0.3, "1", "how much more readily residents report and register where publicity reached all", range=(0, 0.8)
    )
    property_reach: float = param(
        0.20,
        "1 per day",
        "hazard that a perfect property company finds a fully visible case",
        range=(0.05, 0.5),
    )
