"""What the mutation check lets pass: functions that state no rule, and mutants that are no faults, with the reasons."""

from __future__ import annotations

__all__ = ["EQUIVALENT", "NO_RULES"]

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
_ONE_BLOCK = "the first block then has all settlements, and the others have none: everybody is asked once all the same"
_WHOLE_IF_SEVERAL = "several streets or districts are whole (population.py), and have no background"
_REST = "to numpy any number below 0 stands for as many as there are"
_NONE = "any number below 0 says that there is none"
_NOTHING_BESIDE = "there is nothing before the first bin, and nobody asks where the one after the last ends"
_SORTED_AFTER = "bins make sorting shorter; the insertion sort that follows puts all in order"
_LATER = "a relapse comes after the week of the cure (_close), which is not before day 5"
_BOTH_WAYS = "as far in one direction as in the other, and lists are compared whatever their order"
_CUT_OFF = "what lies farther than so many cells is cut off"
EQUIVALENT: dict[str, dict[str, str]] = {
    "anywhere": {
        r"1e-09 -> 1\.1\d*e-09 in max\(.*, 1e-09\)": "what is divided is nothing, or the quotient is past all bounds",
        r"gap < 0\.0 -> gap <= 0\.0": "where there is no gap nothing moves",
    },
    "cases.take_rows": {
        r"cases\.rows \+ n - len\(rows\) -> cases\.rows \+ n \+ len\(rows\)": _ROOM,
        r"cases\.rows \* 5( // 4)? -> cases\.rows (/ 5|\* 5 % 4)": _ROOM,
        r"4 -> 5 in cases\.rows \* 5 // 4": "a table grows by what is needed in any case",
        r"5 -> 6 in cases\.rows \* 5": _ROOM,
        r"max\((cases\.rows \+ n - len\(rows\)), cases\.rows \* 5 // 4\) -> \1": _ROOM,
        r"len\(rows\) < n -> len\(rows\) <= n": _ROOM,
    },
    "cases.Ways.by_district": {r"1 -> 2 in -1": _REST},
    "cases.collect": {r"0 -> 1 in count = 0": _ROOM, r"1 -> 2 in count \+= 1": _ROOM},
    "institutions.queue.join": {
        r"cases\.desk\[row\] = d -> \(left out\)": "whoever comes has been told where (receive)",
        r"1 -> 2 in -1": _NONE,
    },
    "institutions.queue.in_order": {
        r"1 -> 2 in n \+ 1": _ROOM,
        r"range\(n\) -> range\((0 \+ 1, n|0, n - 1)\)": _NOTHING_BESIDE,
        r"moment\[i\] \* n -> moment\[i\] / n": _SORTED_AFTER,
        r"identity(.*) > identity\[i\] -> identity\1 >= identity\[i\]": "no two cases have the same identity",
    },
    "institutions.queue.receive": {r"last - first -> last \+ first": _ROOM},
    "institutions.queue.background_hours": {r"1 -> 2 in group\.max\(\) \+ 1": _ROOM},
    "institutions.offices.Offices.__init__": {
        r"first \+ (np\.arange\(len\(places\.streets\)\)) -> first - \1": _WHOLE_IF_SEVERAL,
        r"self\.streets\[1\] \+ (np\.arange\(self.*) -> self\.streets\[1\] - \1": _WHOLE_IF_SEVERAL,
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
    "processes.sinking.sunk_part": {
        r"sunk_hours <= 0\.0 -> sunk_hours < 0\.0": "what follows comes to nothing, too, where no hours move",
    },
    "processes.covenant._keep": {
        r"settlements\.covenant_work\[s\] < needed -> settlements\.covenant_work\[s\] <= needed": (
            "nothing is missing then, and no hours are worked"
        ),
    },
    "processes.experience._live": {r"block \+ 1 -> block - 1": _ONE_BLOCK},
    "processes.experience._total": {r"range\(0, n, 4\) -> range\(0, n - 1, 4\)": "n is a multiple of four"},
    "processes.grid_work.staff": {
        r"(np\.arange\(grids \+ 1\) \* per_grid) \+ 0\.5 -> \1 - 0\.5": "all sums are one lower, and differ as much",
    },
    "processes.grid_work._plan": {r"max\(0\.0, (busy \+ patrol - hours)\) -> \1": "below 0 it is a rounding"},
    "processes.grid_work._settle": {
        r"cases\.stage\[row\] >= c\.PAPER -> cases\.stage\[row\] > c\.PAPER": "what is found now is on no paper yet",
        r"(cases.* >= c\.PAPER) or kinds\.mediable\[k\] <= 0\.0 -> \1": "no draw is below 0",
        r"kinds\.mediable\[k\] <= 0\.0 -> kinds\.mediable\[k\] < 0\.0": "no draw is below 0",
    },
    "processes.incidence._candidates": {r"1024 -> 1025 in .*": _ROOM, r"2 -> 3 in 2 \* count": _ROOM},
    "processes.detection._by_friday": {r"1\.0001 -> 1\.1\d* in .*": "a bound farther off only costs time"},
    "processes.detection._latent": {r"end - first -> end \+ first": _ROOM},
    "processes.party._build": {
        r"care <= 0\.0 -> care < 0\.0": "hours over no care are infinite or not a number, and min takes 1 of either",
    },
    "processes.party._tend_members": {
        r"settlements\.searched\[s\] > 0\.0 -> settlements\.searched\[s\] >= 0\.0": "nobody's threshold is 0",
        r"(not .*) and settlements\.searched\[s\] > 0\.0 and (draws\..*) -> \1 and \2": "nobody's threshold is 0",
        r"not members\.known\[m\] and (.*) -> \1": "whoever is known stays so",
    },
    "processes.persuasion._in_the_way": {r"end - first -> end \+ first": _ROOM},
    "processes.reckoning.Reckoning.close_the_week": {
        r"relapse_days >= 0 -> relapse_days > 0": _LATER,
        r"0 -> 1 in relapse_days >= 0": _LATER,
    },
    "processes.reckoning._due": {r"end - first -> end \+ first": _ROOM},
    "processes.reckoning._close": {r"1 -> 2 in -1": _NONE},
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
    "processes.renovation.neighbours": {
        r"(_CELLS -> _CELLS \+ 1|2 -> 3) in 2 \* _CELLS": _MARGIN,
        r"1 -> 2 in int\(y\.max\(\)\) \+ 1": _MARGIN,
        r"1 -> 2 in -1": _NONE,
        r"(_CELLS -> _CELLS \+ 1|1 -> 2) in (-_CELLS|_CELLS \+ 1)": _CUT_OFF,
        r"math\.hypot\(i, j\) -> math\.hypot\(j, i\)": _BOTH_WAYS,
        r"([xy]) \+ _CELLS \+ ([ij]) -> \1 \+ _CELLS - \2": _BOTH_WAYS,
    },
    "processes.renovation._build": {r"1 -> 2 in -1": _NONE},
    "processes.renovation._show": {r"fresh > 0\.0 -> fresh >= 0\.0": "what is not fresh at all shows nothing"},
    "processes.street.Street.moved_hours": {r"1 -> 2 in -1": _REST},
    "processes.street.Street.up_for_districts": {r"1 -> 2 in -1": _REST},
}
"""Mutants that are no faults, by function: what they change (a pattern), and why no state can differ."""
