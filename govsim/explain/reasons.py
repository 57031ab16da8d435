"""Why a rule decided as it did: the decision once more, from what it saw and its keyed draw, and what was decisive.

Decisive is what alone would have turned the decision: it is taken with the same draw and everything else as it was,
without the ruling, say, or without the work that waited. Often nothing is, and luck of the draw is all there is to say;
then the chance says how usual it was. The city's own kernels are asked, so that a rule has one form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from govsim import cases as c
from govsim import draws
from govsim.processes import compound, departments, handling, persuasion, street

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.rules import Rules

__all__ = ["Decision", "Routing", "Settling", "Visit", "branch", "in_compound", "overdue", "routing", "visit"]


@dataclass(frozen=True)
class Decision:
    """A branch's decision to accept a case or not.

    Attributes:
        own: whether it was truly needed.
        accepts: what the rule decides.
        chance: probability that such a branch accepts such a case.
        waiting: weeks of work that waited.
        hours: work that the case would be.
        decisive: what alone turned it: of what speaks for accepting ``precedent``, ``expected`` (rulings to come),
            ``backed``, ``list``, ``street``, ``district``; of what speaks against it ``unclear``, ``load``, ``work``.
            ``together``: only all of those for it did. The weightiest comes first.
        absent: what could have settled it and was not there: ``precedent``, ``list``, ``order``.
        strength: force of the precedent in this class.
    """

    own: bool
    accepts: bool
    chance: float
    waiting: float
    hours: float
    decisive: tuple[str, ...]
    absent: tuple[str, ...]
    strength: float


def branch(city: City, rules: Rules, case_id: int, department: int, seen: Any) -> Decision:
    """The decision of a branch, from what it saw (a row of :data:`~govsim.explain.notes.BRANCH`)."""
    p, k, own = city.p, int(c.kind_of(case_id)), bool(seen["own"])
    slot, attempt = int(seen["slot"]), int(seen["attempt"])
    looks = draws.uniform(city.seed, departments.LOOKS, case_id, department)
    luck = draws.uniform(city.seed, departments.ACCEPTS, case_id, department + city.n_departments * attempt)
    as_it_was: dict[str, Any] = {
        "precedent": float(seen["precedent"]),
        "expected": float(seen["expected"]),
        "backed": rules.leading_group * float(seen["backed"]),
        "authority": rules.committee_authority,
        "list": rules.list_coverage,
        "coordinated": int(seen["coordinated"]),
        "unclear": float(city.kinds.ambiguity[k]),
        "load": float(seen["waiting"]),
        "work": float(handling.work_of(city.seed, case_id, slot, k, city.kinds.columns, p[0])),
    }

    def chance(**changed: Any) -> float:
        given = as_it_was | changed
        ambiguity = given["unclear"] * (1.0 - given["list"] * p.list_clarity)
        ambiguity *= 1.0 - p.precedent_clarity * given["precedent"]
        seems = ambiguity * looks
        ruling = given["precedent"]
        ruling += (1.0 - ruling) * given["expected"]
        authority = given["authority"]
        authority += (1.0 - authority) * given["backed"]
        return departments.acceptance(
            1.0 - seems if own else seems, ruling, authority, given["coordinated"], given["load"], given["work"], p[0]
        )

    actual = chance()
    accepts = luck < actual
    named = {0: None, handling.BY_STREET: "street", handling.BY_DISTRICT: "district"}[as_it_was["coordinated"]]
    if accepts:
        without = {name: {name: 0.0} for name in ("precedent", "expected", "backed", "list") if as_it_was[name] > 0.0}
        if named:
            without[named] = {"coordinated": 0}
    else:
        without = {name: {name: 0.0} for name in ("unclear", "load", "work")} if own else {}
    turned = {name: chance(**changed) for name, changed in without.items()}
    decisive = sorted(
        (name for name, other in turned.items() if (luck < other) != accepts),
        key=lambda name: -abs(turned[name] - actual),
    )
    if accepts and not decisive and len(without) > 1:
        nothing = {key: value for changed in without.values() for key, value in changed.items()}
        if luck >= chance(**nothing):
            decisive = ["together", *without]
    there = {"precedent": as_it_was["precedent"] > 0.05, "list": rules.list_coverage > 0.0, "order": named is not None}
    return Decision(
        own, bool(accepts), float(actual), as_it_was["load"], as_it_was["work"], tuple(decisive),
        tuple(name for name, is_there in there.items() if not is_there), as_it_was["precedent"],
    )  # fmt: skip


def overdue(city: City, case_id: int, attempt: int, late: int) -> bool:
    """Whether an office under target pressure closes a case on paper before it even decides."""
    pressed = draws.uniform(city.seed, handling.OVERDUE, case_id, attempt) < city.config.before.target_pressure
    return late > city.p.overdue_days and bool(pressed)


@dataclass(frozen=True)
class Routing:
    """Where a street sent a case.

    Attributes:
        why: row of :data:`govsim.cases.WHY`: by precedent, after coordination, or to who seemed responsible.
        slot: of the kind's departments, the one named.
        right: whether that is the one truly needed.
        wrong: probability of a wrong guess (where it guessed).
        decisive: what alone kept a guess right: ``list``, ``known``.
    """

    why: int
    slot: int
    right: bool
    wrong: float
    decisive: tuple[str, ...] = ()


def routing(city: City, rules: Rules, case_id: int, seen: Any) -> Routing:
    """To which department a street sends a case, from what it saw (a row of ``STREET``)."""
    p, k, attempt, right = city.p, int(c.kind_of(case_id)), int(seen["attempt"]), int(seen["right"])
    if attempt >= p.patience:
        return Routing(c.COORDINATION, right, True, 0.0)
    named = int(seen["named"])
    follows = p.precedent_following * float(seen["strength"]) * rules.committee_authority
    if named >= 0 and draws.uniform(city.seed, street.FOLLOWS, case_id, attempt) < follows:
        return Routing(c.PRECEDENT, named, named == right, 0.0)

    def wrong(listed: float, known: float) -> float:
        chance = p.misroute_scale * city.kinds.ambiguity[k]
        return chance * ((1.0 - listed * p.list_clarity) * (1.0 - p.information_effect * known))

    slots, listed, known = int(city.kinds.slots[k]), rules.list_coverage, float(seen["known"])
    chance = wrong(listed, known) if slots > 1 else 0.0
    luck = draws.uniform(city.seed, street.MISROUTES, case_id, attempt)
    if luck < chance:
        slot = handling.another_slot(city.seed, street.ELSEWHERE, case_id, attempt, right, slots)
        return Routing(c.DISPATCH, int(slot), False, chance)
    without = {"list": (0.0, known), "known": (listed, 0.0)}
    decisive = tuple(name for name, changed in without.items() if slots > 1 and luck < wrong(*changed))
    return Routing(c.DISPATCH, right, True, chance, decisive)


@dataclass(frozen=True)
class Settling:
    """What a compound could do with a case.

    Attributes:
        at_station: its service station settled it.
        settles: whether it was settled (at the station or by the neighbours themselves).
        most: share of such cases that a compound could settle at best.
        chance: share that this one settles.
        parts: information, consent and execution, each 0..1.
        possible: whether a perfect compound would have settled this one.
        decisive: parts that alone, were they perfect, would have settled it; the weakest first.
    """

    at_station: bool
    settles: bool
    most: float
    chance: float
    parts: dict[str, float] = field(default_factory=dict)
    possible: bool = False
    decisive: tuple[str, ...] = ()


def in_compound(city: City, case_id: int, seen: Any) -> Settling:
    """Whether a compound settles a case, from what it could do (a row of ``COMPOUND``)."""
    p, k, episode = city.p, int(c.kind_of(case_id)), int(seen["episode"])
    most = float(city.kinds.in_compound[k])
    if seen["station"]:
        luck = draws.uniform(city.seed, compound.AT_STATION, case_id, episode)
        if luck < city.kinds.at_station[k]:
            return Settling(True, True, most, float(city.kinds.at_station[k]))
    quality, owners, joined = float(seen["property_quality"]), bool(seen["owners"]), float(seen["joined"])
    party, conflict, hands = bool(seen["party"]), float(seen["conflict"]), float(seen["hands"])
    agreed = compound.consent(owners, joined, party, conflict, p[0])
    information = 1.0 - (1.0 - p.information_base) * (1.0 - quality) * (1.0 - p.information_party * party)
    together = compound.link(quality, owners, joined, party, conflict, hands, p[0])
    parts = {"information": information, "consent": agreed, "execution": together / (information * agreed)}
    luck = draws.uniform(city.seed, compound.SETTLES, case_id, episode)
    turned = [name for name, part in sorted(parts.items(), key=lambda item: item[1]) if luck < most * together / part]
    settles = bool(luck < most * together)
    return Settling(
        False, settles, most, most * together, parts, bool(luck < most), () if settles else tuple(turned)
    )  # fmt: skip


MESSENGERS = ("neighbour", "member", "grid worker", "staff")


@dataclass(frozen=True)
class Visit:
    """A visit to a household.

    Attributes:
        number: which visit it was, from 1.
        messenger: who went, one of :data:`MESSENGERS`.
        gives_in: whether the household gave in.
        chance: probability of that.
        hardened: whether the visit hardened it.
        decisive: what alone turned it. Of what spoke for it ``visits`` (those before), ``tie``, ``shown``,
            ``neighbours``, ``example``, ``member``, ``paid``, ``pressure``; against it ``soured``, ``trust``.
    """

    number: int
    messenger: str
    gives_in: bool
    chance: float
    hardened: bool
    decisive: tuple[str, ...]


def visit(city: City, rules: Rules, case_id: int, seen: Any) -> Visit:
    """Whether a household gives in at a visit, from what it had seen (a row of ``VISIT``)."""
    p, number = city.p, int(seen["visit"])
    own = draws.normal(city.seed, persuasion.READINESS, case_id - c.generation_of(case_id), 0)
    luck = draws.uniform(city.seed, persuasion.GIVES_IN, case_id, number)
    as_it_was = {
        "visits": number,
        "tie": float(seen["tie"]),
        "trust": float(seen["trust"]),
        "shown": float(seen["shown"]),
        "neighbours": float(seen["given_in"]),
        "example": float(seen["example"]),
        "member": bool(seen["member"]),
        "soured": int(seen["soured"]),
    }

    def chance(in_force: Rules = rules, **changed: Any) -> float:
        return persuasion.readiness(*(as_it_was | changed).values(), own, in_force, p[0])

    actual = chance()
    gives_in = bool(luck < actual)
    if gives_in:
        turned = {name: chance(rules, **{name: 0}) for name in ("visits", "tie", "shown", "neighbours", "member")}
        turned["example"] = chance(example=min(0.5, as_it_was["example"]))
        turned["paid"] = chance(rules._replace(visit_compensation=0.0))
        turned["pressure"] = chance(rules._replace(visit_pressure=0.0))
    else:
        turned = {"soured": chance(soured=0), "trust": chance(trust=max(1.0, as_it_was["trust"]))}
    decisive = sorted((n for n, other in turned.items() if (luck < other) != gives_in), key=lambda n: -turned[n])
    messenger = MESSENGERS[int(seen["messenger"])]
    return Visit(number + 1, messenger, gives_in, actual, bool(seen["hardened"]), tuple(decisive))
