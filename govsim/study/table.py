"""The table of a run: outcomes of both worlds and their difference, for a terminal and for a notebook."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from govsim.calendar import EPOCH
from govsim.language import DATES, _, date_in_words, names_in_words
from govsim.language.cells import ljust, rjust, width
from govsim.measures.outcomes import COST, GROUPS, OUTCOMES, REACH

if TYPE_CHECKING:
    from govsim.study.run import Run

__all__ = ["caption", "html", "notes", "text"]

RIVAL = "more_of_the_same"
"""The bundle that spends as much as the reform on what there was before."""

_NOTHING = "–"
_ARRANGEMENTS = (REACH, COST)
"""Groups of which a table shows only what there is in some world."""


class _Row(NamedTuple):
    label: str
    unit: str
    values: tuple[str, ...]


def text(run: Run) -> str:
    """Plain text: title, a block for each group of outcomes, notes."""
    blocks = {group: _rows(run, group) for group in GROUPS}
    columns = _columns(run)
    rows = [row for block in blocks.values() for row in block]
    head = _Row(_("outcome"), _("unit"), columns)
    label_width = max(width(row.label) for row in (head, *rows))
    unit_width = max(width(row.unit) for row in (head, *rows))
    widths = [max(width(row.values[i]) for row in (head, *rows)) for i in range(len(columns))]

    def line(label: str, unit: str, values: tuple[str, ...]) -> str:
        cells = (rjust(value, most) for value, most in zip(values, widths, strict=True))
        return f"  {ljust(label, label_width)}  {ljust(unit, unit_width)}  {'  '.join(cells)}".rstrip()

    lines = [*caption(run), "", line(*head)]
    for group, block in blocks.items():
        lines += ["", _(GROUPS[group]), *(line(*row) for row in block)]
    return "\n".join([*lines, "", *notes(run)])


def html(run: Run) -> str:
    """The same as an HTML table."""
    columns = _columns(run)
    head = "".join(f"<th>{c}</th>" for c in (_("outcome"), _("unit"), *columns))
    body = ""
    for group, title in GROUPS.items():
        body += f'<tr><th colspan="{2 + len(columns)}" style="text-align:left">{escape(_(title))}</th></tr>'
        for row in _rows(run, group):
            cells = "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row[:2])
            body += f"<tr>{cells}{''.join(f'<td>{value}</td>' for value in row.values)}</tr>"
    about = "<br>".join(map(escape, caption(run)))
    below = "".join(f"<p>{escape(note)}</p>" for note in notes(run))
    return f"<p>{about}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def caption(run: Run) -> list[str]:
    """What was run, in two lines."""
    settings, choices = run.settings, run.manifest["choices"]
    policy, baseline, place, theory = (
        names_in_words(choices[name]) for name in ("policy", "baseline", "place", "behaviour")
    )
    where = _(
        "{place} of {residents:,} residents, {weeks} weeks from {date}, seed {seed}",
        place=place,
        residents=settings["place"]["residents"],
        weeks=settings["weeks"],
        date=date_in_words(EPOCH, DATES[1]),
        seed=settings["seed"],
    )
    return [
        _("{policy} (policy)", policy=policy)
        if settings["baseline"] is None
        else _("{policy} (policy) against {baseline} (baseline)", policy=policy, baseline=baseline),
        where if choices["behaviour"] == "performance" else where + _(", behaviour {theory}", theory=theory),
    ]


def notes(run: Run) -> list[str]:
    """What a reader must bear in mind: unequal spending, and what one run can show."""
    lines = []
    difference = run.summary["difference"]
    apart = difference and difference["cost_per_resident"]
    if apart:
        costs = [(run.summary[world] or {})["cost_per_resident"] or 0.0 for world in ("policy", "baseline")]
        unequal = _(
            "The worlds do not spend the same: the policy {policy:,.2f}, the baseline {baseline:,.2f} yuan per "
            "resident and year.",
            policy=costs[0],
            baseline=costs[1],
        )
        lines.append(_("{sentence} {next}", sentence=unequal, next=_rival(run.manifest["choices"]["baseline"])))
    lines.append(_("What neither world has or pays for is left out here; summary.json has it all."))
    lines.append(_("For exploration, not prediction: one seed is one draw of luck. Compare over seeds."))
    return lines


def _rival(baseline: str) -> str:
    if RIVAL in baseline:
        rival = names_in_words(RIVAL)
        return _("The baseline is {rival} already; match its doses to compare at equal spending.", rival=rival)
    return _("The fair rival spends as much on what there was: {setting}.", setting=f"baseline={RIVAL}")


def _columns(run: Run) -> tuple[str, ...]:
    """Columns in words: the worlds, and their difference where there are two."""
    return tuple(_(column) for column in _values(run))


def _values(run: Run) -> tuple[str, ...]:
    return (*run.worlds, "difference") if len(run.worlds) > 1 else run.worlds


def _rows(run: Run, group: str) -> list[_Row]:
    names = [name for name, outcome in OUTCOMES.items() if outcome.group == group]
    if group in _ARRANGEMENTS:
        names = [n for n in names if any((run.summary[world] or {}).get(n) for world in run.worlds)]
    return [
        _Row(
            _indented(OUTCOMES[name].label),
            _("share" if OUTCOMES[name].unit == "1" else OUTCOMES[name].unit),
            _cells([(run.summary[column] or {}).get(name) for column in _values(run)]),
        )
        for name in names
    ]


def _indented(label: str) -> str:
    """A label in words, behind the blanks that make it part of the one above."""
    return label[: len(label) - len(label.lstrip())] + _(label.strip())


def _cells(values: list[float | None]) -> tuple[str, ...]:
    """Two worlds and a signed difference, to as many decimals as the larger world deserves."""
    worlds, differences = values[:2], values[2:]
    size = max((abs(v) for v in worlds if v is not None), default=0.0)
    decimals = next(d for least, d in ((1_000.0, 0), (10.0, 1), (1.0, 2), (0.0, 3)) if size >= least)
    shown = [_NOTHING if v is None else f"{v:,.{decimals}f}" for v in worlds]
    return (*shown, *(_signed(v, decimals) for v in differences))


def _signed(value: float | None, decimals: int) -> str:
    if value is None:
        return _NOTHING
    if value == 0.0:
        return "0"
    if abs(value) < 0.5 * 10**-decimals:  # too small for the column, and yet not nothing
        decimals = -math.floor(math.log10(abs(value)))
    return f"{value:+,.{decimals}f}"
