"""Shocks in configurations: how one is chosen, what a scenario file may say, and that both worlds of a run meet it.

What a shock does to a world is in tests/laws/test_shocks.py.
"""

from __future__ import annotations

import pytest
import yaml

from govsim import simulate
from govsim.city import City
from govsim.cli import main
from govsim.config.check import ConfigError
from govsim.config.compose import compose, from_resolved, resolved, with_values
from govsim.config.overrides import options
from govsim.config.parameters import ASSUMED, describe
from govsim.config.scenario import Scenario
from govsim.study.manifest import run_id

SMALL = ("place=community", "warmup=4", "weeks=12")
SOON = ("scenario.start=2017-10-02", "scenario.weeks=6")  # from week 4


def test_no_shock_is_the_default():
    assert compose().config.scenario == compose(["scenario=none"]).config.scenario == Scenario()
    assert compose().choices["scenario"] == "none"
    assert Scenario(start="2017-10-02", weeks=6).during == range(4, 10)


@pytest.mark.parametrize(("name", "factor"), [("demand", 1.5), ("staff", 0.75), ("budget", 0.5)])
def test_shipped_shocks_change_one_thing_each(name, factor):
    assert set(options("scenario")) == {"none", "campaigns_end", "demand_shock", "staff_shock", "budget_shock"}
    composed = compose([f"scenario={name}_shock"])
    factors = {"demand": 1.0, "staff": 1.0, "budget": 1.0, name: factor}
    shock = composed.config.scenario
    assert {key: getattr(shock, key) for key in factors} == factors
    assert composed.choices["scenario"] == f"{name}_shock"
    assert run_id(composed.config) != run_id(compose().config)


def test_shocks_combine_and_can_be_set():
    asked = ["scenario=[demand_shock,staff_shock]", "scenario.demand=2", "scenario.start=2018-01-01"]
    shock = compose(asked).config.scenario
    assert (shock.demand, shock.staff, shock.start) == (2.0, 0.75, "2018-01-01")
    assert City(place="community", scenario="demand_shock", warmup=0).config.scenario.demand == 1.5


def test_a_scenario_file_of_one_s_own(tmp_path, monkeypatch):
    folder = tmp_path / "configs" / "scenario"
    folder.mkdir(parents=True)
    (folder / "flood.yaml").write_text("# A flood\ndemand: 3\nstaff: 0.5\nstart: '2019-07-01'\nweeks: 4\n")
    monkeypatch.chdir(tmp_path)
    assert compose(["scenario=flood"]).config.scenario == Scenario("2019-07-01", 4, 3.0, 0.5)


def test_every_number_of_a_shock_is_declared():
    for name, facts, default in describe(Scenario):
        assert (facts.source, facts.grade) == (ASSUMED, "D"), name
        if name in ("demand", "staff", "budget"):
            assert facts.low is not None
            assert facts.high is not None
            assert facts.low < default == 1.0 < facts.high
    assert Scenario.__dataclass_fields__.keys() == {name for name, *_ in describe(Scenario)}


def test_the_configuration_shows_it_and_can_be_read_again(capsys):
    assert main(["run", "--cfg", "job", "scenario=staff_shock"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert shown["scenario"]["staff"] == 0.75
    assert from_resolved(shown) == compose(["scenario=staff_shock"]).config


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("scenario=demand_shok", "scenario=demand_shok: no such option; nearest: demand_shock"),
        ("scenario=[demand_shock,none]", "none stands alone"),
        ("scenario.demnd=2", "scenario.demnd: no such key; nearest: scenario.demand"),
        ("scenario.demand=4", "scenario.demand=4.0: must be a number from 0.25 to 3"),
        ("scenario.staff=0", "scenario.staff=0.0: must be a number from 0.25 to 1.5"),
        ("scenario.budget=-1", "scenario.budget=-1.0: must be a number from 0 to 2"),
        ("scenario.weeks=0", "scenario.weeks=0: must be a whole number from 1 to 520 (weeks)"),
        ("scenario.start=soon", "scenario.start=soon: must be a date like 2018-01-01"),
        ("scenario.start=''", "scenario.start: must be a date like 2018-01-01"),
        ("scenario.start=2017-09-03", "scenario.start=2017-09-03: the calendar begins on 2017-09-04"),
    ],
)
def test_bad_shocks_are_answered_in_one_line(asked, message):
    with pytest.raises(ConfigError) as caught:
        compose([asked])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_shock_that_is_changed_is_checked():
    config = compose(["scenario=demand_shock"]).config
    assert with_values(config, {"scenario.demand": 2}).scenario.demand == 2.0
    with pytest.raises(ConfigError, match=r"scenario\.start"):
        with_values(config, {"scenario.start": "2001-01-01"})
    assert from_resolved(resolved(config)) == config


def test_both_worlds_of_a_run_meet_it():
    plain, shocked = (
        run.series[run.series["outcome"] == "raised"].pivot(index="week", columns="world", values="value")
        for run in (simulate(*SMALL), simulate(*SMALL, *SOON, "scenario=demand_shock", "scenario.demand=3"))
    )
    assert list(plain.columns) == ["baseline", "policy"]
    assert shocked.loc[:3].equals(plain.loc[:3])
    assert (shocked.loc[4:9].sum() > 2.0 * plain.loc[4:9].sum()).all()
    assert (shocked.loc[10:].sum() < 1.5 * plain.loc[10:].sum()).all()
