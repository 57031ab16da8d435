"""Time per resident and week in places of all sizes, in one thread and in two."""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict
from statistics import median

from report import Report
from timing import UNDER, city_at, seconds

_TURNS = (1, 1, 1, 1, 2, 2, 2, 2)
"""Threads of the weeks that a place does before it is another's turn: the first of them finds cold caches."""


def measure(asked: Namespace, report: Report) -> None:
    """All places in turn, under the reform."""
    cities = {place: city_at(place, UNDER) for place in asked.places}
    times: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(2 * asked.repeats):
        for place, city in cities.items():
            for threads in _TURNS:
                city.threads = threads
                times[place, threads].append(1e9 * seconds(city.step) / len(city.residents))
    cost = {key: median(values) for key, values in times.items()}
    for threads in sorted(set(_TURNS)):
        for before, place in zip([None, *asked.places], asked.places, strict=False):
            report.row(
                "Time per resident and week under the reform",
                f"{place}, {len(cities[place].residents):,} residents, {threads} thread{'s'[: threads - 1]}",
                {
                    "ns per resident-week": cost[place, threads],
                    "ms a week": cost[place, threads] * len(cities[place].residents) / 1e6,
                    "against the next smaller place": cost[place, threads] / cost[before, threads] if before else "",
                    "against one thread": cost[place, threads] / cost[place, 1],
                },
            )
