"""Answers to the five questions that the model was made for, each from its study: see README.md beside this file.

uv run python experiments/questions/run.py                              all five
uv run python experiments/questions/run.py campaign approval            some of them
uv run python experiments/questions/run.py campaign --try place=community replicates=2 weeks=160
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from govsim import run_study
from govsim.compare.pairs import by_group, columns, differences, interval, with_draws
from govsim.config.check import ConfigError
from govsim.measures.outcomes import OUTCOMES
from govsim.study.load import Study

RESULTS = Path(__file__).resolve().parents[2] / "results"
UNMET = "unmet_case_days_per_1000"
APPROVED = 0.95
FALLS = 0.05
"""Share of unmet need from which it is said to fall."""
LAST_YEAR = 52


def by_world(study: Study, outcomes: Sequence[str]) -> pd.DataFrame:
    """What each policy does against the baseline in each world that the study lists."""
    varied = [name for name, factor in study.factors.items() if factor.role == "uncertainty"]
    worlds = study.runs.drop_duplicates("scenario").set_index("scenario")[varied]
    rows = []
    for outcome in outcomes:
        for group, some in by_group(differences(study.runs, outcome), ["theory", "scenario", "budget", "policy"]):
            world = worlds.loc[group["scenario"]].to_dict()
            about = {"outcome": outcome, **group, **world, "mean": some["value"].mean()}
            rows.append(about | columns("difference", interval(some, "difference"), test=False))
    return pd.DataFrame(rows).drop(columns="replicates")


def find_or_cure(study: Study) -> pd.DataFrame:
    """Worker or hour, world by world and budget by budget, with what the books show."""
    return by_world(study, [UNMET, "cured_share", "recorded_share", "backlog_per_1000", "branch_utilisation"])


def sinking(study: Study) -> pd.DataFrame:
    """Shares and hours, with and without a committee, world by world."""
    return by_world(study, [UNMET, "hops_per_case", "days_to_cure_restricted_mean", "branch_utilisation"])


def who_speaks(study: Study) -> pd.DataFrame:
    """Signals, with and without more patrols, where people are more or less ready to report."""
    return by_world(study, [UNMET, "theil_unmet_need", "gini_unmet_need", "environment", "trust"])


def approval(study: Study) -> pd.DataFrame:
    """How well each statistic tells worlds where approval is earned from those where it is not.

    A run counts where 95% of respondents approve. It is *earned* where true unmet need is at least a twentieth below
    that of the baseline of its world and seed, else not. ``auc`` is the chance that an earned one has the higher value
    of the statistic: 0.5 tells nothing, 0 or 1 everything.
    """
    runs = study.runs
    gaps = differences(runs, UNMET)[["point", "seed", "difference", "baseline_value"]]
    approved = runs.merge(gaps, on=["point", "seed"])
    approved = approved[approved["approval"] >= APPROVED]
    earned = approved["difference"] <= -FALLS * approved["baseline_value"]
    rows: list[dict[str, object]] = []
    for name in OUTCOMES:
        values = approved[name].astype(np.float64) if name in approved else pd.Series(dtype=np.float64)
        one, other = values[earned].dropna(), values[~earned].dropna()
        if name != UNMET and len(one) and len(other):
            rows.append({"statistic": name, "auc": _auc(one, other), "earned": one.mean(), "not_earned": other.mean(),
                         "n_earned": len(one), "n_not": len(other)})  # fmt: skip
    names = ["statistic", "auc", "earned", "not_earned", "n_earned", "n_not"]
    table = pd.DataFrame(rows, columns=pd.Index(names))
    print(
        f"{len(approved):,} of {len(gaps):,} runs have {APPROVED:.0%} approval; in {(~earned).sum():,} it is not earned"
    )
    return table.sort_values("auc", key=lambda auc: -(auc - 0.5).abs(), ignore_index=True)


def _auc(one: pd.Series, other: pd.Series) -> float:
    """The chance that a value of one is above a value of the other, ties half (Mann and Whitney's U, as a share)."""
    ranks = pd.concat([one, other]).rank().to_numpy()[: len(one)]
    return float((ranks.sum() - len(one) * (len(one) + 1) / 2) / (len(one) * len(other)))


def campaign(study: Study) -> pd.DataFrame:
    """What is left in the last year, long after campaigns ended, beside the year in which both could run."""
    series = with_draws(study.series, study.designs)
    shocks = study.points.set_index("point")["shock"]
    names = [name for name in (UNMET, "satisfaction", "trust", "joined_share", "environment") if name in series]
    last = int(series["week"].max())
    spans = {"weeks 52 to 103": (52, 104), "last year": (last - LAST_YEAR + 1, last + 1)}
    rows = []
    for span, (first, until) in spans.items():
        mine = series[(series["week"] >= first) & (series["week"] < until)]
        about = ["point", "policy", "theory", "scenario", "budget", "seed"]
        means = mine.groupby(about, dropna=False, sort=False)[names].mean().reset_index()
        means["is_baseline"] = means["policy"] == study.baseline
        for name in names:
            for group, some in by_group(differences(means, name), ["policy", "scenario"]):
                left = columns("difference", interval(some, "difference"), test=False)
                rows.append({"span": span, "outcome": name, **group, "shock": shocks[some["point"].iloc[0]], **left})
    return pd.DataFrame(rows).drop(columns=["scenario", "replicates"])


QUESTIONS = {
    "sinking": sinking,
    "find_or_cure": find_or_cure,
    "who_speaks": who_speaks,
    "approval": approval,
    "campaign": campaign,
}


def main() -> None:
    """Run the studies that are named and write their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", metavar="question", help=f"of {', '.join(QUESTIONS)}; default: all")
    parser.add_argument("--try", nargs="+", default=[], dest="tried", help="overrides for a try, which is kept apart")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one a core)")
    asked = parser.parse_args()
    for name in asked.questions or QUESTIONS:
        if name not in QUESTIONS:
            raise ConfigError(f"{name}: no such question; must be one of {', '.join(QUESTIONS)}")
        out = RESULTS / "-".join([f"question_{name}", *asked.tried]).replace("=", "-")
        study = run_study(f"experiment=question_{name}", *asked.tried, f"out={out}", f"jobs={asked.jobs}")
        table = QUESTIONS[name](study)
        folder = out if asked.tried else RESULTS / "reference" / "questions"
        folder.mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g")
        print(f"\n{name}: {study.manifest['question']}\n{table.head(40).to_string(index=False)}")


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        raise SystemExit(f"run.py: {error}") from None
