"""The residents' week of attitudes against the same rule in whole arrays of numpy."""

from __future__ import annotations

import tracemalloc
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np
from report import Report
from timing import UNDER, city_at, seconds

from govsim.city import City
from govsim.jit import in_blocks
from govsim.processes.experience import ANCHORING, DISCONFIRMATION, _live, lived_performance

_STORED = 3e-7
"""Relative difference of two values in single precision that rounding explains."""


def measure(asked: Namespace, report: Report) -> None:
    """Each place: first that both do the same, then how long they take and what memory they ask for on the way."""
    for place in asked.places:
        city = city_at(place, UNDER)
        performance = _performance(city)
        ways: dict[str, Callable[[], float]] = {
            "kernel, 1 thread": partial(by_kernel, city, performance, 1),
            "kernel, 2 threads": partial(by_kernel, city, performance, 2),
            "whole arrays of numpy": partial(by_arrays, city, performance),
        }
        apart = _difference(city, ways["kernel, 1 thread"], ways["whole arrays of numpy"])
        if apart > _STORED:
            raise AssertionError(f"the two rules differ by {apart:.1e}")
        times = [{name: seconds(way) for name, way in ways.items()} for _ in range(3 * asked.repeats)]
        people = len(city.residents)
        cost = {name: 1e9 * median(each[name] for each in times) / people for name in ways}
        for name, way in ways.items():
            report.row(
                f"A week of attitudes: {place}, {people:,} residents",
                name,
                {
                    "ns per resident": cost[name],
                    "ratio": cost[name] / cost["kernel, 1 thread"],
                    "extra memory at most, bytes a resident": _most_extra_memory(way) / people,
                    "largest relative difference": apart,
                },
            )


def by_kernel(city: City, performance: np.ndarray, threads: int) -> float:
    """The week as the city does it; how many attitudes hit a bound."""
    clipped = np.zeros(len(city.block_order))
    people, here = city.residents.columns, city.places.settlements.columns
    in_blocks(
        threads, city.block_order, lambda part: _live(city.blocks, part, performance, people, here, city.p, clipped)
    )
    return clipped.sum()


def by_arrays(city: City, performance: np.ndarray) -> float:
    """The same rule, an array at a time; how many attitudes hit a bound."""
    p = SimpleNamespace(**{name: city.p[name].item() for name in city.p.dtype.names})
    residents, settlements = city.residents, city.places.settlements
    here = np.repeat(np.arange(len(settlements)), settlements.residents)
    gain = 1.0 / p.loss_weight
    anchored = p.satisfaction_theory == ANCHORING
    disconfirmation = p.disconfirmation if p.satisfaction_theory == DISCONFIRMATION else 0.0

    lived = performance[here] + residents.taste
    content, expected = residents.satisfaction.astype(float), residents.expectation.astype(float)
    gap = lived - expected
    target = lived + disconfirmation * gap * np.where(gap < 0.0, 1.0, gain)
    new = _toward(content, target, p.satisfaction_rate, gain)
    new += p.social_pull * (settlements.mean_satisfaction[here] - content)
    trusted = p.trust_base + p.trust_answer * settlements.responsiveness.astype(float)
    trust = _toward(residents.trust.astype(float), trusted[here] + residents.taste, p.trust_rate, gain)
    expected += (p.anchoring if anchored else p.expectation_rate) * ((new if anchored else lived) - expected)

    residents.satisfaction[:] = np.clip(new, 0.0, 1.0)
    residents.trust[:] = np.clip(trust, 0.0, 1.0)
    residents.expectation[:] = np.clip(expected, 0.0, 1.0)
    for mean, attitude in (("mean_satisfaction", residents.satisfaction), ("mean_trust", residents.trust)):
        total = np.add.reduceat(attitude, settlements.first_resident, dtype=float)
        getattr(settlements, mean)[:] = total / settlements.residents
    return ((new < 0.0) | (new > 1.0)).sum() + ((trust < 0.0) | (trust > 1.0)).sum()


def _toward(value: Any, target: Any, rate: float, gain: float) -> Any:
    gap = target - value
    return value + rate * gap * np.where(gap < 0.0, 1.0, gain)


def _performance(city: City) -> np.ndarray:
    settlements, p = city.places.settlements, city.p
    hours = city.places.communities.time_lost[settlements.community] + p.gate_hours * settlements.gated
    return lived_performance(settlements, hours / (hours + p.time_half), p)


def _difference(city: City, one: Callable[[], float], other: Callable[[], float]) -> float:
    """Largest relative difference of any attitude and any mean, both from the same state, which is left as it was."""
    residents, settlements = city.residents, city.places.settlements
    start = residents.state(), settlements.state()
    ends = []
    for way in (one, other):
        hits = way()
        means = settlements.mean_satisfaction, settlements.mean_trust
        attitudes = residents.satisfaction, residents.trust, residents.expectation
        ends.append([np.array([hits]), *(array.copy() for array in (*means, *attitudes))])
        residents.restore(start[0])
        settlements.restore(start[1])
    return max(float((np.abs(a - b) / np.maximum(np.abs(b), 1e-9)).max()) for a, b in zip(*ends, strict=True))


def _most_extra_memory(way: Callable[[], float]) -> int:
    tracemalloc.start()
    way()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most
