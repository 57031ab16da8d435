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
        city, p = self.city, self.city.p
        grids, communities = city.places.grids, city.places.communities
        grids.workers[:] = staff(len(grids), city.rules.workers_per_grid)
        hours = grids.workers * city.config.before.worker_hours
        free = np.maximum(hours * (1.0 - p.paperwork_share - p.collect_share), 0.0)
        patrol = np.maximum(free * p.patrol_floor, free - grids.casework)
        grids.patrol[:] = self._cover_neighbours(patrol)

        places = city.places
        density = grids.patrol / np.maximum(grids.residents, 1.0) * 1_000.0
        places.settlements.patrol[:] = np.bincount(
            places.share_settlement, places.share * density[places.share_grid], len(places.settlements)
        )
        collected = np.bincount(grids.community, hours * p.collect_share, len(communities))
        per_thousand = collected / np.maximum(communities.residents, 1) * 1_000.0
        known = communities.knowledge
        learnt = 1.0 - np.exp(-p.information_rate * per_thousand)
        communities.knowledge[:] = known + learnt * (1.0 - known) - p.information_decay * known

        city.tally[flows.PATROL_HOURS] += grids.patrol.sum(dtype=np.float64)
        city.tally[flows.WORKER_HOURS] += hours.sum(dtype=np.float64)

    def _cover_neighbours(self, patrol: np.ndarray) -> np.ndarray:
        """Patrol hours by grid once workers give their neighbours' empty grids a share: (grids,) <- (grids,)."""
        grids, share = self.city.places.grids, self.city.p.cover_share
        n = len(self.city.places.communities)
        empty = grids.workers == 0
        empties = np.bincount(grids.community, empty, n)
        given = np.where(empties > 0, share, 0.0)[grids.community] * patrol
        pool = np.bincount(grids.community, given, n)
        return patrol - given + np.where(empty, (pool / np.maximum(empties, 1))[grids.community], 0.0)

    def settle_on_the_spot(self) -> None:
        """What grid workers found this week is settled there and then, or reported."""
        city = self.city
        grids = city.places.grids
        hours = grids.workers * city.config.before.worker_hours
        busy = grids.casework / np.maximum(hours * (1.0 - city.p.paperwork_share - city.p.collect_share), 1e-9)
        places = city.places
        n = len(places.settlements)
        busy_here = np.bincount(places.share_settlement, places.share * busy[places.share_grid], n)
        casework = _settle(
            city.seed, city.day, busy_here, city.cases.columns, city.kinds.columns, city.p, city.handoffs.columns,
            city.tally,
        )  # fmt: skip
        grids.casework[:] = np.bincount(places.share_grid, places.share * casework[places.share_settlement], len(grids))
        city.tally[flows.CASEWORK_HOURS] += casework.sum()


def staff(grids: int, per_grid: float) -> np.ndarray:
    """Workers of each grid: whole people, spread evenly, their sum rounded: (grids,)."""
    return np.diff(np.floor(np.arange(grids + 1) * per_grid + 0.5))


@kernel
def _settle(seed, first_day, busy, cases, kinds, p, log, tally):
    """Hours of casework by settlement: (settlements,) <- (settlements,)."""
    casework = np.zeros(busy.shape[0])
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
    return casework
