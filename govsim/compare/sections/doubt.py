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
from govsim.language import _, names_in_words

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
        _("Which uncertain values matter?"),
        _(
            "For an outcome itself (value), and for what a policy does to it (effect). S1 is the share of the "
            "variance due to a value alone, ST with all that it takes part in; mu* is the mean size of its "
            "elementary effects. One at a time: what a value moves alone, in standard deviations between seeds."
        ),
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
        for number_of, (_group, some) in enumerate(mine.groupby(keys, dropna=False, sort=False)):
            what = _subject(rows(some)[0], mine)
            section.findings += _largest(name, some, column, what)
            if number_of < MOST_PICTURES:
                section.pictures[f"{name}_{number_of + 1}"] = Picture(
                    _("What {what} hangs on (Sobol indices)", what=what)
                    if name == "sobol"
                    else _("What {what} hangs on (Morris screening)", what=what),
                    lambda some=some, column=column, name=name: figures.indices(
                        some,
                        column,
                        xlabel=_("share of variance") if name == "sobol" else _("mu*: mean size of elementary effects"),
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
    if not said:
        return [_("Nothing varies in {what}.", what=what)]
    return [_("Largest {index} for {what}: {factors}.", index=index, what=what, factors=listed(said))]


def _tried(table: pd.DataFrame) -> list[str]:
    """How many values matter at all, and which most."""
    count = table["verdict"].value_counts()
    said = [f"{row['factor']} ({in_sentence(row['outcome'])})" for row in rows(table.head(5))]
    return [
        _(
            "Of {n} values tried one at a time, {active} matter at every level, {one_end} at some, {inert} at none; "
            "most: {factors}.",
            n=len(table),
            active=count.get("active", 0),
            one_end=count.get("one end", 0),
            inert=count.get("inert", 0),
            factors=listed(said),
        )
    ]


def _subject(row: dict[Any, Any], table: pd.DataFrame) -> str:
    """An outcome, or what a policy does to it."""
    theory = f" ({names_in_words(row['theory'])})" if len(set(table["theory"])) > 1 else ""
    facts = {"outcome": in_sentence(row["outcome"]), "policy": named(row)}
    if row["of"] == "effect":
        return _("the effect of {policy} on {outcome}", **facts) + theory
    return _("{outcome} under {policy}", **facts) + theory


def ensemble(material: Material) -> Section | None:
    """In how much of the ensemble does it hold?"""
    if "uncertainties.ensemble" not in material.study.designs:
        return None
    table = members(material.runs, material.outcomes, material.baseline)
    section = Section(
        _("In how much of the ensemble does it hold?"),
        _(
            "A member is a set of parameters that what was reported does not rule out. Lower and higher count "
            "members by their mean difference over paired seeds; shown, those whose own 95% interval excludes 0."
        ),
        tables={"members": table},
    )
    for row in rows(only(table, outcome=material.chief)):
        facts = {
            "policy": named(row) + under(row, table),
            "members": row["members"],
            "outcome": in_sentence(material.chief),
            "baseline": material.against,
        }
        shares = {name: f"{row[name]:.0%}" for name in ("share_lower", "shown_lower", "share_higher", "shown_higher")}
        section.findings.append(
            _(
                "{policy}: of {members} members, {outcome} is lower in {share_lower} (shown in {shown_lower}) and "
                "higher in {share_higher} (shown in {shown_higher}), compared with {baseline}.",
                **facts,
                **shares,
            )
            if row["members"]
            else _("{policy}: of {members} members, {outcome} is defined in none, compared with {baseline}.", **facts)
        )
    return section


def luck(material: Material) -> Section:
    """How much is luck, and what can be said against these runs?"""
    runs, failures = material.runs, material.study.failures
    narrower = how_much_narrower(runs, material.outcomes, material.baseline)
    section = Section(
        _("How much is luck, and what went wrong?"),
        _(
            "Pairing runs that share their luck narrows intervals; the ratio says how many times wider they would "
            "else be."
        ),
        tables={"pairing": narrower},
    )
    chief = only(narrower, outcome=material.chief)
    if max(material.effects["replicates"]) < 2:
        section.findings.append(_("There is a single replicate: no interval and no verdict can be given."))
    section.findings += _gain(chief.loc[chief["ratio"].notna()].sort_values(by="ratio"), in_sentence(material.chief))
    points, seeds = same_points(runs), same_seeds(runs)
    if len(points):
        section.tables["identical_points"] = points
        said = [
            names_in_words(row["policies"]) + under(row, runs) for row in rows(points.drop_duplicates(["policies"]))
        ]
        section.findings.append(_("The same in every outcome and seed: {policies}.", policies=listed(said)))
    if len(seeds):
        section.tables["identical_replicates"] = seeds
        said = [_("{policy} (seeds {seeds})", policy=named(row), seeds=row["seeds"]) for row in rows(seeds)]
        section.findings.append(
            _(
                "Replicates that are the same in every outcome, so that n says too much: {policies}.",
                policies=listed(said),
            )
        )
    if len(failures):
        kept = [c for c in ("run_id", "policy", "theory", "scenario", "budget", "seed", "error") if c in failures]
        section.tables["failures"] = failures.loc[:, kept]
        section.findings.append(
            _(
                "{n:,} runs failed and are in no table; their pairs are missing. govsim study with retry=failed runs "
                "them again.",
                n=len(failures),
            )
        )
    else:
        section.findings.append(_("No run failed."))
    return section


def _gain(table: pd.DataFrame, outcome: str) -> list[str]:
    """How many times narrower, from the least to the most."""
    if table.empty:
        return []
    ends = [rows(table)[i] for i in ((0, -1) if len(table) > 1 else (0,))]
    said = [
        _("{ratio} times ({policy})", ratio=number(row["ratio"]), policy=named(row) + under(row, table)) for row in ends
    ]
    return [_("Pairing narrows the intervals of {outcome} {span}.", outcome=outcome, span=_(" to ").join(said))]
