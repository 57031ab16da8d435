"""Covenant: neighbours write down how they want to live together, and keep to it as far as others do.

Rule. Organised hours go to one compound of a community after another until its covenant is drafted and signed; larger
compounds take longer. From then on conduct moves toward

    (covenant_own + covenant_lead x share of members who are active + covenant_follow x share who take part)
    x (1 - covenant_erosion x b / (b + violations_half))          (b: open breaches of order per 1,000 residents)

so members who lead and residents who join carry it, and what is left lying erodes it. Compliance prevents a part of
the problems that come from conduct (see incidence). Leaves out: sanctions, and what the covenant says.
"""

from __future__ import annotations

from govsim import flows
from govsim.jit import kernel
from govsim.process import Process


class Covenant(Process):
    """Drafts covenants, and moves compliance."""

    reads = (
        "settlements.residents",
        "settlements.is_compound",
        "settlements.pledged",
        "settlements.members",
        "settlements.joined_share",
        "settlements.breaches",
    )
    writes = ("settlements.covenant_work", "settlements.covenant", "tally.organiser_hours")

    def keep(self) -> None:
        """One week of drafting, and of keeping or not."""
        city = self.city
        _keep(
            city.rules.covenant_drive,
            city.places.communities.columns,
            city.places.settlements.columns,
            city.p,
            city.tally,
        )


@kernel
def compliance_toward(leading, joined, breaches, p):
    """The compliance that a signed covenant moves toward."""
    carried = p.covenant_own + p.covenant_lead * leading + p.covenant_follow * joined
    return min(1.0, carried) * (1.0 - p.covenant_erosion * breaches / (breaches + p.violations_half))


@kernel
def _keep(drive, communities, settlements, numbers, tally):
    p = numbers[0]
    for here in range(communities.first_settlement.shape[0]):
        hours = drive
        first = communities.first_settlement[here]
        for s in range(first, first + communities.settlements[here]):
            if not settlements.is_compound[s]:
                continue
            needed = p.covenant_drafting * settlements.residents[s] / 1_000.0
            if settlements.covenant_work[s] < needed:
                missing = needed - settlements.covenant_work[s]
                worked = min(hours, missing)
                hours -= worked
                settlements.covenant_work[s] = needed if worked == missing else settlements.covenant_work[s] + worked
                tally[flows.ORGANISER_HOURS] += worked
            if settlements.covenant_work[s] >= needed:
                leading = settlements.pledged[s] / max(settlements.members[s], 1)
                target = compliance_toward(leading, settlements.joined_share[s], settlements.breaches[s], p)
                settlements.covenant[s] += p.covenant_rate * (target - settlements.covenant[s])
