"""Memory: bytes a resident, bytes that a week moves, and how far each process is from what the machine can move.

What a process moves is an estimate from what it declares to read and write, one pass over each:

- A table laid out by column moves the columns; a table of records moves whole records, whichever column is asked for.
- What is written moves twice, in and out.
- A process that declares cases or members comes to residents through them: at most a line of the cache for each.
- A survey passes over residents in one week of a quarter.

So it is a bound from above for who picks rows (a daily queue, a vote in a few compounds), and it leaves out what a
process makes for itself and a second pass over the same table. The limit is the machine's, measured in the same process
in the manner of STREAM (McCalpin 1995) by kernels like the model's own; *update* is the triad in place, which moves
what it says.
"""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from holdings import BYTES, BYTES_OF_ANY_PLACE, bytes_a_row, tables
from machine import last_cache
from report import Report
from timing import UNDER, Clock, city_at, go_to, quarters, seconds

from govsim.calendar import QUARTER
from govsim.city import City
from govsim.jit import in_ranges, kernel
from govsim.process import Process

_LINE = 64
"""Bytes of a line of the cache."""
_THREADS = (1, 2)
_DECLARED, _MEASURED = "declared, bytes a resident", "measured, bytes a resident"


def measure(asked: Namespace, report: Report) -> None:
    """The bandwidth of the machine, then the largest place."""
    limits = bandwidths(3 * asked.repeats)
    for (name, threads), limit in limits.items():
        gigabytes = {"GB/s": limit / 1e9, "against one thread": limit / limits[name, 1]}
        report.row("What the machine moves", f"{name}, {threads} thread{'s'[: threads - 1]}", gigabytes)

    calls = quarters(Clock(city_at("community", UNDER)), asked.repeats)
    city = city_at(asked.places[-1], UNDER)
    _report_bytes(city, report)
    clock, moved = Clock(city), {part: bytes_moved(city, part) for part in processes(city)}
    for threads in _THREADS:
        city.threads = threads
        go_to(city, UNDER + QUARTER * (threads - 1) * asked.repeats)
        _report_processes(city, quarters(clock, asked.repeats), calls, moved, limits["update", threads], report)


# --- bytes held


def _report_bytes(city: City, report: Report) -> None:
    people = len(city.residents)
    title = f"Bytes a resident: {people:,} residents"
    held = {name: (bytes_a_row(table), len(table), table.nbytes()) for name, table in tables(city).items()}
    for name, (a_row, rows, measured) in sorted(held.items(), key=lambda item: -item[1][2]):
        a_resident = {_DECLARED: a_row * rows / people, _MEASURED: measured / people}
        each = {"rows": rows, "declared, bytes a row": a_row, "measured, bytes a row": measured / max(rows, 1)}
        report.row(title, name, a_resident | each)
    ended = sum(array.nbytes for chunk in city.archive.chunks for array in chunk.values())
    report.row(title, f"archive of {city.clock_week} weeks", {_MEASURED: ended / people})
    every = sum(measured for *_, measured in held.values())
    columns = sum(a_row * rows for a_row, rows, _ in held.values())
    report.row(title, "all tables", {_DECLARED: columns / people, _MEASURED: every / people})
    report.row(title, "most that all tables may be (tests)", {_MEASURED: BYTES + BYTES_OF_ANY_PLACE / people})
    report.row(title, "the process, with Python and all libraries", {_MEASURED: _resident_set() / people})


def _resident_set() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


# --- bytes moved


def processes(city: City) -> dict[str, Process]:
    """All processes by module, as a :class:`Clock` names them."""
    parts = [part for part in vars(city).values() if isinstance(part, Process)]
    return {type(part).__module__.rsplit(".", 1)[-1]: part for part in parts}


def bytes_moved(city: City, module: str) -> float:
    """Bytes that one week of a process moves, from its declarations and the layout of tables."""
    process, held = processes(city)[module], tables(city)
    asked: dict[str, set[str]] = defaultdict(set)
    for name in (*process.reads, *process.writes):
        table, _, column = name.partition(".")
        if table in held:
            asked[table] |= set(held[table].declared) if column == "*" else {column}
    picked = sum(len(held[table]) for table in ("cases", "members") if table in asked)
    total = 0.0
    for name, columns in asked.items():
        table = held[name]
        written = {column for column in columns if {f"{name}.{column}", f"{name}.*"} & set(process.writes)}
        if not table.by_column:
            total += table.nbytes() * (2 if written else 1)
            continue
        for column in columns:
            whole = getattr(table, column).nbytes
            reached = min(whole, _LINE * picked) if picked else whole
            total += reached * (2 if column in written else 1)
    return total / QUARTER if module == "survey" else total


def _report_processes(
    city: City, spent: pd.Series, calls: pd.Series, moved: dict[str, float], limit: float, report: Report
) -> None:
    """Processes by time, with what they move; processes of which nothing is declared are left out."""
    title = f"What a week moves: {len(city.residents):,} residents, {city.threads} thread{'s'[: city.threads - 1]}"
    whole = ("the whole week", spent.sum(), sum(moved.values()), calls.sum())
    each = [(name, spent[name], moved[name], calls.get(name, 0.0)) for name in spent.index if name in moved]
    for name, time, amount, least in [whole, *sorted(each, key=lambda row: -row[1])]:
        measures = {
            "ms a week": 1e3 * time,
            "MB a week, at most": amount / 1e6,
            "GB/s": amount / time / 1e9,
            "of the limit": f"{amount / time / limit:.0%}",
            "binds": binds(time, amount, least, limit),
        }
        report.row(title, name, measures)


def binds(time: float, amount: float, calls: float, limit: float) -> str:
    """What holds a process up: calls, if a place of 5,000 takes half of the time; memory, from half of the limit on."""
    if calls >= 0.5 * time:
        return "calls"
    if amount > last_cache() and amount / time >= 0.5 * limit:
        return "memory"
    return "work"


# --- the machine


@kernel
def _copy(a, b, first, end):
    for i in range(first, end):
        a[i] = b[i]


@kernel
def _triad(a, b, c, first, end):
    for i in range(first, end):
        a[i] = b[i] + 3.0 * c[i]


@kernel
def _update(a, b, first, end):
    for i in range(first, end):
        a[i] = 0.5 * a[i] + b[i]


def bandwidths(repeats: int) -> dict[tuple[str, int], float]:
    """Bytes a second by what is done and by threads, over arrays four times as large as the largest cache."""
    rows = max(4 * last_cache(), 2**27) // 8
    a, b, c = (np.full(rows, value) for value in (0.0, 1.0, 2.0))
    done: dict[str, tuple[int, Callable[[int, int], None]]] = {
        "copy": (2, lambda first, end: _copy(a, b, first, end)),
        "triad": (3, lambda first, end: _triad(a, b, c, first, end)),
        "update": (3, lambda first, end: _update(a, b, first, end)),
    }
    times: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(1 + repeats):
        for name, (_, work) in done.items():
            for threads in _THREADS:
                times[name, threads].append(seconds(lambda work=work, n=threads: in_ranges(n, rows, work)))
    return {(name, n): 8 * rows * done[name][0] / median(each[1:]) for (name, n), each in times.items()}
