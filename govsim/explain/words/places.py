"""Sentences that stories of compounds and communities share."""

from __future__ import annotations

from datetime import date

from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.explain.places import CaseLoad
from govsim.explain.story import Days, Line
from govsim.explain.words.names import branch, capital, days, listed, name, text
from govsim.language import _, _n

__all__ = ["cases", "since", "week_end"]

_MOST = 6
"""Open cases that are named one by one."""

BY = {
    "on the spot": "by grid workers on the spot",
    "mediation": "by grid workers' mediation",
    "station": "by the service station",
    "compound": "within the compound",
    "visit": "by households that gave in to a visit",
    "community": "by the community's staff",
    "street": "by the street itself",
    "branch": "by departments' branches",
}

AT = {
    "latent": "unfound",
    "compound": "with the compound",
    "community": "with the community",
    "street": "with the street",
    "branch": "with a branch",
    "closed on paper": "closed on paper",
}


def since(days: Days, week: int) -> date:
    """Monday of a week of the timeline."""
    return days.date(WORKING_DAYS * (week + days.warmup))


def week_end(days: Days, week: int) -> date:
    """Friday of a week of the timeline, when what was lived through has moved people."""
    return days.date(WORKING_DAYS * (week + days.warmup + 1) - 1)


def cases(load: CaseLoad, days_: Days, now: int) -> list[Line]:
    """What became of the cases of a place, which are open, and what happened last."""
    today = WORKING_DAYS * (now + days_.warmup)
    arose = _n("{n:,} problem arose here in this time.", "{n:,} problems arose here in this time.", load.raised)
    if load.unknown is not None:
        arose = text(
            arose, _("Those that were found had been there for {days} on average.", days=days(round(load.unknown)))
        )  # fmt: skip
    said = [arose]
    if load.cured:
        parts = sorted(load.cured.items(), key=lambda item: -item[1])
        each = listed([_("{n:,} {by}", n=n, by=_(BY[who])) for who, n in parts])
        said.append(
            _n("{n:,} was truly cured: {each}.", "{n:,} were truly cured: {each}.", sum(load.cured.values()), each=each)
        )
    if load.lapsed:
        said.append(
            _n(
                "{n:,} went away by itself ({unfound:,} never found).",
                "{n:,} went away by themselves ({unfound:,} never found).",
                load.lapsed, unfound=load.unfound,
            )
        )  # fmt: skip
    if load.papers:
        said.append(
            _n(
                "{n:,} closing was on paper only; {back:,} came back.",
                "{n:,} closings were on paper only; {back:,} came back.",
                load.papers, back=load.complaints,
            )
        )  # fmt: skip
    lines = [Line(None, text(*said))]
    if load.open:
        lines.append(Line(None, _open(load, today)))
    if load.last:
        lines.append(Line(None, _("What happened last:")))
    for step in load.last:
        who = _(" ({department})", department=branch(step.department)) if step.department else ""
        fields = {"kind": capital(name(step.kind)), "number": step.id, "what": _(c.WHY[step.why]), "who": who}
        lines.append(Line(days_.date(step.day), _("{kind}, case {number}: {what}{who}.", **fields)))
    return lines


def _open(load: CaseLoad, today: int) -> str:
    """The open cases, the oldest by name."""
    each = [
        _(
            "{kind} ({where}, {days}, case {number})", kind=name(case.kind), where=_(AT[case.stage]),
            days=days(today - case.raised), number=case.id,
        )
        for case in load.open[:_MOST]
    ]  # fmt: skip
    if more := len(load.open) - len(each):
        each.append(_n("{n} more", "{n} more", more))
    return _n(
        "{n:,} is there today: {each}.", "{n:,} are there today, the oldest first: {each}.", len(load.open),
        each=listed(each),
    )  # fmt: skip
