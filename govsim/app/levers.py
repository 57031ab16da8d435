"""Levers: every instrument as a switch and a dose, which act from the week that comes next on."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from govsim.app.twins import Change, Twins
from govsim.app.words import date_in_words, name_in_words
from govsim.calendar import week_of
from govsim.compare.words import level
from govsim.config.check import ConfigError
from govsim.config.parameters import Parameter
from govsim.language import _
from govsim.policies import INSTRUMENTS, Instrument

__all__ = ["FIRST", "change_in_words", "levers", "read_dose"]

FIRST = ("committee", "fund", "grid_staffing", "certificates", "department_capacity", "home_visits")
"""The instruments that a first-time visitor finds at the top."""

_STEPS = 100  # of a slider


def levers(twins: Twins) -> list[dict[str, Any]]:
    """All levers as they stand in the policy's world, the first ones first, as the page shows them."""
    order = [*FIRST, *(name for name in INSTRUMENTS if name not in FIRST)]
    return [_lever(twins, name) for name in order]


def _lever(twins: Twins, name: str) -> dict[str, Any]:
    form, running = twins.form(name), twins.in_force(name) is not None
    facts = _facts(type(form), form.dose)
    lever = {
        "name": name,
        "label": name_in_words(name),
        "help": _first_line(type(form)),
        "on": running,
        "note": "" if running else _waiting(twins, name),
        "field": form.dose if facts else None,
    }
    if facts is None or form.dose is None or facts.low is None or facts.high is None:
        return lever | {"field": None}
    value = float(getattr(form, form.dose))
    return lever | {
        "meaning": _(facts.meaning),
        "unit": "" if facts.unit == "1" else _(facts.unit),
        "low": facts.low,
        "high": facts.high,
        "step": (facts.high - facts.low) / _STEPS,
        "value": value,
        "text": level(float(f"{value:.4g}")),
    }


def _waiting(twins: Twins, name: str) -> str:
    """When it begins, where it is to come."""
    for policy in twins.cities["policy"].timeline.policies:
        if policy.name == name and week_of(policy.start) > twins.week:
            return _("from {date}", date=date_in_words(week_of(policy.start)))
    return ""


def read_dose(name: str, field: str, text: str) -> float:
    """A dose as it was typed, thousands parted by commas or not.

    Raises:
        ConfigError: it is no number.
    """
    try:
        return float(str(text).replace(",", "").strip())
    except ValueError:
        raise ConfigError(f"policy.{name}.{field}={text}: {_('is no number')}") from None


def change_in_words(change: Change) -> str:
    """A change under way: what it is from then on."""
    words = name_in_words(change.name)
    form = change.instrument
    if form is None:
        return _("{name}: no longer", name=words)
    facts = _facts(type(form), form.dose)
    if form.dose is None or facts is None:
        return words
    amount = level(float(f"{getattr(form, form.dose):.4g}"))
    unit = "" if facts.unit == "1" else _(facts.unit)
    return _("{name}: {amount} {unit}", name=words, amount=amount, unit=unit).strip()


def _facts(kind: type[Instrument], field: str | None) -> Parameter | None:
    return next((f.metadata.get("param") for f in fields(kind) if f.name == field), None)


def _first_line(kind: type[Instrument]) -> str:
    return _((kind.__doc__ or "").strip().partition("\n")[0])
