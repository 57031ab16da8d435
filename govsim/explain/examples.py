"""Which cases, compounds and residents are instructive, so that a stranger knows what to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.explain import reasons
from govsim.explain.story import Days

if TYPE_CHECKING:
    from govsim.explain.probe import Probe

__all__ = ["Example", "examples"]

_TRIED = 400
"""Decisions that are looked at for one that a ruling settled."""


_TOO_FEW = 100
"""Residents below which a compound's means are luck."""


class Example(NamedTuple):
    """Something to ask for.

    Attributes:
        what: ``case``, ``compound``, ``community`` or ``resident``.
        id: its identity.
        why: why it is instructive, a key of :data:`govsim.explain.words.examples.WHY`.
        n: a number that belongs to that (days, times, steps).
    """

    what: str
    id: int
    why: str
    n: int = 0

    def text(self) -> str:
        """Why it is instructive, in the language spoken."""
        from govsim.explain.words import examples

        return examples.text(self)


def examples(probe: Probe) -> list[Example]:
    """A few of each sort that the city has had so far; none twice, the first reason counts."""
    found: dict[tuple[str, int], Example] = {}
    for example in (*_cases(probe), *_places(probe)):
        found.setdefault((example.what, example.id), example)
    return list(found.values())


def _cases(probe: Probe) -> Iterator[Example]:
    city = probe.city
    since = WORKING_DAYS * city.config.warmup if city.week > 0 else 0  # the warm-up is the same in every world
    every, log = city.archive.table(), city.handoffs
    closed = {name: values[every["raised"] >= since] for name, values in every.items()}
    noted = log.day[: int(log.count[0])] >= since
    ids, whys = log.id[: len(noted)][noted], log.why[: len(noted)][noted]
    cured, known = closed["stage"] == c.CURED, closed["found"] >= 0
    if (cured & known).any():
        lasted = np.where(cured & known, closed["closed"] - closed["raised"], -1)
        yield _case(closed, int(lasted.argmax()), "longest", lasted)
        yield _case(closed, int(closed["bounces"].argmax()), "bounced", closed["bounces"])
    if (settled := _settled_by_ruling(probe)) is not None:
        yield Example("case", settled, "ruling")
    back = np.flatnonzero(cured & (closed["episode"] > 0))
    if len(back):
        yield _case(closed, int(back[closed["episode"][back].argmax()]), "paper", closed["episode"])
    for why, step in (
        ("visit", c.GAVE_IN), ("district", c.BY_DISTRICT), ("joint", c.ACCEPTED_JOINTLY), ("sunk", c.BY_STREET),
        ("station", c.AT_STATION), ("compound", c.IN_COMPOUND), ("mediation", c.BY_MEDIATION),
    ):  # fmt: skip
        those = np.unique(ids[whys == step])
        if len(those):
            steps = np.bincount(np.searchsorted(those, ids[np.isin(ids, those)]))
            most = int(steps.argmax())
            yield Example("case", int(those[most]), why, int(steps[most]))
    unfound = np.where(~known, closed["closed"] - closed["raised"], -1)
    if len(unfound) and unfound.max() > 0:
        yield _case(closed, int(unfound.argmax()), "unfound", unfound)
    if len(closed["id"]):
        lives = closed["id"] % (c.LAST_GENERATION + 1)
        yield _case(closed, int(lives.argmax()), "relapsed", lives)


def _case(closed: dict[str, np.ndarray], row: int, why: str, n: np.ndarray) -> Example:
    return Example("case", int(closed["id"][row]), why, int(n[row]))


def _settled_by_ruling(probe: Probe) -> int | None:
    """A cured case that a branch accepted because of a ruling alone, after others had refused it."""
    city, log = probe.city, probe.city.handoffs
    ledger = probe.notes.ledgers["branch"].table()
    accepted = ledger[(log.why[ledger["at"]] == c.ACCEPTED) & (ledger["precedent"] > 0.0) & ledger["own"]]
    accepted = accepted[np.argsort(-accepted["attempt"].astype(int), kind="stable")][:_TRIED]
    days = Days(city.config.warmup)
    for seen in accepted:
        at = int(seen["at"])
        week = probe.notes.week(days.week(int(log.day[at])))
        department = (int(log.desk[at]) - city.offices.branches[0]) % city.n_departments
        case_id = int(log.id[at])
        if week and reasons.branch(city, week.rules, case_id, department, seen).decisive[:1] == ("precedent",):
            return case_id
    return None


def _places(probe: Probe) -> Iterator[Example]:
    """The compound with the most hurt per resident, its community, and residents to whom something happened."""
    city, weeks = probe.city, probe.notes.weeks
    settlements = city.places.settlements
    compounds = np.flatnonzero(settlements.is_compound & (settlements.residents >= _TOO_FEW))
    if not len(compounds) or not weeks:
        return
    hurt = settlements.unmet_total[compounds] / np.maximum(settlements.residents[compounds], 1)
    worst = int(compounds[hurt.argmax()])
    gained = (
        settlements.mean_satisfaction
        - weeks[max(0, probe.since - probe.notes.first)].tables["settlements"]["mean_satisfaction"]
    )
    yield Example("compound", worst, "hurt")
    yield Example("compound", int(compounds[gained[compounds].argmax()]), "gained")
    yield Example("community", int(settlements.community[worst]), "community")
    closed: Any = city.archive.table()
    touched = np.bincount(closed["resident"][closed["found"] >= 0], minlength=len(city.residents))
    if touched.any():
        yield Example("resident", int(touched.argmax()), "touched", int(touched.max()))
    joined = [who for week in weeks for who in week.flips.get("joined", ()) if city.residents.joined[who]]
    if joined:
        yield Example("resident", int(joined[len(joined) // 2]), "joined")
    visited = closed["resident"][closed["persuaded"]]
    if len(visited):
        yield Example("resident", int(visited[-1]), "gave in")
