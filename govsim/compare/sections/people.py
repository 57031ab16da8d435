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
from govsim.compare.words import clauses, label, level, listed, named, number
from govsim.language import _, names_in_words

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
        _("When are problems truly cured, closed on paper, gone by themselves?"),
        _(
            "Shares of all problems raised, found or not, by working days since they arose. The three ends compete; "
            "bands are for each day, not for a curve as a whole."
        ),
        tables={"incidence_contrasts": table, "incidence": bands},
    )
    last = max(table["day"])
    for curve, words in CURVES.items():
        some = only(table, curve=curve, day=last)
        section.findings.append(_ends(material, some, _("{end} by day {day}", end=_(words), day=last)))
    for name, words, some in _groups(bands):
        few = only_few(material, some)
        section.pictures[f"incidence{name}"] = Picture(
            _("How problems end") + words,
            lambda few=few: figures.incidence_panels(few, material.few),
            few,
            _left(material),
        )
    return section


def _ends(material: Material, table: pd.DataFrame, what: str) -> str:
    """The baseline's share, and the policies that move it most either way."""
    shown, silent = split(table.sort_values(by="difference", kind="stable"))
    base = [number(some["baseline_mean"].iloc[0], 3) + under(rows(some)[0], table) for __, some in _by_theory(table)]
    ends = rows(shown.iloc[[0, -1]] if len(shown) > 1 else shown)
    said = [f"{estimate(row, 'difference')} ({named(row)}{under(row, table)})" for row in ends]
    parts = [_("differences {span}", span=_(" to ").join(said))] if said else []
    told = clauses([*parts, silent] if silent else parts)
    return _("{what}: {baseline} {share}; {told}.", what=what, baseline=material.against, share=listed(base), told=told)


def inequality(material: Material) -> Section | None:
    """Who is left behind, by tier?"""
    table = tier_tables.tiers(material.runs, material.baseline)
    left = tier_tables.left_out(material.runs)
    if table.empty:
        return None
    section = Section(
        _("Is unmet need more or less equal between communities, streets and districts?"),
        _("Theil's T is beyond what luck alone would show; the Gini is not corrected for luck."),
        tables={"inequality": table, **({"inequality_left_out": left} if len(left) else {})},
    )
    for outcome in dict.fromkeys(table["outcome"]):
        some = only(table, outcome=outcome)
        section.findings.append(
            _(
                "{outcome} ({measure}): {moved}.",
                outcome=label(outcome),
                measure=_(some["measure"].iloc[0]),
                moved=_moved(some),
            )
        )
    section.pictures = forests(table, material.label, "inequality")
    section.findings += [
        _("{outcome}: {said}.", outcome=label(row["outcome"]), said=_(row["note"])) for row in rows(left)
    ]
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
        _("How much harm does a shock do, and for how long?"),
        _(
            "Each run with the shock is paired with the same run without it; what it has more is the shock's doing. "
            "Recovered: under a tenth of the peak for four weeks in a row."
        ),
        tables={"shock_contrasts": table, "shock_recovery": recovery, "shock_excess": excess},
    )
    for shock in dict.fromkeys(table["shock"]):
        base = only(recovery, shock=shock, policy=material.label, measure="total_excess")
        said = listed(f"{estimate(row, 'mean', signed=False)}{under(row, base)}" for row in rows(base))
        changed = _moved(only(table, shock=shock, measure="total_excess"))
        name = names_in_words(shock)
        section.findings += [
            _(
                "{shock} adds {harm} case-days per 1,000 residents in all under {baseline}.",
                shock=name,
                harm=said,
                baseline=material.against,
            ),
            _("Difference that policies make to the harm of {shock}: {moved}.", shock=name, moved=changed),
        ]
    for name, words, some in _groups(excess):
        few = only_few(material, some)
        section.pictures[f"shock{name}"] = Picture(
            _("What a shock adds to unmet need") + words,
            lambda few=few: figures.resilience_panels(few, material.few),
            few,
            _left(material),
        )
    return section


def _moved(table: pd.DataFrame) -> str:
    """The differences that are shown, from the lowest, and how many are not."""
    shown, silent = split(table.sort_values(by="difference", kind="stable"))
    said = [f"{named(row)} {estimate(row, 'difference')}{under(row, table)}" for row in rows(shown)]
    return clauses(part for part in (listed(said, 4), silent) if part)


def only_few(material: Material, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the policies that a figure of curves can hold."""
    return table.loc[table["policy"].isin(list(material.few))]


def _left(material: Material) -> str:
    left = len(set(material.runs["policy"])) - len(material.few)
    return _("Policies between these that are left out here: {n}; all are in the table.", n=left) if left else ""


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
            names = [*([theory] if several else []), *([] if budget is None else [level(budget).replace(",", "")])]
            said = [*([names_in_words(theory)] if several else [])]
            said += [] if budget is None else [_("{budget} yuan", budget=level(budget))]
            yield "".join(f"_{name}" for name in names), f" ({_(', ').join(said)})" if said else "", part
