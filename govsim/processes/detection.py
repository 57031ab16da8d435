"""Detection: who finds a problem, and when. What nobody finds still hurts.

Rule. Each channel (grid patrol, the resident it touches, the property company) accumulates a hazard of its
own and finds the case on the day on which that passes the case's own threshold for that channel, an
exponential draw. Channels do not share luck: without workers, residents find what they would have found.

    patrol:    patrol_reach x patrol hours per 1,000 residents and day x visibility x eye
    resident:  resident_reach x visibility x voice x tenure x (report_floor + report_trust x trust)
               x (1 + app_reach, if registered on the platform) x (1 + station_reach, with a service station)
               x (1 + publicity_effect x share whom grid workers' publicity reached)
    property:  property_reach x visibility x quality of the company

``eye`` is a quarter of the walks (one line's own inspectors) with a full eye where lines are separate, and
all walks with a generalist's eye where grids are integrated. Order: after incidence, on the attitudes and
patrols of the week. Leaves out: reports by people who are not touched, and false reports.
"""

from __future__ import annotations

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.config.kinds import LINES, PUBLISHED
from govsim.jit import kernel
from govsim.process import Process

GRID = draws.name("detection.grid")
RESIDENT = draws.name("detection.resident")
PROPERTY = draws.name("detection.property")
SECURITY, SAFETY = PUBLISHED.index("security"), PUBLISHED.index("safety")
_LINES = float(len(LINES))


class Detection(Process):
    """Finds latent cases."""

    reads = (
        "cases.*",
        "settlements.patrol",
        "settlements.property_quality",
        "residents.trust",
        "residents.voice",
        "residents.tenure",
        "residents.registered",
        "settlements.station",
        "communities.publicity",
    )
    writes = (
        "cases.seen_grid",
        "cases.seen_resident",
        "cases.seen_property",
        "cases.found",
        "cases.found_by",
        "cases.clock",
        "cases.stage",
        "cases.desk",
        "cases.next",
        "ways.compound",
        "ways.community",
        "residents.complained",
        "handoffs",
        "tally.found_by_grid",
        "tally.found_by_grid_security",
        "tally.found_by_grid_safety",
        "tally.found_by_resident",
        "tally.found_by_property",
    )

    def find(self) -> None:
        """Accumulate hazards over the five days of this week; what is found goes on its way."""
        city = self.city
        _find(
            city.seed,
            city.day,
            city.cases.columns,
            city.places.settlements.columns,
            city.places.communities.publicity,
            city.residents.columns,
            city.kinds.columns,
            city.rules,
            city.p,
            city.ways.columns,
            city.handoffs.log,
            city.tally,
        )


@kernel
def eye(integrated, p):
    """Share of patrol that looks for any one kind, times how well it sees it."""
    return (1.0 - integrated) / _LINES + integrated * p.generalist_eye


@kernel
def report_readiness(voice, tenure, trust, p):
    """How readily a resident reports, 1 = a median owner at middling trust."""
    standing = 1.0 if tenure == 0 else (p.renter_report if tenure == 1 else p.migrant_report)
    return voice * standing * (p.report_floor + p.report_trust * trust)


@kernel
def _find(seed, first_day, cases, settlements, publicity, residents, kinds, rules, numbers, ways, log, tally):
    p = numbers[0]
    seen_by_patrol = eye(rules.grid_integrated, p)
    for row in range(cases.id.shape[0]):
        if cases.stage[row] != c.LATENT:
            continue
        case_id, s, k = cases.id[row], cases.settlement[row], cases.kind[row]
        who = cases.resident[row]
        by_grid = p.patrol_reach * settlements.patrol[s] / WORKING_DAYS * kinds.grid_sees[k] * seen_by_patrol
        by_resident = (
            p.resident_reach
            * kinds.resident_sees[k]
            * report_readiness(residents.voice[who], residents.tenure[who], residents.trust[who], p)
            * (1.0 + p.app_reach * residents.registered[who])
            * (1.0 + p.station_reach * settlements.station[s])
            * (1.0 + p.publicity_effect * publicity[settlements.community[s]])
        )
        by_property = p.property_reach * kinds.property_sees[k] * settlements.property_quality[s]
        grid_at = draws.exponential(seed, GRID, case_id, 0)
        resident_at = draws.exponential(seed, RESIDENT, case_id, 0)
        property_at = draws.exponential(seed, PROPERTY, case_id, 0)
        for day in range(max(first_day, cases.raised[row]), first_day + WORKING_DAYS):
            if cases.fades[row] <= day:
                break
            cases.seen_grid[row] += by_grid
            cases.seen_resident[row] += by_resident
            cases.seen_property[row] += by_property
            if cases.seen_grid[row] >= grid_at:
                channel = c.GRID
            elif cases.seen_resident[row] >= resident_at:
                channel = c.RESIDENT
            elif cases.seen_property[row] >= property_at:
                channel = c.PROPERTY
            else:
                continue
            cases.found[row] = day
            cases.clock[row] = day
            cases.found_by[row] = channel
            if channel == c.RESIDENT:
                residents.complained[who] = first_day // WORKING_DAYS
            tally[flows.FOUND_BY_GRID + channel - 1] += 1
            if channel == c.GRID:
                tally[flows.FOUND_BY_GRID_SECURITY] += kinds.published_as[k] == SECURITY
                tally[flows.FOUND_BY_GRID_SAFETY] += kinds.published_as[k] == SAFETY
            c.note(log, case_id, day, -1, c.BY_GRID + channel - 1)
            if settlements.is_compound[s]:
                c.send(ways.compound, cases, row, c.COMPOUND, day + np.int64(p.compound_days))
            else:
                c.send(ways.community, cases, row, c.COMMUNITY, day + 1)
            break
