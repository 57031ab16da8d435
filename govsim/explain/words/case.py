"""The life of a case in sentences."""

from __future__ import annotations

from govsim import cases as c
from govsim.explain.attitudes import Moved
from govsim.explain.case import REFUSALS, CaseStory, Finding, Step
from govsim.explain.story import Line
from govsim.explain.words import names, why
from govsim.explain.words.names import branch, capital, days, listed, name, number, text
from govsim.explain.words.places import since
from govsim.language import _, _n

__all__ = ["ended", "felt", "identity", "lines", "said", "title"]


def identity(case_id: int) -> str:
    """A case by its number."""
    return _("case {number}", number=case_id)


def title(story: CaseStory) -> str:
    """Kind, place and number."""
    return _(
        "Case {number}: {kind} in {place}", number=story.id, kind=name(story.kind), place=names.place(story.home)
    )  # fmt: skip


def lines(story: CaseStory) -> list[Line]:
    """The whole life."""
    told = [_raised(story)]
    for i, step in enumerate(story.steps):
        words = said(story, step, story.steps[i - 1] if i else None)
        told.append(Line(story.days.date(step.day), words))
    return [*told, *_end(story), *_felt(story)]


# --- how it began


def _raised(story: CaseStory) -> Line:
    where, kind = names.area(story.home), name(story.kind)
    if story.parent is not None and story.parent_closed is not None:
        began = _(
            "The problem came back in {place}, though it had truly been cured on {date} (as case {number}).",
            place=where, date=story.days.date(story.parent_closed), number=story.parent,
        )  # fmt: skip
    else:
        began = _("A problem arose in {place}: {kind}.", place=where, kind=kind)
    who = _("It touches {resident} most, {person}.", resident=names.account(story.resident.resident),
            person=names.person(story.resident))  # fmt: skip
    first, *others = map(branch, story.needs)
    task = _("Should it come to that, it is truly a task of {department}.", department=first)
    if others:
        task = _(
            "Should it come to that, it is truly a task of {department}, and after that of {others}.",
            department=first, others=listed(others),
        )  # fmt: skip
    return Line(story.days.date(story.raised), text(began, who, task))


# --- what happened


def said(story: CaseStory, step: Step, before: Step | None) -> str:
    """One step."""
    who = names.office(step.office) if step.office else ""
    if isinstance(step.reason, Finding) or step.why in (c.BY_GRID, c.BY_RESIDENT, c.BY_PROPERTY):
        return _found(story, step)
    if step.why in (c.REFUSED, c.GAVE_IN):
        return why.visit(step)
    if step.why in (c.IN_COMPOUND, c.BEYOND_COMPOUND, c.AT_STATION):
        return why.compound(step)
    if step.why in (c.DISPATCH, c.PRECEDENT, c.COORDINATION):
        return _sent(story, step)
    if step.why == c.ACCEPTED:
        accepted = _("{branch} accepted it {wait}.", branch=capital(who), wait=_waited(step))
        return text(accepted, why.accepted(step))
    if step.why in REFUSALS:
        return _refused(step, who)
    if step.why in (c.OVERDUE_PAPER, c.BOTCHED):
        return _on_paper(step, capital(who))
    return _plain(story, step, who)


def _found(story: CaseStory, step: Step) -> str:
    waited = step.day - story.raised
    after = _("on the day it arose") if waited == 0 else _("after {days} unnoticed", days=days(waited))
    found = step.reason if isinstance(step.reason, Finding) else None
    if step.why == c.BY_GRID:
        first = _("A grid worker on patrol found it {after}.", after=after)
    elif step.why == c.BY_PROPERTY:
        first = _("The property company found it {after}.", after=after)
    elif found and found.registered:
        first = _("The resident reported it {after}: on the citizens' platform one reports more readily.", after=after)
    else:
        first = _("The resident reported it {after}.", after=after)
    if not found:
        return first
    ways = {
        "grid": _("a patrol"),
        "resident": _("the resident"),
        "property": _("the property company"),
    }
    there = [(ways[key], chance) for key, chance in found.chances.items() if chance > 0.0]
    each = listed([_("{who} with {chance}", who=who, chance=names.share(chance)) for who, chance in there])
    return text(first, _("On a day of that week such a case is noticed by {each}.", each=each))


def _waited(step: Step) -> str:
    """After how long, and of what it consists."""
    whole = days(step.way + step.wait)
    if step.wait == 0:
        return _("as soon as it came, after {days} on the way", days=whole)
    return _("after {days}, {wait} of them in its queue", days=whole, wait=step.wait)


def _sent(story: CaseStory, step: Step) -> str:
    to = branch(step.to)
    if step.why == c.COORDINATION:
        return _(
            "Branches had decided on it often enough: the street called them together and assigned it to {department}.",
            department=to,
        )
    if step.why == c.PRECEDENT and step.precedent:
        first = _(
            "The street followed the committee's ruling of the week of {date}, by which such cases are for {department}.",
            date=story.days.date(5 * (step.precedent.week + story.days.warmup)), department=to,
        )  # fmt: skip
    else:
        first = _("The street sent it to {department}, which seemed responsible.", department=to)
    return text(first, why.sent(step))


def _refused(step: Step, who: str) -> str:
    if step.why == c.TOO_OFTEN:
        first = _n(
            "{branch} did not take it either, {wait}; after {n} decision it went back to the street.",
            "{branch} did not take it either, {wait}; after {n} decisions it went back to the street.",
            step.decisions, branch=capital(who), wait=_waited(step),
        )  # fmt: skip
    elif step.to:
        first = _(
            "{branch} passed it on to {department} {wait}.", branch=capital(who), department=branch(step.to),
            wait=_waited(step),
        )  # fmt: skip
    else:
        first = _("{branch} passed it on {wait}.", branch=capital(who), wait=_waited(step))
    return text(first, why.refused(step))


def _on_paper(step: Step, who: str) -> str:
    if step.why == c.OVERDUE_PAPER:
        return _(
            "{office} closed it on paper: it was known for {days}, overdue, and counted against the office. "
            "The problem was still there.",
            office=who, days=days(step.late),
        )  # fmt: skip
    return _(
        "{office} did its work in {days} and closed it, but not truly: the problem was still there.",
        office=who, days=days(step.wait),
    )  # fmt: skip


def _plain(story: CaseStory, step: Step, who: str) -> str:
    """Steps whose reason is what they are."""
    fields = {"office": capital(who), "days": days(step.wait), "department": branch(step.to) if step.to else ""}
    joined = listed([branch(department) for department in step.joined]) if step.joined else ""
    said = {
        c.ON_SPOT: lambda: _("The grid worker settled it there and then."),
        c.BY_MEDIATION: lambda: _("A grid worker mediated, and it was settled."),
        c.BY_COMMUNITY: lambda: _("The community's staff settled it, {days} after it came to them.", **fields),
        c.BEYOND_COMMUNITY: lambda: _(
            "The community's staff looked at it {days} after it came to them. It was not theirs to settle, and went up "
            "to the street.", **fields,
        ),
        c.ACCEPTED_JOINTLY: lambda: (
            _("A joint order of the committee made {others} act at once instead of one after the other.", others=joined)
            if joined else _("A joint order of the committee made all departments needed act at once.")
        ),
        c.NO_AUTHORITY: lambda: _(
            "{office} had worked on it for {days} and had no authority to act: it went back to the street.", **fields
        ),
        c.NEXT_DEPARTMENT: lambda: _("{office} did its part in {days}. Now it was for {department}.", **fields),
        c.CURED_THERE: lambda: _("{office} did its work in {days}, and the problem was truly solved.", **fields),
        c.COMPLAINT: lambda: _("It was complained of again, and the street had to begin anew."),
        c.TAKEN_ON: lambda: _(
            "{office} took it on itself, with powers that had been sunk to it, {days} after it came.", **fields
        ),
        c.BY_STREET: lambda: _("{office} did the work itself in {days}, and the problem was truly solved.", **fields),
        c.REFERRED: lambda: _("A branch had refused in spite of the assignment: the street referred it to the district."),
        c.BY_DISTRICT: lambda: _("The district's leaders heard it in their meeting and assigned it again."),
        c.NOT_HEARD: lambda: _("The district's meeting went to worse cases, and it went back to the street."),
    }  # fmt: skip
    return said[step.why]()


# --- how it ended


def ended(story: CaseStory) -> str:
    """How it stands, as the end of a sentence that begins with the case."""
    if story.stage == "cured":
        return _("cured after {days}", days=days(story.lasted))
    if story.stage == "lapsed":
        return _("gone by itself after {days}", days=days(story.lasted))
    if story.stage == "closed on paper":
        return _("closed on paper only, and still there after {days}", days=days(story.now - story.raised))
    return _("still open after {days}", days=days(story.lasted))


def _end(story: CaseStory) -> list[Line]:
    when = None if story.closed is None else story.days.date(story.closed)
    said: list[Line] = []
    if story.stage == "lapsed":
        by_itself = _("It went away by itself, {days} after it arose.", days=days(story.lasted))
        if not story.steps:
            by_itself = text(by_itself, _("Nobody had ever found it."))
        said.append(Line(when, by_itself))
    elif story.stage == "closed on paper":
        said.append(Line(None, _("By the books it is done. It is not: it may be complained of again.")))
    elif story.stage == "latent":
        said.append(Line(None, _("So far nobody has found it, {days} after it arose.", days=days(story.lasted))))
    elif story.stage != "cured":
        here = {
            "compound": _("with the compound"),
            "community": _("with the community"),
            "street": _("with the street"),
            "branch": _("with a branch"),
        }[story.stage]
        if story.waits_at:
            here = _("in the queue of {office}", office=names.office(story.waits_at))
        said.append(
            Line(None, _("It is still open, {place}, {days} after it arose.", place=here, days=days(story.lasted)))
        )
    if story.child is not None:
        said.append(Line(None, _("Later the problem came back, as case {number}.", number=story.child)))
    if story.stage in ("cured", "lapsed") and story.steps:
        said.append(Line(None, _summary(story)))
    return said


def _summary(story: CaseStory) -> str:
    found = story.steps[0].day - story.raised
    known = story.lasted - found
    whole = _(
        "In all it lasted {days}: {unknown} unknown and {known} known.",
        days=days(story.lasted), unknown=found, known=known,
    )  # fmt: skip
    hands = ""
    if story.handovers:
        hands = _n("Branches handed it on {n} time", "Branches handed it on {n} times", story.handovers)
        bounced = (
            _n("{n} of these refused what was its own.", "{n} of these refused what was their own.", story.bounces)
            if story.bounces
            else _("none of these refused what was its own.")
        )
        hands = _("{handed}; {bounced}", handed=hands, bounced=bounced)
    return text(whole, hands)


# --- what people felt


def felt(moved: Moved, answer: str) -> str:
    """What an answer to a problem did to a resident."""
    if moved.felt == 0.0:
        felt = _("That was no answer: {answer}.", answer=answer)
    else:
        felt = _(
            "On a scale from 0 to 1 (at once) the answer felt like {felt}: {answer}.",
            felt=number(moved.felt), answer=answer,
        )  # fmt: skip
    change = _(
        "It moved satisfaction from {s0} to {s1} and trust from {t0} to {t1}.",
        s0=number(moved.satisfaction[0]), s1=number(moved.satisfaction[1]),
        t0=number(moved.trust[0]), t1=number(moved.trust[1]),
    )  # fmt: skip
    return text(felt, change)


def _felt(story: CaseStory) -> list[Line]:
    who = names.account(story.resident.resident)
    told = [Line(since(story.days, moved.week), felt(moved, who)) for moved in story.moved]
    if story.around and story.stage != "latent":
        (s0, t0), (s1, t1) = story.around
        meanwhile = _(
            "Meanwhile the mean satisfaction of those who live in {place} went from {s0} to {s1}, and their trust from "
            "{t0} to {t1}; many other things moved them too.",
            place=names.area(story.home), s0=number(s0), s1=number(s1), t0=number(t0), t1=number(t1),
        )  # fmt: skip
        told.append(Line(None, meanwhile))
    return told
