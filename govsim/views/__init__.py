"""Views: every agent as an object, over the tables that hold its state.

Every level of the city is a table and every agent a row. A table of a city gives the view of a row, as in
``city.residents[i]``, ``city.places.communities[j]`` or ``city.desks[d]``, and ``city.cases[id]`` that of a case.
A view holds the city and the row and nothing else, and reads the columns when it is asked. So anyone can walk
from a resident's window to the committee and back::

    for step in city.residents[7].cases[0].handoffs:
        print(step, step.ruling)

In a place no larger than a district the views of streets, communities, grids, compounds and open parts are
agents of Mesa, and settlements stand on its lattice; in a larger place they are the same classes, made when
asked for. Views read; only institutions and processes write.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from mesa.discrete_space import OrthogonalVonNeumannGrid

from govsim.views.base import Rows, View
from govsim.views.cases import Case, CaseId, HandOff, Ruling
from govsim.views.offices import Branch, Office, office
from govsim.views.people import Building, Household, Member, Resident
from govsim.views.territory import Community, Compound, Grid, OpenPart, Settlement, Street, Unit, settlement

if TYPE_CHECKING:
    from govsim.city import City

__all__ = [
    "Branch",
    "Building",
    "Case",
    "CaseId",
    "Community",
    "Compound",
    "Grid",
    "HandOff",
    "Household",
    "Member",
    "Office",
    "OpenPart",
    "Resident",
    "Rows",
    "Ruling",
    "Settlement",
    "Street",
    "Unit",
    "View",
    "attach",
    "compounds",
]


def compounds(city: City) -> Rows[Compound]:
    """The compounds of a city, without the open parts of communities."""
    return Rows(city.places.settlements.__getitem__, np.flatnonzero(city.places.settlements.is_compound))


def attach(city: City, enlist: bool) -> OrthogonalVonNeumannGrid | None:
    """Give every table of a city its views.

    Args:
        city: a city with its tables built.
        enlist: whether streets, communities, grids and settlements are agents of Mesa.

    Returns:
        Mesa's lattice, on which settlements stand at (``x``, ``y``); None where they are no agents.
    """
    places = city.places
    city.residents.view = partial(Resident, city)
    city.members.view = partial(Member, city)
    city.cases.view = partial(Case, city)
    city.desks.view = partial(office, city)
    places.households.view = partial(Household, city)
    places.buildings.view = partial(Building, city)
    places.districts.view = city.districts.__getitem__
    tiers = (
        (places.streets, Street),
        (places.communities, Community),
        (places.grids, Grid),
        (places.settlements, settlement),
    )
    for table, view in tiers:
        make = partial(view, city, enlisted=enlist)
        table.view = [make(row) for row in range(len(table))].__getitem__ if enlist else make
    if not enlist:
        return None
    lattice = OrthogonalVonNeumannGrid((places.width, places.height), random=city.random)
    for home in places.settlements:
        home.cell = lattice[home.x, home.y]
    return lattice
