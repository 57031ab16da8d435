"""Kernels that go through cases and offices, docked alone on a few rows (see ``alone``).

So few that the first, the last and the only one of each are met all the time, with ties, nothing to do, and no time.
"""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import numpy as np
from formulas import SEED, Both, Luck, Thing, case_id_by, named, objects, of_rows, plain_city_of, results
from plain import departments as plain_departments
from plain import districts as plain_districts
from plain import grid_work as plain_grid_work
from plain import handling as plain_handling
from plain import incidence as plain_incidence
from plain import offices as plain_offices
from plain import persuasion as plain_persuasion
from plain import record as plain_record
from shaken import shares

from govsim import cases as c
from govsim import flows
from govsim.calendar import QUARTER, WORKING_DAYS
from govsim.flows import FLOWS
from govsim.institutions.committee import District
from govsim.institutions.offices import Offices
from govsim.institutions.queue import BRANCH_DESK
from govsim.processes import departments, grid_work, incidence, persuasion, reckoning

__all__ = ["ASKED"]


def _no_log() -> c.Log:
    """Where nothing is noted."""
    return c.Log(np.empty(0), np.zeros(1, dtype=np.int64))


# --- cases


def _rows_taken(luck: Luck, p: Any) -> Both:
    """Rows of a table that has as many free rows as are wanted, more, or fewer."""
    n, wanted = int(luck.integers(1, 8)), int(luck.integers(0, 12))
    stages = luck.choice([c.FREE, c.LATENT], n)

    def fast() -> list[Any]:
        cases = c.Cases(n)
        cases.stage[:], cases.found[:] = stages, 5
        rows = c.take_rows(cases, wanted)
        return [rows, cases.found[rows]]

    free = [row for row, stage in enumerate(stages) if stage == c.FREE]
    return fast, lambda: [[*free, *range(n, n + wanted)][:wanted], [-1] * wanted]


def _begun(luck: Luck, p: Any) -> Both:
    """Cases of kinds of one department and more, that go away at once, or not before the last day."""
    kinds = Thing(
        slots=luck.integers(1, 4, 3), ambiguity=shares(3, luck), further=shares(3, luck),
        fades=luck.choice([0.0, 3.0, 500.0], 3),
    )  # fmt: skip
    settlements = Thing(first_resident=np.array([0, 4]), residents=np.array([4, 3]))
    day = int(luck.choice([0, 7, 31_990]))
    case_id = c.identity(int(luck.integers(2)), int(luck.integers(3)), 3, int(luck.integers(99))) + luck.integers(2)
    written = ("stage", "raised", "lead", "todo", "fades", "resident")

    def fast() -> list[Any]:
        cases = Thing(**{name: np.zeros(1, dtype=np.int64) for name in (*written, "id", "settlement", "kind")})
        incidence.begin(SEED, case_id, 0, day, c.LATENT, cases, settlements, kinds, p)
        return results(cases, written)

    def slow() -> list[Any]:
        places = objects(settlements)
        for here in places:
            here.residents = range(here.first_resident, here.first_resident + here.residents)
        city = plain_city_of(p, settlements=places, kinds=objects(kinds), cases={})
        return of_rows([plain_incidence.begin(city, int(case_id), day, c.LATENT)], written)

    return fast, slow


def _arriving(luck: Luck, p: Any) -> Both:
    """A list of arrivals on which cases stand that have ended, in any way, or fade today."""
    n, day = int(luck.integers(1, 9)), 70
    cases = Thing(
        id=np.arange(n), stage=luck.integers(c.LATENT, c.LAPSED + 1, n), fades=day + luck.integers(-1, 2, n),
        closed=np.full(n, -1), desk=np.full(n, c.ON_ITS_WAY), next=np.full(n, -1),
    )  # fmt: skip
    listed = luck.permutation(n)
    cases.next[listed[:-1]] = listed[1:]
    ends = ("stage", "closed")

    def fast() -> list[Any]:
        now, heads = deepcopy(cases), np.full(c.HORIZON, -1)
        heads[day % c.HORIZON] = listed[0]
        rows = c.collect(heads, now, day)
        return [np.sort(rows), *results(now, ends), now.desk, heads]

    def slow() -> list[Any]:
        rows = objects(cases)
        city = plain_city_of(p, arrivals={("street", day): rows.copy()})
        arrived = plain_handling.arrive(city, "street", day)
        return [[case.id for case in arrived], *of_rows(rows, ends), [c.NOWHERE] * n, [-1] * c.HORIZON]

    return fast, slow


def _due(luck: Luck, p: Any) -> Both:
    """Relapses and complaints of this week, to the last row."""
    n, day = int(luck.integers(1, 9)), 10
    stages, wakes = luck.choice([c.DORMANT, c.PAPER, c.LATENT], n), luck.integers(day, day + 8, n)
    first, end = np.sort(luck.integers(0, n + 1, 2)).tolist()
    asleep = (stages != c.LATENT) & (wakes < day + WORKING_DAYS)
    return (
        lambda: [reckoning._due(day, first, end, Thing(stage=stages, wakes=wakes))],
        lambda: [[row for row in range(first, end) if asleep[row]]],
    )


def _settled(luck: Luck, p: Any) -> Both:
    """Cases that grid workers found, disputes that anybody found, or both, in grids of which some have no workers."""
    communities, n, m, day = 2, int(luck.integers(2, 6)), int(luck.integers(1, 5)), 10
    grids = Thing(community=np.arange(n) % communities, workers=luck.integers(0, 3, n), casework=40.0 * shares(n, luck))
    places = Thing(community=luck.integers(0, communities, m), residents=np.ones(m))
    of_place, of_grid = np.nonzero(places.community[:, None] == grids.community)
    share, found = luck.random(len(of_grid)), int(luck.integers(0, 9))
    cases = Thing(
        id=np.sort(luck.permutation(99)[:found]), settlement=luck.integers(0, m, found),
        kind=luck.integers(0, 3, found), found_by=luck.choice([c.GRID, c.GRID, c.RESIDENT], found),
        found=np.full(found, day), stage=np.full(found, c.COMPOUND), closed=np.full(found, -1),
    )  # fmt: skip
    kinds = Thing(on_spot=shares(3, luck), mediable=luck.choice([0.0, 0.5, 1.0], 3))
    hours, ends = float(luck.choice([20.0, 40.0])), ("stage", "closed")

    def fast() -> list[Any]:
        now, all_, tally = deepcopy(cases), deepcopy(grids), np.zeros(len(FLOWS))
        tally[[flows.CASEWORK_HOURS, flows.MEDIATION_HOURS]] = grid_work._settle(
            SEED, range(found), hours, all_, communities, of_place, of_grid, share, places, now, kinds, [p], _no_log(),
            tally,
        )  # fmt: skip
        return [now.stage, now.closed, all_.casework, tally]

    def slow() -> list[Any]:
        rows, here, all_, kind = objects(cases), objects(places), objects(grids), objects(kinds)
        city = plain_city_of(p, rules=SimpleNamespace(worker_hours=hours), week=day // WORKING_DAYS - 6)
        city.communities = [Thing(city=city, row=row) for row in range(communities)]  # pyright: ignore
        for one in (*here, *all_):
            one.community = city.communities[one.community]
        for place in here:
            place.grids = [
                (all_[g], part) for s, g, part in zip(of_place, of_grid, share, strict=True) if s == place.row
            ]
        for grid in all_:
            grid.settlements = [(place, part) for place in here for one, part in place.grids if one is grid]
        for community in city.communities:
            community.settlements = [place for place in here if place.community is community]
            community.grids = [grid for grid in all_ if grid.community is community]
        for case in rows:
            case.city, case.settlement, case.kind = city, here[case.settlement], kind[case.kind]
        city.cases = {case.id: case for case in rows}
        plain_grid_work.settle_on_the_spot(city)
        return [*of_rows(rows, ends), *of_rows(all_, ("casework",)), list(city.tally.values())]

    return fast, slow


def _in_the_way(luck: Luck, p: Any) -> Both:
    """Cases of any stage, some of which nobody can be persuaded of, or not yet."""
    n, day = int(luck.integers(1, 9)), 10
    cases = Thing(
        stage=luck.integers(c.FREE, c.LAPSED + 1, n), kind=luck.integers(0, 2, n), fades=day + luck.integers(0, 3, n),
        visit_from=day + luck.integers(-1, 2, n),
    )  # fmt: skip
    kinds = Thing(persuadable=np.array([0.0, 0.5]))

    def slow() -> list[Any]:
        rows, kind = objects(cases), objects(kinds)
        for case in rows:
            case.kind = kind[case.kind]
        city = plain_city_of(p, cases={case.row: case for case in rows})
        return [[case.row for case in plain_persuasion.in_the_way(city, day)]]

    return lambda: [persuasion._in_the_way(day, 0, n, cases, kinds)], slow


# --- branches


def _asked(luck: Luck, p: Any) -> Both:
    """Work behind cases that stand at branches, are on their way there, or with another office."""
    n, first, last = int(luck.integers(1, 9)), 1, 4
    cases = Thing(
        id=np.arange(n), stage=luck.choice([c.BRANCH, c.STREET, c.CURED], n, p=[0.7, 0.1, 0.2]),
        desk=luck.integers(first - 1, last, n), kind=luck.integers(0, 2, n), todo=luck.integers(1, 4, n),
        slot=luck.integers(0, 2, n), working=luck.random(n) < 0.3,
    )  # fmt: skip
    cases.desk[cases.desk < first] = c.ON_ITS_WAY
    kinds, before = Thing(branch_hours=np.array([2.0, 5.0])), luck.random(last + 1)

    def fast() -> list[Any]:
        desks = Thing(asked=before.copy())
        departments._ask(first, last, desks, cases, kinds, [p])
        return [desks.asked]

    def slow() -> list[Any]:
        city, rows, kind = plain_city_of(p), objects(cases), objects(kinds)
        for case in rows:
            case.kind = kind[case.kind]
        asked = before.copy()
        for d in range(first, last):
            branch: Any = Thing(queue=[case for case in rows if case.desk == d])
            asked[d] = plain_departments._asked(city, branch)
        return [asked]

    return fast, slow


def _together(luck: Luck, p: Any) -> Both:
    """A case of several departments, of which some are under the committee, and not all are needed."""
    p = named(p, joint_power=1.0)
    n = int(luck.integers(2, 6))
    slots = int(luck.integers(1, min(n, 4) + 1))
    needed = luck.permutation(n)[:slots]
    slot, todo, case_id = int(luck.integers(slots)), int(luck.integers(1 << slots)), case_id_by(luck)
    cases = Thing(id=np.array([case_id]), kind=np.array([0]), slot=np.array([slot]), todo=np.array([todo | 1 << slot]))
    cases.episode = luck.integers(0, 3, 1)
    kinds = Thing(slots=np.array([slots]), departments=needed[None], branch_hours=np.array([3.0]))
    members = n * float(luck.choice([luck.random(), 0.8, 1.0]))
    rules = SimpleNamespace(committee_departments=members, committee_joint=float(luck.choice([0.0, 0.5, 1.0])))
    desks, joint = Thing(served=luck.random(n), inflow=luck.random(n)), flows.JOINT
    d = int(needed[slot])

    def fast() -> list[Any]:
        now, offices, tally = deepcopy(cases), deepcopy(desks), np.zeros(len(FLOWS))
        departments._act_together(SEED, d, 0, 0, now, offices, kinds, p, rules, 0, _no_log(), tally)
        return [now.todo, *vars(offices).values(), [tally[joint]]]

    def slow() -> list[Any]:
        (case,), (kind,), offices, city = objects(cases), objects(kinds), objects(desks), plain_city_of(p, rules=rules)
        case.kind, case.settlement = kind, Thing(district=Thing(branches=offices))
        if plain_departments._orders_joint_handling(city, case):
            plain_departments._act_together(city, offices[d], case, 0)
        return [[case.todo], *of_rows(offices, vars(desks)), [city.tally["joint"]]]

    return fast, slow


def _authority(luck: Luck, p: Any) -> Both:
    backed, authority, leading = (shares((), luck).item() for _ in range(3))
    rules = SimpleNamespace(committee_authority=authority, leading_group=leading)
    city = plain_city_of(p, rules=rules, committee=SimpleNamespace(backed=[[backed]]))
    case: Any = Thing(kind=Thing(row=0))
    return (
        lambda: [departments.authority_of_rulings(backed, rules)],
        lambda: [plain_departments._authority(city, case, 0)],
    )


def _waiting(luck: Luck, p: Any) -> Both:
    """What waits at branches, of which some have no time, and some no work."""
    n = 3
    desks: Any = Thing(**{name: luck.random(n) * luck.choice([0.0, 1.0]) for name in ("arrived", "served", "asked")})
    desks.hours = luck.choice([0.0, 1.0, 8.0], n)
    return (
        lambda: [[departments.weeks_waiting(d, desks) for d in range(n)]],
        lambda: [list(map(plain_departments._weeks_waiting, objects(desks)))],
    )


def _busy(luck: Luck, p: Any) -> Both:
    """How busy branches are, and what waits there; some have no time at all."""
    n = int(luck.integers(1, 5))
    of_all = luck.choice([0.0, 1.0, 1.0])
    numbers = ("arrived", "served", "asked")
    desks: Any = Thing(
        load=shares(n, luck), base_hours=of_all * shares(n, luck), hours=of_all * shares(n, luck),
        **{name: of_all * luck.random(n) for name in numbers}, tier=np.full(n, BRANCH_DESK),
    )  # fmt: skip

    def fast() -> list[Any]:
        offices: Any = Offices.__new__(Offices)
        offices.city, offices.branches = SimpleNamespace(desks=desks), (0, n)
        return [[offices.load(), offices.backlog()]]

    return fast, lambda: [list(plain_record.branches(plain_city_of(p, desks=objects(desks))).values())]


def _books(luck: Luck, p: Any) -> Both:
    """A week in which desks worked, were closed, or dropped more work than came, in the warm-up and after it."""
    n, week = 3, int(luck.integers(-6, 3))
    desks = Thing(**{name: luck.random(n) for name in ("share", "used", "usual", "usual_before", "load")})
    desks.offered, desks.inflow = luck.choice([0.0, 2.0], n), 20.0 * luck.normal(size=n)
    moves = ("used", "usual", "usual_before", "load", "offered", "inflow")

    def fast() -> list[Any]:
        now, tally = deepcopy(desks), np.zeros(len(FLOWS))
        now.columns = now
        offices: Any = Offices.__new__(Offices)
        offices.city = SimpleNamespace(desks=now, tally=tally, week=week, clock_week=week + 6, p=p)
        offices.branches = (1, n)
        offices.close_the_week()
        return [*results(now, moves), tally]

    def slow() -> list[Any]:
        rows = objects(desks)
        city = plain_city_of(p, desks=rows, districts=[Thing(branches=rows[1:])], week=week)
        plain_offices.close_the_week(city)
        return [*of_rows(rows, moves), list(city.tally.values())]

    return fast, slow


# --- districts


def _meeting(luck: Luck, p: Any) -> Both:
    """Disputed cases of which several are as bad, and not all are heard; the order of their rows is any."""
    n, week, row = int(luck.integers(1, 7)), int(luck.integers(1, 9)), int(luck.integers(2))
    cases = Thing(
        id=luck.permutation(n), settlement=luck.integers(0, 2, n), kind=luck.integers(0, 2, n),
        clock=luck.integers(0, 3, n), coordinated=np.ones(n, dtype=np.int64), stage=np.full(n, c.STREET),
        desk=np.zeros(n, dtype=np.int64), next=np.full(n, -1),
    )  # fmt: skip
    severity, hearing = luck.choice([1.0, 2.0], 2), p.hearing_hours * luck.choice([0.0, 1.0, 2.0], 2)
    before, share = SimpleNamespace(district_hours=p.hearing_hours * luck.random()), 0.5 + 0.5 * luck.random()

    def fast() -> list[Any]:
        now, tally = deepcopy(cases), np.zeros(len(FLOWS))
        districts = Thing(hearing=hearing.copy())
        now.columns = now
        ways = Thing(branch=np.full(c.HORIZON, -1), street=np.full(c.HORIZON, -1))
        places = Thing(settlements=Thing(district=np.arange(2)), districts=districts, district_share=share)
        city = SimpleNamespace(
            p=p, cases=now, places=places, kinds=Thing(severity=severity), tally=tally, day=WORKING_DAYS * (week + 6),
            config=SimpleNamespace(before=before), ways=Thing(by_district=[ways, ways]), handoffs=Thing(log=_no_log()),
        )  # fmt: skip
        this: Any = SimpleNamespace(city=city, row=row)
        District.meet(this, np.arange(n))
        return [now.coordinated, now.stage, districts.hearing, tally]

    def slow() -> list[Any]:
        city = plain_city_of(p, week=week, config=SimpleNamespace(warmup=6, before=before))
        rows, kinds = objects(cases), objects(Thing(severity=severity))
        districts: Any = [Thing(row=i, hearing=hours, branches=[Thing(share=share)]) for i, hours in enumerate(hearing)]
        for case in rows:
            case.kind, case.settlement = kinds[case.kind], Thing(district=districts[case.settlement])
        up = [case for case in rows if case.settlement.district is districts[row]]
        plain_districts._meet(city, districts[row], up)
        return [*of_rows(rows, ("coordinated", "stage")), [it.hearing for it in districts], list(city.tally.values())]

    return fast, slow


def _steering(luck: Luck, p: Any) -> Both:
    """Branches with hardly any hours, or none."""
    n, week = int(luck.integers(1, 5)), int(luck.choice([QUARTER, QUARTER, QUARTER + 1]))
    desks = Thing(base_hours=shares(n, luck) * luck.choice([0.0, 0.1, 9.0]), load=shares(n, luck))

    def fast() -> list[Any]:
        now: Any = deepcopy(desks)
        this: Any = SimpleNamespace(city=SimpleNamespace(week=week, desks=now, p=p), _desks=range(n))
        District.steer(this)
        return [now.base_hours]

    def slow() -> list[Any]:
        branches = objects(desks)
        if week == QUARTER:
            plain_districts._steer(plain_city_of(p), Thing(branches=branches))  # pyright: ignore[reportArgumentType]
        return of_rows(branches, ("base_hours",))

    return fast, slow


ASKED = (
    _rows_taken, _begun, _arriving, _due, _settled, _in_the_way, _asked, _together, _authority, _waiting, _busy,
    _books, _meeting, _steering,
)  # fmt: skip
"""What is docked alone here."""
