"""Text in columns: a Chinese sign takes two cells of a terminal, and a line may break before and after it."""

from __future__ import annotations

import re
from textwrap import TextWrapper
from typing import Any

from rich.cells import cell_len

__all__ = ["ljust", "rjust", "width", "wrapped"]

_OPENING, _CLOSING = "（《〈「『【〔“‘", "）》〉」』】〕”’，。、；：？！％…"
_WIDE = "\u2e80-\uffef"
_LATIN = rf"[^\s{_WIDE}{_OPENING}{_CLOSING}]"
_PARTS = re.compile(rf"\s+|[{_OPENING}]*(?:{_LATIN}+|[{_WIDE}])?(?:[=+]{_LATIN}*)?[{_CLOSING}]*")
"""A blank, a Latin word or a sign, with the marks that no line may begin or end with."""


def width(text: str) -> int:
    """Cells that a text takes."""
    return cell_len(text)


def ljust(text: str, cells: int) -> str:
    """The text with blanks behind it up to so many cells."""
    return text + " " * (cells - width(text))


def rjust(text: str, cells: int) -> str:
    """The text with blanks before it up to so many cells."""
    return " " * (cells - width(text)) + text


def wrapped(text: str, cells: int, **how: Any) -> list[str]:
    """The text in lines of at most so many cells; ``how`` as of :class:`textwrap.TextWrapper`."""
    return _Wrapper(cells, **how).wrap(text)


class _Chunk(str):
    """A part of a text that is as long as it is wide."""

    def __len__(self) -> int:
        return width(str(self))


class _Wrapper(TextWrapper):
    """Breaks Chinese text too; Latin text as :mod:`textwrap` does."""

    def _split(self, text: str) -> list[str]:
        if not re.search(f"[{_WIDE}]", text):
            return super()._split(text)  # pyright: ignore[reportAttributeAccessIssue]
        return [_Chunk(part) for part in _PARTS.findall(text) if part]
