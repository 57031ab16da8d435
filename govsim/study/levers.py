"""Policies of a study: those that have names, and those that levers make of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from govsim.config.check import ConfigError, check_instrument, nearest
from govsim.config.compose import compose
from govsim.config.overrides import options, overrides_from_kwargs
from govsim.config.schema import Config
from govsim.policies import Instrument
from govsim.policies.base import ADD
from govsim.study.factors import OFF, ON, Factor

__all__ = ["Policy", "Shelf", "dose", "idle", "named"]


@dataclass(frozen=True)
class Policy:
    """A policy by its label, and the instruments that it is made of."""

    label: str
    instruments: Mapping[str, Instrument]


def named(said: str, asked: Any, constants: Sequence[str] = ()) -> Policy:
    """A policy from a name, a list of names to merge, or a mapping with values of its own.

    Args:
        said: the key under which it is asked for.
        asked: ``fund``, ``[fund, committee]``, or ``{label: A, policy: [fund], policy.fund.yuan: 1e5}``.
        constants: overrides that hold everywhere.

    Raises:
        ConfigError: it asks for what is not there. It begins with ``said``, or names the value.
    """
    values = dict(asked) if isinstance(asked, Mapping) else {"policy": asked}
    label, names = str(values.pop("label", "")), values.pop("policy", None)
    for key in values:
        if not key.startswith("policy."):
            near = nearest(key, ("label", "policy", "policy.fund.yuan"))
            raise ConfigError(f"{said}: {key} is no part of a policy; it has label, policy, policy.fund.yuan{near}")
    names = [names] if isinstance(names, str) else names
    known = options("policy")
    if not isinstance(names, list | tuple) or not names:
        raise ConfigError(f"{said}={asked}: must be a policy, a list of policies, or a mapping with policy in it")
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise ConfigError(f"{said}={name}: no such policy{nearest(str(name), known)}")
    choice = names[0] if len(names) == 1 else list(names)
    composed = compose([*constants, *overrides_from_kwargs(policy=choice, baseline="none", **values)])
    text = ", ".join(f"{key.removeprefix('policy.')}={_shown(value)}" for key, value in values.items())
    return Policy(label or composed.choices["policy"] + (f" ({text})" if text else ""), composed.config.policy)


class Shelf:
    """What levers can put into a policy: each instrument as its policy file has it."""

    def __init__(self, names: Iterable[str], constants: Sequence[str] = ()) -> None:
        """Read the policy files of these instruments."""
        wanted = sorted(set(names))
        self._files = named("levers", wanted, constants).instruments if wanted else {}

    def change(self, policy: Policy, row: Mapping[Factor, Any], label: str = "") -> Policy:
        """A policy with instruments taken out, put in or set to a dose or a date.

        What is ``on`` is as in the policy, if it is there, else as in its file. A field of an instrument that is not
        there is left alone.

        Args:
            policy: what is changed.
            row: a level for each lever that is set.
            label: of the result; by default it says what was changed.
        """
        instruments = dict(policy.instruments)
        for factor in sorted(row, key=lambda f: f.name != f.instrument):  # instruments before their fields
            name, value = factor.instrument, row[factor]
            if factor.name != name:
                if name in instruments:
                    instruments[name] = replace(instruments[name], **{factor.field: value})
                    check_instrument(f"policy.{name}", name, instruments[name])
            elif value == OFF:
                instruments.pop(name, None)
            else:
                have = instruments.get(name) or self._files[name]
                instruments[name] = have if value == ON else replace(have, **{factor.field: value})
        return Policy(label or _label(policy, instruments, row), instruments)


def _label(policy: Policy, instruments: Mapping[str, Instrument], row: Mapping[Factor, Any]) -> str:
    """``fund=700000+committee``, ``chengdu_2019 with fund=700000``, ``chengdu_2019 without fund, committee``."""
    added, changed, gone = [], [], []
    for name in dict.fromkeys(factor.instrument for factor in row):
        own = {factor: value for factor, value in row.items() if factor.instrument == name}
        level = next((f"={_shown(v)}" for f, v in own.items() if f.name == name and v not in (OFF, ON)), "")
        rest = "".join(f" {f.field}={_shown(v)}" for f, v in own.items() if f.name != name)
        if name not in instruments:
            gone += [name] if name in policy.instruments else []
        elif name not in policy.instruments:
            added.append(f"{name}{level}{rest}")
        elif level or rest:
            changed.append(f"{name}{level}{rest}")
    head = [policy.label] if policy.instruments or not added else []
    text = "+".join([*head, *added])
    text += f" with {', '.join(changed)}" if changed else ""
    return text + (f" without {', '.join(gone)}" if gone else "")


def _shown(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def dose(factor: Factor, instruments: Mapping[str, Instrument]) -> Any:
    """The value of a lever in a policy: an instrument that is not there counts as its neutral dose, if it has one."""
    instrument = instruments.get(factor.instrument)
    if instrument is None:
        return factor.neutral
    return getattr(instrument, factor.field) if factor.field else 1.0


def idle(instrument: Instrument, world: Config) -> bool:
    """Whether an instrument changes no rule of a world and costs nothing there, as if it were not there."""
    if any(value != (0.0 if how == ADD else 1.0) for _, how, value in instrument.rules(world.before)):
        return False
    cost = instrument.yearly_cost(world)
    return not (cost.yuan or cost.hours)
