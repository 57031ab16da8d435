"""Pages of what a run can choose: instruments, bundles, theories, places, scenarios."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from generator.markdown import code, number, table
from generator.parameters import parameters
from govsim.config.arrangements import Arrangements
from govsim.config.compose import compose
from govsim.config.overrides import files
from govsim.config.parameters import ASSUMED, describe
from govsim.config.schema import Config
from govsim.measures.outcomes import OUTCOMES
from govsim.policies import INSTRUMENTS, Instrument
from govsim.rules import RULES

__all__ = ["bundles", "instruments", "places", "remarks", "scenarios", "theories"]


def instruments() -> str:
    """A section for each instrument."""
    before = compose([]).config.before
    return "\n".join(part for name, kind in INSTRUMENTS.items() for part in _instrument(name, kind, before))


def _instrument(name: str, kind: type[Instrument], before: Arrangements) -> Iterator[str]:
    yield f"(instrument-{name.replace('_', '-')})=\n## `{name}`\n"
    yield f"*{(inspect.getdoc(inspect.getmodule(kind)) or '').splitlines()[0]}*\n"
    yield f"{inspect.getdoc(kind)}\n"
    config = compose([f"policy={name}"]).config
    cost = config.policy[name].yearly_cost(config)
    yield _list({
        "Run by": f"the {kind.tier}",
        "Begins": _begins(kind),
        "Dose": f"`{kind.dose}`: {_dose(kind, before)}" if kind.dose else "none",
        "More money buys more of": ", ".join(map(code, kind.scalable)) or "nothing (not scalable)",
        "Ends with campaigns": "yes" if kind.campaign else "no",
        "Writes the rules": "; ".join(_written(kind, before)),
        "Manipulation check": f"`{kind.check}` ({_outcome(kind.check)}) moves when the dose does",
        "Channel": f"does nothing where {', '.join(f'`behaviour.{k}={v:g}`' for k, v in kind.channel.items())}",
        "Cost": f"{inspect.getdoc(kind.yearly_cost)} As it stands, on a street of {config.place.residents:,} "
        f"residents: {cost.yuan:,.0f} yuan and {cost.hours:,.0f} hours of others a year.",
        "File": code(f"{kind.__module__.replace('.', '/')}.py"),
    })  # fmt: skip
    yield parameters(kind, f"policy.{name}.")


def _list(of: dict[str, str]) -> str:
    return "\n".join(f"- **{what}.** {text}" for what, text in of.items()) + "\n"


def _begins(kind: type[Instrument]) -> str:
    start = next(f for f in fields(kind) if f.name == "start")
    facts = start.metadata["param"]
    if facts.source != ASSUMED:
        return f"{start.default}, by the article (`{facts.source}`)"
    if facts == next(f for f in fields(Instrument) if f.name == "start").metadata["param"]:
        return f"{start.default}, the first week of the timeline, unless set"
    return f"{start.default}, assumed: {facts.meaning.partition('(')[2].rstrip(')') or 'no date is given'}"


def _dose(kind: type[Instrument], before: Arrangements) -> str:
    facts, default = next((f, value) for field, f, value in describe(kind) if field == kind.dose)
    between = "" if facts.low is None or facts.high is None else f", {number(facts.low)} to {number(facts.high)}"
    return f"{number(default)} {'' if facts.unit == '1' else facts.unit}{between}; {number(kind.neutral(before))} " \
        "changes nothing"  # fmt: skip


def _written(kind: type[Instrument], before: Arrangements) -> Iterator[str]:
    for rule, how, value in kind().rules(before):
        sign = "x " if how == "scale" else "+ " if value >= 0 else "- "
        yield f"`{rule}` {sign}{number(abs(value))} ({RULES[rule].meaning})"


def _outcome(name: str) -> str:
    return OUTCOMES[name].label.strip() if name in OUTCOMES else "an outcome"


def remarks(file: Path) -> str:
    """The lines of comment at the head of a config: what it is, and why."""
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return f"{lines[0]}.\n\n{' '.join(lines[1:])}".strip() + "\n" if lines else ""


def bundles() -> str:
    """Policies that are no single instrument: what they say of themselves, and what they hold."""
    return "\n".join(part for name, file in files("policy").items() if name not in INSTRUMENTS
                     for part in _bundle(name, file))  # fmt: skip


def _bundle(name: str, file: Path) -> Iterator[str]:
    yield f"## `{name}`\n\n{remarks(file)}"
    held = compose([f"policy={name}"]).config.policy
    rows = [(f"[{code(key)}](#instrument-{key.replace('_', '-')})", _differs(of)) for key, of in sorted(held.items())]
    if any(differs for _, differs in rows):
        yield table(("instrument", "set otherwise than by itself"), rows)
    else:
        yield f"It holds {', '.join(link for link, _ in rows) + ', each as it is by itself' if rows else 'no instrument'}.\n"


def _differs(of: Instrument) -> str:
    plain = type(of)()
    changed = [f.name for f in fields(of) if getattr(of, f.name) != getattr(plain, f.name)]
    return ", ".join(f"`{name}` {number(getattr(of, name))}" for name in changed)


def theories() -> str:
    """Options of the group behaviour, each a theory: what they say of themselves, and what they set."""
    return _options("behaviour", compose([]).config.behaviour)


def scenarios() -> str:
    """Options of the group scenario."""
    return _options("scenario", compose([]).config.scenario)


def places() -> str:
    """Options of the group place."""
    return _options("place", Config().place)


def _options(group: str, schema: Any) -> str:
    return "\n".join(part for name, file in files(group).items() for part in _option(group, name, file, schema))


def _option(group: str, name: str, file: Path, schema: Any) -> Iterator[str]:
    yield f"## `{group}={name}`\n\n{remarks(file)}"
    known = {field: (facts, default) for field, facts, default in describe(schema)}
    rows = []
    for key, value in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).items():
        if key in known:
            facts, default = known[key]
            rows.append((code(f"{group}.{key}"), _shown(value), _shown(default), facts.unit, facts.meaning))
    yield table(("sets", "to", "instead of", "unit", "meaning"), rows)


def _shown(value: Any) -> str:
    return ", ".join(map(number, value)) if isinstance(value, list | tuple) else number(value)
