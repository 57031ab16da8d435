"""A fingerprint of the package's own source, for run identities and the cache of compiled kernels."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def configs_folder() -> Path:
    """The folder of the shipped YAML files: inside a wheel, or beside the package in a clone."""
    inside = PACKAGE / "_configs"
    return inside if inside.is_dir() else PACKAGE.parent / "configs"


@cache
def source_hash() -> str:
    """16 hex digits that change whenever a Python file of the package or a shipped config changes."""
    digest = hashlib.blake2b(digest_size=8)
    for root, pattern in ((PACKAGE, "*.py"), (configs_folder(), "*.yaml")):
        for path in sorted(root.rglob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
