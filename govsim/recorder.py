"""Recorder: declared series, one value a week for the whole place.

A *flow* is counted during the week (see :mod:`govsim.flows`); a *stock* is the state at its end. Declaring a
series here is all that is needed for it to reach ``series.parquet``, the data collector and the docs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from govsim import cases as c
from govsim.flows import FLOWS
from govsim.measures.inequality import gini
from govsim.processes.grid_work import staff

if TYPE_CHECKING:
    from govsim.city import City

__all__ = ["SERIES", "STOCKS", "Collector", "Now", "Recorder", "Series"]


@dataclass(frozen=True)
class Series:
    """A weekly series: its unit, whether it is a stock or a flow, and its meaning."""

    unit: str
    kind: str
    meaning: str


class Now:
    """A city at the end of a week, with what several stocks ask for worked out once."""

    def __init__(self, city: City) -> None:
        self.city, self.places = city, city.places
        self.stages = city.stage_counts
        self.residents = self.places.settlements.residents
        self.population = self.residents.sum()
        self.compounds = self.places.settlements.is_compound

    def cases(self, *stages: int) -> float:
        """How many cases are in these stages."""
        return float(sum(self.stages[stage] for stage in stages))

    def mean(self, column: str) -> float:
        """Mean over residents of a settlement column."""
        values = getattr(self.places.settlements, column)
        return float(np.multiply(values, self.residents, dtype=np.float64).sum() / self.population)

    def of_compounds(self, column: str) -> float:
        """Share of compounds for which a settlement column is true."""
        return float(getattr(self.places.settlements, column)[self.compounds].mean())

    def of_communities(self, column: str) -> float:
        """Mean over residents of a community column."""
        communities = self.places.communities
        return float((getattr(communities, column) * communities.residents).sum() / self.population)

    def vacancies(self) -> float:
        """Posts of grid workers that are vacant."""
        grids = self.places.grids
        posts = staff(len(grids), self.city.rules.workers_per_grid)
        return float((posts - grids.workers).sum())

    def strain(self) -> float:
        """Mean strain over grid workers; 0 where there are none."""
        grids = self.places.grids
        return float(np.multiply(grids.strain, grids.workers, dtype=np.float64).sum() / max(1, grids.workers.sum()))

    def fund_gini(self) -> float:
        """Gini of the fund dealt since the start, per resident; NaN for one community or no fund."""
        communities = self.places.communities
        index = gini(communities.accrued, communities.residents)
        return float("nan") if index is None else index


STOCKS: dict[str, tuple[str, str, Callable[[Now], float]]] = {
    "latent": ("cases", "problems that nobody has found", lambda now: now.cases(c.LATENT)),
    "in_compounds": ("cases", "found, with the compound", lambda now: now.cases(c.COMPOUND)),
    "at_communities": ("cases", "found, with the community", lambda now: now.cases(c.COMMUNITY)),
    "at_streets": ("cases", "found, with the street", lambda now: now.cases(c.STREET)),
    "at_branches": ("cases", "found, with a department's branch", lambda now: now.cases(c.BRANCH)),
    "on_paper": ("cases", "closed on paper, the problem still there", lambda now: now.cases(c.PAPER)),
    "satisfaction": ("0..1", "mean satisfaction", lambda now: now.mean("mean_satisfaction")),
    "trust": (
        "0..1",
        "mean trust that problems are dealt with",
        lambda now: now.mean("mean_trust"),
    ),
    "joining": ("1", "share of residents who take part", lambda now: now.mean("joined_share")),
    "environment": ("0..1", "mean state of the environment", lambda now: now.mean("environment")),
    "felt_need": ("0..1", "mean felt need", lambda now: now.mean("need")),
    "responsiveness": ("0..1", "mean felt responsiveness", lambda now: now.mean("responsiveness")),
    "knowledge": (
        "0..1",
        "how well grid workers know the place",
        lambda now: now.of_communities("knowledge"),
    ),
    "party_organised": ("1", "share of compounds with a Party organisation", lambda now: now.of_compounds("party")),
    "known_members": (
        "members",
        "Party members whom the community knows",
        lambda now: float(now.places.settlements.known_members.sum()),
    ),
    "pledged": (
        "members",
        "in-service members who pledged and are active",
        lambda now: float(now.places.settlements.pledged.sum()),
    ),
    "owners_organised": (
        "1",
        "share of compounds with an owners' committee",
        lambda now: now.of_compounds("owners_committee"),
    ),
    "owners_party": (
        "1",
        "share of compounds whose owners' committee has a Party organisation of its own",
        lambda now: now.of_compounds("owners_party"),
    ),
    "property_quality": (
        "0..1",
        "mean quality of property companies, 0 without",
        lambda now: now.mean("property_quality"),
    ),
    "fees": ("1", "mean share of households that pay the fee, 0 without a company", lambda now: now.mean("fees")),
    "conflict": ("0..1", "mean conflict between owners and property company", lambda now: now.mean("conflict")),
    "covenant": ("0..1", "mean compliance with covenants, 0 without", lambda now: now.mean("covenant")),
    "ties": ("0..1", "mean ties between neighbours", lambda now: now.mean("ties")),
    "groups": ("groups", "culture groups in venues", lambda now: float(now.places.communities.groups.sum())),
    "groups_outside": (
        "groups",
        "culture groups in the open",
        lambda now: float(now.places.communities.groups_outside.sum()),
    ),
    "registered": ("1", "share of residents on the platform", lambda now: now.mean("registered_share")),
    "shown": ("0..1", "mean of what pilots and renovated compounds nearby show", lambda now: now.mean("shown")),
    "works": ("0..1", "mean newness of renovated courtyards, wires and facilities", lambda now: now.mean("works")),
    "works_balance": (
        "yuan",
        "renovation money that nobody has agreed to spend",
        lambda now: float(now.places.communities.works_balance.sum()),
    ),
    "gated": ("1", "share of residents behind gates", lambda now: now.mean("gated")),
    "breaches": (
        "cases per 1,000 residents",
        "open breaches of order, found or not",
        lambda now: now.mean("breaches"),
    ),
    "structures": (
        "cases per 1,000 residents",
        "unauthorised structures that stand, found or not",
        lambda now: now.mean("structures"),
    ),
    "workers": ("people", "grid workers", lambda now: float(now.places.grids.workers.sum())),
    "vacancies": ("people", "vacant posts of grid workers", lambda now: now.vacancies()),
    "strain": ("0..1", "mean strain of grid workers", lambda now: now.strain()),
    "publicity": (
        "1",
        "share of residents whom grid workers' publicity reached of late",
        lambda now: now.of_communities("publicity"),
    ),
    "match_committed": (
        "yuan",
        "promised by enterprises, not paid",
        lambda now: float(now.places.communities.match_committed.sum()),
    ),
    "fund_gini": (
        "0..1",
        "Gini of the fund dealt so far, per resident, between communities",
        lambda now: now.fund_gini(),
    ),
    "branch_load": ("1", "smoothed utilisation of branches, by hours", lambda now: now.city.offices.load()),
    "branch_backlog": (
        "weeks",
        "work waiting at branches, in weeks of their time",
        lambda now: now.city.offices.backlog(),
    ),
    "fund_balance": ("yuan", "fund not committed", lambda now: float(now.places.communities.balance.sum())),
    "fund_committed": (
        "yuan",
        "fund committed, not paid",
        lambda now: float(now.places.communities.committed.sum()),
    ),
    "precedents": (
        "classes",
        "force of the committee's precedents, added up",
        lambda now: float(now.city.committee.precedent.sum()),
    ),
    "rulings": ("rulings", "rulings since the start", lambda now: float(len(now.city.committee.minutes))),
    "approval": ("1", "surveyed approval of how communities are built", lambda now: now.city.survey.approval),
    "perceived_change": (
        "1",
        "surveyed share who see a change for the better",
        lambda now: now.city.survey.perceived_change,
    ),
    "true_approval": (
        "1",
        "share of all adults who approve as they feel",
        lambda now: now.city.survey.true_approval,
    ),
    "true_change": (
        "1",
        "share of all adults who feel a change for the better",
        lambda now: now.city.survey.true_change,
    ),
    "approval_complainants": (
        "1",
        "surveyed approval of those who complained in the last year",
        lambda now: now.city.survey.approval_complainants,
    ),
    "true_approval_complainants": (
        "1",
        "share of all adults who complained in the last year who approve as they feel",
        lambda now: now.city.survey.true_approval_complainants,
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
        now = Now(self.city)
        stocks = [measure(now) for _, _, measure in STOCKS.values()]
        self.weeks.append(self.city.week)
        self._rows.append(np.concatenate([self.city.tally, stocks]))

    @property
    def values(self) -> np.ndarray:
        """All rows: (weeks, series)."""
        return np.array(self._rows).reshape(len(self._rows), len(SERIES))

    def latest(self) -> list[float]:
        """The newest value of every series; NaN before the first week."""
        return self._rows[-1].tolist() if self._rows else [float("nan")] * len(SERIES)

    def state(self) -> tuple[list[int], list[np.ndarray]]:
        """What was recorded so far; rows are never changed."""
        return list(self.weeks), list(self._rows)

    def restore(self, state: tuple[list[int], list[np.ndarray]]) -> None:
        """Take back what :meth:`state` gave."""
        self.weeks, self._rows = list(state[0]), list(state[1])


class Collector(DataCollector):
    """Mesa's data collector, filled a row at a time, where Mesa would ask for each series and copy what it got."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(model_reporters=dict.fromkeys(SERIES, recorder.latest))
        self._recorder = recorder

    def collect(self, model: mesa.Model) -> None:
        """Add the newest value of every series to its list in ``model_vars``."""
        self._collection_steps.append(model.time)
        for values, value in zip(self.model_vars.values(), self._recorder.latest(), strict=True):
            values.append(value)
