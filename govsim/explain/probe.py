"""The probe: notes, week by week as a city steps, what stories need, and changes nothing.

It stands around methods of the week and reads tables before and after them. What a rule saw at the moment of a decision
within a day (how much work waited at a desk, which hands were still free) is worked back from the queue's tickets and
the order of the hand-offs, so the city keeps no column for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.recfunctions import repack_fields

from govsim import cases as c
from govsim.explain import watching
from govsim.explain.notes import Notes, Week
from govsim.processes.experience import lived_performance

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.explain.case import CaseStory
    from govsim.explain.community import CommunityStory
    from govsim.explain.compound import CompoundStory
    from govsim.explain.examples import Example
    from govsim.explain.resident import ResidentStory

__all__ = ["Probe"]

SETTLEMENTS = (
    "property_quality", "property_own", "dismissals", "fees", "conflict", "owners_committee", "owners_party", "votes",
    "party", "known_members", "pledged", "hands", "covenant", "covenant_work", "pilot_due", "pilot", "shown", "works",
    "ties", "remembered", "registered_share", "station", "gated", "environment", "need", "responsiveness",
    "joined_share", "mean_satisfaction", "mean_trust", "patrol", "unmet", "structures",
)  # fmt: skip
COMMUNITIES = (
    "publicity", "knowledge", "balance", "committed", "accrued", "spent", "projects", "match_pledged", "time_lost",
    "registered_share", "works_balance", "pilots", "groups", "groups_outside",
)  # fmt: skip
GRIDS = ("workers", "casework", "strain", "leavers", "patrol")
DESKS = ("hours", "arrived", "served", "asked", "load")

LIVED = np.dtype(
    [(name, "f8") for name in ("performance", "environment", "responsiveness", "need", "time_lost", "neighbours")]
)
"""What moves attitudes in one week: lived performance before taste, its parts (time lost as a share of what could be),
and neighbours' mean satisfaction before."""
JOINING = np.dtype([("environment", "f8"), ("mobilised", "f8")])

FLAGS = ("joined", "registered")
ATTITUDES = ("satisfaction", "expectation", "trust")


class Probe:
    """Notes what happens in a city, from the week in which it is attached, and tells it as stories.

    It takes about as much memory as the cases and settlements of each week; residents are noted when it begins, and
    what moves them is worked out again when somebody asks. A city is told of with or without a past: attached in the
    middle, the probe knows the steps of earlier hand-offs and not what was decisive in them.

    Attributes:
        city: the city.
        notes: what was noted.
        world: name of the city's world, for stories that compare two.

    Raises:
        LookupError: this city keeps no hand-offs (``record.handoffs``).
    """

    def __init__(self, city: City, world: str = "", notes: Notes | None = None) -> None:
        if not city.handoffs.keep:
            raise LookupError("this city keeps no hand-offs; set record.handoffs=on")
        self.city = city
        self.world = world
        people = {name: getattr(city.residents, name).copy() for name in (*ATTITUDES, *FLAGS)}
        people["pledge"] = city.members.pledge.copy()
        self.notes = notes or Notes(first=city.week, since=int(city.handoffs.count[0]), people=people)
        self._flags = {name: now.copy() for name, now in self._now().items()}
        self._attach()

    def fork(self, city: City, world: str = "") -> Probe:
        """A probe of another city that goes on from the same week, with the same past.

        Raises:
            ValueError: it stands in another week.
        """
        if city.week != self.city.week:
            raise ValueError(f"the other city stands in week {city.week}, this one in week {self.city.week}")
        return Probe(city, world, self.notes.copy())

    @property
    def since(self) -> int:
        """Week from which stories of places and people are told: the warm-up, which begins anywhere, is left out."""
        return max(0, self.notes.first) if self.city.week > 0 else self.notes.first

    # --- stories

    def case(self, case_id: int) -> CaseStory:
        """The life of a case so far.

        Raises:
            KeyError: no such case has been raised.
        """
        from govsim.explain.case import tell

        return tell(self, case_id)

    def compound(self, settlement: int) -> CompoundStory:
        """What became of a compound, or of the open part of a community, by its row in the settlements.

        Raises:
            IndexError: there is no such settlement.
        """
        from govsim.explain.compound import tell

        return tell(self, settlement)

    def community(self, community: int) -> CommunityStory:
        """What became of a community.

        Raises:
            IndexError: there is no such community.
        """
        from govsim.explain.community import tell

        return tell(self, community)

    def resident(self, resident: int) -> ResidentStory:
        """What a resident lived through, what moved them, and whether they take part.

        Raises:
            IndexError: there is no such resident.
        """
        from govsim.explain.resident import tell

        return tell(self, resident)

    def cases(self) -> set[int]:
        """Identities of all cases that have been raised so far."""
        city = self.city
        open_ones = city.cases.id[(city.cases.stage > c.DORMANT) & (city.cases.stage < c.CURED)]
        return {*open_ones.tolist(), *city.archive.table()["id"].tolist()}

    def examples(self) -> list[Example]:
        """A few instructive cases, places and residents so far, to ask for."""
        from govsim.explain.examples import examples

        return examples(self)

    # --- noting

    def _attach(self) -> None:
        city = self.city
        self._around(city.incidence, "raise_cases", before=Probe._open)
        self._around(city.detection, "find", watching.mark, watching.found)
        self._around(city.in_compounds, "settle", watching.before_compounds, watching.in_compounds)
        self._around(city.street_desks, "dispatch", watching.before_streets, watching.at_streets)
        self._around(city.branch_desks, "serve", watching.before_branches, watching.at_branches)
        self._around(city.persuasion, "visit", watching.before_visits, watching.visits)
        self._around(city.participation, "join", before=Probe._join)
        self._around(city.experience, "live_through_the_week", Probe._feel, Probe._lived)
        self._around(city.offices, "close_the_week", after=Probe._close)

    def _around(self, actor: Any, name: str, before: Callable[..., Any] | None = None, after: Any = None) -> None:
        """Stand around a method of one actor: ``before(probe, *args)``, and ``after(probe, what that gave, *args)``."""
        method = getattr(actor, name)

        def watched(*args: Any) -> Any:
            seen = before(self, *args) if before else None
            result = method(*args)
            if after:
                after(self, seen, *args)
            return result

        setattr(actor, name, watched)

    def _open(self) -> None:
        city = self.city
        places = city.places
        tables = {
            "settlements": _chosen(places.settlements, SETTLEMENTS),
            "communities": _chosen(places.communities, COMMUNITIES),
            "grids": _chosen(places.grids, GRIDS),
            "desks": _chosen(city.desks, DESKS),
        }
        self._week = Week(city.week, city.rules, tables)

    def _join(self) -> None:
        settlements = self.city.places.settlements
        joining = np.empty(len(settlements), JOINING)
        for name in JOINING.names or ():
            joining[name] = getattr(settlements, name)
        self._week = replace(self._week, joining=joining)

    def _feel(self) -> np.ndarray:
        city = self.city
        _, people, felt = city.reckoning.answers
        hardened = city.persuasion.hardened
        felt = np.concatenate([people, hardened]), np.concatenate([felt, np.zeros(len(hardened))])
        self._week = replace(self._week, felt=felt)
        return city.places.settlements.mean_satisfaction.copy()

    def _lived(self, neighbours: np.ndarray) -> None:
        city, settlements = self.city, self.city.places.settlements
        hours = city.places.communities.time_lost[settlements.community] + city.p.gate_hours * settlements.gated
        lived = np.empty(len(settlements), LIVED)
        lived["time_lost"] = hours / (hours + city.p.time_half)
        lived["performance"] = lived_performance(settlements, lived["time_lost"], city.p)
        lived["neighbours"] = neighbours
        for name in ("environment", "responsiveness", "need"):
            lived[name] = getattr(settlements, name)
        self._week = replace(self._week, lived=lived)

    def _close(self, _: None) -> None:
        flips = {name: np.flatnonzero(now != self._flags[name]) for name, now in self._now().items()}
        pledges = flips.pop("pledge")
        pledged = pledges, self.city.members.pledge[pledges]
        self._flags = {name: now.copy() for name, now in self._now().items()}
        self.notes.weeks.append(replace(self._week, flips=flips, pledges=pledged))

    def _now(self) -> dict[str, np.ndarray]:
        """What is compared from one week to the next."""
        residents = self.city.residents
        return {"joined": residents.joined, "registered": residents.registered, "pledge": self.city.members.pledge}


def _chosen(table: Any, columns: tuple[str, ...]) -> np.ndarray:
    """Some columns of a table as they are now."""
    return repack_fields(np.asarray(table.columns)[list(columns)])
