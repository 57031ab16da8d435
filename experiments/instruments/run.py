"""What does every instrument do, with what else, and when does it backfire? One command: see README.md.

    uv run python experiments/instruments/run.py
    uv run python experiments/instruments/run.py --place community --replicates 2 weeks=30     (a quick try)

A command that was stopped goes on where it was. Studies are in ``results/instruments/``, the committed tables in
``results/reference/instruments/``; those of a try stay beside its studies.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd
import tables

from govsim import run_study
from govsim.compare import figures
from govsim.config.check import ConfigError
from govsim.policies import INSTRUMENTS
from govsim.study.load import Study

RESULTS = Path(__file__).resolve().parents[2] / "results"
LARGEST = 5
"""Instruments that are checked at district size, and whose pairs are searched for harm."""

DISTRICT_SEEDS = 5


class Runs:
    """Runs the studies, each into a folder of its own, with what was asked on the command line."""

    def __init__(self, overrides: Sequence[str], replicates: int | None, jobs: int) -> None:
        self.overrides, self.replicates, self.jobs = list(overrides), replicates, jobs
        tried = [*self.overrides, *([f"replicates={replicates}"] if replicates else [])]
        self.folder = RESULTS / "-".join(["instruments", *tried]).replace("=", "-")
        self.tables = self.folder / "tables" if tried else RESULTS / "reference" / "instruments"

    def study(self, name: str, *arguments: str) -> Study:
        """Run a study, or go on with it."""
        print(f"-- {name}", flush=True)
        asked = {text.partition("=")[0]: text for text in [*arguments, *self.overrides]}
        if self.replicates:
            asked["replicates"] = f"replicates={self.replicates}"
        return run_study(*asked.values(), f"out={self.folder / name}", f"jobs={self.jobs}")

    def experiment(self, name: str, *arguments: str) -> Study:
        """Run an experiment file."""
        return self.study(name, f"experiment={name}", *arguments)

    def keep(self, name: str, table: pd.DataFrame) -> None:
        """Write a table."""
        self.tables.mkdir(parents=True, exist_ok=True)
        table.to_csv(self.tables / f"{name}.csv", index=False, float_format="%.6g")


def closed(runs: Runs, doses: Study) -> pd.DataFrame:
    """Every instrument at its furthest dose with its channel closed."""
    found = []
    for name, instrument in INSTRUMENTS.items():
        factor = doses.factors[name]
        neutral = factor.neutral or 0.0
        far = max(factor.levels, key=lambda dose, n=neutral: abs(dose - n))
        levels = (neutral, far) if instrument.dose else ("off", "on")
        points = [f"{{policy:{p},{name}:{level}}}" for p in ("fragmented", "chengdu_2019") for level in levels]
        constants = [f"behaviour.{key}={value}" for key, value in instrument.channel.items()]
        study = runs.study(
            f"closed/{name}", f"levers.points=[{','.join(points)}]", "place=street", "replicates=20",
            "record.series=false", *constants,
        )  # fmt: skip
        found.append(tables.channel_closed(study, name))
    return pd.concat(found)


def picture(runs: Runs, effects: pd.DataFrame) -> None:
    """Each instrument at its own dose, alone and in the reform."""
    own = effects[effects["own"]]
    alone = own[(own["context"] == tables.ALONE) & (own["outcome"] == tables.UNMET)].set_index("instrument")["effect"]
    own = own.sort_values("instrument", key=lambda names: names.map(alone), kind="stable")
    mine = own.rename(columns={"instrument": "policy", "context": "theory", "effect": "difference"})
    shown = (mine["low"] > 0) | (mine["high"] < 0)
    mine = mine.assign(budget=float("nan"), baseline="its neutral dose", p_holm=1.0 - shown.astype(float))
    figure = figures.forest(mine, tables.UNMET).get_figure(root=True)
    if figure:
        figure.savefig(runs.tables / "effects.png", dpi=110, bbox_inches="tight", metadata={"Software": None})


def main() -> None:
    """Run everything and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("overrides", nargs="*", help="overrides that hold everywhere, for a try: weeks=30")
    parser.add_argument("--place", help="place, in place of a street, for a try")
    parser.add_argument("--replicates", type=int, help="seeds, in place of those of the experiments, for a try")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one a core)")
    asked = parser.parse_args()
    place = [f"place={asked.place}"] if asked.place else []
    runs = Runs([*place, *asked.overrides], asked.replicates, asked.jobs)

    doses = {
        tables.ALONE: runs.experiment("instruments_alone", "record.series=false"),
        tables.IN_REFORM: runs.experiment("instruments_in_reform", "record.series=false"),
    }
    checks, effects = tables.checks(doses), tables.effects(doses)
    runs.keep("checks", checks)
    runs.keep("effects", effects)
    picture(runs, effects)
    shut = closed(runs, doses[tables.ALONE])
    runs.keep("channel_closed", shut)

    together = tables.pairs(runs.experiment("pairs", "record.series=false"))
    runs.keep("pairs", together)

    by_theory = tables.theories(
        {
            tables.ALONE: runs.experiment("theories_alone", "record.series=false"),
            tables.IN_REFORM: runs.experiment("theories_in_reform", "record.series=false"),
        }
    )
    for name, table in by_theory.items():
        runs.keep(name, table)

    largest = tables.largest(effects, LARGEST)
    at = "place=district" if not asked.place else f"place={asked.place}"
    district = runs.study(
        "district", f"levers.each=[{','.join(largest)}]", at, f"replicates={DISTRICT_SEEDS}", "record.series=false"
    )
    size = tables.sizes(effects, district)
    runs.keep("district", size)

    pairs = ",".join(f"[{a},{b}]" for a, b in combinations(largest, 2))
    harms = tables.harms(runs.experiment("harm", f"levers.pairs=[{pairs}]", "record.series=false"))
    runs.keep("harm", harms)

    overview = tables.summary(effects, checks, shut)
    runs.keep("summary", overview)
    with pd.option_context("display.width", 200, "display.max_colwidth", 60, "display.max_columns", 30):
        print(overview.T.to_string())
        print(together[together["outcome"] == tables.UNMET].to_string(index=False))
        print("\n".join(tables.moved_by_theory(by_theory)))
        print(size[size["outcome"] == tables.UNMET].to_string(index=False))
        worst = harms[harms["harms"].astype(bool)]
        print(f"{len(worst)} of {len(harms)} policies harm; as meant:")
        print(worst[worst["as_meant"].astype(bool)].to_string(index=False))


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        raise SystemExit(f"run.py: {error}") from None
