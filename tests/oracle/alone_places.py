"""Kernels that go through places and people, docked alone on a few rows (see ``alone``).

So few that the first, the last and the only one of each are met all the time, with ties, nobody, and nothing to spend.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from formulas import SEED, Both, Luck, Thing, named, objects, of_rows, plain_city_of, results
from plain import covenant as plain_covenant
from plain import experience as plain_experience
from plain import funding as plain_funding
from plain import grid_work as plain_grid_work
from plain import owners as plain_owners
from plain import party as plain_party
from plain import renovation as plain_renovation
from plain import survey as plain_survey
from plain.renovation import CELLS, apart
from shaken import shares

from govsim import flows
from govsim.calendar import QUARTER, WEEKS_A_YEAR
from govsim.config.arrangements import OWNERS_LAWS
from govsim.flows import FLOWS
from govsim.processes import covenant, experience, funding, grid_work, owners, party, renovation, survey
from govsim.residents import ADULT, CHILD

__all__ = ["ASKED"]


def _dealt_out(luck: Luck) -> tuple[Thing, np.ndarray]:
    """Some communities, which have some settlements each, and of which one each settlement is."""
    counts = luck.integers(1, 5, luck.integers(1, 4))
    first = np.cumsum(counts) - counts
    return Thing(first_settlement=first, settlements=counts), np.repeat(np.arange(len(counts)), counts)


def _with_settlements(communities: Thing, settlements: Thing) -> tuple[list[Any], list[Any]]:
    """Plain communities and their settlements."""
    above, below = objects(communities), objects(settlements)
    for community in above:
        last = community.first_settlement + community.settlements
        community.settlements = below[community.first_settlement : last]
    return above, below


def _covenants(luck: Luck, p: Any) -> Both:
    """Compounds without members or with one, and work that is just done."""
    communities, here = _dealt_out(luck)
    n = len(here)
    settlements = Thing(
        is_compound=luck.random(n) < 0.8, residents=luck.integers(1, 400, n), members=luck.integers(0, 3, n),
        joined_share=shares(n, luck), breaches=9.0 * shares(n, luck), covenant=shares(n, luck),
    )  # fmt: skip
    settlements.pledged = luck.integers(0, settlements.members + 1).astype(float)
    needed = p.covenant_drafting * settlements.residents / 1_000.0
    settlements.covenant_work = needed * luck.choice([0.0, 0.9, 1.0], n)
    drive, moves = float(luck.choice([0.0, needed.max(), needed.sum()])), ("covenant_work", "covenant")

    def fast() -> list[Any]:
        now, tally = deepcopy(settlements), np.zeros(len(FLOWS))
        covenant._keep(drive, communities, now, [p], tally)
        return [*results(now, moves), tally]

    def slow() -> list[Any]:
        above, below = _with_settlements(communities, settlements)
        for settlement in below:
            settlement.people, settlement.members = settlement.residents, range(settlement.members)
        city = plain_city_of(p, rules=SimpleNamespace(covenant_drive=drive), communities=above)
        plain_covenant.keep(city)
        return [*of_rows(below, moves), list(city.tally.values())]

    return fast, slow


def _organisers(luck: Luck, p: Any) -> Both:
    """Organisations that just have a quorum, are founded for the last time that is counted, or need no care."""
    communities, here = _dealt_out(luck)
    n, there = len(here), luck.integers(0, 4, len(here))
    people, hours = int(there.sum()), float(luck.choice([0.0, 5.0, 40.0]))
    p = named(
        p, quorum=float(luck.integers(1, 4)), care_hours=float(luck.choice([0.0, 4.0])), founding_hours=5.0,
        leader_share=0.9,
    )  # fmt: skip
    rules = SimpleNamespace(party_hours=hours, pledge_drive=float(luck.choice([0.0, 1.0])))
    communities.residents = luck.integers(100, 900, len(communities))
    communities.organisers = 12.0 * shares(len(communities), luck)
    settlements = Thing(
        community=here, is_compound=luck.random(n) < 0.8, residents=luck.integers(1, 400, n), members=there,
        first_member=np.cumsum(there) - there, party=luck.random(n) < 0.5, party_decline=shares(n, luck),
        party_spells=luck.choice([0, 1, 249, 250], n), joined_share=shares(n, luck), hands=9.0 * shares(n, luck),
        hands_used=3.0 * shares(n, luck), mobilised=np.zeros(n), searched=shares(n, luck),
        pledge_pull=shares(n, luck), pledged=np.zeros(n), known_members=np.zeros(n),
    )  # fmt: skip
    members = Thing(
        resident=luck.permutation(people), in_service=luck.random(people) < 0.6, pledge=luck.integers(0, 3, people),
        known=luck.random(people) < 0.6, tired=shares(people, luck),
    )  # fmt: skip
    residents = Thing(trust=shares(people, luck))
    of_settlements = (
        "party", "party_decline", "party_spells", "hands", "hands_used", "mobilised", "searched", "pledge_pull",
        "pledged", "known_members",
    )  # fmt: skip
    of_members = ("pledge", "known", "tired")

    def fast() -> list[Any]:
        now, all_, above = deepcopy(settlements), deepcopy(members), deepcopy(communities)
        moved = party._build(SEED, rules, range(len(above)), all_, residents, now, above, [p])
        return [*results(now, of_settlements), *results(all_, of_members), above.organisers, moved]

    def slow() -> list[Any]:
        above, below = _with_settlements(communities, settlements)
        all_, who, city = objects(members), objects(residents), plain_city_of(p, rules=rules)
        for settlement in below:
            first, settlement.people = settlement.first_member, settlement.residents
            settlement.members = all_[first : first + settlement.members]
            for member in settlement.members:
                member.resident = who[member.resident]
                member.resident.settlement = settlement
        for community in above:
            plain_party.organise(city, community)
        for settlement in below:
            settlement.hands = plain_party.hands(city, settlement)
        moved = [city.tally["pledges"], city.tally["withdrawals"]]
        return [*of_rows(below, of_settlements), *of_rows(all_, of_members), *of_rows(above, ("organisers",)), moved]

    return fast, slow


def _votes(luck: Luck, p: Any) -> Both:
    """Compounds of a few households, of which hardly any owns its home."""
    n = int(luck.integers(1, 4))
    counts = luck.integers(0, 4, n)
    people, week, law = int(counts.sum()), int(luck.integers(0, 3)), int(luck.integers(2))
    settlements = Thing(
        is_compound=luck.random(n) < 0.8, votes=luck.integers(0, 3, n), owners_committee=luck.random(n) < 0.3,
        owners_until=luck.integers(0, 3, n), vote_pull=luck.choice([0.0, 9.0], n), property_quality=shares(n, luck),
        ties=shares(n, luck),
    )  # fmt: skip
    residents = Thing(tenure=luck.integers(0, 2, people), joined=luck.random(people) < 0.5)
    first = np.append(0, np.cumsum(counts))
    rules = SimpleNamespace(owners_support=9.0 * luck.random())
    moves = ("owners_committee", "owners_until", "votes", "vote_pull")

    def fast() -> list[Any]:
        now, tally, households = deepcopy(settlements), np.zeros(len(FLOWS)), Thing(first_resident=np.arange(people))
        owners._vote(SEED, week, law, first, rules, households, residents, now, [p], tally)
        return [*results(now, moves), tally]

    def slow() -> list[Any]:
        below, who = objects(settlements), objects(residents)
        config = SimpleNamespace(before=SimpleNamespace(owners_law=OWNERS_LAWS[law]))
        city = plain_city_of(p, rules=rules, config=config, week=week)
        for here in below:
            rows = range(first[here.row], first[here.row + 1])
            here.households = [Thing(row=row, members=[who[row]]) for row in rows]
            for row in rows:
                who[row].settlement = here
            if here.is_compound and plain_owners.is_called_to_vote(city, here):
                plain_owners.vote(city, here)
        return [*of_rows(below, moves), list(city.tally.values())]

    return fast, slow


def _works(luck: Luck, p: Any) -> Both:
    """Pilots that are due, money that is just enough, and compounds that are worn or agree by a little."""
    communities, here = _dealt_out(luck)
    n, week, pilots = len(here), int(luck.integers(-1, 3)), int(luck.choice([0, 1, 3]))
    money, pilot_yuan = float(luck.choice([0.0, 0.5, 10.0])), 1e5
    communities.residents = luck.integers(1, 50, len(communities))
    communities.pilots = luck.integers(0, 3, len(communities))
    communities.works_balance = p.works_yuan * luck.choice([0.0, 10.0, 100.0], len(communities))
    settlements = Thing(
        is_compound=luck.random(n) < 0.8, residents=luck.integers(1, 20, n), buildings=luck.integers(1, 4, n),
        pilot=luck.choice([0.0, 0.0, 0.0, 0.5], n), pilot_due=luck.choice([-1, -1, -1, -1, 0, week, week + 1], n),
        works=luck.choice([0.0, 0.2, 0.21, 0.5], n), environment=shares(n, luck), shown=shares(n, luck),
        structures=p.works_clear * luck.choice([0.0, 1.0, 1.5], n), owners_committee=luck.random(n) < 0.5,
        joined_share=shares(n, luck), party=luck.random(n) < 0.5, conflict=shares(n, luck),
    )  # fmt: skip
    of_settlements, of_communities = ("pilot", "pilot_due", "works", "environment"), ("pilots", "works_balance")

    def fast() -> list[Any]:
        now, above, tally = deepcopy(settlements), deepcopy(communities), np.zeros(len(FLOWS))
        renovation._build(week, pilots, money, pilot_yuan, above, now, [p], tally)
        return [*results(now, of_settlements), *vars(above).values(), tally]

    def slow() -> list[Any]:
        above, below = _with_settlements(communities, settlements)
        rules = SimpleNamespace(pilots=pilots, works_yuan=money * WEEKS_A_YEAR)
        config = SimpleNamespace(prices=SimpleNamespace(pilot=pilot_yuan))
        city = plain_city_of(p, rules=rules, config=config, week=week)
        for settlement in below:
            settlement.city, settlement.people = city, settlement.residents
        for community in above:
            plain_renovation.build_in(city, community)
        unmoved = [communities.first_settlement, communities.settlements, communities.residents]
        return [*of_rows(below, of_settlements), *unmoved, *of_rows(above, of_communities), list(city.tally.values())]

    return fast, slow


def _seen(luck: Luck, p: Any) -> Both:
    """Who is seen from where, anywhere on a lattice and not all along its edge."""
    width, height = luck.integers(1, 10, 2).tolist()
    cells = luck.permutation(width * height)[: int(luck.integers(1, 1 + width * height))]
    x, y, metres = cells % width, cells // width, 100.0

    def fast() -> list[Any]:
        first, near, far = renovation.neighbours(x, y, width, metres)
        seen = [sorted(zip(near[a:b], far[a:b], strict=True)) for a, b in pairwise(first)]
        return [first, *seen]

    def slow() -> list[Any]:
        places: list[Any] = [Thing(x=a, y=b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        seen = [
            [(row, metres * apart(here, there)) for row, there in enumerate(places) if apart(here, there) <= CELLS]
            for here in places
        ]
        return [np.append(0, np.cumsum(list(map(len, seen)))), *seen]

    return fast, slow


def _money(luck: Luck, p: Any) -> Both:
    """Projects that take no time or all that can be planned, and a fund that has ended."""
    n, ahead, week = int(luck.integers(1, 4)), int(luck.integers(6, 13)), int(luck.integers(0, 20))
    p = named(
        p, building_weeks=float(luck.choice([0.0, 1.0, 2.5, 40.0])), approval_weeks=4.0 * luck.random(),
        choice_gain=3.0, choice_even=0.5, choosing_weeks=float(luck.integers(0, 3)), match_refused=0.3,
    )  # fmt: skip
    accrues = luck.choice([0.0, 0.5, 1.0], n) * p.project_yuan
    rules = SimpleNamespace(channels=luck.random(), match_rate=float(luck.choice([0.0, 0.7])))
    joined, yuan = shares(n, luck), luck.random((3, n, ahead))
    communities = Thing(
        balance=luck.choice([0.0, 0.5, 2.0], n) * p.project_yuan, accrued=luck.random(n), committed=luck.random(n),
        projects=luck.integers(0, 9, n), enterprises=luck.random(n), match_pledged=luck.random(n),
        match_committed=luck.random(n), match_spent=luck.random(n), spent=luck.random(n),
        spent_this_week=luck.random(n), extra_this_week=luck.random(n), due=yuan[0], match_due=yuan[1],
        extra_due=yuan[2],
    )  # fmt: skip
    desks = Thing(served=luck.random(n), inflow=luck.random(n))

    def fast() -> list[Any]:
        now, offices, tally = deepcopy(communities), deepcopy(desks), np.zeros(len(FLOWS))
        funding._commit_and_pay(SEED, week, accrues, joined, now, offices, rules, [p], tally)
        return [*vars(now).values(), *vars(offices).values(), tally]

    def slow() -> list[Any]:
        city, rows, offices = plain_city_of(p, rules=rules, week=week), objects(communities), objects(desks)
        for community, desk, share, comes in zip(rows, offices, joined, accrues, strict=True):
            community.desk, community.residents = desk, 100
            community.settlements = [Thing(joined_share=share, people=100)]
            plain_funding.spend_in(city, community, comes)
        city.tally["fund_accrued"] = city.tally["fund_spent"] = 0.0  # which are counted elsewhere
        numbers = list(city.tally.values())
        return [*of_rows(rows, vars(communities)), *of_rows(offices, vars(desks)), numbers]

    return fast, slow


def _grids(luck: Luck, p: Any) -> Both:
    """Weeks that are just full, or overrun by less than the limit of overtime; grids where hardly anybody lives."""
    n, m, communities = int(luck.integers(1, 6)), int(luck.integers(1, 4)), int(luck.integers(1, 3))
    hours, worker_hours = float(luck.choice([0.0, 0.4, 40.0])), 40.0
    grids = Thing(
        community=np.sort(luck.integers(0, communities, n)), workers=luck.integers(0, 3, n),
        residents=luck.choice([0.5, 1.05, 300.0], n), strain=shares(n, luck),
        casework=40.0 * luck.choice([0.0, 1.0, 2.0], n) * luck.random(n), duties=np.ones(n), patrol=np.ones(n),
    )  # fmt: skip
    overlaps = luck.random((m, n)) < 0.5
    of_settlement, of_grid = np.nonzero(overlaps)
    share = luck.random(len(of_grid))
    moves = ("duties", "patrol", "strain")
    forms = p.paperwork_share * worker_hours
    overtime = flows.OVERTIME_HOURS

    def fast() -> list[Any]:
        now, settlements, tally = deepcopy(grids), Thing(patrol=np.zeros(m)), np.zeros(len(FLOWS))
        grid_work._plan(hours, forms, now, communities, settlements, of_settlement, of_grid, share, [p], tally)
        return [*results(now, moves), settlements.patrol, tally[overtime : overtime + 1]]

    def slow() -> list[Any]:
        rows = objects(grids)
        config = SimpleNamespace(before=SimpleNamespace(worker_hours=worker_hours))
        city = plain_city_of(p, rules=SimpleNamespace(worker_hours=hours), config=config)
        for row in range(communities):
            community: Any = Thing(grids=[grid for grid in rows if grid.community == row])
            for grid in community.grids:
                grid.community = community
            plain_grid_work.plan_in(city, community)
        settlements: list[Any] = [Thing(grids=[]) for _ in range(m)]
        for s, g, part in zip(of_settlement, of_grid, share, strict=True):
            settlements[s].grids.append((rows[g], part))
        patrol = [plain_grid_work.patrol_that_reaches(settlement) for settlement in settlements]
        return [*of_rows(rows, moves), patrol, [city.tally["overtime_hours"]]]

    return fast, slow


def _posts(luck: Luck, p: Any) -> Both:
    """Posts of grids where sums of posts come to halves."""
    n, per_grid = int(luck.integers(1, 9)), int(luck.integers(0, 20)) / 8.0
    city, grids = plain_city_of(p, rules=SimpleNamespace(workers_per_grid=per_grid)), objects(Thing(row=np.arange(n)))
    return lambda: [grid_work.staff(n, per_grid)], lambda: [[plain_grid_work.posts(city, grid) for grid in grids]]


def _survey(luck: Luck, p: Any) -> Both:
    """A few adults, some of whom complained just a year ago or all but."""
    n, week = int(luck.integers(1, 12)), QUARTER * int(luck.integers(1, 9)) - 1
    p = named(p, sample=float(luck.choice([1.0, n, 2.0 * n])))
    residents = Thing(
        age=luck.choice([CHILD, ADULT, ADULT], n), satisfaction=shares(n, luck), expectation=shares(n, luck),
        complained=week + 6 - luck.choice([0, WEEKS_A_YEAR - 1, WEEKS_A_YEAR, WEEKS_A_YEAR + 1], n),
    )  # fmt: skip
    residents.age[0] = ADULT
    adults = int((residents.age != CHILD).sum())

    def slow() -> list[Any]:
        city = plain_city_of(p, week=week, residents=objects(residents), survey=SimpleNamespace())
        plain_survey.ask(city)
        return [[getattr(city.survey, name) for name in survey.Survey.RESULTS]]

    return lambda: [survey.results(SEED, week + 6, p.sample / adults, residents, [p])], slow


def _weeks_lived(luck: Luck, p: Any) -> Both:
    """A week in places so good or bad that attitudes hit their bounds, under each theory."""
    n = int(luck.integers(1, 10))
    p = named(p, satisfaction_theory=int(luck.integers(3)), satisfaction_rate=luck.random(), trust_rate=luck.random())
    residents = Thing(
        taste=luck.normal(0.0, 1.0, n), satisfaction=shares(n, luck), trust=shares(n, luck), expectation=shares(n, luck)
    )
    place = {name: shares(1, luck) for name in ("responsiveness", "mean_satisfaction", "mean_trust")}
    performance, moves = shares(1, luck), ("satisfaction", "trust", "expectation")

    def fast() -> list[Any]:
        now, clipped = deepcopy(residents), np.zeros(1)
        settlements = Thing(**deepcopy(place), residents=[n], first_resident=[0])
        experience._live([0, 1], [0], performance, now, settlements, [p], clipped)
        means = [settlements.mean_satisfaction, settlements.mean_trust]
        return [*results(now, moves), *means, clipped]

    def slow() -> list[Any]:
        here = Thing(**{name: value.item() for name, value in place.items()})
        rows, city = objects(residents), plain_city_of(p)
        for who in rows:
            who.settlement = here
            plain_experience.live(city, who, performance.item())
        means = [[np.mean([who.satisfaction for who in rows])], [np.mean([who.trust for who in rows])]]
        return [*of_rows(rows, moves), *means, [city.tally["clipped"]]]

    return fast, slow


ASKED = (_covenants, _organisers, _votes, _works, _seen, _money, _grids, _posts, _survey, _weeks_lived)
"""What is docked alone here."""
