"""What a study asks: read from an experiment file and the command line, checked as far as it can be without a plan."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import Override

from govsim.config.check import ConfigError, checked, declared, nearest, unknown, walk
from govsim.config.ensemble import ENSEMBLE, members
from govsim.config.overrides import GROUPS, by_key, contents, files, key_of, options, parse
from govsim.config.parameters import param
from govsim.config.schema import Config
from govsim.study.warmups import GIGABYTES

__all__ = ["ALL", "DESIGNS", "UNTIL", "Recorded", "Settings", "Spec", "Until", "read_spec", "spec_from"]

ALL = "all"
"""Instead of a list: everything of its kind that there is."""

UNTIL = "until"
"""Replicates: as many as :class:`Until` takes."""

_WORLD = ("factorial", "fractional", "one_at_a_time", "latin_hypercube", "sobol", "morris", "points")
DESIGNS = {
    "levers": (*_WORLD, "each", "without", "policies", "doses", "pairs"),
    "uncertainties": (*_WORLD, ENSEMBLE),
}
"""Designs by what they vary."""


@dataclass(frozen=True)
class Until:
    """When there are replicates enough: the paired difference of an outcome is known well for every policy."""

    outcome: str = param("unmet_case_days_per_1000", "", "outcome whose difference to the baseline must be known")
    half_width: float = param(1.0, "unit of the outcome", "half-width of its 95% interval", range=(1e-9, 1e9))
    first: int = param(10, "count", "replicates before it is first looked at", range=(2, 1_000_000))
    round: int = param(10, "count", "replicates added each time", range=(1, 1_000_000))
    most: int = param(200, "count", "replicates after which it stops in any case", range=(2, 1_000_000))


@dataclass(frozen=True)
class Recorded:
    """What is stored of each run besides its outcomes."""

    series: bool = param(True, "", "weekly series")


@dataclass(frozen=True)
class Spec:
    """What a study asks. Its fields are the keys of an experiment file."""

    question: str = param("", "", "what the study is to answer")
    levers: dict[str, Any] = field(default_factory=dict)
    """What is compared: designs by name, each with its levers and levels, or its list."""
    within: Any = "fragmented"
    """The policy that levers change: a name, a list of names, or a mapping."""
    uncertainties: dict[str, Any] = field(default_factory=dict)
    """What of the world is varied: designs by name, each with its keys and levels."""
    theories: tuple[str, ...] = ("performance",)
    """Options of ``behaviour``, or ``all`` of them, each met by all policies."""
    constants: tuple[str, ...] = ()
    """Overrides that hold everywhere."""
    baseline: Any = "fragmented"
    """The policy that all are compared with, under the same theory, scenario and seed."""
    replicates: int | str = 30
    """Seeds of each point; or ``until``, as many as it takes."""
    until: Until = field(default_factory=Until)
    seed: int = param(1, "", "first seed; of the designs that are drawn too", range=(0, 2**31 - 1))
    samples: int = param(64, "count", "samples of a sampler, trajectories of morris", range=(1, 1_000_000))
    members: int = param(0, "count", "members of an ensemble to take, spread evenly; 0: all", range=(0, 1_000_000))
    resolution: int = param(4, "1", "resolution of a fractional factorial", range=(3, 12))
    budget: tuple[float, ...] = ()
    """Yuan per resident and year; each policy is sized to each of them. Empty: policies cost what they cost."""
    record: Recorded = field(default_factory=Recorded)


@dataclass(frozen=True)
class Settings:
    """How a study is carried out. Nothing here may change a result."""

    out: str = param("", "", "folder to write; empty: one under results/")
    jobs: int = param(-1, "processes", "worlds at a time; -1: one a core", range=(-1, 100_000))
    engine: str = param("loky", "", "where: this machine, or a cluster", choices=("loky", "ray", "dask"))
    address: str = param("", "", "of a running Ray or Dask cluster; empty: one is started here")
    cache: str = param("auto", "", "keep warm-ups; auto: up to district size", choices=("auto", "on", "off"))
    cache_folder: str = param("", "", "where warm-ups are kept; empty: the cache of govsim")
    cache_gigabytes: float = param(GIGABYTES, "gigabytes", "most that warm-ups may take", range=(0.001, 1e6))
    batch: int = param(500, "runs", "most runs held back before they are written", range=(1, 100_000))
    retry: str = param("none", "", "run again what failed before", choices=("none", "failed"))


_SPEC, _SETTINGS = ([f.name for f in fields(schema)] for schema in (Spec, Settings))

_ELSEWHERE = {
    "policy": "a study names its policies under levers, as in levers.policies=[fund,committee], and the one that "
    "levers change as within=chengdu_2019",
    "behaviour": "a study names its theories as theories=[performance,anchoring]",
    "baseline": "the baseline of a study is baseline=, outside constants",
    "seed": "the first seed of a study is seed=, outside constants",
    "out": "the folder of a study is out=, outside constants",
    "engine": "each process of a study has one thread; jobs= says how many processes",
    "record": "a study stores no cases; record.series=false leaves out its weekly series",
    "checkpoint": "a study keeps every run that is done, and goes on from there by itself",
}
"""Keys of a run that a study has another way to say."""

_NESTED = ("levers", "uncertainties", "until", "record")
_DRAWN = f"uncertainties.{ENSEMBLE}"
_WHOLE: dict[str, str] = dict.fromkeys(("within", "baseline"), ", as in baseline={policy:[fund],policy.fund.yuan:1e5}")


def read_spec(arguments: Sequence[str]) -> tuple[Spec, Settings, str]:
    """What a command line asks for, and the name of its experiment (empty where its levers are given in line).

    ``experiment=NAME`` reads a file of ``configs/experiment``. A key of :class:`Spec` or :class:`Settings` is set to
    its value (``replicates=10``, ``levers.factorial.fund=[0,350000]``, ``levers.each=all``) or taken out
    (``~levers.policies``); ``ensemble=NAME`` is short for ``uncertainties.ensemble=NAME``. Any other key is an override
    of a run, which then holds everywhere.

    Raises:
        ConfigError: one of them is malformed, given twice, unknown or not allowed.
    """
    asked = by_key(arguments, short={ENSEMBLE: _DRAWN})
    name, file = _experiment(asked.pop("experiment", None))
    data = contents(file) if file else {}
    settings: dict[str, Any] = {}
    constants = _by_key(data.get("constants", ()))
    for key, (text, override) in asked.items():
        head, _, below = key.partition(".")
        if head in _SPEC:
            (_delete if override.is_delete() else _put)(data, key, text, override)
            if key == "constants":
                constants = _by_key(data.get(key, ()))
        elif head in _SETTINGS and not below and not override.is_delete():
            settings[key] = checked(key, _none_is_empty(override.value()), Settings)
        elif key == "behaviour" and not isinstance(override.value(), list):
            data["theories"] = [override.value()]
        else:
            constants[_constant(text)] = text
    if settings.get("jobs") == 0:
        raise ConfigError("jobs=0: must be 1 or more processes, or -1 for one a core")
    spec = spec_from(data | {"constants": list(constants.values())}, file.parent if file else None)
    return spec, Settings(**settings), name


def spec_from(data: Mapping[str, Any], folder: Path | None = None) -> Spec:
    """A specification from a mapping of its keys, as a file has them, or as ``asdict`` makes it again.

    Args:
        data: what is not in it is as in :class:`Spec`.
        folder: where a table of points may be, besides the working folder.

    Raises:
        ConfigError: a key is unknown, or its value not allowed; or there is nothing to compare.
    """
    for key in data:
        if key not in _SPEC:
            raise ConfigError(f"{key}: no such key of an experiment; it has {', '.join(_SPEC)}{nearest(key, _SPEC)}")
    values = dict(data)
    for role, known in DESIGNS.items():
        values[role] = _designs(role, data.get(role) or {}, known, folder)
    if not values["levers"]:
        raise ConfigError(
            "levers: a study needs something to compare, as experiment=NAME or as levers.policies=[fund,committee]; "
            f"experiments are {', '.join(options('experiment')) or 'none'}"
        )
    for key in ("within", "baseline"):
        if key in values:
            values[key] = "none" if values[key] is None else _plain(values[key])
    known, asked = options("behaviour"), data.get("theories", ())
    values["theories"] = tuple(dict.fromkeys(_theories(known) if asked == ALL else _texts("theories", asked)))
    values["theories"] = values["theories"] or Spec.theories
    for name in values["theories"]:
        if name not in known:
            raise ConfigError(f"theories={name}: no such option of behaviour{nearest(name, known)}")
    values["constants"] = tuple(_by_key(data.get("constants", ())).values())
    values["budget"] = _budgets(data.get("budget"))
    values["until"] = _part(Until, "until", data.get("until") or {})
    values["record"] = _part(Recorded, "record", data.get("record") or {})
    values["replicates"] = _replicates(data.get("replicates", Spec.replicates))
    for key in ("question", "seed", "samples", "resolution"):
        if key in data:
            values[key] = checked(key, _none_is_empty(data[key]), Spec)
    spec = Spec(**values)
    if spec.replicates == UNTIL:
        _check_until(spec.until)
    return spec


# --- the file


def _experiment(given: tuple[str, Override] | None) -> tuple[str, Path | None]:
    if given is None:
        return "", None
    known, name = files("experiment"), given[1].value()
    if not isinstance(name, str) or name not in known:
        near = nearest(str(name), known)
        raise ConfigError(f"experiment={name}: no such experiment; there are {', '.join(known) or 'none'}{near}")
    return name, known[name]


def _put(data: dict[str, Any], key: str, text: str, override: Override) -> None:
    """Set a key; below ``levers`` and ``uncertainties`` the third part is a factor, whose name may have dots."""
    *path, last = key.split(".", 2)
    if path and path[0] not in _NESTED:
        raise ConfigError(f"{text}: {path[0]} is set as a whole{_WHOLE.get(path[0], '')}")
    node: Any = data
    for part in path:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            raise ConfigError(f"{text}: {part} holds {node}, not keys; set it as a whole")
    node[last] = override.value()


def _delete(data: dict[str, Any], key: str, text: str, _: Override) -> None:
    *path, last = key.split(".", 2)
    node: Any = data
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    if not isinstance(node, dict) or last not in node:
        raise ConfigError(f"{text}: there is none to take out{nearest(last, node) if isinstance(node, dict) else ''}")
    del node[last]


# --- values


def _by_key(constants: Any) -> dict[str, str]:
    by_key: dict[str, str] = {}
    for text in _texts("constants", constants):
        key = _constant(text)
        if key in by_key:
            raise ConfigError(f"constants: {key} is given twice, as {by_key[key]} and {text}")
        by_key[key] = text
    return by_key


def _constant(text: str) -> str:
    """The key of an override that holds everywhere; composing checks its value."""
    override = parse(text)
    key = key_of(override)
    head = key.partition(".")[0]
    if head in _ELSEWHERE and (head != "behaviour" or key == head):
        raise ConfigError(f"{text}: {_ELSEWHERE[head]}")
    if key not in GROUPS and declared(key) is None and not override.is_delete():
        raise unknown(
            key, ["experiment", ENSEMBLE, *_SPEC, *_SETTINGS, *GROUPS, *(leaf.key for leaf in walk(Config()))]
        )
    return key


def _designs(role: str, given: Any, known: Sequence[str], folder: Path | None) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ConfigError(f"{role}={given}: must name designs, as in {role}.factorial")
    designs = {}
    for design, content in given.items():
        if design not in known:
            near = nearest(str(design), known)
            raise ConfigError(f"{role}.{design}: no such design; must be one of {', '.join(known)}{near}")
        if design == "points" and isinstance(content, str):
            content = _table(f"{role}.points={content}", content, folder)
        if design == ENSEMBLE and isinstance(content, str):
            content = members(content)
        if content in (None, "") or (isinstance(content, Sequence | Mapping) and not content):
            raise ConfigError(f"{role}.{design}: is empty")
        designs[design] = _plain(content) if role == "uncertainties" else _switches(_plain(content))
    return designs


def _table(said: str, name: str, folder: Path | None) -> list[dict[str, Any]]:
    """The rows of a CSV whose header names factors; an empty cell leaves its factor as it is."""
    path = next((p for p in (Path(name), (folder or Path()) / name) if p.is_file()), None)
    if path is None:
        raise ConfigError(f"{said}: no such file")
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            header, *lines = ([cell.strip() for cell in line] for line in csv.reader(file) if line)
        except (ValueError, csv.Error):
            raise ConfigError(f"{said}: must be a table in CSV with a header that names factors") from None
    if len(set(header)) < len(header) or not all(header):
        raise ConfigError(f"{said}: its header must name each factor once")
    for number, line in enumerate(lines, start=1):
        if len(line) != len(header):
            raise ConfigError(f"{said}: row {number} must have {len(header)} cells, as the header, not {len(line)}")
    return [{k: _cell(cell) for k, cell in zip(header, line, strict=True) if cell} for line in lines]


def _cell(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _plain(value: Any) -> Any:
    """A value as lists and dicts, whatever made it."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


def _switches(value: Any) -> Any:
    """``off`` and ``on``, which YAML reads as truth values, as the words they were."""
    if isinstance(value, dict):
        return {k: _switches(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_switches(v) for v in value]
    return {False: "off", True: "on"}[value] if isinstance(value, bool) else value


def _texts(key: str, given: Any) -> list[str]:
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list | tuple) or not all(isinstance(text, str) for text in given):
        raise ConfigError(f"{key}={given}: must be a list of texts")
    return list(given)


def _theories(known: Iterable[str]) -> list[str]:
    """All of them, the default first, since names of levers and designs are of the first."""
    return sorted(known, key=lambda name: name not in Spec.theories)


def _budgets(given: Any) -> tuple[float, ...]:
    given = given if isinstance(given, list | tuple) else [given] if given is not None else []
    for value in given:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
            raise ConfigError(f"budget={value}: must be a list of numbers above 0 (yuan per resident and year)")
    return tuple(dict.fromkeys(map(float, given)))


def _part(schema: type, key: str, given: Any) -> Any:
    if isinstance(given, schema):
        return given
    if not isinstance(given, Mapping):
        raise ConfigError(f"{key}={given}: must be set value by value, as in {key}.{fields(schema)[0].name}=")
    names = [f.name for f in fields(schema)]
    for name in given:
        if name not in names:
            raise ConfigError(f"{key}.{name}: no such key; {key} has {', '.join(names)}{nearest(str(name), names)}")
    return schema(**{name: checked(name, value, schema, f"{key}.{name}") for name, value in given.items()})


def _replicates(value: Any) -> int | str:
    if value != UNTIL and (isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000):
        raise ConfigError(f"replicates={value}: must be a whole number from 1 to 1,000,000, or until")
    return value


def _none_is_empty(value: Any) -> Any:
    return "" if value is None else value


def _check_until(until: Until) -> None:
    from govsim.measures.outcomes import OUTCOMES

    if until.outcome not in OUTCOMES:
        near = nearest(until.outcome, OUTCOMES)
        raise ConfigError(
            f"until.outcome={until.outcome}: no such outcome{near or '; govsim list outcomes names them'}"
        )
    if until.most < until.first:
        raise ConfigError(f"until.most={until.most}: must not be below until.first={until.first}")
