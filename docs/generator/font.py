"""Make govsim's Chinese font: the signs of its catalogue, and the commonest of the language.

    uv run --with jieba python docs/generator/font.py NotoSansSC_400Regular.ttf NotoSansSC_700Bold.ttf

The two files are those of the npm package ``@expo-google-fonts/noto-sans-sc``, of Noto Sans SC 2.004. How common a
sign is comes from the dictionary of jieba. Common signs are there so that a new word seldom needs a new font.
"""

from __future__ import annotations

import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

from babel.messages.pofile import read_po
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from govsim.language.font import FAMILY, FILES

CATALOGUE = FILES[400].parents[1] / "zh.po"
COMMON = 1_600
"""The commonest signs, which make up 94% of written words; each takes about 300 bytes."""
PUNCTUATION = "　、。〈〉《》「」『』【】〔〕！％（），：；？～"
CJK = 0x2E80
"""Where Chinese begins in Unicode; what lies before, Latin fonts have."""

NAMES = {1: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", ""), 16: FAMILY}


def catalogue_signs() -> set[str]:
    """Every Chinese sign of the catalogue."""
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="zh")
    return {sign for message in catalogue for sign in str(message.string) if ord(sign) >= CJK}


def common_signs() -> set[str]:
    """The commonest Chinese signs, by how often words are used that hold them."""
    counts: Counter[str] = Counter()
    for line in (files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        for sign in word:
            counts[sign] += int(count) if ord(sign) >= CJK else 0
    return {sign for sign, _ in counts.most_common(COMMON)}


def shrink(source: Path, target: Path, signs: set[str]) -> None:
    """Write a font that has these signs and no more, under its own name."""
    options = Options(layout_features=[], name_IDs=[0, 2, 5, 7, 8, 9, 13, 14, *NAMES], notdef_outline=True)
    options.drop_tables += ["STAT", "BASE", "vhea", "vmtx"]
    font = TTFont(source, recalcTimestamp=False)  # the same signs make the same file
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(signs))
    subsetter.subset(font)
    for number, name in NAMES.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    font.save(target)
    print(f"{target.name}: {len(signs):,} signs, {target.stat().st_size / 1e3:,.0f} kB")


if __name__ == "__main__":
    wanted = catalogue_signs() | common_signs() | set(PUNCTUATION)
    for given, made in zip(sys.argv[1:], FILES.values(), strict=True):
        shrink(Path(given), made, wanted)
