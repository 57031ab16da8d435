"""How kernels are compiled: the one place that configures numba.

A kernel is a small, typed, pure function over columns. numba's own cache does not notice an edit in
another file whose function was inlined, so the cache folder is keyed by a hash of the whole source.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from govsim.source import source_hash

if "NUMBA_CACHE_DIR" not in os.environ:
    _root = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    os.environ["NUMBA_CACHE_DIR"] = str(_root / "govsim" / f"kernels-{source_hash()}")

import numba  # noqa: E402  (reads the cache folder when it is imported)
import numpy as np  # noqa: E402
from numba import prange  # noqa: E402

try:  # workqueue aborts the process when two Python threads enter a parallel kernel; OpenMP does not
    import numba.np.ufunc.omppool  # noqa: F401

    numba.config.THREADING_LAYER = "omp"  # pyright: ignore[reportAttributeAccessIssue]
except ImportError:  # no libgomp on this machine: one model at a time is still safe
    pass

__all__ = ["in_blocks", "kernel", "parallel_kernel", "prange", "set_threads"]

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}


def kernel(function: Any) -> Any:
    """Compile a serial kernel (cached on disk; no fast-math, so results do not depend on the machine's mood)."""
    return numba.njit(**_OPTIONS)(function)


def parallel_kernel(function: Any) -> Any:
    """Compile a kernel whose ``prange`` loop writes only to its own block, so threads cannot change results.

    The loop's body is a kernel of its own that the loop calls with the tables: numba silently drops what the
    body of a ``prange`` itself writes through a named tuple (``cases.stage[row] = …``).
    """
    return numba.njit(parallel=True, **_OPTIONS)(function)


def set_threads(n: int) -> None:
    """Use ``n`` threads in parallel kernels (at most what the machine has)."""
    numba.set_num_threads(max(1, min(n, numba.config.NUMBA_NUM_THREADS)))  # pyright: ignore


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="govsim")


def in_blocks(threads: int, order: np.ndarray, work: Callable[[np.ndarray], None]) -> None:
    """Do ``work`` for all blocks of ``order``, in so many threads.

    Kernels release Python's lock, so plain threads run them side by side. ``work(part)`` must write only what
    belongs to the blocks of its part; then neither the number of threads nor the order can change a result.
    """
    parts = np.array_split(order, min(threads, len(order)))
    if len(parts) == 1:
        work(parts[0])
    else:
        list(_pool().map(work, parts))
