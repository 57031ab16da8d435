"""Stories agree with the city's own books, and those of twins with each other until their worlds part."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from worlds import city

from govsim import cases as c
from govsim.explain import Between, Probe, between
from govsim.explain.case import SENT, Finding, needs
from govsim.explain.reasons import Decision

SMALL = ("place.residents=3000", "warmup=6", "weeks=30")


@pytest.fixture(scope="module")
def twins() -> tuple[Probe, Probe]:
    """Two worlds that part in week 4."""
    committee = {"policy.committee.start": "2017-10-02", "policy.grid_staffing.start": "2017-10-02"}
    first = Probe(city(*SMALL, "policy=[committee,grid_staffing]", values=committee), "reform")
    while first.city.week < 0:
        first.city.step()
    other = first.fork(city(*SMALL, "policy=fragmented", after=first.city.state()), "before")
    for probe in (first, other):
        probe.city.run_model()
    return first, other


def sample(probe: Probe, n: int) -> list[int]:
    ids = sorted(probe.cases())
    return ids[:: max(1, len(ids) // n)]


# --- cases


def test_the_story_of_a_case_agrees_with_the_case(busy):
    for case_id in sample(busy, 300):
        story, case = busy.case(case_id), busy.city.cases[case_id]
        assert (story.raised, story.closed, story.stage) == (case.raised, case.closed, case.stage)
        assert (story.home.settlement, story.resident.resident) == (case.settlement.row, case.resident.row)
        assert [(s.day, c.WHY[s.why]) for s in story.steps] == [(s.day, s.why) for s in case.handoffs]
        assert (story.found.day if story.found else None) == case.found
        assert (story.handovers, story.bounces) == (case.hops, case.bounces)
        assert (story.parent, story.child) == (
            case.parent and int(case.parent.id), case.child and int(case.child.id)
        )  # fmt: skip
        assert story.lines()[0].date == case.raised_on
        if case.closed is not None and case.stage == "lapsed":
            assert any(line.date == case.closed_on for line in story.lines())


def test_waits_and_ways_fill_the_time(busy):
    """From one step to the next all days are told, and no way is longer than the rules make it."""
    for case_id in sample(busy, 300):
        steps = [step for step in busy.case(case_id).steps if step.why not in (c.REFUSED, c.GAVE_IN)]
        for before, step in pairwise(steps):
            assert step.way >= 0
            assert step.wait >= 0
            assert step.way + step.wait == step.day - before.day
            if before.why in SENT:
                assert step.way == busy.city.p.transfer_days


def test_a_case_goes_where_it_is_told_to_go(busy):
    handed_on = 0
    for case_id in sample(busy, 300):
        steps = [step for step in busy.case(case_id).steps if step.why not in (c.REFUSED, c.GAVE_IN)]
        for step, then in pairwise(steps):
            if step.why in (*SENT, c.NOT_OURS, c.BOUNCED, c.NEXT_DEPARTMENT):
                assert then.office is not None
                assert then.office.department == step.to
                handed_on += 1
    assert handed_on > 100


def test_departments_needed_are_those_of_the_table(busy):
    cases, kinds = busy.city.cases, busy.city.kinds
    fresh = np.flatnonzero(cases.stage == c.LATENT)
    assert len(fresh) > 20
    for row in fresh:
        slots = [slot for slot in range(kinds.slots[cases.kind[row]]) if cases.todo[row] >> slot & 1]
        lead = int(cases.lead[row])
        order = [lead, *(slot for slot in slots if slot != lead)]
        names = tuple(busy.city.departments[kinds.departments[cases.kind[row], slot]].name for slot in order)
        assert needs(busy.city, int(cases.id[row])) == names


def test_a_ruling_that_counted_was_made_before_on_this_class(busy):
    followed = 0
    for step in (step for case_id in sample(busy, 600) for step in busy.case(case_id).steps):
        if isinstance(step.reason, Decision) and step.reason.decisive[:1] == ("precedent",):
            assert step.precedent is not None
            assert step.office is not None
            assert step.precedent.heard == step.office.department
            assert step.precedent.age > 0
            followed += 1
        if step.why == c.PRECEDENT:
            assert step.precedent is not None
            assert step.precedent.named == step.to
    assert followed > 3


def test_who_finds_had_a_chance_to(busy):
    channel = {c.BY_GRID: "grid", c.BY_RESIDENT: "resident", c.BY_PROPERTY: "property"}
    for case_id in sample(busy, 300):
        found = busy.case(case_id).found
        if found:
            assert isinstance(found.reason, Finding)
            assert found.reason.chances[channel[found.why]] > 0.0


# --- places and people


def test_the_story_of_a_compound_agrees_with_its_table(busy):
    settlements = busy.city.places.settlements
    for row in range(len(settlements)):
        story = busy.compound(row)
        assert story.today.satisfaction == pytest.approx(settlements.mean_satisfaction[row])
        opened = sum(change.what == "party founded" for change in story.changes)
        asleep = sum(change.what == "party asleep" for change in story.changes)
        assert opened - asleep == int(story.today.party) - int(story.then.party)
        voted = [change for change in story.changes if change.what == "owners voted"]
        assert not voted or voted[-1].fields["number"] == settlements.votes[row]
    loads = [busy.compound(row).cases for row in range(len(settlements))]
    whole = [busy.community(row).cases for row in range(len(busy.city.places.communities))]
    assert sum(load.raised for load in loads) == sum(load.raised for load in whole)
    recorded = busy.city.recorder.weeks.index(0)
    cured = busy.city.recorder.values[recorded:, list(_series()).index("cured")].sum()
    assert sum(sum(load.cured.values()) for load in loads) == pytest.approx(cured, abs=40)  # those of the last week-end
    assert {"renovated", "covenant signed", "pilot done", "station opened"} & {
        change.what for row in range(len(settlements)) for change in busy.compound(row).changes
    }


def _series():
    from govsim.recorder import SERIES

    return SERIES


def test_the_story_of_a_resident_agrees_with_theirs(busy):
    city_ = busy.city
    joined = np.concatenate([week.flips["joined"] for week in busy.notes.weeks])
    for row in [*joined[:20].tolist(), 5, 500]:
        story, who = busy.resident(row), city_.residents[row]
        assert (story.joined, story.registered) == (who.joined, who.is_registered)
        assert story.attitudes.trust[-1] == np.float32(who.trust)
        assert [life.id for life in story.cases] == [int(case.id) for case in who.cases]
        assert not story.turns or story.turns[-1].joins == who.joined


def test_wrong_numbers_are_refused(busy):
    with pytest.raises(KeyError):
        busy.case(1)
    for tell in (busy.compound, busy.community, busy.resident):
        with pytest.raises(IndexError):
            tell(10**6)


def test_examples_can_be_asked_for_and_none_is_named_twice(busy):
    examples = busy.examples()
    assert {example.what for example in examples} == {"case", "compound", "community", "resident"}
    assert len(examples) == len({(example.what, example.id) for example in examples}) > 10
    for example in examples:
        assert getattr(busy, example.what)(example.id).lines()
    ruling = next(example for example in examples if example.why == "ruling")
    assert any(
        isinstance(step.reason, Decision) and step.reason.decisive[:1] == ("precedent",)
        for step in busy.case(ruling.id).steps
    )
    most = next(example for example in examples if example.why == "bounced")
    assert busy.case(most.id).bounces == most.n


def test_a_city_that_has_hardly_begun_has_stories_too():
    young = Probe(city(*SMALL))
    young.examples()
    assert young.compound(0).lines()
    assert young.resident(3).lines()
    assert young.community(0).lines()
    young.city.step()
    assert all(young.case(case_id).lines() for case_id in young.cases())


# --- two worlds


def test_twins_are_the_same_until_their_worlds_part(twins):
    here, there = twins
    over = [
        case_id
        for case_id in here.cases()
        if (case := here.city.cases[case_id]).closed is not None and case.closed < 5 * (6 + 4) and not case.is_open
        and case.stage in ("cured", "lapsed")
    ]  # fmt: skip
    assert len(over) > 50
    for case_id in over[::10]:
        story = between(here, there, case=case_id)
        assert story.here.steps == story.there.steps
        assert story.same == len(story.here.steps)
        assert len(story.lines()) == 2


def test_after_that_some_differ_and_the_first_difference_is_named(twins):
    here, there = twins
    both = sorted(here.cases() & there.cases())
    stories: list[Between] = [between(here, there, case=case_id) for case_id in both[::9]]
    parted = [story for story in stories if story.here.steps != story.there.steps]
    assert parted
    for story in parted:
        days = [side.steps[story.same].day for side in (story.here, story.there) if story.same < len(side.steps)]
        assert all(day >= 5 * (6 + 4) for day in days)
        one, other = (side.steps[: story.same] for side in (story.here, story.there))
        assert [(s.day, s.why, s.office) for s in one] == [(s.day, s.why, s.office) for s in other]
    # a world with a committee has precedents that settle cases; the one before the reform has none
    assert not any(step.precedent for story in stories for step in story.there.steps)
    assert any(step.precedent for story in stories for step in story.here.steps)


def test_what_has_no_twin_says_so(twins):
    here, there = twins
    alone = [
        (case_id, others)
        for mine, others in ((here, there), (there, here))
        for case_id in sorted(mine.cases() - others.cases())[:2]
    ]
    assert alone
    for case_id, others in alone:
        assert f"no twin in the world of {others.world}" in between(here, there, case=case_id).text()


@pytest.mark.parametrize("what", [{"case": 0}, {"compound": 1}, {"community": 0}, {"resident": 77}])
def test_it_is_always_called_an_illustration(twins, what):
    if "case" in what:
        what = {"case": min(twins[0].cases())}
    assert "an illustration of how the model works, not an effect" in between(*twins, **what).lines()[-1].text


def test_what_cannot_be_compared_is_refused(twins):
    elsewhere = Probe(city("place.residents=1000", "warmup=0", "weeks=1"))
    with pytest.raises(ValueError, match="same place and seed"):
        between(twins[0], elsewhere, resident=1)
    with pytest.raises(TypeError, match="name one of"):
        between(*twins, case=1, resident=1)
    with pytest.raises(KeyError):
        between(*twins, case=1)
