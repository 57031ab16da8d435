"""Draws the pictures of the gallery by running its own code, block by block, as it stands on the page."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from PIL import Image

from govsim.source import source_hash

__all__ = ["PICTURE", "draw", "steps"]

PICTURE = re.compile(r"_pictures/([\w-]+)\.png")
_WIDEST = 1_400
"""Pixels of a picture's longer side at most: a page with all of them stays small."""
_STAMP = "made_from"


def steps(page: Path) -> Iterator[tuple[str, str]]:
    """Blocks of Python in the order of the page, each with the name of the picture that follows it, or ""."""
    waiting = ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info == "python":
            if waiting:
                yield waiting, ""
            waiting = token.content
        elif token.type == "inline" and waiting and (found := PICTURE.search(token.content)):
            yield waiting, found[1]
            waiting = ""


def draw(page: Path, folder: Path) -> None:
    """Draw every picture of a page into a folder, unless all were drawn from the same page, studies and source.

    Raises:
        TypeError: a block before a picture does not end in a figure.
    """
    page, folder = page.resolve(), folder.resolve()
    root = page.parents[1]
    stamp = _made_from(page, root)
    if (folder / _STAMP).is_file() and (folder / _STAMP).read_text() == stamp:
        return
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    names: dict[str, Any] = {"__name__": "gallery"}
    for code, picture in steps(page):
        with chdir(root):
            value = _value(code, names)
        if picture:
            if not hasattr(value, "savefig"):
                raise TypeError(f"{page.name}: the code before {picture}.png ends in {value!r}, not in a figure")
            value.savefig(folder / f"{picture}.png", dpi=100, bbox_inches="tight", metadata={"Software": None})
            _shrink(folder / f"{picture}.png")
    (folder / _STAMP).write_text(stamp)


def _value(code: str, names: dict[str, Any]) -> Any:
    """Run a block and return the value of its last line, as a notebook shows it; None where it has none."""
    body = ast.parse(code).body
    shown = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "gallery", "exec"), names)
    return eval(compile(ast.Expression(shown.value), "gallery", "eval"), names) if isinstance(shown, ast.Expr) else None


def _shrink(file: Path) -> None:
    with Image.open(file) as image:
        small = image.convert("RGB")
    small.thumbnail((_WIDEST, _WIDEST))
    small.save(file, optimize=True)


def _made_from(page: Path, root: Path) -> str:
    """A digest of all that pictures hang on."""
    digest = hashlib.blake2b(source_hash().encode(), digest_size=16)
    for path in (page, *sorted(root.glob("results/reference/studies/**/*.*"))):
        digest.update(os.fsencode(path.relative_to(root)) + path.read_bytes())
    return digest.hexdigest()
