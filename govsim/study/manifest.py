"""The manifest of a run: what it was, how it was made, and the identity that says so in one word."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from govsim.config.check import ConfigError, nearest
from govsim.config.compose import Composed, resolved
from govsim.config.schema import Config
from govsim.source import PACKAGE, source_hash

__all__ = [
    "NO_RESULT",
    "SCHEMA_VERSION",
    "configuration_id",
    "describe",
    "found_by_id",
    "identity",
    "made_with",
    "run_id",
]

SCHEMA_VERSION = 1
"""Raised whenever a file of a run changes its shape."""

NO_RESULT = ("out", "engine", "record", "checkpoint")
"""Parts of a configuration that cannot change a result."""

_UNORDERED = ("policy", "baseline", "kinds")


def run_id(config: Config) -> str:
    """16 hex digits that stand for a result: the configuration, and the source that ran it.

    Where it is written, how many threads did it, how often its state was kept and what is recorded besides do not
    count; nor does the order in which instruments and kinds are named. (That of departments does: it is the
    committee's.)
    """
    return identity(config, leaving_out=NO_RESULT)


def identity(config: Config, leaving_out: Sequence[str]) -> str:
    """16 hex digits that stand for a configuration without some of its parts, and for the source."""
    return _digest([_asked(config, leaving_out), source_hash(), SCHEMA_VERSION])


def configuration_id(config: Config, leaving_out: Sequence[str]) -> str:
    """16 hex digits that stand for a configuration without some of its parts, whatever the source."""
    return _digest(_asked(config, leaving_out))


def _asked(config: Config, leaving_out: Sequence[str]) -> dict[str, Any]:
    asked = resolved(config)
    for name in leaving_out:
        del asked[name]
    for name in _UNORDERED:
        if asked.get(name):
            asked[name] = dict(sorted(asked[name].items()))
    return asked


def _digest(what: Any) -> str:
    return hashlib.blake2b(json.dumps(what).encode(), digest_size=8).hexdigest()


def found_by_id[T](run_id: str, known: Mapping[str, T], where: Path) -> T:
    """The one thing of those known by run ids that has an id, or whose id begins so.

    Raises:
        ConfigError: nothing in that folder has such an id, or several things have.
    """
    found = {known[name] for name in known if run_id and name.startswith(run_id)}
    if len(found) != 1:
        what = "several runs" if found else "no run"
        raise ConfigError(f"{run_id}: {what} of {where} with such an id{nearest(run_id, known)}")
    return found.pop()


def describe(composed: Composed, start: datetime, seconds: float) -> dict[str, Any]:
    """The manifest of a run that started at ``start`` and took so many seconds."""
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": run_id(composed.config),
        **made_with(),
        "start": start.isoformat(timespec="seconds"),
        "duration_seconds": round(seconds, 3),
        "peak_memory_bytes": _peak_memory(),
        "seed": composed.config.seed,
        "choices": composed.choices,
        "overrides": list(composed.overrides),
        "config": resolved(composed.config),
    }


def made_with() -> dict[str, Any]:
    """The code and the machine that make a result, as far as a result may depend on them."""
    return {
        "source_hash": source_hash(),
        "git_commit": _commit(),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("govsim", "numpy", "numba", "mesa")},
        },
        "platform": platform.platform(),
    }


def _commit() -> str | None:
    """The commit of the clone that the package runs from, with ``-dirty`` where it was changed since."""
    if not (PACKAGE.parent / ".git").exists():
        return None
    command = ["git", "-C", str(PACKAGE.parent), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):  # no git here, or no commit yet
        return None


def _peak_memory() -> int | None:
    """Most bytes this process ever held; None where the system does not say."""
    try:  # on Linux, where the count below begins with what the process held that started this one
        lines = Path("/proc/self/status").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
