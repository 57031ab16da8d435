"""What became of a compound (or of the open part of a community) as a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from govsim.explain.case import home_of
from govsim.explain.places import CaseLoad, Change, calendar, case_load, states
from govsim.explain.story import Days, Home, Line, Story

if TYPE_CHECKING:
    from govsim.explain.probe import Probe

__all__ = ["CompoundStory", "State", "tell"]

_NEW = 0.9
"""Freshness that works and pilots have only in the week in which they are done."""

FLAGS = {
    "party": ("party founded", "party asleep"),
    "owners_party": ("owners' party founded", "owners' party gone"),
    "station": ("station opened", "station closed"),
    "gated": ("gates opened", "gates closed"),
}
"""Columns that are true or false, and what it is called when they become so."""


class State(NamedTuple):
    """How a compound stands: shares and states from 0 to 1, patrol in hours per 1,000 residents and week."""

    satisfaction: float
    trust: float
    environment: float
    answers: float
    need: float
    joined: float
    ties: float
    registered: float
    patrol: float
    property_quality: float
    fees: float
    conflict: float
    covenant: float
    party: bool
    owners_committee: bool
    station: bool
    gated: bool


@dataclass(frozen=True)
class CompoundStory(Story):
    """What became of a compound since the probe was attached.

    Attributes:
        home: where it is.
        archetype: what kind of place: one of :data:`govsim.places.ARCHETYPES`.
        residents: how many.
        migrants: share of residents from outside the city.
        members, known, pledged: Party members who live here, whom the community knows, and who pledged (in service).
        days: the calendar.
        since, now: weeks of the timeline in which the story begins and in which it is told.
        then, today: how it stood and stands.
        changes: what changed, in order. ``party founded`` …, ``owners voted`` (won, number), ``owners' term over``,
            ``company dismissed``, ``covenant signed``, ``pilot begun``, ``pilot done``, ``renovated``.
        cases: its cases.
    """

    home: Home
    archetype: str
    residents: int
    migrants: float
    members: int
    known: int
    pledged: int
    days: Days
    since: int
    now: int
    then: State
    today: State
    changes: tuple[Change, ...]
    cases: CaseLoad

    def title(self) -> str:
        """Which compound."""
        from govsim.explain.words import compound

        return compound.title(self)

    def lines(self) -> list[Line]:
        """What became of it in sentences."""
        from govsim.explain.words import compound

        return compound.lines(self)


def tell(probe: Probe, settlement: int) -> CompoundStory:
    """The story of a settlement; see :meth:`~govsim.explain.probe.Probe.compound`."""
    city = probe.city
    here = city.places.settlements[settlement]
    row = here.row
    known = list(states(probe, "settlements", row))
    return CompoundStory(
        home=home_of(city, row), archetype=here.archetype, residents=here.population,
        migrants=here.migrants, members=len(here.members), known=here.known_members, pledged=here.pledged_members,
        days=calendar(probe), since=probe.since, now=city.week, then=_state(known[0][1]),
        today=_state(known[-1][1]), changes=tuple(_changes(known)), cases=case_load(probe, range(row, row + 1)),
    )  # fmt: skip


def _state(record: Any) -> State:
    columns = {
        "satisfaction": "mean_satisfaction", "trust": "mean_trust", "answers": "responsiveness",
        "joined": "joined_share", "registered": "registered_share",
    }  # fmt: skip
    return State(*(record[columns.get(name, name)].item() for name in State._fields))


def _changes(known: list[tuple[int, Any]]) -> Iterator[Change]:
    """What differs between the openings of one week and the next is what that week changed."""
    for (week, before), (_, after) in pairwise(known):
        for column, (begun, over) in FLAGS.items():
            if after[column] != before[column]:
                yield Change(week, begun if after[column] else over)
        if after["votes"] != before["votes"]:
            won = bool(after["owners_committee"])
            yield Change(
                week,
                "owners voted",
                {"won": won, "number": int(after["votes"]), "had": bool(before["owners_committee"])},
            )
        if after["dismissals"] != before["dismissals"]:
            quality = {"before": float(before["property_quality"]), "after": float(after["property_quality"])}
            yield Change(week, "company dismissed", quality)
        if after["covenant"] > 0.0 and before["covenant"] == 0.0:
            yield Change(week, "covenant signed")
        if after["pilot_due"] >= 0 and before["pilot_due"] < 0:
            yield Change(week, "pilot begun", {"until": int(after["pilot_due"])})
        if after["pilot"] > max(_NEW, float(before["pilot"])):
            yield Change(week, "pilot done")
        if after["works"] > max(_NEW, float(before["works"])):
            moved = {"before": float(before["environment"]), "after": float(after["environment"])}
            yield Change(week, "renovated", moved)
        if before["pledged"] == 0 and after["pledged"] > 0:
            yield Change(week, "first pledge", {"members": int(after["pledged"])})
