"""What a resident lived through, in sentences."""

from __future__ import annotations

from govsim import cases as c
from govsim.explain.case import VISITS, CaseStory
from govsim.explain.joining import Turn
from govsim.explain.places import Change
from govsim.explain.resident import ResidentStory
from govsim.explain.story import Line
from govsim.explain.words import case as of_case
from govsim.explain.words import names
from govsim.explain.words.names import after, capital, listed, name, number, text
from govsim.explain.words.places import since, week_end
from govsim.language import _, _n, date_in_words

__all__ = ["lines", "title"]

_MOST = 12
"""Cases that are told one by one."""


def title(story: ResidentStory) -> str:
    """Who, and where."""
    return _("Resident {number} in {place}", number=story.person.resident, place=names.place(story.home))


def lines(story: ResidentStory) -> list[Line]:
    """Who they are, what happened to them, and what moved them."""
    began = Line(None, _is(story))
    dated = [
        *(Line(since(story.days, change.week), _change(change)) for change in story.changes),
        *(Line(since(story.days, turn.week), _turned(turn)) for turn in story.turns),
        *(line for life in story.cases[:_MOST] for line in _case(life)),
    ]
    dated.sort(key=lambda line: str(line.date))
    more = len(story.cases) - _MOST
    if more > 0:
        dated.append(Line(None, _n("{n} later case is left out here.", "{n} later cases are left out here.", more)))
    return [began, *dated, Line(None, _stays(story)), *_moved(story)]


def _is(story: ResidentStory) -> str:
    who = _("{who}, living in {place}.", who=capital(names.person(story.person)), place=names.area(story.home))
    if story.household:
        others = listed([_("{person} ({number})", person=names.person(p), number=p.resident) for p in story.household])
        home = _("In the same household: {others}.", others=others)
    else:
        home = _("Lives alone.")
    ready = _("Reports problems {ready} as a median resident would.", ready=_ready(story.voice))
    return text(who, home, _(TYPES[story.type]), ready)


def _ready(voice: float) -> str:
    if 0.8 <= voice <= 1.25:
        return _("about as readily")
    return _("{times} times as readily", times=f"{voice:.1f}")


TYPES = {
    "conditional cooperator": "Takes part when others do.",
    "free rider": "Leaves it to others to take part.",
    "hump-shaped": "Takes part when some do, and draws back when many do.",
}

PULLS = {
    "neighbours": "neighbours who take part",
    "trust": "trust",
    "satisfaction": "satisfaction",
    "channels": "projects that residents choose",
    "ties": "ties to neighbours",
    "pride": "pride in how the place has changed",
    "crowding": "work that others are organised to do",
}
"""What pulls residents to take part."""


def _change(change: Change) -> str:
    if change.what == "registered":
        return _("Registered on the citizens' platform.")
    return _(PLEDGED[change.fields["to"]])


PLEDGED = {
    "active": "Pledged, as a Party member, to serve the compound.",
    "withdrawn": "Withdrew the pledge, tired of what it took.",
}
"""What became of a member's pledge."""


def _turned(turn: Turn) -> str:
    what = _("Began to take part.") if turn.joins else _("Stopped taking part.")
    return text(what, _pull(turn))


def _pull(turn: Turn) -> str:
    parts = sorted(turn.pull.items(), key=lambda item: -abs(item[1]))
    told = listed(
        [_("{what} {value}", what=_(PULLS[key]), value=f"{value:+.2f}") for key, value in parts if abs(value) >= 0.005]
    )
    total = number(sum(turn.pull.values()))
    if turn.threshold is None:
        return _(
            "The pull was {pull} ({parts}), and {share} of the neighbours took part: of such residents a draw decides.",
            pull=total, parts=told, share=names.share(turn.share),
        )  # fmt: skip
    return _(
        "The pull was {pull} ({parts}), the threshold {threshold}.",
        pull=total, parts=told, threshold=number(turn.threshold),
    )  # fmt: skip


def _stays(story: ResidentStory) -> str:
    """Whether they take part today, and what the last turn says of it."""
    today = _("Takes part today.") if story.joined else _("Does not take part today.")
    if story.turns or story.last_turn is None:
        return today
    return text(today, _("When last reconsidered:"), _pull(story.last_turn))


def _case(life: CaseStory) -> list[Line]:
    what = _("{kind}: a problem (case {number}) arose at their door.", kind=capital(name(life.kind)), number=life.id)
    told = [Line(life.days.date(life.raised), text(what, _fate(life)))]
    for i, step in enumerate(life.steps):
        if step.why in VISITS:
            told.append(Line(life.days.date(step.day), of_case.said(life, i)))
    for moved in life.moved:
        about = _("Of case {number}.", number=life.id) if len(life.moved) > 1 else ""
        told.append(Line(week_end(life.days, moved.week), text(about, of_case.felt(moved))))
    return told


def _fate(life: CaseStory) -> str:
    if not life.found:
        return _("Nobody found it; it was {end}.", end=of_case.ended(life))
    found = _(FOUND[life.found.why], after=after(life.found.day - life.raised))
    return _("{found}, and it was {end}.", found=found, end=of_case.ended(life))


FOUND = {
    c.BY_GRID: "A grid worker found it {after}",
    c.BY_RESIDENT: "They reported it {after}",
    c.BY_PROPERTY: "The property company found it {after}",
}
"""Who found a problem."""


# --- what moved them


def _moved(story: ResidentStory) -> list[Line]:
    path = story.attitudes
    if len(path.satisfaction) < 2 or story.lived is None:
        return []
    by, trusted = (
        {cause: _signed(sum_) for cause, sum_ in causes.items()} for causes in (path.causes, path.causes_of_trust)
    )
    spans = [date_in_words(since(story.days, week)) for week in (story.since, story.now)]
    fields = {
        "then": spans[0], "now": spans[1],
        "s0": number(path.satisfaction[0]), "s1": number(path.satisfaction[-1]),
        "t0": number(path.trust[0]), "t1": number(path.trust[-1]),
    }  # fmt: skip
    whole = _(
        "From {then} to {now} satisfaction went from {s0} to {s1}: {place} by what life in the place was like, "
        "{answers} by answers to their own problems, {neighbours} by neighbours' moods.",
        **fields, **by,
    )  # fmt: skip
    trust = _(
        "Trust went from {t0} to {t1}: {place} by how problems nearby were answered, {answers} by answers to their "
        "own.",
        **fields, **trusted,
    )  # fmt: skip
    return [Line(None, whole), Line(None, _place(story)), Line(None, trust)]


LIVED = {
    "environment": "the environment went from {before} to {after}",
    "answers": "the speed of answers nearby from {before} to {after}",
    "need": "unmet need nearby from {before} to {after}",
    "time_lost": "time lost to certificates and gates from {before} to {after}",
}


def _place(story: ResidentStory) -> str:
    assert story.lived is not None
    then, now = story.lived
    told = []
    for key, words in LIVED.items():
        sign = -1.0 if key in ("need", "time_lost") else 1.0
        worth = sign * getattr(story.weights, key) * (getattr(now, key) - getattr(then, key))
        moved = _(words, before=number(getattr(then, key)), after=number(getattr(now, key)))
        told.append(_("{moved} (worth {worth})", moved=moved, worth=_signed(worth)))
    return _("What life there was like: {parts}.", parts=listed(told))


def _signed(value: float) -> str:
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"
