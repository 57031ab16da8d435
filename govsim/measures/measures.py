"""Measures: the ways in which an outcome is computed from a record. Each is a pure function, None where undefined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from govsim import cases as c
from govsim.measures import cost
from govsim.measures.durations import days_to_cure, first_day
from govsim.measures.inequality import theil, theil_of_chance
from govsim.measures.record import MEMORY, Record, case_days
from govsim.processes.survey import QUARTER

__all__ = [
    "Measure",
    "Per1000",
    "between",
    "clipped",
    "day_reached",
    "divide",
    "extra",
    "in_the_books",
    "item",
    "lapsed",
    "last_quarter",
    "mean",
    "ratio",
    "share_of_raised",
    "social_hours",
    "spent",
    "surveyed",
    "theil",
    "total",
    "unspent",
    "worker_utilisation",
    "yearly",
]

Measure = Callable[[Record], float | None]


# --- measures of weekly series


def total(record: Record, *names: str) -> float:
    return float(sum(record.series[name].sum() for name in names))


def ratio(over: str, under: str) -> Measure:
    """One flow over another, both summed over the window."""

    def measure(record: Record) -> float | None:
        return divide(total(record, over), total(record, under))

    return measure


def divide(over: float, under: float) -> float | None:
    return over / under if under else None


def mean(weekly: np.ndarray) -> float | None:
    return float(weekly.mean()) if len(weekly) else None


def last_quarter(name: str) -> Measure:
    """A stock, averaged over the last quarter so that one week's luck does not decide."""
    return lambda record: mean(record.series[name][-QUARTER:])


@dataclass(frozen=True)
class Per1000:
    """Weekly series, added up, per 1,000 residents: a flow over the window, a stock over its last quarter."""

    names: tuple[str, ...]
    stock: bool = False

    def weekly(self, series: dict[str, np.ndarray], residents: int) -> np.ndarray:
        """Its value in each week: (weeks,)."""
        return np.sum([series[name] for name in self.names], axis=0) / (residents / 1_000.0)

    def __call__(self, record: Record) -> float | None:
        weekly = self.weekly(dict(record.series), record.residents)
        return mean(weekly[-QUARTER:] if self.stock else weekly)


def surveyed(name: str) -> Measure:
    """The last survey in the window; None where it was before."""
    return lambda record: float(record.series[name][-1]) if record.weeks >= QUARTER else None


# --- measures of cases and places


def share_of_raised(which: Callable[[Record], np.ndarray]) -> Measure:
    def measure(record: Record) -> float | None:
        return divide(float((which(record) & record.raised).sum()), float(record.raised.sum()))

    return measure


def in_the_books(record: Record) -> np.ndarray:
    return record.ends.cured | record.ends.on_paper


def lapsed(record: Record) -> np.ndarray:
    return record.ends.stage == c.LAPSED


def day_reached(share: float) -> Measure:
    return lambda record: first_day(days_to_cure(record).cured, share)


def between(tier: str, index: Callable[[np.ndarray, np.ndarray], float | None]) -> Measure:
    """An index of inequality in unmet need between the units of a tier."""

    def measure(record: Record) -> float | None:
        unit = record.tiers[tier]
        if record.weeks < MEMORY:
            return None
        return index(np.bincount(unit, record.unmet), np.bincount(unit, record.people))

    return measure


def theil(tier: str) -> Measure:
    """Theil's T, less what luck alone would show."""
    raw = between(tier, theil)

    def measure(record: Record) -> float | None:
        value = raw(record)
        if value is None:
            return None
        weights = record.severity() * case_days(record.ends, 0, record.end)
        chance = theil_of_chance(weights, len(np.unique(record.tiers[tier])))
        return None if chance is None else value - chance

    return measure


# --- measures of money and time


def yearly(total: Callable[[Record], float]) -> Measure:
    """Yuan of the window per resident and year."""
    return lambda record: yuan(record) / record.residents / (record.weeks / cost.WEEKS_A_YEAR)


def spent(record: Record) -> float:
    return sum(cost.spending(record).values())


def item(item: str) -> Measure:
    return yearly(lambda record: cost.spending(record)[item])


def extra(record: Record) -> float:
    return spent(record) - sum(cost.before_reform(record).values())


def social_hours(record: Record) -> float:
    return total(record, "volunteer_hours", "queue_hours", "meeting_hours")


def worker_utilisation(record: Record) -> float | None:
    casework = divide(total(record, "casework_hours"), total(record, "worker_hours"))
    p = record.config.behaviour
    return None if casework is None else casework + p.paperwork_share + p.collect_share


def unspent(record: Record) -> float | None:
    accrued = total(record, "fund_accrued")
    return divide(accrued - total(record, "fund_spent"), accrued)


def clipped(record: Record) -> float:
    return total(record, "clipped") / (2.0 * record.residents * record.weeks)
