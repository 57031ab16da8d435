"""What a resident lived through as a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govsim import cases as c
from govsim.explain.attitudes import Path, path
from govsim.explain.case import CaseStory, home_of, person_of
from govsim.explain.case import tell as tell_case
from govsim.explain.joining import Turn, turn
from govsim.explain.notes import Week
from govsim.explain.places import Change, calendar, weeks
from govsim.explain.story import Days, Home, Line, Person, Story
from govsim.residents import PLEDGES

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.explain.probe import Probe

__all__ = ["Lived", "ResidentStory", "tell"]


class Lived(NamedTuple):
    """What life in a place is like, 0..1, as far as it moves satisfaction; with the weight of each part.

    Attributes:
        environment, answers: the state of the environment, and how fast problems nearby are answered.
        need, time_lost: unmet need nearby, and time that certificates and gates cost; these count against it.
    """

    environment: float
    answers: float
    need: float
    time_lost: float


@dataclass(frozen=True)
class ResidentStory(Story):
    """What a resident lived through since the probe was attached.

    Attributes:
        person: who they are.
        home: where they live.
        household: the others of the household.
        type: how others' example moves them, one of :data:`govsim.residents.TYPES`.
        threshold: pull at which they take part.
        voice: readiness to report, 1 = median.
        taste: lasting difference in how content they are.
        pledge: their pledge, where they are a Party member; else empty.
        known: whether the community knows that they are one.
        joined, registered: whether they take part, and are on the citizens' platform, today.
        days: the calendar.
        since, now: weeks of the timeline in which the story begins and in which it is told.
        changes: ``registered``, ``pledge`` (to), in order.
        turns: times that they began or stopped to take part.
        last_turn: the newest time that they reconsidered at all; None if they never do, or have not yet.
        cases: cases that touch them most, oldest first.
        attitudes: their path; None where no week was noted.
        lived: what life in the place was like in the first and in the last week.
        weights: weight of each part of it, which sum to 1.
    """

    person: Person
    home: Home
    household: tuple[Person, ...]
    type: str
    threshold: float
    voice: float
    taste: float
    pledge: str
    known: bool
    joined: bool
    registered: bool
    days: Days
    since: int
    now: int
    changes: tuple[Change, ...]
    turns: tuple[Turn, ...]
    last_turn: Turn | None
    cases: tuple[CaseStory, ...]
    attitudes: Path
    lived: tuple[Lived, Lived] | None
    weights: Lived

    @property
    def visited(self) -> tuple[CaseStory, ...]:
        """Cases for which the household was visited."""
        return tuple(case for case in self.cases if any(s.why in (c.REFUSED, c.GAVE_IN) for s in case.steps))

    def title(self) -> str:
        """Who."""
        from govsim.explain.words import resident

        return resident.title(self)

    def lines(self) -> list[Line]:
        """What they lived through in sentences."""
        from govsim.explain.words import resident

        return resident.lines(self)


def tell(probe: Probe, resident: int) -> ResidentStory:
    """The story of a resident; see :meth:`~govsim.explain.probe.Probe.resident`."""
    city = probe.city
    who = city.residents[resident]
    row, home = who.row, who.settlement.row
    attitudes = path(probe, row)
    turns = list(_turns(probe, row, attitudes))
    member = who.membership
    told = weeks(probe)
    lived = [_lived(week, home) for week in told[:1] + told[-1:]]
    return ResidentStory(
        person=person_of(city, row), home=home_of(city, home),
        household=tuple(person_of(city, other.row) for other in who.household.members if other.row != row),
        type=who.type, threshold=who.threshold, voice=who.voice, taste=who.taste,
        pledge=member.pledge if member else "", known=bool(member and member.is_known), joined=who.joined,
        registered=who.is_registered, days=calendar(probe), since=probe.since, now=city.week,
        changes=tuple(_changes(probe, row)), turns=tuple(_flips(probe, row, turns)),
        last_turn=turns[-1] if turns else None,
        cases=tuple(tell_case(probe, int(case.id)) for case in who.cases), attitudes=attitudes.since(probe.since),
        lived=(lived[0], lived[-1]) if lived else None, weights=_weights(city),
    )  # fmt: skip


def _turns(probe: Probe, resident: int, attitudes: Path) -> Iterator[Turn]:
    for week, satisfaction, trust in zip(
        probe.notes.weeks, attitudes.satisfaction.tolist(), attitudes.trust.tolist(), strict=False
    ):
        taken = turn(probe.city, week, resident, satisfaction, trust)
        if taken:
            yield taken


def _flips(probe: Probe, resident: int, turns: list[Turn]) -> Iterator[Turn]:
    """The turns at which what they do changed, as the city had it."""
    for taken in turns:
        week = probe.notes.week(taken.week)
        if week and resident in week.flips["joined"]:
            yield taken


def _changes(probe: Probe, resident: int) -> Iterator[Change]:
    members = probe.city.members
    for week in weeks(probe):
        if resident in week.flips["registered"]:
            yield Change(week.week, "registered")
        if week.pledges is not None:
            rows, pledges = week.pledges
            for pledge in pledges[members.resident[rows] == resident].tolist():
                yield Change(week.week, "pledge", {"to": PLEDGES[pledge]})


def _lived(week: Week, settlement: int) -> Lived:
    assert week.lived is not None
    here = week.lived[settlement]
    return Lived(*(float(here[name]) for name in ("environment", "responsiveness", "need", "time_lost")))


def _weights(city: City) -> Lived:
    p = city.p
    weights = np.array([p.weight_environment, p.weight_responsiveness, p.weight_need, p.weight_time])
    return Lived(*(weights / weights.sum()).tolist())
