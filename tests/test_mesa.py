"""The city as a Mesa model: what Mesa's own tools expect of it, and that no generator is ever drawn from."""

from __future__ import annotations

import copy
import pickle
import random
import re
from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa.discrete_space import FixedAgent

import govsim
from govsim import views
from govsim.city import City
from govsim.recorder import SERIES

SMALL = {"place": "community", "warmup": 2, "weeks": 3}


def test_it_runs_to_its_last_week_and_stops():
    city = City(rng=1, policy="chengdu_2019", **SMALL)
    assert isinstance(city, mesa.Model)
    assert city.running
    city.run_for(4)
    assert city.running
    assert (city.steps, city.time, city.week) == (4, 4.0, 2)
    city.run_for(1)
    assert not city.running
    frame = city.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(SERIES)
    assert len(frame) == 5
    assert np.array_equal(frame.to_numpy(), city.recorder.values, equal_nan=True)
    assert city.recorder.weeks == [-2, -1, 0, 1, 2]


def test_the_seed_is_the_luck():
    def raised(seed):
        city = City(rng=seed, policy="fragmented", **SMALL)
        city.run_model()
        return city.datacollector.get_model_vars_dataframe()["raised"].tolist()

    assert raised(1) == raised(1) != raised(2)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda city: pickle.loads(pickle.dumps(city))])
def test_a_copy_goes_on_as_the_city_does(copied):
    city = City(rng=1, policy="chengdu_2019", **SMALL)
    city.run_for(3)
    other = copied(city)
    for one in (other, city):
        one.run_model()
    assert other.recorder.values.tobytes() == city.recorder.values.tobytes()


def test_who_is_an_agent():
    city = City(rng=1, place="street")
    places = city.places
    expected = {
        type(city.committee): 1,
        type(city.departments[0]): len(city.departments),
        type(city.districts[0]): len(places.districts),
        views.Street: len(places.streets),
        views.Community: len(places.communities),
        views.Grid: len(places.grids),
        views.Compound: len(city.compounds),
        views.OpenPart: len(places.communities),
    }
    assert {kind: len(agents) for kind, agents in city.agents_by_type.items()} == expected
    assert len(city.agents) == sum(expected.values())
    assert list(city.agents_by_type[views.Compound]) == list(city.compounds)
    assert city.compounds[3] is city.places.settlements[city.compounds[3].row]
    ids = [agent.unique_id for agent in city.agents]
    assert ids == list(range(1, len(ids) + 1))


def test_settlements_stand_on_the_lattice():
    city = City(rng=1, place="street")
    assert city.lattice is not None
    assert issubclass(views.Settlement, FixedAgent)
    for settlement in city.places.settlements:
        cell = settlement.cell
        assert cell.agents == [settlement]
        assert cell.coordinate == (settlement.x, settlement.y)
        beside = {agent for near in cell.neighborhood for agent in near.agents}
        assert beside == set(settlement.neighbours)
    assert len(city.lattice.agents) == len(city.places.settlements)


def test_agents_can_be_asked_in_bulk():
    city = City(rng=1, policy="chengdu_2019", **SMALL)
    city.run_model()
    compounds = city.agents_by_type[views.Compound]
    rows = [compound.row for compound in compounds]
    assert compounds.get("environment") == city.places.settlements.environment[rows].tolist()
    typical = float(np.median(city.places.settlements.environment[rows]))
    poor = compounds.select(lambda compound: compound.environment < typical)
    assert 0 < len(poor) < len(compounds)
    collector = mesa.DataCollector(
        agenttype_reporters={views.Community: {"fund": "fund_balance", "people": "population"}}
    )
    collector.collect(city)
    frame = collector.get_agenttype_vars_dataframe(views.Community)
    assert frame["fund"].tolist() == city.places.communities.balance.tolist()
    assert sum(frame["people"].tolist()) == len(city.residents)


class Poison:
    """A generator that nobody may ask."""

    def __getattr__(self, name):
        raise AssertionError(f"a generator was asked for {name}")


def poison(patch: pytest.MonkeyPatch, city: City) -> None:
    """Let every draw from ``random``, ``numpy.random`` or the model's own generators raise."""

    def draw(*_, **__):
        raise AssertionError("a draw from a generator")

    for name in random.__all__:
        patch.setattr(random, name, draw)
    for name in ("random", "getrandbits", *(n for n in vars(type(city.random)) if n[0] != "_")):
        patch.setattr(type(city.random), name, draw, raising=False)
    for name in np.random.__all__:
        patch.setattr(np.random, name, draw)
    patch.setattr(city, "rng", Poison())


def test_no_generator_is_drawn_from_during_a_run():
    plain, poisoned = (City(rng=5, policy="chengdu_2019", place="community", warmup=2, weeks=20) for _ in range(2))
    plain.run_model()
    with pytest.MonkeyPatch.context() as patch:
        poison(patch, poisoned)
        poisoned.run_model()
        _ = [case.handoffs for case in poisoned.cases], [c.neighbours for c in poisoned.compounds]
    assert poisoned.recorder.values.tobytes() == plain.recorder.values.tobytes()


@pytest.mark.parametrize(
    "draw",
    [
        lambda city: random.random(),
        lambda city: random.Random(1).shuffle([1, 2]),
        lambda city: np.random.rand(),  # noqa: NPY002
        lambda city: np.random.default_rng(1),
        lambda city: city.random.random(),
        lambda city: city.rng.random(),
        lambda city: city.agents.shuffle_do("step"),
        lambda city: city.lattice.select_random_empty_cell(),
    ],
)
def test_the_poison_works(draw):
    city = City(rng=5, **SMALL)
    with pytest.MonkeyPatch.context() as patch:
        poison(patch, city)
        city.incidence.raise_cases = lambda: draw(city)
        with pytest.raises(AssertionError, match="generator"):
            city.step()


GENERATOR = re.compile(r"\bnp\.random\b|numpy\.random|\b(import|from) random\b|import random\b|\burandom\b|\bsecrets\b")


def test_no_source_names_a_generator():
    """Compiled kernels have generators of their own that no poison reaches."""
    for line in ("x = np.random.rand()", "import random", "from numpy import random", "import numpy.random as r"):
        assert GENERATOR.search(line)
    package = Path(govsim.__path__[0])
    for path in package.rglob("*.py"):
        # of results, when all worlds are over, and of worlds that are still to be run
        if path != package / "compare" / "resampling.py" and path.parent != package / "calibration":
            assert not GENERATOR.search(path.read_text(encoding="utf-8")), path.name
