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
from govsim.jit import in_ranges, kernel
from govsim.process import Process

GRID = draws.name("detection.grid")
RESIDENT = draws.name("detection.resident")
PROPERTY = draws.name("detection.property")
SECURITY, SAFETY = PUBLISHED.index("security"), PUBLISHED.index("safety")
_LINES = float(len(LINES))


class Detection(Process):
    """Finds latent cases.

    Attributes:
        found: rows of the cases that were found this week, in the order of the table.
    """

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
        "detection.found",
    )

    def __init__(self, city) -> None:
        super().__init__(city)
        self.found = np.empty(0, dtype=np.int32)

    def find(self) -> None:
        """Accumulate hazards over the five days of this week; what is found goes on its way."""
        city, places = self.city, self.city.places
        cases, settlements, kinds, people = (
            city.cases.columns, places.settlements.columns, city.kinds.columns, city.residents.columns,
        )  # fmt: skip
        found = in_ranges(
            city.threads,
            city.cases.rows,
            lambda first, end: _look(
                city.seed, city.day, first, end, cases, settlements, places.communities.publicity, people, kinds,
                city.rules, city.p,
            ),
        )  # fmt: skip
        self.found = np.concatenate(found)
        _report(
            city.day, self.found, cases, settlements, people, kinds, city.p, city.ways.by_district, city.handoffs.log,
            city.tally,
        )  # fmt: skip


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
def _latent(first, end, cases):
    """Rows, of those from ``first`` to before ``end``, of the cases that nobody has found."""
    rows = np.empty(end - first, dtype=np.int32)
    n = 0
    for row in range(first, end):
        rows[n] = row
        n += cases.stage[row] == c.LATENT
    return rows[:n]


@kernel
def _readiness(rows, cases, residents, p):
    """How readily the resident whom each case touches reports it.

    On its own, so that many residents, who lie anywhere in memory, are on their way to the processor at once.
    """
    ready = np.empty(rows.shape[0])
    for i in range(rows.shape[0]):
        who = cases.resident[rows[i]]
        ready[i] = report_readiness(residents.voice[who], residents.tenure[who], residents.trust[who], p)
        ready[i] *= 1.0 + p.app_reach * residents.registered[who]
    return ready


@kernel
def _by_friday(seen, a_day):
    """More than a hazard can add up to by the end of a week, however its sum is rounded."""
    return 1.0001 * (seen + WORKING_DAYS * a_day)


@kernel
def _look(seed, first_day, first, end, cases, settlements, publicity, residents, kinds, rules, numbers):
    """Rows, of those from ``first`` to before ``end``, of the cases that are found this week, when and by whom."""
    p = numbers[0]
    seen_by_patrol = eye(rules.grid_integrated, p)
    latent = _latent(first, end, cases)
    ready = _readiness(latent, cases, residents, p)
    rows = np.empty(latent.shape[0], dtype=np.int32)
    n = 0
    for i in range(latent.shape[0]):
        row = latent[i]
        case_id, s, k = cases.id[row], cases.settlement[row], cases.kind[row]
        by_grid = p.patrol_reach * settlements.patrol[s] / WORKING_DAYS * kinds.grid_sees[k] * seen_by_patrol
        by_resident = (
            p.resident_reach
            * kinds.resident_sees[k]
            * ready[i]
            * (1.0 + p.station_reach * settlements.station[s])
            * (1.0 + p.publicity_effect * publicity[settlements.community[s]])
        )
        by_property = p.property_reach * kinds.property_sees[k] * settlements.property_quality[s]
        grid, resident, company = cases.seen_grid[row], cases.seen_resident[row], cases.seen_property[row]
        grid_at = draws.exponential_up_to(_by_friday(grid, by_grid), seed, GRID, case_id, 0)
        resident_at = draws.exponential_up_to(_by_friday(resident, by_resident), seed, RESIDENT, case_id, 0)
        property_at = draws.exponential_up_to(_by_friday(company, by_property), seed, PROPERTY, case_id, 0)
        for day in range(max(first_day, cases.raised[row]), min(first_day + WORKING_DAYS, cases.fades[row])):
            grid = np.float32(grid + by_grid)
            resident = np.float32(resident + by_resident)
            company = np.float32(company + by_property)
            if grid >= grid_at:
                channel = c.GRID
            elif resident >= resident_at:
                channel = c.RESIDENT
            elif company >= property_at:
                channel = c.PROPERTY
            else:
                continue
            cases.found[row] = day
            cases.clock[row] = day
            cases.found_by[row] = channel
            rows[n] = row
            n += 1
            break
        cases.seen_grid[row], cases.seen_resident[row], cases.seen_property[row] = grid, resident, company
    return rows[:n]


@kernel
def _report(first_day, rows, cases, settlements, residents, kinds, numbers, ways, log, tally):
    """What is found goes on its way, and whoever reported it remembers."""
    p = numbers[0]
    for row in rows:
        channel, day, s, k = cases.found_by[row], cases.found[row], cases.settlement[row], cases.kind[row]
        tally[flows.FOUND_BY_GRID + channel - 1] += 1
        if channel == c.RESIDENT:
            residents.complained[cases.resident[row]] = first_day // WORKING_DAYS
        elif channel == c.GRID:
            tally[flows.FOUND_BY_GRID_SECURITY] += kinds.published_as[k] == SECURITY
            tally[flows.FOUND_BY_GRID_SAFETY] += kinds.published_as[k] == SAFETY
        c.note(log, cases.id[row], day, -1, c.BY_GRID + channel - 1)
        here = ways[settlements.district[s]]
        if settlements.is_compound[s]:
            c.send(here.compound, cases, row, c.COMPOUND, day + np.int64(p.compound_days))
        else:
            c.send(here.community, cases, row, c.COMMUNITY, day + 1)
