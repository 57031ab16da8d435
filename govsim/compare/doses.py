"""Does more of a lever do more: in proportion, with a bend, up to a point, or does it turn round?

Each lever with three doses or more is followed from dose to dose with all other levers where the design keeps them
(in a factorial: averaged over all their settings). Every number is made within a seed first, so its interval is over
seeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from govsim.compare import words
from govsim.compare.pairs import check_outcomes, columns, holm, intervals
from govsim.language import _, names_in_words
from govsim.study.intervals import LEVEL, Interval, settled

if TYPE_CHECKING:
    from govsim.study.plan import Factor

__all__ = ["marginals", "responses", "shapes", "slopes"]

DESIGNS = ("doses", "one_at_a_time", "factorial")
"""Designs in which a lever is at several doses while the others stand still or are balanced."""
FLAT = 0.1
"""A lever is saturated where what a unit still does is under this share of what the first does."""

NO_EFFECT, REVERSES, SATURATES, BENDS, LINEAR = "no effect shown", "reverses", "saturates", "bends", "linear"

_CURVE = ["outcome", "theory", "design", "factor"]
_TEST = ["low", "high", "n", "replicates", "p"]
RESPONSES = [*_CURVE, "dose", "reference", "mean", "effect", *_TEST]
MARGINALS = [*_CURVE, "from_dose", "to_dose", "slope", *_TEST]
SLOPES = [*_CURVE, "doses", "slope", *_TEST]
SHAPES = [*_CURVE, "shape", "at", "change", *_TEST, "p_holm", "sentence"]


@dataclass(frozen=True)
class _Curve:
    """One lever's doses under one theory.

    Attributes:
        about: outcome, theory, design and factor.
        factor: the lever.
        doses: (doses,) in the order in which they are followed: upwards, or downwards where the highest is neutral.
        reference: the neutral dose, or else the lowest.
        worlds: the scenario and seed of each world.
        values: the outcome: (worlds, doses).
    """

    about: dict[str, str]
    factor: Factor
    doses: np.ndarray
    reference: float
    worlds: pd.DataFrame
    values: np.ndarray

    def across(self, weights: np.ndarray) -> list[Interval]:
        """Weighted sums of doses, made in each world that has the doses that count: (sums, doses)."""
        sums = np.column_stack([self.values[:, row != 0.0] @ row[row != 0.0] for row in weights])
        for values, row in zip(sums.T, weights, strict=True):
            made = np.isfinite(values)
            size = np.abs(self.values[made][:, row != 0.0] * row[row != 0.0]).max(initial=0.0)
            values[made] = settled(values[made], float(size))
        return intervals(self.worlds, sums)

    def slope(self, start: int, end: int) -> np.ndarray:
        """Weights of the change per unit of dose between two doses."""
        weights = np.zeros(len(self.doses))
        weights[[start, end]] = np.array([-1.0, 1.0]) / (self.doses[end] - self.doses[start])
        return weights


def responses(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """The effect of each dose against the neutral one, or the lowest where no dose is neutral.

    Returns:
        outcome, theory, design, factor, dose, reference, mean (of the outcome at that dose), effect, low, high, n,
        replicates, p; the reference itself is a row of zeros. Doses are in the lever's own unit.
    """
    rows = []
    for curve in _curves(runs, factors, outcomes):
        at = np.eye(len(curve.doses))
        effects = curve.across(at - at[list(curve.doses).index(curve.reference)])
        for dose, mean, effect in zip(curve.doses, curve.across(at), effects, strict=True):
            about = curve.about | {"dose": dose, "reference": curve.reference, "mean": mean.mean}
            rows.append(about | columns("effect", effect))
    return pd.DataFrame(rows, columns=pd.Index(RESPONSES))


def slopes(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """Does a lever move an outcome at all: the least-squares line through its doses, one a world.

    Returns:
        outcome, theory, design, factor, doses (how many), slope (of the outcome, per unit of dose), low, high, n,
        replicates, p. A lever that is only off or on is here too, and its slope is its effect. A world in which the
        outcome is undefined at some dose is left out.
    """
    rows = []
    for curve in _curves(runs, factors, outcomes, least=2):
        centred = curve.doses - curve.doses.mean()
        slope = curve.across((centred / (centred**2).sum())[None])[0]
        rows.append(curve.about | {"doses": len(curve.doses)} | columns("slope", slope))
    return pd.DataFrame(rows, columns=pd.Index(SLOPES))


def marginals(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """What one more unit does between two successive doses.

    Returns:
        outcome, theory, design, factor, from_dose, to_dose, slope (of the outcome, per unit of dose), low, high, n,
        replicates, p.
    """
    rows = []
    for curve in _curves(runs, factors, outcomes):
        for (start, end), slope in zip(pairwise(curve.doses), curve.across(_slopes(curve)[:-1]), strict=True):
            rows.append(curve.about | {"from_dose": start, "to_dose": end} | columns("slope", slope))
    return pd.DataFrame(rows, columns=pd.Index(MARGINALS))


def shapes(runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str]) -> pd.DataFrame:
    """What each dose-response looks like, in a word and in a sentence.

    ================== ========================================================================================
    shape              the first that holds
    ================== ========================================================================================
    no effect shown    neither any slope between successive doses nor that over all of them differs from 0
    reverses           one slope lies on one side of 0 and a later one on the other, both shown
    saturates          the first slope is shown, and from some dose on the slope that remains up to the last dose
                       has its interval within a tenth of the first; ``at`` is the earliest such dose
    bends              the slope changes at some dose; ``at`` is where that is surest
    linear             none of this is shown, which with few replicates says little
    ================== ========================================================================================

    "Shown" is by Holm's adjustment over all slopes of the table, and over all changes of slope for bends.

    Returns:
        outcome, theory, design, factor, shape, at (dose; NaN for ``linear`` and ``no effect shown``), change (slope
        behind ``at`` less slope before it; without ``at``, where it is surest), low, high, n, replicates, p, p_holm
        (family: the changes at all inner doses of all curves in the table), sentence.
    """
    curves = list(_curves(runs, factors, outcomes))
    slopes = [curve.across(_slopes(curve)) for curve in curves]
    changes = [curve.across(np.diff(_slopes(curve)[:-1], axis=0)) for curve in curves]
    rows = []
    for curve, some, turns, shown, p_holm in zip(curves, slopes, changes, _holm(slopes), _holm(changes), strict=True):
        shape, at, sentence = _shape(curve, some, shown < 1.0 - LEVEL, p_holm)
        surest = int(np.nanargmin(p_holm)) if np.isfinite(p_holm).any() else 0
        inner = surest if at is None else at - 1
        rows.append(
            {**curve.about, "shape": shape, "at": np.nan if at is None else curve.doses[at],
             **columns("change", turns[inner]), "p_holm": p_holm[inner],
             "sentence": _("{lever}, {outcome}: {said}", lever=names_in_words(curve.factor.name),
                           outcome=words.label(curve.about["outcome"]), said=sentence)}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(SHAPES))


def _slopes(curve: _Curve) -> np.ndarray:
    """Weights of the slopes between successive doses and, last, over all of them: (doses, doses)."""
    last = len(curve.doses) - 1
    return np.array([*(curve.slope(i, i + 1) for i in range(last)), curve.slope(0, last)])


def _holm(tests: Sequence[Sequence[Interval]]) -> list[np.ndarray]:
    """Adjusted p of each curve's tests, over those of all curves."""
    adjusted = holm(pd.Series([test.p for some in tests for test in some], dtype=float))
    return np.split(adjusted, np.cumsum([len(some) for some in tests])[:-1]) if tests else []


def _shape(
    curve: _Curve, slopes: Sequence[Interval], shown: np.ndarray, p_holm: np.ndarray
) -> tuple[str, int | None, str]:
    """The word, the index of the dose where it happens, and the sentence without its subject.

    ``slopes`` and ``shown`` are as of :func:`_slopes`, ``p_holm`` of the changes at inner doses.
    """
    last, whole = len(curve.doses) - 1, slopes[-1]
    dose = [words.level(d) for d in curve.doses]
    if not shown.any():
        return NO_EFFECT, None, _("no effect shown between {low} and {high}", low=dose[0], high=dose[-1])

    signs = [np.sign(slope.mean) if seen else 0.0 for slope, seen in zip(slopes[:-1], shown[:-1], strict=True)]
    first = next((i for i, sign in enumerate(signs) if sign), last)
    turn = next((i for i in range(first + 1, last) if signs[i] == -signs[first]), None)
    if turn is not None:
        before, after = _each(curve, slopes[first]), _each(curve, slopes[turn])
        facts = {"dose": dose[turn], "before": before, "after": after}
        return REVERSES, turn, _("turns round at {dose}: {before} before, {after} after", **facts)

    bound = FLAT * abs(slopes[0].mean)
    rests = curve.across(np.array([curve.slope(i, last) for i in range(1, last)]))
    for i, rest in enumerate(rests, start=1):
        if shown[0] and -bound < rest.low and rest.high < bound:
            before, after = _each(curve, slopes[0]), _each(curve, rest)
            facts = {"dose": dose[i], "before": before, "after": after}
            return SATURATES, i, _("saturates at {dose}: {before} at first, {after} from there on", **facts)

    bends = np.flatnonzero(p_holm < 1.0 - LEVEL)
    if len(bends):
        at = int(bends[np.argmin(p_holm[bends])]) + 1
        before, after = _each(curve, slopes[at - 1]), _each(curve, slopes[at])
        facts = {"doses": words.listed(dose[i + 1] for i in bends), "before": before, "dose": dose[at], "after": after}
        return BENDS, at, _("bends at {doses}: {before} before {dose}, {after} after", **facts)
    facts = {"slope": _each(curve, whole), "low": dose[0], "high": dose[-1]}
    return LINEAR, None, _("in proportion, as far as shown: {slope} from {low} to {high}", **facts)


def _each(curve: _Curve, slope: Interval) -> str:
    """A slope in words, per round number of units of dose."""
    step = 10.0 ** np.floor(np.log10(np.ptp(curve.doses)))
    unit = "" if curve.factor.unit == "1" else f" {_(curve.factor.unit)}"
    slopes = words.interval(step * slope.mean, step * slope.low, step * slope.high)
    return _("{slope} per {step}", slope=slopes, step=words.level(step) + unit)


def _curves(
    runs: pd.DataFrame, factors: Mapping[str, Factor], outcomes: Sequence[str], least: int = 3
) -> Iterator[_Curve]:
    """Every lever, theory and outcome for which some design has so many doses or more."""
    outcomes = check_outcomes(runs, outcomes)
    runs = runs[runs["budget"].isna()]
    levers = [f.name for f in factors.values() if f.role == "lever"]
    for design in DESIGNS:
        members = runs[[design in designs.split("+") for designs in runs["designs"]]]
        for theory, some in members.groupby("theory", sort=False):
            for factor in factors.values():
                if factor.name not in levers or design not in factor.designs or not _is_curve(some[factor.name], least):
                    continue
                alone = some if design == "factorial" else _others_still(some, [f for f in levers if f != factor.name])
                for outcome in outcomes:
                    about = {"outcome": outcome, "theory": str(theory), "design": design, "factor": factor.name}
                    yield _curve(alone, factor, outcome, about)


def _is_curve(doses: pd.Series, least: int) -> bool:
    """Whether there are so many numbers or more; dates and names have no slope."""
    return doses.nunique() >= least and pd.api.types.is_numeric_dtype(doses)


def _others_still(runs: pd.DataFrame, others: list[str]) -> pd.DataFrame:
    """Runs in which the other levers are where they are most of the time: at the base of the design."""
    if not others:
        return runs
    base = runs.drop_duplicates("point")[others].mode(dropna=False).iloc[0]
    still = [(runs[name] == base[name]) | (runs[name].isna() & pd.isna(base[name])) for name in others]
    return runs[np.logical_and.reduce(still)]


def _curve(runs: pd.DataFrame, factor: Factor, outcome: str, about: dict[str, str]) -> _Curve:
    """A lever's doses; a seed that lacks a run at some dose has no value there."""
    index = [c for c in ("scenario", "draw", "seed") if c in runs]
    by_dose = runs.groupby([*index, factor.name])[outcome]
    settings = runs.groupby(factor.name)["policy"].nunique().max()
    worlds = by_dose.mean().where(by_dose.count() == settings).unstack(factor.name).astype(np.float64)
    doses = worlds.columns.to_numpy(np.float64)
    neutral = factor.neutral
    reference = float(neutral) if neutral is not None and neutral in doses else float(doses.min())
    down = len(doses) > 1 and reference == doses.max()
    order = np.argsort(-doses if down else doses)
    values = worlds.to_numpy()[:, order]
    return _Curve(about, factor, doses[order], reference, worlds.index.to_frame(index=False), values)
