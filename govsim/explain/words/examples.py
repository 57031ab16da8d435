"""Why something is instructive, in a few words."""

from __future__ import annotations

from govsim.explain.examples import Example
from govsim.explain.words.names import days
from govsim.language import _, _n

__all__ = ["WHY", "text"]

WHY = {
    "ruling": "a ruling of the committee settled it",
    "visit": "the household behind it gave in at a visit",
    "district": "the district's meeting heard it",
    "joint": "departments acted at once under a joint order",
    "sunk": "the street finished it itself",
    "station": "a service station settled it",
    "compound": "the compound settled it itself",
    "mediation": "a grid worker mediated",
    "hurt": "where problems hurt most, per resident",
    "gained": "where satisfaction rose most",
    "community": "the community around it",
    "joined": "began to take part",
    "gave in": "gave in at a visit",
}
"""Reasons that need no number."""


def text(example: Example) -> str:
    """Why to ask for it."""
    n = example.n
    counted = {
        "longest": lambda: _("the longest until its cure, {days}", days=days(n)),
        "bounced": lambda: _n(
            "responsible branches refused it most often, {n} time",
            "responsible branches refused it most often, {n} times", n,
        ),
        "paper": lambda: _n(
            "closed on paper, it came back {n} time before it was cured",
            "closed on paper, it came back {n} times before it was cured", n,
        ),
        "unfound": lambda: _("nobody ever found it, in {days}", days=days(n)),
        "relapsed": lambda: _n(
            "it was cured and came back {n} time", "it was cured and came back {n} times", n
        ),
        "touched": lambda: _n("{n} known problem touched them", "{n} known problems touched them most", n),
    }  # fmt: skip
    return counted[example.why]() if example.why in counted else _(WHY[example.why])
