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
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(1, str(Path(__file__).parents[1] / "laws"))

from excuses import EQUIVALENT, NO_RULES
from interpreted import Mutant, Reach, installed, interpret, mutants_of, rules
from scenes import Scene, scenes

SAMPLE = 400
"""Mutants that are tried unless it is said how many."""
PATIENCE = 2.0
"""Seconds of computing after which a scene comes to no end."""
MEMORY = 12 * 2**30
"""Bytes of memory that a mutant may ask for."""


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
        for pattern, why in EQUIVALENT.get(where, {}).items():
            if re.fullmatch(pattern, str(mutant.change), re.DOTALL):
                return why
    return None


def line_of(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"{mutant.rule.name}: {' '.join(str(mutant.change).split())}"


def main() -> int:
    """Try mutants and print a table; 1 if any survives that is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every mutant, instead of a sample")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many; of each function one at least")
    parser.add_argument("--part", default="1/1", help="2/3: the second third of them, for several runs side by side")
    parser.add_argument("--only", nargs="+", default=[""], help="functions whose names begin so: departments._serve")
    parser.add_argument("--strict", action="store_true", help="no excuse: what is said to be no fault has survived")
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
        mutants = sample(mutants, asked.sample)
    part, parts = map(int, asked.part.split("/"))

    tried: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    for mutant in mutants[part - 1 :: parts]:
        found = try_out(mutant, played, reach)
        what = fate(mutant, found, asked.strict)
        tried[mutant.rule.name][what] += 1
        where = f"{mutant.rule.file}:{mutant.change.lines.start} {mutant.change.kind} {line_of(mutant)}"
        if asked.verbose:
            print(f"{where} | {found or what}", flush=True)
        if what == SURVIVED:
            wrong.append(where if reach.of(mutant) else f"{where} (no scene reaches it)")
            print("SURVIVED", wrong[-1], flush=True)
    report(tried, wrong, time.process_time() - began)
    return 1 if wrong else 0


FATES = KILLED, NO_FAULT, SURVIVED = "killed", "no fault", "survived"


def fate(mutant: Mutant, found: str | None, strict: bool = False) -> str:
    """What has become of a mutant, given what gave it away."""
    if found:
        return KILLED
    return NO_FAULT if not strict and why_equivalent(mutant) else SURVIVED


def report(tried: dict[str, Counter[str]], wrong: list[str], seconds: float) -> None:
    """The table, the survivors and the count."""
    print(f"\n{'function':52}{'mutants':>9}" + "".join(f"{what:>9}" for what in FATES))
    total: Counter[str] = Counter()
    for name, fates in sorted(tried.items()):
        total += fates
        print(f"{name:52}{fates.total():9}" + "".join(f"{fates[what]:9}" for what in FATES))
    print("\n".join(["", *wrong]))
    counted = ", ".join(f"{total[what]} {what}" for what in FATES)
    print(f"{total.total()} mutants of {len(tried)} functions: {counted} ({seconds:.0f} s)")


if __name__ == "__main__":
    sys.exit(main())
