"""What each policy and each lever does: effects, interactions, shares, dose and response."""

from __future__ import annotations

from typing import Any

import pandas as pd

from govsim.compare import doses as dose_tables
from govsim.compare import factorial as factorial_tables
from govsim.compare import figures
from govsim.compare.figures.style import only
from govsim.compare.sections.base import Material, Picture, Section, estimate, forests, hollow, rows, split, under
from govsim.compare.words import PERCENT, clauses, in_sentence, label, level, listed, minus, named, number
from govsim.language import _, names_in_words

__all__ = ["doses", "effects", "factorial"]

MOST_PAIRS = 6
"""Pictures of two levers beside each other."""


def effects(material: Material) -> Section:
    """What does each policy do against the baseline?"""
    table, chief = material.effects, material.chief
    section = Section(
        _("What does each policy do, compared with {baseline}?", baseline=material.against),
        _(
            "Differences between runs that share place, seed and luck, with {percent} intervals; verdicts are adjusted "
            "for the number of comparisons (Holm).",
            percent=PERCENT,
        ),
        tables={"effects": table},
    )
    section.findings = [_tally(only(table, outcome=outcome), outcome) for outcome in dict.fromkeys(table["outcome"])]
    section.findings += _nulls(only(table, outcome=chief), chief)
    section.pictures = forests(table, material.label, "effects", chief)
    return section


def _tally(table: pd.DataFrame, outcome: str) -> str:
    """How many are better and worse, and which is furthest either way."""
    shown, silent = split(table.sort_values(by="difference"))
    parts = []
    for verdict, end in (("lower", 0), ("higher", -1)):
        some = rows(only(shown, verdict=verdict))
        if some:
            facts = {
                "n": len(some), "all": len(table), "policy": named(some[end]) + under(some[end], table),
                "estimate": estimate(some[end], "difference"),
            }  # fmt: skip
            parts.append(
                _("lower in {n} of {all}, most under {policy}: {estimate}", **facts)
                if verdict == "lower"
                else _("higher in {n} of {all}, most under {policy}: {estimate}", **facts)
            )
    said = clauses([*parts, silent] if silent else parts)
    return _("{outcome}: {said}.", outcome=label(outcome), said=said)


def _nulls(table: pd.DataFrame, outcome: str) -> list[str]:
    """Policies for which nothing is shown, with what the interval leaves open; those that never touch the outcome."""
    silent = only(table, verdict="no difference shown")
    open_ = [
        f"{named(row)}{under(row, table)} {estimate(row, 'difference')}" for row in rows(only(silent, identical=False))
    ]
    same = [f"{named(row)}{under(row, table)}" for row in rows(only(table, identical=True))]
    about, findings = in_sentence(outcome), []
    if open_:
        findings.append(_("No difference in {outcome} is shown for {policies}.", outcome=about, policies=listed(open_)))
    if same:
        findings.append(
            _("Exactly the same {outcome} in every pair: {policies}.", outcome=about, policies=listed(same))
        )
    return findings


def factorial(material: Material) -> Section | None:
    """What does each lever do, which pairs help or hinder each other, and who gets which share?"""
    args = (material.runs, material.study.factors, material.outcomes)
    main, together = factorial_tables.main_effects(*args), factorial_tables.interactions(*args)
    if main.empty:
        return None
    shares, cells = factorial_tables.shapley(*args), factorial_tables.cells(*args)
    section = Section(
        _("What does each lever do, and which help or hinder each other?"),
        _(
            "A main effect is averaged over all settings of the other levers. An interaction is what one lever "
            "changes in the effect of another: on the additive scale no interaction means that effects add up, on "
            "the logit or log scale that odds or percentages multiply."
        ),
        tables={"main_effects": main, "interactions": together, "cells": cells},
    )
    chief = material.chief
    additive = only(main, outcome=chief, scale="additive")
    pairs = only(together, outcome=chief, scale="additive")
    section.findings += [_main(chief, additive), *_together(pairs)]
    section.pictures["main_effects"] = Picture(
        _("{outcome}: what each lever does", outcome=label(chief)),
        lambda: figures.main_effects(main, chief),
        additive,
        hollow(),
    )
    if len(pairs):
        section.pictures["interactions"] = Picture(
            _("{outcome}: what levers do together", outcome=label(chief)),
            lambda: figures.interaction_effects(together, chief),
            pairs,
            _("Hollow: no interaction shown (Holm)."),
        )
        section.pictures |= _crossings(material, cells, pairs)
    if len(shares):
        section.tables["shapley"] = shares
        section.findings.append(_shares(only(shares, outcome=chief)))
        section.pictures["shapley"] = Picture(
            _("{outcome}: each lever's share of what all do", outcome=label(chief)),
            lambda: figures.shapley_shares(shares, chief),
            only(shares, outcome=chief),
            _("Hollow: the interval holds 0."),
        )
    section.findings += _other_scale(together, chief)
    return section


def _main(outcome: str, table: pd.DataFrame) -> str:
    said = [
        _(
            "{factor} ({reference} to {level}) {estimate}",
            factor=names_in_words(row["factor"]),
            reference=level(row["reference"]),
            level=level(row["level"]),
            estimate=estimate(row, "effect"),
        )
        + under(row, table)
        + _alias(row)
        for row in rows(table)
    ]
    return _("Main effects on {outcome}: {effects}.", outcome=in_sentence(outcome), effects=listed(said, 12))


def _together(table: pd.DataFrame) -> list[str]:
    """Interactions by what they are; what is not shown is said with its interval."""
    findings = []
    for reading in dict.fromkeys(table["reading"]):
        some = only(table, reading=reading)
        said = [
            f"{names_in_words(row['factors'])} {estimate(row, 'interaction')}{under(row, table)}{_alias(row)}"
            for row in rows(some)
        ]
        words = _(reading)
        findings.append(_("{reading}: {levers}.", reading=words[:1].upper() + words[1:], levers=listed(said, 8)))
    return findings


def _other_scale(table: pd.DataFrame, outcome: str) -> list[str]:
    """Interactions that are there on one scale and not, or the other way round, on the other."""
    mine, findings = only(table, outcome=outcome), []
    additive = only(mine, scale="additive")
    other = mine.loc[mine["scale"] != "additive"]
    keys = ["theory", "design", "factors", "levels"]
    both = additive.merge(other, on=keys, suffixes=("", "_other"))
    for row in rows(both.loc[both["reading"] != both["reading_other"]]):
        findings.append(
            _(
                "{levers}: {reading} on the additive scale, {other} on the {scale} scale ({estimate}).",
                levers=names_in_words(row["factors"]) + under(row, table),
                reading=_(row["reading"]),
                other=_(row["reading_other"]),
                scale=_(row["scale_other"]),
                estimate=estimate(row, "interaction_other", "low_other", "high_other"),
            )
        )
    return findings[:4]


def _shares(table: pd.DataFrame) -> str:
    said = []
    for theory in dict.fromkeys(table["theory"]):
        some = rows(only(table, theory=theory))
        parts = [f"{names_in_words(row['factor'])} {estimate(row, 'shapley')}{_percent(row['share'])}" for row in some]
        whole = estimate(some[0], "total", "total_low", "total_high")
        said.append(
            _(
                "of {whole} by all levers together{under_theory}, {parts}",
                whole=whole,
                under_theory=under(some[0], table),
                parts=listed(parts, 12),
            )
        )
    return _("Shapley shares: {shares}.", shares=clauses(said))


def _crossings(material: Material, cells: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Picture]:
    """Pictures of the largest interactions of two levers, theory by theory, where policies can be looked up."""
    pictures = {}
    two = only(pairs, order=2, design="factorial")
    for theory in dict.fromkeys(two["theory"]):
        some = only(two, theory=theory).drop_duplicates(["factors"])
        largest = some.assign(size=-some["interaction"].abs()).sort_values(by="size").head(MOST_PAIRS)
        chosen = [tuple(factors.split(" × ")) for factors in largest["factors"]]
        mine, effect = only(cells, theory=theory, design="factorial").dropna(axis=1, how="all"), material.effects
        theirs = only(effect, theory=theory, outcome=material.chief)
        title = _("{outcome}: two levers at a time, the others at their reference", outcome=label(material.chief))
        several = len(set(two["theory"])) > 1
        name = "crossings" + (f"_{theory}" if several else "")
        pictures[name] = Picture(
            title + (f" ({names_in_words(theory)})" if several else ""),
            lambda mine=mine, theirs=theirs, chosen=chosen: figures.interaction_panels(
                mine, theirs, chosen, material.chief
            ),
            theirs,
            _("Differences from {baseline}. Dashed: if effects added up.", baseline=material.against),
        )
    return pictures


def doses(material: Material) -> Section | None:
    """Does more of a lever do more?"""
    args = (material.runs, material.study.factors, material.outcomes)
    shapes = dose_tables.shapes(*args)
    if shapes.empty:
        return None
    responses, marginals = dose_tables.responses(*args), dose_tables.marginals(*args)
    shapes = shapes.assign(sentence=[minus(sentence) for sentence in shapes["sentence"]])
    section = Section(
        _("Does more of a lever do more?"),
        _(
            "Above, the effect of each dose; below, what one more unit does between two doses. A bend, saturation or "
            "reversal is named only if the change of slope is shown."
        ),
        tables={"shapes": shapes, "responses": responses, "marginals": marginals},
    )
    chief = material.chief
    section.findings = [
        _("{sentence}.", sentence=row["sentence"] + under(row, shapes)) for row in rows(only(shapes, outcome=chief))
    ]
    units = {name: factor.unit for name, factor in material.study.factors.items()}
    section.pictures["doses"] = Picture(
        _("{outcome}: dose and response", outcome=label(chief)),
        lambda: figures.dose_responses(responses, marginals, shapes, chief, units),
        only(responses, outcome=chief),
    )
    return section


# --- parts


def _alias(row: dict[Any, Any]) -> str:
    return _(" (or {aliases})", aliases=names_in_words(row["aliases"])) if row["aliases"] else ""


def _percent(share: float) -> str:
    return f" ({number(100.0 * share, 0)}%)" if share == share else ""
