"""What charts, levers and stories say is what the tables of the cities hold."""

from __future__ import annotations

import json

import numpy as np
import pytest
from small_place import SMALL

from govsim import cases as c
from govsim.app import charts, levers, story
from govsim.app.twins import WORLDS, Twins
from govsim.config.check import ConfigError
from govsim.language import LANGUAGES, in_language
from govsim.measures.cost import spending
from govsim.measures.record import Record
from govsim.policies import INSTRUMENTS
from govsim.study.world import weekly


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("govsim.app.twins.default_folder", lambda: tmp_path_factory.mktemp("warmups"))
        twins = Twins(overrides=SMALL)
    for week in range(20):
        if week == 6:
            twins.put("grid_staffing", workers_per_grid=2.0)
        twins.step()
    return twins


def curves(options: charts.Options) -> dict[str, list]:
    return {line["name"]: line["data"] for line in options["series"] if line["type"] == "line"}


@pytest.mark.parametrize("outcome", charts.OVER_TIME)
def test_an_outcome_is_drawn_as_it_was_recorded(model, outcome):
    lines = curves(charts.chart(model, "time", outcome))
    for world in WORLDS:
        recorded = weekly(model.cities[world])[outcome][-21:]
        drawn = np.array([np.nan if y is None else y for _x, y in lines[world]])
        share = charts.OUTCOMES[outcome].unit == "1"
        assert drawn == pytest.approx((100 if share else 1) * recorded, rel=1e-3, nan_ok=True)
    assert lines["baseline"][0] == lines["policy"][0]  # the last week of the warm-up
    assert lines["before"][-1][0] < lines["policy"][1][0]


def test_a_chart_says_its_unit_and_names_every_mark(model):
    drawn = charts.chart(model, "time", "trust")
    assert drawn["title"]["text"] == "0 to 1"
    assert [name["name"] for name in drawn["legend"]["data"]] == [series["name"] for series in drawn["series"]]


def test_a_change_is_marked_on_its_date_with_its_number(model):
    policy = next(s for s in charts.chart(model, "time", "trust")["series"] if s["name"] == "policy")
    (mark,) = policy["markLine"]["data"]
    assert (mark["xAxis"], mark["label"]["formatter"]) == ("2017-10-16", "1")


def test_open_problems_are_all_there_wherever_they_are(model):
    bars = charts.chart(model, "stuck", "")["series"]
    thousands = model.cities["policy"].places.population / 1_000.0
    for bar in bars:
        counts = model.cities[bar["name"]].stage_counts
        assert sum(bar["data"]) * thousands == pytest.approx(
            counts[c.LATENT : c.PAPER + 1].sum(), abs=0.05 * 6 * thousands
        )


def test_departments_hold_every_case_that_is_at_a_branch(model):
    for city in model.cities.values():
        assert charts.with_departments(city).sum() == city.stage_counts[c.BRANCH]


def test_costs_are_those_of_the_record(model):
    baseline = model.cities["baseline"]
    assert {k: v.sum() for k, v in charts.spending(baseline).items()} == pytest.approx(spending(Record.of(baseline)))


def test_costs_follow_what_was_changed_under_way(model):
    workers = charts.spending(model.cities["policy"])["grid_workers"]
    assert workers[6] > 1.5 * workers[5]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("which", charts.CHARTS)
def test_every_chart_is_plain_json_in_every_language(model, which, code):
    with in_language(code):
        json.dumps(charts.chart(model, which, charts.OVER_TIME[0]), allow_nan=False)


# --- levers and stories


def test_every_instrument_has_a_lever_that_stands_as_it_is_in_force(model):
    shown = {lever["name"]: lever for lever in levers.levers(model)}
    assert shown.keys() == INSTRUMENTS.keys()
    assert [*shown][: len(levers.FIRST)] == [*levers.FIRST]
    running = {p.name for p in model.cities["policy"].timeline.running(model.week)}
    assert {name for name, lever in shown.items() if lever["on"]} == running
    assert shown["grid_staffing"]["text"] == "2"
    assert shown["party_organisation"]["note"] == "from 4 Jun 2018"
    for lever in shown.values():
        assert lever["field"] is None or lever["low"] <= lever["value"] <= lever["high"]


def test_a_dose_is_read_as_people_write_it():
    assert levers.read_dose("fund", "yuan", " 350,000 ") == 350_000.0
    with pytest.raises(ConfigError, match=r"policy.fund.yuan=lots: is no number"):
        levers.read_dose("fund", "yuan", "lots")


def test_a_change_is_told_in_words(model):
    (change,) = model.changes
    assert levers.change_in_words(change) == "Grid staffing: 2 workers per grid"
    assert levers.change_in_words(change._replace(instrument=None)) == "Grid staffing: no longer"


def test_a_story_holds_the_facts_of_both_worlds(model):
    for row in range(len(model.cities["policy"].places.settlements)):
        facts = {fact.words: fact for fact in story.facts(model, row)}
        for world in WORLDS:
            table = model.cities[world].places.settlements
            said = getattr(facts["Satisfaction"], world)
            assert float(said) == pytest.approx(table.mean_satisfaction[row], abs=0.005)
            assert ("Owners' committee" in facts) == bool(table.is_compound[row])
        assert facts["Residents"].same


def test_each_world_tells_its_own_story(model):
    told = {world: [str(line) for line in story.story(model, 0, world)] for world in WORLDS}
    assert told["baseline"] != told["policy"]
    assert told["policy"] == [str(line) for line in model.probes["policy"].compound(0).lines()]
