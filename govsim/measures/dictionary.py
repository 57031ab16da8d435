"""The data dictionary: what every file of a run holds, written from the declarations themselves.

python -m govsim.measures.dictionary > docs/data-dictionary.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govsim.cases import CHANNELS, STAGES, Cases
from govsim.measures.durations import LIMIT, Incidence
from govsim.measures.outcomes import GROUPS, OUTCOMES, Outcome
from govsim.measures.rates import Per1000
from govsim.measures.record import CASE_COLUMNS, COMPOUND_COLUMNS, MEMORY
from govsim.places import Settlements
from govsim.recorder import SERIES

__all__ = ["dictionary"]

_HEAD = """\
# Data dictionary

What `govsim run` writes, and what `govsim.simulate` returns under the same names. This page is made from the
declarations in the source (`python -m govsim.measures.dictionary`); a test fails when the two differ.

Weeks count from 4 September 2017 (week 0); those of the warm-up are negative and the same in both worlds. Days are
working days, five a week, counted from the first day of week 0. The *window* of a run is from week 0 to its end.
"Truly" says what is so, "recorded" what the books say, "surveyed" what respondents answer; the three are kept apart.

| file | in Python | holds |
|---|---|---|
| `summary.json` | `run.summary` | outcomes of `baseline` and `policy`, and the `difference` (policy less baseline) |
| `series.parquet` | `run.series` | weekly values: `world`, `week`, `outcome`, `value` |
| `compounds.parquet` | `run.compounds` | a row for each world, week (0 and the end) and settlement |
| `time_to_cure.parquet` | `run.time_to_cure` | cumulative incidence of cure by world and day |
| `first_ends.parquet` | `run.first_ends` | cumulative incidence of what comes first: cure, closing on paper or lapse |
| `cases.parquet` | `run.cases` | a row for each world and case, where `record.cases=true` |
| `manifest.json` | `run.manifest` | configuration, seed, run id, versions, duration, peak memory |
| `overview.png` | `govsim.plot.overview(run)` | the run in one figure |

The run id is a hash of the configuration (without `out`, `engine`, `record` and `checkpoint`, which cannot change a
result) and of the source of the package and its configs."""


def dictionary() -> str:
    """The page as Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    yield "\n## Outcomes (`summary.json`)\n"
    yield "An undefined value is `null`. The unit 1 is a share."
    for group, title in GROUPS.items():
        yield f"\n### {title}"
        for outcome in OUTCOMES.values():
            if outcome.group == group:
                yield from _entry(outcome)

    yield "\n## Weekly series (`series.parquet`)\n"
    yield "A flow is counted during the week, a stock is the state at its end. All are for the whole place.\n"
    series = ((name, s.unit, f"{s.kind}: {s.meaning}") for name, s in SERIES.items())
    yield from _table(("outcome", "unit", "meaning"), series)
    rates = [name for name, o in OUTCOMES.items() if isinstance(o.measure, Per1000)]
    yield "\nBeside them, week by week, the outcomes " + ", ".join(f"`{name}`" for name in rates) + "."

    yield "\n## Compounds (`compounds.parquet`)\n"
    yield "A settlement is a compound or the open part of a community (village houses and street fronts).\n"
    compounds = Settlements.declared
    columns = [
        ("world", "", "baseline or policy"),
        ("week", "", "0: the state that both worlds start from; else the end"),
        ("settlement", "", "its row, in the order of the lattice curve"),
        *((name, compounds[column].unit, compounds[column].meaning) for name, column in COMPOUND_COLUMNS.items()),
        (
            "unmet_per_1000",
            OUTCOMES["unmet_case_days_per_1000"].unit,
            f"true unmet need, mean of the {MEMORY} weeks before (or as many as there were)",
        ),
    ]
    yield from _table(("column", "unit", "meaning"), columns)

    yield "\n## Time to cure (`time_to_cure.parquet`)\n"
    yield "Aalen-Johansen estimates for the cases raised in the window; lapse competes with cure.\n"
    meanings = ("share truly cured by that day", "share gone by itself by that day", "cases still there and observed")
    curves = zip(Incidence.__dataclass_fields__, ("1", "1", "cases"), meanings, strict=True)
    yield from _table(
        ("column", "unit", "meaning"),
        [("world", "", "baseline or policy"), ("day", "working days", "since the problem arose"), *curves],
    )

    yield "\n## First ends (`first_ends.parquet`)\n"
    yield f"What comes first of cure, closing on paper and lapse, which compete: the same cases, up to day {LIMIT}.\n"
    meanings = ("truly cured", "closed on paper", "gone by itself")
    shares = [f"share {meaning} by that day, null where no case was observed so long" for meaning in meanings]
    curves = zip(("cured", "on_paper", "lapsed"), ("1", "1", "1"), shares, strict=True)
    yield from _table(
        ("column", "unit", "meaning"),
        [("world", "", "baseline or policy"), ("day", "working days", "since the problem arose"), *curves],
    )

    yield "\n## Cases (`cases.parquet`)\n"
    yield f"Stages: {', '.join(STAGES[2:])}. Found by: {', '.join(CHANNELS)}. A day that never came is null.\n"
    cases = Cases.declared
    columns = [
        ("world", "", "baseline or policy"),
        ("id", "", "identity, the same in every world of a seed"),
        ("kind", "", "kind of case"),
        ("settlement", "", "where it is: `settlement` of compounds.parquet"),
        *((name, cases[name].unit, cases[name].meaning.removesuffix("; -1 before")) for name in CASE_COLUMNS),
    ]
    yield from _table(("column", "unit", "meaning"), columns)


def _entry(outcome: Outcome) -> Iterator[str]:
    yield f"\n#### `{outcome.name}`\n"
    yield f"{outcome.label.strip()} ({outcome.unit}): {outcome.meaning}.\n"
    yield f"- numerator: {outcome.numerator}"
    yield f"- denominator: {outcome.denominator or 'none'}"
    yield f"- cohort: {outcome.cohort}"
    yield f"- window: {outcome.window}"
    yield f"- open, lapsed, closed on paper: {outcome.unfinished or 'not about single cases'}"
    yield f"- better: {outcome.better or 'depends on other outcomes'}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for name, *rest in rows:
        yield f"| {' | '.join((f'`{name}`', *rest))} |"


if __name__ == "__main__":
    print(dictionary(), end="")
