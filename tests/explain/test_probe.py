"""A probe watches, and changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import BUSY, STRAINED
from worlds import city

from govsim import cases as c
from govsim.explain import Probe


def leaves(state: Any, at: str = "") -> dict[str, Any]:
    """Every array and value of a nested state by its way."""
    if isinstance(state, dict):
        return {k: v for name, part in state.items() for k, v in leaves(part, f"{at}/{name}").items()}
    if isinstance(state, list | tuple):
        return {k: v for i, part in enumerate(state) for k, v in leaves(part, f"{at}/{i}").items()}
    return {at: state.tobytes() if isinstance(state, np.ndarray) else state}


def test_with_and_without_a_probe_everything_is_the_same(busy):
    without = city(*BUSY, values=STRAINED)
    without.run_model()
    assert leaves(without.state()) == leaves(busy.city.state())


def test_a_probe_in_the_middle_changes_nothing_and_tells_what_came_after(busy):
    joins_late = city(*BUSY, values=STRAINED)
    while joins_late.week < 12:
        joins_late.step()
    late = Probe(joins_late)
    joins_late.run_model()
    assert leaves(joins_late.state()) == leaves(busy.city.state())
    # of what was raised after it came, it tells the same; of older cases the same steps, not all with their reasons
    ids = np.unique(joins_late.handoffs.id[: int(joins_late.handoffs.count[0])])
    told = [(late.case(i), busy.case(i)) for i in ids[::7].tolist()]
    young = [(one, other) for one, other in told if one.raised >= 5 * (12 + 6)]
    assert young
    assert all(one.steps == other.steps for one, other in young)
    older = [(one, other) for one, other in told if one.raised < 5 * (12 + 6)]
    assert all(
        [(s.day, s.why, s.office) for s in one.steps] == [(s.day, s.why, s.office) for s in other.steps]
        for one, other in older
    )
    assert any(one.steps != other.steps for one, other in older)


def test_a_fork_has_the_past_and_leaves_the_first_alone():
    first = Probe(city("place.residents=2000", "warmup=6", "weeks=8", "policy=committee"))
    while first.city.week < 0:
        first.city.step()
    other = city("place.residents=2000", "warmup=6", "weeks=8", "policy=fragmented", after=first.city.state())
    fork = first.fork(other)
    other.run_model()
    assert len(first.notes.weeks) == 6
    assert len(fork.notes.weeks) == 14
    assert fork.notes.weeks[:6] == first.notes.weeks
    noted = {name: ledger.table()["at"] for name, ledger in fork.notes.ledgers.items()}
    assert all((np.diff(at) > 0).all() for at in noted.values())
    assert len(noted["branch"]) > len(first.notes.ledgers["branch"].table()) > 0
    with pytest.raises(ValueError, match="stands in week 8, this one in week 0"):
        first.fork(other)


def test_a_city_that_keeps_no_hand_offs_is_refused():
    with pytest.raises(LookupError, match=r"record\.handoffs=on"):
        Probe(city("place.residents=1000", "warmup=0", "weeks=1", "record.handoffs=off"))


def test_every_decision_is_noted(busy):
    log = busy.city.handoffs
    whys = log.why[: int(log.count[0])]
    decisions = {
        "branch": (c.ACCEPTED, c.NOT_OURS, c.BOUNCED, c.TOO_OFTEN),
        "street": (c.DISPATCH, c.PRECEDENT, c.COORDINATION, c.TAKEN_ON, c.REFERRED),
        "compound": (c.IN_COMPOUND, c.BEYOND_COMPOUND, c.AT_STATION),
        "found": (c.BY_GRID, c.BY_RESIDENT, c.BY_PROPERTY),
        "visit": (c.REFUSED, c.GAVE_IN),
    }
    for name, steps in decisions.items():
        assert set(np.flatnonzero(np.isin(whys, steps))) <= set(busy.notes.ledgers[name].table()["at"].tolist()), name
