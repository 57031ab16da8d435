"""What differs for one case, compound, community or resident between two worlds that share their luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govsim.explain.story import Days, Line, Story

if TYPE_CHECKING:
    from govsim.explain.case import CaseStory, Step
    from govsim.explain.probe import Probe

__all__ = ["Between", "between"]

WHAT = ("case", "compound", "community", "resident")


@dataclass(frozen=True)
class Between(Story):
    """One and the same in two worlds.

    Attributes:
        what: ``case``, ``compound``, ``community`` or ``resident``.
        which: its identity.
        worlds: names of the two worlds; empty for "this" and "the other".
        here, there: its story in each; None where there is no such case.
        same: how many steps of a case are the same in both before they differ.
        days: the calendar.
    """

    what: str
    which: int
    worlds: tuple[str, str]
    here: Any
    there: Any
    same: int
    days: Days

    def title(self) -> str:
        """What is compared."""
        from govsim.explain.words import between

        return between.title(self)

    def lines(self) -> list[Line]:
        """What differs, in sentences; the last one says that it is an illustration."""
        from govsim.explain.words import between

        return between.lines(self)


def between(here: Probe, there: Probe, **what: int) -> Between:
    """What differs for one case, compound, community or resident: ``between(probe, other, case=id)``.

    Args:
        here, there: probes of two cities of the same place and seed.
        what: one of ``case``, ``compound``, ``community``, ``resident``, with its identity.

    Raises:
        TypeError: not exactly one of them is named.
        ValueError: the cities do not share place and seed.
        KeyError: no such case has been raised in either world.
        IndexError: there is no such compound, community or resident.
    """
    if len(what) != 1 or not what.keys() <= set(WHAT):
        raise TypeError(f"name one of {', '.join(WHAT)}, as in between(probe, other, case=id)")
    if here.city.seed != there.city.seed or len(here.city.residents) != len(there.city.residents):
        raise ValueError("the two cities must have the same place and seed")
    ((name, which),) = what.items()
    stories = [_told(probe, name, which) for probe in (here, there)]
    if stories == [None, None]:
        raise KeyError(f"no case with the identity {which} has been raised in either world")
    same = _same(*stories) if name == "case" and None not in stories else 0
    return Between(
        name, int(which), (here.world, there.world), *stories, same=same, days=Days(here.city.config.warmup)
    )  # fmt: skip


def _told(probe: Probe, what: str, which: int) -> Any:
    try:
        return getattr(probe, what)(which)
    except KeyError:
        return None


def _same(here: CaseStory, there: CaseStory) -> int:
    """How many steps two lives of a case have in common."""
    pairs = zip(here.steps, there.steps, strict=False)
    return next(
        (i for i, (one, other) in enumerate(pairs) if _did(one) != _did(other)), min(len(here.steps), len(there.steps))
    )


def _did(step: Step) -> tuple[Any, ...]:
    """What counts as the same step: when, what, and by whom to whom."""
    return step.day, step.why, step.office, step.to
