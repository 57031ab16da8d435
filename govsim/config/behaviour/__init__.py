"""Behaviour: the parameters of every mechanism, a file each, all in one flat namespace in the order of the week.

Probabilities a day are hazards; "working day" is the unit of all case clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from govsim.config.behaviour.community import Community
from govsim.config.behaviour.compound import Compound
from govsim.config.behaviour.covenant import Covenant
from govsim.config.behaviour.culture import Culture
from govsim.config.behaviour.departments import Departments
from govsim.config.behaviour.detection import Detection
from govsim.config.behaviour.experience import THEORIES, Experience
from govsim.config.behaviour.facilities import Facilities
from govsim.config.behaviour.funding import Funding
from govsim.config.behaviour.grid_work import GridWork
from govsim.config.behaviour.incidence import Incidence
from govsim.config.behaviour.offices import Offices
from govsim.config.behaviour.owners import Owners
from govsim.config.behaviour.participation import Participation
from govsim.config.behaviour.party import Party
from govsim.config.behaviour.persuasion import Persuasion
from govsim.config.behaviour.platform import Platform
from govsim.config.behaviour.renovation import Renovation
from govsim.config.behaviour.street import Street
from govsim.config.behaviour.survey import Survey
from govsim.config.parameters import describe

__all__ = ["THEORIES", "Behaviour", "values"]


@dataclass
class Behaviour(
    # fields of the last base come first
    Survey,
    Experience,
    Platform,
    Culture,
    Participation,
    Covenant,
    Persuasion,
    Owners,
    Party,
    Renovation,
    Funding,
    Offices,
    Departments,
    Street,
    Community,
    Compound,
    Facilities,
    GridWork,
    Detection,
    Incidence,
):
    """How people and offices behave. A theory file sets only what it says differently."""


_FACTS = {name: facts for name, facts, _ in describe(Behaviour)}
_RECORD = np.dtype([(name, np.float64) for name in _FACTS])


class Numbers(np.ndarray):
    """All numbers of a behaviour, each an attribute (float64); a kernel reads them as ``p = numbers[0]``.

    To a kernel they are one record: a tuple of a hundred floats would be a hundred arguments to compile. To Python
    they are attributes of their own: numpy takes microseconds to look a field up in a record.
    """

    def __new__(cls, values: Iterable[float]) -> Self:
        """One record of these values, in the order of the fields."""
        each = np.array(list(values), dtype=np.float64)
        numbers = each.view(_RECORD).view(cls)
        vars(numbers).update(zip(_RECORD.names or (), each, strict=True))
        return numbers

    def __reduce__(self) -> Any:
        return Numbers, (list(vars(self).values()),)

    def __deepcopy__(self, memo: Any) -> Self:
        return self  # nobody writes them


def values(behaviour: Behaviour) -> Any:
    """The numbers of a behaviour, which processes call ``p``; a theory is the index of its name in its choices."""
    each = ((facts, getattr(behaviour, name)) for name, facts in _FACTS.items())
    return Numbers([facts.choices.index(value) if facts.choices else value for facts, value in each])
