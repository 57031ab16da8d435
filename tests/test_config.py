"""Overrides, composition, checks: what a config may say, and what is answered where it may not."""

from __future__ import annotations

import json
import math
import os
import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import yaml
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hypothesis import given
from hypothesis import strategies as st

from govsim.config.behaviour import THEORIES
from govsim.config.check import Leaf, build, check_out, convert, declared, nearest, walk
from govsim.config.compose import (
    ConfigError,
    compose,
    from_resolved,
    normalise,
    overrides_from_kwargs,
    resolved,
    with_values,
)
from govsim.config.overrides import MOST, expand, options
from govsim.config.place import CITY, counts
from govsim.config.schema import Config
from govsim.policies import INSTRUMENTS, Instrument
from govsim.policies.department_capacity import DepartmentCapacity
from govsim.policies.fund import Fund
from govsim.source import configs_folder

REFORM = yaml.safe_load((configs_folder() / "policy" / "chengdu_2019.yaml").read_text())["defaults"]
"""Instruments of the reform, in the order of its file."""

MAIN = compose().config
EVERY = Config(**{**vars(deepcopy(MAIN)), "policy": {name: make() for name, make in INSTRUMENTS.items()}})
LEAVES = {leaf.key: leaf for leaf in walk(EVERY)}


def ranged(kind: type) -> list[Leaf]:
    return [leaf for leaf in LEAVES.values() if leaf.type is kind and leaf.facts and leaf.facts.low is not None]


def span(leaf: Leaf) -> tuple[float, float]:
    """The range of a parameter that has one."""
    assert leaf.facts, leaf.key
    assert leaf.facts.low is not None, leaf.key
    assert leaf.facts.high is not None, leaf.key
    return leaf.facts.low, leaf.facts.high


def refused(*overrides: str) -> str:
    with pytest.raises(ConfigError) as caught:
        compose(overrides)
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- what composes


def test_the_main_job_is_the_reform_against_no_reform():
    assert compose().choices == {
        "place": "street",
        "behaviour": "performance",
        "kinds": "chengdu",
        "departments": "chengdu",
        "scenario": "none",
        "policy": "chengdu_2019",
        "baseline": "fragmented",
    }
    assert list(MAIN.policy) == REFORM
    assert MAIN.baseline == {}
    assert (MAIN.weeks, MAIN.warmup, MAIN.background) == (116, 52, "mirrored")


def test_everything_composed_is_of_the_declared_type():
    assert isinstance(MAIN, Config)
    assert all(type(MAIN.policy[name]) is INSTRUMENTS[name] for name in REFORM)
    for leaf in walk(MAIN):
        assert isinstance(leaf.value, leaf.type if isinstance(leaf.type, type) else list), leaf.key


@pytest.mark.parametrize(
    ("overrides", "label", "instruments"),
    [
        (["policy=fund"], "fund", ["fund"]),
        (["policy=[fund,committee]"], "fund+committee", ["fund", "committee"]),
        (["policy=[fund,fund]"], "fund", ["fund"]),
        (["~policy.fund"], "chengdu_2019 without fund", [n for n in REFORM if n != "fund"]),
        (
            ["~policy.fund", "policy=[fund,committee]", "~policy.committee"],
            "fund+committee without fund, committee",
            [],
        ),
        (["policy=fragmented"], "fragmented", []),
        (["policy=none"], "none", []),
        (["policy=null"], "none", []),
        (["~policy"], "none", []),
    ],
)
def test_a_choice_of_policy(overrides: list[str], label: str, instruments: list[str]):
    composed = compose(overrides)
    assert composed.choices["policy"] == label
    assert list(composed.config.policy) == instruments


@pytest.mark.parametrize(
    ("overrides", "label", "instruments"),
    [
        (["baseline=fund", "baseline.fund.yuan=3"], "fund", ["fund"]),
        (["baseline=[fund,committee]"], "fund+committee", ["fund", "committee"]),
        (["policy@baseline=committee"], "committee", ["committee"]),
        (["baseline=null"], "none", None),
        (["baseline=none"], "none", None),
        (["~baseline"], "none", None),
    ],
)
def test_a_choice_of_baseline_leaves_the_policy_alone(overrides, label, instruments):
    composed = compose(overrides)
    assert composed.choices["baseline"] == label
    assert list(composed.config.policy) == REFORM
    assert (composed.config.baseline and list(composed.config.baseline)) == instruments


def test_of_two_bundles_the_later_wins():
    rival = compose(["policy=more_of_the_same"]).config.policy["grid_staffing"]
    assert compose(["policy=[chengdu_2019,more_of_the_same]"]).config.policy["grid_staffing"] == rival
    assert compose(["policy=[more_of_the_same,chengdu_2019]"]).config.policy["grid_staffing"] != rival


def test_values_are_set_in_the_world_they_name():
    config = compose(["baseline=fund", "policy.fund.yuan=2e5", "++baseline.fund.yuan=0"]).config
    assert config.policy["fund"] == Fund(yuan=200_000)
    assert config.baseline == {"fund": Fund(yuan=0)}


def test_normalised_overrides_stay_as_they_are():
    once = normalise(["baseline=null", "policy=[fund,committee]", "~policy.fund", "++seed=3"])
    assert once == ["policy@baseline=none", "policy=[fund,committee]", "~policy.fund", "seed=3"]
    assert normalise(once) == once


@pytest.mark.parametrize("theory", THEORIES)
def test_each_theory_is_an_option(theory: str):
    assert compose([f"behaviour={theory}"]).config.behaviour.satisfaction_theory == theory


def test_every_instrument_has_a_file_and_every_file_composes():
    assert set(INSTRUMENTS) <= set(options("policy"))
    for name in options("policy"):
        instruments = list(compose([f"policy={name}"]).config.policy)
        assert instruments == [name] or name not in INSTRUMENTS


def test_every_option_says_in_its_first_line_what_it_is():
    for group in ("place", "behaviour", "kinds", "departments", "scenario", "policy"):
        for name, line in options(group).items():
            assert len(line) > 20, f"{group}={name}"


def test_places_have_the_size_they_are_named_for():
    community = compose(["place=community"]).config.place
    assert counts(community).communities == 1
    street = MAIN.place
    assert 50_000 < street.residents < 70_000
    assert counts(street).communities == 12
    assert counts(compose(["place=district"]).config.place).districts == 1
    city = compose(["place=chengdu"]).config.place
    for tier, number in vars(counts(city)).items():
        assert number == getattr(CITY, tier)
    assert city.residents == CITY.residents == 21_200_000
    assert 200 <= city.large_share * city.compounds <= 220


def test_the_rival_costs_what_the_reform_costs():
    rival = compose(["policy=more_of_the_same"]).config
    spent = sum(i.yearly_cost(rival).yuan for i in rival.policy.values())
    reform = sum(i.yearly_cost(MAIN).yuan for i in MAIN.policy.values())
    branch_year = sum(d.hours for d in MAIN.departments.values()) * MAIN.place.residents / 1_000 * 52
    fair = cast(DepartmentCapacity, rival.policy["department_capacity"]).branches + (reform - spent) / (
        branch_year * MAIN.prices.official_hour
    )
    assert spent == pytest.approx(reform, rel=0.01), f"branches in more_of_the_same.yaml must be about {fair:.3f}"


def test_users_keep_policies_of_their_own_in_the_working_folder(tmp_path: Path, monkeypatch):
    own = tmp_path / "a b#c" / "configs" / "policy"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text("# Mine\ndefaults: [chengdu_2019, _self_]\nfund: {yuan: 5, start: 2018-05-07}\n")
    monkeypatch.chdir(own.parents[1])
    config = compose(["policy=mine", "baseline=[mine]", "~baseline.fund"]).config
    assert config.policy["fund"] == Fund(yuan=5, start="2018-05-07")
    assert list(config.policy) == REFORM
    assert options("policy")["mine"] == "Mine"
    (own / "fund.yaml").write_text("fund: {yuan: 5}\n")
    assert "fund.yaml" in refused("policy=mine")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "fund: {yuan: 3}",
            "policy.fund.yuan: the file must name its instruments under defaults (in policy/own.yaml)",
        ),
        ("defaults: [fund, _self_]\nfnd: {yuan: 3}", "policy.fnd: no such instrument; nearest: fund"),
        ("defaults: [fund, _self_]\nfund: {yn: 3}", "policy.fund.yn: no such key; nearest: policy.fund.yuan"),
        ("defaults: [fund, _self_]\nfund: {yuan: x}", "policy.fund.yuan: must be a number from 0"),
        ("defaults: [fund, _self_]\nfund:", "policy.fund: must be set value by value"),
        ("defaults: [fund, _self_]\nfund: {yuan: [x", "own.yaml:2: "),
        ("defaults: [fund, _self_]\nfund: {yuan: 1, yuan: 2}", "own.yaml:2: "),
        ("defaults: [fnd]", "policy/fnd.yaml: no such file (in policy/own.yaml)"),
        ("defaults: [/instrument/fund@second]", "policy.second: no such instrument"),
        ("defaults: [/instrument/fund@committee]", "policy.committee: is not a committee"),
        ("defaults: [own]", "configs: a file refers to itself"),
        ("- 3", "(in policy/own.yaml)"),
        ("3", "configs: "),
    ],
)
def test_a_wrong_file_is_named(text: str, message: str, tmp_path: Path, monkeypatch):
    folder = tmp_path / "configs" / "policy"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert message in refused("policy=own")


# --- where it is called from


def test_it_composes_in_threads():
    choices = ["fund", "committee", "fragmented", "chengdu_2019"] * 2
    with ThreadPoolExecutor(4) as pool:
        composed = list(pool.map(lambda name: compose([f"policy={name}"]).choices["policy"], choices))
    assert composed == choices


def test_it_composes_inside_another_hydra_application(tmp_path: Path):
    with initialize_config_dir(str(tmp_path), version_base="1.3"):
        other = GlobalHydra.instance().hydra
        assert compose(["policy=fund"]).choices["policy"] == "fund"
        assert GlobalHydra.instance().hydra is other
    assert not GlobalHydra.instance().is_initialized()


def test_it_writes_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    compose(["place=community", "out=results/x"])
    assert not list(tmp_path.iterdir())


# --- what is refused


@pytest.mark.parametrize(
    ("override", "message"),
    [
        # names
        ("polcy=fund", "polcy: no such key; nearest: policy"),
        ("residents=3000", "residents: no such key; nearest: place.residents"),
        ("place.residnts=3000", "place.residnts: no such key; nearest: place.residents"),
        ("policy=fnd", "policy=fnd: no such option; nearest: fund"),
        ("policy=[fund,comittee]", "policy=comittee: no such option; nearest: committee"),
        ("baseline=fragmentd", "baseline=fragmentd: no such option; nearest: fragmented"),
        ("place=3", "place=3: no such option; must be one of chengdu, community, district, honghu, street, xiajiancao"),
        ("place=null", "place=null: no such option"),
        ("place=../place/street", "place=../place/street: no such option"),
        ("place=[street,district]", "place=[street,district]: must be one option"),
        ("place/size=street", "place/size: no such key"),
        ("policy@other=fund", "policy@other: no such key"),
        ("policy=[]", "policy=[]: a list must hold one or more options"),
        ("policy=[none,fund]", "policy=[none,fund]: a list must hold one or more"),
        ("policy={fund:{yuan:3}}", "no such option"),
        ("policy.fnd.yuan=3", "policy.fnd: no such instrument; nearest: fund"),
        ("policy.department_capacity.branches=2", "this policy has no department_capacity, it has committee"),
        ("baseline.fund.yuan=3", "baseline.fund.yuan: this baseline has no fund, it has none"),
        ("~policy.department_capacity", "this policy has no department_capacity"),
        ("kinds.trafic.rate=1", "kinds.trafic.rate: no such key; nearest: kinds.traffic.rate"),
        ("policy.fund.dose=3", "policy.fund.dose: no such key; policy.fund has start, end, yuan"),
        # what no schema declares
        ("++policy.fund._target_=os.system", "policy.fund._target_: no such key"),
        ("+policy.fund._target_=os.system", "policy.fund._target_: no such key"),
        ("+extra=3", "extra: no such key"),
        ("++kinds.mine={rate:1}", "kinds.mine: no such key"),
        ("+policy=fund", "+policy=fund: cannot be added; to combine options write policy=[a,b]"),
        ("hydra.run.dir=x", "hydra.run.dir=x: settings of Hydra itself need govsim run -m"),
        ("~seed", "~seed: cannot be taken out"),
        ("~place", "~place: cannot be taken out"),
        ("~policy.fund.yuan", "~policy.fund.yuan: cannot be taken out"),
        # types
        ("place.residents=many", "place.residents=many: must be a whole number from 500 to 30,000,000"),
        ("place.residents=1000.5", "place.residents=1000.5: must be a whole number"),
        ("place.residents=true", "place.residents=true: must be a whole number"),
        ("place.residents=null", "place.residents=null: must be a whole number"),
        ("place.residents=???", "place.residents=???: must be a whole number"),
        ("place.residents.x=3", "place.residents.x: no such key"),
        ("policy.fund.yuan=[1,2]", "policy.fund.yuan=[1,2]: must be a number"),
        ("policy.fund=3", "policy.fund=3: must be set value by value, as in policy.fund.start="),
        ("record.cases=maybe", "record.cases=maybe: must be true or false"),
        ("out=[a]", "out=[a]: must be a text"),
        # ranges and what does not fit together: the rest is in test_values_are_checked
        ("place.residents=-5000", "place.residents=-5000: must be a whole number from 500"),
        ("policy.fund.yuan=nan", "policy.fund.yuan=nan: must be a number from 0"),
        ("policy.fund.start=2018-13-01", "policy.fund.start=2018-13-01: must be a date like 2018-01-01"),
        ("policy.fund.end=2017-12-31", "policy.fund.end=2017-12-31: must be later than policy.fund.start="),
        ("place.migrant_share=0.45", "place.owner_share=0.6: must not exceed 0.55"),
        ("~departments.water", "kinds.sanitation.departments: no department water"),
        # malformed
        ("foo", "foo: is no override; write key=value, policy=[fund,committee] or ~policy.fund"),
        ("=3", "=3: is no override"),
        ("", ": is no override"),
        ("policy=[fund,", "policy=[fund,: is no override"),
        ("place..residents=3", "place..residents=3: is no override"),
        ("seed=1,2", "seed=1,2: several values need govsim run -m; a list is written seed=[a,b]"),
        ("seed=${nothing}", "seed: Interpolation key 'nothing' not found"),
        ("seed=${seed}", "seed: Recursive interpolation"),
        ("out=${oc.env:NOT_SET_ANYWHERE}", "out: "),
        ("out=${nobody:knows}", "out: Unsupported interpolation type nobody"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_line(override: str, message: str):
    assert message in refused(override)


def test_what_is_given_twice_is_refused():
    assert refused("seed=1", "seed=2") == "seed: is given twice, as seed=1 and seed=2"
    assert "baseline: is given twice" in refused("baseline=none", "policy@baseline=fund")


def test_there_is_no_baseline_to_change():
    assert "there is no baseline to change" in refused("baseline=none", "baseline.fund.yuan=3")


def test_a_policy_may_start_or_end_after_the_run():
    config = compose(["policy.fund.start=2030-01-07", "policy.committee.end=2031-01-06"]).config
    assert config.policy["fund"].start == "2030-01-07"


def test_a_bug_keeps_its_traceback(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise AttributeError("a bug")

    monkeypatch.setattr("govsim.config.compose.OmegaConf.to_object", broken)
    with pytest.raises(AttributeError, match="a bug"):
        compose()


@given(st.data())
def test_every_number_outside_its_range_is_refused_by_its_key(data: st.DataObject):
    leaf = data.draw(st.sampled_from(ranged(float) + ranged(int)))
    low, high = span(leaf)
    numbers = st.integers(-(2**70), 2**70) if leaf.type is int else st.floats(allow_nan=True)
    value = data.draw(numbers.filter(lambda v: not low <= v <= high))
    switches = {f"behaviour.{k}": v for i in INSTRUMENTS.values() for k, v in i.channel.items()}
    if switches.get(leaf.key) == value:
        return
    with pytest.raises(ConfigError, match=re.escape(leaf.key)):
        with_values(EVERY, {leaf.key: value})


@given(st.data())
def test_every_number_inside_its_range_is_taken(data: st.DataObject):
    leaf = data.draw(st.sampled_from([x for x in ranged(float) if not x.key.startswith("place.")]))
    value = data.draw(st.floats(*span(leaf)))
    changed = {x.key: x.value for x in walk(with_values(EVERY, {leaf.key: value}))}
    assert changed[leaf.key] == value
    assert {k for k in changed if changed[k] != LEAVES[k].value} <= {leaf.key}


def test_every_default_and_every_range_makes_sense():
    for leaf in LEAVES.values():
        if leaf.key.endswith(".departments"):
            continue
        facts = leaf.facts
        assert facts, f"{leaf.key} has no facts"
        assert facts.meaning, leaf.key
        assert facts.grade in "ABCD", leaf.key
        if leaf.type is float:
            low, high = span(leaf)
            assert low < high, leaf.key


def test_a_channel_can_be_closed_though_no_plausible_value_closes_it():
    for instrument in INSTRUMENTS.values():
        closed = {f"behaviour.{name}": value for name, value in instrument.channel.items()}
        assert all(key in LEAVES for key in closed), instrument.name
        with_values(MAIN, closed)


def test_an_instrument_knows_its_dose():
    for name, instrument in INSTRUMENTS.items():
        assert instrument.name == name
        assert issubclass(instrument, Instrument)
        if instrument.dose:
            assert declared(f"policy.{name}.{instrument.dose}")


# --- from Python


def test_keyword_arguments_are_overrides():
    given_ = {
        "place": "community",
        "policy": ["fund", "committee"],
        "baseline": None,
        "rng": np.int64(7),
        "background": "fixed",
        "policy.fund.yuan": np.float64(2e5),
        "policy.committee.end": "",
        "record.cases": True,
        "out": "it's a [folder], {really}",
    }
    config = compose(overrides_from_kwargs(**given_)).config
    assert (config.place.residents, list(config.policy), config.baseline) == (
        4_872,
        ["fund", "committee"],
        None,
    )
    assert (config.seed, config.background, config.record.cases) == (7, "fixed", True)
    assert config.policy["fund"] == Fund(yuan=2e5)
    assert config.out == given_["out"]


def test_no_rng_leaves_the_seed():
    assert overrides_from_kwargs(rng=None, policy="fund") == ["policy=fund"]


@given(st.floats(0, 2e6), st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20))
def test_any_value_survives_the_grammar(yuan: float, out: str):
    lines = overrides_from_kwargs(**{"policy.fund.yuan": yuan, "out": out})
    from govsim.config.overrides import read

    assert [o.value() for o in read(lines)] == [yuan, out]


@pytest.mark.parametrize(
    "kwargs",
    [
        {"place": "nowhere"},
        {"plase": "street"},
        {"policy": Fund()},
        {"policy.fund.yuan": "lots"},
        {"policy.fund.yuan": math.nan},
        {"rng": 1.5},
        {"rng": 1, "seed": 2},
    ],
)
def test_bad_keyword_arguments_are_config_errors(kwargs: dict[str, object]):
    with pytest.raises(ConfigError):
        compose(overrides_from_kwargs(**kwargs))


def test_values_are_set_in_a_copy():
    changed = with_values(MAIN, {"policy.fund.yuan": 1, "seed": 5.0, "place.residents": np.int64(60_000)})
    assert changed.policy["fund"] == Fund(yuan=1)
    assert isinstance(changed.seed, int)
    assert (changed.seed, changed.place.residents) == (5, 60_000)
    assert MAIN.policy["fund"] == Fund()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("policy.fund.yn", 3, "policy.fund.yn: no such key; nearest: policy.fund.yuan"),
        ("policy.department_capacity.branches", 2, "this policy has no department_capacity"),
        ("policy.fund", Fund(), "policy.fund"),
        ("policy", {}, "policy"),
        ("city_residents", 3, "city_residents: no such key"),
        ("seed", 1.5, "seed=1.5: must be a whole number"),
        ("seed", "1", "seed=1: must be a whole number"),
        ("seed", True, "seed=True: must be a whole number"),
        ("policy.fund.yuan", -1, "policy.fund.yuan=-1.0: must be a number from 0 to 2,000,000 (yuan per"),
        ("policy.fund.yuan", math.inf, "policy.fund.yuan=inf: must be a number from 0"),
        ("place.residents", math.nan, "place.residents=nan: must be a whole number"),
        ("weeks", 0, "weeks=0: must be a whole number from 1 to 1,000 (weeks)"),
        ("background", "mirored", "background=mirored: must be one of mirrored, fixed; nearest: mirrored"),
        ("behaviour.satisfaction_theory", "x", "must be one of performance, disconfirmation, anchoring"),
        ("policy.fund.start", "20180101", "policy.fund.start=20180101: must be a date like"),
        ("policy.fund.start", "", "policy.fund.start: must be a date like"),
        (
            "policy.fund.start",
            "2017-09-03",
            "policy.fund.start=2017-09-03: the calendar begins on 2017-09-04",
        ),
        ("policy.fund.end", "2018-01-01", "must be later than policy.fund.start=2018-01-01"),
        ("place.owner_share", 0.96, "place.owner_share=0.96: must be a number from"),
        ("place.communities", 10_000, "place.communities=10000: must leave 100 residents to each"),
        ("place.streets", 13, "place.streets=13: must not exceed the number of communities"),
        ("place.grids", 3, "place.grids=3: must be"),
        ("place.compounds", 2, "place.compounds=2: must"),
        (
            "kinds.traffic.departments",
            ["traffic_polise"],
            "no department traffic_polise; nearest: traffic_police",
        ),
        ("kinds.traffic.departments", [], "[]: must name 1 to 6 departments, each once"),
        ("kinds.traffic.departments", ["housing"] * 2, "must name 1 to 6 departments, each once"),
    ],
)
def test_values_are_checked(key: str, value: object, message: str):
    with pytest.raises(ConfigError, match=re.escape(message)):
        with_values(MAIN, {key: value})


def test_a_manifest_makes_the_same_config():
    for config in (MAIN, compose(["baseline=none", "policy=[fund,committee]"]).config):
        again = from_resolved(json.loads(json.dumps(resolved(config))))
        assert again == config
        assert list(again.departments) == list(config.departments)


def test_a_changed_manifest_is_refused():
    for change, message in [
        (lambda d: d["policy"]["fund"].pop("yuan"), "policy.fund.yuan: is missing"),
        (lambda d: d["policy"]["fund"].update(yn=3), "policy.fund.yn: no such key"),
        (lambda d: d["policy"].update(fnd={}), "policy.fnd: no such instrument; nearest: fund"),
        (lambda d: d["place"].update(residents="many"), "place.residents=many: must be a whole number"),
        (lambda d: d.update(place=3), "place: must be a mapping"),
        (lambda d: d.update(seed=-1), "seed=-1: must be a whole number"),
        (lambda d: d.update(policy=None), "policy: must be a mapping"),
    ]:
        data = resolved(MAIN)
        change(data)
        with pytest.raises(ConfigError, match=re.escape(message)):
            from_resolved(data)
    with pytest.raises(ConfigError, match="must be a mapping"):
        build([])


def test_what_is_attached_to_a_config_is_refused():
    config = deepcopy(MAIN)
    config.policy["fund"].__dict__["_target_"] = "os.system"
    with pytest.raises(ConfigError, match=r"policy\.fund\._target_: no such key"):
        with_values(config, {})


# --- sweeps, folders, names


def test_a_sweep_is_every_combination():
    lines = normalise(
        ["policy=[fund,committee],fund", "baseline=null", "seed=range(0,2)", "hydra.sweep.dir=x"], sweep=True
    )
    assert expand(lines) == [
        [f"policy={policy}", "policy@baseline=none", f"seed={seed}"]
        for policy in ("[fund,committee]", "fund")
        for seed in (0, 1)
    ]


@pytest.mark.parametrize("values", ["range(3,0)", "range(0,1000000000)", "interval(0,1)"])
def test_a_sweep_lists_its_values(values: str):
    with pytest.raises(ConfigError, match="must list 1 to 1,000 values"):
        normalise([f"seed={values}"], sweep=True)


def test_a_sweep_has_an_end():
    with pytest.raises(ConfigError, match="must make 1,000 runs at most"):
        expand(normalise([f"seed=range(0,{MOST})", "weeks=1,2"], sweep=True))


def test_an_occupied_or_impossible_folder_is_refused(tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    for bad in ("full", "full/x", "full/x/y", "n" * 300):
        with pytest.raises(ConfigError, match=r"^out="):
            check_out(tmp_path / bad)
    (tmp_path / "empty").mkdir()
    for good in ("empty", "new/deep/folder"):
        check_out(tmp_path / good)
    assert sorted(os.listdir(tmp_path)) == ["empty", "full"]
    assert not list((tmp_path / "empty").iterdir())


def test_names_that_are_near_are_found():
    assert nearest("fnd", ["fund", "committee"]) == "; nearest: fund"
    assert nearest("residents", ["place.residents", "seed"]) == "; nearest: place.residents"
    assert nearest("xyz", ["fund", "committee"]) == ""


def test_nothing_is_guessed_in_conversion():
    assert convert("seed", 3.0) == 3
    assert convert("policy.fund.yuan", 3) == 3.0
    assert convert("kinds.traffic.departments", ("housing",)) == ["housing"]
    for key, value in [
        ("seed", math.inf),
        ("out", 3),
        ("record.cases", 1),
        ("kinds", {}),
        ("no.such.key", 1),
    ]:
        with pytest.raises(ConfigError):
            convert(key, value)


def test_the_shipped_configs_are_found():
    assert (configs_folder() / "config.yaml").is_file()
