"""From a command line to points: what is run, under which name, and what is refused."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from govsim.config.check import ConfigError, validate
from govsim.config.compose import compose, resolved
from govsim.config.overrides import options
from govsim.policies import INSTRUMENTS
from govsim.study import levers, scenarios
from govsim.study import plan as planning
from govsim.study.plan import Plan, make_plan
from govsim.study.spec import read_spec, spec_from

COMMUNITY = "place=community"
FUND = "levers.policies=[fund]"


@pytest.fixture(autouse=True, scope="module")
def composed_once():
    """Composing is most of the work of a plan, and these plans ask for the same again and again."""
    once = cache(lambda lines: compose(lines))
    with pytest.MonkeyPatch.context() as patch:
        for module in (levers, scenarios):
            patch.setattr(module, "compose", lambda lines: deepcopy(once(tuple(lines))))
        yield


@cache
def plan(*arguments: str) -> Plan:
    return make_plan(read_spec(arguments)[0])


def refused(*arguments: str) -> str:
    with pytest.raises(ConfigError) as caught:
        make_plan(read_spec(arguments)[0])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def policies(*arguments: str) -> list[str]:
    """Labels of the policies under the first theory and scenario, the baseline first."""
    found = plan(*arguments)
    return [found.points[number].policy for number in found.groups()[0]]


@pytest.mark.parametrize("name", options("experiment"))
def test_every_experiment_is_planned_and_says_what_it_is(name: str):
    found = plan(f"experiment={name}")
    assert len(options("experiment")[name]) > 20
    assert found.spec.question.endswith("?")
    assert found.spec.replicates != 30 or name == "headline"
    assert spec_from(json.loads(json.dumps(asdict(found.spec)))) == found.spec
    for point in (found.points[0], found.points[-1]):
        validate(found.config(point.number, 1))


def test_the_headline_study_is_the_factorial_with_the_rival_and_the_reform_beside_it():
    found = plan("experiment=headline")
    assert [p.policy for p in found.points] == [
        "fragmented", "grid_staffing", "fund", "fund+grid_staffing", "committee", "committee+grid_staffing",
        "committee+fund", "committee+fund+grid_staffing", "more_of_the_same", "chengdu_2019",
    ]  # fmt: skip
    assert found.spec.replicates == 30
    assert found.points[0].is_baseline
    assert found.designs["levers.factorial"]["points"] == list(range(8))
    assert found.factors["fund"].levels == (0.0, 350_000.0)
    assert found.factors["fund"].neutral == 0.0
    assert found.factors["grid_staffing"].neutral == 0.55
    assert found.factors["grid_staffing"].designs == ("factorial", "policies")
    assert found.notes == ()


# --- policies and their labels

REFORM = list(compose(["policy=chengdu_2019"]).config.policy)


@pytest.mark.parametrize(
    ("arguments", "labels"),
    [
        (["levers.factorial.fund=[off,on,7e5]"], ["fragmented", "fund", "fund=700000"]),
        (["levers.each=[fund,committee]"], ["fragmented", "fund", "committee"]),
        (["levers.each=[fund]", "within=committee"], ["fragmented", "committee", "committee+fund"]),
        (["levers.without=[fund]", "within=chengdu_2019"], ["fragmented", "chengdu_2019", "chengdu_2019 without fund"]),
        (
            ["levers.doses={fund:[7e5],certificates:[100]}", "within=chengdu_2019", "baseline=chengdu_2019"],
            ["chengdu_2019", "chengdu_2019 with fund=700000", "chengdu_2019 with certificates=100"],
        ),
        (["levers.doses.fund=3"], ["fragmented", "fund=1000000", "fund=2000000"]),
        (["levers.policies=[[committee,fund],chengdu_2019]"], ["fragmented", "committee+fund", "chengdu_2019"]),
        (
            ["levers.policies=[{label:Big,policy:fund,policy.fund.yuan:1e6},{policy:fund,policy.fund.yuan:9e5}]"],
            ["fragmented", "Big", "fund (fund.yuan=900000)"],
        ),
        (
            ["levers.factorial={fund:[off,on],fund.start:[2018-01-01,2018-06-04]}"],
            ["fragmented", "fund start=2018-01-01", "fund start=2018-06-04"],
        ),
        (
            ["levers.points=[{policy:chengdu_2019,fund:7e5,committee:off},{fund:on}]"],
            ["fragmented", "chengdu_2019 with fund=700000 without committee", "fund"],
        ),
        (
            ["levers.morris={fund:range,committee:range}", "samples=1"],
            ["fragmented", "morris 0", "morris 1", "morris 2"],
        ),
        (["levers.policies=[fund]", "baseline={label:Before,policy:none}"], ["Before", "fund"]),
    ],
)
def test_policies_are_called_by_what_sets_them_apart(arguments: list[str], labels: list[str]):
    assert policies(*arguments, COMMUNITY) == labels


def test_without_takes_out_each_instrument_that_is_there_and_each_adds_each_that_is_not():
    without = [set(p.instruments) for p in plan("levers.without=all", "within=chengdu_2019").points[2:]]
    assert without == [set(REFORM) - {name} for name in REFORM]
    each = [set(p.instruments) for p in plan("levers.each=all", "within=chengdu_2019").points[2:]]
    assert each == [{*REFORM, name} for name in INSTRUMENTS if name not in REFORM]


def test_on_is_as_the_policy_has_it_or_else_as_its_file():
    def workers(*arguments: str) -> list[float]:
        return [p.values["grid_staffing"] for p in plan("levers.factorial.grid_staffing=[off,on]", *arguments).points]

    assert workers("within=more_of_the_same", "baseline=more_of_the_same") == [1.936, 0.55]
    assert workers("within=fund") == [0.55, 0.55, pytest.approx(13_445 / 15_329)]


def test_a_table_of_points_names_factors_in_its_header(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("some.csv").write_text("policy, fund,committee,fund.start\nchengdu_2019,7e5,off,\n,on,,2018-06-04\n,,22,\n")
    found = plan("levers.points=some.csv")
    table = found.table()
    assert table["fund"].tolist() == [0, 700_000, 350_000, 0]
    assert table["committee"].tolist() == [0, 0, 0, 22]
    assert table["fund.start"].fillna("").tolist() == ["", "2018-01-01", "2018-06-04", ""]
    Path("some.csv").unlink()
    assert make_plan(spec_from(asdict(found.spec))).study_id == found.study_id  # the rows are part of what is asked


# --- scenarios and theories


def test_every_policy_meets_every_theory_and_scenario_and_so_does_the_baseline():
    found = plan(
        FUND, COMMUNITY, "theories=[performance,anchoring]", "samples=5",
        "uncertainties.latin_hypercube={behaviour.patrol_reach:range,prices.worker:[5e4,7e4]}",
    )  # fmt: skip
    assert len(found.points) == 2 * 5 * 2
    assert [p.number for p in found.points] == list(range(20))
    assert found.groups() == [[n, n + 1] for n in range(0, 20, 2)]
    for group in found.groups():
        baseline, other = (found.points[number] for number in group)
        assert (baseline.is_baseline, other.is_baseline) == (True, False)
        assert (baseline.theory, baseline.scenario, baseline.settings) == (other.theory, other.scenario, other.settings)
    reach = {p.scenario: p.values["behaviour.patrol_reach"] for p in found.points}
    assert len(set(reach.values())) == 5
    design = found.designs["uncertainties.latin_hypercube"]
    assert design["rows"] == [0, 1, 2, 3, 4]
    assert design["bounds"] == [[0.05, 0.3], [50_000.0, 70_000.0]]
    assert found.factors["behaviour.patrol_reach"].levels == (0.05, 0.3)
    assert found.factors["behaviour.patrol_reach"].unit == "1 per hour"


@pytest.mark.parametrize(
    ("point", "overrides"),
    [
        (0, ["policy=none", "behaviour=performance"]),
        (1, ["policy=[committee,fund]", "policy.fund.yuan=7e5"]),
        (4, ["policy=none", "kinds.traffic.rate=0.5", "before.certificates=200"]),
        (7, ["policy=[committee,fund]", "policy.fund.yuan=7e5", "kinds.traffic.rate=0.5", "scenario=demand_shock"]),
        (12, ["policy=none", "behaviour=anchoring", "kinds.traffic.rate=0.5", "before.certificates=200"]),
    ],
)
def test_a_configuration_is_the_one_that_composing_makes(point: int, overrides: list[str]):
    found = plan(
        "levers.policies=[{label:Both,policy:[committee,fund],policy.fund.yuan:7e5}]", COMMUNITY, "weeks=40",
        "theories=[performance,anchoring]",
        "uncertainties.factorial={kinds.traffic.rate:[0.9,0.5],scenario:[none,demand_shock]}",
        "uncertainties.points=[{kinds.traffic.rate:0.5,before.certificates:200}]",
    )  # fmt: skip
    numbers = {0: 0, 1: 1, 4: 8, 7: 7, 12: 18}
    config = found.config(numbers[point], 9)
    composed = compose([COMMUNITY, "weeks=40", "baseline=none", "engine.threads=1", "seed=9", *overrides]).config
    assert resolved(config) == resolved(composed)
    validate(config)


def test_configurations_do_not_leak_into_one_another():
    found = plan(FUND, COMMUNITY, "uncertainties.factorial={kinds.traffic.rate:[0.4,0.5],behaviour.skill:[0.8,0.9]}")
    before = resolved(found.bases["performance"])
    first = [resolved(found.config(p.number, 1)) for p in found.points]
    assert [resolved(found.config(p.number, 1)) for p in reversed(found.points)] == first[::-1]
    assert len({json.dumps(config) for config in first}) == 8
    assert resolved(found.bases["performance"]) == before


def test_a_group_may_be_uncertain_and_has_a_column_of_its_own():
    found = plan(FUND, COMMUNITY, "uncertainties.factorial={scenario:[none,staff_shock],place:[community,street]}")
    assert set(found.bases) >= {
        "performance", "performance, place=street", "performance, scenario=staff_shock",
        "performance, place=street, scenario=staff_shock",
    }  # fmt: skip
    table = found.table()[["place", "shock", "scenario"]].drop_duplicates()
    assert table.to_numpy().tolist() == [
        ["community", "none", 0], ["street", "none", 1], ["community", "staff_shock", 2], ["street", "staff_shock", 3]
    ]  # fmt: skip
    assert [found.config(group[0], 1).place.residents for group in found.groups()] == [4_872, 58_500] * 2


def test_a_value_that_a_theory_sets_is_what_holds_under_it(tmp_path: Path, monkeypatch):
    folder = tmp_path / "configs" / "behaviour"
    folder.mkdir(parents=True)
    (folder / "careless.yaml").write_text("# Less skilled\nsatisfaction_theory: performance\nskill: 0.8\n")
    monkeypatch.chdir(tmp_path)
    rows = "{prices.worker:5e4},{behaviour.skill:0.92},{behaviour.skill:0.8}"
    found = plan(FUND, COMMUNITY, "theories=[performance,careless]", f"uncertainties.points=[{rows}]")
    worlds = [found.points[group[0]] for group in found.groups()]
    assert [(p.theory, p.values["behaviour.skill"]) for p in worlds] == [
        ("performance", 0.92), ("performance", 0.92), ("performance", 0.8),
        ("careless", 0.8), ("careless", 0.92), ("careless", 0.8),
    ]  # fmt: skip
    assert [found.config(p.number, 1).behaviour.skill for p in worlds] == [p.values["behaviour.skill"] for p in worlds]


def test_a_count_is_sampled_as_a_whole_number():
    found = plan(FUND, COMMUNITY, "uncertainties.latin_hypercube.place.residents=[4000,6000]", "samples=3")
    residents = [p.values["place.residents"] for p in found.points]
    assert all(type(value) is int for value in residents)
    assert len(set(residents)) == 3


# --- what would be run twice


def test_the_same_arrangement_under_two_names_is_run_once_and_named():
    twice = ("levers.factorial={fund:[0,off,350000,on],committee:[off,44]}", "levers.policies=[fund,none]", COMMUNITY)
    found = plan(*twice)
    assert policies(*twice) == ["fragmented", "fund=0+committee=44", "fund=350000", "fund=350000+committee=44"]
    assert "fund=0, none and fragmented are the same arrangement; run once" in found.notes
    assert "fund and fund=350000 are the same arrangement; run once" in found.notes
    assert found.points[0].is_baseline
    assert found.points[0].designs == ("factorial", "policies")
    assert found.designs["levers.factorial"]["rows"][:4] == [
        "fragmented", "fund=0+committee=44", "fragmented", "fund=0+committee=44"
    ]  # fmt: skip


def test_a_neutral_dose_is_no_duplicate_where_the_arrangements_before_are_uncertain():
    same = plan("levers.factorial.grid_staffing=[off,0.55]", COMMUNITY)
    assert [p.policy for p in same.points] == ["fragmented"]
    uncertain = "uncertainties.factorial.before.workers_per_grid=[0.55,0.7]"
    differ = plan("levers.factorial.grid_staffing=[off,0.55]", COMMUNITY, uncertain)
    assert [p.policy for p in differ.points] == ["fragmented", "grid_staffing=0.55"] * 2


def test_repeated_scenarios_are_run_once_and_counted():
    found = plan(FUND, COMMUNITY, "uncertainties.one_at_a_time.behaviour.patrol_reach=[0.11,0.2,0.2]", "weeks=9")
    assert found.designs["uncertainties.one_at_a_time"]["rows"] == [0, 0, 1, 1]
    found = plan(FUND, COMMUNITY, "uncertainties.latin_hypercube.place.residents=[4000,4002]", "samples=16")
    rows = found.designs["uncertainties.latin_hypercube"]["rows"]
    assert len(rows) == 16
    assert max(rows) == 2
    assert found.notes == ("uncertainties.latin_hypercube: 13 of 16 rows repeat another one; each is run once",)


def test_aliases_are_told():
    found = plan(
        "levers.fractional={fund:[off,on],committee:[off,on],certificates:[off,on]}", "resolution=3", COMMUNITY
    )
    assert found.designs["levers.fractional"]["aliases"][0] == "fund = committee:certificates"
    assert "cannot be told apart: fund = committee:certificates" in found.notes[0]


# --- identity, tables, size

BASE = ("levers.factorial={fund:[off,on],committee:[off,on]}", COMMUNITY, "weeks=40")


def test_more_replicates_are_the_same_study():
    for more in ("replicates=99", "replicates=until", "seed=7", "jobs=1", "out=somewhere", "samples=9"):
        assert plan(*BASE, more).study_id == plan(*BASE).study_id, more
    assert len(plan(*BASE).study_id) == 16


@pytest.mark.parametrize(
    "other",
    [
        "baseline=committee", "warmup=3", "theories=[anchoring]", "theories=[performance,anchoring]", "budget=[20]",
        "levers.policies=[chengdu_2019]", "levers.each=[fund]", "uncertainties.factorial.behaviour.skill=[0.8,0.9]",
        "within=certificates", "prices.worker=61000", "scenario=demand_shock",
    ],
)  # fmt: skip
def test_whatever_changes_a_run_or_what_it_is_of_is_another_study(other: str):
    base = plan("levers.factorial={fund:[off,on]}", *BASE[1:])
    assert plan("levers.factorial={fund:[off,on]}", *BASE[1:], other).study_id != base.study_id


def test_other_source_is_another_study(monkeypatch):
    before = plan(*BASE).study_id
    monkeypatch.setattr(planning, "source_hash", lambda: "other")
    assert make_plan(plan(*BASE).spec).study_id != before


def test_the_seed_of_a_sample_is_part_of_the_study():
    sampled = (FUND, COMMUNITY, "samples=4", "uncertainties.latin_hypercube.behaviour.skill=range")
    assert plan(*sampled).study_id == make_plan(plan(*sampled).spec).study_id
    assert plan(*sampled, "seed=2").study_id != plan(*sampled).study_id


def test_the_table_has_a_row_a_point_and_a_column_a_factor():
    found = plan(*BASE, "levers.each=[fund]", "uncertainties.factorial.behaviour.skill=[0.8,0.9]")
    table = found.table()
    assert table.columns.tolist() == [
        "point", "policy", "theory", "scenario", "budget", "is_baseline", "designs",
        "fund", "committee", "behaviour.skill",
    ]  # fmt: skip
    assert table["designs"].tolist() == ["factorial+each", "factorial", "factorial+each", "factorial"] * 2
    assert table["budget"].dtype == np.float64
    assert table["is_baseline"].tolist() == [True, False, False, False] * 2
    assert table["behaviour.skill"].tolist() == [0.8] * 4 + [0.9] * 4
    json.dumps(found.designs)
    json.dumps([asdict(factor) for factor in found.factors.values()])


def test_points_hold_only_what_differs():
    found = plan("levers.latin_hypercube={fund:range,committee:range,grid_staffing:range}", COMMUNITY, "samples=1000")
    assert len(found.points) == 1_001
    assert len(pickle.dumps(found.points)) < 500 * len(found.points)
    assert len(pickle.dumps(found.config(1, 1))) > 5_000


# --- what is refused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([FUND, "place=comunity"], "place=comunity: no such option; nearest: community"),
        ([FUND, "weeks=0"], "weeks=0: must be a whole number from 1 to 1,000"),
        ([FUND, "baseline=fragmentd"], "baseline=fragmentd: no such policy; nearest: fragmented"),
        ([FUND, "within=[fund,comittee]"], "within=comittee: no such policy; nearest: committee"),
        (["levers.factorial.fnd=[0,1]"], "levers.factorial.fnd: no such instrument; nearest: fund"),
        (["levers.factorial.fund=[0,9e9]"], "levers.factorial.fund=9000000000.0: must be a number from 0 to 2,000,000"),
        (["levers.factorial.fund=[0,onn]"], "off or on; nearest: on"),
        (["levers.factorial.fund=3"], "levers.factorial.fund=3: must be a list of levels, or range"),
        (["levers.factorial.fund=[]"], "levers.factorial.fund=[]: must be a list of levels, or range"),
        (["levers.factorial={fund:[on],fund.yuan:[5]}"], "levers.factorial.fund.yuan: fund is there already"),
        (["levers.factorial={fund:[on],fund.strt:[x]}"], "policy.fund.strt: no such key; nearest: policy.fund.start"),
        (
            ["levers.factorial.fund.start=[2018-01-01]"],
            "levers.factorial.fund.start: fragmented has no fund; vary fund",
        ),
        (["levers.factorial={fund:[on],fund.start:[2016-01-01]}"], "the calendar begins on 2017-09-04"),
        (["levers.factorial={fund:[on],fund.start:range}"], "levers.factorial.fund.start=range: has no declared range"),
        (["levers.fractional={fund:[off,on,3],committee:[off,on]}"], "levers.fractional: fund must have exactly two"),
        (["levers.sobol.fund=range", "samples=100"], "levers.sobol: samples=100 must be a power of two, such as 64"),
        (["levers.sobol.fund=[3,1]"], "levers.sobol.fund=[3, 1]: must be [low, high] with low below high"),
        (["levers.sobol.fund=[off,on]"], "must be two numbers, between which samples are drawn"),
        (["levers.each=[fnd]"], "levers.each.fnd: no such instrument; nearest: fund"),
        (["levers.without=all"], "levers.without=all: fragmented has no instrument to take out; name another policy"),
        (["levers.without=[fund]", "within=committee"], "levers.without=fund: committee has no fund, it has committee"),
        (["levers.policies=fund"], "levers.policies=fund: must be a list of policies"),
        (["levers.policies=[fnd]"], "levers.policies=fnd: no such policy; nearest: fund"),
        (["levers.policies=[{label:A,polcy:fund}]"], "levers.policies: polcy is no part of a policy"),
        (["levers.policies=[[fund,[committee]]]"], "levers.policies=['committee']: no such policy"),
        (["levers.policies=[{label:A}]"], "must be a policy, a list of policies, or a mapping with policy in it"),
        (["levers.policies=[{policy:fund,policy.fund.yuan:-3}]"], "policy.fund.yuan=-3.0: must be a number from 0"),
        (["levers.policies=[fund,{label:fund,policy:committee}]"], "levers: two policies are called fund"),
        (["levers.doses.fund=1"], "levers.doses.fund=1: must be 2 to 1,000 doses, or a list of them"),
        (["levers.points=[{fund:5e6}]"], "levers.points: row 1, fund=5000000.0: must be a number from 0 to 2,000,000"),
        ([FUND, "uncertainties.sobol.behaviour.patrol_reech=range"], "nearest: behaviour.patrol_reach"),
        (
            [FUND, "uncertainties.sobol.behaviour.skill=[0.8,2]"],
            "behaviour.skill=2: must be a number from 0.75 to 0.99",
        ),
        ([FUND, "uncertainties.factorial.policy.fund.yuan=[1]"], "policy.fund.yuan is no uncertainty; vary it under"),
        ([FUND, "uncertainties.factorial.seed=[1,2]"], "uncertainties: seed is varied by replicates="),
        ([FUND, "uncertainties.factorial.behaviour=[anchoring]"], "behaviour is varied under theories=[...]"),
        ([FUND, "uncertainties.factorial.place=[strt]"], "uncertainties.factorial.place=strt: no such option; nearest"),
        ([FUND, "uncertainties.factorial.kinds.traffic.departments=[a]"], "is no single value, and cannot be varied"),
        ([FUND, "uncertainties.factorial.place.migrant_share=[0.45]"], "place.owner_share=0.6: must not exceed 0.55"),
        ([FUND, "uncertainties.factorial.background=[mirored]"], "must be one of mirrored, fixed; nearest: mirrored"),
        ([FUND, "budget=[500]"], "budget: out of reach for fund at 500 (it reaches 0 to 410.3)"),
    ],
)
def test_a_study_that_cannot_be_planned_is_refused(arguments: list[str], message: str):
    assert message in refused(*arguments)


# --- everything of its kind


def test_every_instrument_at_five_doses():
    """The neutral dose, the policy file's, both ends, and halves of gaps; all neutral doses are the baseline."""
    found = plan("levers.doses=all", COMMUNITY)
    assert {name: sorted(found.factors[name].levels) for name in ("committee", "fund", "department_capacity")} == {
        "committee": [0, 11, 22, 33, 44],
        "fund": [0, 350_000, 762_500, 1_175_000, 2_000_000],
        "department_capacity": [0.5, 1.0, 1.2, 2.1, 3.0],
    }
    assert found.factors.keys() == INSTRUMENTS.keys()
    assert len(found.points) == 1 + 4 * len(INSTRUMENTS)
    with pytest.raises(ConfigError, match=r"levers\.doses\.fund\.start=spread: has no declared range"):
        plan("levers.doses={fund.start:spread}")


def test_pairs_share_what_they_have_in_common():
    found = plan("levers.pairs=[[fund,committee],[fund,certificates]]", COMMUNITY)
    assert [p.policy for p in found.points] == [
        "fragmented", "committee", "fund", "fund+committee", "certificates", "fund+certificates",
    ]  # fmt: skip
    assert found.designs["levers.pair fund × certificates"]["points"] == [0, 2, 4, 5]
    for wrong in ("[fund,committee]", "[[fund,fund]]", "[[fund,committee.joint]]", "[[fund,comittee]]"):
        with pytest.raises(ConfigError, match=r"^levers\.pairs="):
            plan(f"levers.pairs={wrong}")


def test_all_theories_are_all_options_of_behaviour():
    found = plan("levers.policies=[fund]", "theories=all", COMMUNITY)
    assert found.spec.theories[0] == "performance"
    assert sorted(found.spec.theories) == sorted(options("behaviour"))


def test_every_uncertain_value_is_tried_at_both_ends_one_at_a_time():
    found = plan("levers.policies=[fund]", "uncertainties.one_at_a_time=all", COMMUNITY)
    tried = {(f.key, value) for f in found.factors.values() if f.role == "uncertainty" for value in f.levels}
    assert {("behaviour.trust_base", 0.05), ("behaviour.trust_base", 0.3), ("background", "fixed")} <= tried
    heads = {key.partition(".")[0] for key, _ in tried}
    assert {"behaviour", "before", "kinds", "prices"} <= heads
    assert heads.isdisjoint({"seed", "weeks", "warmup", "out", "engine", "record", "checkpoint", "scenario", "policy"})
    for point in found.points[-2:]:
        validate(found.config(point.number, 1))
