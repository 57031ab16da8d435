"""How long problems last: cumulative incidence of cure, with which lapse competes (Aalen-Johansen).

A case closed on paper is neither cured nor gone: its problem is still there, and so is the case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from govsim import cases as c
from govsim.measures.record import NEVER, Record, once

__all__ = ["LIMIT", "Incidence", "cumulative_incidence", "days_to_cure", "first_day", "first_ends", "restricted_mean"]

LIMIT = 60
"""Working days at which a wait is cut off in the restricted mean."""


@dataclass(frozen=True)
class Incidence:
    """Share of cases that ended within so many working days: arrays over days 0, 1, 2 …

    Attributes:
        cured: truly cured.
        lapsed: gone by itself before a cure.
        at_risk: cases that were still there and under observation on that day.
    """

    cured: np.ndarray
    lapsed: np.ndarray
    at_risk: np.ndarray


def cumulative_incidence(days: np.ndarray, how: np.ndarray, causes: tuple[int, ...]) -> list[np.ndarray]:
    """Aalen-Johansen estimates for competing causes, in whole days.

    Args:
        days: (cases,) days from the start to the end, or to the last day observed where there was no end yet.
        how: (cases,) cause of the end; any other value says that it was still to come.
        causes: causes that compete.

    Returns:
        For each cause the share that ended so by day 0, 1, 2 …, and last the number at risk on each day.
    """
    longest = int(days.max(initial=-1)) + 1
    at_risk = np.bincount(days, minlength=longest)[::-1].cumsum()[::-1]
    hazards = [np.bincount(days[how == cause], minlength=longest) / at_risk for cause in causes]
    survived = np.cumprod(1.0 - np.sum(hazards, axis=0))
    before = np.concatenate([[1.0], survived])[:longest]
    return [*(np.cumsum(before * hazard) for hazard in hazards), at_risk]


@once
def days_to_cure(record: Record) -> Incidence:
    """Cumulative incidence of cure and lapse for the cases raised in the window."""
    ends, cohort = record.ends, record.raised
    last = np.where(ends.closed == NEVER, record.end - 1, ends.closed)
    return Incidence(*cumulative_incidence((last - ends.raised)[cohort], ends.stage[cohort], (c.CURED, c.LAPSED)))


def first_ends(record: Record) -> dict[str, np.ndarray]:
    """What comes first of a true cure, a closing on paper and a lapse: cumulative shares by working day 0 to LIMIT.

    The three compete, for the cases raised in the window; those that are still open are censored at its end. What is
    closed on paper counts as that from then on, though it may come back and be cured.

    Returns:
        ``cured``, ``on_paper`` and ``lapsed``, each (LIMIT + 1,); NaN on days after the last on which a case was
        observed, unless all had ended by then.
    """
    ends, cohort = record.ends, record.raised
    on_paper = ends.first_paper != NEVER
    how = np.where(on_paper, c.PAPER, ends.stage)
    last = np.where(on_paper, ends.first_paper, np.where(ends.closed == NEVER, record.end - 1, ends.closed))
    curves = cumulative_incidence((last - ends.raised)[cohort], how[cohort], (c.CURED, c.PAPER, c.LAPSED))[:3]
    ended = len(curves[0]) > 0 and np.isclose(sum(curve[-1] for curve in curves), 1.0)
    shares = {}
    for name, curve in zip(("cured", "on_paper", "lapsed"), curves, strict=True):
        shares[name] = np.full(LIMIT + 1, curve[-1] if ended else np.nan)
        shares[name][: len(curve)] = curve[: LIMIT + 1]
    return shares


def first_day(incidence: np.ndarray, share: float) -> float | None:
    """First day by which a share of cases ended so; None where that was never reached."""
    reached = np.flatnonzero(incidence >= share - 1e-9)  # sums of products fall a little short of 1/2
    return float(reached[0]) if len(reached) else None


def restricted_mean(record: Record) -> float | None:
    """Mean of min(days to a true cure, LIMIT) over the cases raised early enough to be watched that long."""
    ends = record.ends
    watched = record.raised & (ends.raised <= record.end - LIMIT)
    if not watched.any():
        return None
    days = np.where(ends.cured, ends.closed - ends.raised, LIMIT)[watched]
    return float(np.minimum(days, LIMIT).mean())
