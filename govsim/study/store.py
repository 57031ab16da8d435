"""The folder of a study: results in batches that are there whole or not at all.

::

    DIR/study.json              what the study is: identity, specification, factors, base configurations
    DIR/points.parquet          a row a point
    DIR/batches/000001/         runs, series, incidence, timings, failures (parquet), and batch.json with their digests

A batch is written beside its place and moved there in one step. What is there is therefore finished, also after a
kill; what is damaged later (its digest says so) is set aside, and its runs count as not done. Which batch a run is
in means nothing: tables are the same, sorted, however often a study was interrupted.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from govsim.config.check import ConfigError, check_out
from govsim.study.engine import Result
from govsim.study.files import write_whole

__all__ = ["MANIFEST", "SCHEMA_VERSION", "Store", "batches", "read_manifest", "write_batch"]

SCHEMA_VERSION = 1
"""Raised whenever a file of a study changes its shape."""

MANIFEST = "study.json"
KEY = ["point", "seed"]

_SECONDS = 10.0  # between batches at first: what a kill can cost …
_SHARE = 0.02  # … and in the long run, of the time so far, so that batches stay few
_LOCK = ".lock"
_SEAL = "batch.json"


class Store:
    """A study's folder, opened for writing by one process at a time; a context manager.

    Attributes:
        folder: where it is.
        done: (point, seed) of runs that are there.
        failed: (point, seed) of runs that failed and were not done since.
        damaged: batches that were set aside when it was opened.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], points: pd.DataFrame, most: int = 500) -> None:
        """Open a folder, or make it.

        Args:
            folder: new, empty, or of the same study.
            manifest: what :data:`MANIFEST` is to hold.
            points: the points of the study.
            most: runs to hold back at most before a batch is written.

        Raises:
            ConfigError: the folder holds something else, cannot be written, or is being written by another process.
        """
        self.folder, self.most = Path(folder), most
        self._waiting: list[Result] = []
        self._opened = self._since = monotonic()
        if (self.folder / MANIFEST).is_file():
            check_same(self.folder, manifest)
        else:
            check_out(self.folder)
            self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self.folder / _LOCK)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ConfigError(f"out={folder}: another process is at work on this study") from None
        try:
            self._begin(manifest, points)
        except BaseException:
            self.close()
            raise

    def _begin(self, manifest: dict[str, Any], points: pd.DataFrame) -> None:
        (self.folder / "batches").mkdir(exist_ok=True)
        for partial in self.folder.glob("batches/.*"):
            shutil.rmtree(partial)
        if not (self.folder / MANIFEST).is_file():
            points.to_parquet(self.folder / "points.parquet", compression="zstd", index=False)
            write_whole(self.folder / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False).encode())
        self.damaged = [set_aside(path) for path in batches(self.folder) if not is_whole(path)]
        self.done = self._held("runs")
        self.failed = self._held("failures") - self.done

    def _held(self, table: str) -> set[tuple[int, int]]:
        """(point, seed) of the runs that a table of any batch holds."""
        return set().union(*(_keys(batch / f"{table}.parquet") for batch in batches(self.folder)))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.flush()
        finally:
            self.close()

    def close(self) -> None:
        """Let others write to the folder; what was not flushed is lost."""
        self._lock.release()
        (self.folder / _LOCK).unlink(missing_ok=True)

    def add(self, result: Result) -> None:
        """Take one result in, and write a batch when it is time to."""
        now = monotonic()
        if not self._waiting:
            self._since = now
        self._waiting.append(result)
        if len(self._waiting) >= self.most or now - self._since > max(_SECONDS, _SHARE * (now - self._opened)):
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as one batch.

        Raises:
            ConfigError: the disk is full or gone; what was written before is intact.
        """
        if not self._waiting:
            return
        names = [int(path.name[:6]) for path in self.folder.glob("batches/[0-9]*")]
        place = self.folder / "batches" / f"{max(names, default=0) + 1:06}"
        try:
            write_batch(place, _tables(self._waiting))
        except OSError as error:
            full = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else f"{error.strerror or error}"
            raise ConfigError(
                f"out={self.folder}: {full}; {len(self.done):,} runs are kept, and the same command goes on from there"
            ) from None
        for result in self._waiting:
            key = (result.point, result.seed)
            (self.failed if result.world is None else self.done).add(key)
        self.failed -= self.done
        self._waiting.clear()


# --- reading


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a study's folder says of itself.

    Raises:
        ConfigError: there is no study, or one of another format.
    """
    path = Path(folder) / MANIFEST
    if not path.is_file():
        raise ConfigError(f"{folder}: holds no study (no {MANIFEST})")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        written = int(manifest["schema_version"])
    except (ValueError, KeyError, TypeError):
        raise ConfigError(f"{path}: is damaged, and without it the folder cannot be read") from None
    if written != SCHEMA_VERSION:
        whose = "a newer" if written > SCHEMA_VERSION else "an older"
        raise ConfigError(
            f"{folder}: was written by {whose} govsim (format {written}, this one reads {SCHEMA_VERSION})"
        )
    return manifest


def check_same(folder: Path, manifest: dict[str, Any]) -> None:
    """Check that a folder holds the study that is asked for, made by the same code.

    Raises:
        ConfigError: it does not.
    """
    held = read_manifest(folder)
    if held["study_id"] == manifest["study_id"]:
        return
    if held["source_hash"] != manifest["source_hash"]:
        raise ConfigError(
            f"out={folder}: was begun by other code or configs (source {held['source_hash']}, now "
            f"{manifest['source_hash']}), and runs of two codes must not mix; name another folder"
        )
    raise ConfigError(
        f"out={folder}: holds another study ({held['study_id']}, {held['command']}), not {manifest['study_id']}; "
        "name another folder"
    )


def batches(folder: Path) -> list[Path]:
    """The batches of a study, in the order in which they were written."""
    return sorted(path for path in Path(folder).glob("batches/*") if path.name.isdigit())


def is_whole(batch: Path) -> bool:
    """Whether the files of a batch are those that were written."""
    try:
        seal = json.loads((batch / _SEAL).read_text(encoding="utf-8"))
        return seal["schema_version"] == SCHEMA_VERSION and seal["files"] == _digests(batch)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def set_aside(batch: Path) -> Path:
    """Move a damaged batch out of the way and return where it is now."""
    names = (batch.with_name(f"{batch.name}.damaged{n or ''}") for n in range(1_000))
    place = next(path for path in names if not path.exists())
    batch.rename(place)
    return place


def _keys(file: Path) -> set[tuple[int, int]]:
    if not file.is_file():
        return set()
    frame = pd.read_parquet(file, columns=KEY)
    return set(zip(frame["point"].tolist(), frame["seed"].tolist(), strict=True))


# --- writing


def write_batch(place: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables of a batch that have rows, and their digests, beside its place, and move it there in one step.

    Raises:
        OSError: it could not be written; nothing is left behind.
    """
    partial = place.with_name(f".{place.name}")
    try:
        partial.mkdir()
        for name, table in tables.items():
            if len(table):
                table.to_parquet(partial / f"{name}.parquet", compression="zstd", index=False)
        _seal(partial)
        partial.rename(place)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _tables(results: Sequence[Result]) -> dict[str, pd.DataFrame]:
    """The tables of a batch, each sorted, so that the order in which results came does not show."""
    results = sorted(results, key=lambda r: (r.point, r.seed))
    done = [r for r in results if r.world is not None]
    return {
        "runs": _frame(done, [{"run_id": r.run_id, **_floats(r)} for r in done]),
        "series": _long(done, "week", [r.world.series for r in done if r.world]),
        "incidence": _long(done, "day", [r.world.incidence for r in done if r.world]),
        "timings": _frame(
            results, [{"seconds": r.seconds, "warmup_seconds": r.warmup_seconds, "worker": r.worker} for r in results]
        ),
        "failures": _frame(
            failed := [r for r in results if r.world is None],
            [
                {"run_id": r.run_id, "error": r.error, "traceback": r.trace, "config": json.dumps(r.config)}
                for r in failed
            ],
        ),
    }


def _floats(result: Result) -> dict[str, float]:
    values = result.world.values if result.world else {}
    return {name: np.nan if value is None else value for name, value in values.items()}


def _frame(results: Sequence[Result], rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    frame.insert(0, "seed", np.array([r.seed for r in results], dtype=np.int64))
    frame.insert(0, "point", np.array([r.point for r in results], dtype=np.int32))
    return frame


def _long(results: Sequence[Result], index: str, columns: Sequence[dict[str, np.ndarray]]) -> pd.DataFrame:
    """Arrays of runs one under the other, a column for each name, beside the week or day."""
    lengths = [len(next(iter(column.values()))) if column else 0 for column in columns]
    parts = {name: np.concatenate([column[name] for column in columns]) for name in (columns[0] if columns else ())}
    return pd.DataFrame(
        {
            "point": np.repeat(np.array([r.point for r in results], dtype=np.int32), lengths),
            "seed": np.repeat(np.array([r.seed for r in results], dtype=np.int64), lengths),
            index: np.concatenate([np.arange(n, dtype=np.int32) for n in lengths] or [np.array([], dtype=np.int32)]),
            **parts,
        }
    )


def _digests(batch: Path) -> dict[str, str]:
    files = sorted(batch.glob("*.parquet"))
    return {file.name: hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest() for file in files}


def _seal(batch: Path) -> None:
    """Write the digests last, and everything to the disk: a power cut leaves no batch that only looks whole."""
    seal = {"schema_version": SCHEMA_VERSION, "files": _digests(batch)}
    write_whole(batch / _SEAL, json.dumps(seal, indent=2).encode())
    for file in batch.iterdir():
        with file.open("rb") as open_file:
            os.fsync(open_file.fileno())
