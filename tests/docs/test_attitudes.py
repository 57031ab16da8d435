"""The path diagram: each arrow is there once, with its sign, in what mechanisms declare and in what they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np
import pytest
from generator.attitudes import ARROWS, NODES, PICTURE, Arrow, Node, svg
from generator.week import acts, processes

from govsim.city import City
from govsim.config.behaviour import Behaviour
from govsim.flows import FLOWS
from govsim.policies import INSTRUMENTS
from govsim.process import Process

ATTITUDES = ("satisfaction", "expectation", "trust", "joining")
FREQUENT, RARE = (1, 12), tuple(range(8))
"""Weeks in which mechanisms are watched: a quarter's survey is in one of the first; some act seldom."""
SELDOM = ("Compound", "Owners", "Party", "Persuasion", "Renovation")
EVENTFUL = {
    "place.residents": 40_000,
    "warmup": 4,
    "before.owners_law": "from_2021",
    "behaviour.reconsider_weeks": 4,
    "behaviour.tie_weight": 3,
    "behaviour.tie_neighbour": 0.3,
    "behaviour.tie_member": 0.2,
    "behaviour.ask_neighbours": 1,
    "behaviour.pledge_rate": 0.004,
    "behaviour.found_rate": 0.08,
    "policy.party_organisation.hours": 6,
    "behaviour.consent_owners": 0.5,
    "behaviour.turnout_helped": 0,
    "behaviour.turnout_ties": 4,
    "behaviour.vote_rate_helped": 0.03,
    "behaviour.decline_rate": 0.03,
    "behaviour.care_hours": 4,
    "behaviour.founding_hours": 15,
    "behaviour.leader_share": 0.01,
    "behaviour.works_yuan": 500,
    "behaviour.works_consent": 0.5,
    "behaviour.works_clear": 15,
    "policy.home_visits.visits": 5,
    "policy.renovation.yuan": 600,
    "behaviour.project_yuan": 5_000,
    "policy.participation_channels.share": 1,
    "policy.owners_committee_support.hours": 20,
}
"""A place in which in a few weeks each mechanism has something to do that hangs on what residents feel."""

Effects = dict[tuple[str, str, str], float]
"""By (process, start, end): how much more there is of the end, where there is more of the start."""


def candidates(process: type[Process]) -> Iterator[tuple[str, str]]:
    """Pairs that the declarations of a process allow (what it writes it may also read)."""
    for start, end in ((a, b) for a in NODES for b in NODES if a != b and not NODES[a].lives):
        if declares(process.reads + process.writes, NODES[start].columns) and declares(
            process.writes, NODES[end].columns
        ):
            yield start, end


def declares(names: Iterable[str], columns: Iterable[str]) -> bool:
    return any(fnmatchcase(column, name) for column in columns for name in names)


# --- the same week, with more of one thing


class Now:
    """A city as it is, to go back to."""

    def __init__(self, city: City) -> None:
        self.city, self.state, self.tally = city, city.state(), city.tally.copy()
        self.felt, self.hardened = getattr(city.reckoning, "answers", None), city.persuasion.hardened

    def again(self) -> City:
        """The city as it was."""
        self.city.restore(self.state)
        self.city.tally[:] = self.tally
        if self.felt is not None:
            self.city.reckoning.answers = self.felt
        self.city.persuasion.hardened = self.hardened
        return self.city


def values(city: City, column: str) -> np.ndarray:
    """What a column holds, a flow so far, or the last survey."""
    table, _, name = column.partition(".")
    if table == "tally":
        return city.tally[list(FLOWS).index(name)]
    if table == "survey":
        return np.nan_to_num([city.survey.approval, city.survey.perceived_change])
    return getattr(getattr(city.places, table, None) or getattr(city, table), name)


def add_to(city: City, node: Node) -> None:
    """Much more of a node, everywhere."""
    for column in node.columns:
        if column == "reckoning.answers":
            if hasattr(city.reckoning, "answers"):
                where, who, felt = city.reckoning.answers
                city.reckoning.answers = where, who, np.minimum(felt + 0.5, 1.0)
        elif column == "persuasion.hardened":
            city.persuasion.hardened = np.arange(0, len(city.residents), 50)
        elif not column.endswith("_decline"):
            now = values(city, column)
            share = now.dtype == bool or (now.size and now.max() <= 1.0 and not column.endswith("unmet"))
            now[:] = np.minimum(now + 0.5, 1.0) if share else 2 * now + 50


def amount(city: City, node: Node) -> float:
    """How much there is of a node."""
    return sum(
        -float(np.sum(values(city, column), dtype=np.float64)) if column.endswith("_decline")
        else len(city.persuasion.hardened) if column == "persuasion.hardened"
        else 0.0 if column == "reckoning.answers"
        else float(np.sum(values(city, column), dtype=np.float64))
        for column in node.columns
    )  # fmt: skip


@cache
def effects(theory: str, watched: tuple[str, ...] = ()) -> Effects:
    """What a week is like if, just before a mechanism acts, there is more of what it may read."""
    found: Effects = defaultdict(float)
    dates = {f"policy.{name}.start": "2017-09-04" for name in INSTRUMENTS}
    city = City(rng=1, behaviour=theory, policy=list(INSTRUMENTS), **dates, **EVENTFUL)
    half_organised(city)
    with pytest.MonkeyPatch.context() as patch:
        for act in acts():
            if issubclass(act.who, Process) and (not watched or act.who.__name__ in watched):
                patch.setattr(act.who, act.method.__name__, with_more(act.method, list(candidates(act.who)), found))
        while city.week <= max(FREQUENT):
            city.places.communities.organisers[:] = 60.0  # enough hours saved to found some, too few to care for all
            city.step()
    return dict(found)


def half_organised(city: City) -> None:
    """All members known, and every second compound with a Party organisation: more than can be cared for."""
    settlements = city.places.settlements
    settlements.searched[:] = 10.0
    settlements.party[::2] = settlements.is_compound[::2]


def with_more(method: Callable[..., Any], pairs: list[tuple[str, str]], found: Effects) -> Callable[..., Any]:
    def instead(self: Process, *day: int) -> Any:
        who = type(self).__name__
        if not pairs or self.city.week not in (RARE if who in SELDOM else FREQUENT):
            return method(self, *day)
        now = Now(self.city)
        method(self, *day)
        plain = {end: amount(self.city, NODES[end]) for _, end in pairs}
        for start in dict.fromkeys(start for start, _ in pairs):
            add_to(now.again(), NODES[start])
            method(self, *day)
            for end in (end for other, end in pairs if other == start):
                found[who, start, end] += amount(self.city, NODES[end]) - plain[end]
        now.again()
        return method(self, *day)

    return instead


def they_agree(declared: Iterable[Arrow], found: Effects) -> None:
    """Where an arrow goes from one node to another there is an effect of its sign, and elsewhere none."""
    signs = {(arrow.process, arrow.start, arrow.end): arrow.sign for arrow in declared if not NODES[arrow.start].lives}
    assert signs.keys() <= found.keys(), f"no mechanism could: {signs.keys() - found.keys()}"
    for key, effect in found.items():
        seen = "none" if abs(effect) < 1e-6 else "+" if effect > 0 else "-"
        wanted = signs.get(key, "none")
        assert seen == wanted or (wanted == "±" and seen != "none"), f"{key}: {seen}, the diagram says {wanted}"


DEFAULT = [arrow for arrow in ARROWS if not arrow.theory]


def test_each_arrow_is_there_once():
    pairs = [(arrow.start, arrow.end) for arrow in ARROWS]
    assert len(pairs) == len(set(pairs))


def test_arrows_name_nodes_mechanisms_and_parameters():
    by_name = {process.__name__: process for process in processes()}
    parameters = {field.name for field in fields(Behaviour)}
    for arrow in ARROWS:
        process, start, end = by_name[arrow.process], NODES[arrow.start], NODES[arrow.end]
        assert declares(process.reads + process.writes, start.lives or start.columns), arrow
        assert declares(process.writes, end.columns), arrow
        assert set(arrow.parameters) <= parameters, arrow
        assert arrow.sign in ("+", "-", "±"), arrow


def test_whoever_reads_an_attitude_has_an_arrow():
    for attitude in ATTITUDES:
        readers = {process.__name__ for process in processes() if declares(process.reads, NODES[attitude].columns)}
        drawn = {arrow.process for arrow in ARROWS}
        assert readers <= drawn, f"{attitude} is read by {readers - drawn}, which has no arrow"


def test_mechanisms_do_what_arrows_say():
    they_agree(DEFAULT, effects("performance"))


@pytest.mark.parametrize("theory", ["disconfirmation", "anchoring"])
def test_a_theory_has_its_arrow_and_the_default_has_not(theory):
    own = [arrow for arrow in ARROWS if arrow.theory == theory]
    assert own
    for arrow in own:
        key = (arrow.process, arrow.start, arrow.end)
        assert np.sign(effects(theory, (arrow.process,))[key]) == {"+": 1, "-": -1}[arrow.sign]
        assert abs(effects("performance")[key]) < 1e-6


def test_the_picture_is_that_of_the_table():
    """Made anew by python -m generator.attitudes in docs/."""
    assert PICTURE.read_text(encoding="utf-8") == svg()


def test_arrows_that_are_not_so_are_noticed():
    found = effects("performance")
    first, *others = DEFAULT
    with pytest.raises(AssertionError, match="the diagram says none"):
        they_agree(others, found)
    with pytest.raises(AssertionError, match=r"\+, the diagram says -"):
        they_agree([first._replace(sign="-"), *others], found)
    with pytest.raises(AssertionError, match="none, the diagram says"):
        they_agree([*DEFAULT, first._replace(end="trust")], found)
    with pytest.raises(AssertionError, match="no mechanism could"):
        they_agree([*DEFAULT, first._replace(process="Survey")], found)
