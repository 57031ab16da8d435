"""Whole studies whose truth is known: planted runs with all that a report asks of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from planted import UNMET, factorial, lever, named, runs, uncertainty

from govsim.measures.outcomes import OUTCOMES
from govsim.study.factors import Factor
from govsim.study.load import Study

STUDY_ID = "3fa9c1d2e4b56f70"
RESIDENTS = 15_000


def study(
    frame: pd.DataFrame, some: Mapping[str, Factor], designs: Mapping[str, Any] | None = None, **also: Any
) -> Study:
    """A study with these runs; incidence and weekly series are made up from unmet need."""
    frame = frame.assign(**{name: np.nan for name in OUTCOMES if name not in frame})
    own = ["run_id", "seed", *OUTCOMES]
    points = frame.drop(columns=own).drop_duplicates("point", ignore_index=True)
    results = frame.loc[:, ["point", *own]]
    manifest = {
        "study_id": STUDY_ID,
        "experiment": "planted",
        "question": "What does each do, which pairs help or hinder each other, and what does it cost?",
        "command": "govsim study experiment=planted",
        "source_hash": "00ff00ff00ff00ff",
        "baseline": "fragmented",
        "factors": [asdict(factor) for factor in some.values()],
        "designs": dict(designs or {}),
        "spec": {},
        "bases": {theory: {"place": {"residents": RESIDENTS}, "weeks": 30} for theory in frame["theory"].unique()},
    }
    read: dict[str, Callable[[], pd.DataFrame]] = {
        "points": lambda: points,
        "runs": lambda: results,
        "series": lambda: weekly(frame),
        "incidence": lambda: ends(frame),
        "timings": lambda: results.loc[:, ["point", "run_id", "seed"]].assign(seconds=1.0),
        "failures": lambda: pd.DataFrame({"point": pd.Series(dtype=int), "seed": pd.Series(dtype=int)}),
    }
    return Study(Path("nowhere"), manifest, {**read, **also})


def outcomes(frame: pd.DataFrame, cost: Callable[[Mapping[Any, Any]], float] = lambda row: 0.0) -> pd.DataFrame:
    """The runs with other outcomes that hang on unmet need, and with what policies cost."""
    chance = np.random.default_rng(7)
    better = (200.0 - frame[UNMET]) / 200.0
    luck = chance.standard_normal((len(frame), 6))
    extra = np.array([cost({str(k): v for k, v in row.items()}) for row in frame.to_dict("records")])
    return frame.assign(
        cured_share=0.45 + 0.3 * better + 0.002 * luck[:, 0],
        satisfaction=0.5 + 0.1 * better + 0.002 * luck[:, 1],
        trust=0.48,
        theil_unmet_need=0.03 + 0.001 * luck[:, 2],
        gini_unmet_need=0.2 + 0.01 * luck[:, 3],
        cost_per_resident=60.0 + extra + 0.2 * luck[:, 4] * (extra > 0.0),
        extra_cost_per_resident=extra + 0.2 * luck[:, 4] * (extra > 0.0),
        planned_cost_per_resident=extra,
        social_hours_per_resident=2.0 + 0.02 * luck[:, 5],
    )


def ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Curves of cure, paper closure and lapse: the less unmet need, the faster the cure."""
    day = np.arange(61)
    made = [
        pd.DataFrame(
            {
                "point": row["point"],
                "seed": row["seed"],
                "run_id": row["run_id"],
                "day": day,
                "cured": (0.8 - row[UNMET] / 500.0) * (1.0 - np.exp(-day / 15.0)),
                "on_paper": 0.1 * (1.0 - np.exp(-day / 20.0)),
                "lapsed": row[UNMET] / 1_000.0 * (1.0 - np.exp(-day / 30.0)),
            }
        )
        for row in frame.to_dict("records")
    ]
    return pd.concat(made, ignore_index=True)


def weekly(frame: pd.DataFrame) -> pd.DataFrame:
    """Weekly unmet need; a shock in week 5 adds what fades away, faster where there is less need."""
    week = np.arange(30)
    fading = np.where(week >= 5, np.exp(-np.maximum(week - 5, 0) / 3.0), 0.0)
    made = []
    for row in frame.to_dict("records"):
        hit = 0.0 if row.get("shock", "none") == "none" else 1.0
        unmet = (row[UNMET] + hit * 0.5 * row[UNMET] * fading) * RESIDENTS / 1_000.0
        about = {key: row[key] for key in ("point", "seed", "run_id")}
        made.append(pd.DataFrame({**about, "week": week, "unmet": unmet.astype(np.float32)}))
    return pd.concat(made, ignore_index=True)


LEVERS = (
    lever("committee", 0.0, 44.0),
    lever("fund", 0.0, 350_000.0),
    lever("grid_staffing", 0.55, 0.877, neutral=0.55),
)


def headline(seeds: int = 12, theories: Sequence[str] = ("performance",)) -> Study:
    """Three levers in all combinations: the committee hinders the fund; the staffing is on its own."""
    some = named(*LEVERS)

    def truth(about: Mapping[str, Any]) -> float:
        both = 5.0 if about["committee"] and about["fund"] else 0.0
        return (
            -10.0 * bool(about["committee"]) - 21.0 * bool(about["fund"]) - 17.0 * (about["grid_staffing"] > 0.6) + both
        )

    def cost(row: Mapping[Any, Any]) -> float:
        return 1.0 * bool(row["committee"]) + 12.0 * bool(row["fund"]) + 20.0 * (row["grid_staffing"] > 0.6)

    frame = outcomes(runs(factorial(*LEVERS), truth, some, seeds=seeds, theories=theories), cost)
    designs = {"levers.factorial": {"points": list(range(8))}}
    return study(frame, some, designs)


NAMES = (
    "more_of_the_same",
    "chengdu_2019",
    *(f"chengdu_2019 without {name}" for name in ("grid_integration", "department_capacity", "responsibility_list")),
    "committee+fund+grid_integration+grid_staffing+department_capacity+responsibility_list",
)


def _effects(names: Sequence[str]) -> dict[str, float]:
    """Effects of both signs; the first name does nothing at all to unmet need but its own luck."""
    return {name: 12.0 * np.sin(1.3 * i) if i else 0.0 for i, name in enumerate(names)}


def bundles(
    names: Sequence[str] = NAMES,
    seeds: int = 10,
    theories: Sequence[str] = ("performance",),
    budgets: Sequence[float] = (),
    scenarios: int = 1,
    **also: Any,
) -> Study:
    """Policies by their names; under the second theory what they do is turned round."""
    of = _effects(names)
    points: list[dict[str, Any]] = [{"policy": "fragmented", "designs": "policies"}]
    points += [
        {"policy": name, "designs": "policies", **({"budget": budget} if budgets else {})}
        for budget in budgets or [0.0]
        for name in names
    ]

    def truth(about: Mapping[str, Any]) -> float:
        sign = -1.0 if about["theory"] == "anchoring" else 1.0
        return (
            sign * of.get(about["policy"], 0.0) * (about["budget"] / 20.0 if budgets and about["budget"] > 0 else 1.0)
        )

    def cost(row: Mapping[Any, Any]) -> float:
        own = 5.0 * (1 + list(of).index(row["policy"])) if row["policy"] in of else 0.0
        return row["budget"] if row["budget"] > 0 else own

    worlds = {i: {"behaviour.patrol_reach": 0.2 + 0.1 * i} for i in range(scenarios)} if scenarios > 1 else None
    frame = outcomes(runs(points, truth, seeds=seeds, theories=theories, scenarios=worlds), cost)
    some = named(uncertainty("behaviour.patrol_reach", 0.2, 0.6)) if worlds else {}
    designs = {"uncertainties.latin_hypercube": {"rows": list(range(scenarios))}} if worlds else {}
    return study(frame, some, designs, **also)


def doses(seeds: int = 12, theories: Sequence[str] = ("performance",)) -> Study:
    """A fund that saturates and staffing in proportion, each alone."""
    fund = lever("fund", 0.0, 50_000.0, 100_000.0, 350_000.0, 700_000.0, designs=("doses",))
    staffing = lever("grid_staffing", 0.0, 0.3, 0.55, 0.877, 1.2, designs=("doses",), neutral=0.55)
    some = named(fund, staffing)
    points = [{"fund": dose, "grid_staffing": 0.55} for dose in fund.levels]
    points += [{"fund": 0.0, "grid_staffing": dose} for dose in staffing.levels if dose != 0.55]

    def truth(about: Mapping[str, Any]) -> float:
        return -21.0 * (1.0 - np.exp(-about["fund"] / 1e5)) - 40.0 * (about["grid_staffing"] - 0.55)

    frame = runs(points, truth, some, seeds=seeds, theories=theories, design="doses")
    return study(outcomes(frame, lambda row: row["fund"] / 3e4), some)


def shocked(seeds: int = 8) -> Study:
    """Three policies with and without two shocks."""
    some = named(uncertainty("shock", "none", "flood", "strike", designs=("factorial",)))
    points = [{"policy": name} for name in ("fragmented", "more_of_the_same", "chengdu_2019")]
    worlds = {i: {"shock": name} for i, name in enumerate(("none", "flood", "strike"))}

    def truth(about: Mapping[str, Any]) -> float:
        return -60.0 * (about["policy"] == "chengdu_2019")

    return study(outcomes(runs(points, truth, seeds=seeds, scenarios=worlds)), some)


def sampled(kind: str = "sobol", seeds: int = 2) -> Study:
    """Two policies over a Sobol or Morris sample: patrols matter for the outcome, detection for the effect."""
    from SALib.sample import morris, sobol

    names = ["behaviour.patrol_reach", "behaviour.detection_rate", "behaviour.voice"]
    problem = {"num_vars": 3, "names": names, "bounds": [[0.0, 1.0]] * 3}
    if kind == "sobol":
        sample = sobol.sample(problem, 16, calc_second_order=False, seed=1)
        design: dict[str, Any] = {"names": names, "bounds": problem["bounds"], "second_order": False}
    else:
        sample = morris.sample(problem, 10, num_levels=4, seed=1)
        design = {"names": names, "bounds": problem["bounds"], "num_levels": 4}
    found: dict[tuple[float, ...], int] = {}
    rows = [found.setdefault(tuple(row), len(found)) for row in sample.round(6).tolist()]
    worlds = {i: dict(zip(names, values, strict=True)) for values, i in found.items()}

    def truth(about: Mapping[str, Any]) -> float:
        effect = -20.0 * about["behaviour.detection_rate"] if about["policy"] == "chengdu_2019" else 0.0
        return 30.0 * about["behaviour.patrol_reach"] + effect

    points = [{"policy": name} for name in ("fragmented", "chengdu_2019")]
    frame = outcomes(runs(points, truth, seeds=seeds, scenarios=worlds, common=2.0, noise=0.1))
    some = named(*(uncertainty(name, 0.0, 1.0, designs=(kind,)) for name in names))
    return study(frame, some, {f"uncertainties.{kind}": {**design, "rows": rows}})
