"""Scaling: what a place takes grows with its residents and no faster. These tests count; they time nothing.

Memory: the bytes of all tables, and the rows of the case table and of the archive, against declared figures
(:mod:`holdings`). Work: steps of Python in a week, which must not depend on how large the place is, since whatever
there is more of in a larger one is done by kernels and whole arrays.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import pytest
from holdings import ARCHIVED, BYTES, BYTES_OF_ANY_PLACE, CASES, CASES_OF_ANY_PLACE, tables
from worlds import city, plant_after

from govsim.city import City
from govsim.columns import Table, column
from govsim.processes.incidence import Incidence
from govsim.residents import Residents
from govsim.source import PACKAGE

PLACES = ("place=community", "place.residents=12000", "place=street")
"""One community of five settlements, two of thirteen, twelve of sixty-seven."""
FASTER = 0.05
"""How much faster than residents a count may grow: households and members are a matter of luck."""
LUCK = 0.25
"""The same for cases, of which there are hundreds in a small place."""
FEW = 10
"""Steps by which a week of two places may differ: whether anything at all of some sort happened in it."""


def after_half_a_year(place: str) -> City:
    """A place in the warm-up, with as many open cases as it comes to have, and room for more."""
    made = city(place, "warmup=52", "engine.threads=1", "record.handoffs=off")
    while made.week < -26:
        made.step()
    return made


# --- memory

Counts = dict[str, float]


def counts(city: City) -> Counts:
    """What grows with a place: its residents, bytes, and rows of cases."""
    return {
        "residents": len(city.residents),
        "bytes": sum(table.nbytes() for table in tables(city).values()),
        "cases": len(city.cases),
        "archived": sum(len(chunk["id"]) for chunk in city.archive.chunks) / city.clock_week,
    }


@cache
def measured() -> list[Counts]:
    return [counts(after_half_a_year(place)) for place in PLACES]


def a_place_takes_what_is_declared(places: list[Counts]) -> None:
    """No more bytes and rows than the declared figures allow."""
    for here in places:
        people = here["residents"]
        assert here["bytes"] <= BYTES_OF_ANY_PLACE + BYTES * people, f"bytes: {here}"
        assert here["cases"] <= CASES_OF_ANY_PLACE + CASES * people, f"rows of cases: {here}"
        assert here["archived"] <= ARCHIVED * people, f"ended cases: {here}"


def nothing_grows_faster_than_residents(places: list[Counts]) -> None:
    """From each place to the next larger one every count grows with the residents, or less."""
    for small, large in pairwise(places):
        grown = large["residents"] / small["residents"]
        for what, margin in (("bytes", FASTER), ("cases", LUCK), ("archived", LUCK)):
            assert large[what] <= small[what] * grown * (1 + margin), what


def test_a_place_takes_what_is_declared():
    a_place_takes_what_is_declared(measured())


def test_nothing_grows_faster_than_residents():
    nothing_grows_faster_than_residents(measured())


def test_a_widened_column_is_noticed():
    here = after_half_a_year(PLACES[-1])
    wider = Residents.declared | {"trust": column("f8", "0..1", "trust that problems are dealt with")}
    vars(here)["residents"] = type("Wider", (Table,), wider, by_column=True)(len(here.residents))
    with pytest.raises(AssertionError, match="bytes"):
        a_place_takes_what_is_declared([counts(here)])


def test_what_grows_with_the_square_of_a_place_is_noticed():
    """As if there were a row for every pair of settlements, and as many as are declared in the smallest place."""
    places = [dict(here) for here in measured()]
    for here in places:
        here["cases"] = measured()[0]["cases"] * (here["residents"] / places[0]["residents"]) ** 2
    with pytest.raises(AssertionError, match="cases"):
        nothing_grows_faster_than_residents(places)


# --- work


def steps_of_python(work: Callable[[], object]) -> int:
    """Lines that ``work`` begins in files of govsim, functions it enters, and turns of loops on a single line."""
    watch, events, me = sys.monitoring, sys.monitoring.events, sys.monitoring.PROFILER_ID
    steps = 0

    def step(code, *_) -> object:
        nonlocal steps
        if not code.co_filename.startswith(str(PACKAGE)):
            return watch.DISABLE
        steps += 1
        return None

    counted = (events.LINE, events.JUMP, events.PY_START, events.PY_RESUME)
    watch.use_tool_id(me, "steps of Python")
    try:
        for event in counted:
            watch.register_callback(me, event, step)
        watch.set_events(me, sum(counted))
        work()
    finally:
        watch.set_events(me, 0)
        watch.free_tool_id(me)
        watch.restart_events()
    return steps


def weeks_of(place: str) -> list[int]:
    """Steps of Python in each week of a quarter, in a place that has room for all its cases."""
    here = after_half_a_year(place)
    here.cases.grow(2 * len(here.cases))
    return [steps_of_python(here.step) for _ in range(13)]


def no_loop_grows_with_the_place(small: list[int], large: list[int]) -> None:
    """Week by week both take the same steps, but for a few."""
    apart = [abs(one - other) for one, other in zip(small, large, strict=True)]
    assert max(apart) <= FEW, f"steps of Python: {small} against {large}"


@cache
def of_a_community() -> list[int]:
    return weeks_of(PLACES[0])


def test_no_loop_grows_with_the_place():
    no_loop_grows_with_the_place(of_a_community(), weeks_of(PLACES[-1]))


def over_settlements(city: City) -> None:
    settlements, hurt = city.places.settlements, 0.0
    for s in range(len(settlements)):
        hurt += settlements.unmet[s]


def over_communities_on_a_single_line(city: City) -> None:
    city.residents.turn.max(initial=sum(len(city.places.settlements_of(i)) for i in range(len(city.communities))))


def of_calls_for_settlements(city: City) -> None:
    list(map(city.places.residents_of, range(len(city.places.settlements))))


@pytest.mark.parametrize("loop", [over_settlements, over_communities_on_a_single_line, of_calls_for_settlements])
def test_a_loop_over_places_is_noticed(loop, monkeypatch):
    # what a mechanism does counts where its file lies: in the package
    code = loop.__code__.replace(co_filename=str(PACKAGE / "processes" / "incidence.py"))
    monkeypatch.setattr(loop, "__code__", code)
    plant_after(monkeypatch, Incidence, "raise_cases", loop)
    with pytest.raises(AssertionError, match="steps of Python"):
        no_loop_grows_with_the_place(of_a_community(), weeks_of(PLACES[-1]))
