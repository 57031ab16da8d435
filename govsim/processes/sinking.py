"""Sinking: working time that moves from district branches down to streets, at constant headcount.

Rule. Of each department's work a part is of kinds that streets could finish (``sinkable``). When such steps are sunk,
that part of its branches' hours moves to the streets of the district, by residents:

    sunk_hours x sunk_power x sum over kinds of sinkable x work / sum of work     (work a week before any policy)

so that at ``sunk_hours`` = share of steps, hours and work move together. Nobody is hired or dismissed. What streets do
with the hours is in street. Source: ``sinking``; all numbers are assumed. Leaves out: who
wants to move, and skills that grow with practice.
"""

from __future__ import annotations

import numpy as np

from govsim.kinds import Kinds

__all__ = ["sinkable_part", "sunk_part"]

_MOST = 0.95
"""Most of a branch's time that can move."""


def sinkable_part(kinds: Kinds, departments: int, lead_variation: float) -> np.ndarray:
    """Part of each department's work that streets could finish: (departments,)."""
    slot = np.arange(kinds.departments.shape[1])
    there = slot < kinds.slots[:, None]
    others = np.maximum(kinds.slots - 1, 1)
    elsewhere = lead_variation * kinds.ambiguity * (kinds.slots > 1)
    lead = np.where(slot == 0, 1.0 - elsewhere[:, None], (elsewhere / others)[:, None])
    needed = there * (lead + (1.0 - lead) * kinds.further[:, None])
    work = needed * (kinds.rate * (1.0 - kinds.at_community) * kinds.branch_hours)[:, None]  # (kinds, slots)
    where = np.where(there, kinds.departments, 0)
    total = np.bincount(where.ravel(), work.ravel(), departments)
    sinkable = np.bincount(where.ravel(), (work * kinds.sinkable[:, None]).ravel(), departments)
    return sinkable / np.maximum(total, 1e-12)


def sunk_part(kinds: Kinds, departments: int, sunk_hours: float, p) -> np.ndarray:
    """Part of each department's branch hours that has moved to streets: (departments,)."""
    if sunk_hours <= 0.0:
        return np.zeros(departments)
    moves = sunk_hours * p.sunk_power * sinkable_part(kinds, departments, p.lead_variation)
    return np.minimum(moves, _MOST)
