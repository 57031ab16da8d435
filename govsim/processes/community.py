"""Community: a committee's staff deal with what reaches them, in the hours that certificates leave.

Rule. Each community is a desk: first come first served, work attached to the case. Staff hours grow with residents;
general duties take a fixed share, certificates take hours per item and resident, less what registered residents get
on the platform, whose enquiries take time in turn; projects and visits stand in the same queue. Partner units of a
building alliance give hours, of which a share is of use, and arranging them takes staff time. The share
``at_community`` of a kind is settled here, which takes ``community_hours``; the rest is looked at and goes up to the
street.

Leaves out: differences between staff, and overtime.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.institutions.queue import QUEUED, leave, next_done, receive
from govsim.jit import kernel
from govsim.process import Process

SETTLES = draws.name("community.settles")
_LEAST = 0.05
"""Share of its hours that a community gives to cases however many certificates it must issue."""


class Community(Process):
    """Serves the communities' desks."""

    reads = ("cases.*", "communities.residents", "communities.registered_share", "communities.enterprises")
    writes = (
        "communities.time_lost",
        *c.MOVED,
        *QUEUED,
        "desks.hours",
        "ways.community",
        "ways.street",
        "handoffs",
        "tally.certificate_hours",
        "tally.queue_hours",
        "tally.partner_hours",
        "tally.settled_at_community",
    )

    def open_the_week(self) -> None:
        """Hours left for cases, once general duties and certificates are done."""
        city, before, p, rules = self.city, self.city.config.before, self.city.p, self.city.rules
        communities = city.places.communities
        thousands = communities.residents / 1_000.0
        staff = before.community_hours * rules.office_hours * (1.0 - before.community_admin) * thousands
        partners = rules.alliance_hours * communities.enterprises
        staff += (p.alliance_use - p.alliance_meetings) * partners

        online = rules.platform * communities.registered_share
        asked = p.certificate_hours * rules.certificates * (1.0 - p.app_certificates * online) * thousands
        enquiries = 1_000.0 * thousands * p.uses * online * p.app_misdirected * p.triage_hours
        desk_work = np.clip(asked + enquiries, 0.0, np.maximum(staff, 0.0) * (1.0 - _LEAST))
        city.desks.hours[: len(thousands)] = np.maximum(staff - desk_work, 0.0) / WORKING_DAYS

        communities.time_lost[:] = asked / thousands * p.resident_certificate_hours
        city.tally[flows.CERTIFICATE_HOURS] += np.minimum(asked, desk_work).sum()
        city.tally[flows.QUEUE_HOURS] += (communities.time_lost * thousands).sum()
        city.tally[flows.PARTNER_HOURS] += partners.sum()

    def handle(self, day: int) -> None:
        """One working day at every community's desk."""
        city = self.city
        desks, cases, settlements = city.desks.columns, city.cases.columns, city.places.settlements.columns
        first, ways, kinds = city.offices.communities_in, city.ways.by_district, city.kinds.columns
        self.in_districts(
            lambda part, tally: _serve(
                city.seed, day, part, first, desks, cases, settlements, kinds, city.p, city.background, ways,
                city.handoffs.log, tally,
            )
        )  # fmt: skip


@kernel
def settled_here(seed, cases, row, kinds):
    """Whether the community settles this case, which hangs on the case and its episode."""
    share = kinds.at_community[cases.kind[row]]
    return draws.uniform(seed, SETTLES, cases.id[row], cases.episode[row]) < share


@kernel
def _serve(seed, day, part, first, desks, cases, settlements, kinds, numbers, background, ways, log, tally):
    p = numbers[0]
    for district in part:
        here = ways[district]
        rows = c.collect(here.community, cases, day)
        work = np.empty(rows.shape[0])
        for i in range(rows.shape[0]):
            row = rows[i]
            cases.desk[row] = settlements.community[cases.settlement[row]]
            settles = settled_here(seed, cases, row, kinds)
            work[i] = kinds.community_hours[cases.kind[row]] if settles else p.triage_hours
        receive(seed, day, desks, cases, rows, work, background, first[district], first[district + 1])
        for d in range(first[district], first[district + 1]):
            budget = desks.hours[d]
            while True:
                row, budget = next_done(desks, cases, d, budget)
                if row < 0:
                    break
                leave(desks, cases, d)
                if cases.fades[row] <= day:
                    c.lapse(cases, row)
                elif settled_here(seed, cases, row, kinds):
                    c.cure(cases, row, day)
                    tally[flows.SETTLED_AT_COMMUNITY] += 1
                    c.note(log, cases.id[row], day, d, c.BY_COMMUNITY)
                else:
                    c.send(here.street, cases, row, c.STREET, day + 1)
                    c.note(log, cases.id[row], day, d, c.BEYOND_COMMUNITY)
