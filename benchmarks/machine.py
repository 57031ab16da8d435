"""The machine on which something was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

__all__ = ["commit", "described", "last_cache"]

_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def described() -> dict[str, str]:
    """What a reader must know to compare: processor, cores, memory, caches, versions and commit."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        "caches of a core": ", ".join(f"{name} {size // 1024} KiB" for name, size in _caches().items()) or "unknown",
        "system": platform.platform(),
        "Python": platform.python_version(),
        **{package: version(package) for package in ("numba", "numpy", "mesa")},
        "commit": commit(),
    }


def commit() -> str:
    """The commit of this clone, and whether anything has been changed since."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", ":/govsim", ":/configs", ":/benchmarks/*.py")
    return git("rev-parse", "--short=12", "HEAD") + (" and changes" if changed else "")


def last_cache() -> int:
    """Bytes of the largest cache; 32 MiB where the system does not say."""
    return max(_caches().values(), default=32 * 2**20)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    family = f"family {fields['cpu family']} model {fields['model']}" if "cpu family" in fields else ""
    return f"{fields.get('model name', platform.processor())} {family}".strip()


def _caches() -> dict[str, int]:
    """Bytes of each cache that the first core sees, by name."""
    units = {"K": 2**10, "M": 2**20, "G": 2**30}
    found = {}
    for folder in sorted(_CACHES.glob("index*")):
        level, kind, size = ((folder / name).read_text().strip() for name in ("level", "type", "size"))
        found[f"L{level} {kind.lower()}"] = int(size[:-1]) * units[size[-1]]
    return found
