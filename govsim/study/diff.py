"""How two configurations differ, key by key."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from govsim.config.check import ConfigError, declared, nearest
from govsim.config.compose import compose, resolved
from govsim.config.overrides import options

__all__ = ["Difference", "differences", "settings_of"]

_NAMED = ("policy", "baseline", "kinds", "departments")
"""What holds named items; one that only one side has is one difference."""


class Difference(NamedTuple):
    """A key whose value two configurations do not share.

    Attributes:
        key: its name; where only one of them has an instrument, a kind or a department, the name of that.
        first, second: its values, None where there is none.
        unit: unit of the values, empty where they have none.
    """

    key: str
    first: Any
    second: Any
    unit: str


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    """What differs between two configurations, as the plain mappings that manifests hold.

    Where they are written (``out``) does not count. The order of departments does: the committee takes them in by it.
    """
    one, other = ({k: v for k, v in settings.items() if k != "out"} for settings in (first, second))
    found = _below("", one, other)
    orders = [list(settings.get("departments") or ()) for settings in (one, other)]
    if orders[0] != orders[1] and set(orders[0]) == set(orders[1]):
        found.append(Difference("departments", orders[0], orders[1], "in this order"))
    return found


def _below(key: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    found: list[Difference] = []
    for name in dict.fromkeys([*first, *second]):
        here, one, other = f"{key}.{name}" if key else name, first.get(name), second.get(name)
        both = isinstance(one, Mapping) and isinstance(other, Mapping)
        if both or (isinstance(one or other, Mapping) and key not in _NAMED and here not in _NAMED):
            found += _below(here, one or {}, other or {})
        elif one != other:
            leaf = declared(here)
            found.append(Difference(here, one, other, leaf.facts.unit if leaf and leaf.facts else ""))
    return found


def settings_of(what: str) -> dict[str, Any]:
    """The configuration that a user names.

    Args:
        what: the folder of a run, a run of a study (``DIR:ID``), a manifest or a file of a whole configuration, an
            option of the policy, or overrides in one text (``"policy=fund place=community"``).

    Raises:
        ConfigError: it is none of these, or cannot be read.
    """
    if "=" in what or what.startswith("~"):
        return resolved(compose(shlex.split(what)).config)
    path = Path(what)
    if path.is_dir():
        return _from_folder(path)
    if path.is_file():
        return _from_file(path)
    folder, _, run = what.rpartition(":")
    if folder and Path(folder).is_dir():
        return _from_study(Path(folder), run)
    known = options("policy")
    if what in known:
        return resolved(compose([f"policy={what}"]).config)
    raise ConfigError(
        f"{what}: must be a run's folder, a study's run as DIR:ID, a manifest, a file of a whole configuration, "
        f'a policy, or overrides like "policy=fund seed=2"{nearest(what, known)}'
    )


def _from_folder(folder: Path) -> dict[str, Any]:
    if (folder / "manifest.json").is_file():
        return _from_file(folder / "manifest.json")
    from govsim.study.sweep import folders

    if (folder / "study.json").is_file() or folders(folder):
        raise ConfigError(f"{folder}: holds many runs; name one as in {folder}:ID, by its run_id")
    raise ConfigError(f"{folder}: holds no finished run (no manifest.json)")


def _from_study(folder: Path, run: str) -> dict[str, Any]:
    from govsim.study.load import config_of, load_study
    from govsim.study.reproduce import the_run
    from govsim.study.sweep import folder_of, folders

    if folders(folder) and not (folder / "study.json").is_file():
        return _from_folder(folder_of(folder, run))
    study = load_study(folder)
    point, seed = the_run(study, run)
    return resolved(config_of(study, point, seed))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read ({str(error).partition('\n')[0]})") from None
    if isinstance(data, dict):
        data = data.get("config", data)
    if not (isinstance(data, dict) and {"place", "behaviour", "policy"} <= data.keys()):
        raise ConfigError(f"{path}: holds no whole configuration, as a manifest or govsim run --cfg job has it")
    return data
