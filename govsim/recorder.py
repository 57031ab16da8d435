"""Recorder: declared series, one value a week for the whole place.

A *flow* is counted during the week (see :mod:`govsim.flows`); a *stock* is the state at its end. Declaring a
series here is all that is needed for it to reach ``series.parquet``, the data collector and the docs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govsim import cases as c
from govsim.flows import FLOWS

if TYPE_CHECKING:
    from govsim.city import City

__all__ = ["SERIES", "STOCKS", "Recorder", "Series"]


@dataclass(frozen=True)
class Series:
    """A weekly series: its unit, whether it is a stock or a flow, and its meaning."""

    unit: str
    kind: str
    meaning: str


def _people_mean(city: City, column: str) -> float:
    """Mean over residents of a settlement column."""
    settlements = city.places.settlements
    return float(np.average(getattr(settlements, column).astype(np.float64), weights=settlements.residents))


def _in_stage(*stages: int) -> Callable[[City], float]:
    return lambda city: float(city.stage_counts[list(stages)].sum())


STOCKS: dict[str, tuple[str, str, Callable[[City], float]]] = {
    "latent": ("cases", "problems that nobody has found", _in_stage(c.LATENT)),
    "in_compounds": ("cases", "found, with the compound", _in_stage(c.COMPOUND)),
    "at_communities": ("cases", "found, with the community", _in_stage(c.COMMUNITY)),
    "at_streets": ("cases", "found, with the street", _in_stage(c.STREET)),
    "at_branches": ("cases", "found, with a department's branch", _in_stage(c.BRANCH)),
    "on_paper": ("cases", "closed on paper, the problem still there", _in_stage(c.PAPER)),
    "satisfaction": ("0..1", "mean satisfaction", lambda city: _people_mean(city, "mean_satisfaction")),
    "trust": (
        "0..1",
        "mean trust that problems are dealt with",
        lambda city: _people_mean(city, "mean_trust"),
    ),
    "joining": ("1", "share of residents who take part", lambda city: _people_mean(city, "joined_share")),
    "environment": ("0..1", "mean state of the environment", lambda city: _people_mean(city, "environment")),
    "felt_need": ("0..1", "mean felt need", lambda city: _people_mean(city, "need")),
    "responsiveness": ("0..1", "mean felt responsiveness", lambda city: _people_mean(city, "responsiveness")),
    "knowledge": (
        "0..1",
        "how well grid workers know the place",
        lambda city: float(np.average(city.places.communities.knowledge, weights=city.places.communities.residents)),
    ),
    "workers": ("people", "grid workers", lambda city: float(city.places.grids.workers.sum())),
    "branch_load": ("1", "smoothed utilisation of branches, by hours", lambda city: city.offices.load()),
    "branch_backlog": (
        "weeks",
        "work waiting at branches, in weeks of their time",
        lambda city: city.offices.backlog(),
    ),
    "fund_balance": ("yuan", "fund not committed", lambda city: float(city.places.communities.balance.sum())),
    "fund_committed": (
        "yuan",
        "fund committed, not paid",
        lambda city: float(city.places.communities.committed.sum()),
    ),
    "precedents": (
        "classes",
        "force of the committee's precedents, added up",
        lambda city: float(city.committee.precedent.sum()),
    ),
    "rulings": ("rulings", "rulings since the start", lambda city: float(len(city.committee.rulings))),
    "approval": ("1", "surveyed approval of how communities are built", lambda city: city.survey.approval),
    "perceived_change": (
        "1",
        "surveyed share who see a change for the better",
        lambda city: city.survey.perceived_change,
    ),
    "true_approval": (
        "1",
        "share of all adults who approve as they feel",
        lambda city: city.survey.true_approval,
    ),
    "true_change": (
        "1",
        "share of all adults who feel a change for the better",
        lambda city: city.survey.true_change,
    ),
}

SERIES: dict[str, Series] = {
    **{name: Series(unit, "flow", meaning) for name, (unit, meaning) in FLOWS.items()},
    **{name: Series(unit, "stock", meaning) for name, (unit, meaning, _) in STOCKS.items()},
}


class Recorder:
    """Keeps one row a week.

    Attributes:
        weeks: weeks recorded so far.
        values: (weeks, series) float64, in the order of :data:`SERIES`.
    """

    def __init__(self, city: City) -> None:
        self.city = city
        self.weeks: list[int] = []
        self._rows: list[np.ndarray] = []

    def collect(self) -> None:
        """Record the week that ends."""
        city = self.city
        stocks = [measure(city) for _, _, measure in STOCKS.values()]
        self.weeks.append(city.week)
        self._rows.append(np.concatenate([city.tally, stocks]))

    @property
    def values(self) -> np.ndarray:
        """All rows: (weeks, series)."""
        return np.array(self._rows).reshape(len(self._rows), len(SERIES))

    def latest(self, name: str) -> float:
        """The newest value of one series (for the data collector); NaN before the first week."""
        return float(self._rows[-1][_POSITION[name]]) if self._rows else float("nan")

    def state(self) -> tuple[list[int], list[np.ndarray]]:
        """What was recorded so far; rows are never changed."""
        return list(self.weeks), list(self._rows)

    def restore(self, state: tuple[list[int], list[np.ndarray]]) -> None:
        """Take back what :meth:`state` gave."""
        self.weeks, self._rows = list(state[0]), list(state[1])


_POSITION = {name: i for i, name in enumerate(SERIES)}
