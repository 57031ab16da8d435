"""A comparison as plain text for a terminal, in some sixty lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from govsim.compare.effects import NO_DIFFERENCE
from govsim.compare.figures.style import group_names, only
from govsim.compare.sections import Material, Section
from govsim.compare.words import PERCENT, clauses, interval, label, listed
from govsim.language import _, names_in_words
from govsim.language.cells import ljust, rjust, width, wrapped

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
    head = [_("Study {study}", study=facts["study"])]
    head[0] += _(", experiment {experiment}", experiment=facts["experiment"]) if "experiment" in facts else ""
    head += wrapped(facts.get("question", ""), WIDTH)
    told = (_("{name}: {value}", name=_(name), value=facts[name]) for name in _HEAD if name in facts)
    head += wrapped(clauses(told), WIDTH)
    foot = ["", *(line for note in notes for line in wrapped(note, WIDTH))]
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
        yield from wrapped(
            finding, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False,
            break_on_hyphens=False, max_lines=3, placeholder=_(" … (see the report)"),
        )  # fmt: skip
    if len(section.findings) > most:
        yield _("  … {n} more in the report", n=len(section.findings) - most)


def _effects(material: Material, size: tuple[int, int], tally: str) -> Iterator[str]:
    """Policies from the best to the worst, a column an outcome, in blocks that fit the width."""
    most, most_blocks = size
    table = material.effects
    names = table["policy"].map(names_in_words) + [_(", ") + name if name else "" for name in group_names(table)]
    table = table.assign(name=names)
    outcomes = list(dict.fromkeys(table["outcome"]))
    silent = [o for o in outcomes if o != material.chief and set(only(table, outcome=o)["verdict"]) == {NO_DIFFERENCE}]
    columns = {label(o): _cells(only(table, outcome=o).to_dict("records")) for o in outcomes if o not in silent}
    order = list(material.best_first(only(table, outcome=material.chief))["name"])
    blocks = list(_blocks(columns, max(width(_short(name)) for name in order)))
    dropped = [heading for block in blocks[most_blocks:] for heading in block]
    blocks = blocks[:most_blocks]
    room = max(4, most // len(blocks))
    left = len(order) - room
    ends = [order] if left <= 0 else [order[: room - room // 2], order[-(room // 2) :]]
    facts = {"baseline": material.against, "percent": PERCENT, "mark": NOT_SHOWN}
    yield _("Difference from {baseline} [{percent} interval]; {mark} no difference shown (Holm)", **facts)
    for block in blocks:
        yield from _block(block, ends, left)
    if left > 0:
        yield from wrapped(tally, WIDTH, initial_indent="  ", subsequent_indent="    ")
    if dropped:
        yield from wrapped(
            _("In the report: {outcomes}.", outcomes=listed(dropped, len(dropped))), WIDTH, initial_indent="  "
        )
    if silent:
        said = _("No difference shown under any policy: {outcomes}.", outcomes=listed(map(label, silent), len(silent)))
        yield from wrapped(said, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _cells(rows: list[dict]) -> Column:
    """A text for each policy."""
    cells = {}
    for row in rows:
        mark = NOT_SHOWN if row["verdict"] == NO_DIFFERENCE else " "
        text = _("exactly 0") if row["identical"] else interval(row["difference"], row["low"], row["high"])
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
    return name if width(name) <= LONGEST else f"{name[: LONGEST - 24]}…{name[-23:]}"


def _width(heading: str, cells: Column) -> int:
    return max(map(width, (heading, *cells.values())))


def _block(block: Mapping[str, Column], ends: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    """Headings, and a line for each policy; how many are left out between both ends."""
    first = max(width(_short(name)) for names in ends for name in names)

    def line(name: str, texts: Sequence[str]) -> str:
        cells = (rjust(text, _width(*column)) for text, column in zip(texts, block.items(), strict=True))
        return f"  {ljust(_short(name), first)}  {'  '.join(cells)}".rstrip()

    yield line("", list(block))
    for i, names in enumerate(ends):
        if i:
            yield _("  … {n} between these, in the report", n=left)
        for name in names:
            yield line(name, [cells.get(name, "–") for cells in block.values()])
