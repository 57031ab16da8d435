"""The plan of a study: from what it asks to its points, each a policy under a theory in a scenario.

Policies are made once and scenarios once, and a point is one of each. It holds only what it does not share; a
configuration is put together when a run needs it. What would be run twice is found here, run once, and named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, groupby
from typing import Any

import pandas as pd

from govsim.config.check import ConfigError
from govsim.config.compose import resolved
from govsim.config.schema import Config
from govsim.policies import Instrument
from govsim.source import source_hash
from govsim.study import factors
from govsim.study.arms import Arm, Worlds, arms
from govsim.study.factors import LEVER, Factor
from govsim.study.layout import Layout, layouts
from govsim.study.levers import Policy, Shelf, dose, named
from govsim.study.manifest import SCHEMA_VERSION
from govsim.study.scenarios import Bases, Scenario, assemble
from govsim.study.spec import Spec, spec_from

__all__ = ["Factor", "Plan", "Point", "assemble", "make_plan", "spec_from"]

_FEW = 6  # labels that a sentence can hold


@dataclass(frozen=True, slots=True)
class Point:
    """A policy under a theory in a scenario: what a run is, but for its seed.

    Attributes:
        number: from 0; its place in the plan.
        policy: label of its policy.
        theory: option of ``behaviour``.
        scenario: number of its sample of the uncertainties; 0 where there are none.
        budget: yuan per resident and year that the policy is sized to; None at its own cost.
        is_baseline: whether it is what the other points of its theory and scenario are compared with.
        designs: of levers that it is in.
        values: of every factor of the plan; None for a field of an instrument that is not there.
        base: name of the configuration that it starts from.
        instruments: its policy.
        settings: values of uncertainties that differ from those of its base, by key.
    """

    number: int
    policy: str
    theory: str
    scenario: int
    budget: float | None
    is_baseline: bool
    designs: tuple[str, ...]
    values: Mapping[str, Any]
    base: str
    instruments: Mapping[str, Instrument]
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What is to be run.

    Attributes:
        spec: what was asked.
        points: in order of theory and scenario, the baseline first.
        factors: what is varied, by the column that it has in tables.
        designs: by role and name: ``names`` of its factors, and ``rows``, the policy (of levers) or scenario (of
            uncertainties) of each of its rows in its own order; ``points`` of a design of levers; and what its analysis
            must know.
        bases: the configurations that points start from, by name.
        notes: what a user should be told.
    """

    spec: Spec
    points: tuple[Point, ...]
    factors: Mapping[str, Factor]
    designs: Mapping[str, dict[str, Any]]
    bases: Mapping[str, Config]
    notes: tuple[str, ...]

    @property
    def baseline(self) -> str:
        """Label of the policy that all are compared with."""
        return self.points[0].policy

    def config(self, number: int, seed: int) -> Config:
        """The configuration of a point under a seed, without a second world, for one thread.

        It shares parts with the others of the plan and must not be changed.
        """
        point = self.points[number]
        return assemble(self.bases[point.base], point.instruments, point.settings, seed)

    def groups(self) -> list[list[int]]:
        """Points that share a warm-up: those of a theory and scenario, the baseline first."""
        runs = groupby(self.points, key=lambda point: (point.theory, point.scenario))
        return [[point.number for point in group] for _, group in runs]

    def table(self) -> pd.DataFrame:
        """A row a point: what it is, and a column for each factor."""
        about = ("policy", "theory", "scenario", "budget", "is_baseline")
        columns: dict[str, Any] = {"point": [point.number for point in self.points]}
        columns |= {name: [getattr(point, name) for point in self.points] for name in about}
        columns["budget"] = pd.Series(columns["budget"], dtype="float64")
        columns["designs"] = ["+".join(point.designs) for point in self.points]
        columns |= {name: [point.values[name] for point in self.points] for name in self.factors}
        return pd.DataFrame(columns)

    @cached_property
    def study_id(self) -> str:
        """16 hex digits that stand for what is run and what it is of, and for the source.

        How many replicates there are does not count, so that a study can go on with more.
        """
        bases = {name: resolved(config) for name, config in self.bases.items()}
        points = [
            [p.policy, p.base, p.scenario, p.budget, p.is_baseline, p.settings]
            + [[name, vars(instrument)] for name, instrument in sorted(p.instruments.items())]
            for p in self.points
        ]
        text = json.dumps([bases, points, self.designs, source_hash(), SCHEMA_VERSION])
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def make_plan(spec: Spec) -> Plan:
    """Plan a study: check it, and find every point.

    Raises:
        ConfigError: it asks for what is not there or not allowed, or for a budget that a policy cannot reach.
    """
    bases = Bases(spec.theories, spec.constants)
    before, keys = bases.configs[bases.first].before, bases.keys()
    policies = _Policies(spec)
    levers = layouts(spec, "levers", lambda said, name: factors.lever(said, name, before), policies.within)
    uncertain = layouts(spec, "uncertainties", lambda _, key: factors.uncertainty(key, keys), every=bases.ends)

    scenarios, scenario_of = bases.scenarios(row for layout in uncertain for row in layout.rows)
    worlds = Worlds(bases, spec.theories, scenarios)
    compared, arm_of, same = arms(policies.baseline, policies.rows(levers), spec.budget, worlds)

    tables = _Tables()
    for layout in levers:
        row = arm_of[layout.design]
        held = dict.fromkeys(name for arm in row for name in arm.instruments)
        varied = layout.factors or [factors.lever(name, name, before) for name in held]
        values = {factor: [dose(factor, arm.instruments) for arm in row] for factor in varied}
        tables.add("levers", layout, values, [arm.label for arm in row])
    for layout in uncertain:
        row, scenario_of = scenario_of[: len(layout.rows)], scenario_of[len(layout.rows) :]
        values = {f: [bases.value(bases.first, scenarios[number], f) for number in row] for f in layout.factors}
        tables.add("uncertainties", layout, values, row)

    points = tuple(_points(compared, worlds, bases, scenarios, tables.factors.values()))
    for layout in levers:
        numbers = [point.number for point in points if layout.design in point.designs]
        tables.designs[f"levers.{layout.design}"]["points"] = numbers
    return Plan(spec, points, tables.factors, tables.designs, bases.configs, (*_same(same), *tables.notes))


class _Policies:
    """The policies of a study, each composed once."""

    def __init__(self, spec: Spec) -> None:
        self._constants = spec.constants
        self._made: dict[str, Policy] = {}
        self.within = self.named("within", spec.within)
        self.baseline = self.named("baseline", spec.baseline)

    def named(self, said: str, asked: Any) -> Policy:
        key = json.dumps(asked)
        if key not in self._made:
            self._made[key] = named(said, asked, self._constants)
        return self._made[key]

    def rows(self, levers: Sequence[Layout]) -> dict[str, list[Policy]]:
        """The policy of each row of each design."""
        put_in = {factor.instrument for layout in levers if layout.design != "without" for factor in layout.factors}
        shelf = Shelf(put_in, self._constants)
        return {layout.design: list(self._rows(layout, shelf)) for layout in levers}

    def _rows(self, layout: Layout, shelf: Shelf) -> Iterator[Policy]:
        varied = {factor.name for factor in layout.factors}
        for number, (row, asked) in enumerate(zip(layout.rows, layout.policies, strict=True)):
            said = f"levers.{layout.design}"
            policy = self.within if asked is None else self.named(said, asked)
            for factor in row:
                if factor.instrument not in {*varied, *policy.instruments}:
                    raise ConfigError(
                        f"{said}.{factor.name}: {policy.label} has no {factor.instrument}; vary {factor.instrument} "
                        "beside it"
                    )
            yield shelf.change(policy, row, f"{layout.design} {number}" if layout.is_sampled else "") if row else policy


class _Tables:
    """Factors and designs as a plan describes them, gathered design by design."""

    def __init__(self) -> None:
        self.factors: dict[str, Factor] = {}
        self.designs: dict[str, dict[str, Any]] = {}
        self.notes: list[str] = []

    def add(self, role: str, layout: Layout, values: Mapping[Factor, Sequence[Any]], rows: Sequence[Any]) -> None:
        """Take in a design: the value of each factor in each of its rows, and what each row is."""
        for factor, column in values.items():
            have = self.factors.get(factor.name, factor)
            levels = tuple(dict.fromkeys((*have.levels, *_levels(layout, factor, column))))
            self.factors[factor.name] = replace(have, levels=levels, designs=(*have.designs, layout.design))
        said = f"{role}.{layout.design}"
        self.designs[said] = {"names": [factor.name for factor in values], **layout.facts, "rows": list(rows)}
        repeated = len(rows) - len(set(rows))
        if repeated and layout.is_sampled:
            self.notes.append(f"{said}: {repeated:,} of {len(rows):,} rows repeat another one; each is run once")
        if layout.facts.get("aliases"):
            resolution, aliases = layout.facts["resolution"], ", ".join(layout.facts["aliases"])
            self.notes.append(f"{said}: at resolution {resolution} these are one and cannot be told apart: {aliases}")


def _levels(layout: Layout, factor: Factor, column: Sequence[Any]) -> list[Any]:
    """Values of a factor in the order of a design; the ends of a sampler."""
    asked = layout.levels.get(factor, ())
    if layout.is_sampled:
        return list(asked)
    seen = {row.get(factor): value for row, value in zip(layout.rows, column, strict=True) if value is not None}
    ordered = [seen[level] for level in asked if level in seen]
    return ordered or [value for value in column if value is not None]


def _same(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """A sentence for each policy that others repeat under other names."""
    others: dict[str, list[str]] = {}
    for kept, other in pairs:
        others.setdefault(kept, []).append(other)
    notes = []
    for kept, repeats in others.items():
        more = f" and {len(repeats) - _FEW:,} more" if len(repeats) > _FEW else ""
        notes.append(f"{', '.join(repeats[:_FEW])}{more} and {kept} are the same arrangement; run once")
    return notes


def _points(
    compared: Sequence[Arm], worlds: Worlds, bases: Bases, scenarios: Sequence[Scenario], varied: Iterable[Factor]
) -> Iterator[Point]:
    """Every arm in every world, world by world."""
    varied = list(varied)
    levers = [factor for factor in varied if factor.role == LEVER]
    number = count()
    for w, world in enumerate(worlds):
        scenario = scenarios[world.scenario]
        assumed = {f.name: bases.value(world.theory, scenario, f) for f in varied if f.role != LEVER}
        for arm in compared:
            for budget, instruments in arm.variants(w):
                yield Point(
                    number=next(number),
                    policy=arm.label,
                    theory=world.theory,
                    scenario=world.scenario,
                    budget=budget,
                    is_baseline=arm is compared[0],
                    designs=tuple(arm.designs),
                    values={factor.name: dose(factor, instruments) for factor in levers} | assumed,
                    base=world.base,
                    instruments=instruments,
                    settings=scenario.settings,
                )
