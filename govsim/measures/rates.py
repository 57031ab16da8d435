"""How outcomes are computed: each measure is a pure function of a record, None where it is undefined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from govsim.calendar import QUARTER, WEEKS_A_YEAR
from govsim.measures import cost
from govsim.measures.durations import days_to_cure, first_day
from govsim.measures.inequality import theil, theil_of_chance
from govsim.measures.record import MEMORY, Record

__all__ = [
    "Measure", "Per1000", "a_year", "day_reached", "extra", "fund_unspent",
    "inequality", "last_quarter", "last_survey", "ratio", "share_of_raised", "social_hours", "spent",
    "theil_beyond_chance", "total", "turnover", "worker_utilisation",
]  # fmt: skip

Measure = Callable[[Record], float | None]


# --- weekly series


def total(record: Record, *names: str) -> float:
    """Flows summed over the window, and added up."""
    return float(sum(record.series[name].sum() for name in names))


def ratio(over: Callable[[Record], float] | str, under: Callable[[Record], float] | str) -> Measure:
    """One total over another; a name stands for the total of that flow."""
    above, below = ((lambda r, t=t: total(r, t)) if isinstance(t, str) else t for t in (over, under))

    def measure(record: Record) -> float | None:
        return above(record) / below(record) if below(record) else None

    return measure


def last_quarter(name: str) -> Measure:
    """A stock, averaged over the last quarter, so that no single week decides."""
    return lambda record: float(record.series[name][-QUARTER:].mean())


def last_survey(name: str) -> Measure:
    """The result of the last survey in the window; None where there was none."""
    return lambda record: float(record.series[name][-1]) if record.weeks >= QUARTER else None


@dataclass(frozen=True)
class Per1000:
    """Weekly series added up, per 1,000 residents: flows over the window, stocks over its last quarter."""

    names: tuple[str, ...]
    stock: bool = False

    def weekly(self, series: Mapping[str, np.ndarray], residents: int) -> np.ndarray:
        """Its value in each week: (weeks,)."""
        return np.sum([series[name] for name in self.names], axis=0) / (residents / 1_000.0)

    def __call__(self, record: Record) -> float:
        """Its value in the window."""
        weekly = self.weekly(record.series, record.residents)
        return float(weekly[-QUARTER if self.stock else 0 :].mean())


# --- cases and places


def share_of_raised(which: Callable[[Record], np.ndarray]) -> Measure:
    """Share of the cases raised in the window that are among some."""
    return ratio(lambda r: float((which(r) & r.raised).sum()), lambda r: float(r.raised.sum()))


def day_reached(share: float) -> Measure:
    """First day by which that share of the cases raised in the window was truly cured."""
    return lambda record: first_day(days_to_cure(record).cured, share)


def inequality(tier: str, index: Callable[[np.ndarray, np.ndarray], float | None]) -> Measure:
    """An index of how unmet need per resident differs between the units of a tier."""

    def measure(record: Record) -> float | None:
        if record.weeks < MEMORY:
            return None
        unit = record.tiers[tier]
        return index(np.bincount(unit, record.unmet), np.bincount(unit, record.people))

    return measure


def theil_beyond_chance(tier: str) -> Measure:
    """Theil's T, less what luck alone would show."""

    def measure(record: Record) -> float | None:
        observed = inequality(tier, theil)(record)
        chance = theil_of_chance(record.hurt, len(np.unique(record.tiers[tier])))
        return None if observed is None or chance is None else observed - chance

    return measure


# --- money and time


def a_year(amount: Callable[[Record], float]) -> Measure:
    """An amount of the window per resident and year."""
    return lambda record: amount(record) / record.residents / (record.weeks / WEEKS_A_YEAR)


def spent(record: Record, *items: str) -> float:
    """Yuan spent on some items, or on all."""
    paid = cost.spending(record)
    return sum(paid[item] for item in items or paid)


def extra(record: Record) -> float:
    """Yuan spent beyond what the arrangements before the reform would have cost."""
    return spent(record) - sum(cost.before_reform(record).values())


def fund_unspent(record: Record) -> float:
    """Yuan of the fund made available and not paid out."""
    return total(record, "fund_accrued") - total(record, "fund_spent")


def social_hours(record: Record) -> float:
    """Hours of people who are not paid for them: see the series of these names."""
    return total(
        record,
        "volunteer_hours",
        "queue_hours",
        "meeting_hours",
        "member_hours",
        "partner_hours",
        "gate_hours",
        "enterprise_hours",
        "deliberation_hours",
        "overtime_hours",
    )


def visits_to_success(share: Callable[[np.ndarray], np.ndarray]) -> Measure:
    """Of the households that gave in, the share whose number of visits is among some."""

    def measure(record: Record) -> float | None:
        visits = record.ends.visits[record.ends.persuaded & record.raised]
        return float(share(visits).mean()) if len(visits) else None

    return measure


def turnover(record: Record) -> float | None:
    """Grid workers who left in a year, per worker."""
    weekly = ratio("workers_left", "workers")(record)
    return None if weekly is None else WEEKS_A_YEAR * weekly


def worker_utilisation(record: Record) -> float | None:
    """Share of grid workers' hours that goes to duties, cases and mediation."""
    return ratio(lambda r: total(r, "duty_hours", "casework_hours"), "worker_hours")(record)
