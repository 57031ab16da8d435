"""What do five levers do, each alone and each within the reform? One command: see README.md beside this file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from govsim.policies import INSTRUMENTS
from govsim.study.intervals import paired_difference, paired_slope
from govsim.study.paired import run_conditions

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parents[1] / "results" / "reference" / "levers"

# Fixed before the first run. The neutral dose, which changes nothing, comes with each lever.
DOSES: dict[str, tuple[float, list[float]]] = {
    "committee": (0, [0, 11, 22, 33, 44]),
    "fund": (0, [0, 175_000, 350_000, 700_000, 1_400_000]),
    "grid_staffing": (0.55, [0, 0.55, 0.877, 1.5, 2.5]),
    "department_capacity": (1.0, [0.7, 0.85, 1.0, 1.25, 1.5]),
    "certificates": (313, [313, 235, 155, 75, 15]),
}
CONTEXTS = {
    "alone": [],
    "in the reform": ["committee", "responsibility_list", "fund", "grid_staffing", "grid_integration", "certificates"],
}
BUNDLES = ["fragmented", "more_of_the_same", "chengdu_2019"]
OUTCOMES = ["unmet_case_days_per_1000", "cured_share", "satisfaction", "trust", "theil_unmet_need", "cost_per_resident"]


def conditions() -> dict[str, list[str]]:
    """Every condition by its label: ``bundle | name``, or context, lever and dose."""
    out = {f"bundle | {name}": [f"policy={name}"] for name in BUNDLES}
    for lever, (neutral, doses) in DOSES.items():
        dose_key = f"policy.{lever}.{INSTRUMENTS[lever].dose}"
        for context, others in CONTEXTS.items():
            chosen = ",".join([*(o for o in others if o != lever), lever])
            for dose in doses:
                out[f"{context} | {lever} | {dose:g}"] = [f"policy=[{chosen}]", f"{dose_key}={dose}"]
        closed = [f"behaviour.{name}={value}" for name, value in INSTRUMENTS[lever].channel.items()]
        for dose in (neutral, max(doses, key=lambda d, n=neutral: abs(d - n))):
            out[f"channel closed | {lever} | {dose:g}"] = [f"policy={lever}", f"{dose_key}={dose}", *closed]
    return out


def bundles(runs: pd.DataFrame) -> pd.DataFrame:
    """The reform and its rival against the arrangements before, and the reform against its rival."""
    rows = []
    for policy, baseline in [(BUNDLES[1], BUNDLES[0]), (BUNDLES[2], BUNDLES[0]), (BUNDLES[2], BUNDLES[1])]:
        for outcome in OUTCOMES:
            effect = paired_difference(runs, outcome, f"bundle | {policy}", f"bundle | {baseline}")
            rows.append(
                {"policy": policy, "baseline": baseline, "outcome": outcome, "difference": effect.mean,
                 "low": effect.low, "high": effect.high, "seeds": effect.n}
            )  # fmt: skip
    return pd.DataFrame(rows)


def tables(runs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Manipulation checks, effects of each dose against the neutral one, and effects with the channel closed."""
    checks, effects, closed = [], [], []
    for lever, (neutral, doses) in DOSES.items():
        check = INSTRUMENTS[lever].check
        far = max(doses, key=lambda d, n=neutral: abs(d - n))
        for context in CONTEXTS:
            named = {f"{context} | {lever} | {dose:g}": dose for dose in doses}
            slope = paired_slope(runs, check, named)
            checks.append(
                {"lever": lever, "context": context, "outcome": check, "slope": slope.mean, "low": slope.low,
                 "high": slope.high, "seeds": slope.n, "moves": slope.excludes_zero}
            )  # fmt: skip
            for label, dose in named.items():
                for outcome in OUTCOMES:
                    effect = paired_difference(runs, outcome, label, f"{context} | {lever} | {neutral:g}")
                    effects.append(
                        {"lever": lever, "context": context, "dose": dose, "outcome": outcome,
                         "difference": effect.mean, "low": effect.low, "high": effect.high, "seeds": effect.n}
                    )  # fmt: skip
        for outcome in ("unmet_case_days_per_1000", "cured_share", "satisfaction"):
            effect = paired_difference(
                runs, outcome, f"channel closed | {lever} | {far:g}", f"channel closed | {lever} | {neutral:g}"
            )
            closed.append(
                {"lever": lever, "dose": far, "outcome": outcome, "difference": effect.mean, "low": effect.low,
                 "high": effect.high, "seeds": effect.n}
            )  # fmt: skip
    return pd.DataFrame(checks), pd.DataFrame(effects), pd.DataFrame(closed)


def main() -> None:
    """Run all conditions and write the reference tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="replicates (default 20)")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one a core)")
    parser.add_argument("--out", type=Path, default=REFERENCE, help="folder of the tables")
    args = parser.parse_args()

    def progress(done: int, total: int) -> None:
        print(f"\r{done} of {total} tasks", end="", file=sys.stderr, flush=True)

    runs = run_conditions(conditions(), range(1, args.seeds + 1), args.jobs, progress)
    args.out.mkdir(parents=True, exist_ok=True)
    names = ("checks", "effects", "channel_closed", "bundles")
    for name, table in zip(names, (*tables(runs), bundles(runs)), strict=True):
        table.to_csv(args.out / f"{name}.csv", index=False, float_format="%.6g")
        print(f"\n{name}\n{table.to_string(index=False)}")


if __name__ == "__main__":
    main()
