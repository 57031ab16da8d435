"""Docking notices small faults: of every second rule one mutant here, all of them with ``mutants.py --all``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import mutants
import pytest
from interpreted import MODULES, Mutant, Reach, mutants_of, rules

from govsim.source import kernels_hash

CHECK = Path(__file__).parent / "mutants.py"


class EveryBoundary(Reach):
    """Takes it that the two sides of every comparison can be equal, without a look at any scene."""

    def __init__(self) -> None: ...

    def can_be_equal(self, rule, place) -> bool:
        return True


@pytest.fixture(scope="module")
def generated() -> dict[str, list[Mutant]]:
    """Every mutant of every function, boundaries that are never met included."""
    return {rule.name: mutants_of(rule, EveryBoundary()) for rule in rules()}


def check(*options: str) -> subprocess.CompletedProcess[str]:
    """The mutation check in a process of its own, for kernels stay plain Python where it has run."""
    return subprocess.run([sys.executable, str(CHECK), *options], capture_output=True, text=True, timeout=1_200)


def test_every_function_has_mutants_or_states_no_rule(generated):
    assert len(MODULES) > 40
    assert mutants.NO_RULES.keys() <= generated.keys()
    assert [name for name, of_it in generated.items() if not of_it and name not in mutants.NO_RULES] == []
    assert sum(map(len, generated.values())) > 4_000


def test_every_excuse_is_of_a_mutant_there_is(generated):
    everywhere = [mutant for of_it in generated.values() for mutant in of_it]
    for where, patterns in mutants.EQUIVALENT.items():
        changes = [str(mutant.change) for mutant in (everywhere if where == "anywhere" else generated[where])]
        for pattern in patterns:
            assert any(re.fullmatch(pattern, change, re.DOTALL) for change in changes), (where, pattern)


def test_no_excuse_is_wide(generated):
    of_rules = [mutant for name, of_it in generated.items() if name not in mutants.NO_RULES for mutant in of_it]
    assert sum(mutants.why_equivalent(mutant) is not None for mutant in of_rules) < 0.03 * len(of_rules)


def test_mutants_are_noticed():
    half = 1 + int(kernels_hash(), 16) % 2  # of the functions: another one as the source changes
    done = check("--sample", "0", "--part", f"{half}/2")
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    counted = re.search(r"^(\d+) mutants of (\d+) functions: (\d+) killed", done.stdout, re.MULTILINE)
    assert counted, done.stdout[-500:]
    tried, of, killed = map(int, counted.groups())
    assert tried == of > 100
    assert killed > 0.85 * tried


def test_the_check_can_fail(generated):
    harmless = next(m for m in generated["institutions.queue.next_done"] if mutants.why_equivalent(m))
    faulty = next(m for m in generated["institutions.queue.next_done"] if not mutants.why_equivalent(m))
    assert mutants.fate(harmless, None) == mutants.NO_FAULT
    assert mutants.fate(harmless, None, strict=True) == mutants.SURVIVED
    assert mutants.fate(faulty, None) == mutants.SURVIVED
    assert mutants.fate(faulty, "a difference") == mutants.KILLED
