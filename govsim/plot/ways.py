"""The way of one case: who had it when, from the resident's window up to the committee, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.lines import Line2D

from govsim import cases as c
from govsim.explain.between import Between
from govsim.explain.case import HANDED_ON, REFUSALS, VISITS, CaseStory, Step
from govsim.explain.reasons import Decision
from govsim.explain.words import between, case, names
from govsim.language import _, date_in_words
from govsim.language.cells import wrapped
from govsim.plot.style import COLOURS, GREY, figure_of, new_axes, styled
from govsim.plot.weeks import date_axis

if TYPE_CHECKING:
    from govsim.explain.story import Office

__all__ = ["Stay", "stays", "way"]

LOW = {
    "window": "resident's window",
    "compound": "grid worker, compound",
    "community": "community",
    "street": "street",
}
HIGH = {"district": "district's meeting", "committee": "committee"}
"""Who can have a case, below and above the departments."""

_SHOWN_BEFORE = 10
"""Working days before it was found that are shown at least."""
_TITLE = 66
"""Cells of a line of the title."""
_PAPERS = (c.OVERDUE_PAPER, c.BOTCHED)
_FOUND = (c.BY_GRID, c.BY_RESIDENT, c.BY_PROPERTY)
_AT = dict.fromkeys((*_FOUND, *VISITS, c.COMPLAINT), "window") | {c.BY_DISTRICT: "district", c.NOT_HEARD: "district"}
"""Who had it before a step that no desk took, or where that was, if not in the compound."""
_NEXT = dict.fromkeys(_PAPERS, "window") | {c.BEYOND_COMPOUND: "community", c.REFERRED: "district"}
_NEXT |= dict.fromkeys((c.BEYOND_COMMUNITY, c.TOO_OFTEN, c.NO_AUTHORITY, c.COMPLAINT, c.NOT_HEARD), "street")
"""Who has it after a step, where nothing else is known of that."""

MARKS = {
    "by grid": ("found by a grid worker", "o", True),
    "by resident": ("reported by the resident", "^", True),
    "by property": ("found by the property company", "p", True),
    "sent": ("sent on", ">", False),
    "refused": ("passed on, not its task", "X", False),
    "bounced": ("passed on, though its task", "X", True),
    "accepted": ("taken on", "s", True),
    "visit": ("a visit to the household", "d", False),
    "ruling": ("the committee's word counted", "P", True),
    "paper": ("closed on paper", "D", False),
    "again": ("complained of again", "^", False),
    "cured": ("truly solved", "*", True),
    "lapsed": ("gone by itself", "o", False),
}
"""What can happen to a case: words, mark, and whether the mark is filled."""
_MARKED = dict(zip(_FOUND, ("by grid", "by resident", "by property"), strict=True))
_MARKED |= dict.fromkeys(
    (*HANDED_ON, c.BEYOND_COMPOUND, c.BEYOND_COMMUNITY, c.REFERRED, c.BY_DISTRICT, c.NO_AUTHORITY, c.NOT_HEARD), "sent"
)
_MARKED |= dict.fromkeys((c.ACCEPTED, c.ACCEPTED_JOINTLY, c.TAKEN_ON), "accepted") | dict.fromkeys(VISITS, "visit")
_MARKED |= dict.fromkeys(_PAPERS, "paper") | {c.COMPLAINT: "again"}


class Stay(NamedTuple):
    """A stretch of a case's life with one holder.

    Attributes:
        holder: a key of :data:`LOW` or :data:`HIGH`, or the name of a department.
        since, until: working days on which it came there (a step before that it was sent on) and left.
    """

    holder: str
    since: int
    until: int


@styled
def way(story: CaseStory | Between, ax: Axes | None = None, world: str = "policy") -> Axes:
    """The way of one case over time: who had it, from the resident's window up to the committee, and back.

    A row is somebody who had it, and whose task it truly is is said below departments. Where the line is level it waits
    there, or is worked on; where it rises or falls it is on its way. It is dotted while nobody works on it: not found,
    or closed on paper.

    Args:
        story: of a case, or of a case between two worlds (:func:`govsim.explain.between`).
        ax: axes to draw on; None for new ones.
        world: ``policy`` or ``baseline``: in whose colour the story is drawn, or the first of two.

    Raises:
        TypeError: the story is not of a case.
    """
    colours = [COLOURS[world], *(colour for name, colour in COLOURS.items() if name != world)]
    lives = [(life, colour, name) for (life, name), colour in zip(_lives(story), colours, strict=False) if life]
    first = lives[0][0]
    rows = _rows([life for life, *_rest in lives])
    if ax is None:
        ax = new_axes()
        figure_of(ax).set_size_inches(8, 2.2 + 0.42 * len(rows))
    key: dict[str, Any] = {name: Line2D([], [], color=colour) for _life, colour, name in lives if name}
    happened: set[str] = set()
    for i, (life, colour, _name) in enumerate(lives):
        lift = 0.34 * ((len(lives) - 1) / 2 - i)
        happened |= _draw(ax, life, {holder: y + lift for y, holder in enumerate(rows)}, colour, 0.6 / len(lives))
    ax.set_yticks(range(len(rows)), [_row(holder, first.needs) for holder in rows])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    _show_days(ax, [life for life, *_rest in lives])
    kind = _("Case {number}: {kind}", number=first.id, kind=names.name(first.kind))
    ends = [
        _("{name}: {end}", name=name, end=case.ended(life)) if name else case.ended(life)
        for life, _colour, name in lives
    ]
    ax.set_title("\n".join(line for words in (kind, *ends) for line in wrapped(words, _TITLE)), fontsize="medium")
    marked = lives[0][1] if len(lives) == 1 else GREY
    key |= {_(MARKS[mark][0]): _mark(mark, marked) for mark in MARKS if mark in happened}
    columns = max(1, int(ax.bbox.width / figure_of(ax).dpi / 1.6))
    ax.legend(
        list(key.values()),
        list(key),
        loc="upper right",
        bbox_to_anchor=(1.0, 0.0),
        borderaxespad=4.5,
        ncols=columns,
        fontsize="small",
    )
    return ax


def stays(story: CaseStory) -> list[Stay]:
    """Who had a case, one after the other; of a case that ended the last is the resident, on that day."""
    steps = [step for step in story.steps if step.why not in VISITS]
    end = story.now if story.closed is None or story.stage == "closed on paper" else story.closed
    found, since = [], story.raised
    for step in steps:
        found.append(Stay(_holder(step), since + step.way, step.day))
        since = step.day
    if not steps or story.stage not in ("cured", "lapsed") or since < end:
        found.append(Stay(_last(story, steps), since, end))
    if found[-1].holder != "window" and story.stage in ("cured", "lapsed"):
        found.append(Stay("window", end, end))
    return found


# --- parts


def _lives(story: Any) -> list[tuple[CaseStory | None, str]]:
    """Lives to draw, each with the name of its world where there are two."""
    if isinstance(story, Between) and story.what == "case":
        return list(zip((story.here, story.there), between.worlds(story), strict=True))
    if isinstance(story, CaseStory):
        return [(story, "")]
    raise TypeError(f"the way of a case is drawn, not a {type(story).__name__}")


def _office(office: Office) -> str:
    return office.department if office.tier == "branch" else office.tier


def _holder(step: Step) -> str:
    """Who had it until a step."""
    return _office(step.office) if step.office else _AT.get(step.why, "compound")


def _last(story: CaseStory, steps: Sequence[Step]) -> str:
    """Who has it after all steps, or had it until it ended."""
    if not steps:
        return "window"
    last = steps[-1]
    if story.waits_at:
        return _office(story.waits_at)
    if last.to:
        return last.to
    if last.why in _FOUND:
        return "compound" if story.home.is_compound else "community"
    return _NEXT.get(last.why, _holder(last))


def _rows(lives: Sequence[CaseStory]) -> list[str]:
    """Who had the case in any of its lives, from below; departments in the order in which they had it."""
    had = dict.fromkeys(stay.holder for life in lives for stay in stays(life))
    had |= dict.fromkeys("committee" for life in lives for step in life.steps if _ruled(step))
    departments = [holder for holder in had if holder not in LOW and holder not in HIGH]
    return [row for row in (*LOW, *departments, *HIGH) if row in had or row == "window"]


def _show_days(ax: Axes, lives: Sequence[CaseStory]) -> None:
    """Dates below, from when it arose; or from shortly before it was found, if the whole way were small beside that."""
    of = lives[0].days
    days = [day for life in lives for stay in stays(life) for day in stay[1:]]
    arose, end = min(days), max(days)
    found = min((life.steps[0].day for life in lives if life.steps), default=arose)
    before = max(_SHOWN_BEFORE, (end - found) // 2)
    cut = found - arose > 2 * before
    left, right = (date2num(of.date(day)) for day in (found - before if cut else arose, end))
    room = 0.03 * (right - left) + (0 if cut else 1)
    ax.set_xlim(left if cut else left - room, right + room)
    date_axis(ax, 6)
    if cut:
        words = _("◂ since {date}", date=date_in_words(of.date(arose)))
        ax.annotate(words, (0, 0), (4, 9), ("axes fraction", "data"), "offset points", fontsize="small")


def _ruled(step: Step) -> bool:
    """Whether the committee decided the step: the street followed a ruling, a branch accepted for one, or jointly."""
    reason = step.reason
    settled = isinstance(reason, Decision) and reason.accepts and reason.decisive[:1] in (("precedent",), ("expected",))
    return settled or step.why in (c.PRECEDENT, c.ACCEPTED_JOINTLY)


def _row(holder: str, needs: Sequence[str]) -> str:
    words = (LOW | HIGH).get(holder)
    name = names.capital(_(words) if words else names.name(holder))
    return _("{department}\n(its task)", department=name) if holder in needs else name


def _mark(mark: str, colour: str) -> Line2D:
    __, sign, filled = MARKS[mark]
    face = colour if filled else "none" if sign == "D" else "white"  # on the same day it may lie on another mark
    size = {"*": 11, "D": 9}.get(sign, 7)
    look: dict[str, Any] = {"marker": sign, "markerfacecolor": face, "markersize": size, "linestyle": "none"}
    return Line2D([], [], color=colour, **look)


def _draw(ax: Axes, life: CaseStory, rows: dict[str, float], colour: str, height: float) -> set[str]:
    """One life; gives what happened in it."""

    def at(day: int) -> float:
        return float(date2num(life.days.date(day)))

    path = stays(life)
    for stay in path:
        line = ":" if stay.holder == "window" else "-"
        y, left, right = rows[stay.holder], at(stay.since), at(stay.until)
        ax.barh(y, right - left, height, left=left, color=colour, alpha=0.16, linewidth=0)
        ax.plot([left, right], [y, y], line, color=colour)
    for one, other in pairwise(path):
        ax.plot([at(one.until), at(other.since)], [rows[one.holder], rows[other.holder]], color=colour, linewidth=1.2)
    marks = set()
    for mark, day, holder in _marks(life, path):
        marks.add(mark)
        ax.add_line(_mark(mark, colour))
        ax.lines[-1].set_data([at(day)], [rows[holder]])
        ax.lines[-1].set_zorder(4)
    for step in filter(_ruled, life.steps):
        ends = rows[_holder(step)], rows["committee"]
        ax.plot([at(step.day)] * 2, ends, "--", color=colour, linewidth=1.0)
    return marks


def _marks(life: CaseStory, path: Sequence[Stay]) -> Iterator[tuple[str, int, str]]:
    """What happened, when, and with whom."""
    for step in life.steps:
        mark = _MARKED.get(step.why, "")
        if step.why in REFUSALS:
            mark = "bounced" if step.own else "refused"
        if mark:
            yield mark, step.day, _holder(step)
        if _ruled(step):
            yield "ruling", step.day, "committee"
    if life.stage in ("cured", "lapsed"):
        yield life.stage, path[-1].until, "window"
