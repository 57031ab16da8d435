"""The life of a case in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from govsim import cases as c
from govsim.explain.attitudes import Moved
from govsim.explain.case import REFUSALS, SENT, VISITS, CaseStory, Finding, Step
from govsim.explain.story import Line
from govsim.explain.words import names, why
from govsim.explain.words.names import branch, capital, days, listed, name, number, ordinal, share, text
from govsim.explain.words.places import since, week_end
from govsim.language import _, _n, date_in_words

__all__ = ["ended", "felt", "lines", "said", "title"]

_LONG = 3
"""Working days in a queue from which on it is worth saying how much work waited there."""
_NOTHING = 0.005
"""An answer that feels like less is none."""
_RUN = 3
"""Visits in a row that were refused from which on those after the first are told in one go."""


def title(story: CaseStory) -> str:
    """Kind, place and number."""
    fields = {"number": story.id, "kind": name(story.kind), "place": names.place(story.home)}
    return _("Case {number}: {kind} in {place}", **fields)


def lines(story: CaseStory) -> list[Line]:
    """The whole life; what happened on one day is told in one go."""
    told = [(story.raised, _raised(story))]
    told += _steps(story)
    dated = [
        Line(story.days.date(day), text(*(words for _day, words in of_day)))
        for day, of_day in groupby(told, key=lambda each: each[0])
    ]
    every = [*dated, *_end(story), *_felt(story)]
    return sorted(every, key=lambda line: line.date or date.max)


def _steps(story: CaseStory) -> Iterator[tuple[int, str]]:
    """Each step with its day; of a run of refused visits the first, and then the others together."""
    for why_, run in groupby(enumerate(story.steps), key=lambda step: step[1].why):
        steps = list(run)
        if why_ == c.REFUSED and len(steps) >= _RUN:
            (first, _step), *others = steps
            yield story.steps[first].day, said(story, first)
            until = date_in_words(story.days.date(others[-1][1].day))
            words = _n("{n} more visit until {date} was refused.", "{n} more visits until {date} were refused.",
                       len(others), date=until)  # fmt: skip
            yield others[0][1].day, words
        else:
            yield from ((step.day, said(story, i)) for i, step in steps)


# --- how it began


def _raised(story: CaseStory) -> str:
    where, kind = names.area(story.home), name(story.kind)
    if story.parent is not None and story.parent_closed is not None:
        began = _(
            "The problem came back in {place}, though it had truly been solved on {date} (as case {number}).",
            place=where, date=date_in_words(story.days.date(story.parent_closed)), number=story.parent,
        )  # fmt: skip
    else:
        began = _("A problem arose in {place}: {kind}.", place=where, kind=kind)
    who = _(
        "It touches {resident} most, {person}.", resident=names.account(story.resident.resident),
        person=names.person(story.resident),
    )  # fmt: skip
    first, *others = map(branch, story.needs)
    task = _("Should it come before the departments, it is a task of {department}.", department=first)
    if others:
        task = _(
            "Should it come before the departments, it is a task of {department} first, and then of {others}.",
            department=first, others=listed(others),
        )  # fmt: skip
    return text(began, who, task)


# --- what happened


def said(story: CaseStory, i: int) -> str:
    """One step, by its place in the story."""
    step, before = story.steps[i], story.steps[:i]
    who = names.office(step.office) if step.office else ""
    if step.why in (c.BY_GRID, c.BY_RESIDENT, c.BY_PROPERTY):
        return _found(story, step)
    if step.why in VISITS:
        return why.visit(step)
    if step.why in (c.IN_COMPOUND, c.BEYOND_COMPOUND, c.AT_STATION):
        return why.compound(step)
    if step.why in SENT:
        return _sent(story, step, before)
    if step.why == c.ACCEPTED:
        accepted = _("{branch} accepted it {wait}.", branch=capital(who), wait=_waited(step))
        return text(accepted, why.accepted(step), _backlog(step))
    if step.why in REFUSALS:
        return text(_refused(step, capital(who)), why.refused(step, before, story.needs), _backlog(step))
    if step.why in (c.OVERDUE_PAPER, c.BOTCHED):
        return _on_paper(step, capital(who))
    return _plain(step, capital(who))


def _found(story: CaseStory, step: Step) -> str:
    waited = step.day - story.raised
    when = names.after(waited)
    found = step.reason if isinstance(step.reason, Finding) else None
    if step.why == c.BY_GRID:
        first = _("A grid worker on patrol found it {when}.", when=when)
    elif step.why == c.BY_PROPERTY:
        first = _("The property company found it {when}.", when=when)
    elif found and found.registered:
        first = _("The resident, who is on the citizens' platform and so reports more readily, reported it {when}.",
                  when=when)  # fmt: skip
    else:
        first = _("The resident reported it {when}.", when=when)
    if not found:
        return first
    finders = {"grid": _("a patrol"), "resident": _("the resident"), "property": _("the property company")}
    each = [
        _("{chance} that {who} would", who=finders[key], chance=share(chance))
        for key, chance in found.chances.items()
        if chance > 0.0
    ]
    return text(first, _("The chance that somebody would notice it on a day of that week: {each}.", each=listed(each)))


def _waited(step: Step) -> str:
    """After how long, and of what it consists."""
    if step.wait == 0:
        return _("after {days} on the way", days=days(step.way))
    if step.way == 0:
        return _("after {days} in its queue", days=days(step.wait))
    return _("after {days} on the way and {wait} in its queue", days=days(step.way), wait=days(step.wait))


def _backlog(step: Step) -> str:
    """Why it waited, where it did."""
    if step.wait < _LONG or not step.backlog:
        return ""
    return _("{weeks} weeks of its work waited there.", weeks=f"{step.backlog:.1f}")


def _sent(story: CaseStory, step: Step, before: Sequence[Step]) -> str:
    to = branch(step.to)
    if step.why == c.COORDINATION:
        if any(other.why == c.COORDINATION for other in before):
            return _("Again the street called branches together, and assigned it to {department}.", department=to)
        return _n(
            "After {n} decision the street called branches together and assigned it to {department}.",
            "After {n} decisions the street called branches together and assigned it to {department}.",
            sum(other.why in (c.ACCEPTED, *REFUSALS) for other in before), department=to,
        )  # fmt: skip
    if step.why == c.PRECEDENT and step.precedent:
        first = _(
            "The street followed the committee's ruling of the week of {date}, by which such cases are for "
            "{department}.",
            date=date_in_words(since(story.days, step.precedent.week)), department=to,
        )  # fmt: skip
    else:
        first = _("The street sent it to {department}, which seemed responsible.", department=to)
    return text(first, why.sent(step, story.needs), _backlog(step))


def _refused(step: Step, who: str) -> str:
    fields = {"branch": who, "wait": _waited(step)}
    if step.why == c.TOO_OFTEN:
        return _(
            "{branch} did not take it either, {wait}; it was the {nth} decision on it, and it went back to the street.",
            nth=ordinal(step.decisions), **fields,
        )  # fmt: skip
    if step.to:
        return _("{branch} passed it on to {department} {wait}.", department=branch(step.to), **fields)
    return _("{branch} passed it on {wait}.", **fields)


def _on_paper(step: Step, who: str) -> str:
    still = _("The problem was still there.")
    if step.why == c.OVERDUE_PAPER:
        first = _("{office} closed it on paper: it was overdue, {days} after it was known.", office=who,
                  days=days(step.late))  # fmt: skip
        usual = _(
            "Under the pressure of targets that is done with {share} of overdue cases.", share=share(step.share or 0.0)
        )
        return text(first, still, usual)
    return text(_("{office} did its work {wait} and closed it.", office=who, wait=_worked(step)), still)


def _worked(step: Step) -> str:
    return _("the same day") if step.wait == 0 else _("in {days}", days=days(step.wait))


def _came(step: Step) -> str:
    """How long after it reached an office."""
    return _("the day it came to them") if step.wait == 0 else _("{days} after it came to them", days=days(step.wait))


def _plain(step: Step, who: str) -> str:
    """Steps whose reason is what they are."""
    fields = {"office": who, "came": _came(step), "worked": _worked(step), "share": share(step.share or 0.0)}
    to, joined = branch(step.to) if step.to else "", [branch(department) for department in step.joined]
    together = (
        _("A joint order of the committee made {others} act at once with it.", others=listed(joined))
        if joined
        else _("A joint order of the committee made all departments needed act at once.")
    )
    words = {
        c.ON_SPOT: _("The grid worker settled it there and then."),
        c.BY_MEDIATION: _("A grid worker mediated, and it was settled."),
        c.BY_COMMUNITY: _("The community's staff settled it, {came}; they can settle {share} of such cases.", **fields),
        c.BEYOND_COMMUNITY: _(
            "The community's staff looked at it {came} and passed it up to the street: they can settle {share} of such "
            "cases, and this was not one.",
            **fields,
        ),
        c.ACCEPTED_JOINTLY: together,
        c.NO_AUTHORITY: _("{office} worked on it, but had no authority to act: it went back to the street.", **fields),
        c.NEXT_DEPARTMENT: _("{office} did its part {worked}; now it was for {department}.", department=to, **fields),
        c.CURED_THERE: _("{office} did its work {worked}, and the problem was truly solved.", **fields),
        c.COMPLAINT: _("It was complained of again, and the street had to begin anew."),
        c.TAKEN_ON: _("The street took it on itself, with powers that had been sunk to it."),
        c.BY_STREET: _("The street did the work {worked}, and the problem was truly solved.", **fields),
        c.REFERRED: _("A branch had refused in spite of that: the street referred it to the district."),
        c.BY_DISTRICT: _("The district's leaders heard it in their meeting and assigned it again."),
        c.NOT_HEARD: _("The district's meeting had time only for worse cases, and it went back to the street."),
    }
    return text(words[step.why], _backlog(step))


# --- how it ended


def ended(story: CaseStory) -> str:
    """How it stands, as the end of a sentence that begins with the case."""
    if story.stage == "cured":
        return _("solved {after}", after=names.after(story.lasted))
    if story.stage == "lapsed":
        return _("gone by itself {after}", after=names.after(story.lasted))
    if story.stage == "closed on paper":
        return _("closed on paper only, and still there after {days}", days=days(story.now - story.raised))
    return _("still open after {days}", days=days(story.lasted))


HERE = {
    "compound": "with the compound",
    "community": "with the community",
    "street": "with the street",
    "branch": "with a branch",
}
"""Where an open case is."""


def _end(story: CaseStory) -> list[Line]:
    when = None if story.closed is None else story.days.date(story.closed)
    told: list[Line] = []
    if story.stage == "lapsed":
        nobody = "" if story.steps else _("Nobody had ever found it.")
        by_itself = _("It went away by itself, {days} after it arose.", days=days(story.lasted))
        told.append(Line(when, text(by_itself, nobody)))
    elif story.stage == "closed on paper":
        told.append(Line(None, _("By the books it is done. It is not, and may be complained of again.")))
    elif story.stage == "latent":
        told.append(Line(None, _("So far nobody has found it, {days} after it arose.", days=days(story.lasted))))
    elif story.stage != "cured":
        here = _(HERE[story.stage])
        if story.waits_at:
            here = _("in the queue of {office}", office=names.office(story.waits_at))
        still = _("It is still open, {place}, {days} after it arose.", place=here, days=days(story.lasted))
        told.append(Line(None, still))
    if story.stage in ("cured", "lapsed") and story.steps:
        told.append(Line(None, _summary(story)))
    return told


def _summary(story: CaseStory) -> str:
    found = story.steps[0].day - story.raised
    whole = _(
        "In all it lasted {days}, {unknown} of them unknown and {known} known.",
        days=days(story.lasted), unknown=found, known=story.lasted - found,
    )  # fmt: skip
    hands = own = later = ""
    if story.handovers:
        hands = _n("Branches handed it on once.", "Branches handed it on {n} times.", story.handovers)
    if story.bounces:
        own = _n("Once it was refused where it belonged.", "{n} times it was refused where it belonged.", story.bounces)
    if story.child is not None:
        later = _("Later the problem came back, as case {number}.", number=story.child)
    return text(whole, hands, own, later)


# --- what people felt


def felt(moved: Moved, who: str = "") -> str:
    """What an answer to a problem did to a resident."""
    change = _both(_went(_("satisfaction"), moved.satisfaction), _went(_("trust"), moved.trust))
    fields = {"felt": number(moved.felt), "who": who, "change": change}
    if moved.felt < _NOTHING:
        if who:
            return _("To {who} that was as good as no answer: {change}.", **fields)
        return _("That was as good as no answer: {change}.", **fields)
    if who:
        return _("To {who} the answer was worth {felt} (1: solved at once, 0: no answer): {change}.", **fields)
    return _("The answer was worth {felt} to them (1: solved at once, 0: no answer): {change}.", **fields)


def _both(one: str, other: str) -> str:
    """Two clauses in a row."""
    return _("{one}, and {other}", one=one, other=other)


def _went(what: str, values: tuple[float, float]) -> str:
    """How an attitude moved, as far as two decimals show."""
    before, after = map(number, values)
    if before == after:
        return _("{what} stayed at {value}", what=what, value=after)
    return _("{what} went from {before} to {after}", what=what, before=before, after=after)


def _felt(story: CaseStory) -> list[Line]:
    who = names.account(story.resident.resident)
    told = [Line(week_end(story.days, moved.week), felt(moved, who)) for moved in story.moved]
    if story.around and story.stage != "latent":
        satisfaction, trust = zip(*story.around, strict=True)
        change = _both(_went(_("mean satisfaction"), satisfaction), _went(_("mean trust"), trust))
        meanwhile = _("Meanwhile, of all who live in {place}, {change}; many other things moved them too.",
                      place=names.area(story.home), change=change)  # fmt: skip
        told.append(Line(None, meanwhile))
    return told
