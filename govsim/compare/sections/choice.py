"""Which policy to choose: for its money, at a budget, and in worlds and under theories that nobody can rule out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from govsim.compare import figures
from govsim.compare import frontier as cost_tables
from govsim.compare import regret as regret_tables
from govsim.compare.figures.style import only
from govsim.compare.sections.base import Material, Picture, Section, estimate, rows, under
from govsim.compare.words import in_sentence, label, level, listed, named, number

__all__ = ["frontier", "ranking", "regret"]

BUDGETS = (0.25, 0.5, 1.0)
"""Budgets at which the best buy is named, as shares of what the dearest policy costs."""


def frontier(material: Material) -> Section | None:
    """What does it cost, and which policies are worth their money?"""
    outcome, runs = material.judged, material.runs
    own = runs.loc[runs["budget"].isna(), "policy"]
    if outcome is None or len(set(own)) < 3:
        return None
    table = cost_tables.frontier(runs, outcome, material.baseline)
    if table.empty:  # no run in which the outcome is defined
        return None
    section = Section(
        "What does it cost, and which policies are worth their money?",
        "Each policy at its own cost: yuan per resident and year beyond the baseline, as spent. A policy is dominated "
        "if another does as well for no more money, extended-dominated if a mixture of two others does.",
        tables={"frontier": table, "spending": cost_tables.spending(runs)},
    )
    for theory, some in _by_theory(table):
        said = [_step(row) for row in rows(only(some, status=cost_tables.ON))]
        off = some.loc[some["status"] != cost_tables.ON, "policy"]
        where = f"{in_sentence(outcome)} against money{under(rows(some)[0], table)}"
        told = f"On the frontier of {where}, from the cheapest: {'; '.join(said)}."
        section.findings.append(told + (f" Off it: {listed(off, 8)}." if len(off) else " None is off it."))
        suffix, words = _of(theory, table)
        section.pictures[f"frontier{suffix}"] = Picture(
            f"{label(outcome)} and its price{words}",
            lambda some=some: figures.frontier(some, baseline=material.label),
            some,
            f"Lines: both intervals. Filled: on the frontier. The baseline, {material.label}, is at 0.",
        )
    dearest = max(table["extra_cost"])
    if dearest > 0.0:
        budgets = [_round_up(share * dearest) for share in BUDGETS]
        buys = cost_tables.best_buys(runs, outcome, budgets, material.baseline)
        section.tables["best_buys"] = buys
        section.findings += _buys(buys)
    return section


def _step(row: dict[Any, Any]) -> str:
    """A policy on the frontier, with what it does and what that costs."""
    if not row["effect"] and not row["extra_cost"]:
        return row["policy"]
    return f"{row['policy']} {estimate(row, 'effect')} for {estimate(row, 'extra_cost', 'cost_low', 'cost_high')} yuan"


def _round_up(value: float) -> float:
    """The next number of two digits: a budget that surely pays for it."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit


def _buys(table: pd.DataFrame) -> list[str]:
    findings = []
    for _, some in _by_theory(table.dropna(subset=["share_best"])):
        said = []
        for budget in dict.fromkeys(some["budget"]):
            most = rows(only(some, budget=budget).sort_values(by="share_best", ascending=False, kind="stable"))[0]
            share = number(100.0 * most["share_best"], 0)
            said.append(f"with {level(budget)} yuan {most['policy']} ({share}% of resamples)")
        findings.append(f"Best buy{under(rows(some)[0], table)}: {listed(said)}.")
    return findings


def ranking(material: Material) -> Section | None:
    """Which policy is best at equal planned budget?"""
    outcome, runs = material.judged, material.runs
    if outcome is None or not len(runs["budget"].dropna()):
        return None
    table = cost_tables.ranking(runs, outcome, material.baseline)
    spent = cost_tables.spending(runs)
    section = Section(
        "Which policy is best at equal planned budget?",
        "Scalable doses are set so that every policy is planned to cost the budget, in yuan per resident and year; "
        "what was spent stands beside it.",
        tables={"ranking": table, "spending": spent},
    )
    for _, some in table.groupby(["theory", "budget"], sort=False):
        best = rows(some.sort_values(by="rank"))
        place = f"At {level(best[0]['budget'])} yuan{under(best[0], table)}"
        section.findings.append(f"{place}: {_first(best)}.")
    over = spent.loc[spent["budget"].notna()]
    furthest = rows(over.loc[[over["over"].abs().idxmax()]])[0]
    section.findings.append(
        f"Actual spending differs from the plan most under {named(furthest)}: {estimate(furthest, 'over')} yuan per "
        "resident and year."
    )
    section.pictures["ranking"] = Picture(
        f"{label(outcome)}: policies at equal planned budget",
        lambda: figures.rankings(table),
        table,
        "Best in: share of resamples in which it is the best. Hollow: the interval holds 0.",
    )
    return section


def _first(order: list[dict[Any, Any]]) -> str:
    """The best one and how surely it is that."""
    best = order[0]
    told = f"{best['policy']} does best, {estimate(best, 'effect')}"
    if best["probability_best"] == best["probability_best"]:
        told += f", in {number(100.0 * best['probability_best'], 0)}% of resamples"
    if best["next"]:
        lead = estimate(best, "lead", "lead_low", "lead_high")
        sure = "ahead of" if best["lead_low"] > 0.0 else "not shown to be ahead of"
        told += f", {sure} {best['next']} (by {lead})"
    return told


def regret(material: Material) -> Section | None:
    """Does the choice hold in other worlds and under other theories?"""
    outcome, runs = material.judged, material.runs
    if outcome is None or len(runs[["theory", "scenario"]].drop_duplicates()) < 2:
        return None
    table = regret_tables.regret(runs, outcome, material.baseline)
    if table.empty:
        return None
    section = Section(
        "Does the choice hold in other worlds and under other theories?",
        "A world is a theory with a sample of the uncertain values. Regret is how much worse a policy does in a world "
        "than the best one there.",
        tables={"regret": table},
    )
    for suffix, words, some in _by_budget(table):
        best = rows(some)[0]
        surest = rows(some.sort_values(by="share_best", ascending=False, kind="stable"))[0]
        mean = estimate(best, "mean_regret", signed=False)
        worst = estimate(best, "max_regret", "max_low", "max_high", signed=False)
        often = f"{number(100.0 * surest['share_best'], 0)}% of {best['worlds']} worlds"
        section.findings.append(
            f"Smallest mean regret in {in_sentence(outcome)}{words}: {best['policy']} {mean}, at worst {worst}. "
            f"Most often best: {surest['policy']}, in {often}."
        )
        section.pictures[f"regret{suffix}"] = Picture(
            f"{label(outcome)}: regret over {best['worlds']} worlds{words}",
            lambda some=some: figures.regret(some),
            some,
            "Black mark: the largest regret in any world.",
        )
    if len(set(runs["theory"])) > 1:
        _theories(material, outcome, section)
    return section


def _theories(material: Material, outcome: str, section: Section) -> None:
    """What hangs on the theory."""
    args = (material.runs, outcome, material.baseline)
    places, flips, reversals = regret_tables.rankings(*args), regret_tables.flips(*args), regret_tables.reversals(*args)
    section.tables |= {"rankings": places, "flips": flips, "reversals": reversals}
    turned = [f"{named(row)} ({row['theory']} and {row['other_theory']})" for row in rows(only(flips, flips=True))]
    section.findings.append(
        f"Better than {material.label} under one theory and worse under another: {listed(turned)}."
        if turned
        else f"No policy is shown to be better than {material.label} under one theory and worse under another."
    )
    swapped = [
        f"{row['policy']} and {row['rival']} ({row['theory']} and {row['other_theory']})"
        for row in rows(only(reversals, shown=True))
    ]
    section.findings.append(
        f"Pairs whose order is shown to turn round with the theory: {listed(swapped)}."
        if swapped
        else "No two policies are shown to change places between theories."
    )
    for suffix, words, some in _by_budget(places):
        section.pictures[f"rankings{suffix}"] = Picture(
            f"{label(outcome)}: places under each theory{words}",
            lambda some=some: figures.ranks(some),
            some,
            "1 is best; better, worse, not shown: against the baseline (Holm).",
        )


def _by_theory(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for theory in dict.fromkeys(table["theory"]):
        yield theory, only(table, theory=theory)


def _of(theory: str, table: pd.DataFrame) -> tuple[str, str]:
    """What a file's name and a title need to tell theories apart."""
    return (f"_{theory}", f" ({theory})") if len(set(table["theory"])) > 1 else ("", "")


def _by_budget(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Budgets, each with what a file's name and a sentence need to tell them apart."""
    for budget, some in table.groupby("budget", dropna=False, sort=False):
        known = budget == budget
        yield (f"_{level(budget)}", f" at {level(budget)} yuan", some) if known else ("", "", some)
