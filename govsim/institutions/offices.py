"""The offices of a place as one desk table: communities, then streets, then branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govsim import flows
from govsim.calendar import WORKING_DAYS
from govsim.institutions.queue import (
    BRANCH_DESK,
    COMMUNITY_DESK,
    STREET_DESK,
    Desks,
    background_hours,
    close_week,
)
from govsim.process import Process

if TYPE_CHECKING:
    from govsim.config.schema import Config
    from govsim.places import Places

__all__ = ["Offices", "build_desks"]

_LOAD_SMOOTHING = 0.15  # a branch feels its load of about the last two months
_FIXED_SMOOTHING = 0.05  # a fixed background keeps its luck for ever, so it is the mean of about 40 weeks


def build_desks(config: Config, places: Places) -> Desks:
    """Desks with the hours they have before any policy.

    A street or district of which only a part is simulated keeps the hours of the whole.
    """
    communities, streets, districts = len(places.communities), len(places.streets), len(places.districts)
    departments = np.array([d.hours for d in config.departments.values()])
    n = len(departments)
    street_residents = places.streets.residents / places.street_share
    district_residents = places.districts.residents / places.district_share
    return Desks(
        communities + streets + districts * n,
        tier=np.repeat([COMMUNITY_DESK, STREET_DESK, BRANCH_DESK], [communities, streets, districts * n]),
        owner=np.concatenate([np.arange(communities), np.arange(streets), np.arange(districts * n)]),
        share=np.concatenate([
            np.ones(communities),
            np.full(streets, places.street_share),
            np.full(districts * n, places.district_share),
        ]),
        base_hours=np.concatenate([
            np.zeros(communities),  # set each week: what certificates leave
            config.before.street_hours * street_residents / 1_000.0 / WORKING_DAYS,
            np.outer(district_residents / 1_000.0, departments).ravel() / WORKING_DAYS,
        ]),
    )  # fmt: skip


class Offices(Process):
    """Opens and closes the week of all desks, and keeps the part of a district that is not simulated.

    Attributes:
        streets, branches: first and last-plus-one row of these desks.
        communities_in, streets_in, branches_in: (districts + 1,) first desk of each district, and the end.
    """

    reads = ("desks.*",)
    writes = (
        "background",
        "desks.usual",
        "desks.usual_before",
        "desks.load",
        "desks.inflow",
        "desks.used",
        "desks.offered",
        "tally.branch_hours",
        "tally.branch_hours_used",
    )

    def __init__(self, city) -> None:
        super().__init__(city)
        places = city.places
        first = len(places.communities)
        self.streets = (first, first + len(places.streets))
        self.branches = (self.streets[1], len(city.desks))
        n = city.n_departments
        of_districts = places.districts.first_street
        self.communities_in = np.append(places.streets.first_community[of_districts], first)
        self.streets_in = np.append(first + of_districts, self.streets[1])
        self.branches_in = self.streets[1] + n * np.arange(len(of_districts) + 1)
        self._group = np.concatenate([
            np.arange(first),
            first + np.arange(len(places.streets)),
            self.streets[1] + np.arange(self.branches[1] - self.branches[0]) // n,
        ])  # fmt: skip

    def open_the_week(self) -> None:
        """Background work of each working day of this week."""
        city = self.city
        city.background = background_hours(
            city.desks.columns, self._group, city.config.background == "mirrored" or city.week < 0, city.p.pooling,
            city.p.smoothing,
        )  # fmt: skip

    def close_the_week(self) -> None:
        """Count utilisation, and let usual work and load follow the week."""
        city, desks = self.city, self.city.desks
        first, last = self.branches
        part = desks.share[first:last]
        city.tally[flows.BRANCH_HOURS_USED] += (desks.used[first:last] * part).sum()
        city.tally[flows.BRANCH_HOURS] += (desks.offered[first:last] * part).sum()
        so_far = 1.0 / (city.clock_week + 1)  # a plain mean at first, or the start at nothing would linger
        if city.week < 0:
            came = desks.inflow / WORKING_DAYS
            desks.usual_before[:] = np.maximum(
                0.0, desks.usual_before + max(_FIXED_SMOOTHING, so_far) * (came - desks.usual_before)
            )
        close_week(desks.columns, max(city.p.smoothing, so_far), max(_LOAD_SMOOTHING, so_far))

    def load(self) -> float:
        """Smoothed utilisation of branches, weighted by their hours."""
        desks, here = self.city.desks, slice(*self.branches)
        hours = desks.base_hours[here]
        return float((desks.load[here] * hours).sum() / max(hours.sum(), 1e-9))

    def backlog(self) -> float:
        """Work waiting at branches in weeks of their time."""
        desks, here = self.city.desks, slice(*self.branches)
        waiting = (desks.arrived[here] - desks.served[here] + desks.asked[here]).sum()
        return float(waiting / max(WORKING_DAYS * desks.hours[here].sum(), 1e-9))
