"""Bring the catalogues up to date: ``python -m govsim.language.update``.

Texts are those of ``_()`` and ``_n()`` in the source and in templates, and those that are declared. What is new comes
with an empty translation, what nobody says any more goes, and the order is that of the source.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from govsim.language import LANGUAGES
from govsim.language.declared import declared
from govsim.source import PACKAGE

__all__ = ["file_of", "read", "said", "updated"]

SOURCES = [("**.py", "govsim.language.update:said"), ("**.jinja", "jinja2.ext:babel_extract")]
HEAD = """\
# What govsim says, in the language {code}. Made by: python -m govsim.language.update
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
KEYWORDS: dict[str, Any] = {"_": None, "_n": (1, 2)}


def file_of(code: str) -> Path:
    """The catalogue of a language."""
    return Path(__file__).parent / f"{code}.po"


def read(code: str) -> Catalog:
    """The catalogue of a language as it is."""
    with file_of(code).open("rb") as source:
        return read_po(source, locale=code)


def updated(code: str) -> bytes:
    """The catalogue of a language as it should be, with the translations that it has."""
    old, new = read(code), Catalog(locale=code)
    for text, where in _texts():
        known = old.get(text if isinstance(text, str) else text[0])
        new.add(text, _form(known.string if known else "", counts=not isinstance(text, str)), locations=[(where, 0)])
    target = io.BytesIO()
    write_po(target, new, width=118, include_lineno=False, omit_header=True)
    return HEAD.format(code=code, plurals=old.plural_forms).encode() + target.getvalue()


def _form(words: Any, counts: bool) -> str | tuple[str, ...]:
    """The words of a text in the form it has now: one that came to count keeps what it was, and the other way round."""
    forms = (words,) if isinstance(words, str) else tuple(words)
    return forms if counts else forms[-1]


def said(
    source: BinaryIO, keywords: Container[str], _comments: Any, options: Any
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """What Python source says in calls of these names, for Babel; a text that is looked up by a variable is no text."""
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
            if texts and texts[0] is not None:
                yield node.lineno, node.func.id, tuple(texts), []


def _texts() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Each text, or pair of texts that count, with each file that says it."""
    found = extract_from_dir(PACKAGE, SOURCES, keywords=KEYWORDS)
    for where, _line, text, _comments, _context in sorted(found, key=lambda said: said[:2]):
        yield text, where
    for text, places in declared().items():
        for where in places:
            yield text, where


if __name__ == "__main__":
    for language in LANGUAGES:
        if file_of(language).is_file():
            file_of(language).write_bytes(updated(language))
            lacking = sum(not message.string for message in read(language) if message.id)
            print(f"{file_of(language).name}: {len(read(language)):,} texts, {lacking:,} without a translation")
