"""Fingerprints of the package's own source, for run identities and for the cache of compiled kernels."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

_NO_PART_OF_A_RUN = ("target/", "calibration/", "ensemble/")


@cache
def configs_folder() -> Path:
    """The folder of the shipped YAML files: inside a wheel, or beside the package in a clone."""
    inside = PACKAGE / "_configs"
    return inside if inside.is_dir() else PACKAGE.parent / "configs"


def cache_folder() -> Path:
    """Where things are kept that can be made again: compiled kernels and warm-ups."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "govsim"


@cache
def source_hash() -> str:
    """16 hex digits that change whenever a Python file of the package or a shipped config changes.

    Targets, calibrations and the ensembles that come of them are left out: a run knows only the values it was given.
    """
    digest = hashlib.blake2b(digest_size=8)
    for root, pattern in ((PACKAGE, "*.py"), (configs_folder(), "*.yaml")):
        for path in sorted(root.rglob(pattern)):
            name = path.relative_to(root).as_posix()
            if root == PACKAGE or not name.startswith(_NO_PART_OF_A_RUN):
                digest.update(name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def kernels_hash() -> str:
    """16 hex digits that change whenever a file with kernels changes, or a module such a file imports from.

    What a kernel inlines or bakes in as a constant stands in one of these.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    chosen = {path for path, text in texts.items() if "@kernel" in text}
    for path in list(chosen):
        for module, names in re.findall(r"^from govsim([\w.]*) import (\([^)]*\)|[^\n]*)", texts[path], re.MULTILINE):
            parts = module.split(".")[1:]
            for tail in [[], *([name] for name in re.findall(r"\w+", names))]:
                chosen.add(PACKAGE.joinpath(*parts, *tail).with_suffix(".py"))
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(chosen & texts.keys()):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(texts[path].encode())
    return digest.hexdigest()
