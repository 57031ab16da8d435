"""How numbers, outcomes and tables are put for a reader: one rounding and one wording for text, tables and figures.

Tables themselves keep their English words (verdicts, shapes, names of policies), since programs read them; here they
are said in the language that is spoken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from govsim.language import _, names_in_words
from govsim.measures.outcomes import OUTCOMES
from govsim.study.intervals import LEVEL

__all__ = [
    "HEADINGS",
    "PERCENT",
    "about",
    "better",
    "clauses",
    "counted",
    "in_sentence",
    "interval",
    "label",
    "level",
    "listed",
    "minus",
    "named",
    "number",
    "p_value",
    "readable",
    "unit",
    "unit_in_words",
]

PERCENT = f"{100 * LEVEL:.0f}%"
"""Confidence of the intervals, as it is written."""

NOTHING = "–"
MINUS = "−"

SIGNED = {
    "difference", "effect", "interaction", "shapley", "slope", "change", "lead", "extra_cost", "over", "total", "mu",
    "other_effect", "other_lead", "dz", "in_baseline_sd", "relative_percent", "excess", "planned_cost_difference",
}  # fmt: skip
"""Columns that hold differences."""

SENTENCES = {"sentence", "note", "error"}
"""Columns that hold sentences; those of other columns are words or names."""

_SILENT = {
    "study",
    "theory",
    "design",
    "scale",
    "baseline",
    "of",
    "shock",
    "n",
    "replicates",
    "budget",
    "reference",
    "tier",
}
"""Columns that a table for reading leaves out where they say the same in every row; its caption says it once."""


def label(outcome: str) -> str:
    """The outcome's name for a reader."""
    return _(OUTCOMES[outcome].label.strip())


def unit(outcome: str) -> str:
    """The outcome's unit for a reader."""
    return unit_in_words(OUTCOMES[outcome].unit)


def unit_in_words(unit: str) -> str:
    """A declared unit for a reader."""
    return _({"1": "share", "0..1": "0 to 1"}.get(unit, unit))


def in_sentence(outcome: str) -> str:
    """The outcome's name inside a sentence."""
    name = label(outcome)
    return name[:1].lower() + name[1:]


def about(outcome: str) -> dict[str, str]:
    """What texts about an outcome need of it: its name in a sentence, and its unit."""
    return {"outcome": in_sentence(outcome), "unit": unit(outcome)}


def better(outcome: str, text: str) -> str:
    """A text for an axis, with an arrow to where the outcome is better."""
    arrows = {"lower": f"{_('← better')}     {text}", "higher": f"{text}     {_('better →')}"}
    return arrows.get(OUTCOMES[outcome].better, text)


def number(value: float | None, decimals: int | None = None, signed: bool = False) -> str:
    """A number to so many decimals, or to three digits; with its sign where it is a difference."""
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    if value == 0.0:
        return "0"
    if decimals is None:
        decimals = _decimals(value, digits=3)
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    if float(text.replace(",", "")) == 0.0:  # small, and yet not nothing
        small = abs(value) < 1e-9
        text = f"{value:{'+' if signed else ''}{'.1g' if small else f'.{_decimals(value, digits=1)}f'}}"
    return text.replace("-", MINUS)


def interval(estimate: float, low: float, high: float, signed: bool = True) -> str:
    """``−10.6 [−11.2, −10.1]``: to two digits of the interval's width; without an interval, to three of its own."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return number(estimate, signed=signed)
    decimals = _decimals(high - low, digits=2) if high > low else None
    mean, *bounds = (number(v, decimals, signed) for v in (estimate, low, high))
    return f"{mean} [{', '.join(bounds)}]"


def level(value: Any) -> str:
    """A dose, a budget or a level as it was set: no digits that nobody gave."""
    if isinstance(value, str):
        return names_in_words(value)
    value = float(value)
    return (f"{value:,.0f}" if value.is_integer() else f"{value:,.6g}").replace("-", MINUS)


def named(row: Mapping[Any, Any]) -> str:
    """The policy of a row, with its budget where it has one."""
    budget, policy = row.get("budget"), names_in_words(row["policy"])
    if budget is None or budget != budget:
        return policy
    return _("{policy} at {budget} yuan", policy=policy, budget=level(budget))


def p_value(p: float) -> str:
    """A p value as papers give it."""
    if math.isnan(p):
        return NOTHING
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def counted(values: Iterable[float]) -> str:
    """``30``, or ``28 to 30`` where it differs from row to row."""
    found = [int(value) for value in values] or [0]
    low, high = min(found), max(found)
    return f"{low:,}" if low == high else _("{low:,} to {high:,}", low=low, high=high)


def listed(names: Iterable[str], most: int = 6) -> str:
    """``a, b and c``, or the first of them and how many more."""
    names = list(names)
    if len(names) > most:
        names = [*names[: most - 1], _("{n} more", n=len(names) - most + 1)]
    return _(" and ").join(part for part in (_(", ").join(names[:-1]), *names[-1:]) if part)


def clauses(parts: Iterable[str]) -> str:
    """Parts of a sentence: ``a; b; c``."""
    return _("; ").join(parts)


def minus(text: str) -> str:
    """The text with a proper minus before its numbers."""
    return re.sub(r"(?<![\w.])-(?=\d)", MINUS, text)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The table as texts, with each estimate and its interval in one column, and without columns that say nothing.

    Every ``low`` and ``high`` (or ``…_low`` and ``…_high``) belongs to the column before it.
    """
    columns, shown, i = list(table.columns), {}, 0
    while i < len(columns):
        name = columns[i]
        bounds = columns[i + 1 : i + 3]
        if len(bounds) == 2 and bounds[0].endswith("low") and bounds[1].endswith("high"):
            signed = name in SIGNED
            three = table[[name, *bounds]].astype(float).itertuples(index=False)
            shown[f"{_heading(name)} [{PERCENT}]"] = [interval(*row, signed=signed) for row in three]
            i += 3
            continue
        i += 1
        values = list(table[name])
        same = name in _SILENT and len(values) > 1 and len(set(map(str, values))) == 1
        left_out = name == "study" or (name == "p" and "p_holm" in columns)
        if not left_out and not same and not all(map(_empty, values)):
            shown[_heading(name)] = [_cell(name, value) for value in values]
    return pd.DataFrame(shown, index=table.index)


def _empty(value: Any) -> bool:
    return value is None or value == "" or value != value


HEADINGS = {"p_holm": "p (Holm)", "dz": "dz", "in_baseline_sd": "in sd of baseline", "relative_percent": "%"}


def _heading(name: str) -> str:
    return _(HEADINGS.get(name, name.replace("_", " ")))


def _cell(name: str, value: Any) -> str:
    if isinstance(value, bool) or value is pd.NA or type(value).__name__ == "bool_":
        return _("yes") if value is not pd.NA and value else ""
    if name == "outcome":
        return label(value)
    if isinstance(value, str):
        words = _(value)
        return words if words != value or name in SENTENCES else names_in_words(value)
    if name in ("level", "reference", "dose", "from_dose", "to_dose", "at", "budget"):
        return NOTHING if _empty(value) else level(value)
    if name in ("p", "p_holm"):
        return p_value(value)
    if name.endswith(("share", "share_best", "probability_best")):
        return number(value, 2)
    whole = float(value).is_integer() if math.isfinite(value) else False
    return number(value, 0 if whole else None, name in SIGNED)


def _decimals(value: float, digits: int) -> int:
    """Decimals that leave so many digits of a number."""
    return min(9, max(0, digits - 1 - math.floor(math.log10(abs(value)))))
