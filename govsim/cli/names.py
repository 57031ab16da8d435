"""``govsim list`` and ``govsim params``: the names a configuration may use, and what is known of its values."""

from __future__ import annotations

import argparse
import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from govsim.cli import show
from govsim.cli.check import figure
from govsim.cli.command import Command, Parser
from govsim.config.check import ConfigError, nearest, number, walk
from govsim.config.parameters import Parameter
from govsim.policies import INSTRUMENTS

__all__ = ["LIST", "PARAMS", "TOPICS", "cell"]

Rows = tuple[tuple[str, ...], Iterable[Sequence[str]]]


def _list(asked: argparse.Namespace) -> int:
    for what in asked.what:
        if what not in TOPICS:
            near = nearest(what, TOPICS)
            raise ConfigError(f"{what}: nothing to list; must be one of {', '.join(TOPICS)}{near}")
    for i, what in enumerate(asked.what or TOPICS):
        if len(asked.what) != 1:
            print(f"{'\n' if i else ''}{what}")
        show.table(*TOPICS[what]())
    return 0


def _params(asked: argparse.Namespace) -> int:
    from govsim.config.compose import compose

    config = compose().config
    every = {name: config.policy.get(name) or instrument() for name, instrument in INSTRUMENTS.items()}
    leaves = list(walk(replace(config, policy=every, baseline=None)))
    found = [leaf for leaf in leaves if all(_matches(leaf.key, p) for p in asked.patterns)]
    if not found:
        near = nearest(asked.patterns[-1], (leaf.key for leaf in leaves))
        raise ConfigError(f"{' '.join(asked.patterns)}: no parameter has such a key{near}")
    rows = []
    for leaf in found:
        f = leaf.facts
        about = (f.unit, _span(f), f.grade, f.source, f.meaning) if f else ("", "", "", "", "")
        rows.append((leaf.key, cell(leaf.value), *about))
    show.table(("key", "value", "unit", "range", "grade", "source", "meaning"), rows)
    return 0


def _matches(key: str, pattern: str) -> bool:
    return fnmatch.fnmatch(key, pattern) if re.search(r"[*?[]", pattern) else pattern in key


def _span(facts: Parameter) -> str:
    if facts.choices:
        return "|".join(facts.choices)
    return "" if facts.low is None or facts.high is None else f"{number(facts.low)} to {number(facts.high)}"


def cell(value: Any) -> str:
    """A value of a configuration as people write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(map(str, value))}]"
    return number(value) if isinstance(value, int | float) else str(value)


def _options(group: str) -> Callable[[], Rows]:
    def rows() -> Rows:
        from govsim.config.overrides import options

        return ("name", "meaning"), options(group).items()

    return rows


def _instruments() -> Rows:
    rows = []
    for name, instrument in INSTRUMENTS.items():
        facts = {leaf.key: leaf.facts for leaf in walk(instrument())}.get(instrument.dose or "")
        dose = f"{instrument.dose}, {_span(facts)}" if facts else "not scalable"
        rows.append((name, instrument.tier, dose, instrument.check, _first_line(instrument.__doc__)))
    return ("name", "tier", "dose", "moves", "meaning"), rows


def _kinds() -> Rows:
    from govsim.config.compose import compose

    kinds = compose().config.kinds.items()
    return ("name", "cases per 1,000 and week", "departments"), [
        (name, number(kind.rate), ", ".join(kind.departments)) for name, kind in kinds
    ]


def _departments() -> Rows:
    from govsim.config.compose import compose

    departments = compose().config.departments.items()
    return ("name", "branch hours per 1,000 and week"), [(name, number(d.hours)) for name, d in departments]


def _rules() -> Rows:
    from govsim.rules import RULES

    return ("name", "unit", "cap", "meaning"), [(n, r.unit, number(r.cap), r.meaning) for n, r in RULES.items()]


def _outcomes() -> Rows:
    from govsim.measures.outcomes import OUTCOMES

    return ("name", "unit", "group", "meaning"), [(n, o.unit, o.group, o.meaning) for n, o in OUTCOMES.items()]


def _targets() -> Rows:
    from govsim.calibration.targets import load_targets
    from govsim.config.overrides import files

    rows = [
        (name, t.name, t.kind, figure(t.observed), " to ".join(map(figure, t.limits[1:])), t.role, t.source, t.what)
        for name in files("target")
        for t in load_targets(name)
    ]
    return ("targets", "name", "kind", "observed", "band", "role", "source", "meaning"), rows


TOPICS: dict[str, Callable[[], Rows]] = {
    "places": _options("place"),
    "policies": _options("policy"),
    "behaviours": _options("behaviour"),
    "scenarios": _options("scenario"),
    "experiments": _options("experiment"),
    "calibrations": _options("calibration"),
    "ensembles": _options("ensemble"),
    "targets": _targets,
    "instruments": _instruments,
    "kinds": _kinds,
    "departments": _departments,
    "rules": _rules,
    "outcomes": _outcomes,
}


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0]


def _list_parser() -> Parser:
    parser = Parser("list")
    parser.add_argument("what", nargs="*")
    return parser


def _params_parser() -> Parser:
    parser = Parser("params")
    parser.add_argument("patterns", nargs="*")
    return parser


def _list_help() -> str:
    return f"usage: govsim list [{'|'.join(TOPICS)}]\n\n{LIST.summary}"


def _params_help() -> str:
    return f"""\
usage: govsim params [pattern ...]

{PARAMS.summary}

A pattern is a part of a key (params trust) or has wildcards (params 'policy.*.start'); all must fit.
Values are those of the main job.
Grades: A the article, B a study, C an official or press figure, D an assumption."""


LIST = Command(f"list names: {', '.join(TOPICS)}", _list_parser(), _list_help, _list)
PARAMS = Command(
    "show parameters with value, unit, range, grade, source and meaning", _params_parser(), _params_help, _params
)
