"""What the colour of the picture can show: of residents where the value is a resident's, else of their compound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from govsim import cases as c
from govsim.app.ground import Ground
from govsim.calendar import QUARTER
from govsim.city import City
from govsim.measures.record import recent_unmet

__all__ = ["SHOWN", "Shown"]

STRUCTURES = "unauthorised_structures"


@dataclass(frozen=True)
class Shown:
    """One thing that the picture can show.

    Attributes:
        label, unit, meaning: for the reader, in English.
        of: its value in each building of a city: (buildings,).
        low, high: values at the ends of the colour scale, the same in every week and world.
        spread: difference between worlds at either end of the scale of differences.
        colours: a colour map of matplotlib, in which bright is better; or a colour for each step.
        steps: words for the values 0, 1, … where the value is a step and no amount.
        percent: whether it is a share, to be written in percent.
    """

    label: str
    unit: str
    meaning: str
    of: Callable[[City, Ground], np.ndarray]
    low: float
    high: float
    spread: float
    colours: str | tuple[str, ...] = "viridis"
    steps: tuple[str, ...] = ()
    percent: bool = False

    @property
    def more_is_worse(self) -> bool:
        """Whether a high value is bad news."""
        return isinstance(self.colours, str) and self.colours.endswith("_r")


def _compound(column: str) -> Callable[[City, Ground], np.ndarray]:
    """A column of settlements, as every building of a settlement has it."""

    def of(city: City, ground: Ground) -> np.ndarray:
        return getattr(city.places.settlements, column)[city.places.buildings.settlement].astype(np.float64)

    return of


def _resident(column: str) -> Callable[[City, Ground], np.ndarray]:
    """A column of residents, as the mean of a building."""
    return lambda city, ground: ground.of_residents(getattr(city.residents, column))


def _unmet(city: City, ground: Ground) -> np.ndarray:
    return recent_unmet(city, QUARTER)[city.places.buildings.settlement]


def _open(city: City, ground: Ground, kind: str | None = None) -> np.ndarray:
    """Open problems in each building per 100 residents, of one kind or of all; found or not."""
    cases = city.cases
    there = (cases.stage >= c.LATENT) & (cases.stage <= c.PAPER)
    if kind is not None:
        there &= c.kind_of.py_func(cases.id) == city.kinds.names.index(kind)
    building = np.searchsorted(ground.first_resident, cases.resident[there], side="right") - 1
    return 100.0 * np.bincount(building, minlength=len(city.places.buildings)) / ground.residents


def _structures(city: City, ground: Ground) -> np.ndarray:
    if STRUCTURES not in city.kinds.names:
        return np.zeros(len(city.places.buildings))
    return _open(city, ground, STRUCTURES)


def _party(city: City, ground: Ground) -> np.ndarray:
    settlements = city.places.settlements
    steps = (settlements.known_members > 0).astype(np.float64)
    steps[settlements.pledged > 0] = 2.0
    steps[settlements.party] = 3.0
    return steps[city.places.buildings.settlement]


SHOWN: dict[str, Shown] = {
    "unmet": Shown(
        "Unmet need",
        "case-days per 1,000 residents and week",
        "days that people live with a problem, weighted by its severity, found or not; mean of the last quarter",
        _unmet, 0.0, 500.0, 250.0, "viridis_r",
    ),
    "open": Shown(
        "Open problems",
        "problems per 100 residents of a building",
        "problems that are there now, found or not, closed on paper or not",
        _open, 0.0, 15.0, 10.0, "viridis_r",
    ),
    "satisfaction": Shown(
        "Satisfaction",
        "mean of residents, 0 to 1",
        "how content residents are with their community, as they feel",
        _resident("satisfaction"), 0.2, 0.8, 0.3,
    ),
    "trust": Shown(
        "Trust",
        "mean of residents, 0 to 1",
        "residents' trust that problems are dealt with, as they feel",
        _resident("trust"), 0.3, 0.7, 0.2,
    ),
    "joined": Shown(
        "Residents who take part",
        "share of residents",
        "residents who take part in community affairs",
        _resident("joined"), 0.0, 0.6, 0.5, percent=True,
    ),
    "environment": Shown(
        "Environment",
        "0 to 1",
        "state of courtyards, wires, facilities and greenery of the compound",
        _compound("environment"), 0.1, 0.9, 0.4,
    ),
    "party": Shown(
        "Party organisation",
        "",
        "how far the Party is organised in the compound",
        _party, -0.5, 3.5, 3.0, ("#D9D9D9", "#9ECAE1", "#3182BD", "#C8503C"),
        ("nobody known", "members known", "members pledged", "organisation"),
    ),
    "structures": Shown(
        "Unauthorised structures",
        "structures per 100 residents of a building",
        "unauthorised structures that stand, found or not",
        _structures, 0.0, 4.0, 3.0, "viridis_r",
    ),
}  # fmt: skip
"""What can be shown, by key; the first is shown first."""
