"""Many worlds that share their luck: conditions x seeds, side by side.

For each seed one warm-up is run and every condition goes on from it, so that a difference between two conditions of
a seed is due to what differs between them. Conditions that differ in more than policy have a warm-up of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
from joblib import Parallel, delayed

from govsim.config.compose import compose, with_values
from govsim.config.schema import Config
from govsim.study.warmups import warmup_id
from govsim.study.world import build, finish, warm_up

__all__ = ["run_conditions"]


def run_conditions(
    conditions: Mapping[str, Sequence[str] | Config],
    seeds: Sequence[int],
    jobs: int = -1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run every condition under every seed and return its outcomes.

    Args:
        conditions: a label and the overrides that make it, or its configuration. Only its policy's world is run,
            and its seed is replaced.
        seeds: seeds, each a replicate.
        jobs: processes (-1: as many as the machine has cores), each with one thread.
        progress: called with tasks done and tasks in all.

    Returns:
        One row a condition and seed: ``condition``, ``seed``, and a column for each outcome (NaN: undefined),
        sorted by condition (in the order given) and seed.

    Raises:
        ConfigError: a condition asks for what is not allowed; nothing was run.
    """
    composed = {
        label: with_values(
            asked if isinstance(asked, Config) else compose([*asked, "baseline=none"]).config, {"engine.threads": 1}
        )
        for label, asked in conditions.items()
    }
    groups: dict[str, list[str]] = {}
    for label, config in composed.items():
        groups.setdefault(warmup_id(config), []).append(label)
    tasks = [(seed, labels) for seed in seeds for labels in groups.values()]
    rows = []
    results = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(_share_a_warmup)({label: with_values(composed[label], {"seed": seed}) for label in labels})
        for seed, labels in tasks
    )
    for done, some in enumerate(results, start=1):
        rows.extend(some or [])
        if progress is not None:
            progress(done, len(tasks))
    frame = pd.DataFrame(rows)
    frame["condition"] = pd.Categorical(frame["condition"], list(conditions))
    return frame.sort_values(["condition", "seed"], ignore_index=True)


def _share_a_warmup(configs: Mapping[str, Config]) -> list[dict[str, object]]:
    """Outcomes of conditions that go on from one warm-up."""
    rows, state = [], None
    for label, config in configs.items():
        city = build(config)
        if state is None:
            state = warm_up(city)
        city.restore(state)
        rows.append({"condition": label, "seed": config.seed, **finish(city, series=False).values})
    return rows
