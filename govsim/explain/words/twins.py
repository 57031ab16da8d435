"""A place or a resident in two worlds, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from govsim.explain.between import Between
from govsim.explain.case import CaseStory
from govsim.explain.community import CommunityStory
from govsim.explain.compound import CompoundStory
from govsim.explain.places import CaseLoad
from govsim.explain.resident import ResidentStory
from govsim.explain.story import Line
from govsim.explain.words import case, community, compound
from govsim.explain.words.names import capital, kind, listed, number, text
from govsim.explain.words.places import since
from govsim.language import _, _n

__all__ = ["TOLD"]

_MOST = 8
"""Cases of a resident that are compared one by one."""


def _values(here: Any, there: Any, labels: Mapping[str, str], shown: Callable[[Any, str], str]) -> str:
    """What stands otherwise in the two worlds today."""
    pairs = ((_(label), shown(here, key), shown(there, key)) for key, label in labels.items())
    return listed(
        [_("{what} {one} and {other}", what=w, one=one, other=other) for w, one, other in pairs if one != other]
    )


def _stand(story: Between, ours: str, theirs: str, values: str) -> Line:
    date = since(story.days, min(story.here.now, story.there.now))
    if not values:
        return Line(date, _("Both worlds are alike here, as far as shows."))
    return Line(date, _("How it stands in {here} and in {there}: {what}.", here=ours, there=theirs, what=values))


def _only(story: Between, mine: Iterable[tuple[int, str]], others: Iterable[tuple[int, str]], world: str) -> list[Line]:
    """What happened in one world alone."""
    known = set(others)
    return [
        Line(since(story.days, week), _("Only in {world}: {change}", world=world, change=words))
        for week, words in mine
        if (week, words) not in known
    ]


def _loads(loads: Iterable[tuple[CaseLoad, str]]) -> Line:
    return Line(
        None,
        text(
            *(
                _(
                    "In {world} problems that arose: {raised:,}; truly cured: {cured:,}; there today: {open:,}.",
                    world=world, raised=load.raised, cured=sum(load.cured.values()), open=len(load.open),
                )
                for load, world in loads
            )
        ),
    )  # fmt: skip


def _in_both(story: Between, ours: str, theirs: str, changes: list[list[tuple[int, str]]], stands: Line) -> list[Line]:
    lines = [
        *_only(story, changes[0], changes[1], ours),
        *_only(story, changes[1], changes[0], theirs),
    ]
    return [*sorted(lines, key=lambda line: str(line.date)), stands]


def _compound(story: Between, ours: str, theirs: str) -> list[Line]:
    sides: list[CompoundStory] = [story.here, story.there]
    changes = [[(change.week, compound.changed(change)) for change in side.changes] for side in sides]
    values = _values(sides[0].today, sides[1].today, compound.MOVED, compound.shown)
    told = _in_both(story, ours, theirs, changes, _stand(story, ours, theirs, values))
    return [*told, _loads([(sides[0].cases, ours), (sides[1].cases, theirs)])]


def _community(story: Between, ours: str, theirs: str) -> list[Line]:
    sides: list[CommunityStory] = [story.here, story.there]
    changes = [community.by_week(side) for side in sides]
    values = _values(sides[0].today, sides[1].today, community.MOVED, community.shown)
    told = _in_both(story, ours, theirs, changes, _stand(story, ours, theirs, values))
    return [*told, _loads([(sides[0].cases, ours), (sides[1].cases, theirs)])]


# --- residents


def _resident(story: Between, ours: str, theirs: str) -> list[Line]:
    sides: list[ResidentStory] = [story.here, story.there]
    ids = [{life.id: life for life in side.cases} for side in sides]
    told: list[Line] = []
    every = sorted({**ids[0], **ids[1]}.values(), key=lambda life: (life.raised, life.id))
    fates = [(life, _fate(ids[0].get(life.id), ids[1].get(life.id), ours, theirs)) for life in every]
    shown = [Line(life.days.date(life.raised), words) for life, words in fates if words]
    told += shown[:_MOST]
    if len(shown) > _MOST:
        told.append(Line(None, _n("{n} more case differs.", "{n} more cases differ.", len(shown) - _MOST)))
    date = since(story.days, min(side.now for side in sides))
    values = []
    for what, name in ((_("satisfaction"), "satisfaction"), (_("trust"), "trust")):
        one, other = (number(getattr(side.attitudes, name)[-1]) for side in sides)
        values.append(_("{what} {one} and {other}", what=what, one=one, other=other))
    told.append(
        Line(date, _("How it stands in {here} and in {there}: {what}.", here=ours, there=theirs, what=listed(values)))
    )  # fmt: skip
    parts = [_part(side, world) for side, world in zip(sides, (ours, theirs), strict=True)]
    return [*told, Line(None, text(*parts))]


def _part(side: ResidentStory, world: str) -> str:
    fields = {"world": world}
    if side.joined and side.registered:
        return _("In {world} they take part and are on the citizens' platform.", **fields)
    if side.joined:
        return _("In {world} they take part.", **fields)
    if side.registered:
        return _("In {world} they do not take part, and are on the citizens' platform.", **fields)
    return _("In {world} they do not take part.", **fields)


def _fate(here: CaseStory | None, there: CaseStory | None, ours: str, theirs: str) -> str:
    """What became of one case in both worlds; empty where that is the same."""
    known = here or there
    assert known is not None
    what = _("{kind} (case {number})", kind=capital(kind(known.kind)), number=known.id)
    if here and there:
        one, other = case.ended(here), case.ended(there)
        if one == other:
            return ""
        fields = {"what": what, "here": ours, "there": theirs, "one": one, "other": other}
        return _("{what}: in {here} it was {one}, in {there} {other}.", **fields)
    world = ours if here else theirs
    return _("{what}: only in {world}, {end}.", what=what, world=world, end=case.ended(known))


TOLD = {"compound": _compound, "community": _community, "resident": _resident}
