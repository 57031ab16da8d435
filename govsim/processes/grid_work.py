"""Grid workers: one working week split into cases, paperwork, collecting information and patrol.

Rule. Paperwork and collecting take fixed shares. Cases found by grid workers come next: some are settled on
the spot (the kind's share, less where last week's casework already filled the time), the others are
reported; both take hours. What is left is patrolled, but never less than a floor. So whoever finds more
patrols less next week. A worker gives a small share of time to neighbouring grids that have none.

Collected information grows with collecting hours per resident and goes stale; streets misroute less where
more is known. Order: patrol is set before detection, casework after it. Leaves out: turnover, overtime,
and publicity (they come with the grid workers' own dynamics).
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.jit import kernel
from govsim.process import Process

SPOT = draws.name("grid.on_spot")


class GridWork(Process):
    """Splits the grid workers' week."""

    reads = ("cases.*", "grids.casework", "grids.residents")
    writes = (
        "grids.workers",
        "grids.patrol",
        "grids.casework",
        "settlements.patrol",
        "communities.knowledge",
        "cases.stage",
        "cases.closed",
        "handoffs",
        "tally.patrol_hours",
        "tally.casework_hours",
        "tally.worker_hours",
        "tally.settled_on_spot",
    )

    def plan_the_week(self) -> None:
        """Staff the grids, and set patrol and collecting from what last week's cases left."""
        city, p, places = self.city, self.city.p, self.city.places
        grids, communities = places.grids, places.communities
        grids.workers[:] = staff(len(grids), city.rules.workers_per_grid)
        _patrol(
            city.rules.worker_hours, grids.columns, len(communities), places.settlements.columns,
            places.share_settlement, places.share_grid, places.share, p,
        )  # fmt: skip

        hours = grids.workers * city.rules.worker_hours
        collected = np.bincount(grids.community, hours * p.collect_share, len(communities))
        per_thousand = collected / np.maximum(communities.residents, 1) * 1_000.0
        known = communities.knowledge
        learnt = 1.0 - np.exp(-p.information_rate * per_thousand)
        communities.knowledge[:] = known + learnt * (1.0 - known) - p.information_decay * known

        city.tally[flows.PATROL_HOURS] += grids.patrol.sum(dtype=np.float64)
        city.tally[flows.WORKER_HOURS] += hours.sum(dtype=np.float64)

    def settle_on_the_spot(self) -> None:
        """What grid workers found this week is settled there and then, or reported."""
        city, places = self.city, self.city.places
        casework = _settle(
            city.seed, city.day, city.rules.worker_hours, places.grids.columns, places.share_settlement,
            places.share_grid, places.share, len(places.settlements), city.cases.columns, city.kinds.columns, city.p,
            city.handoffs.log, city.tally,
        )  # fmt: skip
        city.tally[flows.CASEWORK_HOURS] += casework.sum()


def staff(grids: int, per_grid: float) -> np.ndarray:
    """Workers of each grid: whole people, spread evenly, their sum rounded: (grids,)."""
    return np.diff(np.floor(np.arange(grids + 1) * per_grid + 0.5))


@kernel
def free_hours(workers, worker_hours, p):
    """Hours a week that workers have for cases and patrol."""
    return workers * worker_hours * (1.0 - p.paperwork_share - p.collect_share)


@kernel
def _patrol(worker_hours, grids, communities, settlements, share_settlement, share_grid, share, numbers):
    """Patrol hours by grid, a share of which goes to neighbours' empty grids, and by settlement and resident."""
    p = numbers[0]
    n = grids.patrol.shape[0]
    empty, given, kept = np.zeros(communities), np.zeros(communities), np.zeros(n)
    for g in range(n):
        empty[grids.community[g]] += grids.workers[g] == 0
    for g in range(n):
        here = grids.community[g]
        free = max(free_hours(grids.workers[g], worker_hours, p), 0.0)
        patrol = max(free * p.patrol_floor, free - grids.casework[g])
        gives = (p.cover_share if empty[here] > 0.0 else 0.0) * patrol
        given[here] += gives
        kept[g] = patrol - gives
    for g in range(n):
        here = grids.community[g]
        grids.patrol[g] = kept[g] + (given[here] / empty[here] if grids.workers[g] == 0 else 0.0)
    reach = np.zeros(settlements.patrol.shape[0])
    for i in range(share.shape[0]):
        g = share_grid[i]
        per_thousand = grids.patrol[g] / max(grids.residents[g], np.float32(1.0)) * np.float32(1_000.0)
        reach[share_settlement[i]] += share[i] * per_thousand
    for s in range(reach.shape[0]):
        settlements.patrol[s] = reach[s]


@kernel
def _settle(
    seed, first_day, worker_hours, grids, share_settlement, share_grid, share, settlements, cases, kinds, numbers, log,
    tally,
):  # fmt: skip
    """Hours of casework by settlement: (settlements,), which are its grids' by their shares of it."""
    p = numbers[0]
    busy, casework = np.zeros(settlements), np.zeros(settlements)
    for i in range(share.shape[0]):
        g = share_grid[i]
        hours = max(free_hours(grids.workers[g], worker_hours, p), 1e-9)
        busy[share_settlement[i]] += share[i] * (grids.casework[g] / hours)
    for row in range(cases.id.shape[0]):
        if cases.found_by[row] != c.GRID or cases.found[row] < first_day or cases.stage[row] >= c.PAPER:
            continue
        s, k, case_id = cases.settlement[row], cases.kind[row], cases.id[row]
        time_left = 1.0 / max(1.0, busy[s])
        if draws.uniform(seed, SPOT, case_id, 0) < kinds.on_spot[k] * time_left:
            day = cases.found[row]
            c.cure(cases, row, day)  # it still stands on a list of those under way, which will drop it
            casework[s] += p.spot_hours
            tally[flows.SETTLED_ON_SPOT] += 1
            c.note(log, case_id, day, -1, c.ON_SPOT)
        else:
            casework[s] += p.report_hours
    by_grid = np.zeros(grids.casework.shape[0])
    for i in range(share.shape[0]):
        by_grid[share_grid[i]] += share[i] * casework[share_settlement[i]]
    for g in range(by_grid.shape[0]):
        grids.casework[g] = by_grid[g]
    return casework
