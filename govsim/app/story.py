"""A compound as one comes to know it: how it stands in both worlds, and its story in one of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from govsim import cases as c
from govsim.app.twins import WORLDS, Twins
from govsim.city import City
from govsim.compare.words import number
from govsim.explain import Line
from govsim.language import _
from govsim.places import ARCHETYPES

__all__ = ["Fact", "facts", "story", "title"]


class Fact(NamedTuple):
    """One line of a story: what it is, and how it is in each world."""

    words: str
    baseline: str
    policy: str

    @property
    def same(self) -> bool:
        """Whether both worlds agree."""
        return self.baseline == self.policy


def title(twins: Twins, row: int) -> str:
    """Name of a settlement."""
    table = twins.cities["policy"].places.settlements
    kind = _(ARCHETYPES[table.archetype[row]])
    return _("{kind} no. {number}", kind=kind[:1].upper() + kind[1:], number=row)


def story(twins: Twins, row: int, world: str) -> list[Line]:
    """What became of a settlement in one world since the twins opened; hold their lock."""
    return twins.probes[world].compound(row).lines() if world in twins.probes else []


def facts(twins: Twins, row: int) -> list[Fact]:
    """What can be read of a settlement in the tables of both worlds; hold their lock."""
    both = [_facts(twins.cities[world], row) for world in WORLDS]
    return [Fact(words, *(facts[words] for facts in both)) for words in both[0]]


def _facts(city: City, row: int) -> dict[str, str]:
    table = city.places.settlements
    cases = city.cases
    here = (cases.settlement == row) & (cases.stage >= c.LATENT) & (cases.stage <= c.PAPER)
    stages = np.bincount(cases.stage[here], minlength=len(c.STAGES))
    found = {
        _("Residents"): f"{table.residents[row]:,}",
        _("Buildings"): f"{table.buildings[row]:,}",
        _("Party members"): f"{table.members[row]:,}",
        _("Satisfaction"): number(float(table.mean_satisfaction[row]), 2),
        _("Trust"): number(float(table.mean_trust[row]), 2),
        _("Take part"): f"{table.joined_share[row]:.0%}",
        _("Environment"): number(float(table.environment[row]), 2),
        _("Problems nobody knows"): f"{stages[c.LATENT]:,}",
        _("Known and open"): f"{stages[c.COMPOUND : c.PAPER].sum():,}",
        _("Closed on paper, still there"): f"{stages[c.PAPER]:,}",
    }
    if table.is_compound[row]:
        found |= {
            _("Quality of the property company"): number(float(table.property_quality[row]), 2),
            _("Owners' committee"): _yes(table.owners_committee[row]),
            _("Party organisation"): _yes(table.party[row]),
            _("Members who pledged"): f"{table.pledged[row]:,}",
            _("Covenant is kept"): f"{table.covenant[row]:.0%}",
            _("Renovated"): f"{table.works[row]:.0%}",
        }
    return found


def _yes(so: bool) -> str:
    return _("yes") if so else _("no")
