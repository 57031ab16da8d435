"""What people live through: when problems end, who is left behind, and what a shock does."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from govsim.compare import figures
from govsim.compare import incidence as incidence_tables
from govsim.compare import inequality as tier_tables
from govsim.compare import resilience as shock_tables
from govsim.compare.figures.curves import CURVES
from govsim.compare.figures.style import only
from govsim.compare.pairs import with_draws
from govsim.compare.sections.base import Material, Picture, Section, estimate, forests, rows, split, under
from govsim.compare.words import label, level, listed, named, number

__all__ = ["incidence", "inequality", "resilience"]

SHOCK = "shock"
"""The factor whose options are shocks."""


def incidence(material: Material) -> Section | None:
    """When are problems cured, closed on paper, gone by themselves?"""
    frame = material.study.incidence
    if frame.empty:
        return None
    frame = with_draws(frame, material.study.designs)
    bands, table = incidence_tables.bands(frame), incidence_tables.contrasts(frame, material.label)
    section = Section(
        "When are problems truly cured, closed on paper, gone by themselves?",
        "Shares of all problems raised, found or not, by working days since they arose. The three ends compete; bands "
        "are for each day, not for a curve as a whole.",
        tables={"incidence_contrasts": table, "incidence": bands},
    )
    last = max(table["day"])
    for curve, words in CURVES.items():
        some = only(table, curve=curve, day=last)
        section.findings.append(_ends(material, some, f"{words} by day {last}"))
    for name, words, some in _groups(bands):
        few = only_few(material, some)
        section.pictures[f"incidence{name}"] = Picture(
            f"How problems end{words}",
            lambda few=few: figures.incidence_panels(few, material.few),
            few,
            _left(material),
        )
    return section


def _ends(material: Material, table: pd.DataFrame, what: str) -> str:
    """The baseline's share, and the policies that move it most either way."""
    shown, silent = split(table.sort_values(by="difference", kind="stable"))
    base = [f"{number(some['baseline_mean'].iloc[0], 3)}{under(rows(some)[0], table)}" for _, some in _by_theory(table)]
    ends = rows(shown.iloc[[0, -1]] if len(shown) > 1 else shown)
    said = [f"{estimate(row, 'difference')} ({named(row)}{under(row, table)})" for row in ends]
    parts = [" to ".join(said)] if said else []
    told = "; ".join([*parts, silent] if silent else parts)
    return f"{what}: {material.label} {listed(base)}; {'differences ' if said else ''}{told}."


def inequality(material: Material) -> Section | None:
    """Who is left behind, by tier?"""
    table = tier_tables.tiers(material.runs, material.baseline)
    left = tier_tables.left_out(material.runs)
    if table.empty:
        return None
    section = Section(
        "Is unmet need more or less equal between communities, streets and districts?",
        "Theil's T is beyond what luck alone would show; the Gini is not corrected for luck.",
        tables={"inequality": table, **({"inequality_left_out": left} if len(left) else {})},
    )
    for outcome in dict.fromkeys(table["outcome"]):
        some = only(table, outcome=outcome)
        section.findings.append(f"{label(outcome)} ({some['measure'].iloc[0]}): {_moved(some)}.")
    section.pictures = forests(table, material.label, "inequality")
    section.findings += [f"{label(row['outcome'])}: {row['note']}." for row in rows(left)]
    return section


def resilience(material: Material) -> Section | None:
    """How much harm does a shock do, and for how long?"""
    study = material.study
    if SHOCK not in study.factors:
        return None
    residents = next(iter(study.manifest["bases"].values()))["place"]["residents"]
    args = (with_draws(study.series, study.designs), material.runs, study.factors, residents)
    excess, recovery = shock_tables.excess(*args), shock_tables.recovery(*args)
    if excess.empty:
        return None
    table = shock_tables.contrasts(*args, material.baseline)
    section = Section(
        "How much harm does a shock do, and for how long?",
        "Each run with the shock is paired with the same run without it; what it has more is the shock's doing. "
        "Recovered: under a tenth of the peak for four weeks in a row.",
        tables={"shock_contrasts": table, "shock_recovery": recovery, "shock_excess": excess},
    )
    for shock in dict.fromkeys(table["shock"]):
        base = only(recovery, shock=shock, policy=material.label, measure="total_excess")
        said = listed(f"{estimate(row, 'mean', signed=False)}{under(row, base)}" for row in rows(base))
        changed = _moved(only(table, shock=shock, measure="total_excess"))
        section.findings += [
            f"{shock} adds {said} case-days per 1,000 residents in all under {material.label}.",
            f"Difference that policies make to the harm of {shock}: {changed}.",
        ]
    for name, words, some in _groups(excess):
        few = only_few(material, some)
        section.pictures[f"shock{name}"] = Picture(
            f"What a shock adds to unmet need{words}",
            lambda few=few: figures.resilience_panels(few, material.few),
            few,
            _left(material),
        )
    return section


def _moved(table: pd.DataFrame) -> str:
    """The differences that are shown, from the lowest, and how many are not."""
    shown, silent = split(table.sort_values(by="difference", kind="stable"))
    said = [f"{named(row)} {estimate(row, 'difference')}{under(row, table)}" for row in rows(shown)]
    return "; ".join(part for part in (listed(said, 4), silent) if part)


def only_few(material: Material, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the policies that a figure of curves can hold."""
    return table.loc[table["policy"].isin(list(material.few))]


def _left(material: Material) -> str:
    left = len(set(material.runs["policy"])) - len(material.few)
    return f"Policies between these that are left out here: {left}; all are in the table." if left else ""


def _by_theory(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for theory in dict.fromkeys(table["theory"]):
        yield theory, only(table, theory=theory)


def _groups(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Theories and budgets with what a file's name and a title need; the baseline, which has no budget, is in all."""
    several = len(set(table["theory"])) > 1
    budgets = list(dict.fromkeys(table["budget"].dropna()))
    for theory, some in _by_theory(table):
        for budget in budgets or [None]:
            part = some if budget is None else some.loc[some["budget"].isna() | (some["budget"] == budget)]
            names = [*([theory] if several else []), *([] if budget is None else [f"{level(budget)} yuan"])]
            suffix = "".join("_" + name.removesuffix(" yuan").replace(",", "") for name in names)
            yield suffix, f" ({', '.join(names)})" if names else "", part
