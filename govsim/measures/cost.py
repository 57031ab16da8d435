"""What a world spends: every yuan once, as it was paid and not as it was planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from govsim.calendar import WEEKS_A_YEAR
from govsim.measures.record import Record, once
from govsim.policies import Instrument
from govsim.processes.grid_work import staff
from govsim.rules import Timeline

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config

__all__ = ["ITEMS", "before_reform", "by_week", "planned", "spending"]

ITEMS = ("grid_workers", "branches", "offices", "fund", "works", "compensation", "bodies")
"""What money goes to; :func:`spending` says how each is counted."""

_PRICED = {"workers_per_grid", "branch_hours", "office_hours", "fund_yuan", "pilots", "works_yuan", "visits"}
"""Rules whose cost is counted from what happened under them."""

_PAID = {"fund": "fund_spent", "works": "works_spent", "compensation": "compensation"}
"""Items that are what was paid, and the series of it."""


@once
def spending(record: Record) -> dict[str, float]:
    """Yuan spent in the window, by item. Together they are all that the place's government costs here.

    ============== ====================================================== ===========================
    item           counted from                                           price
    ============== ====================================================== ===========================
    grid_workers   grid workers there were each week                      ``prices.worker``
    branches       working time under the rules in force (all of it,      ``prices.official_hour``
                   meetings and idle hours included)
    offices        working time of communities and streets, likewise      ``prices.clerk_hour``
    fund           what was paid out (not what accrued)                   as paid
    works          what was paid for pilots and renovated compounds       as paid
    compensation   what households that gave in were paid                 as paid
    bodies         planned yearly cost, for the weeks in force, of        ``Instrument.yearly_cost``
                   instruments that write none of the rules behind the
                   items above: staff of the committee, organisers,
                   the platform, venues, stations, gates, training
    ============== ====================================================== ===========================

    So what an instrument buys by way of workers, hours or the fund is counted there and only there, and time
    in meetings is counted once, as working time (and beside it as hours, in the social cost).
    """
    return _in_all(record, record.instruments, record.series)


def before_reform(record: Record) -> dict[str, float]:
    """Yuan that the arrangements before the reform would have cost in the same window, by item."""
    workers = staff(record.grids, record.config.before.workers_per_grid).sum()
    nothing = np.zeros(record.weeks)
    return _in_all(record, {}, dict.fromkeys(_PAID.values(), nothing) | {"workers": np.full(record.weeks, workers)})


def planned(record: Record) -> float:
    """Yuan a year that this world's instruments are planned to cost while in force."""
    return float(sum(i.yearly_cost(record.config).yuan for i in record.instruments.values()))


def by_week(
    config: Config, timeline: Timeline, residents: int, series: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Yuan spent in each week from week 0 on, by the items of :func:`spending`: each (weeks,).

    Args:
        config: whose prices and arrangements.
        timeline: what was in force when.
        residents: of the place.
        series: weekly values by name from week 0 on; only ``workers`` and what is paid are read.
    """
    before, prices, thousands = config.before, config.prices, residents / 1_000.0
    weeks = range(len(series["workers"]))
    rules = [timeline.in_force(week) for week in weeks]
    branch_hours = sum(d.hours for d in config.departments.values()) * thousands
    office_hours = (before.community_hours + before.street_hours) * thousands
    bodies = [
        sum(body.yearly_cost(config).yuan for body in timeline.running(week) if not _is_priced(body, before))
        for week in weeks
    ]
    return {
        "grid_workers": series["workers"] * prices.worker / WEEKS_A_YEAR,
        "branches": np.array([r.branch_hours for r in rules]) * branch_hours * prices.official_hour,
        "offices": np.array([r.office_hours for r in rules]) * office_hours * prices.clerk_hour,
        **{item: series[name] for item, name in _PAID.items()},
        "bodies": np.array(bodies, dtype=np.float64) / WEEKS_A_YEAR,
    }


def _is_priced(body: Instrument, before: Arrangements) -> bool:
    """Whether what an instrument costs is counted from what happens under its rules."""
    return not _PRICED.isdisjoint(rule for rule, *_ in body.rules(before))


def _in_all(
    record: Record, instruments: Mapping[str, Instrument], series: Mapping[str, np.ndarray]
) -> dict[str, float]:
    timeline = Timeline(instruments, record.config.before)
    weekly = by_week(record.config, timeline, record.residents, series)
    return {item: float(yuan.sum()) for item, yuan in weekly.items()}
