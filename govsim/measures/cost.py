"""What a world spends: every yuan once, as it was paid and not as it was planned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from govsim.calendar import WEEKS_A_YEAR
from govsim.measures.record import Record, once
from govsim.policies import Instrument
from govsim.processes.grid_work import staff
from govsim.rules import Timeline

__all__ = ["ITEMS", "before_reform", "planned", "spending"]

ITEMS = ("grid_workers", "branches", "offices", "fund", "works", "compensation", "bodies")
"""What money goes to; :func:`spending` says how each is counted."""

_PRICED = {"workers_per_grid", "branch_hours", "office_hours", "fund_yuan", "pilots", "works_yuan", "visits"}
"""Rules whose cost is counted from what happened under them."""


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
    series = record.series
    paid = {"fund": series["fund_spent"], "works": series["works_spent"], "compensation": series["compensation"]}
    return _spending(record, record.instruments, series["workers"], {k: float(v.sum()) for k, v in paid.items()})


def before_reform(record: Record) -> dict[str, float]:
    """Yuan that the arrangements before the reform would have cost in the same window, by item."""
    workers = staff(record.grids, record.config.before.workers_per_grid).sum()
    weeks = np.ones(record.weeks)
    return _spending(record, {}, workers * weeks, dict.fromkeys(("fund", "works", "compensation"), 0.0))


def planned(record: Record) -> float:
    """Yuan a year that this world's instruments are planned to cost while in force."""
    return float(sum(i.yearly_cost(record.config).yuan for i in record.instruments.values()))


def _spending(
    record: Record, instruments: Mapping[str, Instrument], workers: np.ndarray, paid: Mapping[str, float]
) -> dict[str, float]:
    config, thousands = record.config, record.residents / 1_000.0
    before, prices = config.before, config.prices
    timeline = Timeline(instruments, before)
    weeks = range(len(workers))
    rules = [timeline.in_force(week) for week in weeks]
    bodies = {
        body.name: body.yearly_cost(config).yuan
        for body in instruments.values()
        if not _PRICED.intersection(rule for rule, *_ in body.rules(before))
    }
    in_force = (i.name for week in weeks for i in timeline.running(week) if i.name in bodies)
    branch_hours = sum(d.hours for d in config.departments.values()) * thousands
    office_hours = (before.community_hours + before.street_hours) * thousands
    return {
        "grid_workers": float(workers.sum()) * prices.worker / WEEKS_A_YEAR,
        "branches": sum(r.branch_hours for r in rules) * branch_hours * prices.official_hour,
        "offices": sum(r.office_hours for r in rules) * office_hours * prices.clerk_hour,
        **paid,
        "bodies": sum(bodies[name] for name in in_force) / WEEKS_A_YEAR,
    }
