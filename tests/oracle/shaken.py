"""States that no history would lead to: everything that moves is set anew by luck, within what it may be.

In worlds that were lived in, shares lie about their middle, no two are equal, counters stay small, and rows come in the
order in which they were filled. Here attitudes stand at their bounds or level with each other, counters at their end,
parameters far from their values, rules are switched off one by one, and cases lie anywhere in their table, which has no
free row. Each round has a theory, a law and a place of its own. What holds together (queues, who belongs to whom, money
due) is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from docking import Step, steps_of_a_week
from worlds import FROM_THE_START

from govsim import cases as c
from govsim.calendar import QUARTER, WORKING_DAYS
from govsim.city import City
from govsim.columns import Table
from govsim.config.arrangements import OWNERS_LAWS
from govsim.config.behaviour import Behaviour, values
from govsim.config.behaviour.experience import THEORIES
from govsim.config.behaviour.participation import PARTICIPATION
from govsim.config.parameters import describe
from govsim.policies import INSTRUMENTS
from govsim.processes.departments import _ask
from govsim.residents import CHILD
from govsim.rules import RULES, Rules

__all__ = ["far_numbers", "shaken_weeks", "shares"]

PLACE: dict[str, Any] = {
    "place.residents": 1_500, "place.communities": 3, "place.grids": 5, "place.compounds": 6,
    "place.sizes": [100, 150, 200, 200, 250, 250],
}  # fmt: skip
WHOLE = {"place.streets": 2, "place.districts": 2}
"""Otherwise it is a piece of a street and of a district, whose offices have much to do for others."""
THEORY = list(product(THEORIES, PARTICIPATION))
POLICY: dict[str, Any] = {"policy": "chengdu_2019"} | {
    f"policy.{name}.start": FROM_THE_START for name in INSTRUMENTS if name != "department_capacity"
}
BUSY = {"rate_scale": 20.0}
WEEKS = (QUARTER - 1, -1, QUARTER - 1)
"""First weeks of the rounds, in turn: a survey is held and then a quarter begins, or the warm-up ends."""

STANDS = ("reconsider_weeks", "cell_metres", "pooling", "smoothing")
"""Parameters that hang together with what was set up."""
AS_IT_WAS = {
    "settlements": ("unmet_total", "registered_share"),
    "communities": ("due", "extra_due", "match_due", "registered_share"),
    "desks": ("arrived", "served", "asked", "inflow", "used", "offered"),
    "residents": ("registered",),
    "members": (),
    "grids": (),
    "districts": (),
}
"""What moves in each table and hangs together with something else."""
COUNTERS = ("attempt", "hops", "bounces", "episode", "visits", "hardened")
NONE = 0.1
"""Chance that nobody has any of something."""
HARDLY = 0.02
"""Part of a rule that hardly goes any way."""
MOST = 250
"""Where counters of a byte end."""


def shaken_weeks(round_: int) -> Iterator[tuple[City, Step]]:
    """The parts of two weeks, each for the caller to do, and the city in a state of its own before it."""
    luck = np.random.default_rng(round_)
    satisfaction, participation = THEORY[round_ % len(THEORY)]
    apart: dict[str, Any] = {
        "behaviour.satisfaction_theory": satisfaction, "behaviour.participation_theory": participation,
        "before.owners_law": OWNERS_LAWS[round_ % 2], "background": ("mirrored", "fixed")[round_ % 3 % 2],
    } | (WHOLE if round_ % 2 == 0 else {})  # fmt: skip
    city = City(place="community", rng=round_, warmup=6, weeks=40, **PLACE, **POLICY, **apart)
    city.threads = 1
    city.places.grids.residents[0] = 0.5  # hardly anybody
    city.p = values(replace(city.config.behaviour, **BUSY))
    while city.week < WEEKS[round_ % len(WEEKS)]:
        city.step()
    usual = {name: _means(table) for name, table in _tables(city).items()}
    for _ in range(2):
        city.tally[:] = 0.0
        in_force = city.timeline.in_force(city.week)
        for step in steps_of_a_week(city):
            city.rules = _rules(in_force, luck)
            _shake(city, usual, luck)
            yield city, step
        city.week += 1


def _tables(city: City) -> dict[str, Table]:
    places = city.places
    return {
        "settlements": places.settlements, "communities": places.communities, "grids": places.grids,
        "desks": city.desks, "residents": city.residents, "members": city.members, "districts": places.districts,
    }  # fmt: skip


def _means(table: Table) -> dict[str, float]:
    """How large the numbers of each column are that are no shares; 1 where there are none yet."""
    means = {name: float(np.abs(getattr(table, name)).mean()) for name in table.declared if len(table)}
    return {name: mean or 1.0 for name, mean in means.items()}


def _shake(city: City, usual: dict[str, dict[str, float]], luck: np.random.Generator) -> None:
    """Set everything anew that can be anything by itself."""
    city.p = values(replace(city.config.behaviour, **far_numbers(city.config.behaviour, luck)))
    for name, table in _tables(city).items():
        _shake_table(table, AS_IT_WAS[name], usual[name], luck)
    for name in ("precedent", "backed", "expected", "named_strength"):
        held = getattr(city.committee, name)
        held[...] = shares(held.shape, luck)
    city.committee.named[:] = luck.integers(-1, city.kinds.slots)
    city.committee.hours = 30.0 * luck.random()
    city.persuasion.hardened = luck.integers(0, len(city.residents), 5)
    _shake_users(city, luck)
    _shake_cases(city, luck)
    _deal_rows(city, luck)
    _ask(*city.offices.branches, city.desks.columns, city.cases.columns, city.kinds.columns, city.p)


def _rules(in_force: Rules, luck: np.random.Generator) -> Rules:
    """Each rule up to twice as far as it goes, hardly at all, or not at all."""
    part = luck.choice([0.0, HARDLY, 1.0], len(RULES), p=[0.25, 0.1, 0.65])
    factor = part * 2.0 * luck.random(len(RULES))
    far = [min(r.cap, x * f) for r, x, f in zip(RULES.values(), in_force, factor.tolist(), strict=True)]
    return Rules(*map(float, far))  # else kernels are compiled for each mix of types


def far_numbers(standing: Behaviour, luck: np.random.Generator) -> dict[str, float]:
    """Each number of a behaviour half or double what it is, or thereabouts, or at an end of its range."""
    far = {}
    for name, facts, x in describe(standing):
        if not facts.choices and name not in STANDS:
            far[name] = float(x * np.exp(luck.normal(0, 0.6)))
            ends = [end for end in (facts.low, facts.high) if end is not None]
            if ends and luck.random() < NONE:
                far[name] = float(luck.choice(ends))
    return far


def shares(shape: Any, luck: np.random.Generator) -> np.ndarray:
    """Numbers between 0 and 1, of which a part is neither more nor less, and a part are quarters: some are level."""
    parts = np.clip(luck.uniform(-0.3, 1.3, shape), 0.0, 1.0)
    return np.where(luck.random(shape) < 0.3, np.round(4.0 * parts) / 4.0, parts)


def _shake_table(table: Table, as_it_was: tuple[str, ...], usual: dict[str, float], luck: np.random.Generator) -> None:
    """Every share anywhere, every flag either way, every other real number up to twice as large as usual; or all 0."""
    for name in table.moving():
        spec, held = table.declared[name], getattr(table, name)
        if name in as_it_was:
            continue
        if luck.random() < NONE and held.dtype.kind in "bf":
            held[:] = 0
            continue
        if held.dtype.kind == "b":
            held[:] = luck.random(held.shape) < 0.5
        elif held.dtype.kind == "f":
            part = shares(held.shape, luck)
            held[:] = part if spec.unit in ("0..1", "1") else 2.0 * usual[name] * part


def _shake_users(city: City, luck: np.random.Generator) -> None:
    """Any adult may be on the platform, and many reconsider this week, the first and the last of a place as any."""
    residents, settlements, communities = city.residents, city.places.settlements, city.places.communities
    residents.registered[:] = (luck.random(len(residents)) < 0.5) & (residents.age != CHILD)
    residents.turn[luck.random(len(residents)) < 0.5] = -city.clock_week % int(city.p.reconsider_weeks)
    users = np.add.reduceat(residents.registered.astype(int), settlements.first_resident)
    settlements.registered_share[:] = users / settlements.residents
    communities.registered_share[:] = np.bincount(settlements.community, users) / communities.residents


def _shake_cases(city: City, luck: np.random.Generator) -> None:
    cases, day, n = city.cases, city.day, city.cases.rows
    for name in ("seen_grid", "seen_resident", "seen_property"):
        getattr(cases, name)[:] = shares(n, luck)
    for name in COUNTERS:
        getattr(cases, name)[luck.random(n) < 0.1] = MOST
    open_ = (cases.stage > c.DORMANT) & (cases.stage < c.CURED)
    for name, low, high in (("fades", 0, 60), ("clock", -40, 1), ("visit_from", -9, 9), ("wakes", -3, 9)):
        getattr(cases, name)[:] = np.where(open_, day + luck.integers(low, high, n), getattr(cases, name))
    soon = np.where(luck.random(n) < 0.5, cases.wakes, day + luck.integers(0, WORKING_DAYS, n))
    cases.fades[:] = np.where(open_ & (luck.random(n) < 0.2), soon, cases.fades)
    long_ago = (cases.found >= 0) & (cases.found < day) & (luck.random(n) < 0.1)
    cases.found[long_ago] = 0
    cases.first_paper[(cases.found >= 0) & (luck.random(n) < 0.2)] = 0
    _, line, members = np.unique(cases.id // (c.LAST_GENERATION + 1), return_inverse=True, return_counts=True)
    last_of_line = (members[line] == 1) & (luck.random(n) < 0.1)
    cases.id[last_of_line] += c.LAST_GENERATION - c.generation_of(cases.id[last_of_line])
    cases.persuaded[:] = open_ & (luck.random(n) < 0.5)
    needed = 1 << city.kinds.slots[cases.kind]
    cases.todo[:] = np.where(open_, luck.integers(1, needed), cases.todo)


def _deal_rows(city: City, luck: np.random.Generator) -> None:
    """Put cases into other rows, as many as there are cases, and say so to all who hold a row."""
    cases = city.cases
    taken = luck.permutation(np.flatnonzero(cases.stage != c.FREE))
    first = city.desks.head[city.desks.tier == luck.integers(3)]  # whoever is next at some desk gets row 0
    first = luck.permutation(first[first >= 0])[:1]
    taken = np.concatenate([first, taken[~np.isin(taken, first)]])
    now = np.full(cases.rows + 1, -1, dtype=np.int32)  # the last is nobody's, which is row -1
    now[taken] = np.arange(len(taken))
    cases.__setstate__({"columns": [np.asarray(cases.columns)[taken]]})
    ways = (getattr(city.ways, tier) for tier in city.ways.declared)
    for held in (cases.next, city.desks.head, city.desks.tail, *ways):
        held[:] = now[held]
    for process, name in ((city.detection, "found"), (city.reckoning, "complaints")):
        if hasattr(process, name):
            rows = now[getattr(process, name)]
            setattr(process, name, rows[rows >= 0])
