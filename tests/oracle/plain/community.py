"""Community: a committee's staff deal with what reaches them, in the hours that certificates leave.

Each community is a desk: first come, first served. A part of the cases is settled here, the rest is looked at and goes
up to the street.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from plain import handling, queueing
from plain.agents import Case, Community

if TYPE_CHECKING:
    from plain.city import City

LEAST_FOR_CASES = 0.05
"""Share of its hours that a community gives to cases however many certificates it must issue."""


# --- at the start of a week


def open_the_week(city: City) -> None:
    """Hours that are left for cases, once general duties, certificates and the platform's enquiries are done."""
    for community in city.communities:
        staff = _staff_hours(city, community)
        asked = _certificate_hours(city, community)
        most = max(0.0, staff) * (1.0 - LEAST_FOR_CASES)
        desk_work = min(max(0.0, asked + _enquiry_hours(city, community)), most)
        community.desk.hours = max(0.0, staff - desk_work) / WORKING_DAYS

        thousands = community.residents / 1_000.0
        community.time_lost = asked / thousands * city.p.resident_certificate_hours
        city.tally["certificate_hours"] += min(asked, desk_work)
        city.tally["queue_hours"] += community.time_lost * thousands


def _staff_hours(city: City, community: Community) -> float:
    """Staff grow with residents, and general duties take a fixed share of their hours.

    Partner units of a building alliance give hours, of which a share is of use; arranging them takes staff time.
    """
    before, p, rules = city.config.before, city.p, city.rules
    thousands = community.residents / 1_000.0
    staff = before.community_hours * rules.office_hours * (1.0 - before.community_admin) * thousands
    partners = rules.alliance_hours * community.enterprises
    city.tally["partner_hours"] += partners
    return staff + (p.alliance_use - p.alliance_meetings) * partners


def _certificate_hours(city: City, community: Community) -> float:
    """Hours that certificates take, item by item, less what registered residents get on the platform."""
    online = city.rules.platform * community.registered_share
    items = city.rules.certificates * (1.0 - city.p.app_certificates * online)
    return city.p.certificate_hours * items * community.residents / 1_000.0


def _enquiry_hours(city: City, community: Community) -> float:
    """Hours that the platform's misdirected enquiries take."""
    p = city.p
    uses = p.uses * community.residents * city.rules.platform * community.registered_share
    return uses * p.app_misdirected * p.triage_hours


# --- on a working day


def handle(city: City, day: int) -> None:
    """One working day at every community's desk."""
    coming = [
        (case, case.settlement.community.desk, _work(city, case)) for case in handling.arrive(city, "community", day)
    ]
    queueing.receive(city, day, [community.desk for community in city.communities], coming)
    for community in city.communities:
        _serve(city, community, day)


def _serve(city: City, community: Community, day: int) -> None:
    """Take case after case, as far as the day's hours go."""
    desk = community.desk
    case, hours = queueing.next_done(desk, desk.hours)
    while case is not None:
        queueing.leave(desk)
        if case.fades <= day:
            handling.lapse(case)
        elif _is_settled_here(city, case):
            handling.cure(case, day)
            city.tally["settled_at_community"] += 1
            city.note(case, day, desk.row, c.BY_COMMUNITY)
        else:
            city.send(case, "street", c.STREET, day + 1)
            city.note(case, day, desk.row, c.BEYOND_COMMUNITY)
        case, hours = queueing.next_done(desk, hours)


def _is_settled_here(city: City, case: Case) -> bool:
    """Whether the community can settle it, which hangs on the case and its episode."""
    return city.luck("community.settles", case.id, case.episode) < case.kind.at_community


def _work(city: City, case: Case) -> float:
    """Settling takes the hours of its kind; what goes up only has to be looked at."""
    return case.kind.community_hours if _is_settled_here(city, case) else city.p.triage_hours
