"""Laws of the ticket queue, on the kernel alone; each is also shown to fail under a planted fault.

Hours in these tests are eighths, so that sums are exact and laws hold to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govsim import draws
from govsim.cases import BRANCH, LAPSED, Cases
from govsim.institutions import queue
from govsim.institutions.queue import Desks

EIGHTH = 0.125
NEVER = 10**6


class Kernels(NamedTuple):
    """The discipline under test."""

    join: Callable = queue.join
    put_in_front: Callable = queue.put_in_front
    accept: Callable = queue.accept
    next_done: Callable = queue.next_done
    leave: Callable = queue.leave


@dataclass(frozen=True)
class Arrival:
    """A case: the day it joins, hours of triage, hours more once accepted, day it lapses by itself."""

    day: int
    work: float
    more: float = 0.0
    lapses: int = NEVER


@dataclass(frozen=True)
class World:
    """What comes to one desk from outside, in the order in which it comes, and the hours it has."""

    hours: list[float]  # (days,)
    background: list[float]  # (days,) before the day's arrivals
    claimed: list[float]  # (days,) by other branches, before everything else
    arrivals: list[Arrival]

    @property
    def lapses(self) -> bool:
        return any(a.lapses < NEVER for a in self.arrivals)


@dataclass
class History:
    """What happened: the day each case was done, in which order, and hours by day."""

    done: list[int]
    order: list[int] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    unfinished: list[float] = field(default_factory=list)


def run(world: World, k: Kernels) -> tuple[History, Any, Any]:
    """The days of a world under a discipline."""
    desks, cases = Desks(1).columns, Cases(max(1, len(world.arrivals))).columns
    history = History([NEVER] * len(world.arrivals))
    accepted: set[int] = set()
    for day, hours in enumerate(world.hours):
        for row, arrival in enumerate(world.arrivals):
            if arrival.lapses == day and cases.desk[row] >= 0:
                cases.stage[row] = LAPSED
        desks.arrived[0] += world.background[day]
        for row, arrival in enumerate(world.arrivals):
            if arrival.day == day:
                cases.stage[row] = BRANCH
                k.join(desks, cases, 0, row, arrival.work)
        k.put_in_front(desks, 0, world.claimed[day])
        used = desks.used[0]
        while True:
            row, hours = k.next_done(desks, cases, 0, hours)
            if row < 0:
                break
            if world.arrivals[row].more and row not in accepted:
                accepted.add(row)
                k.accept(desks, cases, 0, world.arrivals[row].more)
            else:
                history.done[row] = day
                history.order.append(row)
                k.leave(desks, cases, 0)
        history.used.append(desks.used[0] - used)
        waiting = sum(a.more for row, a in enumerate(world.arrivals) if cases.desk[row] >= 0 and row not in accepted)
        history.unfinished.append(desks.arrived[0] - desks.served[0] + waiting)
    return history, desks, cases


def in_plain_words(world: World) -> History:
    """The same days with a queue that holds every piece of work as [case or None, hours]."""
    history = History([NEVER] * len(world.arrivals))
    line: list[list] = []
    accepted: set[int] = set()
    for day, hours in enumerate(world.hours):
        line = [piece for piece in line if piece[0] is None or world.arrivals[piece[0]].lapses != day]
        line.append([None, world.background[day]])
        line += [[row, a.work] for row, a in enumerate(world.arrivals) if a.day == day]
        line.insert(0, [None, world.claimed[day]])
        left = hours
        while line and (line[0][1] <= left):
            row, work = line.pop(0)
            left -= work
            if row is None:
                continue
            if world.arrivals[row].more and row not in accepted:
                accepted.add(row)
                line.insert(0, [row, world.arrivals[row].more])
            else:
                history.done[row] = day
                history.order.append(row)
        if line:
            line[0][1] -= left
            left = 0.0
        history.used.append(hours - left)
        waiting = {row for row, _ in line if row is not None and row not in accepted}
        history.unfinished.append(sum(work for _, work in line) + sum(world.arrivals[row].more for row in waiting))
    return history


# --- the laws: each raises AssertionError when it is broken


def work_is_done_piece_by_piece(world: World, k: Kernels) -> None:
    """Two totals and tickets say what a queue of pieces of work says, lapses and claims included."""
    (history, _, _), plain = run(world, k), in_plain_words(world)
    assert history.done == plain.done
    assert history.order == plain.order
    assert history.used == plain.used


def first_come_first_served(world: World, k: Kernels) -> None:
    """Cases are done in the order in which they came."""
    order = run(world, k)[0].order
    assert order == sorted(order, key=lambda row: (world.arrivals[row].day, row))


def more_hours_never_lengthen_a_wait(world: World, k: Kernels, extra: list[float]) -> None:
    """Who is done on some day is done on that day or earlier when there are more hours on any days."""
    richer = World(
        [h + e for h, e in zip(world.hours, extra, strict=True)],
        world.background,
        world.claimed,
        world.arrivals,
    )
    slow, fast = run(world, k)[0], run(richer, k)[0]
    assert all(f <= s for f, s in zip(fast.done, slow.done, strict=True))


def unfinished_work_follows_lindley(world: World, k: Kernels) -> None:
    """W' = max(0, W + A - C), with W the work unfinished at the end of a day (Lindley 1952)."""
    assert not world.lapses
    history, _, _ = run(world, k)
    unfinished = 0.0
    for day, hours in enumerate(world.hours):
        came = sum(a.work + a.more for a in world.arrivals if a.day == day)
        came += world.background[day] + world.claimed[day]
        unfinished = max(0.0, unfinished + came - hours)
        assert history.unfinished[day] == unfinished


def nothing_is_lost(world: World, k: Kernels) -> None:
    """Joined = left + standing; hours that came = worked + dropped + backlog, desk and cases agree."""
    history, desks, cases = run(world, k)
    standing = [row for row in range(len(world.arrivals)) if cases.desk[row] >= 0]
    linked, row = [], desks.head[0]
    while row >= 0 and len(linked) <= len(cases.desk):
        linked.append(row)
        row = cases.next[row]
    assert sorted(linked) == standing
    assert linked == sorted(linked, key=lambda row: cases.ticket[row])
    assert desks.length[0] == len(linked)
    assert not cases.work[cases.desk < 0].any()
    assert desks.tail[0] == (linked[-1] if linked else -1)
    joined = sum(a.day < len(world.hours) for a in world.arrivals)
    skipped = sum(cases.stage[row] == LAPSED and cases.desk[row] < 0 for row in range(len(world.arrivals)))
    assert joined == len(history.order) + skipped + len(linked)
    worked, backlog = desks.used[0], desks.arrived[0] - desks.served[0]
    assert worked == sum(history.used)
    assert worked <= sum(world.hours)
    assert backlog >= 0.0
    came = desks.inflow[0] + sum(world.background[: len(world.hours)])  # net of what was dropped
    assert came == worked + backlog


# --- worlds

hours = st.integers(0, 40).map(lambda n: n * EIGHTH)
days = st.shared(st.integers(1, 25), key="days")


def by_day(value: st.SearchStrategy[float]) -> st.SearchStrategy[list[float]]:
    return days.flatmap(lambda n: st.lists(value, min_size=n, max_size=n))


@st.composite
def arrivals(draw, lapse: bool) -> list[Arrival]:
    n = draw(days)
    out = []
    for _ in range(draw(st.integers(0, 15))):
        day = draw(st.integers(0, n - 1))
        work = draw(st.integers(1, 40)) * EIGHTH
        more = draw(st.sampled_from([0, 0, 4, 30, 80])) * EIGHTH
        lapses = draw(st.one_of(st.just(NEVER), st.integers(day + 1, n + 1))) if lapse else NEVER
        out.append(Arrival(day, work, more, lapses))
    return sorted(out, key=lambda a: a.day)


def worlds(lapse: bool) -> st.SearchStrategy[World]:
    rare = st.one_of(st.just(0.0), hours)
    return st.builds(World, by_day(hours), by_day(rare), by_day(rare), arrivals(lapse))


def some_worlds(lapse: bool, n: int = 40) -> Iterator[World]:
    """Fixed busy worlds in which a planted fault has every occasion to show."""
    span = 20
    for w in range(n):

        def eighths(what: str, i: int, most: int, w: int = w) -> float:
            return math.floor(draws.uniform(w, FIXED[what], i, 0) * (most + 1)) * EIGHTH

        came = sorted(int(eighths("day", i, span - 1) / EIGHTH) for i in range(15))
        yield World(
            [eighths("hours", day, 60) for day in range(span)],
            [eighths("background", day, 8) for day in range(span)],
            [eighths("claimed", day, 4) for day in range(span)],
            [
                Arrival(
                    day,
                    eighths("work", i, 30) + EIGHTH,
                    eighths("more", i, 30) if i % 2 else 0.0,
                    day + 1 + int(eighths("lapses", i, 5) / EIGHTH) if lapse and i % 3 == 0 else NEVER,
                )
                for i, day in enumerate(came)
            ],
        )


FIXED = {
    what: draws.name(f"test.queue.{what}")
    for what in (
        "day",
        "hours",
        "background",
        "claimed",
        "work",
        "more",
        "lapses",
        "time",
        "service",
        "server",
    )
}
REAL = Kernels()


@given(worlds(lapse=True))
@settings(max_examples=150, deadline=None)
def test_tickets_say_what_pieces_of_work_say(world):
    work_is_done_piece_by_piece(world, REAL)


@given(worlds(lapse=True))
@settings(max_examples=100, deadline=None)
def test_first_come_first_served(world):
    first_come_first_served(world, REAL)


@given(worlds(lapse=True), by_day(hours))
@settings(max_examples=150, deadline=None)
def test_more_hours_never_lengthen_a_wait(world, extra):
    more_hours_never_lengthen_a_wait(world, REAL, extra)


@given(worlds(lapse=False))
@settings(max_examples=100, deadline=None)
def test_unfinished_work_follows_lindley(world):
    unfinished_work_follows_lindley(world, REAL)


@given(worlds(lapse=True))
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost(world):
    nothing_is_lost(world, REAL)


# --- planted faults


def last_come_first_served(desks, cases, d, row, work):
    """The newest case is put at the head of the line."""
    queue.join(desks, cases, d, row, work)
    if desks.length[d] > 1:
        before, head = desks.head[d], desks.head[d]
        while cases.next[before] != row:
            before = cases.next[before]
        cases.next[before], desks.tail[d] = -1, before
        desks.head[d], cases.next[row] = row, head


def idle_time_is_saved_up(desks, cases, d, budget):
    """What is not needed today is worked ahead."""
    row, left = queue.next_done(desks, cases, d, budget)
    if row < 0:
        spare = desks.hours[d] = budget - (desks.arrived[d] - desks.served[d])
        desks.served[d] += max(0.0, spare)
    return row, left


def work_is_lost(desks, cases, d, budget):
    """An eighth of an hour vanishes whenever the desk stops."""
    row, left = queue.next_done(desks, cases, d, budget)
    if row < 0 and desks.arrived[d] - desks.served[d] > EIGHTH:
        desks.served[d] += EIGHTH
    return row, left


def long_days_are_wasted(desks, cases, d, budget):
    """Beyond four hours, meetings eat two hours for each hour more."""
    return queue.next_done(desks, cases, d, budget if budget <= 4 else max(0.0, 12 - 2 * budget))


def lapsed_cases_are_worked(desks, cases, d, budget):
    """The desk finishes what nobody needs any more."""
    head = desks.head[d]
    while head >= 0 and cases.stage[head] == LAPSED:
        cases.stage[head] = BRANCH
        row, budget = queue.next_done(desks, cases, d, budget)
        cases.stage[head] = LAPSED
        if row < 0:
            return row, budget
        queue.leave(desks, cases, d)
        head = desks.head[d]
    return queue.next_done(desks, cases, d, budget)


def lapsed_cases_take_others_work_along(desks, cases, d, budget):
    """Whoever is skipped drops also the background work that stood before its own."""
    head = desks.head[d]
    while head >= 0 and cases.stage[head] == LAPSED:
        desks.served[d] = cases.ticket[head]
        queue.leave(desks, cases, d)
        head = desks.head[d]
    return queue.next_done(desks, cases, d, budget)


def a_case_goes_astray(desks, cases, d, row, work):
    """The third in the queue takes the place of the second."""
    queue.join(desks, cases, d, row, work)
    if desks.length[d] == 3:
        cases.next[desks.head[d]] = row


def accepted_work_goes_to_the_back(desks, cases, d, work):
    """An accepted case keeps its turn but its work waits behind everybody."""
    desks.arrived[d] += work
    desks.inflow[d] += work


MONOTONE_EXTRA = [4.0 if day % 3 else 0.0 for day in range(20)]


@pytest.mark.parametrize(
    ("law", "fault", "lapse"),
    [
        (first_come_first_served, {"join": last_come_first_served}, False),
        (work_is_done_piece_by_piece, {"join": last_come_first_served}, False),
        (work_is_done_piece_by_piece, {"next_done": lapsed_cases_are_worked}, True),
        (work_is_done_piece_by_piece, {"next_done": lapsed_cases_take_others_work_along}, True),
        (work_is_done_piece_by_piece, {"accept": accepted_work_goes_to_the_back}, False),
        (more_hours_never_lengthen_a_wait, {"next_done": long_days_are_wasted}, False),
        (unfinished_work_follows_lindley, {"next_done": idle_time_is_saved_up}, False),
        (unfinished_work_follows_lindley, {"next_done": work_is_lost}, False),
        (unfinished_work_follows_lindley, {"next_done": long_days_are_wasted}, False),
        (nothing_is_lost, {"join": a_case_goes_astray}, False),
        (nothing_is_lost, {"next_done": work_is_lost}, False),
        (nothing_is_lost, {"next_done": lapsed_cases_take_others_work_along}, True),
        (nothing_is_lost, {"next_done": idle_time_is_saved_up}, False),
    ],
    ids=lambda value: getattr(value, "__name__", None) or (next(iter(value)) if isinstance(value, dict) else ""),
)
def test_a_planted_fault_breaks_the_law(law, fault, lapse):
    more = (MONOTONE_EXTRA,) if law is more_hours_never_lengthen_a_wait else ()
    for world in some_worlds(lapse):
        law(world, REAL, *more)
    faulty = REAL._replace(**fault)
    with pytest.raises(AssertionError):
        all(law(world, faulty, *more) is None for world in some_worlds(lapse))


# --- without days


def erlang_c(servers: int, rho: float) -> float:
    """Probability that a case has to wait in M/M/c (Erlang 1917)."""
    a = servers * rho
    last = a**servers / math.factorial(servers) / (1 - rho)
    return last / (sum(a**k / math.factorial(k) for k in range(servers)) + last)


def waits_match_erlang(continuous: Callable, servers: int, rho: float, n: int) -> None:
    """Mean wait and the probability to wait agree within 3% or 3 standard errors (batch means)."""
    number, seed = np.arange(n), servers * 100 + int(rho * 100)
    arrivals = np.cumsum(draws.exponentials(seed, FIXED["time"], number, 0)) / (servers * rho)
    work = draws.exponentials(seed, FIXED["service"], number, 0)
    wait = continuous(arrivals, work, servers)[n // 20 :]
    waiting = erlang_c(servers, rho)
    for value, exact in ((wait, waiting / (servers * (1 - rho))), (wait > 0, waiting)):
        batches = value[: len(value) // 50 * 50].reshape(50, -1).mean(axis=1)
        error = batches.std(ddof=1) / math.sqrt(50)
        assert error < 0.04 * exact, "too short to tell"
        assert abs(batches.mean() - exact) < max(0.03 * exact, 3 * error)


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize("rho", [0.5, 0.8, 0.95])
def test_waits_match_erlang(servers, rho):
    waits_match_erlang(queue.continuous, servers, rho, 4_000_000 if rho > 0.9 else 1_000_000)


def each_official_has_an_own_queue(arrivals, work, servers):
    """A fault: cases are spread over officials blindly, as they come."""
    wait = np.empty(len(arrivals))
    for s in range(servers):
        own = np.arange(len(arrivals)) % servers == s
        wait[own] = queue.continuous(arrivals[own], work[own], 1)
    return wait


def a_break_after_each_case(arrivals, work, servers):
    """A fault: officials rest for a fortieth of a mean case."""
    return queue.continuous(arrivals, work + 0.025, servers)


@pytest.mark.parametrize(
    ("fault", "servers", "rho"), [(each_official_has_an_own_queue, 3, 0.8), (a_break_after_each_case, 1, 0.8)]
)
def test_a_planted_fault_breaks_erlang(fault, servers, rho):
    with pytest.raises(AssertionError):
        waits_match_erlang(fault, servers, rho, 1_000_000)


@given(worlds(lapse=False))
@settings(max_examples=50, deadline=None)
def test_days_and_continuous_time_are_one_discipline(world):
    """With one hour a day, a case is done on the day in which its moment of completion falls."""
    n = len(world.hours)
    plain = World([1.0] * n, [0.0] * n, [0.0] * n, [Arrival(a.day, a.work) for a in world.arrivals])
    arrivals = np.array([float(a.day) for a in plain.arrivals])
    work = np.array([a.work for a in plain.arrivals])
    completed = arrivals + queue.continuous(arrivals, work, 1) + work
    done = [day if day < n else NEVER for day in np.ceil(completed).astype(int) - 1]
    assert run(plain, REAL)[0].done == done
