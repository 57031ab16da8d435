"""What a command line asks of runs that are compared with targets, and the study that this comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from govsim.config.check import ConfigError
from govsim.config.compose import compose
from govsim.config.overrides import by_key
from govsim.config.schema import Config
from govsim.study.spec import Settings

__all__ = ["SETTINGS", "read", "study_of", "world_of"]

SETTINGS = [f.name for f in fields(Settings)]
"""Keys that say how a study is carried out."""


def read(arguments: Sequence[str]) -> dict[str, tuple[str, Any]]:
    """Arguments by key, each as it was given and as its value.

    Raises:
        ConfigError: one is malformed, given twice, or gives no single value.
    """
    asked = by_key(arguments)
    for key, (text, override) in asked.items():
        if override.is_delete():
            raise ConfigError(f"{text}: takes one value; a list is written {key}=[a,b]")
    return {key: (text, override.value()) for key, (text, override) in asked.items()}


def world_of(constants: Sequence[str]) -> Config:
    """The configuration that overrides make, without a policy.

    Raises:
        ConfigError: one of them is no override of a run.
    """
    return compose([*constants, "policy=none", "baseline=none"]).config


def study_of(policy: Any, seeds: int, overrides: Sequence[str]) -> list[str]:
    """Arguments of a study of one policy alone: it is its own baseline."""
    said = _text(policy)
    return [f"levers.policies=[{said}]", f"baseline={said}", f"replicates={seeds}", *overrides]


def _text(value: Any) -> str:
    """A policy in the grammar of overrides."""
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{key}:{_text(below)}' for key, below in value.items())}}}"
    return f"[{','.join(map(_text, value))}]" if isinstance(value, list | tuple) else str(value)
