"""Which parameters matter? Each at both ends of its range, in a config where it is active; see README.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from govsim.config.check import Leaf, walk
from govsim.config.compose import compose, with_values
from govsim.config.schema import Config
from govsim.measures.outcomes import OUTCOMES
from govsim.study.paired import run_conditions

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "reference" / "sensitivity"

# Every instrument is in force, so that its parameters can act.
EVERYTHING = "policy=[chengdu_2019,department_capacity]"
HEADLINES = [name for name, outcome in OUTCOMES.items() if outcome.group == "headline"] + ["cost_per_resident"]
BETWEEN = 0.1
"""Standard deviations between seeds that an end of the range must move a headline outcome by, to matter."""

# Where a parameter acts only under a theory or in a place of another shape, it is tried there.
ELSEWHERE = {
    "behaviour.disconfirmation": ["behaviour=disconfirmation"],
    "behaviour.anchoring": ["behaviour=anchoring"],
}
NOT_SWEPT = ("seed", "weeks", "warmup", "out", "record.", "engine.", "baseline.", "scenario.", "place.residents")


def ends(leaf: Leaf) -> list[object]:
    """The values to try: both ends of a range, or every choice but the one in force."""
    facts = leaf.facts
    if facts is None or leaf.key.startswith(NOT_SWEPT):
        return []
    if facts.choices:
        return [choice for choice in facts.choices if choice != leaf.value]
    if facts.low is None or facts.high is None or not isinstance(leaf.value, int | float):
        return []
    kind = int if leaf.type is int else float
    return [kind(end) for end in (facts.low, facts.high) if end != leaf.value]


def conditions(bases: dict[str, Config]) -> dict[str, Config]:
    """``key=value`` for every end that makes a valid configuration, and each base by its own label."""
    out: dict[str, Config] = dict(bases)
    for leaf in walk(bases[""]):
        base = bases[" ".join(ELSEWHERE.get(leaf.key, []))]
        for end in ends(leaf):
            try:
                out[f"{leaf.key}={end}"] = with_values(base, {leaf.key: end})
            except ValueError as refused:
                print(f"not tried: {refused}", file=sys.stderr)
    return out


def table(runs: pd.DataFrame, seeds: int) -> pd.DataFrame:
    """For each parameter the headline outcome it moves most, in standard deviations between seeds."""
    wide = {o: runs.pivot(index="seed", columns="condition", values=o).astype(float) for o in HEADLINES}
    ends_of: dict[str, list[dict[str, object]]] = {}
    for label in runs["condition"].cat.categories:
        key, _, value = label.partition("=")
        if label in (*map(" ".join, ELSEWHERE.values()), ""):
            continue  # a base
        base = " ".join(ELSEWHERE.get(key, []))
        moves = {}
        for outcome in HEADLINES:
            spread = max(float(np.nanstd(wide[outcome][base].to_numpy(), ddof=1)), 1e-12)
            difference = float((wide[outcome][label] - wide[outcome][base]).iloc[:seeds].mean())
            moves[outcome] = difference / spread if np.isfinite(difference) else 0.0
        most = max(moves, key=lambda outcome: abs(moves[outcome]))
        ends_of.setdefault(key, []).append({"value": value, "outcome": most, "moves_by_sd": moves[most]})
    rows = []
    for key, tried in ends_of.items():
        moved = [abs(float(str(end["moves_by_sd"]))) for end in tried]
        verdict = "active" if min(moved) > BETWEEN else "one end" if max(moved) > BETWEEN else "inert"
        rows.append({"parameter": key, **tried[int(np.argmax(moved))], "verdict": verdict})
    return pd.DataFrame(rows).sort_values("moves_by_sd", key=np.abs, ascending=False)


def main() -> None:
    """Run every end and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4, help="replicates of each end (default 4)")
    parser.add_argument("--base-seeds", type=int, default=20, help="replicates of the base (default 20)")
    parser.add_argument("--place", default="street", help="place (default street)")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one a core)")
    parser.add_argument("--out", type=Path, default=REFERENCE, help="folder of the table")
    args = parser.parse_args()

    def base(*overrides: str) -> Config:
        return compose([f"place={args.place}", EVERYTHING, "baseline=none", *overrides]).config

    def progress(done: int, total: int) -> None:
        print(f"\r{done} of {total} tasks", end="", file=sys.stderr, flush=True)

    bases = {"": base(), **{" ".join(o): base(*o) for o in ELSEWHERE.values()}}
    tried = conditions(bases)
    runs = pd.concat(
        [
            run_conditions(tried, range(1, args.seeds + 1), args.jobs, progress),
            run_conditions(bases, range(args.seeds + 1, args.base_seeds + 1), args.jobs, progress),
        ]
    )
    runs["condition"] = pd.Categorical(runs["condition"], list(tried))
    result = table(runs, args.seeds)
    args.out.mkdir(parents=True, exist_ok=True)
    result.to_csv(args.out / "parameters.csv", index=False, float_format="%.3g")
    print(f"\n{result['verdict'].value_counts().to_string()}\n{result.to_string(index=False)}")


if __name__ == "__main__":
    main()
