"""Files that are there whole or not at all, also after a kill and with other processes at work beside."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["whole", "write_whole"]


def write_whole(path: Path, *parts: bytes) -> None:
    """Write a file beside its place and move it there in one step; nothing is left behind if that fails."""
    with whole(path) as file:
        for part in parts:
            file.write(part)


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write, beside its place until it is done; then it is moved there in one step."""
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
