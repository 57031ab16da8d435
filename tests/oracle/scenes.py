"""Scenes in which a rule is put to the test: the state before a part of a week, and what the plain model makes of it.

The worlds are those of the docking tests, in which what is rare happens often. A scene can be played again and again,
each time from the same state, however wrongly ``govsim`` played it the last time.
"""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterator
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Protocol

import numpy as np
import test_docking_cases as of_cases
import test_docking_instruments as of_instruments
import test_docking_offices as of_offices
import test_docking_people as of_people
from alone import FirstDesks, formulas
from docking import CLOSING, STEPS, Step, differences, set_rules, steps_of_a_week, take
from plain import city as plain_city
from plain import owners as plain_owners
from plain import reckoning as plain_reckoning
from plain import rules as plain_rules
from shaken import shaken_weeks
from worlds import branch, composed

from govsim.cases import COMPOUND
from govsim.city import City
from govsim.columns import Table
from govsim.config.arrangements import OWNERS_LAWS
from govsim.config.behaviour import values
from govsim.config.compose import compose
from govsim.config.scenario import Scenario
from govsim.config.schema import Config
from govsim.institutions import queue
from govsim.policies import INSTRUMENTS
from govsim.processes import owners
from govsim.rules import Timeline

__all__ = ["Scene", "scenes"]

SHAKEN = 6
"""Rounds of two weeks in which each part begins from a state that is shaken."""
KEPT = 300
"""Scenes of which what the plain model makes is kept in memory at a time."""


class Scene(Protocol):
    """What ``govsim`` and the plain model both do from the same state on."""

    name: str
    people: int
    """How many live in its place."""

    def play(self) -> None:
        """Let ``govsim`` do it."""

    def rehearse(self) -> None:
        """Let the plain model do it, unless it is remembered what it did; ``govsim`` must be without a fault."""

    def difference(self) -> str | None:
        """The first thing in which what ``govsim`` did differs."""


def scenes() -> list[Scene]:
    """All scenes, made while kernels are compiled; those of small places first, which are played sooner."""
    return sorted(_scenes(), key=lambda scene: scene.people)


def _scenes() -> Iterator[Scene]:
    for name, world in of_cases.WORLDS.items():
        yield from _weeks(name, of_cases.begin(world), of_cases.DOCKED, world.weeks)
    for name, town in of_offices.TOWNS.items():
        yield from _weeks(name, town.build(), of_offices.OFFICES, 2)
    for theory in of_people.THEORIES:
        city = of_people.busy(*theory, until=of_people.SURVEY_WEEK - 1)
        yield from _weeks(" ".join(theory), city, of_people.PEOPLE, 2)
    yield from _weeks("the record", of_people.recorded(), of_people.RECORD, 1)
    for until in (-22, -2):
        yield from _weeks("before any policy", of_offices.before_any_policy(until), of_offices.OFFICES, 1)
    yield from _weeks("the first week", first_week(), STEPS, 1)
    yield from _weeks("a flood", flood(), {"incidence.raise_cases"}, 1)
    city = visits_to_all()
    yield PartOfAWeek("visits to all", city, VISIT, Moment(city, None))
    for round_ in range(SHAKEN):
        for city, step in shaken_weeks(round_):
            name, before = f"shaken {round_}, week {city.week}", Moment(city, None)
            yield PartOfAWeek(f"{name}, {step.name}", city, step, before)
            if step.name == "reckoning.wake":
                yield PartOfAWeek(f"{name}, who complains is asked", city, COMPLAIN_AND_ANSWER, before)
            step.fast(city)
    for name, (overrides, _) in of_cases.TIMETABLES.items():
        yield Timetable(name, compose(overrides).config)
    yield Timetable("out of bounds", of_cases.out_of_bounds())
    yield WithoutDays()
    yield Votes()
    yield FirstDesks(of_offices.TOWNS["works"].build())
    yield from formulas()
    for name in INSTRUMENTS:
        yield OnPaper(name)


def first_week() -> City:
    """A place on its day 0, with much to do at once."""
    city = of_offices.before_any_policy(-24)
    city.p = values(replace(city.config.behaviour, rate_scale=20.0, resident_reach=20.0))
    set_rules(city, **of_people.RULES)
    return city


def flood() -> City:
    """More new cases in a week than there is room for at first."""
    city = branch(*of_offices.PIECE, policy=("policy=none",))
    city.p = values(replace(city.config.behaviour, rate_scale=150.0))
    return city


def visits_to_all() -> City:
    """All cases of a flood are known and in the way, and nobody's visits end; grid workers hardly walk, or nowhere."""
    city = flood()
    city.step()
    city.rules = city.rules._replace(visits=1e6, visit_pressure=0.5)
    cases, luck = city.cases, np.random.default_rng(1)
    cases.stage[:], cases.found[:], cases.fades[:], cases.visit_from[:] = COMPOUND, city.day, city.day + 9, 0
    city.kinds.persuadable[:] = 1.0
    city.p = values(replace(city.config.behaviour, ask_grid=0.5, backfire=0.3, yes_base=-2.0))
    settlements = city.places.settlements
    for column in (settlements.ties, settlements.joined_share, settlements.patrol):
        column[:] = luck.random(len(settlements))
    settlements.patrol[::2], cases.hardened[::3] = 0.0, 250  # which is as far as visits are counted
    return city


VISIT = next(step for step in CLOSING if step.name == "persuasion.visit")


def _complain_and_answer(city: City) -> None:
    city.reckoning.wake()
    city.reckoning.close_the_week()


def _complain_and_answer_plainly(plain: plain_city.City) -> None:
    plain_reckoning.wake(plain)
    plain_reckoning.close_the_week(plain)


COMPLAIN_AND_ANSWER = Step("reckoning", _complain_and_answer, _complain_and_answer_plainly)
"""A week in which nothing happens to cases but that they come back, and what residents were answered."""


def _weeks(name: str, city: City, docked: Container[str], weeks: int) -> Iterator[PartOfAWeek]:
    """The parts of some weeks that are docked in this world."""
    city.threads = 1
    moment = None
    for _ in range(weeks):
        city.tally[:] = 0.0
        city.rules = city.timeline.in_force(city.week)
        for step in steps_of_a_week(city):
            if step.name in docked:
                moment = Moment(city, moment)
                yield PartOfAWeek(f"{name}, week {city.week}, {step.name}", city, step, moment)
            step.fast(city)
        city.week += 1


class Moment:
    """All that a city is at a moment. What is as it was at an earlier one is held once."""

    HANDED_ON = ("detection.found", "reckoning.answers", "reckoning.complaints", "persuasion.hardened")
    """What a process of the week has left for another one, and is no column."""

    def __init__(self, city: City, earlier: Moment | None) -> None:
        self.tables: list[tuple[Table, list[np.ndarray]]] = []
        for i, table in enumerate(_tables(city)):
            arrays = table.__getstate__()["columns"]
            before = earlier.tables[i][1] if earlier else [None] * len(arrays)
            self.tables.append((table, [_unless_same(a, b) for a, b in zip(arrays, before, strict=True)]))
        self.committee, self.survey = city.committee.state(), city.survey.state()
        self.week, self.rules, self.p = city.week, city.rules, city.p
        self.tally, self.background = city.tally.copy(), city.background.copy()
        self.handed_on = {}
        for name in self.HANDED_ON:
            process, _, left = name.partition(".")
            self.handed_on[process, left] = getattr(getattr(city, process), left, None)

    def bring_back(self, city: City) -> None:
        """Make the city what it was, with nothing yet in its archive, its record or its list of hand-offs."""
        for table, arrays in self.tables:
            table.__setstate__({"columns": [array.copy() for array in arrays]})
        city.committee.restore(self.committee)
        city.survey.restore(self.survey)
        city.week, city.rules, city.p = self.week, self.rules, self.p
        city.tally, city.background = self.tally.copy(), self.background.copy()
        for (process, name), left in self.handed_on.items():
            holder = vars(getattr(city, process))
            holder.pop(name, None)
            holder.update({name: left} if left is not None else {})  # there is none before the first week
        city.archive.chunks = []
        city.recorder.restore(([], []))
        city.handoffs.count[0] = 0
        city.handoffs.make_room(20 * city.cases.rows)


def _tables(city: City) -> list[Table]:
    places = city.places
    return [
        city.cases, city.ways, city.desks, city.kinds, city.residents, city.members, places.districts, places.streets,
        places.communities, places.settlements, places.grids, places.buildings, places.households,
    ]  # fmt: skip


def _unless_same(array: np.ndarray, before: np.ndarray | None) -> np.ndarray:
    same = before is not None and array.shape == before.shape and array.tobytes() == before.tobytes()
    return before if same else array.copy()  # pyright: ignore[reportReturnType]


class PartOfAWeek:
    """A part of a week in one of the worlds."""

    SET_UP = ("offices", "owners", "renovation")
    """Processes that work something out when they are made."""

    def __init__(self, name: str, city: City, step: Step, before: Moment) -> None:
        self.name, self.city, self.step, self.before = name, city, step, before
        self.people = len(city.residents)
        self.made = {process: getattr(city, process) for process in self.SET_UP}

    def play(self) -> None:
        city, process = self.city, self.step.name.partition(".")[0]
        self.before.bring_back(city)
        vars(city).update(self.made)  # a fault may have made another one badly
        if process in self.SET_UP:
            setattr(city, process, type(getattr(city, process))(city))
        self.step.fast(city)

    def rehearse(self) -> None:
        self.plain()

    @lru_cache(KEPT)  # noqa: B019 (scenes live as long as the check)
    def plain(self) -> plain_city.City:
        """The plain city after it has done the same.

        Raises:
            AssertionError: ``govsim`` differs from it although it is without a fault.
        """
        self.before.bring_back(self.city)
        plain = take(self.city)
        self.step.slow(plain)
        self.play()
        assert not (found := list(differences(self.city, plain))), f"{self.name}: {found}"
        return plain

    def difference(self) -> str | None:
        return next(differences(self.city, self.plain()), None)


class Timetable:
    """The rules in force from the warm-up to the end of the timeline."""

    people = 0

    def __init__(self, name: str, config: Config) -> None:
        self.name, self.config = f"rules under {name}", config
        plain = plain_city.City(self.config, SimpleNamespace(), 1)
        self.weeks = range(-8, 130)
        self.expected = []
        for plain.week in self.weeks:
            self.expected.append(vars(plain_rules.in_force(plain)))

    def play(self) -> None:
        shock = self.config.scenario
        timeline = Timeline(self.config.policy, self.config.before, *([shock] if shock != Scenario() else []))
        self.got = [timeline.in_force(week)._asdict() for week in self.weeks]

    def rehearse(self) -> None:
        """It was worked out at the start."""

    def difference(self) -> str | None:
        both = zip(self.weeks, self.got, self.expected, strict=True)
        return next((f"rules of week {week} differ" for week, got, expected in both if got != expected), None)


class OnPaper:
    """What an instrument writes and costs, at many doses."""

    people = 0

    def __init__(self, name: str) -> None:
        self.name, self.config = f"{name} on paper", composed(*of_instruments.PLACE).config
        self.doses = of_instruments.doses(name)
        self.expected = [of_instruments.on_plain_paper(policy, self.config) for policy in self.doses]

    def play(self) -> None:
        self.got = [of_instruments.on_paper(policy, self.config) for policy in self.doses]

    def rehearse(self) -> None:
        """It was worked out at the start."""

    def difference(self) -> str | None:
        found = map(of_instruments.differ, self.got, self.expected)
        return next((what for what in found if what), None)


class Votes:
    """Every result that a vote of a few owners can have, ties included, under each law."""

    name, people = "votes of a few owners", 0
    RESULTS = tuple(
        (all_, votes, agree) for all_ in range(8) for votes in range(all_ + 1) for agree in range(votes + 1)
    )

    def play(self) -> None:
        self.got = [owners.founded(law, *result) for law in range(len(OWNERS_LAWS)) for result in self.RESULTS]

    def rehearse(self) -> None:
        """It is worked out at once."""

    def difference(self) -> str | None:
        expected = [plain_owners.founds_a_committee(law, *result) for law in OWNERS_LAWS for result in self.RESULTS]
        return None if list(map(bool, self.got)) == expected else "other committees are founded"


class WithoutDays:
    """The queue without days, which no week uses: laws hold it against Erlang, and this against a plain one."""

    name, people = "a queue without days", 0

    def __init__(self) -> None:
        number = np.arange(60)
        self.arrivals, self.work = number + 0.5 * np.sin(number), 2.0 + np.cos(7.0 * number)

    def play(self) -> None:
        self.got = [queue.continuous(self.arrivals, self.work, servers).tolist() for servers in (1, 2, 3)]

    def rehearse(self) -> None:
        """It is worked out at once."""

    def difference(self) -> str | None:
        for got, servers in zip(self.got, (1, 2, 3), strict=True):
            free = [0.0] * servers
            for i, (arrives, work) in enumerate(zip(self.arrivals.tolist(), self.work.tolist(), strict=True)):
                start = max(arrives, heapq.heappop(free))
                heapq.heappush(free, start + work)
                if abs(got[i] - (start - arrives)) > 1e-9:
                    return f"wait {i} of {servers} officials differs"
        return None
