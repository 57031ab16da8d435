"""What the rules saw when they decided on cases, worked back from the tables before and after a part of the week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.processes.detection import eye, report_readiness
from govsim.processes.handling import needed_slot
from govsim.processes.persuasion import _messenger_tie

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.explain.probe import Probe

__all__ = ["Seen"]

MEMBER = 1
"""Number of the messenger who is a Party member."""


class Seen:
    """Some cases as they were before a part of the week.

    Attributes:
        rows: their rows; the others are columns of the case table, a value each.
        of: place in ``rows`` by identity.
        since: hand-offs noted by then.
    """

    id: np.ndarray
    desk: np.ndarray
    slot: np.ndarray
    attempt: np.ndarray
    todo: np.ndarray
    lead: np.ndarray
    coordinated: np.ndarray
    working: np.ndarray
    clock: np.ndarray
    visits: np.ndarray
    hardened: np.ndarray

    def __init__(self, city: City, which: np.ndarray) -> None:
        cases = city.cases
        self.rows = np.flatnonzero(which)
        for name in Seen.__annotations__:
            setattr(self, name, getattr(cases, name)[self.rows])
        self.of: dict[int, int] = {case_id: i for i, case_id in enumerate(self.id.tolist())}
        self.since = int(city.handoffs.count[0])


def mark(probe: Probe) -> int:
    """How many hand-offs are noted so far."""
    return int(probe.city.handoffs.count[0])


def _new(city: City, since: int) -> Iterator[tuple[int, int, int, int]]:
    """Row, identity, desk and reason of the hand-offs noted since."""
    log = city.handoffs
    now = slice(since, int(log.count[0]))
    return zip(
        range(now.start, now.stop), log.id[now].tolist(), log.desk[now].tolist(), log.why[now].tolist(), strict=True
    )


# --- finding


def found(probe: Probe, since: int) -> None:
    """How likely each channel was to find, in a day of that week, what was found in it."""
    city, p, rules = probe.city, probe.city.p, probe.city.rules
    cases, people, kinds, settlements = city.cases, city.residents, city.kinds, city.places.settlements
    seen_by_patrol = eye(rules.grid_integrated, p[0])
    noted = []
    for at, row in zip(range(since, mark(probe)), city.detection.found.tolist(), strict=True):
        s, k, who = cases.settlement[row], cases.kind[row], cases.resident[row]
        ready = report_readiness(people.voice[who], people.tenure[who], people.trust[who], p[0])
        ready *= 1.0 + p.app_reach * people.registered[who]
        ready *= 1.0 + p.station_reach * settlements.station[s]
        ready *= 1.0 + p.publicity_effect * city.places.communities.publicity[settlements.community[s]]
        noted.append(
            (
                at,
                p.patrol_reach * settlements.patrol[s] / WORKING_DAYS * kinds.grid_sees[k] * seen_by_patrol,
                p.resident_reach * kinds.resident_sees[k] * ready,
                p.property_reach * kinds.property_sees[k] * settlements.property_quality[s],
                people.registered[who],
            )
        )
    probe.notes.ledgers["found"].add(noted)


# --- compounds


def before_compounds(probe: Probe, day: int) -> tuple[int, dict[str, np.ndarray]]:
    """Time that members and service stations have given by now."""
    settlements = probe.city.places.settlements
    return mark(probe), {name: getattr(settlements, name).copy() for name in ("hands_used", "station_hours")}


def in_compounds(probe: Probe, before: tuple[int, dict[str, np.ndarray]], day: int) -> None:
    """What each compound could do when it tried to settle a case: others that day came first to scarce hands."""
    city, p, settlements = probe.city, probe.city.p, probe.city.places.settlements
    since, left = before
    used, station = left["hands_used"], left["station_hours"]
    episodes = _episodes(city, [case_id for _, case_id, _, _ in _new(city, since)])
    noted = []
    for at, case_id, _, why in _new(city, since):
        s, k = int(c.settlement_of(case_id)), int(c.kind_of(case_id))
        thousands = float(settlements.residents[s]) / 1_000.0
        hands = max(0.0, float(settlements.hands[s]) - float(used[s]) / thousands)
        noted.append(
            (
                at, episodes[case_id], station[s] >= p.station_work, settlements.property_quality[s],
                settlements.owners_committee[s], settlements.joined_share[s], settlements.party[s],
                settlements.conflict[s], hands,
            )
        )  # fmt: skip
        if why == c.AT_STATION:
            station[s] -= p.station_work
        else:
            used[s] += min(p.hands_hours * city.kinds.in_compound[k], hands * thousands)
    probe.notes.ledgers["compound"].add(noted)


def _episodes(city: City, ids: list[int]) -> dict[int, int]:
    rows = np.flatnonzero(np.isin(city.cases.id, ids) & (city.cases.stage > c.DORMANT))
    return dict(zip(city.cases.id[rows].tolist(), city.cases.episode[rows].tolist(), strict=True))


# --- streets


def before_streets(probe: Probe, day: int) -> Seen:
    """The cases that are with streets."""
    return Seen(probe.city, probe.city.cases.stage == c.STREET)


def at_streets(probe: Probe, seen: Seen, day: int) -> None:
    """What each street knew when it sent a case on."""
    city, committee = probe.city, probe.city.committee
    cases, settlements, communities = city.cases, city.places.settlements, city.places.communities
    noted = []
    for at, case_id, _, _ in _new(city, seen.since):
        i = seen.of[case_id]
        row, k = seen.rows[i], int(c.kind_of(case_id))
        right = needed_slot.py_func(seen, i)
        community = settlements.community[cases.settlement[row]]
        noted.append(
            (
                at, cases.slot[row], right, seen.attempt[i], day - int(seen.clock[i]), committee.named[k],
                committee.named_strength[k], communities.knowledge[community],
            )
        )  # fmt: skip
    probe.notes.ledgers["street"].add(noted)


# --- branches

_DECISIONS = (c.ACCEPTED, c.NOT_OURS, c.BOUNCED, c.TOO_OFTEN, c.OVERDUE_PAPER)


def before_branches(probe: Probe, day: int) -> Seen:
    """The cases that are with branches, or on their way to one."""
    return Seen(probe.city, probe.city.cases.stage == c.BRANCH)


def at_branches(probe: Probe, seen: Seen, day: int) -> None:
    """What each branch faced when it decided on a case.

    A desk that comes to a case has served work up to the case's ticket; what its queue asks beside is what it asks in
    the evening and what the cases that had their turn later that day had asked.
    """
    city, committee, desks = probe.city, probe.city.committee, probe.city.desks
    asked = _asked_when_decided(city, seen)
    noted = []
    for at, case_id, d, why in _new(city, seen.since):
        if why not in _DECISIONS:
            continue
        i = seen.of[case_id]
        row, k = seen.rows[i], int(c.kind_of(case_id))
        department = (d - city.offices.branches[0]) % city.n_departments
        waiting = max(0.0, float(desks.arrived[d]) - float(city.cases.ticket[row]) + asked[i])
        noted.append(
            (
                at, seen.slot[i], seen.attempt[i], seen.todo[i] >> seen.slot[i] & 1, seen.todo[i], seen.coordinated[i],
                day - int(seen.clock[i]), committee.precedent[k, department], committee.backed[k, department],
                committee.expected[department], waiting / max(WORKING_DAYS * float(desks.hours[d]), 1e-9),
            )
        )  # fmt: skip
    probe.notes.ledgers["branch"].add(noted)


def _asked_when_decided(city: City, seen: Seen) -> np.ndarray:
    """What a branch's queue asked for beside its tickets when it came to each case: (cases,), 0 where it did not."""
    cases, kinds, rows = city.cases, city.kinds, seen.rows
    left = (cases.attempt[rows] != seen.attempt) | (cases.stage[rows] == c.PAPER) | (cases.stage[rows] == c.LAPSED)
    dropped_on_arrival = (seen.desk < 0) & (cases.stage[rows] == c.LAPSED)
    turned = np.flatnonzero(left & ~dropped_on_arrival & ~seen.working)
    kind = cases.kind[rows[turned]]
    own = seen.todo[turned] >> seen.slot[turned] & 1
    work = own * city.p.work_scale * kinds.branch_hours[kind]
    department = kinds.departments[kind, seen.slot[turned]]
    district = city.places.settlements.district[cases.settlement[rows[turned]]]
    desk = city.offices.branches[0] + district * city.n_departments + department

    asked = np.zeros(len(rows))
    order = np.lexsort((-cases.ticket[rows[turned]], desk))  # of each desk the last one first
    so_far, at = 0.0, -1
    for i in order.tolist():
        if desk[i] != at:
            at, so_far = desk[i], float(city.desks.asked[desk[i]])
        asked[turned[i]] = so_far
        so_far += float(work[i])
    return asked


# --- visits


def before_visits(probe: Probe) -> tuple[Seen, dict[str, np.ndarray]] | None:
    """The cases whose household may be visited, and what visits move as they go."""
    city = probe.city
    if city.rules.visits <= 0.0:
        return None
    cases, settlements = city.cases, city.places.settlements
    known = (cases.stage >= c.COMPOUND) & (cases.stage <= c.PAPER) & (city.kinds.persuadable[cases.kind] > 0.0)
    return Seen(city, known), {k: getattr(settlements, k).copy() for k in ("hands_used", "given_in", "example")}


def visits(probe: Probe, before: tuple[Seen, dict[str, np.ndarray]] | None) -> None:
    """Who went to each household, and what it had seen by then."""
    if before is None:
        return
    (seen, left), city, p = before, probe.city, probe.city.p
    used, given_in, example = left["hands_used"], left["given_in"], left["example"]
    cases, settlements, people = city.cases, city.places.settlements, city.residents
    noted = []
    for at, case_id, _, why in _new(city, seen.since):
        i = seen.of[case_id]
        row, visit = seen.rows[i], int(seen.visits[i])
        s, who = int(cases.settlement[row]), int(cases.resident[row])
        free = float(settlements.hands[s]) * float(settlements.residents[s]) / 1_000.0 - float(used[s])
        tie, messenger = _messenger_tie(
            city.seed, case_id, visit, settlements.joined_share[s], settlements.ties[s], free >= p.visit_hours,
            bool(settlements.patrol[s] > 0.0), p[0],
        )  # fmt: skip
        if messenger == MEMBER:
            used[s] += p.visit_hours
        member, gave_in = bool(people.member[who]), why == c.GAVE_IN
        noted.append(
            (
                at, visit, messenger, tie, people.trust[who], settlements.shown[s], given_in[s], example[s], member,
                seen.hardened[i], cases.hardened[row] > seen.hardened[i],
            )
        )  # fmt: skip
        given_in[s] += p.example_memory * (float(gave_in) - float(given_in[s]))
        if member:
            example[s] += p.example_memory * (float(gave_in) - float(example[s]))
    probe.notes.ledgers["visit"].add(noted)
