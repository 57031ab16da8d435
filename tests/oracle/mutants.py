"""Mutation check: each rule of ``govsim`` is made wrong in small ways, one at a time, and docking must notice.

    uv run python tests/oracle/mutants.py --all

A *mutant* is a rule with one small fault (see ``mutations.py``). They are generated from the source of every function
that states a rule; nobody picks them. A mutant is *killed* if, in one of the scenes that reach its line (see
``scenes.py``), it ends in another state than the plain model does, fails, or comes to no end. Without ``--all`` a
sample is tried, drawn by a hash of what is changed where, with at least one mutant of every function.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(1, str(Path(__file__).parents[1] / "laws"))

from interpreted import Mutant, Reach, installed, interpret, mutants_of, rules
from scenes import Scene, scenes

SAMPLE = 400
"""Mutants that are tried without ``--all``."""
PATIENCE = 2.0
"""Seconds of computing after which a scene comes to no end."""
MEMORY = 12 * 2**30
"""Bytes of memory that a mutant may ask for."""

_FOR_READERS = "shows what there is to whoever looks at a city; no week asks"
_BRANCHING = "how a world goes on from another one's state (test_counterfactual.py)"
_SET_UP = "how a city is made, which both models share"
NO_RULES = {
    "cases.Cases.__getitem__": _FOR_READERS,
    "cases.Cases.__contains__": _FOR_READERS,
    "cases.Cases.__iter__": _FOR_READERS,
    "cases.HandOffs.of": _FOR_READERS,
    "cases.HandOffs.__init__": _SET_UP,
    "cases.HandOffs.state": _BRANCHING,
    "cases.HandOffs.restore": _BRANCHING,
    "cases.Archive.__init__": _SET_UP,
    "institutions.committee.Committee.__init__": _SET_UP,
    "institutions.committee.Committee.rulings": _FOR_READERS,
    "institutions.committee.Committee.ruling_on": _FOR_READERS,
    "institutions.committee.Committee.members": _FOR_READERS,
    "institutions.committee.Committee.state": _BRANCHING,
    "institutions.committee.Committee.restore": _BRANCHING,
    "institutions.committee.Department.__init__": _SET_UP,
    "institutions.committee.Department.branches": _FOR_READERS,
    "institutions.committee.Department.committee": _FOR_READERS,
    "institutions.committee.Department.expected": _FOR_READERS,
    "institutions.committee.Department.kinds": _FOR_READERS,
    "institutions.committee.Department.__repr__": _FOR_READERS,
    "institutions.committee.District.__init__": _SET_UP,
    "institutions.committee.District._people": _FOR_READERS,
    "institutions.committee.District.streets": _FOR_READERS,
    "institutions.committee.District.branches": _FOR_READERS,
    "processes.detection.Detection.__init__": _SET_UP,
    "institutions.offices.build_desks": _SET_UP,
    "processes.persuasion.Persuasion.__init__": _SET_UP,
    "processes.survey.Survey.__init__": _SET_UP,
    "processes.survey.Survey.state": _BRANCHING,
    "processes.survey.Survey.restore": _BRANCHING,
}
"""Functions that state no rule, and what they do instead."""

EQUIVALENT: dict[str, dict[str, str]] = {}
"""Mutants that are no faults, by function: what they change, and why no state can differ."""


def try_out(mutant: Mutant, played: Sequence[Scene], reach: Reach) -> str | None:
    """What gives a mutant away, if anything does."""
    for number in reach.of(mutant):
        scene = played[number]
        scene.rehearse()
        try:
            with installed(mutant, reach):
                signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
                try:
                    scene.play()
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
            signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)  # a list may have become a ring
            found = scene.difference()
        except Exception as error:
            found = repr(error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        if found:
            return f"{scene.name}: {found}"
    return None


def no_end(*_: object) -> None:
    raise TimeoutError("it comes to no end")


def lot(mutant: Mutant) -> str:
    """A number that hangs on what is changed where, and on nothing else."""
    return hashlib.blake2b(f"{mutant.rule.name} {mutant.change}".encode(), digest_size=8).hexdigest()


def sample(mutants: Sequence[Mutant], size: int) -> list[Mutant]:
    """The mutant of each function with the lowest lot, and the lowest of all others."""
    drawn = sorted(mutants, key=lot)
    first = list({mutant.rule.name: mutant for mutant in reversed(drawn)}.values())
    others = [mutant for mutant in drawn if mutant not in first]
    chosen = {id(mutant) for mutant in [*first, *others[: max(0, size - len(first))]]}
    return [mutant for mutant in mutants if id(mutant) in chosen]


def why_equivalent(mutant: Mutant) -> str | None:
    """Why a mutant is no fault."""
    for where in (mutant.rule.name, "anywhere"):
        if why := EQUIVALENT.get(where, {}).get(str(mutant.change)):
            return why
    return None


def main() -> int:
    """Try mutants and print a table; 1 if any survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every mutant, instead of a sample")
    parser.add_argument("--only", nargs="+", default=[""], help="functions whose names begin so: departments._serve")
    parser.add_argument("--verbose", action="store_true", help="say what gave each mutant away")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGVTALRM, no_end)

    began = time.process_time()
    played = scenes()
    all_rules = [rule for rule in rules() if rule.name not in NO_RULES]
    print(f"{len(played)} scenes made in {time.process_time() - began:.0f} s", flush=True)
    interpret(all_rules)
    reach = Reach(all_rules, played)
    print(f"reach known at {time.process_time() - began:.0f} s", flush=True)
    mutants = [
        mutant for rule in all_rules if rule.name.startswith(tuple(asked.only)) for mutant in mutants_of(rule, reach)
    ]
    print(f"{len(mutants)} mutants", flush=True)
    if not asked.all:
        mutants = sample(mutants, SAMPLE)

    tried: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    for mutant in mutants:
        name, line = mutant.rule.name, mutant.change.lines.start
        found, why = try_out(mutant, played, reach), why_equivalent(mutant)
        if asked.verbose:
            print(f"{mutant.rule.file}:{line} {name}: {mutant.change.kind}: {mutant.change} | {found}", flush=True)
        fate = "killed" if found else "equivalent" if why else "survived"
        tried[name][fate] += 1
        if fate == "survived":
            unseen = "" if reach.of(mutant) else " (no scene reaches it)"
            wrong.append(f"{mutant.rule.file}:{line} {name}: {mutant.change.kind}: {mutant.change}{unseen}")
            print("SURVIVED", wrong[-1], flush=True)
        if found and why:
            wrong.append(f"{mutant.rule.file}:{line} {name}: {mutant.change}: killed, though it is said to be no fault")
    report(tried, wrong, time.process_time() - began)
    return 1 if wrong else 0


def report(tried: dict[str, Counter[str]], wrong: list[str], seconds: float) -> None:
    """The table, the survivors and the count."""
    print(f"\n{'function':44}{'mutants':>9}{'killed':>9}{'no fault':>9}{'survived':>9}")
    total: Counter[str] = Counter()
    for name, fates in sorted(tried.items()):
        total += fates
        row = [fates.total(), *(fates[fate] for fate in ("killed", "equivalent", "survived"))]
        print(f"{name:44}" + "".join(f"{count:9}" for count in row))
    print("\n".join(["", *wrong]))
    print(
        f"{total.total()} mutants of {len(tried)} functions: {total['killed']} killed, "
        f"{total['equivalent']} no faults, {total['survived']} survived ({seconds:.0f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
