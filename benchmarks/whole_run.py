"""The largest place from the command to its table, with kernels to be compiled first and with compiled ones."""

from __future__ import annotations

import os
import subprocess
import tempfile
from argparse import Namespace
from pathlib import Path
from statistics import median
from time import perf_counter

from report import Report
from timing import GOVSIM


def measure(asked: Namespace, report: Report) -> None:
    """Once with an empty cache of kernels, and then with what that run left there."""
    command = [GOVSIM, "run", f"place={asked.places[-1]}", "baseline=none"]
    with tempfile.TemporaryDirectory() as kernels:
        cold, *warm = [_run(command, kernels) for _ in range(1 + asked.repeats)]
    for name, runs in (("kernels not compiled yet", [cold]), (f"compiled, median of {asked.repeats}", warm)):
        took, held = (median(each) for each in zip(*runs, strict=True))
        report.row(f"`{' '.join(command[1:])}`", name, {"seconds": took, "GB at most": held})


def _run(command: list[str], kernels: str) -> tuple[float, float]:
    """Seconds, and the most memory held at a time, in GB."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "said").open("w+") as said:
        start = perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | {"NUMBA_CACHE_DIR": kernels}, stdout=said, stderr=said
        )
        _pid, status, used = os.wait4(process.pid, 0)
        took = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise AssertionError(f"{' '.join(command)} ended with {process.returncode}: {said.read()[-500:]}")
    return took, used.ru_maxrss * 1024 / 1e9
