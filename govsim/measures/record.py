"""The record of one world: all that outcomes are computed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.recorder import SERIES

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.config.schema import Config
    from govsim.policies import Instrument

__all__ = [
    "CASE_COLUMNS",
    "COMPOUND_COLUMNS",
    "END_COLUMNS",
    "MEMORY",
    "NEVER",
    "Ends",
    "Record",
    "case_days",
    "case_table",
    "compound_table",
    "ends",
    "once",
    "recent_unmet",
]

NEVER = np.int16(np.iinfo(np.int16).min)
"""A day that never came."""

MEMORY = 26
"""Weeks over which the unmet need of a single compound is averaged: shorter, and luck is all one sees."""


COMPOUND_COLUMNS = {
    name.removeprefix("mean_"): name
    for name in (
        "district", "street", "community", "x", "y", "residents", "is_compound", "property_quality",
        "owners_committee", "archetype", "members", "party", "pledged", "conflict", "covenant", "ties",
        "registered_share", "shown", "works", "environment", "need", "responsiveness", "joined_share",
        "mean_satisfaction", "mean_trust",
    )
}  # fmt: skip
"""Columns of :func:`compound_table` that are columns of settlements."""

CASE_COLUMNS = (
    "resident", "raised", "found", "closed", "stage", "found_by", "episode", "hops", "bounces", "visits", "persuaded",
)  # fmt: skip
"""Columns of :func:`case_table` that are columns of cases."""


@dataclass(frozen=True)
class Ends:
    """Cases as columns, one row each, with how each ended or where it stood at the end.

    Days are working days since week 0, negative in the warm-up; ``closed`` is the day of a true cure or of a
    lapse, ``first_paper`` that of the first closing on paper; ``NEVER`` before them.
    """

    kind: np.ndarray
    settlement: np.ndarray
    raised: np.ndarray
    closed: np.ndarray
    first_paper: np.ndarray
    stage: np.ndarray
    known: np.ndarray
    on_paper: np.ndarray
    visits: np.ndarray
    persuaded: np.ndarray

    @property
    def cured(self) -> np.ndarray:
        """Which were truly cured."""
        return self.stage == c.CURED


@dataclass(frozen=True)
class Record:
    """What one world leaves behind; a window is the weeks from 0 to the end.

    Attributes:
        config: the configuration of the run.
        instruments: this world's policy.
        weeks: length of the window.
        residents, grids: size of the place.
        series: weekly values by name, each (weeks,).
        ends: every case of the run, those raised in the warm-up included.
        severity: (kinds,) weight of a day with a case of each kind.
        people: (settlements,) residents of each settlement.
        unmet: (settlements,) severity-weighted case-days of unmet need in the window.
        tiers: for each tier above, (settlements,) the unit to which a settlement belongs.
    """

    config: Config
    instruments: Mapping[str, Instrument]
    weeks: int
    residents: int
    grids: int
    series: Mapping[str, np.ndarray]
    ends: Ends
    severity: np.ndarray
    people: np.ndarray
    unmet: np.ndarray
    tiers: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, city: City) -> Record:
        """The record of a city at the end of its last week."""
        settlements = city.places.settlements
        values = city.recorder.values[np.array(city.recorder.weeks, dtype=np.int64) >= 0]
        return cls(
            config=city.config,
            instruments=city.config.policy,
            weeks=len(values),
            residents=city.places.population,
            grids=len(city.places.grids),
            series=dict(zip(SERIES, np.ascontiguousarray(values.T), strict=True)),
            ends=ends(city),
            severity=city.kinds.severity,
            people=settlements.residents.astype(np.float64),
            unmet=settlements.unmet_total.copy(),
            tiers={tier: getattr(settlements, tier) for tier in ("community", "street", "district")},
        )

    @property
    def end(self) -> int:
        """First working day after the window."""
        return WORKING_DAYS * self.weeks

    @cached_property
    def raised(self) -> np.ndarray:
        """Which cases were raised in the window."""
        return self.ends.raised >= 0

    @cached_property
    def hurt(self) -> np.ndarray:
        """Severity-weighted case-days of each case in the window: (cases,)."""
        return self.severity[self.ends.kind] * case_days(self.ends, 0, self.end)


def once[Value](measure: Callable[[Record], Value]) -> Callable[[Record], Value]:
    """A measure that is worked out once for each record, however many outcomes are made of it."""
    name = f"{measure.__module__}.{measure.__name__}"

    @wraps(measure)
    def remembered(record: Record) -> Value:
        known = vars(record)
        if name not in known:
            known[name] = measure(record)
        return known[name]

    return remembered


def case_days(ends: Ends, first: int, last: int) -> np.ndarray:
    """Working days of ``[first, last)`` on which each case was there, found or not: (cases,)."""
    until = np.where(ends.closed == NEVER, last, np.minimum(ends.closed, last))
    return np.maximum(until - np.maximum(ends.raised, first), 0)


END_COLUMNS = ("raised", "found", "closed", "first_paper", "stage", "wakes", "visits", "persuaded")
"""Columns of cases of which :func:`ends` is made."""


def ends(city: City, weeks: int | None = None) -> Ends:
    """Every case so far, or (and a few more) those of the last weeks: closed ones in order of closing, then others."""
    parts = _cases(city, ("id", *END_COLUMNS), weeks)

    def column(of: Callable[[dict[str, np.ndarray]], np.ndarray]) -> np.ndarray:
        return np.concatenate([of(part) for part in parts])  # a week at a time: numbers on the way are many and wide

    return Ends(
        kind=column(lambda case: c.kind_of.py_func(case["id"]).astype(np.uint8)),
        settlement=column(lambda case: c.settlement_of.py_func(case["id"]).astype(np.int32)),
        raised=column(lambda case: _since_start(city, case["raised"])),
        closed=column(lambda case: np.where(case["stage"] >= c.CURED, _since_start(city, case["closed"]), NEVER)),
        first_paper=column(
            lambda case: np.where(case["first_paper"] >= 0, _since_start(city, case["first_paper"]), NEVER)
        ),
        stage=column(lambda case: case["stage"]),
        known=column(lambda case: case["found"] >= 0),
        # a case that lapses on paper does so before the day on which it would have come back
        on_paper=column(
            lambda case: (case["stage"] == c.PAPER) | ((case["stage"] == c.LAPSED) & (case["wakes"] >= case["closed"]))
        ),
        visits=column(lambda case: case["visits"]),
        persuaded=column(lambda case: case["persuaded"]),
    )


def case_table(city: City) -> pd.DataFrame:
    """Every case so far, by identity; days are working days since week 0."""
    names = ("id", *CASE_COLUMNS)
    parts = _cases(city, names)
    table = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in names})
    identity = table["id"].to_numpy()
    table.insert(1, "kind", _labels(c.kind_of.py_func(identity), city.kinds.names))
    table.insert(2, "settlement", c.settlement_of.py_func(identity).astype(np.int32))
    # what ``closed`` holds of an open case is an earlier closing on paper that did not last
    came = {"raised": table["raised"].notna(), "found": table["found"] >= 0, "closed": table["stage"] >= c.PAPER}
    for name, so in came.items():
        table[name] = _since_start(city, table[name]).astype("Int16").where(so)
    table["stage"] = _labels(table["stage"], c.STAGES)
    table["found_by"] = _labels(table["found_by"], c.CHANNELS)
    return table.sort_values("id", ignore_index=True)


def compound_table(city: City) -> pd.DataFrame:
    """One row a settlement, compound or open part of a community, as it stands now.

    Unmet need is the mean of the last half year, or of as many weeks as there were.
    """
    settlements = city.places.settlements
    return pd.DataFrame(
        {
            "week": np.int32(city.week),
            "settlement": np.arange(len(settlements), dtype=np.int32),
            **{name: getattr(settlements, column).copy() for name, column in COMPOUND_COLUMNS.items()},
            "unmet_per_1000": recent_unmet(city, MEMORY),
        }
    )


def recent_unmet(city: City, weeks: int) -> np.ndarray:
    """Severity-weighted case-days of unmet need per 1,000 residents and week: (settlements,).

    The mean of so many weeks up to now, or of as many as there were; NaN where nobody lives.
    """
    settlements = city.places.settlements
    last, weeks = WORKING_DAYS * city.week, min(weeks, city.clock_week)
    cases = ends(city, weeks)
    hurt = city.kinds.severity[cases.kind] * case_days(cases, last - WORKING_DAYS * weeks, last)
    unmet = np.bincount(cases.settlement, hurt, len(settlements))
    with np.errstate(invalid="ignore"):
        return unmet / (weeks * settlements.residents / 1_000.0)


def _since_start(city: City, day: Any) -> Any:
    """Days since the start of the warm-up as days since week 0."""
    return (day - WORKING_DAYS * city.config.warmup).astype(np.int16)


def _cases(city: City, names: Iterable[str], weeks: int | None = None) -> list[dict[str, np.ndarray]]:
    """Columns of all cases so far, or of the last weeks: the archive's chunks, then those raised and not yet closed."""
    stage = city.cases.stage
    there = np.flatnonzero((stage >= c.LATENT) & (stage <= c.PAPER))
    closed = city.archive.chunks[None if weeks is None else -weeks :]  # a week in which none closed has no chunk
    return [*closed, {name: getattr(city.cases, name)[there] for name in names}]


def _labels(codes: Any, names: Iterable[str]) -> Any:
    return pd.Categorical.from_codes(codes.astype(np.int8), dtype=pd.CategoricalDtype(list(names)))
