"""Commands as a user runs them, each in a process of its own, in turn."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from statistics import median

from report import Report
from timing import GOVSIM, seconds

_COMMANDS: dict[str, tuple[Sequence[str], int]] = {
    "python, nothing": ([sys.executable, "-c", "pass"], 0),
    "import mesa": ([sys.executable, "-c", "import mesa"], 0),
    "import govsim": ([sys.executable, "-c", "import govsim"], 0),
    "from govsim import City": ([sys.executable, "-c", "from govsim import City"], 0),
    "bad input: govsim run polcy=fund": ([GOVSIM, "run", "polcy=fund"], 2),
    "govsim run": ([GOVSIM, "run"], 0),
}
"""Commands, and the status with which each ends."""


def measure(asked: Namespace, report: Report) -> None:
    """All in turn; the first time is not counted, for what is kept between runs is to be there."""
    rounds = 3 * asked.repeats
    times = [{name: _run(*command) for name, command in _COMMANDS.items()} for _ in range(1 + rounds)][1:]
    cost = {name: median(each[name] for each in times) for name in _COMMANDS}
    for name, each in cost.items():
        measures = {"seconds": each, "against import mesa": each / cost["import mesa"]}
        report.row(f"Commands, median of {rounds}, with warm caches", name, measures)


def _run(command: Sequence[str], status: int) -> float:
    with tempfile.TemporaryDirectory() as folder:

        def work() -> None:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode != status:
                raise AssertionError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")

        return seconds(work)
