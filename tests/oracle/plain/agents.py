"""Who there is: an object a resident, member, household, settlement, grid, community, street, district, desk, case."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from govsim import cases, places, residents
from govsim.institutions import queue
from plain.rows import Row

__all__ = [
    "Case", "Committee", "Community", "Desk", "District", "Grid", "Household", "Kind", "Member", "Resident",
    "Settlement", "Street", "Survey",
]  # fmt: skip

Kind = SimpleNamespace
"""A kind of cases: the fields of a row of ``Kinds`` by name, with ``name``, ``row``, and ``departments``, the rows of
the departments that it names."""


class Resident(Row, table=residents.Residents):
    """A resident. Lives in ``settlement``."""

    settlement: Settlement


class Member(Row, table=residents.Members, leave_out=("resident",)):
    """A Party member, who is the resident ``resident``."""

    resident: Resident


class Household(Row, table=places.Households, leave_out=("first_resident", "residents")):
    """A household; its first member speaks for it. Its row is its identity."""

    members: list[Resident]


class Settlement(Row, table=places.Settlements, leave_out=("community", "street", "district", "first_resident",
    "first_building", "buildings", "first_member", "members", "residents")):  # fmt: skip
    """A compound or the open part of a community.

    ``people`` is how many live here (the column ``residents``); ``grids`` has a pair (grid, share of its residents in
    that grid) for each grid that it lies in.
    """

    community: Community
    street: Street
    district: District
    people: int
    buildings: int
    residents: list[Resident]
    members: list[Member]
    households: list[Household]
    grids: list[tuple[Grid, float]]


class Grid(Row, table=places.Grids, leave_out=("community",)):
    """A grid of a community. ``settlements`` has a pair (settlement, share of its residents here) for each in it."""

    community: Community
    settlements: list[tuple[Settlement, float]]


class Community(Row, table=places.Communities, leave_out=("street", "first_settlement", "settlements", "first_grid",
    "grids")):  # fmt: skip
    """A community. ``residents`` is how many live in it; its office is ``desk``."""

    street: Street
    settlements: list[Settlement]
    grids: list[Grid]
    desk: Desk


class Street(Row, table=places.Streets, leave_out=("district", "first_community", "communities")):
    """A street. ``residents`` is how many live in its simulated part; its office is ``desk``."""

    district: District
    communities: list[Community]
    desk: Desk


class District(Row, table=places.Districts, leave_out=("first_street", "streets")):
    """A district. ``branches`` has the desk of each department's branch, by the department's row."""

    streets: list[Street]
    branches: list[Desk]


class Desk(Row, table=queue.Desks, leave_out=("owner", "head", "tail", "length")):
    """An office. ``queue`` holds its cases, the next one first; ``department`` is a row, for a branch only.

    ``place`` is the community, street or district that it is of.
    """

    queue: list[Case]
    place: Any
    department: int | None


class Case(Row, table=cases.Cases, leave_out=("settlement", "resident", "kind", "desk", "next")):
    """A case. Its ``row`` means nothing; ``id`` is its identity.

    ``desk`` is the desk in whose queue it stands, or None; ``under_way`` says that it is on a list of arrivals.
    """

    settlement: Settlement
    resident: Resident
    kind: Kind
    desk: Desk | None = None
    under_way: bool = False


class Committee:
    """The coordinating committee's memory, by rows of kinds and departments: lists of lists, as in ``govsim``."""

    precedent: list[list[float]]
    backed: list[list[float]]
    named: list[int]
    named_strength: list[float]
    expected: list[float]
    docket: list[list[float]]
    finished: list[list[float]]
    minutes: list[tuple[int, int, int, int]]
    hours: float


class Survey(SimpleNamespace):
    """The last survey's results by name, NaN before the first."""
