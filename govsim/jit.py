"""How kernels are compiled and run in threads: the one place that knows numba's settings.

A kernel is a small, typed, pure function over columns. numba's own cache does not notice an edit in another file
whose function was inlined, so the cache folder is keyed by a hash of all files that kernels are made of.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numba
import numpy as np

from govsim.source import cache_folder, kernels_hash

__all__ = ["in_blocks", "in_ranges", "kernel", "threads_for"]

_STALE = 14 * 24 * 3600.0
"""Seconds after which kernels of another version of the source are cleared away."""

_ROWS_A_RANGE = 10_000
"""Rows that are worth a range of their own: fewer are done before another thread has begun."""
_RESIDENTS_A_THREAD = 2_000_000
"""Residents that are worth a thread of their own: below twice as many one thread alone is sooner done (benchmarks)."""
_RANGES_A_THREAD = 8
"""Into how many ranges each thread's part of a table is cut: what asks for work does not lie evenly in a table."""


def _cache_folder() -> Path:
    """The folder of compiled kernels for this source; folders of old sources are removed."""
    root = cache_folder()
    folder = root / f"kernels-{kernels_hash()}"
    if not folder.exists():
        for other in root.glob("kernels-*"):
            if time.time() - other.stat().st_mtime > _STALE:
                shutil.rmtree(other, ignore_errors=True)
    return folder


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(_cache_folder())  # pyright: ignore


def kernel(function: Any) -> Any:
    """Compile a kernel: cached on disk, without Python's lock, and without fast-math, which would trade bits."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


def threads_for(residents: int) -> int:
    """How many threads a place is worth, at most as many as the machine has."""
    return max(1, min(os.cpu_count() or 1, residents // _RESIDENTS_A_THREAD))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="govsim")


def in_blocks(threads: int, order: np.ndarray, work: Callable[[np.ndarray], Any]) -> list[Any]:
    """Do ``work`` for all blocks of ``order``, in so many threads; what it returns, in the order of parts.

    Kernels release Python's lock, so plain threads run them side by side, also those of two cities at once.
    ``work(part)`` must write only what belongs to the blocks of its part; then neither the number of threads nor the
    order can change a result.
    """
    parts = min(threads, len(order))
    if parts == 1:
        return [work(order)]
    return list(_pool().map(work, np.array_split(order, parts)))


def in_ranges(threads: int, rows: int, work: Callable[[int, int], Any]) -> list[Any]:
    """``work(first, end)`` for all rows of a table, in so many threads; what it returns, in the order of rows.

    Ranges are dealt out in turn, like cards. ``work`` must write only what belongs to its rows.
    """
    parts = min(_RANGES_A_THREAD * threads, rows // _ROWS_A_RANGE)
    if threads == 1 or parts <= 1:
        return [work(0, rows)]
    ends = (np.arange(parts + 1) * rows // parts).tolist()
    ranges = list(pairwise(ends))

    def hand(dealt: slice) -> list[Any]:
        return [work(first, end) for first, end in ranges[dealt]]

    hands = [slice(thread, None, threads) for thread in range(threads)]
    done: list[Any] = [None] * parts
    for dealt, results in zip(hands, _pool().map(hand, hands), strict=True):
        done[dealt] = results
    return done
