"""The queue of a desk: first come, first served, and the work is attached to the case.

Think of a tape of hours. Everything that comes is written at its end: ``arrived`` is how long the tape is, and the
``ticket`` of a case is where on the tape its own hours end. ``served`` is how far the desk has read. A case's turn is
done when the desk has read up to its ticket, so work that is not simulated (the background) only lengthens the tape,
and work that comes before everything else sets the reader back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from govsim.calendar import WORKING_DAYS
from plain.handling import has_ended

if TYPE_CHECKING:
    from plain.agents import Case, Desk
    from plain.city import City

_HOURS_A_CASE = 6.0
"""Turns hours into a rough number of cases, for the weight of a desk's own record."""

# --- a case comes and goes


def join(desk: Desk, case: Case, work: float) -> None:
    """A case joins the end of the queue with so many hours of work."""
    desk.arrived += work
    desk.inflow += work
    case.ticket, case.work = desk.arrived, work
    case.desk = desk
    desk.queue.append(case)


def put_in_front(desk: Desk, work: float) -> None:
    """Hours of nobody in the queue are claimed before everything that waits there."""
    desk.served -= work
    desk.inflow += work


def accept(desk: Desk, work: float) -> None:
    """The desk accepts the first case, whose turn is done: hours of its own more, before everybody else."""
    put_in_front(desk, work)
    desk.queue[0].work = work


def leave(desk: Desk) -> Case:
    """The first case leaves; work of its own that is still undone is dropped and costs no time."""
    case = desk.queue.pop(0)
    undone = min(case.work, case.ticket - desk.served)
    desk.served += undone
    desk.inflow -= undone
    case.desk, case.work = None, 0.0
    return case


def next_done(desk: Desk, hours: float) -> tuple[Case | None, float]:
    """Work for up to so many hours, until the turn of the first case is done: that case, and the hours left.

    The case still stands first, to be accepted or to leave. There is none when the hours are used up, or when nobody
    stands in the queue: then the desk does what other work there is, and time without work is lost.
    """
    while desk.queue:
        case = desk.queue[0]
        if has_ended(case):  # by other means, while it stood in the queue
            leave(desk)
            continue
        ahead = case.ticket - desk.served
        if ahead <= hours:
            desk.served = case.ticket
            desk.used += ahead
            return case, hours - ahead
        _work(desk, hours)
        case.work = min(case.work, case.ticket - desk.served)  # its own work comes last before its ticket
        return None, 0.0
    _work(desk, min(hours, desk.arrived - desk.served))
    return None, 0.0


def turns(desk: Desk) -> Iterator[Case]:
    """The cases whose turn is done in today's hours, in order; each is accepted or leaves before the next comes."""
    case, hours = next_done(desk, desk.hours)
    while case is not None:
        yield case
        case, hours = next_done(desk, hours)


def _work(desk: Desk, hours: float) -> None:
    desk.served += hours
    desk.used += hours


# --- a day


def receive(city: City, day: int, desks: Iterable[Desk], coming: list[tuple[Case, Desk, float]]) -> None:
    """Desks open for the day: who comes joins (case, desk, hours of work), mixed with today's background work.

    Each case comes at a moment of the day that hangs on its identity, and stands behind the part of the day's
    background that has come by then.
    """
    moments = {case.id: city.luck("queue.moment", case.id, day) for case, _, _ in coming}
    in_order = sorted(coming, key=lambda one: (moments[one[0].id], one[0].id))
    for desk in desks:
        background, now = city.background[desk.row], 0.0
        for case, goes_to, work in in_order:
            if goes_to is desk:
                desk.arrived += background * (moments[case.id] - now)
                now = moments[case.id]
                join(desk, case, work)
        desk.arrived += background * (1.0 - now)
        desk.offered += desk.hours


# --- a week


def background_hours(city: City, desks: list[Desk], mirrored: bool) -> None:
    """Work a working day that comes to each of these desks from people who are not simulated.

    The desks share one clientele, of which the simulated part is everybody's. The rest raises work at the rate of the
    simulated part, as it is now (mirrored) or as it was at the end of the warm-up. The record of a desk that few cases
    reach is noisy, so it is blended with the common rate of these desks, in work an hour of working time. How much a
    desk's own record weighs hangs on how many cases are expected there, not on how many were seen.
    """
    p = city.p
    rates = {desk: desk.usual if mirrored else desk.usual_before for desk in desks}
    time = sum(desk.base_hours for desk in desks)
    days_remembered = WORKING_DAYS * (2.0 - p.smoothing) / p.smoothing
    for desk in desks:
        city.background[desk.row] = 0.0
        if time == 0.0:
            continue
        common = sum(rates.values()) / time * desk.base_hours
        expected_cases = common * days_remembered / _HOURS_A_CASE
        own = 0.0 if expected_cases <= 0.0 else expected_cases / (expected_cases + p.pooling)
        rest = 1.0 / desk.share - 1.0  # people who are not simulated, for each who is
        city.background[desk.row] = rest * (own * rates[desk] + (1.0 - own) * common)


def close_week(desk: Desk, smoothing: float, load_smoothing: float) -> None:
    """The week's work moves what is usual and the load, and the next week's counts begin."""
    desk.usual += smoothing * (desk.inflow / WORKING_DAYS - desk.usual)
    desk.usual = max(0.0, desk.usual)  # a week may drop more work than it takes in
    if desk.offered > 0.0:
        desk.load += load_smoothing * (desk.used / desk.offered - desk.load)
    desk.inflow = desk.used = desk.offered = 0.0
