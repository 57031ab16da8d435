"""What became of a community, in sentences."""

from __future__ import annotations

from govsim.explain.community import CommunityState, CommunityStory
from govsim.explain.places import Change
from govsim.explain.story import Line
from govsim.explain.words.names import listed, name, number, text
from govsim.explain.words.places import cases, since
from govsim.language import _, _n, date_in_words

__all__ = ["MOVED", "by_week", "changed", "lines", "shown", "title"]


def title(story: CommunityStory) -> str:
    """Which community."""
    return _("Community {community} (street {street}, district {district})", **_where(story))


def _where(story: CommunityStory) -> dict[str, int]:
    return {"community": story.community, "street": story.street, "district": story.district}


def lines(story: CommunityStory) -> list[Line]:
    """What it is, what changed, its cases, and how it stands."""
    began = Line(None, _is(story))
    told = [Line(since(story.days, week), words) for week, words in by_week(story)]
    return [began, *told, _money(story), _moves(story), *cases(story.cases, story.days, story.now)]


def by_week(story: CommunityStory) -> list[tuple[int, str]]:
    """What changed, by the week in which it did."""
    weeks: dict[int, list[Change]] = {}
    for change in story.changes:
        weeks.setdefault(change.week, []).append(change)
    return [(week, changed(weeks[week])) for week in sorted(weeks)]


def _is(story: CommunityStory) -> str:
    then = story.then
    return text(
        _(
            "Community {community} has {residents} residents, {compounds} compounds beside its open part and {grids} "
            "grids.",
            community=story.community, residents=f"{story.residents:,}", compounds=story.compounds, grids=story.grids,
        ),
        _n("It began with {n} grid worker.", "It began with {n} grid workers.", then.workers),
    )  # fmt: skip


def changed(of_week: list[Change]) -> str:
    """All changes of one week."""
    begun = [name(change.fields["policy"]) for change in of_week if change.what == "begins"]
    ended = [name(change.fields["policy"]) for change in of_week if change.what == "ends"]
    said = [
        _("Into force: {names}.", names=listed(begun)) if begun else "",
        _("Out of force: {names}.", names=listed(ended)) if ended else "",
    ]
    for change in of_week:
        if change.what == "posts":
            said.append(_("Grid workers went from {before} to {after}.", **change.fields))
        elif change.what == "worker left":
            said.append(
                _n(
                    "A grid worker left; the post is vacant for a while, and much of what they knew is lost.",
                    "{n} grid workers left; their posts are vacant for a while, and much of what they knew is lost.",
                    change.fields["n"],
                )
            )
        elif change.what == "first project":
            said.append(_("The fund covered its first project, and staff prepared it."))
        elif change.what == "first pilot":
            said.append(_("The first pilot building was begun."))
    return text(*said)


def _money(story: CommunityStory) -> Line:
    if not story.accrued:
        return Line(None, _("There was no community fund."))
    fund = _n(
        "The fund brought {accrued} yuan, of which {spent} were paid, for {n} project.",
        "The fund brought {accrued} yuan, of which {spent} were paid, for {n} projects.",
        story.projects, accrued=f"{story.accrued:,.0f}", spent=f"{story.spent:,.0f}",
    )  # fmt: skip
    matched = ""
    if story.matched:
        matched = _("Enterprises promised {yuan} yuan more.", yuan=f"{story.matched:,.0f}")
    return Line(None, text(fund, matched))


MOVED: dict[str, str] = {
    "satisfaction": "mean satisfaction",
    "trust": "mean trust",
    "environment": "the state of the environment",
    "need": "unmet need as felt",
    "joined": "the share who take part",
    "knowledge": "what grid workers know of the place",
    "registered": "the share on the citizens' platform",
    "workers": "grid workers",
    "patrol": "their hours of patrol a week",
    "desk": "hours a week that its staff have for cases",
    "waiting": "weeks of work that wait at its desk",
    "certificates": "hours a week that 1,000 residents lose to certificates",
    "party": "compounds with a Party organisation",
    "owners": "compounds with an owners' committee",
}
"""What moves in a community."""


def shown(state: CommunityState, key: str) -> str:
    """One value as it is said."""
    value = getattr(state, key)
    if key in ("workers", "party", "owners"):
        return str(value)
    if key in ("patrol", "desk", "certificates"):
        return f"{value:.0f}"
    return f"{value:.1f}" if key == "waiting" else number(value)


def _moves(story: CommunityStory) -> Line:
    told = []
    for key, label in MOVED.items():
        before, after = shown(story.then, key), shown(story.today, key)
        if before != after:
            told.append(_("{what} {before} → {after}", what=_(label), before=before, after=after))
    if not told:
        return Line(None, _("Nothing moved by as much as shows."))
    spans = [date_in_words(since(story.days, week)) for week in (story.since, story.now)]
    return Line(None, text(_("From {then} to {now}:", then=spans[0], now=spans[1]), _("{moves}.", moves=listed(told))))
