"""Checkpoints: what a long run needs to go on after a kill, kept beside the place of its results.

::

    results/.mine.checkpoints/          of out=results/mine; without out, results/.<configuration>.checkpoints/
        warm-up.npz                     the state in the warm-up; of week 0 at last, where both worlds start
        policy.npz, baseline.npz        the state of each world; after its last week at last

Each file is the newest state of its world, in numpy's own format: an array for each column by its way in the state
(``state/tables/residents/trust``), and ``about``, a text in JSON with the week, what made it, and the state with null
where an array stands. A file is written beside its place, brought to the disk and moved there in one step, so that
the one before it stays whole until then. All results of a world follow from its last state; so a run that goes on
computes those of a world that was over once more, and nothing else is kept of it. What another configuration, source
or version of a library left is not used, and gives way to the first checkpoint of this run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock, Timeout

from govsim.config.check import ConfigError
from govsim.study.files import whole
from govsim.study.manifest import configuration_id, made_with

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.config.schema import Config

__all__ = ["STAGES", "Checkpoints", "checkpoints", "place_of"]

STAGES = ("warm-up", "policy", "baseline")
"""What a run does, in this order."""

Say = Callable[[str], None]

_FREE = ("out", "engine", "checkpoint")
"""What may change between a run that is killed and the one that goes on."""

_DAMAGED = (OSError, EOFError, ValueError, KeyError, RuntimeError, BadZipFile)
"""What reading a file raises that was damaged on its disk."""


@contextmanager
def checkpoints(config: Config, say: Say) -> Iterator[Checkpoints | None]:
    """The checkpoints of a run while it is carried out and written, or None where it keeps none.

    They are removed when that is done; whatever stops it leaves them.

    Args:
        config: the run.
        say: told in a sentence what a user should know.

    Raises:
        ConfigError: they cannot be written, or another process is at work on the same run.
    """
    every = config.checkpoint.every
    if not every:
        yield None
        return
    folder = place_of(config)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=0)
    except OSError as error:
        if isinstance(error, Timeout):
            why = "another process is at work on the same run; another out= is another run"
        else:
            why = f"{folder} must be a folder that can be written ({error.strerror})"
        raise ConfigError(f"checkpoint.every={every}: {why}") from None
    try:
        kept = Checkpoints(folder, config, say)
        try:
            yield kept
        except KeyboardInterrupt:
            if kept.weeks:
                say(f"the same command goes on from {kept.newest}")
            raise
    except BaseException:
        lock.release()
        if not any(folder.glob("*.npz")):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def place_of(config: Config) -> Path:
    """The folder of a run's checkpoints; the same command finds it again."""
    out = Path(config.out or Path("results") / configuration_id(config, _FREE)).resolve()
    return out.with_name(f".{out.name}.checkpoints")


class Checkpoints:
    """The newest states of the worlds of one run.

    Attributes:
        folder: where they are.
        weeks: the week of each that can be used, by stage.
    """

    def __init__(self, folder: Path, config: Config, say: Say) -> None:
        self.folder, self.every, self.say = folder, config.checkpoint.every, say
        made = made_with()
        self._made = {
            "configuration": configuration_id(config, _FREE),
            "source": made["source_hash"],
            "versions": made["versions"],
        }
        for partial in folder.glob(".*.npz.*"):  # a kill left it
            partial.unlink()
        self.weeks: dict[str, int] = {}
        self._others: dict[str, str] = {}  # in which way what is there is of another run, by stage
        for stage in STAGES:
            about = self._read(stage, lambda _, about: about)
            if about is None:
                continue
            others = [what for what, how in self._made.items() if about["made"].get(what) != how]
            if others:
                self._others[stage] = others[0]
            else:
                self.weeks[stage] = about["week"]
        if self._others:
            what = " and another ".join(dict.fromkeys(_NAMES[what] for what in self._others.values()))
            say(f"{folder} holds checkpoints of another {what}; they are not used")
        if self.weeks:
            say(f"goes on from {self.newest}")

    @property
    def newest(self) -> str:
        """Where the run stands, in words."""
        stage = [stage for stage in STAGES if stage in self.weeks][-1]
        return f"week {self.weeks[stage]} of the {_WORDS[stage]} ({self._file(stage)})"

    def restore(self, city: City, stage: str) -> None:
        """Have a city go on from the newest state of a stage, where there is one."""
        if stage in self.weeks:
            state = self._read(stage, _state)
            if state is not None:
                city.restore(state)
            else:
                del self.weeks[stage]

    def keep(self, city: City, stage: str, over: bool) -> None:
        """Keep the state of a city where it is time to, and at the end of a stage."""
        if not over and city.week % self.every:
            return
        arrays: dict[str, np.ndarray] = {}
        about = {"made": self._made, "week": city.week, "state": _apart(city.held(), "state", arrays)}
        text = json.dumps(about, allow_nan=False).encode()
        try:
            with whole(self._file(stage)) as file:
                np.savez(file, allow_pickle=False, about=np.frombuffer(text, np.uint8), **arrays)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:  # of a full disk, for which nobody wants to lose the run
            self.say(f"week {city.week} of the {_WORDS[stage]} is not kept: {self.folder}: {error.strerror}")
            return
        self.weeks[stage] = city.week
        for other in self._others.keys() - self.weeks.keys():
            self._file(other).unlink(missing_ok=True)
        self._others.clear()

    def _file(self, stage: str) -> Path:
        return self.folder / f"{stage}.npz"

    def _read[T](self, stage: str, read: Callable[[Any, dict[str, Any]], T]) -> T | None:
        """What is read of the arrays and the text of a file; None where there is none, or only a damaged one."""
        file = self._file(stage)
        if not file.exists():
            return None
        try:
            with np.load(file, allow_pickle=False) as arrays:
                return read(arrays, json.loads(arrays["about"].tobytes()))
        except _DAMAGED:
            self.say(f"{file} is damaged; it is not used")
            return None


_NAMES = {"configuration": "configuration", "source": "source", "versions": "version of Python or a library"}
_WORDS = {"warm-up": "warm-up", "policy": "policy's world", "baseline": "baseline's world"}


def _state(arrays: Any, about: dict[str, Any]) -> dict[str, Any]:
    return _together(about["state"], "state", arrays)


def _apart(node: Any, way: str, arrays: dict[str, np.ndarray]) -> Any:
    """A state as JSON can hold it: null for each array, which goes into ``arrays`` under its way."""
    if isinstance(node, np.ndarray):
        arrays[way] = node
        return None
    if isinstance(node, dict):
        return {key: _apart(value, f"{way}/{key}", arrays) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_apart(value, f"{way}/{number}", arrays) for number, value in enumerate(node)]
    return node


def _together(node: Any, way: str, arrays: Any) -> Any:
    """The state that :func:`_apart` took apart."""
    if node is None:
        return arrays[way]
    if isinstance(node, dict):
        return {key: _together(value, f"{way}/{key}", arrays) for key, value in node.items()}
    if isinstance(node, list):
        return [_together(value, f"{way}/{number}", arrays) for number, value in enumerate(node)]
    return node
