"""Bounds: attitudes and environment live inside their bounds, not at them, in every world and theory."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import branch, plant_after, run, series

from govsim.city import City
from govsim.config.behaviour import THEORIES
from govsim.processes import experience
from govsim.processes.experience import Experience
from govsim.processes.funding import Funding

FULL_RUN = ("place=street",)
POLICIES = ("fragmented", "chengdu_2019", "more_of_the_same")
NEAR, CLIPPED = 0.05, 0.02


def latent_states(city: City) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Each latent state with the people it weighs for."""
    places, people = city.places.settlements, np.ones(len(city.residents))
    attitudes = {name: (getattr(city.residents, name), people) for name in ("satisfaction", "expectation", "trust")}
    return {**attitudes, "environment": (places.environment, places.residents)}


# --- the law: raises AssertionError when it is broken


def states_live_inside_their_bounds(city: City) -> None:
    """All in [0, 1]; no mean of any quarter within 0.05 of a bound, and under 2% of residents at one."""
    clipped = 0.0
    while city.running:
        run(city, min(city.week + 13, city.config.weeks))
        for name, (state, weights) in latent_states(city).items():
            assert np.isfinite(state).all(), name
            assert state.min() >= 0.0, name
            assert state.max() <= 1.0, name
            assert NEAR < np.average(state, weights=weights) < 1.0 - NEAR, name
            assert np.average((state == 0.0) | (state == 1.0), weights=weights) < CLIPPED, name
    recorded = series(city)
    for name in ("satisfaction", "trust", "environment", "felt_need", "responsiveness"):
        assert NEAR < recorded[name].min() <= recorded[name].max() < 1.0 - NEAR, name
    clipped = recorded["clipped"].sum() / (2 * len(city.residents) * len(recorded["clipped"]))
    assert clipped < CLIPPED


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("theory", THEORIES)
def test_states_live_inside_their_bounds(theory, policy):
    states_live_inside_their_bounds(branch(*FULL_RUN, f"behaviour={theory}", policy=(f"policy={policy}",)))


# --- planted faults


def life_is_wonderful(monkeypatch: pytest.MonkeyPatch) -> None:
    lived = experience.lived_performance
    monkeypatch.setattr(experience, "lived_performance", lambda *args: 0.7 + lived(*args))


def a_few_are_beyond_despair(monkeypatch: pytest.MonkeyPatch) -> None:
    def despair(city: City) -> None:
        city.residents.trust[::40] = 0.0

    plant_after(monkeypatch, Experience, "live_through_the_week", despair)


def trust_knows_no_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    def grow(city: City) -> None:
        city.residents.trust[0] = 1.01

    plant_after(monkeypatch, Experience, "live_through_the_week", grow)


def nothing_wears_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def renew(city: City) -> None:
        city.places.settlements.environment += np.float32(0.02)
        np.minimum(city.places.settlements.environment, 1.0, out=city.places.settlements.environment)

    plant_after(monkeypatch, Funding, "change_the_environment", renew)


@pytest.mark.parametrize(
    "fault", [life_is_wonderful, a_few_are_beyond_despair, trust_knows_no_bounds, nothing_wears_out]
)
def test_states_at_their_bounds_are_noticed(fault, monkeypatch):
    city = branch("place=community", "warmup=8", "weeks=60")
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        states_live_inside_their_bounds(city)
