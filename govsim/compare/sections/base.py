"""What a section of a report is made from and consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from govsim.compare import effects as effect_tables
from govsim.compare import figures
from govsim.compare.effects import NO_DIFFERENCE
from govsim.compare.figures.style import Look, footer, group_names, looks, only, settle
from govsim.compare.pairs import baseline_of, check_outcomes, with_draws
from govsim.compare.words import interval, label
from govsim.language import _, names_in_words
from govsim.measures.outcomes import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from govsim.study.load import Study

__all__ = ["Material", "Picture", "Section", "estimate", "forests", "hollow", "rows", "split", "under"]


@dataclass(frozen=True)
class Material:
    """A study and what is asked of it.

    Attributes:
        study: what was run.
        outcomes: those to compare, the first of which figures and sentences are about.
        baseline: label of the policy against which; None for the study's own.
    """

    study: Study
    outcomes: Sequence[str]
    baseline: str | None = None

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run, its independent draw marked."""
        return with_draws(self.study.runs, self.study.designs)

    @cached_property
    def label(self) -> str:
        """The baseline's label."""
        return str(baseline_of(self.runs, self.baseline)["policy"].iloc[0])

    @property
    def against(self) -> str:
        """The baseline in words."""
        return names_in_words(self.label)

    @property
    def chief(self) -> str:
        """The outcome that figures and sentences are about."""
        return self.outcomes[0]

    @property
    def judged(self) -> str | None:
        """The first outcome that is better one way; None if there is none, and nothing can be ranked."""
        return next((name for name in self.outcomes if OUTCOMES[name].better), None)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What each policy does, in every chosen outcome."""
        return effect_tables.effects(self.runs, check_outcomes(self.runs, self.outcomes), self.baseline)

    @cached_property
    def few(self) -> dict[str, Look]:
        """Policies for a figure with a line for each: the baseline, and the best and the worst if there are many."""
        order = list(dict.fromkeys(self.best_first(only(self.effects, outcome=self.chief))["policy"]))
        chosen = order if len(order) <= MOST_LINES else [*order[: MOST_LINES // 2], *order[-(MOST_LINES // 2) :]]
        return looks([self.label, *(p for p in dict.fromkeys(self.runs["policy"]) if p in chosen)], self.label)

    def best_first(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of one outcome from the best difference to the worst; from the largest where neither way is better."""
        sign = {"lower": 1.0, "higher": -1.0}.get(OUTCOMES[self.chief].better)
        key = -table["difference"].abs() if sign is None else sign * table["difference"]
        return table.assign(key=key).sort_values(by="key", kind="stable").drop(columns="key")


MOST_IN_OVERVIEW = 16
"""Rows up to which small forests of several outcomes beside each other can be read."""
MOST_LINES = 6
"""Lines, beside the baseline's, in a figure of curves."""


@dataclass(frozen=True)
class Picture:
    """A figure that is drawn when it is asked for.

    Attributes:
        title: what it shows.
        paint: draws it, without title and footer.
        table: the rows that it shows, for the footer's n.
        also: what else the footer must say.
    """

    title: str
    paint: Callable[[], Any]
    table: pd.DataFrame
    also: str = ""

    def draw(self, study_id: str) -> Figure:
        """The figure, with its title and its footer."""
        painted = self.paint()
        figure: Figure = settle(
            getattr(painted, "figure", painted), self.title, footer(study_id, self.table, self.also)
        )
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # it is laid out; saving it must not do that again, which takes long
        return figure


@dataclass
class Section:
    """A part of a report.

    Attributes:
        title: a question.
        about: how to read it, in a sentence or two.
        findings: sentences whose numbers are in the tables, the most important first.
        tables, pictures: by the names of their files.
    """

    title: str
    about: str = ""
    findings: list[str] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)


def hollow() -> str:
    """What a hollow mark says in a figure of differences."""
    return _("Hollow: no difference shown (Holm).")


def estimate(row: Any, name: str, low: str = "low", high: str = "high", signed: bool = True) -> str:
    """An estimate of a table's row with its interval, as text."""
    return interval(row[name], row[low], row[high], signed)


def rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a table, each by its columns."""
    return table.to_dict("records")


def forests(table: pd.DataFrame, against: str, name: str, chief: str | None = None) -> dict[str, Picture]:
    """Pictures of differences: outcomes beside each other and the chief one with its numbers, or each for itself.

    Args:
        table: as :func:`govsim.compare.effects.effects` makes it.
        against: the baseline's label.
        name: of the files.
        chief: the outcome that has a picture of its own in any case.
    """
    outcomes, against = list(dict.fromkeys(table["outcome"])), names_in_words(against)
    several = len(outcomes) > 1 and len(set(table["policy"] + group_names(table))) <= MOST_IN_OVERVIEW
    pictures = {}
    if several:
        title = _("Difference from {baseline}", baseline=against)
        pictures[name] = Picture(title, lambda: figures.effects_overview(table), table, hollow())
    for outcome in outcomes if not several else [o for o in outcomes if o == chief]:
        title = _("{outcome}: difference from {baseline}", outcome=label(outcome), baseline=against)
        paint = partial(figures.forest, table, outcome)
        pictures[f"{name}_{outcome}"] = Picture(title, paint, only(table, outcome=outcome), hollow())
    return pictures


def split(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows that show a difference, and how many do not, in words: also where only Holm's adjustment says so."""
    shown, silent = table.loc[table["verdict"] != NO_DIFFERENCE], only(table, verdict=NO_DIFFERENCE)
    alone = sum(row["low"] > 0.0 or row["high"] < 0.0 for row in rows(silent))
    told = _("no difference shown in {n} of {all}", n=len(silent), all=len(table)) if len(silent) else ""
    return shown, told + (_(" (in {n} the interval by itself excludes 0)", n=alone) if alone else "")


def under(row: dict[Any, Any], table: pd.DataFrame) -> str:
    """The theory of a row, where the table has several."""
    return _(" under {theory}", theory=names_in_words(row["theory"])) if len(set(table["theory"])) > 1 else ""
