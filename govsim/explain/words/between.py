"""Two worlds in sentences."""

from __future__ import annotations

from govsim import cases as c
from govsim.explain.between import Between
from govsim.explain.case import CaseStory
from govsim.explain.reasons import Decision
from govsim.explain.story import Line
from govsim.explain.words import case
from govsim.explain.words.names import listed, ordinal, text, world
from govsim.explain.words.twins import TOLD
from govsim.language import _, _n

__all__ = ["lines", "title"]


def title(story: Between) -> str:
    """What is compared."""
    known = story.here or story.there
    return _("{title}, in two worlds", title=known.title())


def lines(story: Between) -> list[Line]:
    """What differs."""
    told = _case(story) if story.what == "case" else TOLD[story.what](story, *worlds(story))
    return [*told, Line(None, illustration())]


def illustration() -> str:
    """What one case, or one person, can say."""
    return _(
        "One case, place or person under one seed is an illustration of how the model works, not an effect: what a "
        "policy does shows in averages over many seeds."
    )


def worlds(story: Between) -> tuple[str, str]:
    """Both worlds by name."""
    here, there = story.worlds
    return (
        _("the world of {name}", name=world(here)) if here else _("this world"),
        _("the world of {name}", name=world(there)) if there else _("the other world"),
    )


# --- cases


def _case(story: Between) -> list[Line]:
    here: CaseStory | None = story.here
    there: CaseStory | None = story.there
    ours, theirs = worlds(story)
    if here is None:
        return _alone(story.there, theirs, ours)
    if there is None:
        return _alone(here, ours, theirs)
    said = []
    lives = (here, ours), (there, theirs)
    if story.same == len(here.steps) == len(there.steps) and (here.stage, here.closed) == (there.stage, there.closed):
        return [Line(None, _("In both worlds it lived the same life: {end}.", end=case.ended(here)))]
    if story.same:
        last = here.steps[story.same - 1]
        said.append(
            Line(
                here.days.date(last.day),
                _n(
                    "Until here both worlds are the same for it, in {n} step.",
                    "Until here both worlds are the same for it, in {n} steps.",
                    story.same,
                ),
            )
        )
    else:
        said.append(Line(here.days.date(here.raised), _("It arose in both worlds on the same day and was alike.")))
    for life, label in lives:
        if story.same < len(life.steps):
            step, then = life.steps[story.same], case.said(life, story.same)
            said.append(Line(life.days.date(step.day), _("Then in {world}: {step}", world=label, step=then)))
        elif life.steps:
            said.append(Line(None, _("In {world} nothing more was done about it.", world=label)))
        else:
            said.append(Line(None, _("In {world} nobody found it.", world=label)))
    ends = [_("In {world} it was {end}.", world=label, end=case.ended(life)) for life, label in lives]
    said.append(Line(None, text(*ends)))
    for life, label in lives:
        if helped := _helped(life, story.same):
            said.append(Line(None, _("What counted for it in {world}: {what}.", world=label, what=listed(helped))))
    return said


def _alone(life: CaseStory, ours: str, theirs: str) -> list[Line]:
    if life.parent is not None:
        why = _(
            "It has no twin in {other}: there the case before it was not solved, or not at a time and in a place that "
            "let it come back.",
            other=theirs,
        )
    else:
        why = _(
            "It has no twin in {other}: by then the place differed so much (its environment, and how many take part) "
            "that the same chance raised no case there.",
            other=theirs,
        )
    return [Line(None, text(why, _("In {world} it was {end}.", world=ours, end=case.ended(life))))]


def _helped(life: CaseStory, same: int) -> list[str]:
    """What decided its way after so many steps that were the same in both worlds, in few words."""
    said, decisions = [], 0
    for i, step in enumerate(life.steps):
        decisions += isinstance(step.reason, Decision)
        if i < same:
            continue
        if isinstance(step.reason, Decision) and step.reason.accepts and step.reason.decisive:
            said.append(_(COUNTED[step.reason.decisive[0]], nth=ordinal(decisions)))
        elif step.why in OTHERS:
            said.append(_(OTHERS[step.why]))
    return list(dict.fromkeys(said))


COUNTED = {
    "precedent": "a precedent settled the {nth} branch's decision",
    "expected": "a department that expected to be ruled on took it at the {nth} decision",
    "backed": "the leading group's backing settled the {nth} branch's decision",
    "list": "the published list of responsibilities settled the {nth} branch's decision",
    "street": "the street's assignment settled the {nth} branch's decision",
    "district": "the district's assignment settled the {nth} branch's decision",
    "together": "ruling, list and order together settled the {nth} branch's decision",
}
"""What settled a branch's decision."""

OTHERS = {
    c.ON_SPOT: "a grid worker settled it on the spot",
    c.BY_MEDIATION: "a grid worker mediated",
    c.AT_STATION: "there was a service station",
    c.IN_COMPOUND: "the compound settled it itself",
    c.GAVE_IN: "the household gave in at a visit",
    c.ACCEPTED_JOINTLY: "departments acted at once under a joint order",
    c.TAKEN_ON: "the street had the powers to take it on itself",
    c.BY_DISTRICT: "the district's meeting heard it",
    c.OVERDUE_PAPER: "it was closed on paper when overdue",
    c.BOTCHED: "a closing was not true",
}
"""Other steps that decide a way."""
