"""Pages of the ODD document that follow from declarations: entities, the schedule, submodels."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import groupby
from types import ModuleType

import numpy as np

from generator.markdown import code, first_line, head, prose, table
from generator.week import acts, institutions, mechanisms, process_of, processes
from govsim import calendar, population
from govsim.columns import Table
from govsim.config.behaviour import Behaviour
from govsim.flows import FLOWS
from govsim.institutions.committee import Committee, District
from govsim.process import Process
from govsim.recorder import Recorder
from govsim.rules import RULES, Timeline

__all__ = ["entities", "initialization", "leaves_out", "rules", "schedule", "submodels", "tables"]

_SHAPES = re.compile(r":? \([a-z]+,.*<-.*\)$")
"""What a docstring says about shapes of arrays, which is for those who read the source."""

_ORDER = ("places", "residents", "cases", "institutions.queue", "kinds")


def tables() -> list[type[Table]]:
    """Every table of the city, the larger things first."""
    processes()  # imports them all
    found = [kind for kind in Table.__subclasses__() if kind.__module__.startswith("govsim.")]

    def place(kind: type) -> int:
        short = kind.__module__.removeprefix("govsim.")
        return _ORDER.index(short) if short in _ORDER else len(_ORDER)

    return sorted(found, key=place)


def entities() -> str:
    """A table of columns for each table: unit, meaning, and which mechanisms move it."""
    writers = {kind.__name__: kind.writes for kind in (*processes(), Committee, District)}
    return "\n".join(part for kind in tables() for part in _entity(kind, writers))


def _entity(kind: type[Table], writers: dict[str, tuple[str, ...]]) -> Iterator[str]:
    name = kind.__name__.lower()
    yield f"### {kind.__name__}\n"
    yield f"{prose(kind, whole=True)}"
    rows = []
    for column, spec in kind.declared.items():
        by = [code(who) for who, writes in writers.items() if any(fnmatchcase(f"{name}.{column}", w) for w in writes)]
        moved = "fixed" if spec.fixed else ", ".join(by) or "set-up"
        width = f" x {spec.width}" if spec.width > 1 else ""
        rows.append((code(column), spec.unit, spec.meaning, f"{np.dtype(spec.dtype)}{width}", moved))
    yield table(("column", "unit", "meaning", "type", "moved by"), rows)


def rules() -> str:
    """The rules in force: what policies may write."""
    rows = ((code(name), rule.unit, rule.meaning, f"{rule.cap:,.0f}") for name, rule in RULES.items())
    return table(("rule", "unit", "meaning", "at most"), rows)


def schedule() -> str:
    """The week as a numbered list, from the source of ``City.step``."""
    lines = [f"One step is a week of {calendar.WORKING_DAYS} working days.\n"]
    of_the_model = (act for act in acts() if issubclass(act.who, (Process, Timeline, Committee, District, Recorder)))
    for often, group in groupby(of_the_model, key=lambda act: act.often):
        if often != "once":
            lines.append(f"1. On {often.removeprefix('on ')}:")
        indent = "" if often == "once" else "   "
        for act in group:
            lines.append(
                f"{indent}1. **{_title(act.who)}** ({code(f'{act.who.__name__}.{act.method.__name__}')}): "
                f"{_SHAPES.sub('', first_line(act.method))}."
            )
    return "\n".join(lines) + "\n"


def _title(who: type) -> str:
    module = sys.modules[who.__module__]
    if module in mechanisms():
        return f"[{head(module)}](#{_anchor(module)})"
    return f"[{who.__name__}](#{_anchor(module)})" if module in institutions() else who.__name__


def submodels() -> str:
    """Every mechanism and institution in its own words, with what it reads and writes."""
    parts = ["## Mechanisms\n", *map(_submodel, mechanisms()), "## Institutions\n", *map(_submodel, institutions())]
    return "\n".join(parts)


def _anchor(module: ModuleType) -> str:
    return "submodel-" + module.__name__.removeprefix("govsim.").replace(".", "-").replace("_", "-")


def _submodel(module: ModuleType) -> str:
    title, _, subtitle = first_line(module).partition(": ")
    lines = [f"({_anchor(module)})=", f"### {title}\n"]
    if subtitle:
        lines.append(f"*{subtitle[0].upper()}{subtitle[1:]}.*\n")
    lines.append(prose(module))
    for kind in process_of(module):
        lines.append(_declared(kind))
    path = module.__name__.replace(".", "/") + ".py"
    section = module.__name__.rpartition(".")[2]
    parameters = ""
    if section in {base.__module__.rpartition(".")[2] for base in Behaviour.__mro__ if base is not Behaviour}:
        parameters = f"; [parameters](#behaviour-{section.replace('_', '-')})"
    lines.append(f"- in {code(path)}{parameters}\n")
    return "\n".join(lines)


def _declared(kind: type) -> str:
    lines = [f"- {code(kind.__name__)} {verb} {_columns(getattr(kind, verb, ()))}" for verb in ("reads", "writes")]
    return "\n".join(line for line in lines if not line.endswith(" "))


def _columns(names: tuple[str, ...]) -> str:
    """Declared names by table: ``settlements``: environment, need; and what is counted, in words."""
    parts = []
    for where, group in groupby(sorted(dict.fromkeys(names)), key=lambda name: name.partition(".")[0]):
        columns = [name.partition(".")[2] for name in group]
        if where == "tally":
            parts.append(
                "counts " + ", ".join(FLOWS[c][1].replace("of these, ", "") if c in FLOWS else c for c in columns)
            )
        elif columns == [""]:
            parts.append(code(where))
        elif "*" in columns:
            parts.append(f"{code(where)} (all columns)")
        else:
            parts.append(f"{code(where)} ({', '.join(columns)})")
    return "; ".join(parts)


def initialization() -> str:
    """How places and residents are built, in the words of the module that builds them."""
    return prose(population)


def leaves_out() -> str:
    """What each mechanism says that it leaves out."""
    rows = ((head(module), sentence) for module in (*mechanisms(), *institutions()) if (sentence := _left_out(module)))
    return table(("mechanism", "leaves out"), rows)


def _left_out(module: ModuleType) -> str:
    text = " ".join((inspect.getdoc(module) or "").split())
    rest = text.partition("Leaves out: ")[2]
    return rest.partition(". ")[0].rstrip(".")
