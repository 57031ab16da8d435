"""The ground of a place: which pixel of its picture belongs to which building, grid, community and street.

Compounds lie on the lattice, a square cell each. Inside its cell a compound's buildings stand in rows, walked to and
fro, so that the grids, which are slices of residents, are connected there too, with a yard around them and open land
to the border of the cell: one sees whether it holds a hamlet or a town. All of this is worked out once for a place.
"""

from __future__ import annotations

from functools import cached_property
from math import ceil, sqrt

import numpy as np

from govsim.places import Places

__all__ = ["Ground"]

_WIDEST = 1_200
"""Pixels of the picture along its longer side, about."""

_LARGEST_CELL, _SMALLEST_CELL = 240, 5
_MARGIN = 0.07  # of a cell: between buildings and the border of the cell; half of it is yard
_LARGEST_BUILDING = 0.17  # of a cell
_FEWEST_PIXELS = 3  # of a building: smaller ones are not told apart, and the compound is one surface

PAPER, LAND, GAP, GRID, COMMUNITY, STREET = range(6)
"""What else a pixel can be: nobody's cell, open land, and lines between cells, grids, communities and streets."""


class Ground:
    """Where things are in the picture of a place; nothing in it changes with the weeks.

    Attributes:
        cell: pixels along a side of a cell.
        width, height: pixels of the picture.
        columns, rows: cells of the lattice; row 0 is at the bottom.
        index: (height, width) int32, what each pixel shows: one of the six above, else ``buildings_from`` + a
            building, else ``yards_from`` + the settlement in whose yard it lies.
        borders: the tiers whose borders are drawn.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.columns, self.rows = places.width, places.height
        self.cell = int(np.clip(_WIDEST // max(self.columns, self.rows), _SMALLEST_CELL, _LARGEST_CELL))
        self.width, self.height = self.columns * self.cell, self.rows * self.cell
        self.buildings_from = STREET + 1
        self.yards_from = self.buildings_from + len(places.buildings)
        self.entries = self.yards_from + len(places.settlements)
        self.borders: tuple[str, ...] = ()
        self.index = self._lay_out()

    @cached_property
    def first_resident(self) -> np.ndarray:
        """Row of the first resident of each building: (buildings,)."""
        return self.places.households.first_resident[self.places.buildings.first_household]

    @cached_property
    def residents(self) -> np.ndarray:
        """Residents of each building: (buildings,)."""
        return np.diff(np.append(self.first_resident, self.places.population))

    @cached_property
    def grid(self) -> np.ndarray:
        """The grid of each building, in which its middle resident lives: (buildings,)."""
        places, communities = self.places, self.places.communities
        community = places.settlements.community[places.buildings.settlement]
        until = np.cumsum(communities.residents)
        start = (until - communities.residents)[community]
        middle = 2 * self.first_resident + self.residents - 2 * start
        number = middle * communities.grids[community] // (2 * communities.residents[community])
        return communities.first_grid[community] + number

    def of_residents(self, values: np.ndarray) -> np.ndarray:
        """Mean of a value of residents in each building: (buildings,) <- (residents,)."""
        return np.add.reduceat(values, self.first_resident, dtype=np.float64) / self.residents

    def of_yards(self, values: np.ndarray) -> np.ndarray:
        """Mean over residents of a value of buildings in each settlement: (settlements,) <- (buildings,)."""
        settlement, n = self.places.buildings.settlement, len(self.places.settlements)
        with np.errstate(invalid="ignore"):
            return np.bincount(settlement, values * self.residents, n) / np.bincount(settlement, self.residents, n)

    def at(self, column: int, row: int) -> int | None:
        """The settlement on a cell of the lattice, or None."""
        settlements = self.places.settlements
        here = np.flatnonzero((settlements.x == column) & (settlements.y == row))
        return int(here[0]) if len(here) else None

    # --- laying out

    def _lay_out(self) -> np.ndarray:
        places, cell = self.places, self.cell
        index = np.full((self.height, self.width), PAPER, np.int32)
        grid = np.full(index.shape, -1, np.int32)
        settlement = np.full(index.shape, -1, np.int32)
        for row in range(len(places.settlements)):
            # the first row of the lattice is at the bottom, the first row of an image at the top
            top = (self.rows - 1 - int(places.settlements.y[row])) * cell
            left = int(places.settlements.x[row]) * cell
            here = slice(top, top + cell), slice(left, left + cell)
            index[here], slots = self._compound(row)
            grid[here] = self.grid[slots] if len(slots) else -1
            settlement[here] = row
        self._draw_borders(index, grid, settlement)
        return index

    def _compound(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """The pixels of one cell, and the building to whose part of the cell each belongs."""
        cell, buildings = self.cell, self.places.buildings_of(row)
        yard, margin = self.yards_from + row, max(1, round(_MARGIN * cell))
        pixels = np.full((cell, cell), LAND, np.int32)
        n = len(buildings)
        if not n:
            return pixels, np.empty(0, np.int32)
        side = ceil(sqrt(n))
        pitch = min((cell - 2 * margin) / side, _LARGEST_BUILDING * cell)
        start = (cell - pitch * side) / 2.0
        along = np.clip(((np.arange(cell) - start) / pitch).astype(int), 0, side - 1)
        lines, columns = np.meshgrid(along, along, indexing="ij")
        columns = np.where(lines % 2, side - 1 - columns, columns)
        number = lines * side + columns
        slots = buildings.start + np.minimum(number, n - 1)
        edge = np.arange(cell) - start
        lane = max(1.0, 0.18 * pitch)
        inside = (edge >= -lane - margin / 2) & (edge < pitch * side + margin / 2)
        down = inside & (edge < pitch * ceil(n / side) + margin / 2)
        pixels[down[:, None] & inside[None, :]] = yard
        if pitch >= _FEWEST_PIXELS:
            built = (edge % pitch < pitch - lane) & (edge >= 0) & (edge < pitch * side)
            stands = built[:, None] & built[None, :] & (number < n)
            pixels[stands] = self.buildings_from + slots[stands]
        pixels[0, :] = pixels[:, 0] = GAP
        return pixels, slots

    def _draw_borders(self, index: np.ndarray, grid: np.ndarray, settlement: np.ndarray) -> None:
        """Lines between units of those tiers whose units are large enough to see."""
        places, table = self.places, self.places.settlements
        owner = np.append(table.community, -1)[settlement], np.append(table.street, -1)[settlement]
        tiers = (
            ("grids", GRID, grid, 2, len(places.grids)),
            ("communities", COMMUNITY, owner[0], 3, len(places.communities)),
            ("streets", STREET, owner[1], 5, len(places.streets)),
        )
        shown = []
        for name, line, unit, wide, count in tiers:
            too_fine = self.cell * sqrt(len(table) / count) < 12 * wide
            if too_fine or count == 1:
                continue
            across = np.diff(unit, axis=1) != 0
            down = np.diff(unit, axis=0) != 0
            for reach in range(-(wide // 2), wide - wide // 2):
                _mark(index, across, 1, reach, line)
                _mark(index, down, 0, reach, line)
            shown.append(name)
        self.borders = tuple(shown)


def _mark(index: np.ndarray, differs: np.ndarray, axis: int, reach: int, line: int) -> None:
    """Draw the pixels beside a border as a line, so far to one side of it."""
    places = list(np.nonzero(differs))
    places[axis] = np.clip(places[axis] + reach, 0, index.shape[axis] - 1)
    index[tuple(places)] = line
