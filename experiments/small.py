"""Run an experiment and keep the small part of its study, which notebooks read, under ``results/reference/studies/``.

    uv run python experiments/small.py headline fund fund_worlds rival

What is kept is a study like any other: all its points and runs, their headline outcomes and what they cost; no weekly
series. A study that is there, in ``results/NAME``, is not run again.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from govsim import Study, run_study
from govsim.measures.outcomes import OUTCOMES
from govsim.study.store import MANIFEST, write_batch

RESULTS = Path(__file__).resolve().parents[1] / "results"
GROUPS = ("headline", "cost")
ALSO = ("raised_per_1000",)
"""Outcomes of other groups that a notebook shows."""

CURVES = {"headline": 10}
"""Experiments whose curves of cured, closed and lapsed problems are kept, with one of so many days."""


def keep(study: Study, folder: Path, every: int = 0) -> None:
    """Write the small part of a study to a folder, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "batches").mkdir(parents=True)
    for name in (MANIFEST, "points.parquet"):
        shutil.copy(study.folder / name, folder)
    outcomes = [name for name, outcome in OUTCOMES.items() if outcome.group in GROUPS or name in ALSO]
    runs = study.runs[["point", "seed", "run_id", *(name for name in outcomes if name in study.runs)]]
    tables = {"runs": runs.dropna(axis="columns", how="all")}
    if every:
        days = study.incidence[study.incidence["day"] % every == 0]
        tables["incidence"] = days[["point", "seed", "day", "cured", "on_paper", "lapsed"]]
    write_batch(folder / "batches" / "000001", tables)


def main() -> None:
    """Run each experiment that is named and keep its small part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiments", nargs="+", help="names of experiments (govsim list experiments)")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one a core)")
    asked = parser.parse_args()
    for name in asked.experiments:
        study = run_study(f"experiment={name}", f"out={RESULTS / name}", f"jobs={asked.jobs}")
        folder = RESULTS / "reference" / "studies" / name
        keep(study, folder, CURVES.get(name, 0))
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{name}: {len(study.runs):,} runs, {size / 1_000:,.0f} kB in {folder.relative_to(RESULTS.parent)}")


if __name__ == "__main__":
    main()
