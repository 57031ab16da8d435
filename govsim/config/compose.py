"""From overrides to one checked configuration.

Hydra composes (groups, options, defaults lists, overrides); what it composes becomes plain dataclasses that
:mod:`govsim.config.check` has passed. The command line, ``simulate`` and ``City`` all come through here.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, cast

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException
from hydra.types import RunMode
from omegaconf import OmegaConf, open_dict
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    MissingMandatoryValue,
    OmegaConfBaseException,
    ValidationError,
)
from yaml import YAMLError

from govsim.config.check import (
    ConfigError,
    build,
    convert,
    declared,
    must_be,
    no_instrument,
    unknown,
    validate,
    walk,
)
from govsim.config.ensemble import with_member
from govsim.config.overrides import (
    GROUPS,
    LOCK,
    WORLDS,
    key_of,
    normalise,
    overrides_from_kwargs,
    read,
    search_path,
    text_of,
)
from govsim.config.schema import Config
from govsim.policies import INSTRUMENTS

__all__ = [
    "Composed",
    "ConfigError",
    "compose",
    "from_resolved",
    "normalise",
    "overrides_from_kwargs",
    "resolved",
    "with_values",
]

_COMPOSING = (HydraException, OmegaConfBaseException, YAMLError, ValueError, OSError, RecursionError)
"""What composition raises where a file or an override is wrong; anything else is a bug."""


@dataclass(frozen=True)
class Composed:
    """A checked configuration and what was asked for.

    Attributes:
        config: the configuration.
        choices: what was chosen for each group, as a label: ``fund+committee``, ``fund without committee``.
        overrides: the overrides, normalised; :func:`compose` makes the same of them again.
    """

    config: Config
    choices: dict[str, str]
    overrides: tuple[str, ...]


def compose(overrides: Sequence[str] = ()) -> Composed:
    """Compose and check the configuration that overrides ask for.

    It reads files, writes none and leaves Hydra's global state alone, so it may be called from threads and
    inside another Hydra application.

    Raises:
        ConfigError: an override, or a file it names, asks for what is not allowed.
    """
    with LOCK:
        asked = read(with_member(overrides))
        lines = [text_of(o) for o in asked]
        try:
            config, chosen = _load(lines)
        except _COMPOSING as error:
            raise _explain(error, asked) from None
    return Composed(validate(config), _choices(chosen, asked), tuple(lines))


def _load(lines: list[str]) -> tuple[Config, dict[str, str]]:
    """What Hydra makes of normalised overrides, and the options it chose (of lists it knows nothing)."""
    loader = ConfigLoaderImpl(search_path())
    composed = loader.load_configuration("config", lines, RunMode.RUN, from_shell=False)
    chosen = {str(group): str(option) for group, option in composed.hydra.runtime.choices.items()}
    with open_dict(composed):
        del composed["hydra"]
    config = cast(Config, OmegaConf.to_object(composed))
    if chosen.get(GROUPS["baseline"]) == "none":
        config.baseline = None
    return config, chosen


def resolved(config: Config) -> dict[str, Any]:
    """A configuration as a plain nested mapping, for manifests, YAML and run identities."""
    return asdict(config)


def from_resolved(data: Mapping[str, Any]) -> Config:
    """The configuration that :func:`resolved` made ``data`` of.

    The order of departments is the order in which the committee takes them in, so ``data`` must keep it.

    Raises:
        ConfigError: a field is missing, undeclared, of another type or not allowed.
    """
    return validate(build(data))


def with_values(config: Config, values: Mapping[str, Any]) -> Config:
    """A copy of a configuration with other values: ``with_values(config, {"policy.fund.yuan": 2e5})``.

    Raises:
        ConfigError: a key does not exist in this configuration, or its value is not allowed.
    """
    changed = copy.deepcopy(config)
    for key, value in values.items():
        *path, last = key.split(".")
        node: Any = changed
        for part in path:
            node = node.get(part) if isinstance(node, dict) else getattr(node, part, None)
        if not is_dataclass(node) or last not in type(node).__dataclass_fields__:
            raise _no_such_key(key, changed)
        setattr(node, last, convert(key, value))
    return validate(changed)


def _choices(chosen: Mapping[str, str], asked: list[Override]) -> dict[str, str]:
    choices = {public: chosen.get(name, "") for public, name in GROUPS.items()}
    for override in asked:
        names = override.value()
        if key_of(override) in GROUPS and isinstance(names, list):
            choices[key_of(override)] = "+".join(dict.fromkeys(names))
    for override in asked:
        if override.is_delete():
            group, name = override.key_or_group.split(".")
            choices[group] += f", {name}" if " without " in choices[group] else f" without {name}"
    return choices


def _explain(error: BaseException, asked: list[Override]) -> ConfigError:
    """One line for what Hydra or OmegaConf say in many."""
    text, *_ = str(error).splitlines() or [""]
    file = re.match(r"In '([^']+)'", text)
    where = f" (in {file[1]}.yaml)" if file and file[1] != "config" else ""
    if isinstance(error, MissingConfigException):
        return ConfigError(f"{error.missing_cfg_file}.yaml: no such file{where}")
    if isinstance(error, RecursionError):
        return ConfigError("configs: a file refers to itself")
    chain = (error, error.__cause__, error.__context__)
    cause = next((e for e in chain if isinstance(e, OmegaConfBaseException)), None)
    key = str(getattr(cause, "full_key", None) or "")
    line = re.match(r"(?:Error merging override |Could not .*?')(.+?)(?:'.*)?$", text)
    if line and not key.startswith(line[1].partition("=")[0]):  # Hydra names a shorter key, or none
        key = line[1].partition("=")[0]
    if text.startswith("Could not") or isinstance(cause, ConfigAttributeError | ConfigKeyError):
        if where and "'Instrument'" in str(cause) and key.split(".")[1] in INSTRUMENTS:
            return ConfigError(f"{key}: the file must name its instruments under defaults{where}")
        return ConfigError(f"{_no_such_key(key, _base(asked))}{where}")
    if isinstance(cause, ValidationError | MissingMandatoryValue):
        shown = line[1] if line else f"{key}=???" if isinstance(cause, MissingMandatoryValue) else key
        return ConfigError(f"{_wrong_type(key, shown, asked)}{where}")
    reason, *_ = str(cause or error).splitlines() or [type(error).__name__]
    mark = getattr(error, "problem_mark", None)  # of a YAML file
    return ConfigError(f"{key or (mark and f'{mark.name}:{mark.line + 1}') or 'configs'}: {reason}{where}")


def _wrong_type(key: str, shown: str, asked: list[Override]) -> ConfigError:
    leaf = declared(key)
    if leaf:
        return ConfigError(f"{shown}: {must_be(leaf)}")
    config = _base(asked)
    below = next((leaf for leaf in walk(config) if leaf.key.startswith(f"{key}.")), None)
    if below is None:
        return _no_such_key(key, config)
    return ConfigError(f"{shown}: must be set value by value, as in {below.key}={below.value}")


def _base(asked: list[Override]) -> Config:
    """What the chosen options make, or all instruments if they make nothing: the keys there are."""
    try:
        return _load([text_of(o) for o in asked if key_of(o) in GROUPS])[0]
    except _COMPOSING:
        every = {name: instrument() for name, instrument in INSTRUMENTS.items()}
        return Config(policy=every, baseline=every)


def _no_such_key(key: str, config: Config) -> ConfigError:
    world, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    if world in WORLDS and name and name not in INSTRUMENTS:
        return no_instrument(f"{world}.{name}", name)
    if world in WORLDS and name:
        held = getattr(config, world)
        if held is None:
            return ConfigError(f"{key}: there is no baseline to change (baseline=none)")
        if name not in held:
            has = f"it has {', '.join(held)}" if held else "it has none"
            return ConfigError(f"{key}: this {world} has no {name}, {has}; combine as in {world}=[fund,committee]")
    return unknown(key, [*GROUPS, *(leaf.key for leaf in walk(config))])
