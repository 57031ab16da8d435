"""Persuasion: door to door, from a first visit to a yes, or to a closed door."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Persuasion:
    """Door to door, from a first visit to a yes, or to a closed door."""

    yes_base: float = param(
        -2.4, "logit", "readiness at the first visit of a stranger, at middling trust", range=(-4, -1)
    )
    visit_weight: float = param(
        0.45, "logit per visit", "what each earlier visit adds, up to the peak; 0: visits do nothing", range=(0, 1),
        source="Deng & O'Brien 2013 for strong ties; against it Kalla & Broockman 2018", grade="B",
    )  # fmt: skip
    visit_peak: float = param(5, "visits", "visits after which another one no longer adds", range=(3, 8))
    visit_wears: float = param(0.3, "logit per visit", "what each visit beyond the peak takes away", range=(0, 1))
    tie_weight: float = param(1.6, "logit", "what a messenger with the closest tie adds", range=(0, 3))
    tie_neighbour: float = param(0.6, "0..1", "tie of an old neighbour who takes part", range=(0.3, 0.9))
    tie_member: float = param(0.45, "0..1", "tie of a Party member who lives in the compound", range=(0.2, 0.8))
    tie_staff: float = param(0.2, "0..1", "tie of community staff", range=(0.05, 0.5))
    tie_grid: float = param(0.3, "0..1", "tie of a grid worker", range=(0.1, 0.6))
    trust_weight: float = param(2.0, "logit", "what full trust adds to middling trust", range=(0, 4))
    resistance_sd: float = param(1.0, "logit", "spread of readiness between households", range=(0.4, 2))
    shown_weight: float = param(1.2, "logit", "what a finished pilot next door adds", range=(-0.3, 3))
    neighbours_weight: float = param(0.8, "logit", "what all neighbours having given in lately adds", range=(-0.3, 2))
    example_weight: float = param(
        0.8, "logit", "what members having removed theirs first adds; as much is lost where they did not", range=(0, 2)
    )
    member_duty: float = param(0.8, "logit", "how much readier a household of a Party member is", range=(0, 2))
    compensation_weight: float = param(1.5, "logit", "what a very large compensation adds", range=(0, 3))
    compensation_half: float = param(5_000, "yuan", "compensation with half of that effect", range=(1_000, 20_000))
    pressure_weight: float = param(1.0, "logit", "what visits under full pressure add", range=(0, 2))
    backfire: float = param(
        0.10, "1", "failed visits without pressure and tie that harden a household", range=(0, 0.3),
        source="Kalla & Broockman 2018; Deng & O'Brien 2013: pressure alienates", grade="B",
    )  # fmt: skip
    backfire_pressure: float = param(0.35, "1", "what full pressure adds to that", range=(0, 0.7))
    soured_weight: float = param(0.9, "logit", "what each hardening takes away", range=(0.2, 2))
    visit_gap: float = param(2, "weeks", "time before a household is visited again", range=(1, 8))
    visit_hours: float = param(1.5, "hours", "work of a visit, with what it takes to prepare it", range=(0.5, 4))
    ask_neighbours: float = param(
        0.5, "1", "visits for which an old neighbour is asked along where all residents take part", range=(0, 1)
    )
    ask_grid: float = param(0.2, "1", "visits that a grid worker makes where one walks the grid", range=(0, 0.6))
    removed_relapse: float = param(
        0.6, "1", "recurrence after a household gave in by itself, relative to a branch's enforcement", range=(0.3, 1.3)
    )
    example_memory: float = param(0.1, "1 per case", "how fast the example members give changes", range=(0.03, 0.3))
