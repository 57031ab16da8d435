"""What became of a compound, in sentences."""

from __future__ import annotations

from govsim.explain.compound import CompoundStory, State
from govsim.explain.places import Change
from govsim.explain.story import Line
from govsim.explain.words import names
from govsim.explain.words.names import capital, listed, number, share, text
from govsim.explain.words.places import cases, since
from govsim.language import _, _n, date_in_words

__all__ = ["MOVED", "changed", "lines", "moves", "shown", "title"]

ARE = {
    "commercial estate": "a commercial estate",
    "work-unit quarter": "an old work-unit quarter",
    "migrant compound": "a compound of mostly migrants",
    "open part": "village houses and street fronts",
}


def title(story: CompoundStory) -> str:
    """Which compound."""
    return capital(names.place(story.home))


def lines(story: CompoundStory) -> list[Line]:
    """What it is, what changed, its cases, and how it stands."""
    began = [Line(None, _is(story))]
    told = [Line(since(story.days, change.week), changed(change)) for change in story.changes]
    return [*began, *told, *moves(story), *cases(story.cases, story.days, story.now)]


def _is(story: CompoundStory) -> str:
    what = _(
        "{place} is {archetype}: {residents} residents, {migrants} of them migrants, with {members} Party members.",
        place=capital(names.area(story.home)), archetype=_(ARE[story.archetype]), residents=f"{story.residents:,}",
        migrants=share(story.migrants), members=story.members,
    )  # fmt: skip
    if not story.home.is_compound:
        return text(what, _("It has no property company, no owners' committee and no Party organisation of its own."))
    then = story.then
    company = (
        _("a property company of quality {quality}", quality=number(then.property_quality))
        if then.property_quality > 0.0
        else _("no property company")
    )
    owners = _("an owners' committee") if then.owners_committee else _("no owners' committee")
    party = _("a Party organisation") if then.party else _("no Party organisation")
    return text(what, _("It began with {institutions}.", institutions=listed([company, owners, party])))


def changed(change: Change) -> str:
    """One change."""
    fields = change.fields
    if change.what == "owners voted":
        if fields["won"]:
            return _("Owners voted for an owners' committee (vote {number}).", **fields)
        if fields["had"]:
            return _("The owners' committee's term was over, and a vote did not renew it (vote {number}).", **fields)
        return _("A vote for an owners' committee failed (vote {number}).", **fields)
    if change.what == "company dismissed":
        return _(
            "The owners' committee dismissed the property company, of quality {before}; the next one began at {after}.",
            after=number(fields["after"]), before=number(fields["before"]),
        )  # fmt: skip
    if change.what == "renovated":
        return _(
            "The compound was renovated: its environment rose from {before} to {after}.",
            before=number(fields["before"]), after=number(fields["after"]),
        )  # fmt: skip
    if change.what == "first pledge":
        return _n("The first member pledged.", "The first {n} members pledged.", fields["members"])
    return _(CHANGED[change.what])


CHANGED = {
    "party founded": "A Party organisation was founded.",
    "party asleep": "The Party organisation fell asleep.",
    "owners' party founded": "The owners' committee got a Party organisation of its own.",
    "owners' party gone": "The owners' committee lost its Party organisation.",
    "station opened": "A service station opened.",
    "station closed": "The service station closed.",
    "gates opened": "Security gates came into use.",
    "gates closed": "The security gates went out of use.",
    "covenant signed": "Neighbours signed a covenant.",
    "pilot begun": "Works on a pilot building began.",
    "pilot done": "The pilot building was done, for all to see.",
}
"""Changes that need no number."""

PARTS: dict[str, dict[str, str]] = {
    "Those who live here, from {then} to {now}: {moves}.": {
        "satisfaction": "mean satisfaction",
        "trust": "mean trust",
        "joined": "the share who take part",
        "ties": "ties between neighbours",
        "registered": "the share on the citizens' platform",
    },
    "What life here is like, from {then} to {now}: {moves}.": {
        "environment": "the state of the environment",
        "answers": "how fast problems are answered, as felt",
        "need": "unmet need as felt",
        "patrol": "hours of patrol a week per 1,000 residents",
    },
    "Its institutions, from {then} to {now}: {moves}.": {
        "property_quality": "the quality of the property company",
        "fees": "the share of households that pay its fee",
        "conflict": "conflict between owners and company",
        "covenant": "compliance with the covenant",
    },
}
"""What moves in a compound from week to week, by the sentence in which it is told."""
MOVED = {key: label for part in PARTS.values() for key, label in part.items()}


def shown(state: State, key: str) -> str:
    """One value as it is said."""
    value = getattr(state, key)
    return f"{value:.0f}" if key == "patrol" else number(value)


def moves(story: CompoundStory) -> list[Line]:
    """How the compound stood and stands."""
    dates = {
        "then": date_in_words(since(story.days, story.since)),
        "now": date_in_words(since(story.days, story.now)),
    }
    told = []
    for part, labels in PARTS.items():
        moved = [_moved(story, key) for key in labels if shown(story.then, key) != shown(story.today, key)]
        if moved:
            told.append(Line(None, _(part, moves=listed(moved), **dates)))
    return told


def _moved(story: CompoundStory, key: str) -> str:
    before, after = shown(story.then, key), shown(story.today, key)
    return _("{what} {before} → {after}", what=_(MOVED[key]), before=before, after=after)
