"""A comparison as plain text for a terminal, in some sixty lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from govsim.compare.effects import NO_DIFFERENCE
from govsim.compare.figures.style import group_names, only
from govsim.compare.sections import Material, Section
from govsim.compare.words import PERCENT, interval, label, listed

__all__ = ["plain_text"]

WIDTH, LONGEST, MOST_LINES = 118, 59, 60
SIZES = ((24, 9), (16, 2), (12, 1), (8, 1))
"""Lines for policies, and blocks of outcomes, from which the first is taken that leaves room for all sections."""
NOT_SHOWN = "○"
_HEAD = ("compared", "theories", "scenarios", "budgets", "seeds", "runs", "place")

Column = Mapping[str, str]


def plain_text(
    facts: Mapping[str, str], material: Material, sections: Mapping[str, Section], notes: Sequence[str]
) -> str:
    """What was compared, effects, what each section found, notes: a finding of each, then as many as fit."""
    head = [f"Study {facts['study']}" + (f", experiment {facts['experiment']}" if "experiment" in facts else "")]
    head += wrap(facts.get("question", ""), WIDTH)
    head += wrap("; ".join(f"{name}: {facts[name]}" for name in _HEAD if name in facts), WIDTH)
    foot = ["", *(line for note in notes for line in wrap(note, WIDTH))]
    others = {name: section for name, section in sections.items() if name != "effects" and section.findings}
    shown = dict.fromkeys(others, 1)

    def lines(size: tuple[int, int]) -> list[str]:
        found = (line for name, section in others.items() for line in _found(section, shown[name]))
        effects = _effects(material, size, sections["effects"].findings[0])
        return [*head, "", *effects, *found, *foot]

    size = next((size for size in SIZES if len(lines(size)) <= MOST_LINES), SIZES[-1])
    for name, section in others.items():
        while shown[name] < len(section.findings):
            shown[name] += 1
            if len(lines(size)) > MOST_LINES:
                shown[name] -= 1
                break
    return "\n".join(lines(size))


def _found(section: Section, most: int) -> Iterator[str]:
    """A section's title and its first findings, each in three lines at most."""
    yield ""
    yield section.title
    for finding in section.findings[:most]:
        yield from wrap(
            finding, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False,
            break_on_hyphens=False, max_lines=3, placeholder=" … (see the report)",
        )  # fmt: skip
    if len(section.findings) > most:
        yield f"  … {len(section.findings) - most} more in the report"


def _effects(material: Material, size: tuple[int, int], tally: str) -> Iterator[str]:
    """Policies from the best to the worst, a column an outcome, in blocks that fit the width."""
    most, most_blocks = size
    table = material.effects
    names = table["policy"] + [f", {name}" if name else "" for name in group_names(table)]
    table = table.assign(name=names)
    outcomes = list(dict.fromkeys(table["outcome"]))
    silent = [o for o in outcomes if o != material.chief and set(only(table, outcome=o)["verdict"]) == {NO_DIFFERENCE}]
    columns = {label(o): _cells(only(table, outcome=o).to_dict("records")) for o in outcomes if o not in silent}
    order = list(material.best_first(only(table, outcome=material.chief))["name"])
    blocks = list(_blocks(columns, max(len(_short(name)) for name in order)))
    dropped = [heading for block in blocks[most_blocks:] for heading in block]
    blocks = blocks[:most_blocks]
    room = max(4, most // len(blocks))
    left = len(order) - room
    ends = [order] if left <= 0 else [order[: room - room // 2], order[-(room // 2) :]]
    yield f"Difference from {material.label} [{PERCENT} interval]; {NOT_SHOWN} no difference shown (Holm)"
    for block in blocks:
        yield from _block(block, ends, left)
    if left > 0:
        yield from wrap(tally, WIDTH, initial_indent="  ", subsequent_indent="    ")
    if dropped:
        yield from wrap(f"In the report: {listed(dropped, len(dropped))}.", WIDTH, initial_indent="  ")
    if silent:
        said = f"No difference shown under any policy: {listed(map(label, silent), len(silent))}."
        yield from wrap(said, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _cells(rows: list[dict]) -> Column:
    """A text for each policy."""
    cells = {}
    for row in rows:
        mark = NOT_SHOWN if row["verdict"] == NO_DIFFERENCE else " "
        text = "exactly 0" if row["identical"] else interval(row["difference"], row["low"], row["high"])
        cells[row["name"]] = f"{text} {mark}"
    return cells


def _blocks(columns: Mapping[str, Column], first: int) -> Iterator[dict[str, Column]]:
    """Columns that fit beside each other."""
    block: dict[str, Column] = {}
    for heading, cells in columns.items():
        if block and first + 2 + sum(_width(*c) + 2 for c in (*block.items(), (heading, cells))) > WIDTH:
            yield block
            block = {}
        block[heading] = cells
    yield block


def _short(name: str) -> str:
    """The name, without its middle if it would take half the line."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 24]}…{name[-23:]}"


def _width(heading: str, cells: Column) -> int:
    return max(len(heading), *map(len, cells.values()))


def _block(block: Mapping[str, Column], ends: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    """Headings, and a line for each policy; how many are left out between both ends."""
    first = max(len(_short(name)) for names in ends for name in names)

    def line(name: str, texts: Sequence[str]) -> str:
        cells = (text.rjust(_width(*column)) for text, column in zip(texts, block.items(), strict=True))
        return f"  {_short(name):<{first}}  {'  '.join(cells)}".rstrip()

    yield line("", list(block))
    for i, names in enumerate(ends):
        if i:
            yield f"  … {left} between these, in the report"
        for name in names:
            yield line(name, [cells.get(name, "–") for cells in block.values()])
