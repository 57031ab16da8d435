"""Ensembles: parameter sets that a calibration did not rule out. A study takes all of them, a run takes one.

An ensemble is a YAML file of ``configs/ensemble`` with ``keys`` and ``members``, each a list of as many values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govsim.config.check import ConfigError, nearest
from govsim.config.overrides import contents, files, overrides_from_kwargs

__all__ = ["ENSEMBLE", "MEMBER", "members", "with_member"]

ENSEMBLE, MEMBER = "ensemble", "member"


def members(name: Any) -> list[dict[str, Any]]:
    """The members of an ensemble, each its values by key.

    Raises:
        ConfigError: there is no such ensemble, or its file holds something else.
    """
    known = files(ENSEMBLE)
    if name not in known:
        there = f"there are {', '.join(known)}" if known else "there is none; govsim calibrate makes one"
        raise ConfigError(f"ensemble={name}: no such ensemble; {there}{nearest(str(name), known)}")
    data = contents(known[name])
    keys, rows = data.get("keys"), data.get("members")
    if not isinstance(keys, list) or len(set(map(str, keys))) < len(keys) or not isinstance(rows, list) or not rows:
        raise ConfigError(f"{known[name]}: must hold keys, each once, and members")
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(keys):
            raise ConfigError(f"{known[name]}: member {number} must be a list of {len(keys)} values, as keys is")
    return [dict(zip(map(str, keys), row, strict=True)) for row in rows]


def with_member(overrides: Sequence[str]) -> list[str]:
    """Overrides with the values of a member in place of ``ensemble=NAME member=NUMBER`` (from 0).

    A value that is given beside it holds instead of the member's.

    Raises:
        ConfigError: one of the two is missing, or there is no such member.
    """
    given = {key: value for key, _, value in (text.partition("=") for text in overrides)}
    if not given.keys() & {ENSEMBLE, MEMBER}:
        return list(overrides)
    if ENSEMBLE not in given:
        raise ConfigError(f"member={given[MEMBER]}: belongs to an ensemble, as in ensemble=NAME member=3")
    found = members(given[ENSEMBLE])
    asked = given.get(MEMBER, "")
    if not asked.isdecimal() or int(asked) >= len(found):
        raise ConfigError(
            f"member={asked}: a run takes one member of ensemble={given[ENSEMBLE]}, 0 to {len(found) - 1}; a study "
            "(govsim study) takes all"
        )
    values = {key: value for key, value in found[int(asked)].items() if key not in given}
    return [
        *(text for text in overrides if text.partition("=")[0] not in (ENSEMBLE, MEMBER)),
        *overrides_from_kwargs(**values),
    ]
