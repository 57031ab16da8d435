"""Small formulas docked alone, on arguments by luck: what a week seldom asks of them, or no draw would show.

A chance that is off by a little, a first or last member that is left out, a cap that is seldom reached: in a week they
are lost among much else. Here each formula and its plain twin get the same arguments a few hundred times.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import alone_cases
import alone_places
import numpy as np
from docking import take
from formulas import SEED, Both, Formula, Luck, Thing, case_id_by, objects, plain_city_of
from plain import committee as plain_committee
from plain import culture as plain_culture
from plain import experience as plain_experience
from plain import funding as plain_funding
from plain import incidence as plain_incidence
from plain import owners as plain_owners
from plain import party as plain_party
from plain import persuasion as plain_persuasion
from plain import queueing as plain_queueing
from plain import sinking as plain_sinking
from shaken import shares

from govsim import cases as c
from govsim import draws
from govsim.calendar import QUARTER
from govsim.city import City
from govsim.config.behaviour import Behaviour, values
from govsim.flows import FLOWS
from govsim.institutions import queue
from govsim.institutions.committee import Committee
from govsim.institutions.offices import Offices
from govsim.processes import culture, departments, experience, funding, incidence, owners, party, persuasion, sinking

__all__ = ["FirstDesks", "formulas"]


# --- offices


def _meeting(luck: Luck, p: Any) -> Both:
    """A week's meeting of a committee: little in dispute, or hours saved beyond what is kept."""
    n, departments_ = int(luck.integers(1, 9)), int(luck.integers(1, 9))
    held: dict[str, Any] = {name: shares((n, departments_), luck) for name in ("precedent", "backed", "finished")}
    held["docket"] = shares((n, departments_), luck) * (luck.random((n, 1)) < 0.7)
    held |= {"named": np.full(n, -1), "named_strength": shares(n, luck), "expected": shares(departments_, luck)}
    slots = luck.integers(1, departments_ + 1, n)
    named = np.stack([luck.permutation(departments_) for _ in slots])
    kinds = Thing(severity=1.0 + luck.random(n), slots=slots, departments=named)
    rules = SimpleNamespace(
        committee_departments=float(luck.integers(0, departments_ + 1)), committee_hours=20.0 * luck.random(),
        leading_group=float(luck.random() < 0.8),
    )  # fmt: skip
    hours, week, people = 40.0 * luck.random(), int(luck.choice([QUARTER, QUARTER, QUARTER + 1])), range(100)
    results = (*Committee.ARRAYS, "hours", "minutes")

    def fast() -> list[Any]:
        committee, tally = Committee.__new__(Committee), np.zeros(len(FLOWS))
        config = SimpleNamespace(city_residents=1_000)
        committee.city = SimpleNamespace(  # pyright: ignore[reportAttributeAccessIssue]
            rules=rules, p=p, tally=tally, residents=people, config=config, kinds=kinds, week=week
        )
        vars(committee).update({name: array.copy() for name, array in held.items()}, minutes=[], hours=hours)
        committee.meet()
        return [*(getattr(committee, name) for name in results), tally]

    def slow() -> list[Any]:
        committee = Thing(minutes=[], hours=hours, **{name: array.tolist() for name, array in held.items()})
        city = plain_city_of(p, rules=rules, week=week, residents=people, committee=committee, kinds=objects(kinds))
        for kind in city.kinds:
            kind.departments = kind.departments[: kind.slots]
        plain_committee.meet(city)
        return [*(getattr(committee, name) for name in results), list(city.tally.values())]

    return fast, slow


def _background(luck: Luck, p: Any) -> Both:
    """Desks without work, without time, or whose clientele is simulated to the last."""
    n = int(luck.integers(1, 7))
    group = np.sort(luck.integers(0, 3, n))
    desks = Thing(
        share=luck.choice([1.0, 0.5, 0.1], n), base_hours=10.0 * shares(n, luck), usual=5.0 * shares(n, luck),
        usual_before=5.0 * shares(n, luck),
    )  # fmt: skip
    mirrored, smoothing = bool(luck.integers(2)), 0.1 + 0.5 * luck.random()
    pooling = float(luck.choice([0.0, 40.0]))

    def slow() -> list[Any]:
        city = plain_city_of(SimpleNamespace(pooling=pooling, smoothing=smoothing), background=[0.0] * n)
        rows = objects(desks)
        for g in range(3):
            of_group = [desk for desk in rows if group[desk.row] == g]
            plain_queueing.background_hours(city, of_group, mirrored)
        return [city.background]

    return lambda: [queue.background_hours(desks, group, mirrored, pooling, smoothing)], slow


def _put_on(luck: Luck, p: Any) -> Both:
    docket, refused = luck.random((3, 4)), luck.integers(0, 3, (3, 4))

    def fast() -> list[Any]:
        now = docket.copy()
        departments._put_on(now, refused)
        return [now]

    return fast, lambda: [docket + refused]


# --- places


def _dealt(luck: Luck, p: Any) -> Both:
    """Money after signals, of which some are nothing anywhere, and some nothing in a place."""
    n = int(luck.integers(1, 5))
    signals = ("signal_reported", "signal_found", "signal_walked", "signal_true")
    communities = Thing(**{name: shares(n, luck) * (luck.random() < 0.8) for name in signals})
    weights = ("fund_by_reported", "fund_by_patrol", "fund_by_true_need")
    rules = Thing(**{name: luck.random() * (luck.random() < 0.6) for name in weights})
    city = plain_city_of(p, rules=rules, communities=objects(communities))
    return (
        lambda: [funding.dealt(communities, rules, p.fund_floor)],
        lambda: [plain_funding._shares(city)],
    )


def _around(luck: Luck, p: Any) -> Both:
    """Gates before hardly anybody, some, or all."""
    n, m = int(luck.integers(1, 4)), int(luck.integers(1, 8))
    p = SimpleNamespace(gate_moves=p.gate_moves, gate_effect=p.gate_effect, noise=p.noise, group_size=p.group_size)
    settlements = Thing(
        community=np.sort(luck.integers(0, n, m)), gated=luck.random(m) < 0.5, residents=luck.integers(1, 100, m)
    )
    communities = Thing(
        residents=np.bincount(settlements.community, settlements.residents, n).astype(int),
        groups_outside=3.0 * shares(n, luck),
    )
    city = plain_city_of(p)
    rows = objects(communities)
    for community in rows:
        community.city = city
        community.settlements = [
            Thing(gated=gated, people=people)
            for here, gated, people in zip(*(column.tolist() for column in vars(settlements).values()), strict=True)
            if here == community.row
        ]
    return (
        lambda: incidence._around(settlements, communities, [p]),
        lambda: [list(map(plain_incidence.moved_by_gates, rows)), list(map(plain_incidence.noise, rows))],
    )


def _ties(luck: Luck, p: Any) -> Both:
    """Places where more are in groups than live there, or nobody is."""
    archetype, groups = int(luck.integers(0, 8)), 60.0 * luck.random()
    migrants, joined = (shares((), luck).item() for _ in range(2))
    community = Thing(groups=groups, groups_outside=0.0, residents=1_000)
    here = Thing(archetype=archetype, migrants=migrants, joined_share=joined, community=community)
    in_groups = p.group_size * groups / 1_000
    return (
        lambda: [culture.ties_toward(archetype, migrants, in_groups, joined, p)],
        lambda: [plain_culture.ties_toward(plain_city_of(p), here)],  # pyright: ignore[reportArgumentType]
    )


def _sunk(luck: Luck, p: Any) -> Both:
    """Time that moves to streets from departments of which some have no work, by kinds of one department and more."""
    p = SimpleNamespace(lead_variation=min(1.0, p.lead_variation), sunk_power=p.sunk_power)
    n, kinds_, width = int(luck.integers(1, 4)), int(luck.integers(1, 4)), 3
    slots = luck.integers(1, min(n, width) + 1, kinds_)
    named = np.zeros((kinds_, width), dtype=np.int64)
    for k, some in enumerate(slots):
        named[k, :some] = luck.permutation(n)[:some]
    numbers = ("ambiguity", "further", "rate", "at_community", "branch_hours", "sinkable")
    kinds: Any = Thing(slots=slots, departments=named, **{name: shares(kinds_, luck) for name in numbers})
    sunk_hours = shares((), luck).item()

    def slow() -> list[Any]:
        city = plain_city_of(p, rules=SimpleNamespace(sunk_hours=sunk_hours), kinds=objects(kinds))
        for kind in city.kinds:
            kind.departments = kind.departments[: kind.slots]
        branches: list[Any] = [Thing(department=department) for department in range(n)]
        return [[plain_sinking._part_that_moves(city, branch) for branch in branches]]

    return lambda: [sinking.sunk_part(kinds, n, sunk_hours, p)], slow


def _turnout(luck: Luck, p: Any) -> Both:
    """The chance that an owner votes, itself and not a draw of it."""
    joined, ties, support = bool(luck.integers(2)), luck.random(), shares((), luck).item()
    who: Any = Thing(joined=joined, settlement=Thing(ties=ties))
    city = plain_city_of(p, rules=SimpleNamespace(owners_support=support))
    return lambda: [owners.turnout(joined, ties, support, p)], lambda: [plain_owners.turnout(city, who)]


# --- residents


def _own_cases(luck: Luck, p: Any) -> Both:
    """Own cases of such weight that attitudes hit their bounds."""
    n, m = int(luck.integers(1, 6)), int(luck.integers(0, 8))
    p = replace(Behaviour(), own_case=2.0 * luck.random(), loss_weight=0.5 + 2.0 * luck.random())
    people, felt = luck.integers(0, n, m), shares(m, luck)
    attitudes = {"satisfaction": shares(n, luck), "trust": shares(n, luck)}

    def fast() -> list[Any]:
        residents = Thing(**{name: held.copy() for name, held in attitudes.items()})
        clipped = experience._own_cases(people, felt, residents, values(p))
        return [residents.satisfaction, residents.trust, clipped]

    def slow() -> list[Any]:
        residents, city = objects(Thing(**attitudes)), plain_city_of(p)
        for who, how_good in zip(people, felt, strict=True):
            plain_experience.live_through_own_case(city, residents[who], how_good)
        return [[who.satisfaction for who in residents], [who.trust for who in residents], city.tally["clipped"]]

    return fast, slow


def _leaders(luck: Luck, p: Any) -> Both:
    """Compounds of so few members that each of them decides."""
    there = luck.integers(0, 4, 3)
    n = int(there.sum())
    members = Thing(resident=luck.permutation(n), known=luck.random(n) < 0.6)
    settlements = Thing(first_member=np.cumsum(there) - there, members=there, party_spells=luck.integers(0, 3, 3))
    residents = Thing(trust=shares(n, luck))

    def slow() -> list[Any]:
        city, of_place, who = plain_city_of(p), objects(settlements), objects(residents)
        of_members: list[Any] = [Thing(resident=who[i], known=known) for i, known in zip(*_lists(members), strict=True)]
        return [
            any(
                plain_party.would_lead(city, here, member)
                for member in of_members[here.first_member : here.first_member + here.members]
            )
            for here in of_place
        ]

    return lambda: [party._somebody_leads(SEED, s, members, residents, settlements, p) for s in range(3)], slow


def _lists(columns: Thing) -> list[list[Any]]:
    return [column.tolist() for column in vars(columns).values()]


def _messengers(luck: Luck, p: Any) -> Both:
    """Who goes to a household, and whose time it takes."""
    joined, ties, hands, used, patrol = (shares((), luck).item() for _ in range(5))
    case_id, visits, people = case_id_by(luck), int(luck.integers(0, 5)), int(luck.integers(1, 5_000))

    def fast() -> list[Any]:
        free = hands * people / 1_000.0 - used
        of = (SEED, case_id, visits, joined, ties, free >= p.visit_hours, patrol > 0.0, p)
        tie, messenger = persuasion._messenger_tie(*of)
        return [tie, p.visit_hours * (messenger == 1), p.visit_hours * (messenger == 3)]

    def slow() -> list[Any]:
        desk = Thing(served=0.0, inflow=0.0)
        here = Thing(
            joined_share=joined, ties=ties, hands=hands, people=people, hands_used=used, patrol=patrol,
            community=Thing(desk=desk),
        )  # fmt: skip
        tie = plain_persuasion.send_messenger(plain_city_of(p), Thing(settlement=here, id=case_id, visits=visits))  # pyright: ignore
        return [tie, here.hands_used - used, desk.inflow]

    return fast, slow


def _readiness(luck: Luck, p: Any) -> Both:
    """The chance that a household gives in, itself and not a draw of it."""
    tie, trust, shown, given_in, example = (shares((), luck).item() for _ in range(5))
    case_id, visits, hardened, member = case_id_by(luck), *luck.integers(0, 6, 2).tolist(), bool(luck.integers(2))
    rules = SimpleNamespace(visit_compensation=20_000.0 * luck.random(), visit_pressure=luck.random())

    def fast() -> list[Any]:
        own = draws.normal(SEED, persuasion.READINESS, case_id - c.generation_of(case_id), 0)
        of_household = (visits, tie, trust, shown, given_in, example, member, hardened, own)
        return [persuasion.readiness(*of_household, rules, p)]

    def slow() -> list[Any]:
        case = Thing(
            id=case_id, visits=visits, hardened=hardened, resident=Thing(trust=trust, member=member),
            settlement=Thing(shown=shown, given_in=given_in, example=example),
        )  # fmt: skip
        return [plain_persuasion.readiness(plain_city_of(p, rules=rules), case, tie)]  # pyright: ignore

    return fast, slow


def formulas() -> list[Formula]:
    """All formulas and small kernels that are docked alone."""
    asked = (
        _meeting,
        _background,
        _put_on,
        _dealt,
        _around,
        _ties,
        _sunk,
        _turnout,
        _own_cases,
        _leaders,
        _messengers,
        _readiness,
        *alone_cases.ASKED,
        *alone_places.ASKED,
    )
    return [Formula(f"alone: {ask.__name__.strip('_')}, {ask.__module__}", ask) for ask in asked]


# --- set-up that no table holds


class FirstDesks:
    """Where the desks of each district begin, in a place of several."""

    name, people = "first desks", 0

    def __init__(self, city: City) -> None:
        self.city, plain = city, take(city)
        ends = len(plain.communities), len(plain.communities) + len(plain.streets), len(plain.desks)
        firsts = [
            (district.streets[0].communities[0].desk.row, district.streets[0].desk.row, district.branches[0].row)
            for district in plain.districts
        ]
        self.expected = list(map(list, zip(*firsts, ends, strict=True)))

    def play(self) -> None:
        offices = Offices(self.city)
        self.got = [offices.communities_in.tolist(), offices.streets_in.tolist(), offices.branches_in.tolist()]

    def rehearse(self) -> None:
        """It was worked out at the start."""

    def difference(self) -> str | None:
        return None if self.got == self.expected else f"{self.got} against {self.expected}"
