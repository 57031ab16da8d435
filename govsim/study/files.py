"""Files that are there whole or not at all, also after a kill and with other processes at work beside."""

from __future__ import annotations

import os
import threading
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, *parts: bytes) -> None:
    """Write a file beside its place and move it there in one step; nothing is left behind if that fails."""
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
