"""Docking: the same week in ``govsim`` and in the plain model, and what differs.

``take`` makes a plain city of a city of ``govsim`` at any moment of its life. Then both do the same, a whole week or a
part of it (``STEPS``), and ``differences`` names every state that is not the same: integers and categories exactly,
real numbers to rounding. ``docked_week`` does a week so, part by part. On docking see Axtell, Axelrod, Epstein & Cohen
1996.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from plain import city as plain_city
from plain.agents import (
    Case,
    Committee,
    Community,
    Desk,
    District,
    Grid,
    Household,
    Kind,
    Member,
    Resident,
    Settlement,
    Street,
    Survey,
)
from plain.city import WORKING_DAYS
from plain.rows import Row

from govsim import cases as c
from govsim.city import City
from govsim.columns import Table
from govsim.flows import FLOWS
from govsim.institutions.queue import BRANCH_DESK, COMMUNITY_DESK, STREET_DESK
from govsim.recorder import SERIES

__all__ = ["CLOSING", "STEPS", "Step", "differences", "docked_week", "set_rules", "steps_of_a_week", "take"]

_TIGHT = 1e-9
"""Relative difference of two sums of double precision that only the order of adding explains."""
_STORED = 3e-7
"""Relative difference of two values stored in single precision: two units in the last place."""
_ALMOST_NOTHING = 1e-9
"""Absolute difference that never matters."""


# --- from columns to objects


def take(city: City) -> plain_city.City:
    """The same city as objects, as it is now."""
    p = SimpleNamespace(**{name: city.p[name].item() for name in city.p.dtype.names})
    plain = plain_city.City(city.config, p, city.config.seed)
    plain.week = city.week
    _take_places(city, plain)
    _take_people(city, plain)
    _take_offices(city, plain)
    _take_cases(city, plain)
    committee, survey = city.committee, city.survey
    plain.committee = Committee()
    for name in committee.ARRAYS:
        setattr(plain.committee, name, getattr(committee, name).tolist())
    plain.committee.minutes, plain.committee.hours = list(committee.minutes), committee.hours
    plain.survey = Survey(**{name: getattr(survey, name) for name in survey.RESULTS})
    plain.rules = SimpleNamespace(**city.rules._asdict())
    plain.tally = dict(zip(FLOWS, city.tally.tolist(), strict=True))
    plain.background = city.background.tolist()
    plain.ended_before, plain.noted_before = len(city.archive.table()["id"]), int(city.handoffs.count[0])
    _take_the_week(city, plain)
    return plain


def _rows(kind: type[Row], table: Table, plain: plain_city.City) -> list[Any]:
    """An object for each row of a table."""
    made = [kind(plain, row) for row in range(len(table))]
    _fill(made, table, slice(None))
    return made


def _fill(made: list[Any], table: Table, rows: Any) -> None:
    """Give objects what their rows hold, which is rounded as it is stored already."""
    for name in type(made[0]).stores if made else ():
        for one, value in zip(made, getattr(table, name)[rows].tolist(), strict=True):
            vars(one)[name] = value


def _take_places(city: City, plain: plain_city.City) -> None:
    places = city.places
    plain.districts = _rows(District, places.districts, plain)
    plain.streets = _rows(Street, places.streets, plain)
    plain.communities = _rows(Community, places.communities, plain)
    plain.settlements = _rows(Settlement, places.settlements, plain)
    plain.grids = _rows(Grid, places.grids, plain)
    for district in plain.districts:
        district.streets = [plain.streets[row] for row in places.streets_of(district.row)]
        for street in district.streets:
            street.district = district
    for street in plain.streets:
        street.communities = [plain.communities[row] for row in places.communities_of(street.row)]
        for community in street.communities:
            community.street = street
    for community in plain.communities:
        community.settlements = [plain.settlements[row] for row in places.settlements_of(community.row)]
        community.grids = []
        for settlement in community.settlements:
            settlement.community, settlement.street = community, community.street
            settlement.district = community.street.district
            settlement.people = int(places.settlements.residents[settlement.row])
            settlement.buildings = int(places.settlements.buildings[settlement.row])
            settlement.grids = []
    for grid in plain.grids:
        grid.community = plain.communities[places.grids.community[grid.row]]
        grid.community.grids.append(grid)
        grid.settlements = []
    for s, g, share in zip(places.share_settlement, places.share_grid, places.share.tolist(), strict=True):
        plain.settlements[s].grids.append((plain.grids[g], share))
        plain.grids[g].settlements.append((plain.settlements[s], share))


def _take_people(city: City, plain: plain_city.City) -> None:
    places = city.places
    plain.residents = _rows(Resident, city.residents, plain)
    plain.members = _rows(Member, city.members, plain)
    plain.households = _rows(Household, places.households, plain)
    for household in plain.households:
        household.members = [plain.residents[i] for i in places.members_of(household.row)]
    for member, who in zip(plain.members, city.members.resident, strict=True):
        member.resident = plain.residents[who]
    for settlement in plain.settlements:
        settlement.residents = [plain.residents[i] for i in places.residents_of(settlement.row)]
        for resident in settlement.residents:
            resident.settlement = settlement
        first, n = places.settlements.first_member[settlement.row], places.settlements.members[settlement.row]
        settlement.members = plain.members[first : first + n]
        settlement.households = [
            plain.households[h] for b in places.buildings_of(settlement.row) for h in places.households_of(b)
        ]


def _take_offices(city: City, plain: plain_city.City) -> None:
    plain.desks = _rows(Desk, city.desks, plain)
    for district in plain.districts:
        district.branches = []
    for desk in plain.desks:
        owner = int(city.desks.owner[desk.row])
        desk.queue, desk.department = [], None
        if desk.tier == COMMUNITY_DESK:
            desk.place = plain.communities[owner]
            desk.place.desk = desk
        elif desk.tier == STREET_DESK:
            desk.place = plain.streets[owner]
            desk.place.desk = desk
        elif desk.tier == BRANCH_DESK:
            district, desk.department = divmod(owner, city.n_departments)
            desk.place = plain.districts[district]
            desk.place.branches.append(desk)


def _take_cases(city: City, plain: plain_city.City) -> None:
    plain.kinds = [_kind(city, row) for row in range(len(city.kinds))]
    table = city.cases
    by_row: dict[int, Case] = {}
    rows = np.flatnonzero(table.stage != c.FREE)
    cases = [Case(plain, row) for row in rows.tolist()]
    _fill(cases, table, rows)
    for row, case in zip(rows.tolist(), cases, strict=True):
        case.settlement = plain.settlements[table.settlement[row]]
        case.resident = plain.residents[table.resident[row]]
        case.kind = plain.kinds[table.kind[row]]
        case.desk, case.under_way = None, int(table.desk[row]) == c.ON_ITS_WAY
        by_row[row] = plain.cases[case.id] = case
    for desk in plain.desks:
        for row in _list(int(city.desks.head[desk.row]), table.next):
            by_row[row].desk = desk
            desk.queue.append(by_row[row])
    for tier in city.ways.declared:
        for slot, head in enumerate(getattr(city.ways, tier).tolist()):
            day = city.day + (slot - city.day) % c.HORIZON
            for row in _list(head, table.next):
                plain.arrivals.setdefault((tier, day), []).append(by_row[row])


def _take_the_week(city: City, plain: plain_city.City) -> None:
    """What a process of this week has left for another one, as far as there is any yet."""
    plain.answers = [(plain.settlements[s], plain.residents[i], felt) for s, i, felt in _answers(city)]
    plain.hardened = [plain.residents[i] for i in city.persuasion.hardened]
    ids = city.cases.id[getattr(city.reckoning, "complaints", [])].tolist()
    plain.complaints = [plain.cases[case_id] for case_id in ids if case_id in plain.cases]


def _answers(city: City) -> list[tuple[int, int, float]]:
    """(settlement, resident, how good it felt) of each answer of the week, before the first week none."""
    return list(zip(*(column.tolist() for column in getattr(city.reckoning, "answers", ())), strict=True))


def _list(head: int, following: np.ndarray) -> Iterator[int]:
    while head >= 0:
        yield head
        head = int(following[head])


def _kind(city: City, row: int) -> Kind:
    kinds, record = city.kinds, city.kinds.columns[row]
    numbers = {name: record[name].item() for name in kinds.declared if name != "departments"}
    departments = record["departments"][: numbers["slots"]].tolist()
    return Kind(**numbers, row=row, name=kinds.names[row], departments=departments)


# --- what differs


def differences(city: City, plain: plain_city.City) -> Iterator[str]:
    """Every state of the two that is not the same, in words; nothing where they agree."""
    if city.week != plain.week:
        yield f"week: {city.week} against {plain.week}"
    for name, value in zip(FLOWS, city.tally.tolist(), strict=True):
        yield from _one(f"tally.{name}", value, plain.tally[name], _TIGHT)
    yield from _in_committee(city, plain)
    yield from _in_cases(city, plain)
    yield from _in_archive(city, plain)
    yield from _in_steps(city, plain)
    yield from _in_answers(city, plain)
    places = city.places
    tables: list[tuple[str, Table, list[Any]]] = [
        ("settlements", places.settlements, plain.settlements), ("grids", places.grids, plain.grids),
        ("communities", places.communities, plain.communities), ("streets", places.streets, plain.streets),
        ("districts", places.districts, plain.districts), ("desks", city.desks, plain.desks),
        ("members", city.members, plain.members), ("residents", city.residents, plain.residents),
    ]  # fmt: skip
    for name, table, objects in tables:
        yield from _in_table(name, table, objects)
    for name in city.survey.RESULTS:
        yield from _one(f"survey.{name}", getattr(city.survey, name), getattr(plain.survey, name), _TIGHT)
    if len(city.background) != len(plain.background):
        yield f"background: of {len(city.background)} desks against {len(plain.background)}"
    for row, (value, mine) in enumerate(zip(city.background.tolist(), plain.background, strict=False)):
        yield from _one(f"background {row}", value, mine, _TIGHT)
    if plain.series:
        recorded = dict(zip(SERIES, city.recorder.latest(), strict=True))
        for name, value in recorded.items():
            yield from _one(f"series.{name}", value, plain.series[-1][name], _STORED)


def _in_table(name: str, table: Table, objects: list[Any]) -> Iterator[str]:
    for column in type(objects[0]).stores if objects else ():
        spec = table.declared[column]
        if spec.fixed:
            continue
        values, mine = getattr(table, column).tolist(), [getattr(one, column) for one in objects]
        yield from _in_column(f"{name}.{{}}.{column}", spec.dtype, values, mine, range(len(mine)))


def _in_column(what: str, dtype: Any, values: list[Any], mine: list[Any], rows: Iterable[int]) -> Iterator[str]:
    """One attribute of all objects of a kind, which ``what`` names once an object's row or identity is put in."""
    if values == mine:  # to the last bit, as nearly always
        return
    tolerance = _STORED if np.dtype(dtype) == np.float32 else _TIGHT
    for row, value, other in zip(rows, values, mine, strict=True):
        yield from _one(what.format(row), value, other, tolerance)


def _in_cases(city: City, plain: plain_city.City) -> Iterator[str]:
    table = city.cases
    rows = np.flatnonzero(table.stage != c.FREE)
    there = set(table.id[rows].tolist())
    for case_id in sorted(there ^ plain.cases.keys()):
        yield f"case {case_id}: only in {'govsim' if case_id in there else 'the plain model'}"
    rows = rows[[case_id in plain.cases for case_id in table.id[rows].tolist()]]
    ids = table.id[rows].tolist()
    cases = [plain.cases[case_id] for case_id in ids]
    mine = {column: [getattr(case, column) for case in cases] for column in Case.stores}
    mine["desk"] = [c.ON_ITS_WAY if case.under_way else -1 if case.desk is None else case.desk.row for case in cases]
    mine |= {name: [getattr(case, name).row for case in cases] for name in ("settlement", "resident", "kind")}
    for column, values in mine.items():
        dtype = table.declared[column].dtype
        yield from _in_column(f"case {{}}.{column}", dtype, getattr(table, column)[rows].tolist(), values, ids)
    yield from _in_queues(city, plain)
    yield from _in_arrivals(city, plain)


def _in_queues(city: City, plain: plain_city.City) -> Iterator[str]:
    """Who stands before each desk, in order, and that the desk knows how many they are and who is the last."""
    desks, table = city.desks, city.cases
    for desk in plain.desks:
        rows = list(_list(int(desks.head[desk.row]), table.next))
        there, mine = table.id[rows].tolist(), [case.id for case in desk.queue]
        if there != mine:
            yield f"queue of desk {desk.row}: {there} against {mine}"
        if (desks.length[desk.row], desks.tail[desk.row]) != (len(rows), rows[-1] if rows else -1):
            yield f"queue of desk {desk.row}: not as long, or not with the last case, that the desk has noted"


def _in_arrivals(city: City, plain: plain_city.City) -> Iterator[str]:
    """Who arrives where and when, in each district, in no particular order."""
    expected: dict[tuple[str, int], list[int]] = {}
    for (tier, day), cases in plain.arrivals.items():
        for case in cases:
            row = c.HORIZON * case.settlement.district.row + day % c.HORIZON
            expected.setdefault((tier, row), []).append(case.id)
    for tier in city.ways.declared:
        for row, head in enumerate(getattr(city.ways, tier).tolist()):
            there = sorted(city.cases.id[list(_list(head, city.cases.next))].tolist())
            if there != sorted(expected.get((tier, row), [])):
                yield f"arrivals {tier} {row}: {there} against {sorted(expected.get((tier, row), []))}"


def _in_archive(city: City, plain: plain_city.City) -> Iterator[str]:
    """Cases that have ended since the city was taken, in whatever order."""
    mine = {case.id: case for case in plain.archive}
    ended = {name: column[plain.ended_before :].tolist() for name, column in city.archive.table().items()}
    for case_id in sorted(set(ended["id"]) ^ mine.keys()):
        yield f"ended case {case_id}: only in {'the plain model' if case_id in mine else 'govsim'}"
    for i, case_id in enumerate(ended["id"]):
        if case_id not in mine:
            continue
        for name in city.archive.COLUMNS:
            other = mine[case_id].resident.row if name == "resident" else getattr(mine[case_id], name)
            yield from _one(f"ended case {case_id}.{name}", ended[name][i], other, 0.0)


def _in_steps(city: City, plain: plain_city.City) -> Iterator[str]:
    """Hand-offs noted since the city was taken: of each case, in order; nothing, where the city keeps none."""
    if not city.handoffs.keep:
        return
    log: dict[int, list[tuple[int, int, int]]] = {}
    handoffs = city.handoffs
    for i in range(plain.noted_before, int(handoffs.count[0])):
        step = (int(handoffs.day[i]), int(handoffs.desk[i]), int(handoffs.why[i]))
        log.setdefault(int(handoffs.id[i]), []).append(step)
    for case_id in sorted(log.keys() | plain.log.keys()):
        if log.get(case_id) != plain.log.get(case_id):
            yield f"steps of case {case_id}: {log.get(case_id)} against {plain.log.get(case_id)}"


def _in_answers(city: City, plain: plain_city.City) -> Iterator[str]:
    """What the week hands on to residents' experience, which is no column."""
    there, mine = _answers(city), [(s.row, resident.row, felt) for s, resident, felt in plain.answers]
    if len(there) == len(mine):
        yield from _in_column("answer {}", np.float64, list(map(list, there)), list(map(list, mine)), range(len(mine)))
    else:
        yield f"answers: {there} against {mine}"
    hardened = [resident.row for resident in plain.hardened]
    if city.persuasion.hardened.tolist() != hardened:
        yield f"hardened: {city.persuasion.hardened.tolist()} against {hardened}"


def _in_committee(city: City, plain: plain_city.City) -> Iterator[str]:
    for name in city.committee.ARRAYS:
        there, mine = getattr(city.committee, name), np.array(getattr(plain.committee, name))
        for where in zip(*np.nonzero(~np.isclose(there, mine, rtol=_TIGHT, atol=_ALMOST_NOTHING)), strict=True):
            yield f"committee.{name} {where}: {there[where]} against {mine[where]}"
    if [tuple(minute) for minute in city.committee.minutes] != [tuple(minute) for minute in plain.committee.minutes]:
        yield "committee.minutes differ"
    yield from _one("committee.hours", city.committee.hours, plain.committee.hours, _TIGHT)


def _one(what: str, value: Any, mine: Any, tolerance: float) -> Iterator[str]:
    if isinstance(value, list):
        for i, (one, other) in enumerate(zip(value, mine, strict=True)):
            yield from _one(f"{what}[{i}]", one, other, tolerance)
    elif isinstance(value, float):
        both_unknown = math.isnan(value) and math.isnan(mine)
        if not both_unknown and not math.isclose(value, mine, rel_tol=tolerance, abs_tol=_ALMOST_NOTHING):
            yield f"{what}: {value!r} against {mine!r}"
    elif value != mine:
        yield f"{what}: {value!r} against {mine!r}"


# --- the parts of a week, to be docked one at a time


class Step(NamedTuple):
    """A part of the week, once in ``govsim`` and once in the plain model."""

    name: str
    fast: Callable[[City], object]
    slow: Callable[[plain_city.City], object]


def _step(name: str, fast: Callable[[City], object]) -> Step:
    module, _, function = name.partition(".")
    return Step(name, fast, getattr(getattr(plain_city, module), function))


def _meet_and_steer(city: City) -> None:
    disputed = city.street_desks.up_for_districts()
    for district in city.districts:
        district.meet(disputed)
        district.steer()


def _raise_cases(city: City) -> None:
    city.incidence.raise_cases()
    city.handoffs.make_room(20 * city.cases.rows)


OPENING = [
    _step("facilities.open_the_week", lambda city: city.facilities.open_the_week()),
    _step("grid_work.plan_the_week", lambda city: city.grid_workers.plan_the_week()),
    _step("community.open_the_week", lambda city: city.community_desks.open_the_week()),
    _step("street.open_the_week", lambda city: city.street_desks.open_the_week()),
    _step("departments.open_the_week", lambda city: city.branch_desks.open_the_week()),
    _step("offices.open_the_week", lambda city: city.offices.open_the_week()),
    _step("incidence.raise_cases", _raise_cases),
    _step("reckoning.wake", lambda city: city.reckoning.wake()),
    _step("detection.find", lambda city: city.detection.find()),
    _step("grid_work.settle_on_the_spot", lambda city: city.grid_workers.settle_on_the_spot()),
]
DAILY: list[tuple[str, Callable[[City, int], object]]] = [
    ("compound.settle", lambda city, day: city.in_compounds.settle(day)),
    ("community.handle", lambda city, day: city.community_desks.handle(day)),
    ("street.dispatch", lambda city, day: city.street_desks.dispatch(day)),
    ("departments.serve", lambda city, day: city.branch_desks.serve(day)),
]
CLOSING = [
    _step("committee.meet", lambda city: city.committee.meet()),
    _step("departments.learn", lambda city: city.branch_desks.learn()),
    _step("districts.meet_and_steer", _meet_and_steer),
    _step("funding.spend", lambda city: city.funding.spend()),
    _step("funding.change_the_environment", lambda city: city.funding.change_the_environment()),
    _step("renovation.build", lambda city: city.renovation.build()),
    _step("persuasion.visit", lambda city: city.persuasion.visit()),
    _step("party.build", lambda city: city.party.build()),
    _step("owners.vote_and_pay", lambda city: city.owners.vote_and_pay()),
    _step("covenant.keep", lambda city: city.covenant.keep()),
    _step("participation.join", lambda city: city.participation.join()),
    _step("platform.spread", lambda city: city.platform.spread()),
    _step("culture.meet", lambda city: city.culture.meet()),
    _step("reckoning.close_the_week", lambda city: city.reckoning.close_the_week()),
    _step("experience.live_through_the_week", lambda city: city.experience.live_through_the_week()),
    _step("survey.ask", lambda city: city.survey.ask()),
    _step("committee.close_the_week", lambda city: city.committee.close_the_week()),
    _step("offices.close_the_week", lambda city: city.offices.close_the_week()),
    _step("record.collect", lambda city: city.recorder.collect()),
]
STEPS = [*(step.name for step in OPENING), *(name for name, _ in DAILY), *(step.name for step in CLOSING)]
"""Names of the parts of a week, in order; each is ``module.function`` of the plain model."""


def steps_of_a_week(city: City) -> Iterator[Step]:
    """The parts of the week that a city is in, in order; those of a working day once for each day."""
    yield from OPENING
    for day in range(city.day, city.day + WORKING_DAYS):
        for name, fast in DAILY:
            module, _, function = name.partition(".")
            slow = getattr(getattr(plain_city, module), function)
            yield Step(name, lambda it, f=fast, d=day: f(it, d), lambda it, s=slow, d=day: s(it, d))
    yield from CLOSING


def docked_week(city: City, docked: Container[str] = STEPS) -> Iterator[str]:
    """A week of a city of ``govsim`` in which these parts are docked, and what differs after each of them.

    A plain city is taken before the first of some parts that follow each other, and goes on to the last.
    """
    city.tally[:] = 0.0
    city.rules = city.timeline.in_force(city.week)
    plain = None
    for step in steps_of_a_week(city):
        if step.name not in docked:
            step.fast(city)
            plain = None
            continue
        plain = plain or take(city)
        step.fast(city)
        step.slow(plain)
        yield from (f"week {city.week}, {step.name}: {what}" for what in differences(city, plain))
    city.week += 1


def set_rules(city: City, **by_hand: float) -> None:
    """From now on these rules are in force, whatever the timeline says of them."""
    in_force, floats = city.timeline.in_force, {rule: float(value) for rule, value in by_hand.items()}
    city.timeline.in_force = lambda week: in_force(week)._replace(**floats)
