"""Why a resident took part, stopped, or stayed away: the rule of participation once more, from what was noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govsim import draws
from govsim.processes import participation

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.explain.notes import Week

__all__ = ["Turn", "turn"]


class Turn(NamedTuple):
    """One time that a resident reconsidered.

    Attributes:
        week: week of the timeline.
        joins: what the rule decides.
        pull: the pull by what pulled: ``neighbours``, ``trust``, ``satisfaction``, ``channels``, ``ties``, ``pride``,
            ``crowding``. Where cooperators match others, ``neighbours`` is no part of it.
        threshold: pull at which they take part; None where they match others by a draw.
        share: share of the settlement that took part.
    """

    week: int
    joins: bool
    pull: dict[str, float]
    threshold: float | None
    share: float


def turn(city: City, week: Week, resident: int, satisfaction: float, trust: float) -> Turn | None:
    """The decision of a resident in a week, with attitudes as they stood at its start; None out of their turn."""
    p, clock = city.p, week.week + city.config.warmup
    period = int(p.reconsider_weeks)
    who = city.residents[resident]
    if city.residents.turn[resident] != -clock % period or who.age == "child" or who.type == "free rider":
        return None
    assert week.joining is not None
    here = city.places.settlement_of(resident)
    then, by_then = week.tables["settlements"][here], week.joining[here]
    share = float(then["joined_share"])
    pull = {
        "neighbours": p.pull_neighbours * share,
        "trust": p.pull_trust * trust,
        "satisfaction": p.pull_satisfaction * satisfaction,
        "channels": p.pull_channels * week.rules.channels,
        "ties": p.pull_ties * (float(then["ties"]) - p.ties_base),
        "pride": p.pull_pride * max(0.0, float(by_then["environment"]) - float(then["remembered"])),
        "crowding": -p.crowding * min(1.0, float(by_then["mobilised"]) / participation._FULLY_ORGANISED),
    }
    kind = int(city.residents.type[resident])
    if p.participation_theory == participation._MATCHING:
        del pull["neighbours"]
        luck = draws.uniform(city.seed, participation.MATCHES, resident, clock // period)
        joins = participation.matches(luck, sum(pull.values()), kind, share, p[0])
        return Turn(week.week, bool(joins), pull, None, share)
    joins = participation.takes_part(sum(pull.values()), kind, who.threshold, share, p[0])
    return Turn(week.week, bool(joins), pull, who.threshold, share)
