"""Declared writes: a process changes what it declares and nothing else, and all that it declares.

Every method of the week is watched: what differs after it, column by column, is what it wrote. What changes
between two of them was written by nobody who may write: not by rules, policies or the recorder.
"""

from __future__ import annotations

import ast
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from worlds import FROM_THE_START, city, run

from govsim.cases import Cases, Ways
from govsim.city import City
from govsim.config.arrangements import Arrangements
from govsim.flows import FLOWS
from govsim.institutions.committee import Committee, Department, District
from govsim.institutions.queue import Desks
from govsim.places import Communities, Districts, Grids, Settlements, Streets
from govsim.policies import INSTRUMENTS
from govsim.policies.base import ADD, SCALE
from govsim.policies.fund import Fund
from govsim.process import Process
from govsim.processes.experience import Experience
from govsim.processes.funding import Funding
from govsim.processes.survey import Survey
from govsim.residents import Members, Residents
from govsim.rules import RULES
from govsim.source import PACKAGE

ATTITUDES = {"residents.satisfaction", "residents.expectation", "residents.trust"}
TABLES = {
    "cases": Cases,
    "ways": Ways,
    "desks": Desks,
    "residents": Residents,
    "members": Members,
    "districts": Districts,
    "streets": Streets,
    "communities": Communities,
    "settlements": Settlements,
    "grids": Grids,
}
OTHERS = {
    "archive",
    "background",
    "handoffs",
    "detection.found",
    "reckoning.answers",
    "persuasion.hardened",
    "survey.result",
    *(f"committee.{name}" for name in (*Committee.ARRAYS, "hours", "minutes")),
    *(f"tally.{name}" for name in FLOWS),
}
"""What can be written beside columns of tables."""

BUSY = ("place.residents=12000", "warmup=8", "weeks=30", f"policy=[{','.join(INSTRUMENTS)}]")
FULL_OF_EVENTS = {
    "behaviour.rate_scale": 1.5,
    "behaviour.taste_sd": 0.2,
    "before.target_pressure": 0.6,
    "before.district_hours": 10,
    "behaviour.dismissal_rate": 0.06,
    "policy.party_organisation.end": "2018-01-15",
    "policy.committee.meeting_hours": 10,
    "policy.home_visits.compensation": 500,
    "policy.renovation.yuan": 300,
    "policy.enterprise_cobuilding.match": 1,
    **{f"policy.{name}.start": FROM_THE_START for name in INSTRUMENTS},
}
QUEUES_THAT_OUTLAST_THE_DAY: tuple[Mapping[str, float], ...] = (
    {"before.community_hours": 35},
    {"before.community_hours": 80, "before.street_hours": 3.5, "behaviour.dispatch_hours": 1.5},
    {"before.community_hours": 80, "before.street_hours": 9, "behaviour.work_scale": 1.5},
)
"""At communities, streets and branches: only one tier at a time can hold up the others."""


def a_busy_city(strained: Mapping[str, float] = QUEUES_THAT_OUTLAST_THE_DAY[0]) -> City:
    return city(*BUSY, values={**FULL_OF_EVENTS, **strained})


# --- what a process writes


def prints(city: City) -> dict[str, Any]:
    """A short value for everything that can be written; two are equal if nothing was."""
    committee, handoffs, answers = city.committee, city.handoffs, getattr(city.reckoning, "answers", ())
    noted = int(handoffs.count[0])
    found: dict[str, Any] = {
        f"{name}.{column}": _print(getattr(table, column)) for name, table in _tables(city) for column in table.declared
    }
    found |= {f"committee.{name}": _print(getattr(committee, name)) for name in Committee.ARRAYS}
    found |= {"committee.hours": committee.hours, "committee.minutes": len(committee.minutes)}
    found |= {f"tally.{name}": float(value) for name, value in zip(FLOWS, city.tally, strict=True)}
    found["archive"] = len(city.archive.chunks)
    found["background"] = _print(city.background)
    found["handoffs"] = noted, *(_print(getattr(handoffs, name)[:noted]) for name in ("id", "day", "desk", "why"))
    found["reckoning.answers"] = tuple(_print(part) for part in answers)
    found["detection.found"] = _print(city.detection.found)
    found["persuasion.hardened"] = _print(city.persuasion.hardened)
    found["survey.result"] = _print(city.survey.state())
    return found


def _print(array: np.ndarray) -> tuple[int, int]:
    return len(array), zlib.crc32(np.ascontiguousarray(array))


def _tables(city: City) -> Iterator[tuple[str, Any]]:
    for name in TABLES:
        yield name, getattr(city.places if hasattr(city.places, name) else city, name)


def actors(city: City) -> list[Any]:
    """All whose methods a week calls."""
    processes = [part for part in vars(city).values() if isinstance(part, Process)]
    return [*processes, city.committee, *city.departments, *city.districts]


def watch(city: City) -> dict[type, set[str]]:
    """Watch every public method of every actor; filled, as the city runs, with what each class wrote."""
    written: dict[type, set[str]] = defaultdict(set)
    last, acting = prints(city), False

    def note(who: type) -> None:
        nonlocal last
        now = prints(city)
        written[who] |= {name for name, value in now.items() if last[name] != value}
        last = now

    def watched(who: type, method: Any) -> Any:
        def call(*args):
            nonlocal acting
            if acting:  # an actor calls a method of its own
                return method(*args)
            note(City)  # whatever changed since the last actor was done
            acting = True
            result = method(*args)
            acting = False
            note(who)
            return result

        return call

    for actor in actors(city):
        for name, member in vars(type(actor)).items():
            if isinstance(member, FunctionType) and not name.startswith("_") and name not in ("state", "restore"):
                setattr(actor, name, watched(type(actor), getattr(actor, name)))
    return written


def declared(who: type) -> set[str]:
    """What a class declares to write, with whole tables spelled out."""
    return {name for pattern in getattr(who, "writes", ()) for name in spelled_out(pattern)}


def spelled_out(pattern: str) -> set[str]:
    table, _, column = pattern.partition(".")
    if table in TABLES and column == "*":
        return {f"{table}.{name}" for name in TABLES[table].declared}
    if table in TABLES:
        return {pattern} if column in TABLES[table].declared else set()
    return {pattern} & OTHERS


# --- the laws: each raises AssertionError when it is broken


def nobody_writes_what_he_does_not_declare(city: City) -> None:
    """What each process changed it had declared; what is not a process changed nothing but the week's tally."""
    written = watch(city)
    run(city)
    written[City] -= {f"tally.{name}" for name in FLOWS}  # a week begins with an empty tally
    for who, names in written.items():
        assert names - declared(who) == set(), f"{who.__name__} does not declare them"


def all_that_is_declared_is_written(cities: Iterable[City]) -> None:
    """Declarations that nothing comes of would hide what a process does."""
    written: dict[type, set[str]] = defaultdict(set)
    for busy in cities:
        noted = watch(busy)
        run(busy)
        for who, names in noted.items():
            written[who] |= names
    patterns = {who: {name for name in getattr(who, "writes", ()) if not name.endswith("*")} for who in written}
    empty = {who.__name__: sorted(patterns[who] - names) for who, names in written.items()}
    assert not any(empty.values()), f"declared and not written: {empty}"


def only_experience_writes_attitudes(actors: list[type]) -> None:
    """Nobody else declares satisfaction, expectation or trust."""
    for who in actors:
        assert who is Experience or not declared(who) & ATTITUDES, who


def an_instrument_only_contributes(instrument: Any) -> None:
    """It returns terms for rules that exist, and changes neither itself nor what it is shown."""
    before, itself = Arrangements(), asdict(instrument)
    terms = instrument.rules(before)
    assert all(rule in RULES and how in (ADD, SCALE) and np.isfinite(value) for rule, how, value in terms)
    assert before == Arrangements()
    assert asdict(instrument) == itself


def it_assigns_to_nothing_but_names(source: str) -> None:
    """No statement of this source writes an attribute or an element of anything."""
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, ast.Delete)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                assert all(not isinstance(part, ast.Attribute | ast.Subscript) for part in ast.walk(target))


def it_does_not_name_attitudes(source: str) -> None:
    """Satisfaction and trust do not occur in this source, to be read or written."""
    named = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    assert not named & {"satisfaction", "expectation", "trust", "mean_satisfaction", "mean_trust"}


def all_subclasses(of: type) -> list[type]:
    return [kind for child in of.__subclasses__() for kind in (child, *all_subclasses(child))]


def sources(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).glob("*.py"))


def test_nobody_writes_what_he_does_not_declare():
    nobody_writes_what_he_does_not_declare(a_busy_city())


def test_all_that_is_declared_is_written():
    all_that_is_declared_is_written(map(a_busy_city, QUEUES_THAT_OUTLAST_THE_DAY))


def test_declared_names_exist():
    for who in [*all_subclasses(Process), Committee, Department, District]:
        for name in (*getattr(who, "reads", ()), *getattr(who, "writes", ())):
            assert spelled_out(name), f"{who.__name__}: {name}"


def test_only_experience_writes_attitudes():
    only_experience_writes_attitudes([*all_subclasses(Process), Committee, Department, District])


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_only_contributes(name):
    an_instrument_only_contributes(INSTRUMENTS[name]())


@pytest.mark.parametrize(
    "file", [file for file in sources("policies") if file.stem != "__init__"], ids=lambda f: f.stem
)
def test_policies_assign_to_nothing_but_names(file):
    it_assigns_to_nothing_but_names(file.read_text())


@pytest.mark.parametrize("file", [*sources("policies"), *sources("institutions")], ids=lambda f: f.stem)
def test_policies_and_institutions_do_not_name_attitudes(file):
    it_does_not_name_attitudes(file.read_text())


# --- planted faults


def test_an_undeclared_write_is_noticed(monkeypatch):
    def please(self) -> None:
        self.city.residents.satisfaction[:1] += np.float32(0.01)

    monkeypatch.setattr(Survey, "ask", please)
    with pytest.raises(AssertionError, match=r"residents\.satisfaction"):
        nobody_writes_what_he_does_not_declare(a_busy_city())


def test_a_policy_that_writes_trust_is_noticed(monkeypatch):
    town = a_busy_city()

    def bribe(self, before):
        town.residents.trust[:1] += np.float32(0.01)
        return []

    monkeypatch.setattr(Fund, "rules", bribe)
    with pytest.raises(AssertionError, match=r"residents\.trust"):
        nobody_writes_what_he_does_not_declare(town)


def test_an_institution_that_writes_trust_is_noticed(monkeypatch):
    def speak(self) -> None:
        self.city.residents.trust[:1] += np.float32(0.01)

    monkeypatch.setattr(District, "steer", speak)
    with pytest.raises(AssertionError, match=r"residents\.trust"):
        nobody_writes_what_he_does_not_declare(a_busy_city())


def test_an_empty_declaration_is_noticed(monkeypatch):
    monkeypatch.setattr(Funding, "writes", (*Funding.writes, "residents.joined"))
    with pytest.raises(AssertionError, match=r"residents\.joined"):
        all_that_is_declared_is_written([a_busy_city()])


def test_another_who_declares_attitudes_is_noticed(monkeypatch):
    monkeypatch.setattr(Survey, "writes", ("residents.*",))
    with pytest.raises(AssertionError):
        only_experience_writes_attitudes([Experience, Survey])


def test_an_instrument_that_does_more_is_noticed(monkeypatch):
    def forget(self, before):
        before.certificates = 0.0
        return []

    monkeypatch.setattr(Fund, "rules", forget)
    with pytest.raises(AssertionError):
        an_instrument_only_contributes(Fund())
    monkeypatch.setattr(Fund, "rules", lambda self, before: [("trust", ADD, 0.1)])
    with pytest.raises(AssertionError):
        an_instrument_only_contributes(Fund())
    for line in ("city.residents.trust[:] += 0.1", "residents.trust = 1", "a, b.c = 1, 2", "del rules['trust']"):
        with pytest.raises(AssertionError):
            it_assigns_to_nothing_but_names(line)
    with pytest.raises(AssertionError):
        it_does_not_name_attitudes("raised = city.residents.trust.mean()")
