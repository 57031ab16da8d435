"""What stories of places share: states from week to week, what changed, and the cases there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.explain.story import Days

if TYPE_CHECKING:
    from govsim.explain.notes import Week
    from govsim.explain.probe import Probe

__all__ = ["Brief", "CaseLoad", "Change", "Recent", "case_load", "states", "weeks"]

ENDS = {
    c.ON_SPOT: "on the spot",
    c.BY_MEDIATION: "mediation",
    c.AT_STATION: "station",
    c.IN_COMPOUND: "compound",
    c.GAVE_IN: "visit",
    c.BY_COMMUNITY: "community",
    c.BY_STREET: "street",
    c.CURED_THERE: "branch",
}
"""Hand-offs with which a case is truly cured."""


class Change(NamedTuple):
    """Something that changed in a week.

    Attributes:
        week: week of the timeline.
        what: a word for it; the story of the place says which there are.
        fields: numbers that belong to it.
    """

    week: int
    what: str
    fields: dict[str, Any] = {}  # noqa: RUF012 (never written)


class Brief(NamedTuple):
    """A case in a line: identity, kind, working day it arose, stage, and whether it was found."""

    id: int
    kind: str
    raised: int
    stage: str
    found: bool


class Recent(NamedTuple):
    """A hand-off in a line: working day, case, kind, row of WHY, and the branch's department if it was one."""

    day: int
    id: int
    kind: str
    why: int
    department: str


@dataclass(frozen=True)
class CaseLoad:
    """The cases of a place in the weeks of its story.

    Attributes:
        raised: how many arose.
        cured: how many were truly cured, by who did it (:data:`ENDS`).
        lapsed: how many went away by themselves; ``unfound``: of these, how many nobody had found.
        papers: closings on paper; ``complaints``: how many of these came back.
        unknown: mean days that found ones had been there by then; None where none was found.
        open: open ones, the oldest first.
        last: the newest hand-offs.
    """

    raised: int
    cured: dict[str, int]
    lapsed: int
    unfound: int
    papers: int
    complaints: int
    unknown: float | None
    open: tuple[Brief, ...]
    last: tuple[Recent, ...]


def states(probe: Probe, table: str, row: int) -> Iterator[tuple[int, Any]]:
    """(week, record) of one row as each week of the story opened, and last as it is now."""
    for week in weeks(probe):
        yield week.week, week.tables[table][row]
    now: Any = {"settlements": probe.city.places.settlements, "communities": probe.city.places.communities}[table]
    yield probe.city.week, np.asarray(now.columns)[row]


def weeks(probe: Probe) -> list[Week]:
    """The weeks of a story."""
    return probe.notes.weeks[probe.since - probe.notes.first :]


def case_load(probe: Probe, settlements: range, newest: int = 8) -> CaseLoad:
    """The cases of some settlements."""
    from govsim.views.cases import matching

    city, log = probe.city, probe.city.handoffs
    first_day = WORKING_DAYS * (probe.since + city.config.warmup)
    noted = slice(0, int(log.count[0]))
    ids, whys, days = log.id[noted], log.why[noted], log.day[noted]
    homes = c.settlement_of.py_func(ids)
    here = (homes >= settlements.start) & (homes < settlements.stop) & (days >= first_day)
    counted = Counter(whys[here].tolist())
    people = range(
        city.places.residents_of(settlements[0]).start, city.places.residents_of(settlements[-1]).stop
    )  # fmt: skip

    def inside(columns: Any) -> np.ndarray:
        return (columns["resident"] >= people.start) & (columns["resident"] < people.stop)

    every = matching(city, inside)
    since = [case for case in every if case.raised >= first_day]
    lapsed = [case for case in every if case.stage == "lapsed" and (case.closed or 0) >= first_day]
    unknown = [case.found - case.raised for case in since if case.found is not None]
    first_branch = city.offices.branches[0]
    last = [
        Recent(
            int(days[at]), int(ids[at]), city.kinds.names[c.kind_of.py_func(ids[at])], int(whys[at]),
            city.departments[(int(log.desk[at]) - first_branch) % city.n_departments].name
            if log.desk[at] >= first_branch else "",
        )
        for at in _by_day(np.flatnonzero(here), days)[-newest:]
    ]  # fmt: skip
    return CaseLoad(
        raised=len(since),
        cured={name: counted[why] for why, name in ENDS.items() if counted[why]},
        lapsed=len(lapsed),
        unfound=sum(case.found is None for case in lapsed),
        papers=counted[c.OVERDUE_PAPER] + counted[c.BOTCHED],
        complaints=counted[c.COMPLAINT],
        unknown=float(np.mean(unknown)) if unknown else None,
        open=tuple(
            Brief(int(case.id), case.kind, case.raised, case.stage, case.found is not None)
            for case in every if case.is_open or case.stage == "closed on paper"
        ),
        last=tuple(last),
    )  # fmt: skip


def calendar(probe: Probe) -> Days:
    """The calendar of the probe's city."""
    return Days(probe.city.config.warmup)


def _by_day(rows: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Hand-offs are noted office by office; as they happened, they are in the order of days."""
    return rows[np.argsort(days[rows], kind="stable")]
