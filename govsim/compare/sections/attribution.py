"""What each policy and each lever does: effects, interactions, shares, dose and response."""

from __future__ import annotations

from typing import Any

import pandas as pd

from govsim.compare import doses as dose_tables
from govsim.compare import factorial as factorial_tables
from govsim.compare import figures
from govsim.compare.figures.style import only
from govsim.compare.sections.base import HOLLOW, Material, Picture, Section, estimate, forests, rows, split, under
from govsim.compare.words import PERCENT, in_sentence, label, level, listed, minus, named, number

__all__ = ["doses", "effects", "factorial"]

MOST_PAIRS = 6
"""Pictures of two levers beside each other."""


def effects(material: Material) -> Section:
    """What does each policy do against the baseline?"""
    table, chief = material.effects, material.chief
    section = Section(
        f"What does each policy do, compared with {material.label}?",
        f"Differences between runs that share place, seed and luck, with {PERCENT} intervals; verdicts are adjusted "
        "for the number of comparisons (Holm).",
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
            most = f"{named(some[end])}{under(some[end], table)}: {estimate(some[end], 'difference')}"
            parts.append(f"{verdict} in {len(some)} of {len(table)}, most under {most}")
    return f"{label(outcome)}: {'; '.join([*parts, silent] if silent else parts)}."


def _nulls(table: pd.DataFrame, outcome: str) -> list[str]:
    """Policies for which nothing is shown, with what the interval leaves open; those that never touch the outcome."""
    silent = only(table, verdict="no difference shown")
    open_ = [
        f"{named(row)}{under(row, table)} {estimate(row, 'difference')}" for row in rows(only(silent, identical=False))
    ]
    same = [f"{named(row)}{under(row, table)}" for row in rows(only(table, identical=True))]
    findings = [f"No difference in {in_sentence(outcome)} is shown for {listed(open_)}."] if open_ else []
    findings += [f"Exactly the same {in_sentence(outcome)} in every pair: {listed(same)}."] if same else []
    return findings


def factorial(material: Material) -> Section | None:
    """What does each lever do, which pairs help or hinder each other, and who gets which share?"""
    args = (material.runs, material.study.factors, material.outcomes)
    main, together = factorial_tables.main_effects(*args), factorial_tables.interactions(*args)
    if main.empty:
        return None
    shares, cells = factorial_tables.shapley(*args), factorial_tables.cells(*args)
    section = Section(
        "What does each lever do, and which help or hinder each other?",
        "A main effect is averaged over all settings of the other levers. An interaction is what one lever changes in "
        "the effect of another: on the additive scale no interaction means that effects add up, on the logit or log "
        "scale that odds or percentages multiply.",
        tables={"main_effects": main, "interactions": together, "cells": cells},
    )
    chief = material.chief
    additive = only(main, outcome=chief, scale="additive")
    pairs = only(together, outcome=chief, scale="additive")
    section.findings += [_main(chief, additive), *_together(pairs)]
    section.pictures["main_effects"] = Picture(
        f"{label(chief)}: what each lever does", lambda: figures.main_effects(main, chief), additive, HOLLOW
    )
    if len(pairs):
        section.pictures["interactions"] = Picture(
            f"{label(chief)}: what levers do together",
            lambda: figures.interaction_effects(together, chief),
            pairs,
            "Hollow: no interaction shown (Holm).",
        )
        section.pictures |= _crossings(material, cells, pairs)
    if len(shares):
        section.tables["shapley"] = shares
        section.findings.append(_shares(only(shares, outcome=chief)))
        section.pictures["shapley"] = Picture(
            f"{label(chief)}: how what all levers do falls to each",
            lambda: figures.shapley_shares(shares, chief),
            only(shares, outcome=chief),
            "Hollow: the interval holds 0.",
        )
    section.findings += _other_scale(together, chief)
    return section


def _main(outcome: str, table: pd.DataFrame) -> str:
    said = [
        f"{row['factor']} ({level(row['reference'])} to {level(row['level'])}) {estimate(row, 'effect')}"
        f"{under(row, table)}{_alias(row)}"
        for row in rows(table)
    ]
    return f"Main effects on {in_sentence(outcome)}: {listed(said, 12)}."


def _together(table: pd.DataFrame) -> list[str]:
    """Interactions by what they are; what is not shown is said with its interval."""
    findings = []
    for reading in dict.fromkeys(table["reading"]):
        some = only(table, reading=reading)
        said = [
            f"{row['factors']} {estimate(row, 'interaction')}{under(row, table)}{_alias(row)}" for row in rows(some)
        ]
        findings.append(f"{reading[:1].upper()}{reading[1:]}: {listed(said, 8)}.")
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
            f"{row['factors']}{under(row, table)}: {row['reading']} on the additive scale, {row['reading_other']} on "
            f"the {row['scale_other']} scale ({estimate(row, 'interaction_other', 'low_other', 'high_other')})."
        )
    return findings[:4]


def _shares(table: pd.DataFrame) -> str:
    said = []
    for theory in dict.fromkeys(table["theory"]):
        some = rows(only(table, theory=theory))
        parts = [f"{row['factor']} {estimate(row, 'shapley')}{_percent(row['share'])}" for row in some]
        whole = estimate(some[0], "total", "total_low", "total_high")
        said.append(f"of {whole} by all levers together{under(some[0], table)}, {listed(parts, 12)}")
    return f"Shapley shares: {'; '.join(said)}."


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
        title = f"{label(material.chief)}: two levers at a time, the others at their reference"
        several = len(set(two["theory"])) > 1
        name = "crossings" + (f"_{theory}" if several else "")
        pictures[name] = Picture(
            title + (f" ({theory})" if several else ""),
            lambda mine=mine, theirs=theirs, chosen=chosen: figures.interaction_panels(
                mine, theirs, chosen, material.chief
            ),
            theirs,
            f"Differences from {material.label}. Dashed: if effects added up.",
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
        "Does more of a lever do more?",
        "Above, the effect of each dose; below, what one more unit does between two doses. A bend, saturation or "
        "reversal is named only if the change of slope is shown.",
        tables={"shapes": shapes, "responses": responses, "marginals": marginals},
    )
    chief = material.chief
    section.findings = [f"{row['sentence']}{under(row, shapes)}." for row in rows(only(shapes, outcome=chief))]
    units = {name: factor.unit for name, factor in material.study.factors.items()}
    section.pictures["doses"] = Picture(
        f"{label(chief)}: dose and response",
        lambda: figures.dose_responses(responses, marginals, shapes, chief, units),
        only(responses, outcome=chief),
    )
    return section


# --- parts


def _alias(row: dict[Any, Any]) -> str:
    return f" (or {row['aliases']})" if row["aliases"] else ""


def _percent(share: float) -> str:
    return f" ({number(100.0 * share, 0)}%)" if share == share else ""
