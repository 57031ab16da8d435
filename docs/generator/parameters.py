"""Pages of parameters from the fields of the configuration, each with its five facts."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from generator.markdown import code, head, number, table
from govsim.config.arrangements import Arrangements, Prices
from govsim.config.behaviour import Behaviour
from govsim.config.compose import compose
from govsim.config.kinds import Department, Kind
from govsim.config.parameters import Parameter, describe
from govsim.config.place import Place
from govsim.config.scenario import Scenario
from govsim.config.schema import Checkpoint, Config, Engine, Record
from govsim.policies import INSTRUMENTS

__all__ = ["GRADES", "Entry", "Section", "counts", "grades", "index", "page", "parameters", "sections"]

GRADES = {
    "A": "the source article reports it",
    "B": "a study that was read reports it, or the direction and size of the effect",
    "C": "an official document or a press report that was read gives it",
    "D": "an assumption",
}
"""Grades of evidence, from best to weakest."""


class Entry(NamedTuple):
    """A parameter: its key in a config, what is known of it, and its default."""

    key: str
    facts: Parameter
    default: Any


class Section(NamedTuple):
    """Parameters that belong together.

    Attributes:
        page: the group, which has a page of its own.
        title: heading.
        anchor: name for links.
        text: what they are about.
        entries: the parameters.
    """

    page: str
    title: str
    anchor: str
    text: str
    entries: tuple[Entry, ...]


def page(name: str) -> str:
    """All sections of a page."""
    return "\n".join(_section(section) for section in sections() if section.page == name) + _values(name)


def parameters(schema: Any, prefix: str) -> str:
    """The parameters of one dataclass as a table."""
    return _table(_entries(schema, prefix))


@cache
def sections() -> tuple[Section, ...]:
    """Every parameter of a configuration, in sections."""
    return (*_behaviour(), *_plain(), *_instruments())


def _behaviour() -> Iterator[Section]:
    """Behaviour by mechanism: each base of it is a section; the last base comes first, as in the week."""
    mine: dict[str, Any] = {}
    for base in reversed(Behaviour.__mro__):
        fields = [name for name in vars(base).get("__annotations__", {}) if name not in mine]
        mine |= dict.fromkeys(fields)
        entries = tuple(e for e in _entries(Behaviour, "behaviour.") if e.key.rpartition(".")[2] in fields)
        if entries:
            module = inspect.getmodule(base)
            short = base.__module__.rpartition(".")[2].replace("_", "-")
            yield Section("behaviour", head(module), f"behaviour-{short}", inspect.getdoc(base) or "", entries)


def _plain() -> Iterator[Section]:
    for name, title, schema, prefix in (
        ("before", "Arrangements before the reform", Arrangements, "before."),
        ("before", "Prices", Prices, "prices."),
        ("place", "Place", Place, "place."),
        ("kinds", "Kinds of cases", Kind, "kinds.<kind>."),
        ("kinds", "Departments", Department, "departments.<department>."),
        ("run", "Run", Config, ""),
        ("run", "Scenario", Scenario, "scenario."),
        ("run", "What is written", Record, "record."),
        ("run", "How the work is done", Engine, "engine."),
        ("run", "How a long run survives a kill", Checkpoint, "checkpoint."),
    ):
        anchor = f"parameters-{title.lower().replace(' ', '-')}"
        yield Section(name, title, anchor, inspect.getdoc(schema) or "", _entries(schema, prefix))


def _instruments() -> Iterator[Section]:
    for name, instrument in INSTRUMENTS.items():
        entries = _entries(instrument, f"policy.{name}.")
        yield Section("policy", name, f"instrument-{name.replace('_', '-')}", inspect.getdoc(instrument) or "", entries)


def _entries(schema: Any, prefix: str) -> tuple[Entry, ...]:
    return tuple(Entry(prefix + name, facts, default) for name, facts, default in describe(schema))


def _section(section: Section) -> str:
    return f"({section.anchor})=\n## {section.title}\n\n{section.text}\n\n{_table(section.entries)}"


def _table(entries: tuple[Entry, ...]) -> str:
    rows = (
        (
            code(e.key),
            number(_default(e)),
            _range(e.facts),
            e.facts.unit,
            e.facts.grade,
            e.facts.meaning,
            e.facts.source,
        )
        for e in entries
    )
    return table(("key", "default", "range", "unit", "grade", "meaning", "source"), rows)


def _default(entry: Entry) -> Any:
    return "empty" if entry.default == "" else entry.default


def _range(facts: Parameter) -> str:
    if facts.choices:
        return ", ".join(facts.choices)
    return "" if facts.low is None or facts.high is None else f"{number(facts.low)} to {number(facts.high)}"


def _values(name: str) -> str:
    """The values of the data files of kinds and departments."""
    if name != "kinds":
        return ""
    config = compose([]).config
    facts = {field: f for field, f, _ in describe(Kind)}
    parts = [
        "\n## Values of kinds (`kinds=chengdu`)\n\nAll of grade D. Departments: the one first named leads most often.\n"
    ]
    for kind, of in config.kinds.items():
        differs = [f"{field} {number(getattr(of, field))}" for field in facts]
        parts.append(f"**{kind}**: departments {', '.join(of.departments)}; {'; '.join(differs)}.\n")
    parts.append(
        "\n## Values of departments (`departments=chengdu`)\n\nHours of a branch per 1,000 residents and week.\n"
    )
    parts.append(", ".join(f"{department} {number(of.hours)}" for department, of in config.departments.items()) + ".\n")
    return "\n".join(parts)


def grades() -> str:
    """What grades mean."""
    return table(("grade", "meaning"), ((f"**{grade}**", meaning) for grade, meaning in GRADES.items()))


def counts() -> str:
    """How many parameters of each grade have a range, by group."""
    pages = list(dict.fromkeys(section.page for section in sections()))
    tally = Counter((s.page, e.facts.grade) for s in sections() for e in s.entries if e.facts.low is not None)
    rows = [(code(p), *(str(tally[p, g]) for g in GRADES), str(sum(tally[p, g] for g in GRADES))) for p in pages]
    total = [sum(tally[p, g] for p in pages) for g in GRADES]
    rows.append(("all", *map(str, total), str(sum(total))))
    return table(("group", *GRADES, "all"), rows)


def index() -> str:
    """Every parameter that has a range: what a sensitivity analysis may vary."""
    rows = (
        (code(e.key), number(e.default), _range(e.facts), e.facts.unit, e.facts.grade)
        for section in sections()
        for e in section.entries
        if e.facts.low is not None
    )
    return table(("key", "default", "range", "unit", "grade"), rows)
