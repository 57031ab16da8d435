"""The path diagram: what moves satisfaction, trust, expectation, reporting and joining, and what they move.

One table of nodes and one of arrows. A test perturbs each node in a running city just before each mechanism that reads
it, and finds these arrows, with these signs, and no others. The picture is made anew, in the folder docs, by

    python -m generator.attitudes
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

from generator.markdown import code, table

__all__ = ["ARROWS", "NODES", "PICTURE", "Arrow", "Node", "arrows", "svg"]


class Node(NamedTuple):
    """Something that moves.

    Attributes:
        label: lines of its box.
        x, y: centre of the box in the picture.
        columns: what holds it, as mechanisms declare it.
        lives: for what happens to cases, the columns of cases through which it goes on; a case has many fates, and only
            its end is felt.
    """

    label: str
    x: int
    y: int
    columns: tuple[str, ...]
    lives: tuple[str, ...] = ()


class Arrow(NamedTuple):
    """What one node does to another.

    Attributes:
        sign: "+" more makes more, "-" more makes less, "±" open: the range of the parameter spans zero.
        process: the mechanism through which it goes.
        parameters: fields of behaviour that say how much.
        theory: option of behaviour under which alone it exists ("": under the default).
    """

    start: str
    end: str
    sign: str
    process: str
    parameters: tuple[str, ...]
    theory: str = ""


NODES: dict[str, Node] = {
    "environment": Node("environment", 72, 110, ("settlements.environment",)),
    "need": Node("unmet need\nnearby", 72, 250, ("settlements.unmet", "settlements.need")),
    "answers": Node("answers to\nproblems nearby", 72, 390, ("reckoning.answers", "settlements.responsiveness")),
    "time": Node("hours lost to\ncertificates", 72, 520, ("communities.time_lost",)),
    "hardened": Node("a visit that\nhardened", 72, 630, ("persuasion.hardened",)),
    "expectation": Node("expectation", 286, 110, ("residents.expectation",)),
    "satisfaction": Node("satisfaction", 286, 290, ("residents.satisfaction", "settlements.mean_satisfaction")),
    "trust": Node("trust", 286, 470, ("residents.trust", "settlements.mean_trust")),
    "survey": Node("answers to\nthe survey", 500, 110, ("survey.result",)),
    "chosen": Node("worth of\nprojects", 500, 200, ("communities.extra_due", "communities.extra_this_week")),
    "joining": Node("joining", 500, 290, ("residents.joined", "settlements.joined_share")),
    "reporting": Node("reporting", 500, 430, ("tally.found_by_resident",), ("cases.found",)),
    "gives_in": Node("giving in\nat the door", 500, 590, ("tally.gave_in",), ("cases.persuaded",)),
    "helpers": Node("organised\nhelpers", 714, 90, ("settlements.mobilised",)),
    "ties": Node("ties between\nneighbours", 714, 180, ("settlements.ties",)),
    "covenant": Node("covenant\nkept", 714, 270, ("settlements.covenant",)),
    "problems": Node("problems\nthat arise", 714, 360, ("tally.raised",), ("cases.raised",)),
    "settled": Node("settled in the\ncompound", 714, 450, ("tally.settled_in_compound",), ("cases.closed",)),
    "owners": Node("owners'\ncommittee", 714, 540, ("settlements.owners_committee",)),
    "party": Node("Party\norganisation", 714, 630, ("settlements.party", "settlements.party_decline")),
}
"""Nodes of the diagram, in four columns: what is lived through, attitudes, what people do, what follows."""

ARROWS: tuple[Arrow, ...] = (
    Arrow("environment", "satisfaction", "+", "Experience", ("weight_environment",)),
    Arrow("need", "satisfaction", "-", "Experience", ("weight_need",)),
    Arrow("answers", "satisfaction", "+", "Experience", ("weight_responsiveness", "own_case")),
    Arrow("time", "satisfaction", "-", "Experience", ("weight_time",)),
    Arrow("hardened", "satisfaction", "-", "Experience", ("own_case",)),
    Arrow("answers", "trust", "+", "Experience", ("trust_answer", "own_case")),
    Arrow("hardened", "trust", "-", "Experience", ("own_case",)),
    Arrow("environment", "expectation", "+", "Experience", ("expectation_rate",)),
    Arrow("need", "expectation", "-", "Experience", ("expectation_rate",)),
    Arrow("answers", "expectation", "+", "Experience", ("expectation_rate",)),
    Arrow("time", "expectation", "-", "Experience", ("expectation_rate",)),
    Arrow("expectation", "satisfaction", "-", "Experience", ("disconfirmation",), "disconfirmation"),
    Arrow("satisfaction", "expectation", "+", "Experience", ("anchoring",), "anchoring"),
    Arrow("satisfaction", "survey", "+", "Survey", ("response_satisfied", "approve_at", "change_at")),
    Arrow("expectation", "survey", "-", "Survey", ("change_at",)),
    Arrow("trust", "joining", "+", "Participation", ("pull_trust",)),
    Arrow("satisfaction", "joining", "+", "Participation", ("pull_satisfaction",)),
    Arrow("environment", "joining", "+", "Participation", ("pull_pride",)),
    Arrow("ties", "joining", "+", "Participation", ("pull_ties",)),
    Arrow("helpers", "joining", "±", "Participation", ("crowding",)),
    Arrow("trust", "reporting", "+", "Detection", ("report_trust",)),
    Arrow("trust", "gives_in", "+", "Persuasion", ("trust_weight",)),
    Arrow("joining", "gives_in", "+", "Persuasion", ("tie_neighbour", "tie_weight")),
    Arrow("ties", "gives_in", "+", "Persuasion", ("tie_weight",)),
    Arrow("trust", "party", "+", "Party", ("leader_share",)),
    Arrow("joining", "party", "+", "Party", ("own_life",)),
    Arrow("joining", "owners", "+", "Owners", ("turnout_joined",)),
    Arrow("ties", "owners", "+", "Owners", ("turnout_ties",)),
    Arrow("joining", "covenant", "+", "Covenant", ("covenant_follow",)),
    Arrow("joining", "ties", "+", "Culture", ("ties_joined",)),
    Arrow("joining", "settled", "+", "Compound", ("consent_joined",)),
    Arrow("owners", "settled", "+", "Compound", ("consent_owners",)),
    Arrow("party", "settled", "+", "Compound", ("information_party", "consent_party")),
    Arrow("trust", "hardened", "-", "Persuasion", ("trust_weight",)),
    Arrow("ties", "hardened", "-", "Persuasion", ("tie_weight", "backfire")),
    Arrow("joining", "hardened", "-", "Persuasion", ("tie_neighbour", "tie_weight")),
    Arrow("environment", "problems", "-", "Incidence", ("environment_effect",)),
    Arrow("joining", "problems", "-", "Incidence", ("joining_effect",)),
    Arrow("covenant", "problems", "-", "Incidence", ("covenant_effect",)),
    Arrow("joining", "environment", "+", "Renovation", ("consent_joined", "works_consent")),
    Arrow("owners", "environment", "+", "Renovation", ("consent_owners", "works_consent")),
    Arrow("party", "environment", "+", "Renovation", ("consent_party", "works_consent")),
    Arrow("joining", "chosen", "+", "Funding", ("choice_gain",)),
    Arrow("chosen", "environment", "+", "Funding", ("environment_gain",)),
    Arrow("problems", "need", "+", "Reckoning", ()),
    Arrow("settled", "need", "-", "Reckoning", ()),
    Arrow("gives_in", "need", "-", "Reckoning", ()),
    Arrow("reporting", "answers", "+", "Reckoning", ("answer_days",)),
)
"""Every arrow of the diagram."""

PICTURE = Path(__file__).parents[1] / "attitudes.svg"
"""The picture, which is kept with the source so that it can be seen without a build."""

_WIDTH, _HEIGHT = 1000, 720
_BOX, _TALL, _APART = 124, 46, 8
_FONT = "font-family='Helvetica, Arial, sans-serif'"
_COLOURS = {"+": "#2563a8", "-": "#b3421f", "±": "#6b6b6b"}
_COLUMNS = {
    "what is lived through": "#e8eef2",
    "attitudes": "#fdf0d5",
    "what people do": "#e6f0e4",
    "what follows": "#f1ecf4",
    "is lived through": "#ffffff",
}
_AGAIN = 928
"""Where boxes of the first column stand once more, so that what comes back to them does not cross the picture."""


def arrows() -> str:
    """The arrows as a table."""
    rows = (
        (
            NODES[a.start].label.replace("\n", " "),
            NODES[a.end].label.replace("\n", " "),
            {"-": "−"}.get(a.sign, a.sign),
            a.process,
            ", ".join(code(f"behaviour.{p}") for p in a.parameters),
            f"only {code(f'behaviour={a.theory}')}" if a.theory else "",
        )
        for a in ARROWS
    )
    return table(("from", "to", "sign", "through", "how much", "where"), rows)


def svg() -> str:
    """The picture: columns of boxes and an arrow from box to box; what comes round ends at boxes drawn again."""
    columns = sorted({node.x for node in NODES.values()})
    again = {a.end: _repeated(a.end) for a in ARROWS if _comes_round(a)}
    boxes = [(node, columns.index(node.x), False) for node in NODES.values()]
    boxes += [(node, len(columns), True) for node in again.values()]
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img'>",
        "<title>How satisfaction, trust, expectation, reporting and joining feed each other</title>",
        f"<rect width='{_WIDTH}' height='{_HEIGHT}' fill='white'/>",
        *(_head(sign, colour) for sign, colour in _COLOURS.items()),
        *(_path(arrow) for arrow in ARROWS),
        *(_box(node, list(_COLUMNS.values())[column], ghost) for node, column, ghost in boxes),
        *(_title(x, head) for x, head in zip([*columns, _AGAIN], _COLUMNS, strict=True)),
        *_legend(),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(x: int, head: str) -> str:
    style = f"{_FONT} text-anchor='middle' font-size='15' fill='#444' font-style='italic'"
    return f"<text x='{x}' y='34' {style}>{head}</text>"


def _comes_round(arrow: Arrow) -> bool:
    """Whether an arrow leads back to what is lived through."""
    return NODES[arrow.end].x == min(node.x for node in NODES.values())


def _repeated(name: str) -> Node:
    return NODES[name]._replace(x=_AGAIN)


def _head(sign: str, colour: str) -> str:
    return (
        f"<marker id='{_name(sign)}' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='7' markerHeight='7' "
        f"orient='auto'><path d='M0 1 L10 5 L0 9 z' fill='{colour}'/></marker>"
    )


def _name(sign: str) -> str:
    return {"+": "more", "-": "less", "±": "open"}[sign]


def _box(node: Node, fill: str, ghost: bool) -> str:
    lines = node.label.split("\n")
    first = node.y + 5 - 17 * (len(lines) - 1) / 2
    words = "".join(
        f"<text x='{node.x}' y='{first + 17 * i:g}' {_FONT} text-anchor='middle' font-size='14.5'>{escape(line)}</text>"
        for i, line in enumerate(lines)
    )
    dashes = " stroke-dasharray='4 3'" if ghost else ""
    tall = max(_TALL, _APART * (1 + max(len(_on_side(node, right)) for right in (True, False))))
    left, top = node.x - _BOX // 2, node.y - tall // 2
    return (
        f"<rect x='{left}' y='{top}' width='{_BOX}' height='{tall}' rx='8' fill='{fill}' stroke='#888'{dashes}/>{words}"
    )


def _path(arrow: Arrow) -> str:
    dashes = " stroke-dasharray='6 4'" if arrow.theory else ""
    return (
        f"<path d='{_curve(arrow)}' fill='none' stroke='{_COLOURS[arrow.sign]}' stroke-width='1.6'{dashes} "
        f"marker-end='url(#{_name(arrow.sign)})'/>"
    )


def _ends(arrow: Arrow) -> tuple[Node, Node]:
    return NODES[arrow.start], _repeated(arrow.end) if _comes_round(arrow) else NODES[arrow.end]


def _curve(arrow: Arrow) -> str:
    """From side to side, each end at a port of its own; within a column around a side of it."""
    start, end = _ends(arrow)
    half = _BOX // 2
    if start.x == end.x:
        side = 1 if arrow.sign == "+" and arrow.end != "satisfaction" else -1
        down = 1 if end.y > start.y else -1
        x, bow = start.x + side * half, side * (34 + abs(end.y - start.y) // 12)
        y1, y2 = start.y + 13 * down, end.y - 13 * down
        return f"M{x} {y1} C{x + bow} {y1} {x + bow} {y2} {x} {y2}"
    y1, y2 = start.y + _port(arrow, True), end.y + _port(arrow, False)
    way = 1 if end.x > start.x else -1
    x1, x2 = start.x + way * half, end.x - way * half
    reach = (x2 - x1) * 0.5
    return f"M{x1} {y1:g} C{x1 + reach:g} {y1:g} {x2 - reach:g} {y2:g} {x2} {y2:g}"


def _port(arrow: Arrow, out: bool) -> float:
    """Where on a side of its box an arrow ends, from the middle: in the order of what is at the other ends."""
    start, end = _ends(arrow)
    here, there = (start, end) if out else (end, start)
    ends = _on_side(here, there.x > here.x)
    return (ends.index((arrow, out)) - (len(ends) - 1) / 2) * _APART


def _on_side(node: Node, right: bool) -> list[tuple[Arrow, bool]]:
    """Arrows on a side of a box, and whether they start there."""
    found = []
    for arrow in ARROWS:
        for out, (here, there) in ((True, _ends(arrow)), (False, _ends(arrow)[::-1])):
            if here == node and here.x != there.x and (there.x > here.x) == right:
                found.append((there.y, out, arrow))
    return [(arrow, out) for _, out, arrow in sorted(found, key=lambda end: end[:2])]


def _legend() -> list[str]:
    parts, x = [], 130
    for label, sign, dashes in (
        ("more makes more", "+", ""),
        ("more makes less", "-", ""),
        ("open: more or less", "±", ""),
        ("under one theory only", "+", " stroke-dasharray='6 4'"),
    ):
        parts.append(
            f"<path d='M{x} {_HEIGHT - 18} h34' stroke='{_COLOURS[sign]}' stroke-width='1.6'{dashes} "
            f"marker-end='url(#{_name(sign)})'/><text x='{x + 42}' y='{_HEIGHT - 13}' font-size='14' fill='#444' "
            f"{_FONT}>{label}</text>"
        )
        x += 195
    return parts


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
