"""Size: a street is a typical piece of a district. Six intensive outcomes and the policy's effect agree within 10%.

Each comparison is two one-sided Welch tests at 5%: the 90% interval of the difference between the means over seeds
must lie inside 10% of the district's mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from scipy import stats
from worlds import branch, plant_after, run, series, warm

from govsim.city import City
from govsim.processes.street import Street

WITHIN = 0.10
WINDOW = ("warmup=26", "weeks=60", "record.handoffs=off")
STREETS, DISTRICTS = range(1, 13), range(1, 4)
POLICIES = ("fragmented", "chengdu_2019")

Weekly = Mapping[str, np.ndarray]

OUTCOMES: dict[str, Callable[[Weekly, float], float]] = {
    "unmet case-days per 1,000 and week": lambda weekly, thousands: weekly["unmet"].mean() / thousands,
    "found per 1,000 and week": lambda weekly, thousands: (
        sum(weekly[f"found_by_{who}"].mean() for who in ("grid", "resident", "property")) / thousands
    ),
    "cured for each raised": lambda weekly, _: weekly["cured"].sum() / weekly["raised"].sum(),
    "satisfaction": lambda weekly, _: weekly["satisfaction"][-13:].mean(),
    "trust": lambda weekly, _: weekly["trust"][-13:].mean(),
    "environment": lambda weekly, _: weekly["environment"][-13:].mean(),
}
HEADLINE = next(iter(OUTCOMES))

Samples = dict[str, list[float]]
"""Values by seed of each outcome in each world, and of the effects of the policy."""


def measured(place: str, seeds: Sequence[int]) -> Samples:
    """Both worlds of each seed, from the warm-up that they share."""
    samples: Samples = {}
    for seed in seeds:
        city = (f"place={place}", f"seed={seed}", *WINDOW)
        before, after = (outcomes(run(branch(*city, policy=(f"policy={policy}",)))) for policy in POLICIES)
        warm.cache_clear()  # the state of a district is large
        for name in OUTCOMES:
            samples.setdefault(f"{name}, before", []).append(before[name])
            samples.setdefault(f"{name}, after", []).append(after[name])
        samples.setdefault(f"effect on {HEADLINE}", []).append(after[HEADLINE] - before[HEADLINE])
    return samples


def outcomes(city: City) -> dict[str, float]:
    weekly, thousands = series(city), len(city.residents) / 1_000
    return {name: float(measure(weekly, thousands)) for name, measure in OUTCOMES.items()}


def interval(some: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """The 90% interval of the difference of means, relative to the mean of the others."""
    a, b = np.array(some), np.array(others)
    both = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.90)
    return float(both.low / abs(b.mean())), float(both.high / abs(b.mean()))


# --- the law: raises AssertionError when it is broken


def size_does_not_matter(street: Samples, district: Samples) -> None:
    """Every outcome of the street is within 10% of the district's, with 95% confidence on either side."""
    assert street.keys() == district.keys()
    for name, values in street.items():
        low, high = interval(values, district[name])
        assert -WITHIN < low <= high < WITHIN, f"{name}: {low:+.1%} to {high:+.1%}"


@pytest.fixture(scope="module")
def district() -> Samples:
    return measured("district", DISTRICTS)


@pytest.fixture(scope="module")
def street() -> Samples:
    return measured("street", STREETS)


def test_size_does_not_matter(street, district):
    size_does_not_matter(street, district)


def test_too_few_seeds_prove_nothing(street, district):
    """The law asks for proof of agreement, not for lack of proof of difference."""
    with pytest.raises(AssertionError):
        size_does_not_matter({name: values[:2] for name, values in street.items()}, district)


def test_a_piece_that_is_not_typical_is_noticed(district, monkeypatch):
    """As if the office of this street served sixteen others too."""

    def share_the_office(city: City) -> None:
        first, last = city.offices.streets
        city.desks.hours[first:last] /= 17

    plant_after(monkeypatch, Street, "open_the_week", share_the_office)
    with pytest.raises(AssertionError):
        size_does_not_matter(measured("street", STREETS[:4]), district)
