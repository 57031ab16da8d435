"""The rules in force: what the policies and the shock that cover a week make of the arrangements before them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from govsim.calendar import week_of
from govsim.policies.base import ADD, Instrument
from govsim.rules import RULES
from plain import instruments

if TYPE_CHECKING:
    from plain.city import City


def in_force(city: City) -> SimpleNamespace:
    """The rules of this week, by name."""
    written = terms(city)
    return SimpleNamespace(**{name: _value(city, name, written) for name in RULES})


def _value(city: City, name: str, written: list[tuple[str, str, float]]) -> float:
    """min(cap, (base + sum of what is added) x product of the factors), and never below nothing."""
    rule, factor = RULES[name], 1.0
    total = getattr(city.config.before, rule.base) if isinstance(rule.base, str) else rule.base
    for what, how, value in written:
        if what == name and how == ADD:
            total += value
        elif what == name:
            factor *= value
    return float(max(0.0, min(rule.cap, total * factor)))


def terms(city: City) -> list[tuple[str, str, float]]:
    """What is added to a rule, or multiplies it, this week: (rule, how, value), by policies and then by the shock."""
    shock = city.config.scenario
    written = [term for policy in running(city) for term in instruments.of(policy, city.config).terms]
    if 0 <= city.week - week_of(shock.start) < shock.weeks:
        written += instruments.of_shock(shock)
    return written


def running(city: City) -> list[Instrument]:
    """The policies whose dates cover this week, in the order of their names."""
    return [policy for _, policy in sorted(city.config.policy.items()) if _runs(city, policy)]


def _runs(city: City, policy: Instrument) -> bool:
    if city.week < 0:  # no policy runs in the warm-up
        return False
    if city.week < week_of(policy.start) or (policy.end and city.week >= week_of(policy.end)):
        return False
    campaigns_end = city.config.scenario.campaigns_end
    return not (policy.campaign and campaigns_end and city.week >= week_of(campaigns_end))
