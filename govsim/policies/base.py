"""What an instrument is: dates, a dose, rules it writes, and what it costs.

An instrument writes *rules in force* and nothing else; processes read rules and write their own columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

from govsim.calendar import WEEKS_A_YEAR
from govsim.config.parameters import param
from govsim.config.place import counts

if TYPE_CHECKING:
    from govsim.config.arrangements import Arrangements
    from govsim.config.schema import Config

__all__ = ["Cost", "Instrument", "add", "organised", "scale"]

ADD, SCALE = "add", "scale"


def add(rule: str, value: float) -> tuple[str, str, float]:
    """This instrument adds ``value`` to a rule while it is in force."""
    return (rule, ADD, value)


def scale(rule: str, value: float) -> tuple[str, str, float]:
    """This instrument multiplies a rule by ``value`` while it is in force."""
    return (rule, SCALE, value)


def organised(hours: float, config: Config) -> float:
    """Yuan a year of organisers who work so many hours a week in each community."""
    return hours * counts(config.place).communities * WEEKS_A_YEAR * config.prices.organiser_hour


@dataclass(frozen=True)
class Cost:
    """Planned cost a year: fiscal in yuan, social in hours of residents, volunteers, meetings, enterprises."""

    yuan: float = 0.0
    hours: float = 0.0


@dataclass
class Instrument:
    """Base of every instrument.

    Class attributes that a subclass sets:
        name: key under ``policy`` in a config.
        tier: who runs it (city, district, street, community, compound).
        dose: the field that says how much of it there is, or None where there is no such number.
        scalable: fields of which more yuan buys more, so that a budget can size them, all in the same proportion;
            empty where money does not buy more of the instrument.
        campaign: whether it lives on people being mobilised, and ends where a scenario ends campaigns.
        check: the outcome that must move when the dose moves (manipulation check).
        channel: settings of ``behaviour`` under which it can do nothing, because its one way into the
            world is closed; used to show that its effect comes through that way and no other.
    """

    name: ClassVar[str]
    tier: ClassVar[str]
    dose: ClassVar[str | None] = None
    scalable: ClassVar[tuple[str, ...]] = ()
    campaign: ClassVar[bool] = False
    check: ClassVar[str]
    channel: ClassVar[dict[str, float]]

    start: str = param("2017-09-04", "date", "first day in force (rounded to its week)")
    end: str = param("", "date", "first day no longer in force; empty for no end")

    @classmethod
    def neutral(cls, before: Arrangements) -> float:
        """The dose at which it changes nothing."""
        return 0.0

    def at(self, share: float, before: Arrangements) -> Self:
        """The same instrument at a share of its size: 0 changes nothing, 1 is as it stands, 2 twice as much."""
        nothing = self.neutral(before)
        return replace(self, **{f: nothing + share * (getattr(self, f) - nothing) for f in self.scalable})

    def rules(self, before: Arrangements) -> list[tuple[str, str, float]]:
        """The contributions to the rules in force while the instrument runs: (rule, add or scale, value)."""
        raise NotImplementedError

    def yearly_cost(self, config: Config) -> Cost:
        """Planned cost a year at this dose for the simulated place."""
        raise NotImplementedError
