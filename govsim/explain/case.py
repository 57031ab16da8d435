"""The life of a case as a story: each step with its wait, who acted, and why it went as it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govsim import cases as c
from govsim import draws
from govsim.calendar import WORKING_DAYS
from govsim.explain import reasons
from govsim.explain.attitudes import Moved, own_moves
from govsim.explain.story import Days, Home, Line, Office, Person, Story
from govsim.processes import incidence

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.explain.probe import Probe
    from govsim.views import Case

__all__ = ["CaseStory", "Finding", "Precedent", "Step", "home_of", "office_of", "person_of", "tell"]

VISITS = (c.REFUSED, c.GAVE_IN)
REFUSALS = (c.NOT_OURS, c.BOUNCED, c.TOO_OFTEN)
SENT = (c.DISPATCH, c.PRECEDENT, c.COORDINATION)
HANDED_ON = (*SENT, c.NOT_OURS, c.BOUNCED, c.NEXT_DEPARTMENT)
"""Steps after which a case goes to a department."""


class Precedent(NamedTuple):
    """A ruling of the committee that counted in a step.

    Attributes:
        week: week of the timeline at whose end the committee ruled.
        age: weeks since then.
        heard, named: department whose refusals were heard, and department named responsible.
    """

    week: int
    age: int
    heard: str
    named: str


@dataclass(frozen=True)
class Finding:
    """How a case was found.

    Attributes:
        chances: chance a day of each channel: ``grid``, ``resident``, ``property``; empty where it was not noted.
        registered: whether the resident was on the citizens' platform; None where it was not noted.
    """

    chances: dict[str, float]
    registered: bool | None


@dataclass(frozen=True)
class Step:
    """One step of a case.

    Attributes:
        day: working day since the start of the warm-up.
        why: what was done: row of :data:`govsim.cases.WHY`.
        office: the office that did it; None in the place itself.
        to: the department that it went to next, if it went to one.
        way: working days that it was on its way there.
        wait: working days that it then waited, or was worked on.
        reason: why; None where the step needs none, or was not noted.
        precedent: the ruling that was followed, or that made a branch accept; None for none.
        own: whether the branch was truly responsible (branches).
        decisions: decisions by branches so far, this one with them (branches).
        late: working days since it was found or last complained of (offices under target pressure).
        joined: departments that a joint order made act at once.
        share: share of such cases with which it goes so: settled by the community, closed on paper …; None where the
            reason says more, or it does not hang on a share.
        backlog: weeks of work that waited at the office as the week began; None where that was not noted.
    """

    day: int
    why: int
    office: Office | None
    to: str = ""
    way: int = 0
    wait: int = 0
    reason: reasons.Decision | reasons.Routing | reasons.Settling | reasons.Visit | Finding | None = None
    precedent: Precedent | None = None
    own: bool = True
    decisions: int = 0
    late: int = 0
    joined: tuple[str, ...] = ()
    share: float | None = None
    backlog: float | None = None


@dataclass(frozen=True)
class CaseStory(Story):
    """The life of a case so far.

    Attributes:
        id: its identity.
        kind: name of the kind.
        severity: weight of a day with it.
        home: where it arose.
        resident: whom it touches most.
        needs: departments truly needed, the one responsible first.
        days: the calendar.
        raised, closed, now: working days on which it arose, ended (or was last closed on paper), and today.
        stage: where in its life it is, one of :data:`govsim.cases.STAGES`.
        waits_at: office in whose queue it stands; None where in none.
        steps: what happened, in order.
        parent, child: identities of the case of which it is the relapse, and of its own relapse.
        parent_closed: working day on which the parent was cured.
        moved: how each answer moved the resident's satisfaction and trust.
        around: mean satisfaction and trust of its compound when it arose and at its end (or today).
    """

    id: int
    kind: str
    severity: float
    home: Home
    resident: Person
    needs: tuple[str, ...]
    days: Days
    raised: int
    closed: int | None
    now: int
    stage: str
    waits_at: Office | None
    steps: tuple[Step, ...]
    parent: int | None
    parent_closed: int | None
    child: int | None
    moved: tuple[Moved, ...]
    around: tuple[tuple[float, float], tuple[float, float]] | None

    @property
    def found(self) -> Step | None:
        """The step in which it was found; None while nobody has."""
        return self.steps[0] if self.steps else None

    @property
    def lasted(self) -> int:
        """Working days from when it arose to its end, or to today."""
        return (self.now if self.closed is None else self.closed) - self.raised

    @property
    def handovers(self) -> int:
        """Times that a branch handed it on."""
        return sum(step.why in (*REFUSALS, c.NEXT_DEPARTMENT, c.NO_AUTHORITY) for step in self.steps)

    @property
    def bounces(self) -> int:
        """Times that a branch that was responsible passed it on."""
        return sum(step.why in REFUSALS and step.own for step in self.steps)

    @property
    def papers(self) -> int:
        """Times that it was closed on paper."""
        return sum(step.why in (c.OVERDUE_PAPER, c.BOTCHED) for step in self.steps)

    def title(self) -> str:
        """Kind, place and identity."""
        from govsim.explain.words import case

        return case.title(self)

    def lines(self) -> list[Line]:
        """Its life in sentences."""
        from govsim.explain.words import case

        return case.lines(self)


def tell(probe: Probe, case_id: int) -> CaseStory:
    """The story of a case; see :meth:`~govsim.explain.probe.Probe.case`."""
    city = probe.city
    case: Case = city.cases[int(case_id)]
    now = city.day
    closed = case.closed
    parent, child = case.parent, case.child
    end = now if closed is None else closed
    steps = tuple(_Telling(probe, case).steps())
    return CaseStory(
        id=int(case.id), kind=case.kind, severity=case.severity, home=home_of(city, case.settlement.row),
        resident=person_of(city, case.resident.id), needs=needs(city, int(case.id)), days=Days(city.config.warmup),
        raised=case.raised, closed=closed, now=now, stage=case.stage,
        waits_at=case.office and office_of(city, case.office.row), steps=steps,
        parent=parent and int(parent.id), parent_closed=parent and parent.closed, child=child and int(child.id),
        moved=own_moves(probe, case, steps), around=_around(probe, case.settlement.row, case.raised, end),
    )  # fmt: skip


# --- who and where


def home_of(city: City, settlement: int) -> Home:
    """Where a settlement is."""
    table = city.places.settlements
    where = (getattr(table, tier).item(settlement) for tier in ("community", "street", "district"))
    return Home(settlement, bool(table.is_compound[settlement]), *where)


def office_of(city: City, desk: int) -> Office:
    """Whose desk it is."""
    office = city.desks[desk]
    return Office(office.tier, office.place.row, office.department.name if office.tier == "branch" else "")


def person_of(city: City, resident: int) -> Person:
    """Who a resident is."""
    who = city.residents[resident]
    return Person(resident, who.age, who.tenure, who.is_member)


def needs(city: City, case_id: int) -> tuple[str, ...]:
    """Departments that a case truly needs, the one responsible first; it hangs on the identity of its first life."""
    origin, k, seed = case_id - c.generation_of(case_id), int(c.kind_of(case_id)), city.seed
    slots, lead = int(city.kinds.slots[k]), 0
    varied = city.p.lead_variation * city.kinds.ambiguity[k]
    if slots > 1 and draws.uniform(seed, incidence.LEAD, origin, 0) < varied:
        lead = 1 + int(draws.uniform(seed, incidence.WHICH_LEAD, origin, 0) * (slots - 1))
    further = city.kinds.further[k]
    others = [s for s in range(slots) if s != lead and draws.uniform(seed, incidence.FURTHER, origin, s) < further]
    return tuple(_department(city, k, slot) for slot in (lead, *others))


def _department(city: City, kind: int, slot: int) -> str:
    return city.departments[city.kinds.departments.item(kind, slot)].name


def _around(probe: Probe, settlement: int, raised: int, end: int) -> Any:
    days = Days(probe.city.config.warmup)
    then = probe.notes.week(days.week(raised))
    if then is None:
        return None
    after = probe.notes.week(days.week(end) + 1)
    table = after.tables["settlements"] if after else probe.city.places.settlements.columns
    return tuple(
        (float(t["mean_satisfaction"][settlement]), float(t["mean_trust"][settlement]))
        for t in (then.tables["settlements"], table)
    )


# --- what happened


class _Telling:
    """Makes steps of the hand-offs of one case."""

    def __init__(self, probe: Probe, case: Case) -> None:
        self.probe, self.city = probe, probe.city
        self.id, self.kind = int(case.id), int(c.kind_of(int(case.id)))
        log = self.city.handoffs
        self.at = np.flatnonzero(log.id[: int(log.count[0])] == self.id)
        self.days = Days(self.city.config.warmup)
        self.is_compound = case.settlement.is_compound

    def steps(self) -> Iterator[Step]:
        """All steps, in order."""
        log = self.city.handoffs
        before, decisions = None, 0
        for at in self.at.tolist():
            day, desk, why = int(log.day[at]), int(log.desk[at]), int(log.why[at])
            way = self._way(before[1], before[0], day) if before else 0
            wait = day - before[0] - way if before else 0
            if why not in VISITS:
                before = day, why
            office = office_of(self.city, desk) if desk >= 0 else None
            decisions += why in (c.ACCEPTED, *REFUSALS)
            yield Step(day, why, office, way=way, wait=wait, decisions=decisions, **self._facts(at, day, desk, why))

    def _way(self, why: int, since: int, day: int) -> int:
        """Working days between two offices, which hang on what was done at the first."""
        p = self.city.p
        if why in (c.BY_GRID, c.BY_RESIDENT, c.BY_PROPERTY):
            way = p.compound_days if self.is_compound else 1
        elif why in (c.BEYOND_COMPOUND, c.BEYOND_COMMUNITY, c.NOT_HEARD):
            way = 1
        elif why in (*SENT, *REFUSALS, c.NO_AUTHORITY, c.NEXT_DEPARTMENT, c.BY_DISTRICT):
            way = p.transfer_days
        else:
            way = 0
        return min(int(way), day - since)

    def _facts(self, at: int, day: int, desk: int, why: int) -> dict[str, Any]:
        """What only some steps have: the reason, where it went, and the ruling that counted."""
        city, ledgers = self.city, self.probe.notes.ledgers
        week = self.probe.notes.week(self.days.week(day))
        rules = week.rules if week else None
        facts: dict[str, Any] = {"share": self._share(why)}
        if why in HANDED_ON:
            facts["to"] = self._next_department(at)
        if week and desk >= 0:
            waits = week.tables["desks"][desk]
            hours = max(WORKING_DAYS * float(waits["hours"]), 1e-9)
            facts["backlog"] = max(0.0, float(waits["arrived"] - waits["served"])) / hours
        if seen := ledgers["found"].get(at):
            chances = {name: 1.0 - float(np.exp(-seen[name])) for name in ("grid", "resident", "property")}
            return {"reason": Finding(chances, bool(seen["registered"]))}
        if seen := ledgers["compound"].get(at):
            return {"reason": reasons.in_compound(city, self.id, seen)}
        if rules is None:
            return facts
        if seen := ledgers["visit"].get(at):
            return {"reason": reasons.visit(city, rules, self.id, seen)}
        if seen := ledgers["street"].get(at):
            facts["late"] = int(seen["late"])
            if why in SENT:
                facts["reason"] = reasons.routing(city, rules, self.id, seen)
                facts["to"] = _department(city, self.kind, int(seen["slot"]))
            if why == c.PRECEDENT:
                facts["precedent"] = self._ruling(self.days.week(day))
            return facts
        if seen := ledgers["branch"].get(at):
            department = (desk - city.offices.branches[0]) % city.n_departments
            facts |= {"own": bool(seen["own"]), "late": int(seen["late"])}
            if why != c.OVERDUE_PAPER:
                facts["reason"] = reasons.branch(city, rules, self.id, department, seen)
                if seen["precedent"] > 0.0:
                    facts["precedent"] = self._ruling(self.days.week(day), department)
            return facts
        if why == c.ACCEPTED_JOINTLY and (seen := ledgers["branch"].get(at - 1)):
            others = int(seen["todo"]) & ~(1 << int(seen["slot"]))
            slots = [s for s in range(int(city.kinds.slots[self.kind])) if others >> s & 1]
            facts["joined"] = tuple(_department(city, self.kind, slot) for slot in slots)
        return facts

    def _share(self, why: int) -> float | None:
        """Share of such cases with which it goes so."""
        p, kinds, k = self.city.p, self.city.kinds, self.kind
        shares = {
            c.BY_COMMUNITY: kinds.at_community[k],
            c.BEYOND_COMMUNITY: kinds.at_community[k],
            c.BY_MEDIATION: kinds.mediable[k],
            c.AT_STATION: kinds.at_station[k],
            c.BOTCHED: 1.0 - p.skill,
            c.OVERDUE_PAPER: self.city.config.before.target_pressure,
        }
        return float(shares[why]) if why in shares else None

    def _ruling(self, week: int, heard: int | None = None) -> Precedent | None:
        """The ruling in force in a week on the kind, or on its class: the newest made before that week."""
        for minute in reversed(self.city.committee.minutes):
            if minute.kind == self.kind and minute.week < week and heard in (None, minute.department):
                names = (self.city.departments[row].name for row in (minute.department, minute.named))
                return Precedent(minute.week, week - minute.week, *names)
        return None

    @cached_property
    def _desks(self) -> list[tuple[int, int]]:
        desk = self.city.handoffs.desk
        return [(at, int(desk[at])) for at in self.at.tolist()]

    def _next_department(self, at: int) -> str:
        """The department of the next branch that dealt with it; of the one it is on its way to, where none has yet."""
        later = (desk for other, desk in self._desks if other > at and desk >= self.city.offices.branches[0])
        desk = next(later, None)
        if desk is not None:
            return office_of(self.city, desk).department
        case = self.city.cases[self.id]
        return _department(self.city, self.kind, case._read("slot")) if case.stage == "branch" else ""
