"""Warm-ups on disk: the state of a place before any policy, computed once for all worlds that go on from it.

A state is kept under the identity of what made it: the configuration without what a warm-up cannot know (policies,
length, what is recorded), and the source. Files appear whole or not at all, are checked when they are read, and
the least recently used go first when there are more bytes than the cap allows; so any number of processes, also of
several studies, may share a folder.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govsim.config.schema import Config
from govsim.source import cache_folder
from govsim.study.files import write_whole
from govsim.study.manifest import NO_RESULT, identity

__all__ = ["GIGABYTES", "Warmups", "default_folder", "warmup_id"]

GIGABYTES = 4.0
"""Cap on the folder where none is asked for."""

_AFTER_WARMUP = ("policy", "baseline", "scenario", "weeks", *NO_RESULT)
_DIGEST = 16
_LARGEST = 0.02  # of the cap: bytes written before the folder is looked through again


def default_folder() -> Path:
    """Where warm-ups are kept unless a study says otherwise."""
    return cache_folder() / "warmups"


def warmup_id(config: Config) -> str:
    """16 hex digits that stand for a warm-up: configurations with the same one may go on from the same state."""
    return identity(config, leaving_out=_AFTER_WARMUP)


@dataclass
class Warmups:
    """A folder of warm-up states, shared between processes.

    Attributes:
        folder: where they are.
        cap: most bytes to keep.
    """

    folder: Path
    cap: float = GIGABYTES * 1e9
    _since_tidied: float = 0.0

    def load(self, config: Config) -> dict[str, Any] | None:
        """The state at week 0 for a configuration, or None where none is kept (or only a damaged one)."""
        path = self._path(config)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        digest, body = data[:_DIGEST], memoryview(data)[_DIGEST:]
        if hashlib.blake2b(body, digest_size=_DIGEST).digest() != digest:
            path.unlink(missing_ok=True)
            return None
        with suppress(OSError):  # another process may have cleared it away
            os.utime(path)
        return pickle.loads(body)

    def keep(self, config: Config, state: dict[str, Any]) -> None:
        """Keep a state; a disk that is full or read-only only means that it is not kept."""
        body = pickle.dumps(state, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._path(config), hashlib.blake2b(body, digest_size=_DIGEST).digest(), body)
        except OSError:
            return
        self._since_tidied += len(body)
        if self._since_tidied > _LARGEST * self.cap:
            self.tidy()

    def tidy(self) -> None:
        """Remove the least recently used until the rest fits under the cap."""
        self._since_tidied = 0.0
        found = []
        for path in self.folder.glob("*.state"):
            with suppress(OSError):
                found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        kept = 0
        for _, size, path in sorted(found, reverse=True):
            kept += size
            if kept > self.cap:
                path.unlink(missing_ok=True)

    def _path(self, config: Config) -> Path:
        return self.folder / f"{warmup_id(config)}.state"
