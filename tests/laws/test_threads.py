"""Determinism: neither threads, order, hash seed nor an interruption changes a single bit of a run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from worlds import FROM_THE_START, STREET, branch, city, differences, everything, plant_after, run, warm

from govsim import city as city_module
from govsim import jit, process
from govsim.city import City
from govsim.flows import FLOWS
from govsim.institutions.committee import Committee
from govsim.places import Communities
from govsim.processes import detection, experience
from govsim.processes.facilities import Facilities

DISTRICTS = (
    "place.residents=48000", "place.communities=12", "place.streets=6", "place.districts=3", "place.compounds=48",
    "warmup=8", "weeks=24", "record.handoffs=off",
)  # fmt: skip
"""A small city, whose districts are served side by side where no hand-off is noted."""

REFORM = ("policy=chengdu_2019", *(f"policy.{name}.start={FROM_THE_START}" for name in ("fund", "certificates")))


@pytest.fixture(autouse=True)
def few_rows_are_worth_a_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a street's cases and settlements are shared out too."""
    monkeypatch.setattr(jit, "_ROWS_A_RANGE", 40)


def ended(place: tuple[str, ...], **engine: int) -> City:
    """A place after 24 weeks of reform, with its work done in some way."""
    return run(branch(*place, policy=REFORM, values={f"engine.{key}": value for key, value in engine.items()}))


# --- the laws: each raises AssertionError when it is broken


def the_way_of_working_does_not_matter(place: tuple[str, ...] = STREET) -> None:
    """Series, state and archive are the same to the last bit for any threads and any order of blocks."""
    one = ended(place, threads=1)
    assert len(one.block_order) > 2
    reference = everything(one)
    for engine in ({"threads": 2}, {"threads": 1, "block_order": 7}, {"threads": 2, "block_order": 12}):
        other = ended(place, **engine)
        assert "block_order" not in engine or (other.block_order != one.block_order).any()
        assert differences(reference, everything(other)) == [], engine


def an_interruption_does_not_matter() -> None:
    """A city that goes on from another's state is that city: from the warm-up, and from the middle of a reform."""
    whole = run(city(*STREET, *REFORM))
    middle = run(branch(*STREET, policy=REFORM), until=13)
    resumed = city(*STREET, *REFORM, after=middle.state())
    assert differences(everything(middle), everything(resumed)) == []
    assert differences(everything(whole), everything(run(resumed))) == []
    assert differences(everything(whole), everything(run(middle))) == []  # its state was a copy


def another_city_beside_it_does_not_matter() -> None:
    """Two cities that two threads of Python step at once are what each is alone; they share kernels and threads."""
    seeds = ("seed=0", "seed=1")
    alone = [everything(run(city(*DISTRICTS, *REFORM, seed))) for seed in seeds]
    with ThreadPoolExecutor(2) as at_once:
        together = at_once.map(run, [city(*DISTRICTS, *REFORM, seed, "engine.threads=2") for seed in seeds])
        for one, other in zip(alone, map(everything, together), strict=True):
            assert differences(one, other) == []


def the_hash_seed_does_not_matter(*fault: str) -> None:
    """Two interpreters in which sets and dictionaries have another order give the same city."""
    assert len({_digest_in_a_new_process(hash_seed, *fault) for hash_seed in ("1", "2")}) == 1


def _digest_in_a_new_process(hash_seed: str, *fault: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, str(Path(__file__)), *fault]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def digest(city: City) -> str:
    """One number for the whole state."""
    seen = hashlib.sha256()
    for name, value in sorted(everything(city).items()):
        seen.update(name.encode() + str(value.dtype).encode() + value.tobytes())
    return seen.hexdigest()


@pytest.mark.parametrize("place", [STREET, DISTRICTS])
def test_the_way_of_working_does_not_matter(place):
    the_way_of_working_does_not_matter(place)


def test_an_interruption_does_not_matter():
    an_interruption_does_not_matter()


def test_another_city_beside_it_does_not_matter():
    another_city_beside_it_does_not_matter()


def test_the_hash_seed_does_not_matter():
    the_hash_seed_does_not_matter()


def test_another_place_is_refused():
    with pytest.raises(ValueError, match="another place"):
        city("place.residents=5000", after=warm(*STREET))


# --- planted faults


def blocks_see_the_blocks_before_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what a block finds depended on which were done before it."""

    def in_turn(threads, order, work):
        done = []
        for block in order:
            work(np.array([*done[-1:], block]))  # the one before once more, and its residents move twice
            done.append(block)

    monkeypatch.setattr(experience, "in_blocks", in_turn)


def a_block_is_done_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the second thread forgot its last block."""

    def forget(threads, order, work):
        work(order[: len(order) + 1 - threads])

    monkeypatch.setattr(experience, "in_blocks", forget)


def a_row_is_done_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each thread but the last left its last row to the next one."""

    def forget(threads, rows, work):
        return [work(0, rows // 2 - 1), work(rows // 2, rows)] if threads > 1 else [work(0, rows)]

    monkeypatch.setattr(detection, "in_ranges", forget)


def a_district_is_served_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the second thread forgot its last district."""

    def forget(threads, order, work):
        return [work(order[: len(order) + 1 - threads])]

    monkeypatch.setattr(process, "in_blocks", forget)


def a_thread_forgets_what_it_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if only the last thread told what it had counted."""

    def forget(threads, order, work):
        return jit.in_blocks(threads, order, work)[-1:]

    monkeypatch.setattr(process, "in_blocks", forget)


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        (blocks_see_the_blocks_before_them, STREET),
        (a_block_is_done_by_nobody, STREET),
        (a_row_is_done_by_nobody, STREET),
        (a_district_is_served_by_nobody, DISTRICTS),
        (a_thread_forgets_what_it_counted, DISTRICTS),
    ],
)
def test_a_way_of_working_that_matters_is_noticed(fault, place, monkeypatch):
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        the_way_of_working_does_not_matter(place)


def test_what_two_cities_share_is_noticed(monkeypatch):
    common = np.zeros(len(FLOWS))
    plant_after(monkeypatch, Facilities, "open_the_week", lambda city: vars(city).update(tally=common))
    with pytest.raises(AssertionError):
        another_city_beside_it_does_not_matter()


def test_a_state_that_forgets_is_noticed(monkeypatch):
    for kind, method, forget in (
        (City, "restore", lambda city: city.places.communities.knowledge.fill(0.0)),
        (Committee, "restore", lambda city: city.committee.docket.fill(0.0)),
    ):
        with monkeypatch.context() as planted:
            plant_after(planted, kind, method, forget)
            with pytest.raises(AssertionError):
                an_interruption_does_not_matter()


def test_a_state_that_is_not_a_copy_is_noticed(monkeypatch):
    restore = Communities.restore

    def lend(self):
        return {name: getattr(self, name) for name in self.moving()}

    def borrow(self, state):
        records = state["balance"].base  # none where it was a copy: the warm-up may be of before this fault
        restore(self, state) if records is None else self._hold([records])

    monkeypatch.setattr(Communities, "state", lend)
    monkeypatch.setattr(Communities, "restore", borrow)
    with pytest.raises(AssertionError):
        an_interruption_does_not_matter()


def test_an_order_of_sets_is_noticed():
    with pytest.raises(AssertionError):
        the_hash_seed_does_not_matter("a set decides")


def name_kinds_by_a_set() -> None:
    """A fault: kinds of cases in the order in which a set holds their names."""
    table = city_module.kinds_table
    city_module.kinds_table = lambda kinds, departments: table(
        {name: kinds[other] for name, other in zip(sorted(kinds), set(kinds), strict=True)}, departments
    )


if __name__ == "__main__":  # what a process of its own prints, for the law of the hash seed
    if sys.argv[1:] == ["a set decides"]:
        name_kinds_by_a_set()
    print(digest(run(city("place=community", "warmup=4", "weeks=16", *REFORM))))
