"""Scenarios: what a study assumes of the world, sample by sample, and the configurations that worlds start from."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from govsim.config.check import ConfigError, declared, validate, walk
from govsim.config.compose import compose
from govsim.config.overrides import key_of, overrides_from_kwargs, parse
from govsim.config.schema import Config
from govsim.policies import Instrument
from govsim.study.factors import CHOICES, Factor, ends

__all__ = ["Bases", "Scenario", "assemble", "value"]


@dataclass(frozen=True)
class Scenario:
    """One sample of the uncertainties.

    Attributes:
        options: of the groups that it chooses from otherwise than the constants do.
        settings: values by key that differ from those that hold anyway.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def assemble(
    base: Config, instruments: Mapping[str, Instrument], settings: Mapping[str, Any], seed: int | None = None
) -> Config:
    """The configuration of one world: a base with its policy, its uncertain values and its seed.

    What world and base have in common they share, so neither may be changed afterwards; and nothing is checked anew,
    since a plan has checked every value that differs.
    """
    config = copy.copy(base)
    config.policy = dict(instruments)
    if seed is not None:
        config.seed = seed
    own = {id(config)}
    for key, setting in settings.items():
        *path, last = key.split(".")
        node: Any = config
        for part in path:
            below = _child(node, part)
            if id(below) not in own:
                below = copy.copy(below)
                own.add(id(below))
                _put(node, part, below)
            node = below
        _put(node, last, setting)
    return config


def value(config: Config, key: str) -> Any:
    """The value at a key of a configuration; raises KeyError or AttributeError where there is none."""
    node: Any = config
    for part in key.split("."):
        node = _child(node, part)
    return node


def _child(node: Any, name: str) -> Any:
    return node[name] if isinstance(node, dict) else getattr(node, name)


def _put(node: Any, name: str, item: Any) -> None:
    if isinstance(node, dict):
        node[name] = item
    else:
        setattr(node, name, item)


class Bases:
    """The configurations that worlds start from, one for each theory and choice of options.

    Attributes:
        configs: by name, which is the theory, and after it the options that a scenario chose.
        chosen: the option of each group, by the same name.
        first: name of the first theory's, which is that theory.
    """

    def __init__(self, theories: Sequence[str], constants: Sequence[str]) -> None:
        """Compose a base for each theory.

        Raises:
            ConfigError: a theory or a constant is not allowed.
        """
        self._theories = tuple(theories)
        self._constants = {key_of(parse(text)): text for text in constants}
        self.configs: dict[str, Config] = {}
        self.chosen: dict[str, dict[str, str]] = {}
        self.first, *_ = [self.name(theory, {}) for theory in theories]

    def name(self, theory: str, options: Mapping[str, str]) -> str:
        """The name of the base for a theory and options of groups; composes it where it is new.

        Raises:
            ConfigError: they are not allowed, or do not go with the constants.
        """
        name = ", ".join([theory, *(f"{group}={option}" for group, option in options.items())])
        if name not in self.configs:
            asked = overrides_from_kwargs(behaviour=theory, policy="none", baseline="none", **options)
            composed = compose([*(text for key, text in self._constants.items() if key not in options), *asked])
            composed.config.engine.threads = 1  # the processes of a study share the cores
            self.configs[name], self.chosen[name] = composed.config, composed.choices
        return name

    def value(self, theory: str, scenario: Scenario, factor: Factor) -> Any:
        """What a factor is in a scenario under a theory; None where its key is not there."""
        name = self.name(theory, scenario.options)
        if factor.key in CHOICES:
            return self.chosen[name][factor.key]
        try:
            return scenario.settings.get(factor.key, value(self.configs[name], factor.key))
        except (KeyError, AttributeError):
            return None

    def keys(self) -> list[str]:
        """The keys of the first base."""
        return [leaf.key for leaf in walk(self.configs[self.first])]

    def ends(self) -> dict[str, list[Any]]:
        """What to try of every value of the first base, one at a time, where the others go with it."""
        base = self.configs[self.first]
        found = {
            leaf.key: [end for end in ends(leaf.key, leaf.value) if _goes(base, leaf.key, end)] for leaf in walk(base)
        }
        return {key: some for key, some in found.items() if some}

    def scenarios(self, rows: Iterable[Mapping[Factor, Any]]) -> tuple[list[Scenario], list[int]]:
        """Scenarios for rows of designs, each once, and the number of the scenario of each row.

        What a row sets to the value that holds anyway is left out; a count that was sampled is rounded.

        Raises:
            ConfigError: a key is not there under some option, or values do not fit together.
        """
        numbers: dict[Any, int] = {}
        found, of_row = [], []
        for row in rows:
            asked = {factor.key: setting for factor, setting in row.items()}
            options = {k: asked[k] for k in CHOICES if k in asked and asked[k] != self.chosen[self.first][k]}
            worlds = [self.configs[self.name(theory, options)] for theory in self._theories]
            settings = {k: round(v) if _is_count(k) else v for k, v in asked.items() if k not in CHOICES}
            try:
                settings = {k: v for k, v in settings.items() if any(value(world, k) != v for world in worlds)}
            except (KeyError, AttributeError) as error:
                raise ConfigError(f"uncertainties: {', '.join(settings)}: no {error} under {options}") from None
            key = (*options.items(), *sorted(settings.items()))
            if key not in numbers:
                numbers[key] = len(found)
                found.append(Scenario(options, settings))
                if any(_hangs_together(k, v) for k, v in settings.items()):
                    for world in worlds:
                        validate(assemble(world, {}, settings))
            of_row.append(numbers[key])
        return found or [Scenario()], of_row


def _hangs_together(key: str, setting: Any) -> bool:
    """Whether a value may be refused because of others."""
    return key.startswith("place.") or isinstance(setting, str)


def _goes(base: Config, key: str, setting: Any) -> bool:
    try:
        return not _hangs_together(key, setting) or bool(validate(assemble(base, {}, {key: setting})))
    except ConfigError:
        return False


@cache
def _is_count(key: str) -> bool:
    leaf = declared(key)
    return leaf is not None and leaf.type is int
