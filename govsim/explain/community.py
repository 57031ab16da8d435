"""What became of a community as a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govsim.calendar import WORKING_DAYS
from govsim.explain.places import CaseLoad, Change, calendar, case_load, states, weeks
from govsim.explain.story import Days, Line, Story

if TYPE_CHECKING:
    from govsim.explain.notes import Week
    from govsim.explain.probe import Probe

__all__ = ["CommunityState", "CommunityStory", "tell"]


class CommunityState(NamedTuple):
    """How a community stands.

    Attributes:
        satisfaction, trust, environment, need, joined: means over residents, 0..1.
        knowledge: how well grid workers know who lives here and who is responsible for what, 0..1.
        registered: share of residents on the citizens' platform.
        workers: grid workers.
        patrol: their hours of patrol a week.
        desk: hours a week that the committee's staff have for cases.
        certificates: hours a week that residents lose to certificates, per 1,000 residents.
        waiting: weeks of work that wait at its desk.
        party, owners: compounds with a Party organisation, and with an owners' committee.
    """

    satisfaction: float
    trust: float
    environment: float
    need: float
    joined: float
    knowledge: float
    registered: float
    workers: int
    patrol: float
    desk: float
    certificates: float
    waiting: float
    party: int
    owners: int


@dataclass(frozen=True)
class CommunityStory(Story):
    """What became of a community since the probe was attached.

    Attributes:
        community, street, district: rows of their tables.
        residents, compounds, grids: how many.
        days: the calendar.
        since, now: weeks of the timeline in which the story begins and in which it is told.
        then, today: how it stood and stands.
        changes: what changed, in order: ``begins`` and ``ends`` (an instrument by name), ``worker left`` (n),
            ``posts`` (before, after: a jump of the number of workers by a policy), ``first project``, ``first pilot``.
        projects, accrued, spent, matched: projects of the fund, yuan accrued and paid, and yuan of enterprises.
        rulings: rulings of the city's committee so far.
        cases: its cases.
    """

    community: int
    street: int
    district: int
    residents: int
    compounds: int
    grids: int
    days: Days
    since: int
    now: int
    then: CommunityState
    today: CommunityState
    changes: tuple[Change, ...]
    projects: int
    accrued: float
    spent: float
    matched: float
    rulings: int
    cases: CaseLoad

    def title(self) -> str:
        """Which community."""
        from govsim.explain.words import community

        return community.title(self)

    def lines(self) -> list[Line]:
        """What became of it in sentences."""
        from govsim.explain.words import community

        return community.lines(self)


def tell(probe: Probe, community: int) -> CommunityStory:
    """The story of a community; see :meth:`~govsim.explain.probe.Probe.community`."""
    city = probe.city
    here = city.places.communities[community]
    row, table = here.row, city.places.communities
    tables = {name: np.asarray(table.columns) for name, table in _tables(city)}
    told = weeks(probe)
    return CommunityStory(
        community=row, street=here.street.row, district=here.district.row, residents=here.population,
        compounds=len(here.compounds), grids=len(here.grids), days=calendar(probe), since=probe.since, now=city.week,
        then=_state(probe, row, told[0].tables if told else tables), today=_state(probe, row, tables),
        changes=tuple(_changes(probe, row)),
        projects=int(table.projects[row]), accrued=float(table.accrued[row]), spent=float(table.spent[row]),
        matched=float(table.match_pledged[row]), rulings=len(city.committee.minutes),
        cases=case_load(probe, city.places.settlements_of(row)),
    )  # fmt: skip


def _tables(city: Any) -> Iterator[tuple[str, Any]]:
    for name in ("settlements", "communities", "grids"):
        yield name, getattr(city.places, name)
    yield "desks", city.desks


def _state(probe: Probe, row: int, tables: dict[str, np.ndarray]) -> CommunityState:
    places = probe.city.places
    homes, grids = places.settlements_of(row), slice(*_grids(probe, row))
    settlements = tables["settlements"][homes.start : homes.stop]
    people = places.settlements.residents[homes.start : homes.stop]
    is_compound = places.settlements.is_compound[homes.start : homes.stop]
    community, desk, of_grids = tables["communities"][row], tables["desks"][row], tables["grids"][grids]

    def mean(column: str) -> float:
        return float(np.average(settlements[column], weights=people))

    week = WORKING_DAYS * float(desk["hours"])
    return CommunityState(
        satisfaction=mean("mean_satisfaction"), trust=mean("mean_trust"), environment=mean("environment"),
        need=mean("need"), joined=mean("joined_share"), knowledge=float(community["knowledge"]),
        registered=float(community["registered_share"]), workers=int(of_grids["workers"].sum()),
        patrol=float(of_grids["patrol"].sum()), desk=week, certificates=float(community["time_lost"]),
        waiting=max(0.0, float(desk["arrived"] - desk["served"])) / max(week, 1e-9),
        party=int(settlements["party"][is_compound].sum()),
        owners=int(settlements["owners_committee"][is_compound].sum()),
    )  # fmt: skip


def _grids(probe: Probe, row: int) -> tuple[int, int]:
    table = probe.city.places.communities
    first = int(table.first_grid[row])
    return first, first + int(table.grids[row])


def _changes(probe: Probe, row: int) -> Iterator[Change]:
    """Instruments that begin and end, workers who come and go, and the first project and pilot."""
    city = probe.city
    grids = slice(*_grids(probe, row))
    known = list(states(probe, "communities", row))
    for week in weeks(probe):
        now, before = ({policy.name for policy in city.timeline.running(w)} for w in (week.week, week.week - 1))
        yield from (Change(week.week, "begins", {"policy": name}) for name in sorted(now - before))
        yield from (Change(week.week, "ends", {"policy": name}) for name in sorted(before - now))
    for before, after in pairwise(weeks(probe)):
        yield from _workers(before, after, grids)
    for (week, before), (_, after) in pairwise(known):
        for column, what in (("projects", "first project"), ("pilots", "first pilot")):
            if before[column] == 0 and after[column] > 0:
                yield Change(week, what)


def _workers(before: Week, after: Week, grids: slice) -> Iterator[Change]:
    one, other = before.tables["grids"][grids], after.tables["grids"][grids]
    left = int(other["leavers"].sum()) - int(one["leavers"].sum())
    if left:
        yield Change(after.week, "worker left", {"n": left})
    if before.rules.workers_per_grid != after.rules.workers_per_grid:
        yield Change(after.week, "posts", {"before": int(one["workers"].sum()), "after": int(other["workers"].sum())})
