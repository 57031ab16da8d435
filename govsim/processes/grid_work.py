"""Grid workers: one working week split into paperwork, collecting, publicity, cases, mediation and patrol.

Rule. Each grid brings forms to fill in, which the workers of its community share: where there are fewer workers than
grids, each does more. Collecting and publicity take fixed shares. Cases found by grid workers come next: some are
settled on the spot (the kind's share, less where last week's casework already filled the time), the others are
reported; both take hours. Disputes that anybody found this week are mediated as far as ``mediation_share`` of the week
goes; an attempt settles the kind's share of them, and its time counts as casework. What is left is patrolled, but
never less than a floor. So whoever finds and mediates more patrols less next week. A worker gives a small share of
patrol to neighbouring grids that have none; cases found there are work of the community's workers.

What does not fit is overtime up to a limit, then patrol and at last paperwork go undone. Strain follows overload, in
shares of that limit. A worker leaves when the hazard ``turnover_base + turnover_strain x strain`` of a grid's workers,
added up since the last one left, passes a threshold keyed by (grid, number of leavers): the same luck in every world.
The post is vacant for ``vacancy_weeks``, and part of what the leaver knew of the community is lost. One post a grid is
vacant at most.

Collected information grows with collecting hours per resident and goes stale; streets misroute less where more is
known. Publicity reaches residents and is forgotten. Source: the four duties of ``grid.duties``; all numbers are
assumed. Order: patrol is set before detection, casework after it. Leaves out: pay, careers, differences in skill, and
work that other offices hand down in campaigns.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.jit import kernel
from govsim.process import Process

SPOT = draws.name("grid.on_spot")
LEAVES = draws.name("grid.worker_leaves")
ATTENDED = draws.name("grid.mediation_attended")
MEDIATED = draws.name("grid.mediated")


class GridWork(Process):
    """Splits the grid workers' week."""

    reads = ("cases.*", "detection.found", "grids.residents", "communities.residents")
    writes = (
        "grids.workers",
        "grids.patrol",
        "grids.casework",
        "grids.duties",
        "grids.strain",
        "grids.quit_pull",
        "grids.leavers",
        "grids.vacant_until",
        "settlements.patrol",
        "communities.knowledge",
        "communities.publicity",
        "cases.stage",
        "cases.closed",
        "handoffs",
        "tally.patrol_hours",
        "tally.casework_hours",
        "tally.duty_hours",
        "tally.mediation_hours",
        "tally.overtime_hours",
        "tally.worker_hours",
        "tally.workers_left",
        "tally.settled_on_spot",
        "tally.settled_by_mediation",
    )

    def plan_the_week(self) -> None:
        """See who leaves, staff the grids, and set duties and patrol from what last week's cases left."""
        city, p, places = self.city, self.city.p, self.city.places
        grids, communities = places.grids, places.communities
        posts = staff(len(grids), city.rules.workers_per_grid)
        left = _turn_over(city.seed, city.clock_week, posts, grids.columns, len(communities), p)
        forms = p.paperwork_share * city.config.before.worker_hours
        _plan(
            city.rules.worker_hours, forms, grids.columns, len(communities), places.settlements.columns,
            places.share_settlement, places.share_grid, places.share, p, city.tally,
        )  # fmt: skip

        hours = grids.workers * city.rules.worker_hours
        per_thousand = np.bincount(grids.community, hours, len(communities)) / communities.residents * 1_000.0
        there_were = np.bincount(grids.community, grids.workers, len(communities)) + left
        communities.knowledge *= 1.0 - p.leaver_share * left / np.maximum(there_were, 1.0)
        grow(communities.knowledge, p.information_rate * p.collect_share * per_thousand, p.information_decay)
        grow(communities.publicity, p.publicity_rate * p.publicity_share * per_thousand, p.publicity_decay)

        city.tally[flows.PATROL_HOURS] += grids.patrol.sum(dtype=np.float64)
        city.tally[flows.DUTY_HOURS] += grids.duties.sum(dtype=np.float64)
        city.tally[flows.WORKER_HOURS] += hours.sum(dtype=np.float64)
        city.tally[flows.WORKERS_LEFT] += left.sum()

    def settle_on_the_spot(self) -> None:
        """What grid workers found this week is settled there and then, or reported; disputes are mediated."""
        city, places = self.city, self.city.places
        casework, mediation = _settle(
            city.seed, city.detection.found, city.rules.worker_hours, places.grids.columns, len(places.communities),
            places.share_settlement, places.share_grid, places.share, places.settlements.columns, city.cases.columns,
            city.kinds.columns, city.p, city.handoffs.log, city.tally,
        )  # fmt: skip
        city.tally[flows.CASEWORK_HOURS] += casework
        city.tally[flows.MEDIATION_HOURS] += mediation


def staff(grids: int, per_grid: float) -> np.ndarray:
    """Posts of each grid: whole people, spread evenly, their sum rounded: (grids,)."""
    return np.diff(np.floor(np.arange(grids + 1) * per_grid + 0.5))


def grow(reached: np.ndarray, effort: np.ndarray, decay: float) -> None:
    """Move shares of those reached by one week of effort and of forgetting, in place: (communities,)."""
    reached += (1.0 - np.exp(-effort)) * (1.0 - reached) - decay * reached


@kernel
def _turn_over(seed, week, posts, grids, communities, numbers):
    """Fill posts that are not vacant, and count those who left by community: (communities,)."""
    p = numbers[0]
    left = np.zeros(communities)
    for g in range(posts.shape[0]):
        if posts[g] > 0.0 and grids.vacant_until[g] <= week:
            grids.quit_pull[g] += posts[g] * (p.turnover_base + p.turnover_strain * grids.strain[g])
            if draws.reached(grids.quit_pull[g], seed, LEAVES, g, grids.leavers[g]):
                grids.quit_pull[g] = 0.0
                grids.leavers[g] += 1
                grids.vacant_until[g] = week + np.int64(p.vacancy_weeks)
                left[grids.community[g]] += 1.0
        grids.workers[g] = np.int64(max(0.0, posts[g] - (grids.vacant_until[g] > week)))
    return left


@kernel
def _plan(
    worker_hours, forms, grids, communities, settlements, share_settlement, share_grid, share, numbers, tally
):  # fmt: skip
    """Duties, patrol and overtime by grid, and the patrol that reaches each settlement and resident.

    A share of patrol goes to neighbours' empty grids, whose forms and cases are those of all workers around.
    """
    p = numbers[0]
    n = grids.patrol.shape[0]
    paper, workers, empty, given = (
        np.zeros(communities), np.zeros(communities), np.zeros(communities), np.zeros(communities),
    )  # fmt: skip
    kept = np.zeros(n)
    for g in range(n):
        here = grids.community[g]
        paper[here] += forms
        workers[here] += grids.workers[g]
        empty[here] += grids.workers[g] == 0
    for g in range(n):
        here = grids.community[g]
        hours = grids.workers[g] * worker_hours
        grids.duties[g] = 0.0
        if hours <= 0.0:
            grids.strain[g] -= p.strain_rate * grids.strain[g]
            continue
        limit = p.overtime_limit * hours
        duties = paper[here] / workers[here] * grids.workers[g] + (p.collect_share + p.publicity_share) * hours
        busy = duties + grids.casework[g]
        patrol = max(p.patrol_floor * hours, hours - busy)
        excess = max(0.0, busy + patrol - hours)  # where there is none, rounding leaves a little more or less
        patrol = max(0.0, patrol - max(0.0, excess - limit))
        grids.duties[g] = min(duties, max(0.0, hours + limit - grids.casework[g]))
        tally[flows.OVERTIME_HOURS] += min(excess, limit)
        overload = min(1.0, excess / limit) if limit > 0.0 else 0.0
        grids.strain[g] += p.strain_rate * (overload - grids.strain[g])
        gives = (p.cover_share if empty[here] > 0.0 else 0.0) * patrol
        given[here] += gives
        kept[g] = patrol - gives
    for g in range(n):
        here = grids.community[g]
        grids.patrol[g] = kept[g] + (given[here] / empty[here] if grids.workers[g] == 0 else 0.0)
    reach = np.zeros(settlements.patrol.shape[0])
    for i in range(share.shape[0]):
        g = share_grid[i]
        per_thousand = np.float64(grids.patrol[g]) / max(grids.residents[g], 1.0) * 1_000.0
        reach[share_settlement[i]] += share[i] * per_thousand
    for s in range(reach.shape[0]):
        settlements.patrol[s] = reach[s]


@kernel
def _settle(
    seed, found, worker_hours, grids, communities, share_settlement, share_grid, share, settlements, cases, kinds,
    numbers, log, tally,
):  # fmt: skip
    """Hours of casework and, of these, of mediation."""
    p = numbers[0]
    n = grids.casework.shape[0]
    workers, taken = np.zeros(communities), np.zeros(communities)
    for g in range(n):
        workers[grids.community[g]] += grids.workers[g]
        taken[grids.community[g]] += grids.casework[g]
    busy, casework = np.zeros(settlements.residents.shape[0]), np.zeros(settlements.residents.shape[0])
    for i in range(share.shape[0]):  # those who cover an empty grid are as busy as its community on average
        g = share_grid[i]
        here = grids.community[g]
        own = grids.workers[g] > 0
        hours = (grids.workers[g] if own else workers[here]) * worker_hours
        hours = max(hours * (1.0 - p.paperwork_share - p.collect_share - p.publicity_share), 1e-9)
        busy[share_settlement[i]] += share[i] * ((grids.casework[g] if own else taken[here]) / hours)
    disputes = np.zeros(communities)
    for row in found:
        s, k, case_id = cases.settlement[row], cases.kind[row], cases.id[row]
        if cases.found_by[row] == c.GRID:
            time_left = 1.0 / max(1.0, busy[s])
            if draws.uniform(seed, SPOT, case_id, 0) < kinds.on_spot[k] * time_left:
                day = cases.found[row]
                c.cure(cases, row, day)  # it still stands on a list of those under way, which will drop it
                casework[s] += p.spot_hours
                tally[flows.SETTLED_ON_SPOT] += 1
                c.note(log, case_id, day, -1, c.ON_SPOT)
                continue
            casework[s] += p.report_hours
        disputes[settlements.community[s]] += kinds.mediable[k] > 0.0

    mediation = np.zeros(communities)
    for here in range(communities):
        mediation[here] = min(disputes[here] * p.mediation_hours, p.mediation_share * workers[here] * worker_hours)
    for row in found:
        k = cases.kind[row]
        if cases.stage[row] >= c.PAPER or kinds.mediable[k] <= 0.0:
            continue
        here, case_id = settlements.community[cases.settlement[row]], cases.id[row]
        attended = mediation[here] / (disputes[here] * p.mediation_hours)
        if draws.uniform(seed, ATTENDED, case_id, 0) >= attended:
            continue
        if draws.uniform(seed, MEDIATED, case_id, 0) < kinds.mediable[k]:
            c.cure(cases, row, cases.found[row])
            tally[flows.SETTLED_BY_MEDIATION] += 1
            c.note(log, case_id, cases.found[row], -1, c.BY_MEDIATION)

    orphaned, by_grid = np.zeros(communities), np.zeros(n)
    for i in range(share.shape[0]):
        g = share_grid[i]
        part = share[i] * casework[share_settlement[i]]
        if grids.workers[g] > 0:
            by_grid[g] += part
        else:
            orphaned[grids.community[g]] += part
    total = 0.0
    for g in range(n):
        here = grids.community[g]
        if grids.workers[g] > 0:
            by_grid[g] += (orphaned[here] + mediation[here]) * grids.workers[g] / workers[here]
        grids.casework[g] = by_grid[g]
        total += by_grid[g]
    return total, mediation.sum()
