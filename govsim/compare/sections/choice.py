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
from govsim.compare.words import clauses, in_sentence, label, level, listed, named, number
from govsim.language import _, names_in_words

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
        _("What does it cost, and which policies are worth their money?"),
        _(
            "Each policy at its own cost: yuan per resident and year beyond the baseline, as spent. A policy is "
            "dominated if another does as well for no more money, extended-dominated if a mixture of two others does."
        ),
        tables={"frontier": table, "spending": cost_tables.spending(runs)},
    )
    for theory, some in _by_theory(table):
        said = [_step(row) for row in rows(only(some, status=cost_tables.ON))]
        off = [names_in_words(policy) for policy in some.loc[some["status"] != cost_tables.ON, "policy"]]
        told = _(
            "On the frontier of {outcome} against money{under_theory}, from the cheapest: {policies}.",
            outcome=in_sentence(outcome),
            under_theory=under(rows(some)[0], table),
            policies=clauses(said),
        )
        rest = _(" Off it: {policies}.", policies=listed(off, 8)) if off else _(" None is off it.")
        section.findings.append(told + rest)
        suffix, words = _of(theory, table)
        section.pictures[f"frontier{suffix}"] = Picture(
            _("{outcome} and its price", outcome=label(outcome)) + words,
            lambda some=some: figures.frontier(some, baseline=material.label),
            some,
            _(
                "Lines: both intervals. Filled: on the frontier. The baseline, {baseline}, is at 0.",
                baseline=material.against,
            ),
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
    policy = names_in_words(row["policy"])
    if not row["effect"] and not row["extra_cost"]:
        return policy
    cost = estimate(row, "extra_cost", "cost_low", "cost_high")
    return _("{policy} {estimate} for {cost} yuan", policy=policy, estimate=estimate(row, "effect"), cost=cost)


def _round_up(value: float) -> float:
    """The next number of two digits: a budget that surely pays for it."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit


def _buys(table: pd.DataFrame) -> list[str]:
    findings = []
    for _theory, some in _by_theory(table.dropna(subset=["share_best"])):
        said = []
        for budget in dict.fromkeys(some["budget"]):
            most = rows(only(some, budget=budget).sort_values(by="share_best", ascending=False, kind="stable"))[0]
            said.append(
                _(
                    "with {budget} yuan {policy} ({share}% of resamples)",
                    budget=level(budget),
                    policy=names_in_words(most["policy"]),
                    share=number(100.0 * most["share_best"], 0),
                )
            )
        where = under(rows(some)[0], table)
        findings.append(_("Best buy{under_theory}: {buys}.", under_theory=where, buys=listed(said)))
    return findings


def ranking(material: Material) -> Section | None:
    """Which policy is best at equal planned budget?"""
    outcome, runs = material.judged, material.runs
    if outcome is None or not len(runs["budget"].dropna()):
        return None
    table = cost_tables.ranking(runs, outcome, material.baseline)
    spent = cost_tables.spending(runs)
    section = Section(
        _("Which policy is best at equal planned budget?"),
        _(
            "Scalable doses are set so that every policy is planned to cost the budget, in yuan per resident and year; "
            "what was spent stands beside it."
        ),
        tables={"ranking": table, "spending": spent},
    )
    for _group, some in table.groupby(["theory", "budget"], sort=False):
        best = rows(some.sort_values(by="rank"))
        section.findings.append(
            _(
                "At {budget} yuan{under_theory}: {policy}.",
                budget=level(best[0]["budget"]),
                under_theory=under(best[0], table),
                policy=_first(best[0]),
            )
        )
    over = spent.loc[spent["budget"].notna()]
    furthest = rows(over.loc[[over["over"].abs().idxmax()]])[0]
    section.findings.append(
        _(
            "Actual spending differs from the plan most under {policy}: {estimate} yuan per resident and year.",
            policy=named(furthest),
            estimate=estimate(furthest, "over"),
        )
    )
    section.pictures["ranking"] = Picture(
        _("{outcome}: policies at equal planned budget", outcome=label(outcome)),
        lambda: figures.rankings(table),
        table,
        _("Best in: share of resamples in which it is the best. Hollow: the interval holds 0."),
    )
    return section


def _first(best: dict[Any, Any]) -> str:
    """The best one and how surely it is that."""
    told = _("{policy} does best, {estimate}", policy=names_in_words(best["policy"]), estimate=estimate(best, "effect"))
    if best["probability_best"] == best["probability_best"]:
        told += _(", in {share}% of resamples", share=number(100.0 * best["probability_best"], 0))
    if best["next"]:
        facts = {"policy": names_in_words(best["next"]), "lead": estimate(best, "lead", "lead_low", "lead_high")}
        told += (
            _(", ahead of {policy} (by {lead})", **facts)
            if best["lead_low"] > 0.0
            else _(", not shown to be ahead of {policy} (by {lead})", **facts)
        )
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
        _("Does the choice hold in other worlds and under other theories?"),
        _(
            "A world is a theory with a sample of the uncertain values. Regret is how much worse a policy does in a "
            "world than the best one there."
        ),
        tables={"regret": table},
    )
    for suffix, words, some in _by_budget(table):
        best = rows(some)[0]
        surest = rows(some.sort_values(by="share_best", ascending=False, kind="stable"))[0]
        mean = estimate(best, "mean_regret", signed=False)
        worst = estimate(best, "max_regret", "max_low", "max_high", signed=False)
        section.findings.append(
            _(
                "Smallest mean regret in {outcome}{at_budget}: {policy} {mean}, at worst {worst}. Most often best: "
                "{surest}, in {share}% of {worlds} worlds.",
                outcome=in_sentence(outcome),
                at_budget=words,
                policy=names_in_words(best["policy"]),
                mean=mean,
                worst=worst,
                surest=names_in_words(surest["policy"]),
                share=number(100.0 * surest["share_best"], 0),
                worlds=best["worlds"],
            )
        )
        section.pictures[f"regret{suffix}"] = Picture(
            _("{outcome}: regret over {worlds} worlds", outcome=label(outcome), worlds=best["worlds"]) + words,
            lambda some=some: figures.regret(some),
            some,
            _("Black mark: the largest regret in any world."),
        )
    if len(set(runs["theory"])) > 1:
        _theories(material, outcome, section)
    return section


def _theories(material: Material, outcome: str, section: Section) -> None:
    """What hangs on the theory."""
    args = (material.runs, outcome, material.baseline)
    places, flips, reversals = regret_tables.rankings(*args), regret_tables.flips(*args), regret_tables.reversals(*args)
    section.tables |= {"rankings": places, "flips": flips, "reversals": reversals}
    turned = [f"{named(row)} ({_both(row, 'theory', 'other_theory')})" for row in rows(only(flips, flips=True))]
    against = material.against
    section.findings.append(
        _(
            "Better than {baseline} under one theory and worse under another: {policies}.",
            baseline=against,
            policies=listed(turned),
        )
        if turned
        else _(
            "No policy is shown to be better than {baseline} under one theory and worse under another.",
            baseline=against,
        )
    )
    swapped = [
        f"{_both(row, 'policy', 'rival')} ({_both(row, 'theory', 'other_theory')})"
        for row in rows(only(reversals, shown=True))
    ]
    section.findings.append(
        _("Pairs whose order is shown to turn round with the theory: {pairs}.", pairs=listed(swapped))
        if swapped
        else _("No two policies are shown to change places between theories.")
    )
    for suffix, words, some in _by_budget(places):
        section.pictures[f"rankings{suffix}"] = Picture(
            _("{outcome}: places under each theory", outcome=label(outcome)) + words,
            lambda some=some: figures.ranks(some),
            some,
            _("1 is best; better, worse, not shown: against the baseline (Holm)."),
        )


def _both(row: dict[Any, Any], one: str, other: str) -> str:
    """Two names of a row."""
    return listed(names_in_words(row[column]) for column in (one, other))


def _by_theory(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for theory in dict.fromkeys(table["theory"]):
        yield theory, only(table, theory=theory)


def _of(theory: str, table: pd.DataFrame) -> tuple[str, str]:
    """What a file's name and a title need to tell theories apart."""
    return (f"_{theory}", f" ({names_in_words(theory)})") if len(set(table["theory"])) > 1 else ("", "")


def _by_budget(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Budgets, each with what a file's name and a sentence need to tell them apart."""
    for budget, some in table.groupby("budget", dropna=False, sort=False):
        known = budget == budget
        at = _(" at {budget} yuan", budget=level(budget)) if known else ""
        yield (f"_{level(budget)}" if known else ""), at, some
