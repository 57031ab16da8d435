"""Compound: neighbours, owners' committee and property company settle what they can themselves.

Rule. A case of which a share ``in_compound`` could be settled at best is settled with probability

    in_compound x information x consent x execution
    information = 1 - (1 - base) x (1 - property quality) x (1 - information_party, where there is a Party organisation)
    consent     = (base + owners' committee + joined + Party organisation, each with its weight, at most 1) x peace
    execution   = 1 - (1 - base) x (1 - property quality x peace) x (1 - hands / (hands + hands_half))
    peace       = 1 - conflict_cost x conflict between owners and property company

once, when the compound has had it for ``compound_days``; otherwise it goes to the community. ``hands`` is the time that
Party members still have this week. Three partners, three factors: no term rewards having them all. Where there is a
service station its staff first settle the share ``at_station`` of a kind, as far as their hours go. Open parts of a
community have no compound and skip all this. Leaves out: what residents pay for repairs, and lawsuits.
"""

from __future__ import annotations

from govsim import cases as c
from govsim import draws, flows
from govsim.institutions.queue import in_order
from govsim.jit import kernel
from govsim.process import Process

SETTLES = draws.name("compound.settles")
AT_STATION = draws.name("station.settles")


class Compound(Process):
    """Settles cases in compounds."""

    reads = (
        "cases.*",
        "settlements.property_quality",
        "settlements.owners_committee",
        "settlements.joined_share",
        "settlements.party",
        "settlements.conflict",
        "settlements.hands",
        "settlements.station",
    )
    writes = (
        *c.MOVED,
        "settlements.hands_used",
        "settlements.station_hours",
        "ways.compound",
        "ways.community",
        "handoffs",
        "tally.settled_in_compound",
        "tally.settled_at_station",
    )

    def settle(self, day: int) -> None:
        """The cases whose time in the compound is up today."""
        city = self.city
        cases, settlements, ways = city.cases.columns, city.places.settlements.columns, city.ways.by_district
        kinds, p, log = city.kinds.columns, city.p, city.handoffs.log
        self.in_districts(
            lambda part, tally: _settle(city.seed, day, part, cases, settlements, kinds, p, ways, log, tally)
        )


@kernel
def consent(owners, joined, party, conflict, p):
    """Consent among the residents of one compound."""
    agreed = p.consent_base + p.consent_owners * owners + p.consent_joined * joined + p.consent_party * party
    return min(1.0, agreed) * (1.0 - p.conflict_cost * conflict)


@kernel
def link(quality, owners, joined, party, conflict, hands, p):
    """Information x consent x execution of one compound; ``hands`` in hours per 1,000 residents."""
    information = 1.0 - (1.0 - p.information_base) * (1.0 - quality) * (1.0 - p.information_party * party)
    company = quality * (1.0 - p.conflict_cost * conflict)
    execution = 1.0 - (1.0 - p.execution_base) * (1.0 - company) * (1.0 - hands / (hands + p.hands_half))
    return information * consent(owners, joined, party, conflict, p) * execution


@kernel
def _settle(seed, day, part, cases, settlements, kinds, numbers, ways, log, tally):
    """The cases of some districts whose time in the compound is up."""
    p = numbers[0]
    for district in part:
        here = ways[district]
        rows = c.collect(here.compound, cases, day)
        for i in _by_identity(cases, rows, settlements):  # scarce hands must not hang on row numbers
            _settle_one(seed, day, rows[i], cases, settlements, kinds, p, here.community, log, tally)


@kernel
def _by_identity(cases, rows, settlements):
    """Positions of rows in the order of identities, which is that of settlements first."""
    return in_order(cases.settlement[rows] / settlements.shape[0], cases.id[rows])


@kernel
def _settle_one(seed, day, row, cases, settlements, kinds, p, to_community, log, tally):
    s, k, case_id = cases.settlement[row], cases.kind[row], cases.id[row]
    episode = cases.episode[row]
    if (
        settlements.station_hours[s] >= p.station_work
        and draws.uniform(seed, AT_STATION, case_id, episode) < kinds.at_station[k]
    ):
        settlements.station_hours[s] -= p.station_work
        c.cure(cases, row, day)
        tally[flows.SETTLED_AT_STATION] += 1
        c.note(log, case_id, day, -1, c.AT_STATION)
        return
    thousands = settlements.residents[s] / 1_000.0
    hands = max(0.0, settlements.hands[s] - settlements.hands_used[s] / thousands)
    together = link(
        settlements.property_quality[s], settlements.owners_committee[s], settlements.joined_share[s],
        settlements.party[s], settlements.conflict[s], hands, p,
    )  # fmt: skip
    settlements.hands_used[s] += min(p.hands_hours * kinds.in_compound[k], hands * thousands)
    if draws.uniform(seed, SETTLES, case_id, episode) < kinds.in_compound[k] * together:
        c.cure(cases, row, day)
        tally[flows.SETTLED_IN_COMPOUND] += 1
        c.note(log, case_id, day, -1, c.IN_COMPOUND)
    else:
        c.send(to_community, cases, row, c.COMMUNITY, day + 1)
        c.note(log, case_id, day, -1, c.BEYOND_COMPOUND)
