"""Memory: what a run will hold at its fullest, worked out before it starts.

Rule. A run is fullest when the outcomes of its first world are worked out. It then holds the tables of one city (rows
by the size of the place, bytes by what their columns declare), a copy of what a week can change where another world
is still to start from it, every case so far, and what outcomes are made of. The number of cases follows from the rates
of kinds, as if each case were cured and came back as often as its kind does.
Leaves out: compiling the kernels in the first run after an installation (about 250 MB more, and early); shocks to
demand; how a policy changes the number of cases.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from govsim.cases import STEPS_A_WEEK, Archive, Cases, HandOffs
from govsim.columns import Table
from govsim.config.check import ConfigError
from govsim.config.place import counts
from govsim.config.schema import Config
from govsim.measures.record import CASE_COLUMNS, END_COLUMNS
from govsim.places import Buildings, Communities, Grids, Households, Settlements
from govsim.residents import Members, Residents

__all__ = ["bytes_a_row", "check", "free", "needed", "rows_of", "size"]

_BASE = 380e6
"""Bytes of Python, libraries and compiled kernels (measured)."""

_WEEKS_OPEN = 10.0
"""Weeks for which a case stays in the table, with the room in which it grows (measured: 8.5 to 10)."""

_HANDOFFS = 4.5
"""Hand-offs of a case (measured)."""

_GROWING = 2.25
"""Bytes of a table that doubles when it is full, for each in use: 1.5 to 3, with both copies while it does."""

_NUMBER = 8
"""Bytes of a number that something is worked out with."""


def needed(config: Config) -> float:
    """Bytes that a run holds at its fullest."""
    worlds = 1 if config.baseline is None else 2
    cases = _cases_a_week(config) * (config.warmup + config.weeks)
    rows = rows_of(config)

    tables = sum(n * bytes_a_row(table) for table, n in rows.items())
    copies = (worlds - 1) * sum(n * _bytes(table, table.moving()) for table, n in rows.items())
    archive = cases * _bytes(Cases, Archive.COLUMNS)
    noted, room = cases * _HANDOFFS * config.keeps_handoffs, rows[Cases] * STEPS_A_WEEK * config.keeps_handoffs
    handoffs = (_GROWING * noted + room) * bytes_a_row(HandOffs)
    copies += (worlds - 1) * noted * config.warmup / (config.warmup + config.weeks) * bytes_a_row(HandOffs)
    # outcomes are made of these columns of all cases, and of two numbers a case
    outcomes = cases * (_bytes(Cases, ("kind", "settlement", *END_COLUMNS)) + 2 * _NUMBER)
    # a table of cases is sorted (twice its size), and those of all worlds become one
    written = worlds * 2 * cases * _bytes(Cases, ("id", *CASE_COLUMNS)) if config.record.cases else 0.0
    return _BASE + tables + copies + archive + handoffs + max(outcomes, written)


def check(config: Config) -> float:
    """What a run will need, if the machine has it.

    Raises:
        ConfigError: it has not.
    """
    need, room = needed(config), free()
    if room is None or need <= room:
        return need
    less = {"baseline=none": replace(config, baseline=None)}
    less |= {"record.cases=false": replace(config, record=replace(config.record, cases=False))}
    less |= {"record.handoffs=off": replace(config, record=replace(config.record, handoffs="off"))}
    fits = [key for key, other in less.items() if needed(other) <= room]
    raise ConfigError(
        f"place.residents={config.place.residents:,}: needs about {size(need)} of memory, and {size(room)} are free; "
        f"{' or '.join(fits) + ' would fit, or' if fits else 'take'} fewer residents or weeks"
    )


def size(amount: float) -> str:
    """Bytes as people write them: 640 MB, 3.9 GB, 21 GB."""
    amount = float(f"{amount:.2g}")
    if amount < 1e9:
        return f"{amount / 1e6:.0f} MB"
    return f"{amount / 1e9:.{0 if amount >= 1e10 else 1}f} GB"


def rows_of(config: Config) -> dict[type[Table], float]:
    """How many rows each table that grows with a place will have, about."""
    place = config.place
    tiers = counts(place)
    households = place.residents / place.household_size
    in_compounds = households * place.compound_share
    return {
        Residents: place.residents,
        Members: place.residents * (1.0 - place.child_share) * place.member_share,
        Households: households,
        Buildings: in_compounds / place.households_per_building
        + (households - in_compounds) / place.households_per_house,
        Settlements: tiers.compounds + tiers.communities,
        Communities: tiers.communities,
        Grids: tiers.grids,
        Cases: _cases_a_week(config) * _WEEKS_OPEN,
    }


def _cases_a_week(config: Config) -> float:
    rates = sum(kind.rate * (1.0 + kind.recurrence) for kind in config.kinds.values())
    return config.behaviour.rate_scale * rates * config.place.residents / 1_000.0


def bytes_a_row(table: type[Table]) -> int:
    """Bytes of one row as it is held."""
    return _bytes(table, table.declared) if table.by_column else table.blank.nbytes


def _bytes(table: type[Table], columns) -> int:
    """Bytes of some columns of one row."""
    specs = (table.declared[name] for name in columns)
    return sum(np.dtype(spec.dtype).itemsize * spec.width for spec in specs)


# --- the machine


def free(root: Path = Path("/")) -> float | None:
    """Bytes that this process may still take: what the system has, or less where its control group has less.

    None where the system does not say.
    """
    return min((*_system(root), *_control_groups(root)), default=None)


def _system(root: Path) -> Iterator[float]:
    try:
        lines = (root / "proc/meminfo").read_text().splitlines()
        yield 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", ()):  # of all memory: too much, but better than nothing
            yield float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


_FILES = {
    "": ("memory.max", "memory.current", "inactive_file"),
    "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}
"""Of the second and the first version of control groups: limit, usage, and what of it gives way (in memory.stat)."""


def _control_groups(root: Path) -> Iterator[float]:
    """What is left under the limit of the group of this process, and of each above it."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, way = line.split(":", 2)
        version = "memory" if "memory" in controllers.split(",") else controllers
        if version not in _FILES:
            continue
        top = root / "sys/fs/cgroup" / version
        limit, usage, yields = _FILES[version]
        group = top / way.lstrip("/")
        for folder in (group, *group.parents[: len(group.relative_to(top).parts)]):
            try:
                stat = dict(entry.split() for entry in (folder / "memory.stat").read_text().splitlines())
                taken = int((folder / usage).read_text()) - int(stat.get(yields, 0))
                yield float(int((folder / limit).read_text()) - taken)
            except (OSError, ValueError):  # not mounted here, or "max"
                continue
