"""What a study shows, one picture a function, on axes that are given or new.

Each takes a :class:`govsim.compare.Comparison` and draws one of its tables with the code that draws its report. The
outcome is the first that was compared, unless one is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govsim.compare import figures
from govsim.compare import frontier as cost_tables
from govsim.compare.figures.style import only, styled, titled
from govsim.compare.pairs import check_outcomes, differences
from govsim.compare.words import in_sentence, label, level
from govsim.config.check import ConfigError, nearest
from govsim.language import _, names_in_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from govsim.compare import Comparison

__all__ = [
    "boxes", "crossing", "doses", "effects", "frontier", "interactions", "main_effects", "ranking", "sensitivity",
    "shares",
]  # fmt: skip


def effects(comparison: Comparison, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """What each policy does against the baseline, with intervals; hollow where no difference is shown (Holm).

    Raises:
        ConfigError: as all functions here, where the study cannot show this, or not of this outcome.
    """
    table, outcome = _table(comparison, "effects", outcome)
    title = _("{outcome}: difference from {baseline}", outcome=label(outcome), baseline=comparison.material.against)
    return titled(figures.forest(table, outcome, ax), title)


def boxes(comparison: Comparison, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """What each policy does in every scenario of the study, or under every seed where there is one scenario."""
    material, outcome = comparison.material, outcome or comparison.material.chief
    check_outcomes(material.runs, [outcome])
    drawn = figures.worlds(differences(material.runs, outcome, material.baseline), outcome, ax)
    return titled(drawn, _("{outcome}: how much the difference varies", outcome=label(outcome)))


def main_effects(comparison: Comparison, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """What each lever of a factorial does, averaged over all settings of the others."""
    table, outcome = _table(comparison, "main_effects", outcome)
    return titled(
        figures.main_effects(table, outcome, ax), _("{outcome}: what each lever does", outcome=label(outcome))
    )


def interactions(comparison: Comparison, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """What levers do together beyond the sum of what each does."""
    table, outcome = _table(comparison, "interactions", outcome)
    drawn = figures.interaction_effects(table, outcome, ax)
    return titled(drawn, _("{outcome}: what levers do together", outcome=label(outcome)))


def crossing(
    comparison: Comparison,
    first: str,
    second: str,
    outcome: str | None = None,
    ax: Axes | None = None,
    theory: str | None = None,
) -> Axes:
    """Two levers of a factorial: what the first does with and without the second; dashed, if effects added up."""
    cells, outcome = _table(comparison, "cells", outcome)
    cells = _of_theory(only(cells, design="factorial"), theory).dropna(axis=1, how="all")
    for name in (first, second):
        if name not in cells.columns:
            raise ConfigError(f"{name}: no lever of a factorial in this study{nearest(name, cells.columns)}")
    theirs = _of_theory(comparison.tables["effects"], str(cells["theory"].iloc[0]))
    drawn = figures.interaction(cells, theirs, (first, second), outcome, ax)
    return titled(
        drawn,
        _("{outcome}: {levers}", outcome=label(outcome), levers=f"{names_in_words(first)} × {names_in_words(second)}"),
    )


def shares(comparison: Comparison, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """Each lever's Shapley share of what all levers do together."""
    table, outcome = _table(comparison, "shapley", outcome)
    drawn = figures.shapley_shares(table, outcome, ax)
    return titled(drawn, _("{outcome}: each lever's share of what all do", outcome=label(outcome)))


@styled
def doses(comparison: Comparison, lever: str, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """What each dose of a lever does against the neutral one; a dashed line where the response changes."""
    table, outcome = _table(comparison, "responses", outcome)
    levers = list(dict.fromkeys(table["factor"]))
    if lever not in levers:
        raise ConfigError(f"{lever}: not at several doses in this study{nearest(lever, levers)}")
    found = only(comparison.tables["shapes"], outcome=outcome, factor=lever)["at"].unique()
    bend = float(found[0]) if len(found) == 1 else float("nan")  # theories may differ
    unit = comparison.material.study.factors[lever].unit
    drawn = figures.response(table, outcome, lever, ax, unit, bend)
    if drawn.get_legend_handles_labels()[0]:
        drawn.legend(fontsize=9, loc="best")
    return titled(drawn, _("{outcome}: {levers}", outcome=label(outcome), levers=names_in_words(lever)))


def frontier(
    comparison: Comparison, outcome: str | None = None, ax: Axes | None = None, theory: str | None = None
) -> Axes:
    """What each policy buys for what it costs; filled and joined by a line, those worth their money."""
    material, outcome = comparison.material, outcome or comparison.material.judged or comparison.material.chief
    table = _of_theory(cost_tables.frontier(material.runs, outcome, material.baseline), theory)
    drawn = figures.frontier(table, ax, material.label)
    return titled(drawn, _("{outcome} and its price", outcome=label(outcome)))


def ranking(
    comparison: Comparison, budget: float | None = None, ax: Axes | None = None, theory: str | None = None
) -> Axes:
    """Policies at one planned budget, from the best; the first budget of the study unless one is named."""
    table, outcome = _table(comparison, "ranking", None)
    table, budgets = _of_theory(table, theory), list(dict.fromkeys(table["budget"]))
    if budget is not None and budget not in budgets:
        raise ConfigError(f"budget={budget}: must be one of {', '.join(map(level, budgets))}")
    some = only(table, budget=budgets[0] if budget is None else budget)
    title = _("{budget} yuan per resident and year", budget=level(some["budget"].iloc[0]))
    return titled(figures.ranking(some, ax), _("{outcome}: {levers}", outcome=label(outcome), levers=title))


def sensitivity(
    comparison: Comparison,
    outcome: str | None = None,
    ax: Axes | None = None,
    *,
    of: str = "effect",
    policy: str | None = None,
    theory: str | None = None,
) -> Axes:
    """Which uncertain values matter: a tornado where they were varied one at a time, else Sobol's or Morris's indices.

    Args:
        comparison: of a study with uncertainties.
        outcome: one of those compared.
        ax: axes to draw on.
        of: ``effect`` of a policy, or ``value`` of the outcome under it.
        policy: by its label; the first of the table.
        theory: the first of the table.
    """
    samplers = ("one_at_a_time", "sobol", "morris")
    name = next((name for name in samplers if name in comparison.tables), samplers[0])
    table, outcome = _table(comparison, name, outcome)
    table = _of_theory(only(table, outcome=outcome, of=of), theory)
    policy = policy or str(table["policy"].iloc[0])
    table = only(table, policy=policy)
    if table.empty:
        raise ConfigError(f"{policy}: not among the policies of this table")
    facts = {"outcome": in_sentence(outcome), "policy": names_in_words(policy)}
    what = (
        _("the effect of {policy} on {outcome}", **facts) if of == "effect" else _("{outcome} under {policy}", **facts)
    )
    if name == "one_at_a_time":
        return titled(figures.tornado(table, outcome, ax), _("What {what} hangs on", what=what))
    if name == "sobol":
        table = table.loc[table["index"] != "S2"]
        drawn = figures.indices(table, "estimate", ax, xlabel=_("share of variance"))
        return titled(drawn, _("What {what} hangs on (Sobol indices)", what=what))
    drawn = figures.indices(table, "mu_star", ax, xlabel=_("mu*: mean size of elementary effects"))
    return titled(drawn, _("What {what} hangs on (Morris screening)", what=what))


# --- parts


def _table(comparison: Comparison, name: str, outcome: str | None) -> tuple[pd.DataFrame, str]:
    """A table of a comparison, and the outcome to draw of it."""
    if name not in comparison.tables:
        raise ConfigError(f"{name}: this study cannot show that; its tables are {', '.join(comparison.tables)}")
    table = comparison.tables[name]
    held = [str(name) for name in dict.fromkeys(table["outcome"])]
    if outcome is not None and outcome not in held:
        raise ConfigError(f"outcome={outcome}: is not in this table; must be one of {', '.join(held)}")
    return table, outcome or held[0]


def _of_theory(table: Any, theory: str | None) -> Any:
    """Rows of one theory: the first, unless one is named."""
    theories = list(dict.fromkeys(table["theory"]))
    if theory is not None and theory not in theories:
        raise ConfigError(f"theory={theory}: not in this study{nearest(theory, theories)}")
    return only(table, theory=theory or theories[0])
