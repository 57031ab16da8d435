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

from interpreted import Mutant, Reach, installed, interpret, mutants_of, rules
from scenes import Scene, scenes

SAMPLE = 400
"""Mutants that are tried unless it is said how many."""
PATIENCE = 2.0
"""Seconds of computing after which a scene comes to no end."""
MEMORY = 12 * 2**30
"""Bytes of memory that a mutant may ask for."""

_ROOM = "makes room, of which nobody sees how much there is"
_HANDS_ON = "hands on what it is given, or nothing: no part of it could be wrong in a small way"
_FROM_OUTSIDE = "how somebody changes a policy under way, which no week does (test_rules.py)"
_FOR_READERS = "shows what there is to whoever looks at a city; no week asks"
_BRANCHING = "how a world goes on from another one's state (test_counterfactual.py)"
_SET_UP = "how a city is made, which both models share"
NO_RULES = {
    "cases.Cases.__getitem__": _FOR_READERS,
    "cases.Cases.__contains__": _FOR_READERS,
    "cases.Cases.__iter__": _FOR_READERS,
    "cases.HandOffs.of": _FOR_READERS,
    "cases.number_of": _FOR_READERS,
    "cases.HandOffs.__init__": _SET_UP,
    "cases.HandOffs.held": _BRANCHING,
    "cases.HandOffs.make_room": _ROOM,
    "cases.HandOffs.restore": _BRANCHING,
    "cases.Archive.__init__": _SET_UP,
    "cases.Archive.table": _FOR_READERS,
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
    "rules.Timeline.change": _FROM_OUTSIDE,
    "cases.Cases.take": _HANDS_ON,
    "policies.base.add": _HANDS_ON,
    "policies.base.scale": _HANDS_ON,
    "policies.base.Instrument.rules": _HANDS_ON,
    "policies.base.Instrument.yearly_cost": _HANDS_ON,
    "policies.certificates.Certificates.neutral": _HANDS_ON,
    "policies.certificates.Certificates.yearly_cost": _HANDS_ON,
    "policies.grid_staffing.GridStaffing.neutral": _HANDS_ON,
}
"""Functions that state no rule, and what they do instead."""

_MARGIN = "a wider margin of empty cells around the place shows nobody more"
_ONLY_MINUS = "callers ask whether the row is below 0, and then never for the hours left"
_AT_NEXT_LOOK = "a closed case is let out of the queue at the next look (queue.next_done)"
_WHOLE = "a desk all of whose clientele is simulated is added 1 / 1 - 1 times the rest, which is nothing"
_OPEN_LAST = "the last settlement of a community is its open part (population.py), which is no compound"
_NO_OWNERS = "a vote of no owners founds nothing under either law"
_ONE_BLOCK = "the first block then has all settlements, and the others have none: everybody is asked once all the same"
_WHOLE_IF_SEVERAL = "several streets or districts are whole (population.py), and have no background"
_EVERYBODY = "no draw is as high as 1, so at any chance from 1 on everybody is invited"
_SET_ANEW = "who stands on no list has nobody behind, which is set anew when the case joins one"
EQUIVALENT: dict[str, dict[str, str]] = {
    "anywhere": {
        r"(np\.)?max(imum)?\((\w+\.)?residents(\[\w+\])?, 1\) -> (\w+\.)?residents(\[\w+\])?": (
            "every settlement and every community has residents (population.py: at least one)"
        ),
    },
    "cases.take_rows": {
        r"cases\.rows \+ n - len\(rows\) -> cases\.rows \+ n \+ len\(rows\)": _ROOM,
        r"4 -> 5 in cases\.rows \* 5 // 4": "a table grows by what is needed in any case",
        r"5 -> 6 in cases\.rows \* 5": _ROOM,
    },
    "cases._free_rows": {
        r"range\((cases\.stage\.shape\[0\])\) -> range\(0 \+ 1, \1\)": "in which row a case stands shows nowhere",
    },
    "cases.collect": {
        r"cases\.next\[row\] = -1 -> \(left out\)": _SET_ANEW,
        r"-1 -> 1": _SET_ANEW,
    },
    "institutions.offices.Offices.__init__": {
        r"first \+ (np\.arange\(len\(places\.streets\)\)) -> first - \1": _WHOLE_IF_SEVERAL,
        r"self\.streets\[1\] \+ (np\.arange\(self.*) -> self\.streets\[1\] - \1": _WHOLE_IF_SEVERAL,
    },
    "institutions.queue.background_hours": {
        r"1\.0 -> 1\.1 in desks\.share\[d\] < 1\.0": _WHOLE,
        r"desks\.share\[d\] < 1\.0 and (time\[group\[d\]\] > 0\.0) -> \1": _WHOLE,
    },
    "institutions.queue.next_done": {
        r"0\.0 -> 1\.0 in \(np\.int32\(-1\), 0\.0\)": _ONLY_MINUS,
        r"1 -> 2 in -1": _ONLY_MINUS,
    },
    "processes.departments._ask": {
        r"0 -> 1 in cases\.desk\[row\] >= 0": "no branch has desk 0, which is a community's",
        r"cases\.desk\[row\] >= 0 -> cases\.desk\[row\] > 0": "no branch has desk 0, which is a community's",
    },
    "processes.departments._work": {r"leave\(desks, cases, d\) -> \(left out\)": _AT_NEXT_LOOK},
    "processes.street._dispatch": {r"leave\(desks, cases, d\) -> \(left out\)": _AT_NEXT_LOOK},
    "processes.funding._build_and_wear": {
        r"max\(0\.0, (communities\.spent.*)\) -> \1": "a chosen project is worth nothing at least (worth_of_choice)",
    },
    "processes.incidence._candidates": {r"1024 -> 1025 in .*": _ROOM},
    "processes.persuasion._in_the_way": {
        r"cases\.found\[row\] >= 0 and (cases.* <= day) and \((.*)\) -> \1 and \2": (
            "whoever is in a compound or with an office has been found"
        ),
    },
    "processes.sinking.sunk_part": {
        r"sunk_hours <= 0\.0 -> sunk_hours < 0\.0": "what follows comes to nothing, too, where no hours move",
    },
    "processes.covenant._keep": {
        r"range\(first, first \+ (communities\.settlements\[here\])\) -> range\(first, first \+ \1 - 1\)": _OPEN_LAST,
        r"settlements\.covenant_work\[s\] < needed -> settlements\.covenant_work\[s\] <= needed": (
            "nothing is missing then, and no hours are worked"
        ),
    },
    "processes.owners._vote": {
        r"range\((settlements\.votes\.shape\[0\])\) -> range\(0, \1 - 1\)": _OPEN_LAST,
        r"owners > 0 and (founded\(law, owners, votes, agree\)) -> \1": _NO_OWNERS,
        r"owners > 0 -> owners >= 0": _NO_OWNERS,
    },
    "processes.participation.takes_part": {
        r"False -> True in return False": "who neither matches nor tires rides free, and is not asked",
    },
    "processes.participation._join": {r"block \+ 1 -> block - 1": _ONE_BLOCK},
    "processes.platform._register": {r"block \+ 1 -> block - 1": _ONE_BLOCK},
    "processes.sinking.sinkable_part": {
        r"1e-12 -> 1\.1\d*e-12 in .*": "work is nothing, or far more than that",
    },
    "processes.platform.Platform.spread": {
        r"online <= 0\.0 -> online < 0\.0": "nobody registers where no services are, and shares come out as they were",
    },
    "rules.Timeline.running": {
        r"True -> False in strict=True": "there are as many dates as policies",
        r"max\(start, 0\) -> start": "no policy starts before week 0, with which the calendar begins (check.py)",
    },
    "processes.survey.Survey.ask": {
        r"1\.0 -> 1\.1 in min\(1\.0, .*": _EVERYBODY,
        r"min\(1\.0, (city.*)\) -> \1": _EVERYBODY,
        r"max\(1, self\._adults\) -> self\._adults": "the first of each household is an adult (population.py)",
    },
    "processes.renovation.neighbours": {r"_CELLS -> _CELLS \+ 1 in 2 \* _CELLS": _MARGIN},
}
"""Mutants that are no faults, by function: what they change (a pattern), and why no state can differ."""

UNSORTED = frozenset((Path(__file__).parent / "unsorted.txt").read_text().splitlines())
"""Mutants that no scene shows to be faults and that nobody has shown to be none: one a line, function and change."""


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
    """How a mutant is named in ``unsorted.txt``."""
    return f"{mutant.rule.name}: {' '.join(str(mutant.change).split())}"


def main() -> int:
    """Try mutants and print a table; 1 if any survives that is not known to."""
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


FATES = KILLED, NO_FAULT, KNOWN, SURVIVED = "killed", "no fault", "unsorted", "survived"


def fate(mutant: Mutant, found: str | None, strict: bool = False) -> str:
    """What has become of a mutant, given what gave it away."""
    if found:
        return KILLED
    if not strict and why_equivalent(mutant):
        return NO_FAULT
    return KNOWN if not strict and line_of(mutant) in UNSORTED else SURVIVED


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
