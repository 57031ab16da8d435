"""The languages that pages, figures and reports speak, from one catalogue.

The English text is the key. Where the code says something to a reader it says ``_("Unmet need")``, and what is put
into it comes as fields, ``_("week {week}", week=12)``, so that a translator may move them. Declarations (outcomes,
rules, parameters) stay plain English and are looked up where they are shown: ``_(outcome.label)``.

    with in_language("zh"):
        govsim.plot.unmet(run)

The catalogues are gettext's, ``xx.po`` beside this file; ``python -m govsim.language.update`` brings them up to date.
What one lacks is said in English.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from typing import Any

__all__ = ["DATES", "LANGUAGES", "_", "_n", "date_in_words", "in_language", "names_in_words", "spoken"]

LANGUAGES = {"en": "English", "zh": "中文"}
"""Languages by code, each in its own words."""

DATES = ("d MMM y", "d MMMM y")
"""How dates are written, in the patterns of Unicode; each language has its own in their place."""

_NAME = re.compile(r"(?<![\w.])[a-z]\w*(?![\w.])")
"""A name by itself; a part of a dotted key is none."""

_APART = re.compile(r"[一-鿿]\|[+−-]?\d(?!\d*年)|[\d%]\|[一-鿿]")
"""A Chinese sign and a number to either side of where they meet; a date is a word, and needs no blank."""

_SPOKEN = ContextVar("govsim.language", default="en")
_FOLDER = Path(__file__).parent


def spoken() -> str:
    """Code of the language that is spoken here."""
    return _SPOKEN.get()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak a language in a block of code, in this thread (or task) alone.

    Raises:
        ValueError: no such language.
    """
    if code not in LANGUAGES:
        raise ValueError(f"no language {code!r}: one of {', '.join(LANGUAGES)}")
    token = _SPOKEN.set(code)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def _(english: str, **fields: Any) -> str:
    """A text in the language spoken here, its fields filled in."""
    text = _catalogue(spoken()).gettext(english) if english else ""
    return _filled(text, fields) if fields else text


def _n(one: str, many: str, n: float, **fields: Any) -> str:
    """A text that counts: ``_n("{n} case", "{n} cases", 3)``."""
    return _filled(_catalogue(spoken()).ngettext(one, many, 1 if n == 1 else 2), {"n": n, **fields})


def _filled(text: str, fields: dict[str, Any]) -> str:
    """A text with its fields filled in, a blank between a Chinese sign and a number that meet at one."""
    said = ""
    for words, name, how, _conversion in Formatter().parse(text):
        for part in (words, "" if name is None else format(fields[name], how or "")):
            said += f" {part}" if _APART.match(f"{said[-1:]}|{part[:5]}") else part
    return said


def names_in_words(label: str) -> str:
    """A label made of names (of policies, levers, theories), each in the language spoken: ``fund=700000+committee``.

    A name that the catalogue lacks stays as it is; so does every name in English, and every key of a setting.
    """

    def said(name: re.Match[str]) -> str:
        words = name[0].replace("_", " ")
        found = _(words)
        return name[0] if found == words else found

    return _NAME.sub(said, label)


def date_in_words(day: date, pattern: str = DATES[0]) -> str:
    """A date as people of the language write it, after one of :data:`DATES`."""
    from babel.dates import format_date

    return format_date(day, _(pattern), locale=spoken())


@cache
def _catalogue(code: str) -> NullTranslations:
    file = _FOLDER / f"{code}.po"
    if not file.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
