"""How commands show tables and progress: drawn on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

__all__ = ["say", "table", "tasks"]

_SHORT = 5.0  # seconds for which nobody needs a bar
_QUIET = 30.0  # seconds between two lines of progress


def say(line: str) -> None:
    """Tell the user something that is no result."""
    print(f"govsim: {line}", file=sys.stderr, flush=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        drawn = Table(*columns)
        for row in rows:
            drawn.add_row(*map(Text, row))
        Console().print(drawn)
        return
    lines = [columns, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@contextmanager
def tasks(what: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[int, int], None]]:
    """Progress of many tasks as a function of those done and those in all, with the time left.

    A bar on a terminal; elsewhere, such as in the log of a cluster, a line at most every 30 seconds. What is short
    shows neither.
    """
    if not sys.stderr.isatty():
        yield _Lines(what, clock)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=Console(stderr=True), speed_estimate_period=120.0)
    bar: Any = None
    start = clock()

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:  # what was done before today says nothing of today's speed
            bar = bars.add_task(what, total=total, completed=done)
        bars.update(bar, completed=done, total=total)
        if clock() - start >= _SHORT:
            bars.start()

    try:
        yield show
    finally:
        if bars.live.is_started:
            bars.stop()


class _Lines:
    """Progress in lines, the first one after a while, so that what is short stays silent."""

    def __init__(self, what: str, clock: Callable[[], float]) -> None:
        self.what, self.clock = what, clock
        self.before: int | None = None
        self.counted = False
        self.start = self.last = clock()

    def __call__(self, done: int, total: int) -> None:
        now = self.clock()
        if self.before is None:  # what was done before today says nothing of today's speed
            self.before = done
        if not self.counted and done > self.before:  # nor does the time until the first one is done
            self.counted, self.start, self.before = True, now, done
        if now - self.last < _QUIET:
            return
        self.last = now
        new = done - self.before
        left = f", about {_span((now - self.start) / new * (total - done))} left" if new else ""
        say(f"{done:,} of {total:,} {self.what} done{left}")


def _span(seconds: float) -> str:
    """Time in words: 40 s, 12 min, 3 h 20 min."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60.0), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
