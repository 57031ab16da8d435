"""Compound: neighbours, owners' committee and property company settle what they can themselves.

Rule. A case of which a share ``in_compound`` could be settled at best is settled with probability

    in_compound x information x consent x execution
    information = base + (1 - base) x property quality
    consent     = base + owners' committee + joined (each with its weight, at most 1)
    execution   = base + (1 - base) x property quality

once, when the compound has had it for ``compound_days``; otherwise it goes to the community. Open parts
of a community have no compound and skip this. Leaves out: Party organisations and conflict between owners and
property, which join information, consent and execution with the compound's own institutions.
"""

from __future__ import annotations

from govsim import cases as c
from govsim import draws, flows
from govsim.jit import kernel
from govsim.process import Process

SETTLES = draws.name("compound.settles")


class Compound(Process):
    """Settles cases in compounds."""

    reads = (
        "cases.*",
        "settlements.property_quality",
        "settlements.owners_committee",
        "settlements.joined_share",
    )
    writes = (*c.MOVED, "ways.compound", "ways.community", "handoffs", "tally.settled_in_compound")

    def settle(self, day: int) -> None:
        """The cases whose time in the compound is up today."""
        city = self.city
        _settle(
            city.seed, day, city.cases.columns, city.places.settlements.columns, city.kinds.columns, city.p,
            city.ways.columns, city.handoffs.log, city.tally,
        )  # fmt: skip


@kernel
def link(quality, owners, joined, p):
    """Information x consent x execution of one compound."""
    information = p.information_base + (1.0 - p.information_base) * quality
    consent = min(1.0, p.consent_base + p.consent_owners * owners + p.consent_joined * joined)
    execution = p.execution_base + (1.0 - p.execution_base) * quality
    return information * consent * execution


@kernel
def _settle(seed, day, cases, settlements, kinds, numbers, ways, log, tally):
    p = numbers[0]
    for row in c.collect(ways.compound, cases, day):
        s, k, case_id = cases.settlement[row], cases.kind[row], cases.id[row]
        together = link(
            settlements.property_quality[s], settlements.owners_committee[s], settlements.joined_share[s], p
        )
        if draws.uniform(seed, SETTLES, case_id, cases.episode[row]) < kinds.in_compound[k] * together:
            c.cure(cases, row, day)
            tally[flows.SETTLED_IN_COMPOUND] += 1
            c.note(log, case_id, day, -1, c.IN_COMPOUND)
        else:
            c.send(ways.community, cases, row, c.COMMUNITY, day + 1)
            c.note(log, case_id, day, -1, c.BEYOND_COMPOUND)
