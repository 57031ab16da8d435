"""A compound as one comes to know it: how it stands in both worlds, and its story and those of its cases in one."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from govsim import cases as c
from govsim.app.picture import data_url
from govsim.app.twins import WORLDS, Twins
from govsim.city import City
from govsim.compare.words import number
from govsim.explain import Between, Line, between
from govsim.explain.words import names
from govsim.language import _, date_in_words
from govsim.places import ARCHETYPES
from govsim.plot import way
from govsim.plot.style import figure_of, styled
from govsim.plot.ways import Stay, stays
from govsim.views import Case

__all__ = ["Fact", "cases", "course", "facts", "life", "lives", "picture_of_way", "story", "title"]


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


def cases(twins: Twins, row: int, world: str, chosen: int) -> dict[int, str]:
    """Known cases of a settlement in one world, those to which something happened last first; hold their lock.

    Each by its identity, with its kind, the date on which it arose, and where it is. The one that was chosen stays
    among them for as long as either world has it.
    """
    if world not in twins.probes:
        return {}
    load = twins.probes[world].compound(row).cases
    ids = [*(recent.id for recent in reversed(load.last)), *(brief.id for brief in load.open if brief.found)]
    if chosen >= 0 and c.settlement_of.py_func(chosen) == row:
        ids.append(chosen)
    cities = [twins.cities[world], *twins.cities.values()]
    found = {which: next((city.cases[which] for city in cities if which in city.cases), None) for which in ids}
    return {which: _brief(case) for which, case in found.items() if case}


def _brief(case: Case) -> str:
    fields = {"kind": names.capital(names.name(case.kind)), "date": date_in_words(case.raised_on)}
    return _("{kind}, {date} ({stage})", stage=_(case.stage), **fields)


def lives(twins: Twins, which: int) -> Between:
    """The life of a case in both worlds; hold the twins' lock."""
    return between(twins.probes["policy"], twins.probes["baseline"], case=which)


def life(case: Between, world: str) -> list[Line]:
    """The story of a case in one world."""
    told = case.here if world == "policy" else case.there
    return (told or case).lines()


def course(case: Between) -> list[tuple[list[Stay], int]]:
    """Who had a case when, and how much befell it, in each world that has it: as long as that is so, so is its way."""
    return [(stays(life), len(life.steps)) for life in (case.here, case.there) if life]


@styled
def picture_of_way(case: Between) -> str:
    """The way of a case in both worlds as an image for a page."""
    ax = Figure(figsize=(4.3, 4.6), dpi=160, layout="constrained").add_subplot()
    way(case, ax).set_title("")  # the words above say it
    file = io.BytesIO()
    figure_of(ax).savefig(file)
    return data_url(file)


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
