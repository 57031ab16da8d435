"""Equal budgets: a policy sized so that it is planned to cost a given sum, for a ranking that money does not decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nextafter

from scipy.optimize import brentq

from govsim.config.check import declared
from govsim.config.schema import Config
from govsim.policies import Instrument

__all__ = ["Reach", "planned", "reach", "sized"]

Instruments = Mapping[str, Instrument]


@dataclass(frozen=True)
class Reach:
    """What budgets a policy can be sized to.

    Attributes:
        low, high: planned yuan per resident and year: one end with all that is scalable at nothing, the other at the
            largest share (which is the lower end of a policy that saves).
        share: the largest share that keeps every dose inside its declared range; 0 where nothing is scalable.
    """

    low: float
    high: float
    share: float

    def __contains__(self, budget: float) -> bool:
        return self.share > 0.0 and self.low <= budget <= self.high


def planned(instruments: Instruments, world: Config) -> float:
    """Planned yuan per resident and year, beyond the arrangements of no policy."""
    return sum(i.yearly_cost(world).yuan for i in instruments.values()) / world.place.residents


def reach(instruments: Instruments, world: Config) -> Reach:
    """The budgets that a policy can be sized to in a world."""
    share = min((_largest_share(name, i, world) for name, i in instruments.items()), default=inf)
    if share == inf:  # nothing to size
        fixed = planned(instruments, world)
        return Reach(fixed, fixed, 0.0)
    low, high = sorted(_cost(instruments, end, world) for end in (0.0, share))
    return Reach(low, high, share)


def sized(instruments: Instruments, budget: float, world: Config) -> dict[str, Instrument]:
    """A policy with all that is scalable at one common share of its size, so that it is planned to cost a budget.

    What is not scalable keeps its dose and its cost.

    Args:
        instruments: the policy as it stands.
        budget: yuan per resident and year, within its :func:`reach`.
        world: where it is to be, for its prices and its arrangements before.

    Raises:
        ValueError: the budget is out of reach.
    """
    limits = reach(instruments, world)
    if budget not in limits:
        raise ValueError(f"{budget:g} is not between {limits.low:g} and {limits.high:g}")
    share = brentq(lambda share: _cost(instruments, share, world) - budget, 0.0, limits.share, xtol=1e-15)
    return _at(instruments, float(share), world)  # pyright: ignore[reportArgumentType]


def _at(instruments: Instruments, share: float, world: Config) -> dict[str, Instrument]:
    return {name: i.at(share, world.before) if i.scalable else i for name, i in instruments.items()}


def _cost(instruments: Instruments, share: float, world: Config) -> float:
    return planned(_at(instruments, share, world), world)


def _largest_share(name: str, instrument: Instrument, world: Config) -> float:
    """The share at which the first of an instrument's doses meets the end of its range; infinite where none moves."""
    shares, nothing = [inf], instrument.neutral(world.before)
    for field in instrument.scalable:
        leaf, step = declared(f"policy.{name}.{field}"), getattr(instrument, field) - nothing
        facts = leaf.facts if leaf else None
        if step and facts and facts.low is not None and facts.high is not None:
            share = ((facts.high if step > 0 else facts.low) - nothing) / step
            while not facts.low <= nothing + share * step <= facts.high:  # by a rounding error
                share = nextafter(share, 0.0)
            shares.append(share)
    return min(shares)
