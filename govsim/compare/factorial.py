"""What does each lever do, which pairs help or hinder each other, and who gets which share of the whole?

Everything is a contrast: a weighted sum of the runs of one seed under all combinations of levers, so that luck cancels
within a seed and intervals are over seeds. A *main effect* is the difference between a level and the reference (the
neutral dose), averaged over all settings of the other levers. An *interaction* of two levers is what the second changes
in the effect of the first (a difference in differences), of three levers what the third changes in that; again averaged
over the others.

On the additive scale no interaction means that effects add up. Shares and rates seldom can: beside it stand the logit
for shares (none means that odds multiply) and the logarithm for values above 0 (none means that ratios multiply). A
seed in which one of the combinations has a share of exactly 0 or 1 has no logit and is left out there. An interaction
that is there on one scale only says something about the scale; one that is there on both, something about the levers.

Only policies at their own cost are used: at equal budgets a lever's dose hangs on the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import logit

from govsim.compare.pairs import beside, check_outcomes, columns, holm, interval
from govsim.compare.words import level as shown
from govsim.measures.outcomes import OUTCOMES
from govsim.study.intervals import LEVEL, Interval, settled
from govsim.study.layout import PAIR, TIMES

if TYPE_CHECKING:
    from govsim.study.plan import Factor

__all__ = ["cells", "interactions", "main_effects", "scales", "shapley"]

NOT_SHOWN, UNDEFINED = "no interaction shown", "undefined on this scale"
HELP, HINDER, ABOVE, BELOW = READINGS = (
    "help each other", "hinder each other", "together above the sum", "together below the sum",
)  # fmt: skip
"""What a shown interaction means; the last two where neither way is better."""
ADDITIVE, LOGIT, LOG = SCALES = "additive", "logit", "log"

_EFFECT = ["low", "high", "n", "replicates", "p", "p_holm"]
MAIN = ["outcome", "theory", "design", "factor", "level", "reference", "scale", "effect", *_EFFECT, "aliases"]
INTERACTIONS = [
    "outcome", "theory", "design", "factors", "order", "levels", "scale", "interaction", *_EFFECT, "reading", "aliases",
]  # fmt: skip
SHAPLEY = [
    "outcome", "theory", "factor", "shapley", *_EFFECT[:5], "share", "share_low", "share_high", "total", "total_low",
    "total_high",
]  # fmt: skip


@dataclass(frozen=True)
class _Design:
    """The combinations of levers that a design made, under one theory.

    Attributes:
        levels: of each lever, the reference first.
        combinations: a row a combination, a column a lever: (combinations, levers) indices into the levels.
        runs: their runs, with a column ``combination``.
    """

    name: str
    theory: str
    levels: dict[str, list[Any]]
    combinations: np.ndarray
    runs: pd.DataFrame

    @property
    def two_levels(self) -> bool:
        return all(len(levels) == 2 for levels in self.levels.values())


@dataclass(frozen=True)
class _Contrast:
    """Weights of combinations (combinations,), for some levers at some levels (indices)."""

    levers: tuple[str, ...]
    levels: tuple[int, ...]
    weights: np.ndarray
    aliases: str = ""


def main_effects(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """What each level of each lever does against its reference, averaged over the settings of the others.

    Returns:
        outcome, theory, design (``factorial``, ``fractional``, or the name of a pair), factor, level, reference, scale
        (``additive``, ``logit`` or ``log``), effect, low, high, n, replicates, p, p_holm (family: all rows of the
        scale), aliases (effects that a fractional design cannot tell apart from this one, ``a × b, −(c × d)``; else
        empty).
        Here n counts seeds x scenarios, each with a run of every combination.
    """
    rows = []
    for design, outcome, scale, wide in _each(runs, factors, outcomes):
        for contrast in _contrasts(design, 1):
            (lever,), (level,) = contrast.levers, contrast.levels
            levels = design.levels[lever]
            effect = interval(_worlds(wide, contrast.weights), "value")
            rows.append(
                {"outcome": outcome, "theory": design.theory, "design": design.name, "factor": lever,
                 "level": levels[level], "reference": levels[0], "scale": scale, **columns("effect", effect),
                 "aliases": contrast.aliases}
            )  # fmt: skip
    return _adjusted(rows, MAIN)


def interactions(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """Which levers change each other's effects: all pairs, and all triples where every lever is on or off.

    Returns:
        outcome, theory, design, factors (``a × b``), order (2 or 3), levels (those compared with the references,
        ``44 × 350,000``), scale, interaction, low, high, n, replicates, p, p_holm (family: all rows of the scale),
        reading, aliases (see :func:`main_effects`; a set of aliased pairs is one row).

        ``reading`` is, by p_holm and by which way the outcome is better, ``help each other`` (together they do
        better than one by one), ``hinder each other``, ``no interaction shown``; for outcomes that are neither better
        high nor low ``together above the sum`` or ``together below the sum``; and ``undefined on this scale``.
    """
    rows = []
    for design, outcome, scale, wide in _each(runs, factors, outcomes):
        orders = (2, 3) if design.name == "factorial" and design.two_levels else (2,)
        for contrast in (c for order in orders for c in _contrasts(design, order)):
            levels = (shown(design.levels[f][i]) for f, i in zip(contrast.levers, contrast.levels, strict=True))
            effect = interval(_worlds(wide, contrast.weights), "value")
            rows.append(
                {"outcome": outcome, "theory": design.theory, "design": design.name,
                 "factors": TIMES.join(contrast.levers), "order": len(contrast.levers), "levels": TIMES.join(levels),
                 "scale": scale, **columns("interaction", effect), "aliases": contrast.aliases}
            )  # fmt: skip
    table = _adjusted(rows, INTERACTIONS)
    read = zip(table["outcome"], table["interaction"], table["p_holm"], strict=True)
    return table.assign(reading=[_reading(*row) for row in read])


def shapley(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """How the effect of all levers together falls to each: its effect averaged over all orders of adding them.

    Shapley values add up to the effect of all against none; they share interactions equally. For full factorials in
    which each lever is on or off. The share is a ratio of means, with the interval of its linearisation (delta method).

    Returns:
        outcome, theory, factor, shapley, low, high, n, replicates, p, share, share_low, share_high (NaN where the
        interval of the total holds 0: nothing to share), total, total_low, total_high.
    """
    rows = []
    for design, outcome, scale, wide in _each(runs, factors, outcomes):
        if scale != ADDITIVE or design.name != "factorial" or not design.two_levels:
            continue
        on = design.combinations
        of_total = on.all(axis=1).astype(float) - (~on.any(axis=1)).astype(float)
        totals = _worlds(wide, of_total)
        total = interval(totals, "value")
        for i, lever in enumerate(design.levels):
            values = _worlds(wide, _shapley_weights(on.astype(bool), i))
            share = Interval(np.nan, np.nan, np.nan, total.n)
            if total.excludes_zero:
                ratio = interval(values, "value").mean / total.mean
                left = (values["value"] - ratio * totals["value"]) / total.mean
                share = interval(values.assign(share=ratio + left), "share")
            rows.append(
                {"outcome": outcome, "theory": design.theory, "factor": lever,
                 **columns("shapley", interval(values, "value")), **beside("share", "share", share),
                 **beside("total", "total", total)}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(SHAPLEY))


def cells(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """The mean under each combination of levers, to draw interactions from.

    Returns:
        outcome, theory, design, policy, a column for each lever (its level), mean, low, high, n, replicates. These
        intervals hold all luck; those of differences, which share it, are in the other tables.
    """
    rows = []
    for design in _designs(runs, factors):
        for outcome in check_outcomes(runs, outcomes):
            for _, some in design.runs.groupby("combination"):
                about = {"outcome": outcome, "theory": design.theory, "design": design.name}
                levels = some[["policy", *design.levels]].iloc[0].to_dict()
                rows.append(about | levels | columns("mean", interval(some, outcome), test=False))
    return pd.DataFrame(rows)


def scales(outcome: str, values: np.ndarray) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """The scales on which an outcome is looked at, by name: as it is, and the logit of a share or a logarithm."""
    found: dict[str, Callable[[np.ndarray], np.ndarray]] = {ADDITIVE: np.asarray}
    values = values[np.isfinite(values)]
    if OUTCOMES[outcome].unit in ("1", "0..1") and ((values >= 0.0) & (values <= 1.0)).all():
        found[LOGIT] = logit
    elif (values > 0.0).all():
        found[LOG] = np.log
    return found


def _each(
    runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]
) -> Iterator[tuple[_Design, str, str, pd.DataFrame]]:
    """Designs, outcomes and scales, each with a row a seed and scenario and a column a combination."""
    for design in _designs(runs, factors):
        index = [c for c in ("scenario", "draw", "seed") if c in design.runs]
        for outcome in check_outcomes(runs, outcomes):
            wide = design.runs.pivot(index=index, columns="combination", values=outcome).astype(np.float64)
            wide = wide.reindex(columns=range(len(design.combinations)))
            for scale, transform in scales(outcome, wide.to_numpy()).items():
                with np.errstate(divide="ignore"):
                    values = transform(wide.to_numpy())
                yield design, outcome, scale, pd.DataFrame(values, index=wide.index)


def _designs(runs: pd.DataFrame, factors: Mapping[str, Factor]) -> Iterator[_Design]:
    """Every factorial and fractional design of levers in the study, theory by theory."""
    runs = runs[runs["budget"].isna()]
    names = dict.fromkeys(name for factor in factors.values() for name in factor.designs)
    for name in (n for n in names if n in ("factorial", "fractional") or n.startswith(f"{PAIR} ")):
        members = runs[[name in designs.split("+") for designs in runs["designs"]]]
        for theory, some in members.groupby("theory", sort=False):
            levels = {
                f.name: _levels(f, some[f.name]) for f in factors.values() if f.role == "lever" and name in f.designs
            }
            levels = {lever: values for lever, values in levels.items() if len(values) > 1}
            if not levels:
                continue
            some = _spread(some, levels)
            found = np.column_stack([some[lever].map(values.index) for lever, values in levels.items()])
            combinations = np.unique(found, axis=0)
            if name != "fractional":
                combinations = np.array(list(product(*(range(len(values)) for values in levels.values()))))
            number_of = {tuple(row): i for i, row in enumerate(combinations)}
            some = some.assign(combination=[number_of[tuple(row)] for row in found])
            some = some.drop_duplicates(["combination", "scenario", "seed"])
            yield _Design(name, str(theory), levels, combinations, some)


def _levels(factor: Factor, values: pd.Series) -> list[Any]:
    """The levels that occur, the neutral one (or else the first) as the reference in front."""
    order = {level: i for i, level in enumerate(factor.levels)}
    return sorted(values.dropna().unique(), key=lambda v: (v != factor.neutral, order.get(v, len(order)), v))


def _spread(runs: pd.DataFrame, levels: Mapping[str, list[Any]]) -> pd.DataFrame:
    """A field of an instrument that is not there has no value: such a run stands for all levels of the field."""
    for lever, values in levels.items():
        moot = runs[lever].isna()
        if moot.any():
            runs = pd.concat([runs[~moot], *(runs[moot].assign(**{lever: value}) for value in values)])
    return runs


def _contrasts(design: _Design, order: int) -> Iterator[_Contrast]:
    if design.name == "fractional":
        yield from _aliased(design, order)
        return
    weights = {lever: np.full(len(levels), 1.0 / len(levels)) for lever, levels in design.levels.items()}
    for levers in combinations(design.levels, order):
        for levels in product(*(range(1, len(design.levels[lever])) for lever in levers)):
            chosen = dict(weights)
            for lever, level in zip(levers, levels, strict=True):
                chosen[lever] = np.zeros_like(weights[lever])
                chosen[lever][[0, level]] = -1.0, 1.0
            columns_of = design.combinations.T
            by_lever = [chosen[lever][column] for lever, column in zip(chosen, columns_of, strict=True)]
            yield _Contrast(levers, levels, np.prod(by_lever, axis=0))


def _aliased(design: _Design, order: int, longest: int = 3) -> Iterator[_Contrast]:
    """Contrasts of a two-level fraction, each set of aliased ones once, under the name that comes first."""
    signs = 2.0 * design.combinations - 1.0
    whole = (signs.sum(axis=0) == 0.0).all()  # else a combination is missing altogether, and nothing is balanced
    columns_of = {
        levers: signs[:, [list(design.levels).index(lever) for lever in levers]].prod(axis=1)
        for size in range(1, longest + 1)
        for levers in combinations(design.levels, size)
    }
    named: set[tuple[str, ...]] = set()
    for levers, column in columns_of.items():
        if len(levers) != order or levers in named or np.ptp(column) == 0.0:
            continue
        same = {other: float(column @ theirs) / len(column) for other, theirs in columns_of.items() if other != levers}
        aliases = {other: sign for other, sign in same.items() if abs(sign) == 1.0}
        named |= aliases.keys()
        text = ", ".join(_signed(TIMES.join(other), len(other), sign) for other, sign in aliases.items())
        weights = column * 2.0**order / len(column) if whole else np.full(len(column), np.nan)
        yield _Contrast(levers, (1,) * order, weights, text)


def _signed(name: str, size: int, sign: float) -> str:
    return name if sign > 0.0 else f"−({name})" if size > 1 else f"−{name}"


def _worlds(wide: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """A contrast in every seed and scenario, in a column ``value``."""
    values = wide.to_numpy()
    with np.errstate(invalid="ignore"):
        contrast = values @ weights
    finite = values[np.isfinite(values)]
    made = np.isfinite(contrast)
    contrast[made] = settled(contrast[made], float(np.abs(finite).max()) if len(finite) else 0.0)
    return wide.index.to_frame(index=False).assign(value=contrast)


def _shapley_weights(on: np.ndarray, lever: int) -> np.ndarray:
    """Weights of combinations (combinations,) of the Shapley value of a lever; on: (combinations, levers)."""
    levers = on.shape[1]
    others = on.sum(axis=1) - on[:, lever]
    weight = np.array([1.0 / (levers * comb(levers - 1, int(size))) for size in others])
    return np.where(on[:, lever], weight, -weight)


def _adjusted(rows: list[dict[str, object]], names: list[str]) -> pd.DataFrame:
    """A table with Holm's adjustment, scale by scale."""
    table = pd.DataFrame(rows, columns=pd.Index(names))
    for _, some in table.groupby("scale"):
        table.loc[some.index, "p_holm"] = holm(some["p"])
    return table


def _reading(outcome: str, interaction: float, p_holm: float) -> str:
    if np.isnan(p_holm):
        return UNDEFINED
    if p_holm >= 1.0 - LEVEL:
        return NOT_SHOWN
    better = OUTCOMES[outcome].better
    if not better:
        return ABOVE if interaction > 0.0 else BELOW
    return HELP if (interaction > 0.0) == (better == "higher") else HINDER
