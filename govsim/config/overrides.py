"""Overrides: what a user asks for, read one by one before Hydra sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice, product
from math import prod
from pathlib import Path
from threading import RLock
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_search_path_impl import ConfigSearchPathImpl
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType, Quote, QuotedString
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from govsim.config.check import ConfigError, nearest
from govsim.config.schema import Config
from govsim.language import _
from govsim.policies import INSTRUMENTS
from govsim.source import configs_folder

__all__ = [
    "GROUPS",
    "LOCK",
    "WORLDS",
    "by_key",
    "contents",
    "expand",
    "files",
    "key_of",
    "normalise",
    "options",
    "overrides_from_kwargs",
    "parse",
    "read",
    "search_path",
    "text_of",
]

GROUPS = {
    "place": "place",
    "behaviour": "behaviour",
    "kinds": "kinds",
    "departments": "departments",
    "scenario": "scenario",
    "policy": "policy",
    "baseline": "policy@baseline",
}
"""Keys that take the name of an option, or a list of names to merge, and what Hydra calls them."""

WORLDS = ("policy", "baseline")
NAMED = (*WORLDS, "kinds", "departments")  # what holds named items, of which one can be taken out
MOST = 1_000  # runs of a sweep; a larger one is a study, which does not compose each run anew

LOCK = RLock()
"""Held while Hydra works: neither its parser nor its plug-in registry is made for threads."""


def normalise(overrides: Sequence[str], sweep: bool = False) -> list[str]:
    """Overrides as Hydra understands them, each checked as far as it can be alone.

    ``baseline=X`` becomes a second choice from the group ``policy``, ``null`` the option ``none``, and ``+``
    and ``++`` fall away, since a key that no schema declares cannot be added.

    Args:
        overrides: ``key=value``, ``group=option``, ``policy=[fund,committee]`` or ``~policy.fund``.
        sweep: allow several values (``policy=a,b seed=range(0,3)``) and Hydra's own settings.

    Raises:
        ConfigError: one of them is malformed, given twice, or names an option that does not exist.
    """
    with LOCK:
        return [text_of(o) for o in read(overrides, sweep)]


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """Every combination of values that normalised overrides of a sweep ask for, without Hydra's own settings.

    Raises:
        ConfigError: there are more than a sweep should hold.
    """
    values: list[list[str]] = []
    with LOCK:
        for override in read(overrides, sweep=True):
            name, text = override.get_key_element(), text_of(override)
            if override.is_sweep_override():
                values.append([f"{name}={value}" for value in override.sweep_string_iterator()])
            elif not override.is_hydra_override():
                values.append([text])
    if prod(map(len, values)) > MOST:
        raise ConfigError(f"{' '.join(overrides)}: must make {MOST:,} runs at most")
    return [list(job) for job in product(*values)]


def overrides_from_kwargs(**kwargs: Any) -> list[str]:
    """Overrides from keyword arguments: ``place="street", policy=["fund", "committee"], rng=1``.

    ``rng`` is Mesa's name for the seed. None stands for ``null``, and leaves the seed at its default.
    """
    if kwargs.get("rng", 0) is None:
        del kwargs["rng"]
    names = {"rng": "seed"}
    return [f"{names.get(key, key)}={_text(value, key in GROUPS)}" for key, value in kwargs.items()]


def _text(value: Any, names: bool = False) -> str:
    """A Python value in Hydra's grammar."""
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{','.join(_text(v, names) for v in value)}]"
    if isinstance(value, int | float) or (names and isinstance(value, str)):
        return str(value)
    return QuotedString(str(value), Quote.single).with_quotes()


def options(group: str) -> dict[str, str]:
    """Options of a group and the first line of each one's file, shipped ones before a user's own.

    Raises:
        ConfigError: a file of the user bears the name of a shipped one.
    """
    found = {}
    for name, path in files(group).items():
        with path.open(encoding="utf-8", errors="replace") as lines:
            found[name] = next(lines, "").strip("# \n")
    return found


def files(group: str) -> dict[str, Path]:
    """The file of each option of a group.

    Raises:
        ConfigError: a file of the user bears the name of a shipped one.
    """
    found: dict[str, Path] = {}
    for root in _folders():
        folder = root / group
        for path in sorted(folder.rglob("*.yaml")):
            name = path.relative_to(folder).with_suffix("").as_posix()
            if name in found and path.read_bytes() != found[name].read_bytes():
                raise ConfigError(f"{path}: the name {group}={name} is taken by an option of govsim; rename the file")
            found.setdefault(name, path)
    return found


def contents(file: Path) -> dict[str, Any]:
    """A YAML file as plain values by key, interpolations resolved.

    Raises:
        ConfigError: it cannot be read, or holds no keys.
    """
    try:
        data = OmegaConf.to_container(OmegaConf.load(file), resolve=True)
    except (YAMLError, OmegaConfBaseException, OSError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else str(file)
        raise ConfigError(f"{where}: {str(getattr(error, 'problem', None) or error).partition('\n')[0]}") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{file}: must hold keys and values")
    return {str(key): value for key, value in data.items()}


def _folders() -> list[Path]:
    """The shipped configs, and those of the working folder, where users keep their own."""
    shipped, own = configs_folder(), Path.cwd() / "configs"
    return [shipped, own] if own.is_dir() and not own.samefile(shipped) else [shipped]


def search_path() -> ConfigSearchPathImpl:
    """Where Hydra looks for files; registers the schemas at first use."""
    _register()
    path = ConfigSearchPathImpl()
    path.append("hydra", "pkg://hydra.conf")
    for provider, folder in zip(("main", "own"), _folders(), strict=False):
        path.append(provider, f"file://{folder}")
    path.append("schema", "structured://")
    return path


@cache
def _register() -> None:
    Plugins.instance()
    store = ConfigStore.instance()
    store.store("govsim_schema", Config)
    for name, instrument in INSTRUMENTS.items():
        store.store(name, instrument, group="instrument")


def read(overrides: Sequence[str], sweep: bool = False) -> list[Override]:
    """Parse, rewrite and check overrides one by one; hold :data:`LOCK`."""
    known = {key: options(group.partition("@")[0]) for key, group in GROUPS.items()}
    parser = OverridesParser.create(ConfigLoaderImpl(search_path()) if sweep else None)
    asked: dict[str, tuple[str, Override]] = {}
    for text in overrides:
        override = _parse(parser, text)
        key = key_of(override)
        if key in asked:
            raise ConfigError(f"{key}: is given twice, as {asked[key][0]} and {text}")
        if re.match(r"hydra\b", key):
            if not sweep:
                raise ConfigError(f"{text}: settings of Hydra itself need govsim run -m")
        else:
            override = _parse(parser, _rewrite(override, key, text))
            if override.is_sweep_override():
                _check_sweep(override, text, key, sweep)
            if key in GROUPS:
                _check_options(override, key, known[key])
        asked[key] = text, override
    return [override for _, override in asked.values()]


def parse(text: str) -> Override:
    """One override, as Hydra's grammar reads it.

    Raises:
        ConfigError: it is none.
    """
    with LOCK:
        return _parse(OverridesParser.create(), text)


def _parse(parser: OverridesParser, text: str) -> Override:
    try:
        override = parser.parse_override(text) if isinstance(text, str) else None
    except HydraException:
        override = None
    if override is None or not override.key_or_group:
        how = _("is no override; write key=value, policy=[fund,committee] or ~policy.fund")
        raise ConfigError(f"{text}: {how}")
    override.config_loader = parser.config_loader
    return override


def by_key(arguments: Sequence[str], short: Mapping[str, str] | None = None) -> dict[str, tuple[str, Override]]:
    """Overrides by key, each as it was given and as it was read.

    Args:
        arguments: of a command line.
        short: keys that stand for another.

    Raises:
        ConfigError: one is malformed, given twice, or a sweep.
    """
    found: dict[str, tuple[str, Override]] = {}
    for text in arguments:
        override = parse(text)
        key = key_of(override)
        key = (short or {}).get(key, key)
        if key in found:
            raise ConfigError(f"{key}: is given twice, as {found[key][0]} and {text}")
        if override.is_sweep_override():
            raise ConfigError(f"{text}: takes one value; a list is written {key}=[a,b]")
        found[key] = text, override
    return found


def text_of(override: Override) -> str:
    """An override as Hydra is given it."""
    return override.input_line or ""


def key_of(override: Override) -> str:
    """The key of an override under the name users know."""
    key = override.key_or_group + (f"@{override.package}" if override.package is not None else "")
    return next((public for public, name in GROUPS.items() if name == key), key)


def _rewrite(override: Override, key: str, text: str) -> str:
    """The line that Hydra is given: groups under its own names for them, no ``+``."""
    value = text.partition("=")[2]
    group = GROUPS.get(key)
    if override.is_delete():
        if key in WORLDS:
            return f"{group}=none"
        path = key.split(".")
        if "=" in text or len(path) != 2 or path[0] not in NAMED:
            raise ConfigError(
                f"{text}: cannot be taken out; only an instrument, a kind or a department can, as in ~policy.fund"
            )
        return text
    if group is None:
        return f"{key}={value}"
    if override.type != OverrideType.CHANGE:
        raise ConfigError(f"{text}: cannot be added; to combine options write {key}=[a,b]")
    if key in WORLDS:
        value = re.sub(r"\bnull\b", "none", value)
    return f"{group}={value}"


def _check_sweep(override: Override, text: str, key: str, sweep: bool) -> None:
    if not sweep:
        raise ConfigError(f"{text}: several values need govsim run -m; a list is written {key}=[a,b]")
    try:
        values = list(islice(override.sweep_string_iterator(), MOST + 1))
    except HydraException:
        values = []
    if not 1 <= len(values) <= MOST:
        raise ConfigError(f"{text}: must list 1 to {MOST:,} values, as a,b,c or range(0,3)")


def _check_options(override: Override, key: str, known: dict[str, str]) -> None:
    for value in override.sweep_iterator() if override.is_sweep_override() else [override.value()]:
        names = [_shown(name) for name in value] if isinstance(value, list) else [_shown(value)]
        if key == "place" and isinstance(value, list):
            raise ConfigError(f"place={_shown(value)}: must be one option")
        if isinstance(value, list) and (not names or "none" in names):
            raise ConfigError(f"{key}={_shown(value)}: a list must hold one or more options; none stands alone")
        for name in names:
            if name not in known:
                near = nearest(name, known) or f"; must be one of {', '.join(known)}"
                raise ConfigError(f"{key}={name}: no such option{near}")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_shown, value))}]"
    return "null" if value is None else str(getattr(value, "text", value))
