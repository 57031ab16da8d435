"""Grid workers: one working week split into paperwork, collecting, publicity, cases, mediation and patrol.

Patrol is what the other duties and last week's cases leave; so whoever finds and mediates more patrols less next week.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from govsim import cases as c
from plain import handling
from plain.agents import Case, Community, Grid, Settlement

if TYPE_CHECKING:
    from plain.city import City


# --- at the start of a week: who is there, and how much they will patrol


def plan_the_week(city: City) -> None:
    """See who leaves, staff the grids, and set duties and patrol from what last week's cases left."""
    for community in city.communities:
        left = sum(_leaves(city, grid) for grid in community.grids)
        for grid in community.grids:
            grid.workers = max(0, posts(city, grid) - _is_vacant(city, grid))
        plan_in(city, community)
        _learn_and_publicise(city, community, left)
        city.tally["workers_left"] += left
    for settlement in city.settlements:
        settlement.patrol = patrol_that_reaches(settlement)


def posts(city: City, grid: Grid) -> int:
    """Posts of a grid: whole people, spread evenly over the grids of the city."""
    per_grid = city.rules.workers_per_grid
    return math.floor((grid.row + 1) * per_grid + 0.5) - math.floor(grid.row * per_grid + 0.5)


def _is_vacant(city: City, grid: Grid) -> bool:
    """Whether one of the grid's posts is vacant; one a grid at most."""
    return grid.vacant_until > city.clock_week


def _leaves(city: City, grid: Grid) -> bool:
    """Whether a worker of a grid leaves now: the hazard since the last one left has passed this one's threshold."""
    p, n = city.p, posts(city, grid)
    if n == 0 or _is_vacant(city, grid):
        return False
    grid.quit_pull += n * (p.turnover_base + p.turnover_strain * grid.strain)
    if grid.quit_pull < city.threshold("grid.worker_leaves", grid.row, grid.leavers):
        return False
    grid.quit_pull = 0.0
    grid.leavers += 1
    grid.vacant_until = city.clock_week + int(p.vacancy_weeks)
    return True


def plan_in(city: City, community: Community) -> None:
    """Duties and patrol of a community's grids; workers give a share of patrol to grids beside theirs without any."""
    empty = [grid for grid in community.grids if grid.workers == 0]
    given = 0.0
    for grid in community.grids:
        grid.duties = grid.patrol = 0.0
        if grid.workers == 0 or city.rules.worker_hours <= 0.0:
            grid.strain -= city.p.strain_rate * grid.strain
            continue
        patrol = _split_the_week(city, grid)
        gives = city.p.cover_share * patrol if empty else 0.0
        grid.patrol = patrol - gives
        given += gives
    for grid in empty:
        grid.patrol = given / len(empty)
    for grid in community.grids:
        city.tally["duty_hours"] += grid.duties
        city.tally["patrol_hours"] += grid.patrol
        city.tally["worker_hours"] += grid.workers * city.rules.worker_hours


def _split_the_week(city: City, grid: Grid) -> float:
    """Set a grid's duties and the strain of its workers; returns the hours that are left to patrol.

    Patrol gets what paperwork, collecting, publicity and last week's cases leave, but a floor at least. What does not
    fit is overtime up to a limit; beyond it patrol goes undone, and at last paperwork.
    """
    p = city.p
    hours = grid.workers * city.rules.worker_hours
    limit = p.overtime_limit * hours
    duties = _paperwork(city, grid) + (p.collect_share + p.publicity_share) * hours
    busy = duties + grid.casework
    patrol = max(p.patrol_floor * hours, hours - busy)
    excess = busy + patrol - hours
    overload = min(1.0, excess / limit) if limit > 0.0 else 0.0
    grid.duties = min(duties, max(0.0, hours + limit - grid.casework))
    grid.strain += p.strain_rate * (overload - grid.strain)
    city.tally["overtime_hours"] += min(excess, limit)
    return max(0.0, patrol - max(0.0, excess - limit))


def _paperwork(city: City, grid: Grid) -> float:
    """Each grid brings forms, which the workers of its community share: the fewer they are, the more each does."""
    forms = city.p.paperwork_share * city.config.before.worker_hours * len(grid.community.grids)
    return forms / _workers(grid.community) * grid.workers


def _workers(community: Community) -> int:
    return sum(grid.workers for grid in community.grids)


def patrol_that_reaches(settlement: Settlement) -> float:
    """Hours of patrol per 1,000 residents, of whichever grids a settlement lies in."""
    return sum(share * _patrol_per_thousand(grid) for grid, share in settlement.grids)


def _patrol_per_thousand(grid: Grid) -> float:
    return grid.patrol / max(grid.residents, 1.0) * 1_000.0


def _learn_and_publicise(city: City, community: Community, left: int) -> None:
    """Workers collect information, of which leavers take a part along and more goes stale; and they are heard of."""
    p = city.p
    per_thousand = _workers(community) * city.rules.worker_hours / community.residents * 1_000.0
    there_were = _workers(community) + left
    community.knowledge *= 1.0 - p.leaver_share * left / max(there_were, 1)
    community.knowledge = _grown(
        community.knowledge, p.information_rate * p.collect_share * per_thousand, p.information_decay
    )
    community.publicity = _grown(
        community.publicity, p.publicity_rate * p.publicity_share * per_thousand, p.publicity_decay
    )


def _grown(reached: float, effort: float, decay: float) -> float:
    """The share of those reached after one week of effort and of forgetting."""
    return reached + (1.0 - math.exp(-effort)) * (1.0 - reached) - decay * reached


# --- once the week's cases are found


def settle_on_the_spot(city: City) -> None:
    """What grid workers found this week is settled there and then, or reported; disputes are mediated."""
    for community in city.communities:
        found = [case for _, case in sorted(city.cases.items()) if _is_news(case, community)]
        casework = _settle_or_report(city, community, found)
        mediation = _mediate(city, community, found)
        _share_out(community, casework, mediation)
        city.tally["mediation_hours"] += mediation


def _is_news(case: Case, community: Community) -> bool:
    return case.settlement.community is community and case.found >= case.city.day and not handling.has_ended(case)


def _settle_or_report(city: City, community: Community, found: list[Case]) -> dict[Settlement, float]:
    """Settle what can be of the cases that grid workers found; hours of casework that they brought, by settlement."""
    hours = dict.fromkeys(community.settlements, 0.0)
    busy = {settlement: _business(city, settlement) for settlement in community.settlements}
    for case in found:
        if case.found_by != c.GRID:
            continue
        time_left = 1.0 / max(1.0, busy[case.settlement])
        if city.luck("grid.on_spot", case.id) < case.kind.on_spot * time_left:
            _cure(city, case, "settled_on_spot", c.ON_SPOT)
            hours[case.settlement] += city.p.spot_hours
        else:
            hours[case.settlement] += city.p.report_hours
    return hours


def _cure(city: City, case: Case, flow: str, why: int) -> None:
    """Cured on the day it was found. It still stands on a list of those under way, which will drop it."""
    handling.cure(case, case.found)
    city.tally[flow] += 1
    city.note(case, case.found, -1, why)


def _business(city: City, settlement: Settlement) -> float:
    """How far last week's casework already filled the time of the workers who come here, 1 = all of it.

    Those who cover a grid without workers are as busy as their community on average.
    """
    p = city.p
    free_share = 1.0 - p.paperwork_share - p.collect_share - p.publicity_share
    busy = 0.0
    for grid, share in settlement.grids:
        responsible = [grid] if grid.workers > 0 else grid.community.grids
        hours = sum(one.workers for one in responsible) * city.rules.worker_hours * free_share
        busy += share * sum(one.casework for one in responsible) / max(hours, 1e-9)
    return busy


def _mediate(city: City, community: Community, found: list[Case]) -> float:
    """Mediate this week's disputes, whoever found them, as far as the time for it goes; the hours it took."""
    p = city.p
    disputes = [case for case in found if not handling.has_ended(case) and case.kind.mediable > 0.0]
    wanted = len(disputes) * p.mediation_hours
    hours = min(wanted, p.mediation_share * _workers(community) * city.rules.worker_hours)
    for case in disputes:
        attended = city.luck("grid.mediation_attended", case.id) < hours / wanted
        if attended and city.luck("grid.mediated", case.id) < case.kind.mediable:
            _cure(city, case, "settled_by_mediation", c.BY_MEDIATION)
    return hours


def _share_out(community: Community, casework: dict[Settlement, float], mediation: float) -> None:
    """Who did the casework: a grid's own workers; mediation, and cases of grids without workers, all of them."""
    city, workers = community.city, _workers(community)
    here = {grid: sum(share * casework[place] for place, share in grid.settlements) for grid in community.grids}
    common = mediation + sum(hours for grid, hours in here.items() if grid.workers == 0)
    for grid, own in here.items():
        hours = own + common * grid.workers / workers if grid.workers > 0 else 0.0
        grid.casework = hours
        city.tally["casework_hours"] += hours
