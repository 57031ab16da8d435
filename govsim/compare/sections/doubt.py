"""What an answer rests on: uncertain values, an ensemble, luck and pairing, worlds that are the same, failed runs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from govsim.compare import figures
from govsim.compare import sensitivity as index_tables
from govsim.compare.figures.style import only
from govsim.compare.identical import same_points, same_seeds
from govsim.compare.members import members
from govsim.compare.pairs import how_much_narrower
from govsim.compare.sections.base import Material, Picture, Section, estimate, rows, under
from govsim.compare.words import in_sentence, listed, named, number

__all__ = ["ensemble", "luck", "sensitivity"]

MOST_PICTURES = 6


def sensitivity(material: Material) -> Section | None:
    """Which uncertain values matter?"""
    args = (material.runs, material.study.designs, material.outcomes, material.baseline)
    sobol, morris = index_tables.sobol(*args), index_tables.morris(*args)
    trials = index_tables.one_at_a_time(*args)
    if sobol.empty and morris.empty and trials.empty:
        return None
    section = Section(
        "Which uncertain values matter?",
        "For an outcome itself (value), and for what a policy does to it (effect). S1 is the share of the variance due "
        "to a value alone, ST with all that it takes part in; mu* is the mean size of its elementary effects. One at a "
        "time: what a value moves alone, in standard deviations between seeds.",
    )
    if len(trials):
        section.tables |= {"one_at_a_time": trials, "importance": index_tables.importance(trials)}
        section.findings += _tried(section.tables["importance"])
    for name, table, column in (("sobol", sobol, "estimate"), ("morris", morris, "mu_star")):
        if table.empty:
            continue
        section.tables[name] = table
        mine = only(table, outcome=material.chief)
        if name == "sobol":
            mine = mine.loc[mine["index"] != "S2"]
        keys = ["of", "theory", "budget", "policy"]
        for number_of, (_, some) in enumerate(mine.groupby(keys, dropna=False, sort=False)):
            what = _subject(rows(some)[0], mine)
            section.findings += _largest(name, some, column, what)
            if number_of < MOST_PICTURES:
                section.pictures[f"{name}_{number_of + 1}"] = Picture(
                    f"What {what} hangs on ({'Sobol indices' if name == 'sobol' else 'Morris screening'})",
                    lambda some=some, column=column, name=name: figures.indices(
                        some,
                        column,
                        xlabel="share of variance" if name == "sobol" else "mu*: mean size of elementary effects",
                    ),
                    some,
                )
    return section


def _largest(name: str, table: pd.DataFrame, column: str, what: str) -> list[str]:
    if name == "sobol":
        table = only(table, index="ST")
    top = rows(table.sort_values(by=column, ascending=False, kind="stable").head(3))
    said = [f"{row['factor']} {estimate(row, column, signed=False)}" for row in top if row[column] == row[column]]
    index = "ST" if name == "sobol" else "mu*"
    return [f"Largest {index} for {what}: {listed(said)}." if said else f"Nothing varies in {what}."]


def _tried(table: pd.DataFrame) -> list[str]:
    """How many values matter at all, and which most."""
    count = table["verdict"].value_counts()
    said = [f"{row['factor']} ({in_sentence(row['outcome'])})" for row in rows(table.head(5))]
    return [
        f"Of {len(table)} values tried one at a time, {count.get('active', 0)} matter at every level, "
        f"{count.get('one end', 0)} at some, {count.get('inert', 0)} at none; most: {listed(said)}."
    ]


def _subject(row: dict[Any, Any], table: pd.DataFrame) -> str:
    """An outcome, or what a policy does to it."""
    outcome, theory = in_sentence(row["outcome"]), f" ({row['theory']})" if len(set(table["theory"])) > 1 else ""
    if row["of"] == "effect":
        return f"the effect of {named(row)} on {outcome}{theory}"
    return f"{outcome} under {named(row)}{theory}"


def ensemble(material: Material) -> Section | None:
    """In how much of the ensemble does it hold?"""
    if "uncertainties.ensemble" not in material.study.designs:
        return None
    table = members(material.runs, material.outcomes, material.baseline)
    section = Section(
        "In how much of the ensemble does it hold?",
        "A member is a set of parameters that what was reported does not rule out. Lower and higher count members by "
        "their mean difference over paired seeds; shown, those whose own 95% interval excludes 0.",
        tables={"members": table},
    )
    for row in rows(only(table, outcome=material.chief)):
        said = [
            f"{side} in {row[f'share_{side}']:.0%} (shown in {row[f'shown_{side}']:.0%})"
            for side in ("lower", "higher")
            if row["members"]
        ]
        section.findings.append(
            f"{named(row)}{under(row, table)}: of {row['members']} members, {in_sentence(material.chief)} is "
            f"{' and '.join(said) or 'defined in none'}, compared with {material.label}."
        )
    return section


def luck(material: Material) -> Section:
    """How much is luck, and what can be said against these runs?"""
    runs, failures = material.runs, material.study.failures
    narrower = how_much_narrower(runs, material.outcomes, material.baseline)
    section = Section(
        "How much is luck, and what went wrong?",
        "Pairing runs that share their luck narrows intervals; the ratio says how many times wider they would else be.",
        tables={"pairing": narrower},
    )
    chief = only(narrower, outcome=material.chief)
    if max(material.effects["replicates"]) < 2:
        section.findings.append("There is a single replicate: no interval and no verdict can be given.")
    section.findings += _gain(chief.loc[chief["ratio"].notna()].sort_values(by="ratio"), in_sentence(material.chief))
    points, seeds = same_points(runs), same_seeds(runs)
    if len(points):
        section.tables["identical_points"] = points
        said = [f"{row['policies']}{under(row, runs)}" for row in rows(points.drop_duplicates(["policies"]))]
        section.findings.append(f"The same in every outcome and seed: {listed(said)}.")
    if len(seeds):
        section.tables["identical_replicates"] = seeds
        said = [f"{named(row)} (seeds {row['seeds']})" for row in rows(seeds)]
        section.findings.append(
            f"Replicates that are the same in every outcome, so that n says too much: {listed(said)}."
        )
    if len(failures):
        kept = [c for c in ("run_id", "policy", "theory", "scenario", "budget", "seed", "error") if c in failures]
        section.tables["failures"] = failures.loc[:, kept]
        section.findings.append(
            f"{len(failures):,} runs failed and are in no table; their pairs are missing. govsim study with "
            "retry=failed runs them again."
        )
    else:
        section.findings.append("No run failed.")
    return section


def _gain(table: pd.DataFrame, outcome: str) -> list[str]:
    """How many times narrower, from the least to the most."""
    if table.empty:
        return []
    least, most = rows(table)[0], rows(table)[-1]
    span = f"{number(least['ratio'])} times ({named(least)}{under(least, table)})"
    span += f" to {number(most['ratio'])} times ({named(most)}{under(most, table)})" if len(table) > 1 else ""
    return [f"Pairing narrows the intervals of {outcome} {span}."]
