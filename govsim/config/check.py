"""What a configuration may say: every key declared, every value of its type and inside its range."""

from __future__ import annotations

import dataclasses
import difflib
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args, get_origin, get_type_hints

from govsim.calendar import EPOCH
from govsim.config import place
from govsim.config.kinds import MOST_KINDS, SLOTS
from govsim.config.parameters import Parameter
from govsim.config.schema import Config
from govsim.language import _
from govsim.policies import INSTRUMENTS, Instrument

__all__ = [
    "ConfigError",
    "Leaf",
    "allowed",
    "build",
    "check_instrument",
    "check_out",
    "checked",
    "convert",
    "declared",
    "must_be",
    "nearest",
    "no_instrument",
    "number",
    "refusal",
    "unknown",
    "validate",
    "walk",
]


_FEW = 12  # names that still fit into one line


class ConfigError(ValueError):
    """Bad input, in one line: what, where, what is allowed, and the nearest valid name."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


@dataclasses.dataclass(frozen=True)
class Leaf:
    """One value of a configuration: where it stands, its type, what is known about it."""

    key: str
    type: Any
    facts: Parameter | None
    value: Any = None


@cache
def _types(schema: type) -> dict[str, Any]:
    hints = get_type_hints(schema)
    return {field.name: hints[field.name] for field in dataclasses.fields(schema)}


@cache
def _facts(schema: type) -> dict[str, Parameter | None]:
    return {field.name: field.metadata.get("param") for field in dataclasses.fields(schema)}


def walk(node: Any, key: str = "") -> Iterator[Leaf]:
    """Every value below a node of a configuration, in the order of declaration.

    Raises:
        ConfigError: a node holds something that its schema does not declare.
    """
    kinds, facts = _types(type(node)), _facts(type(node))
    for name in vars(node).keys() - kinds.keys():
        raise unknown(f"{key}{name}", (f"{key}{n}" for n in kinds))
    for name, kind in kinds.items():
        here, value = f"{key}{name}", getattr(node, name)
        if dataclasses.is_dataclass(value):
            yield from walk(value, f"{here}.")
        elif isinstance(value, dict):
            for item in value:
                yield from walk(value[item], f"{here}.{item}.")
        elif type(None) not in get_args(kind):  # else: no baseline
            yield Leaf(here, kind, facts[name], value)


def declared(key: str, schema: type = Config) -> Leaf | None:
    """What the schema says of the value at a key, or None where it declares no value there."""
    name, _, rest = key.partition(".")
    kind = _present(_types(schema).get(name))
    if get_origin(kind) is dict:
        item, (below, _, rest) = get_args(kind)[1], rest.partition(".")
        inner = INSTRUMENTS.get(below) if item is Instrument else item
    else:
        inner = kind if dataclasses.is_dataclass(kind) else None
    if inner is not None:
        leaf = declared(rest, cast(type, inner)) if rest else None
        return leaf and dataclasses.replace(leaf, key=key)
    return None if rest or kind is None or get_origin(kind) is dict else Leaf(key, kind, _facts(schema)[name])


def _present(kind: Any) -> Any:
    """A type without its ``| None``."""
    return next((k for k in get_args(kind) if k is not type(None)), kind) if type(None) in get_args(kind) else kind


def nearest(name: str, names: Iterable[str]) -> str:
    """``"; nearest: …"`` for a mistyped name, or nothing where none is near."""
    names = list(names)
    same_end = [n for n in names if n.rpartition(".")[2] == name.rpartition(".")[2]]
    close = difflib.get_close_matches(name, same_end, 1, 0.0) or difflib.get_close_matches(name, names, 1)
    return _("; nearest: {name}", name=close[0]) if close else ""


def unknown(key: str, keys: Iterable[str]) -> ConfigError:
    """The error for a key that nothing declares."""
    keys = list(keys)
    parent, _, last = key.rpartition(".")
    beside = [k[len(parent) + 1 :] for k in keys if parent and k.startswith(f"{parent}.")]
    if beside and not nearest(last, beside) and len(beside) <= _FEW:
        return ConfigError(f"{key}: no such key; {parent} has {', '.join(beside)}")
    near = nearest(key, [f"{parent}.{b}" for b in beside if nearest(last, [b])] or keys)
    return ConfigError(f"{key}: no such key{near or '; govsim params lists them'}")


def no_instrument(key: str, name: str) -> ConfigError:
    """The error for an instrument that there is not."""
    return ConfigError(f"{key}: {_('no such instrument')}{nearest(name, INSTRUMENTS)}")


def number(value: float) -> str:
    """A number as people write it: 2,000,000 or 0.35."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def allowed(kind: Any, facts: Parameter | None) -> str:
    """What a value may be, in words."""
    if facts and facts.choices:
        return _("one of {names}", names=", ".join(facts.choices))
    if facts and facts.unit == "date":
        return _("a date like 2018-01-01")
    words = {int: _("a whole number"), float: _("a number"), bool: _("true or false"), str: _("a text")}.get(
        kind, _("a list of names")
    )
    if facts and facts.low is not None and facts.high is not None:
        words = _("{what} from {low} to {high}", what=words, low=number(facts.low), high=number(facts.high))
    return _("{what} ({unit})", what=words, unit=_(facts.unit)) if facts and facts.unit not in ("", "1") else words


def must_be(leaf: Leaf) -> str:
    """What the value at a key may be, as the end of an error."""
    return _("must be {what}", what=allowed(leaf.type, leaf.facts))


def refusal(leaf: Leaf) -> ConfigError:
    """The error for a value that is not allowed where it stands."""
    choices = leaf.facts.choices if leaf.facts else ()
    near = nearest(leaf.value, choices) if isinstance(leaf.value, str) else ""
    return ConfigError(f"{leaf.key}={leaf.value}: {must_be(leaf)}{near}")


def validate(config: Config) -> Config:
    """Check a configuration and return it.

    Raises:
        ConfigError: something in it is not allowed.
    """
    for leaf in walk(config):
        if not _fits(leaf):
            raise refusal(leaf)
    try:
        place.check(config.place)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    _check_kinds(config)
    for world, instruments in (("policy", config.policy), ("baseline", config.baseline or {})):
        for name, instrument in instruments.items():
            check_instrument(f"{world}.{name}", name, instrument)
    _check_start("scenario", config.scenario.start)
    return config


def _fits(leaf: Leaf) -> bool:
    facts, value = leaf.facts, leaf.value
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if facts is None:
        return True
    if facts.choices:
        return value in facts.choices
    if facts.unit == "date":
        return not value or _is_date(str(value))
    if facts.low is None or facts.high is None or facts.low <= value <= facts.high:
        return True
    return (leaf.key, value) in _switches()


@cache
def _switches() -> frozenset[tuple[str, float]]:
    """Values that close an instrument's channel: no plausible ones, so outside their range, but allowed."""
    return frozenset((f"behaviour.{k}", v) for i in INSTRUMENTS.values() for k, v in i.channel.items())


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_instrument(key: str, name: str, instrument: Instrument) -> None:
    """Check that an instrument is the one it is called, and that its dates fit together.

    Raises:
        ConfigError: it is not, or they do not.
    """
    if name not in INSTRUMENTS:
        raise no_instrument(key, name)
    if type(instrument) is not INSTRUMENTS[name]:
        raise ConfigError(f"{key}: is not a {name}; a policy file names its instruments under defaults")
    start = _check_start(key, instrument.start)
    if instrument.end and date.fromisoformat(instrument.end) <= start:
        later = _("must be later than {what}", what=f"{key}.start={start}")
        raise ConfigError(f"{key}.end={instrument.end}: {later}")


def _check_start(key: str, day: str) -> date:
    if not day:
        raise ConfigError(f"{key}.start: {_('must be {what}', what=_('a date like 2018-01-01'))}")
    start = date.fromisoformat(day)
    if start < EPOCH:
        raise ConfigError(f"{key}.start={start}: {_('the calendar begins on {date}', date=EPOCH)}")
    return start


def _check_kinds(config: Config) -> None:
    if not config.kinds:
        raise ConfigError("kinds: a run needs at least one kind of case")
    if len(config.kinds) > MOST_KINDS:
        raise ConfigError(f"kinds: a run can tell apart {MOST_KINDS} kinds of cases, this names {len(config.kinds)}")
    for name, kind in config.kinds.items():
        key, named = f"kinds.{name}.departments", kind.departments
        for department in named:
            if department not in config.departments:
                raise ConfigError(f"{key}: no department {department}{nearest(department, config.departments)}")
        if not 1 <= len(set(named)) == len(named) <= SLOTS:
            raise ConfigError(f"{key}=[{','.join(named)}]: must name 1 to {SLOTS} departments, each once")


def check_out(folder: Path) -> None:
    """Check that a run can be written to a folder, by a trial that leaves nothing behind.

    Raises:
        ConfigError: something is there already, or nothing can be written there.
    """
    made: list[Path] = []
    try:
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise ConfigError(f"out={folder}: must be a new or empty folder; this one is occupied")
        made = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(f"out={folder}: must be a folder that can be written ({error.strerror})") from None
    finally:
        for path in made:
            with suppress(OSError):
                path.rmdir()


def convert(key: str, value: Any) -> Any:
    """A plain value as the type declared at its key: 3.0 may be an integer, ``"3"`` is no number.

    Raises:
        ConfigError: the key declares no value, or one of another type.
    """
    leaf = declared(key)
    if leaf is None:
        raise ConfigError(f"{key}: no such key; govsim params lists them")
    return _typed(leaf, value)


def checked(key: str, value: Any, schema: type = Config, said: str = "") -> Any:
    """A plain value as the type declared at its key of a schema, and inside its range.

    Raises:
        ConfigError: the key declares no value, or not this one. It names the key as ``said``, where that is given.
    """
    leaf = declared(key, schema)
    if leaf is None:
        raise ConfigError(f"{said or key}: no such key; govsim params lists them")
    named = dataclasses.replace(leaf, key=said or key, value=value)
    value = _typed(named, value)
    if not _fits(dataclasses.replace(leaf, value=value)):
        raise refusal(named)
    return value


def _typed(leaf: Leaf, value: Any) -> Any:
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    if leaf.type is float and plain:
        return float(value)
    if leaf.type is int and plain and math.isfinite(value) and value == int(value):
        return int(value)
    if leaf.type in (bool, str) and isinstance(value, leaf.type):
        return value
    if get_origin(leaf.type) is list and isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return list(value)
    raise refusal(dataclasses.replace(leaf, value=value))


def build(data: Any, schema: Any = Config, key: str = "") -> Any:
    """A dataclass from the mapping that :func:`dataclasses.asdict` makes of it; every field must be there.

    Raises:
        ConfigError: a field is missing, undeclared or of another type.
    """
    if data is None and type(None) in get_args(schema):
        return None
    schema = _present(schema)
    if not (dataclasses.is_dataclass(schema) or get_origin(schema) is dict):
        return convert(key, data)
    if not isinstance(data, Mapping):
        raise ConfigError(f"{key or 'configuration'}: must be a mapping")
    prefix = f"{key}." if key else ""
    if get_origin(schema) is dict:
        item = get_args(schema)[1]
        for name in data.keys() - INSTRUMENTS.keys() if item is Instrument else ():
            raise no_instrument(f"{prefix}{name}", name)
        kinds = {name: INSTRUMENTS[name] if item is Instrument else item for name in data}
        return {name: build(data[name], kind, f"{prefix}{name}") for name, kind in kinds.items()}
    kinds = _types(schema)
    for name in data.keys() - kinds.keys():
        raise unknown(f"{prefix}{name}", (prefix + n for n in kinds))
    for name in kinds.keys() - data.keys():
        raise ConfigError(f"{prefix}{name}: is missing")
    return cast(type, schema)(**{name: build(data[name], kind, f"{prefix}{name}") for name, kind in kinds.items()})
