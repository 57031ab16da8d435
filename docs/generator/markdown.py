"""Markdown from declarations: tables, and the docstrings of modules, which are nearly Markdown as they stand."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["code", "first_line", "head", "number", "prose", "table"]

_SECTION = re.compile(r"^(\w[\w ]*):\n((?: {4}.*(?:\n|$))+)", re.MULTILINE)
_ANY = re.compile(r"(?<![`\w])(\w+)\.\*")
_ROLE = re.compile(r":(?:py:)?(mod|class|func|data|meth):`~?([^`]+)`")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where there are no rows."""
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *lines]) + "\n"


def code(text: Any) -> str:
    """The text as code; nothing where there is none."""
    return f"`{text}`" if str(text) else ""


def number(value: Any) -> str:
    """A value as a reader writes it: thousands apart, and no digits that say nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.4g}"


def head(of: Any) -> str:
    """What a docstring's first line says before its colon: the name of a mechanism."""
    return first_line(of).split(":")[0]


def first_line(of: Any) -> str:
    """The first line of a docstring, without its full stop."""
    return (inspect.getdoc(of) or "").split("\n")[0].removesuffix(".")


def prose(of: Any, whole: bool = False) -> str:
    """A docstring after its first line (or all of it) as Markdown, in its own words.

    An indented block after an empty line is a literal block there as here. A section (a word and a colon, then indented
    lines) becomes a paragraph; roles of Sphinx become names.
    """
    text = inspect.getdoc(of) or ""
    if not whole:
        text = text.partition("\n")[2].strip("\n")
    text = _SECTION.sub(lambda m: f"**{m[1]}.** {inspect.cleandoc(m[2])}\n\n", text)
    text = _ROLE.sub(lambda m: f"`{m[2]}`", text)
    text = _ANY.sub(r"\1.\*", text)
    return text.strip() + "\n"
