"""Views: every agent as an object, and a walk from a resident's window to the committee and back."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from govsim import cases as c
from govsim import views
from govsim.city import City


@pytest.fixture(scope="module")
def city():
    """A street 40 weeks into the reform."""
    city = City(place="street", policy="chengdu_2019", rng=1, weeks=40)
    city.run_model()
    return city


@pytest.fixture
def young():
    """One community at the start."""
    return City(place="community", policy="chengdu_2019", rng=3, warmup=4, weeks=60)


def test_a_case_leads_from_a_resident_to_the_committee_and_back(city):
    case = next(
        case
        for ruling in city.committee.rulings
        for case in ruling.cases
        if case.bounces and case.stage == "cured" and case.handoffs[-1].where in ruling.named.branches
    )
    resident = city.residents[case.resident.id]

    # from the window: what touches this resident, and what became of it
    own = next(each for each in resident.cases if each.id == case.id)
    steps = own.handoffs
    days = [step.day for step in steps]
    assert days == sorted(days)
    assert own.raised <= own.found == days[0]
    assert own.closed == days[-1]
    assert steps[0].where == resident.settlement
    assert own.found_on == steps[0].date
    assert own.closed_on == steps[-1].date

    # by way of the street, where a precedent is followed, to branches, one of which passes it on
    sent = [step for step in steps if step.ruling][-1]
    assert sent.where == resident.street.office
    refused = [step.where for step in steps if step.why == c.WHY[c.BOUNCED] or step.why == c.WHY[c.TOO_OFTEN]]
    assert refused
    for branch in [*refused, steps[-1].where]:
        assert branch.district is resident.district
        assert branch in branch.department.branches
        assert branch in branch.district.branches
        assert own.kind in branch.department.kinds

    # from the branch that settles it to the department, and from there to the committee
    department = steps[-1].where.department
    committee = department.committee
    assert committee is city.committee
    assert department in committee.members

    # the committee's ruling names this department, and leads back to the case and the resident
    ruling = sent.ruling
    assert ruling in committee.rulings
    assert (ruling.kind, ruling.named) == (own.kind, department)
    assert ruling.date < sent.date
    assert committee.ruling_on(ruling.kind, ruling.department.name).week >= ruling.week
    back = next(each for each in ruling.cases if each == own)
    assert back.resident == resident
    assert resident in back.resident.household.members
    assert resident in back.settlement.residents


def test_a_ruling_and_the_hand_offs_that_follow_it_agree(city):
    log, rulings = city.handoffs, city.committee.rulings
    followed = np.unique(log.id[: log.count[0]][log.why[: log.count[0]] == c.PRECEDENT])
    led = {(step.ruling, case) for case in map(city.cases.__getitem__, followed) for step in case.handoffs}
    led = {(ruling, case) for ruling, case in led if ruling}
    assert len(led) > 100
    assert led == {(ruling, case) for ruling in rulings for case in ruling.cases}


def members_of(view):
    """Names of the public properties of a view."""
    return [name for name, _ in inspect.getmembers(type(view), lambda m: isinstance(m, property)) if name[0] != "_"]


def some_views(city):
    """Views of all classes, a few of each."""
    places = city.places
    tables = (city.residents, city.desks, places.districts, places.streets, places.communities, places.settlements)
    tables += (places.buildings, places.households, places.grids)
    for table in tables:
        yield from (table[row] for row in {0, len(table) // 2, len(table) - 1})
    yield from (city.members[0], city.members[-1])
    yield from (*city.compounds[:3], *city.committee.rulings[-3:], city.departments[4], city.committee)
    yield from next(branch for branch in city.districts[0].branches if branch.queue).queue
    yield from city.residents[city.archive.table()["resident"][-1]].cases


def test_every_property_answers_and_says_what_it_is(city):
    seen = set()
    for view in some_views(city):
        for name in members_of(view):
            value = getattr(view, name)
            assert not isinstance(value, np.generic | np.ndarray), (view, name)
            seen.add((type(view), name))
        assert repr(view)
        assert str(view)
    for kind, name in seen:
        assert getattr(kind, name).__doc__, f"{kind.__name__}.{name}"
    classes = {kind.__name__ for kind, _ in seen}
    assert classes >= {
        "Resident",
        "Member",
        "Household",
        "Building",
        "Compound",
        "OpenPart",
        "Grid",
        "Community",
        "Street",
    }
    assert classes >= {"District", "Department", "Committee", "Office", "Branch", "Case", "Ruling"}


def test_views_read_columns_and_keep_nothing(city):
    resident, compound = city.residents[11], city.compounds[5]
    assert resident.satisfaction == city.residents.satisfaction[11]
    assert compound.environment == city.places.settlements.environment[compound.row]
    before = compound.environment
    city.places.settlements.environment[compound.row] = 0.25
    assert compound.environment == 0.25
    city.places.settlements.environment[compound.row] = before
    for view in (resident, resident.household, resident.building, city.desks[0], city.committee.rulings[0]):
        assert set(vars(view)) == {"model", "row"}
    for view in (compound, resident.community, resident.street, resident.grid):
        assert set(vars(view)) <= {"model", "row", "unique_id", "pos", "_mesa_cell"}
    with pytest.raises(AttributeError):
        compound.environment = 1.0
    assert city.residents[11] == resident
    assert city.residents[np.int64(11)] == resident
    assert city.residents[-1].row == len(city.residents) - 1
    assert [r.row for r in city.residents[3:6]] == [3, 4, 5]
    with pytest.raises(IndexError, match="none is"):
        city.residents[len(city.residents)]


def test_residents_are_where_their_places_say(city):
    places = city.places
    everybody = range(len(city.residents))
    for table in (places.districts, places.streets, places.communities, places.settlements, places.grids):
        assert [row for unit in table for row in unit.residents.rows] == list(everybody), type(table).__name__
    for row in range(0, len(city.residents), 997):
        resident = city.residents[row]
        for home in ("household", "building", "settlement", "grid", "community", "street", "district"):
            assert row in getattr(resident, home).residents.rows, home
        assert resident.settlement.community == resident.community
        assert resident.compound == (resident.settlement if resident.settlement.is_compound else None)
        assert resident.grid in resident.community.grids
    for grid in places.grids:
        assert [resident.grid for resident in (grid.residents[0], grid.residents[-1])] == [grid, grid]
    for settlement in places.settlements:
        for grid, share in settlement.grids:
            inside = len(set(grid.residents.rows) & set(settlement.residents.rows))
            assert inside == pytest.approx(share * settlement.population, abs=1.01)
            assert (settlement, share) in grid.settlements
    assert sum(share for _, share in places.settlements[7].grids) == pytest.approx(1.0)


def test_means_are_over_those_who_live_there(city):
    for compound in city.compounds[:5]:
        people = [city.residents[row] for row in city.places.residents_of(compound.row)]
        assert compound.satisfaction == pytest.approx(np.mean([person.satisfaction for person in people]))
        assert compound.trust == pytest.approx(np.mean([person.trust for person in people]))
        assert compound.joined_share == pytest.approx(np.mean([person.joined for person in people]))


def test_one_walks_from_a_resident_to_the_party_and_the_owners(city):
    members = [person for person in city.residents if person.is_member]
    assert [person.membership.resident for person in members] == members
    assert len(members) == len(city.members)
    assert next(person for person in city.residents if not person.is_member).membership is None
    assert [m.row for home in city.places.settlements for m in home.members] == list(range(len(city.members)))
    member = city.members[len(city.members) // 2]
    home = member.resident.settlement
    assert member in home.members
    assert member.pledge == "none"
    assert member.in_service == (member.resident.age == "adult")
    city.members.pledge[member.row] = 1
    assert member.pledge == "active"
    city.members.pledge[member.row] = 0


def test_compounds_and_communities_show_what_is_organised_in_them(young):
    city, compound = young, young.compounds[2]
    settlements, communities = city.places.settlements, city.places.communities
    settlements.party[compound.row], settlements.conflict[compound.row] = True, 0.25
    settlements.gated[compound.row], settlements.covenant[compound.row] = True, 0.5
    communities.groups[0] = 3.0
    assert compound.party
    assert compound.gated
    assert (compound.conflict, compound.covenant) == (0.25, 0.5)
    assert compound.community.groups == 3.0
    assert compound.archetype in ("commercial estate", "work-unit quarter", "migrant compound")
    assert compound.community.open_part.archetype == "open part"
    assert not hasattr(compound.community.open_part, "party")
    city.residents.registered[compound.residents[0].row] = True
    assert compound.residents[0].is_registered
    assert not compound.residents[1].is_registered
    while not any(case.visits for case in city.cases) and city.week < 40:
        city.step()
    visited = next(case for case in city.cases if case.visits)
    assert not visited.persuaded
    assert visited in visited.resident.cases


def test_neighbours_are_one_step_away_and_mutual(city):
    for settlement in city.places.settlements:
        near = settlement.neighbours
        assert 1 <= len(near) <= 4
        for other in near:
            assert abs(other.x - settlement.x) + abs(other.y - settlement.y) == 1
            assert settlement in other.neighbours


def test_compounds_are_the_settlements_with_a_gate(city):
    assert all(isinstance(compound, views.Compound) and compound.is_compound for compound in city.compounds)
    by_community = [compound for community in city.places.communities for compound in community.compounds]
    assert by_community == list(city.compounds)
    for community in city.places.communities:
        assert isinstance(community.open_part, views.OpenPart)
        assert not community.open_part.is_compound
        assert community.office.place == community
    assert city.compounds[2:4][1] == city.compounds[3]


def test_open_cases_are_counted_once_wherever_one_looks(city):
    stages = city.cases.stage
    n = int(((stages > c.DORMANT) & (stages < c.PAPER)).sum())
    districts = [case for district in city.districts for case in district.open_cases]
    assert len(districts) == len(set(districts)) == n
    for tier in (city.places.streets, city.places.communities, city.places.settlements, city.places.grids):
        found = [case for unit in tier for case in unit.open_cases]
        assert len(found) == n
        assert set(found) == set(districts)
    assert all(case.closed is None and case.closed_on is None for case in districts)
    assert any(case.episode for case in districts)  # these were once closed on paper
    assert all(case in case.resident.open_cases for case in districts[::50])
    everything = [case for district in city.districts for case in district.cases]
    assert len(everything) == len(set(everything))
    assert [case.raised for case in everything] == sorted(case.raised for case in everything)
    raised = city.datacollector.get_model_vars_dataframe()["raised"].sum()
    assert len(everything) == raised


def test_queues_are_in_order_and_hold_who_waits(city):
    waiting = set()
    for desk in city.desks:
        queue = desk.queue
        tickets = [city.cases.ticket[np.flatnonzero(city.cases.id == case.id)[0]] for case in queue]
        assert tickets == sorted(tickets)
        assert all(case.office == desk and case.is_open for case in queue)
        assert len(queue) <= desk.length
        waiting.update(queue)
    assert waiting
    assert waiting == {case for case in city.cases if case.office}


def test_a_view_follows_its_case_into_the_archive(young):
    city = young
    while city.week < 10:
        city.step()
    kept = list(city.cases)
    assert len(kept) == len(set(kept)) > 20
    raised = {case: case.raised for case in kept}
    while city.running:
        city.step()
    closed = city.archive.table()
    ended = {int(i): row for row, i in enumerate(closed["id"])}
    assert sum(case.id in ended for case in kept) > 20
    for case in kept:
        assert case.raised == raised[case]
        assert case in city.cases[case.id].resident.cases
        assert (case.id in ended) == (case.stage in ("cured", "lapsed"))
        if case.id in ended:
            row = ended[case.id]
            assert not case.is_open
            assert case.closed == closed["closed"][row]
            assert case.hops == closed["hops"][row]
            assert case.office is None


def test_restoring_takes_views_back(young):
    city = young
    while city.week < 5:
        city.step()
    state, then = city.state(), {case: (case.stage, case.closed, case.hops) for case in city.cases}
    for _ in range(20):
        city.step()
    assert {case: (case.stage, case.closed, case.hops) for case in then} != then
    city.restore(state)
    assert {case: (case.stage, case.closed, case.hops) for case in then} == then


def test_identities_read_and_lead_to_relapses(city):
    relapse = next(case for case in city.cases if case.parent)
    parent = relapse.parent
    assert parent.stage == "cured"
    assert parent.child == relapse
    assert (parent.settlement, parent.kind, parent.resident) == (relapse.settlement, relapse.kind, relapse.resident)
    assert parent.closed < relapse.raised
    assert str(relapse.id) == f"{parent.id}+1" or "+" in str(parent.id)
    assert str(parent.id).startswith(f"{parent.kind}/{parent.settlement.row}/")
    assert city.cases[int(parent.id)] == parent
    assert parent.id in city.cases


def test_what_is_no_case_is_refused(city):
    dormant = city.cases.id[city.cases.stage == c.DORMANT]
    assert len(dormant)
    for wrong in (0, -5, 2**60, int(dormant[0])):
        assert wrong not in city.cases
        with pytest.raises(KeyError, match="no case with the identity"):
            city.cases[wrong]
    with pytest.raises(TypeError):
        city.cases["parking"]


def test_a_larger_place_gives_the_same_views_without_agents(young, monkeypatch):
    monkeypatch.setattr(City, "is_small", False)
    quiet: dict[str, Any] = {"record.handoffs": "off"}  # as for a place that is not small
    large = City(place="community", policy="chengdu_2019", rng=3, warmup=4, weeks=60, **quiet)
    for city in (young, large):
        while city.week < 4:
            city.step()
    assert large.lattice is None
    assert {kind.__name__ for kind in large.agent_types} == {"Committee", "Department", "District"}
    for one, other in zip(young.compounds, large.compounds, strict=True):
        assert type(one) is type(other)
        assert (one.population, one.environment, one.satisfaction) == (
            other.population, other.environment, other.satisfaction,
        )  # fmt: skip
        assert [case.id for case in one.cases] == [case.id for case in other.cases]
        assert other.unique_id is None
        assert other == large.places.settlements[other.row]
    with pytest.raises(LookupError, match=r"record\.handoffs"):
        _ = next(iter(large.cases)).handoffs
