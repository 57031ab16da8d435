"""Statistics: from the runs of a study to the number that a target is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from govsim.calendar import week_of
from govsim.config.check import ConfigError, nearest
from govsim.study.load import Study

__all__ = ["Statistic"]

OUTCOME, RATIO = "outcome", "ratio"
_HOWS = (OUTCOME, "last", "mean", "total", RATIO)
_WINDOW = ("from", "until")

RUN = ["scenario", "seed"]


@dataclass(frozen=True)
class Statistic:
    """What of a run is compared with a target.

    Attributes:
        how: ``outcome`` (by its own window), or of a weekly series its ``last`` value, ``mean`` or ``total``, or the
            ``ratio`` of the totals of two.
        names: of the outcome or the series.
        first, end: weeks of a series from the first to before the end; None: to the end of the run.
    """

    how: str
    names: tuple[str, ...]
    first: int = 0
    end: int | None = None

    @classmethod
    def read(cls, said: str, given: Any) -> Statistic:
        """A statistic as a file has it: ``{mean: NAME, from: 2019-01-01, until: 2019-02-01}``.

        Raises:
            ConfigError: it is none. Whether outcome or series exist is for :meth:`check` to say.
        """
        hows = [key for key in given if key not in _WINDOW] if isinstance(given, Mapping) else []
        if len(hows) != 1 or hows[0] not in _HOWS:
            near = nearest(str(hows[0]), _HOWS) if len(hows) == 1 else ""
            raise ConfigError(f"{said}: must be one of {', '.join(_HOWS)}, as in {{mean: found_by_grid}}{near}")
        how = hows[0]
        names = tuple(given[how]) if isinstance(given[how], list) else (given[how],)
        if not all(isinstance(name, str) for name in names) or len(names) != (2 if how == RATIO else 1):
            raise ConfigError(f"{said}.{how}={given[how]}: must be {'two names' if how == RATIO else 'one name'}")
        window = {key: _week(f"{said}.{key}", given[key]) for key in _WINDOW if key in given}
        if how == OUTCOME and window:
            raise ConfigError(f"{said}.{next(iter(window))}: an outcome has a window of its own; take a series")
        first, end = window.get("from", 0), window.get("until")
        if end is not None and end <= first:
            raise ConfigError(f"{said}.until={given['until']}: must be a week or more after from")
        return cls(how, names, first, end)

    def check(self, said: str, weeks: int) -> None:
        """Check that this version has what it asks for, and that a run of so many weeks reaches it.

        Raises:
            ConfigError: it does not.
        """
        known = _known(self.how)
        what = "outcome" if self.how == OUTCOME else "weekly series"
        for name in self.names:
            if name not in known:
                raise ConfigError(f"{said}.{self.how}={name}: no such {what}{nearest(name, known)}")
        last = self.first if self.end is None else self.end - 1
        if last >= weeks:
            raise ConfigError(f"{said}: needs week {last}, and weeks={weeks} end with week {weeks - 1}")

    def of(self, study: Study) -> pd.Series:
        """Its value in every run of a study of one policy, by scenario and seed; NaN where it is undefined."""
        if self.how == OUTCOME:
            return study.runs.set_index(RUN)[self.names[0]].sort_index()
        first, *others = (self._weekly(study, name) for name in self.names)
        if self.how == "last":
            return first.iloc[:, -1]
        if self.how == "mean":
            return first.mean(axis=1, skipna=False)
        total = first.sum(axis=1, skipna=False)
        for other in others:
            under = other.sum(axis=1, skipna=False)
            total = total / under.where(under != 0.0)
        return total

    def _weekly(self, study: Study, name: str) -> pd.DataFrame:
        """A series in the weeks that count: a row a run, a column a week."""
        week = study.series["week"]
        rows = study.series[(week >= self.first) & (week < (np.inf if self.end is None else self.end))]
        return rows.pivot(index=RUN, columns="week", values=name).astype(np.float64)


def _known(how: str) -> list[str]:
    from govsim.measures.outcomes import OUTCOMES
    from govsim.measures.rates import Per1000
    from govsim.recorder import SERIES

    rates = (name for name, outcome in OUTCOMES.items() if isinstance(outcome.measure, Per1000))
    return list(OUTCOMES) if how == OUTCOME else [*SERIES, *rates]


def _week(said: str, day: Any) -> int:
    try:
        week = week_of(date.fromisoformat(day).isoformat())
    except (TypeError, ValueError):
        raise ConfigError(f"{said}={day}: must be a date like 2019-01-01") from None
    if week < 0:
        raise ConfigError(f"{said}={day}: must be in week 0 (4 September 2017) or later")
    return week
