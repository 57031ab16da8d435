"""What a command line and an experiment file ask of a study, and what is refused before anything is planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from govsim.config.check import ConfigError
from govsim.config.overrides import options
from govsim.study.spec import Settings, Spec, Until, read_spec

FUND = "levers.policies=[fund]"
COMMUNITY = "place=community"


def test_an_experiment_is_a_file_that_the_command_line_changes():
    spec, settings, name = read_spec(
        ["experiment=headline", COMMUNITY, "weeks=40", "replicates=10", "levers.factorial.fund=[0,350000]",
         "levers.each=all", "~levers.policies", "seed=5", "behaviour=anchoring", "out=results/x", "jobs=2",
         "engine=ray", "address=auto", "retry=failed", "record.series=false"]
    )  # fmt: skip
    assert name == "headline"
    assert spec.levers == {
        "factorial": {"committee": ["off", "on"], "fund": [0, 350000], "grid_staffing": ["off", "on"]},
        "each": "all",
    }
    assert spec.constants == ("place=community", "weeks=40")
    assert (spec.replicates, spec.seed, spec.theories, spec.record.series) == (10, 5, ("anchoring",), False)
    assert settings == Settings(out="results/x", jobs=2, engine="ray", address="auto", retry="failed")


def test_what_is_not_said_is_as_declared():
    spec, settings, name = read_spec([FUND])
    assert (spec, settings, name) == (Spec(levers={"policies": ["fund"]}), Settings(), "")


def test_a_later_constant_takes_the_place_of_one_with_its_key():
    assert read_spec([FUND, 'constants=["place=street","weeks=9"]', "weeks=8"])[0].constants == (
        "place=street",
        "weeks=8",
    )
    assert read_spec([FUND, "weeks=8", 'constants=["place=street"]'])[0].constants == ("place=street",)


def test_until_takes_the_place_of_a_number():
    spec = read_spec([FUND, "replicates=until", "until.outcome=trust", "until.half_width=0.01"])[0]
    assert (spec.replicates, spec.until) == ("until", Until(outcome="trust", half_width=0.01))


def test_yaml_may_say_off_and_on_bare_or_in_quotes(tmp_path: Path, monkeypatch):
    folder = tmp_path / "configs" / "experiment"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("# Mine\nlevers:\n  factorial: {fund: [off, 'on', 0], committee: [yes, no]}\n")
    monkeypatch.chdir(tmp_path)
    assert read_spec(["experiment=mine"])[0].levers == {
        "factorial": {"fund": ["off", "on", 0], "committee": ["on", "off"]}
    }
    assert options("experiment")["mine"] == "Mine"
    assert "headline" in options("experiment")


# --- what is refused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "levers: a study needs something to compare, as experiment=NAME or as levers.policies=[fund,committee]"),
        (["levers={}"], "levers: a study needs something to compare"),
        (["experiment=headlin"], "experiment=headlin: no such experiment; there are budget, "),
        (["experiment=headlin"], "; nearest: headline"),
        (["experiment=headline", "experiment=each"], "experiment: is given twice"),
        (["--multirun"], "--multirun: is no override"),
        ([FUND, "replicate=3"], "replicate: no such key; nearest: replicates"),
        ([FUND, "replicates=0"], "replicates=0: must be a whole number from 1 to 1,000,000, or until"),
        ([FUND, "replicates=untl"], "replicates=untl: must be a whole number from 1 to 1,000,000, or until"),
        ([FUND, "replicates=1,2"], "replicates=1,2: takes one value; a list is written replicates=[a,b]"),
        ([FUND, "seed=-1"], "seed=-1: must be a whole number from 0"),
        ([FUND, "jobs=0"], "jobs=0: must be 1 or more processes, or -1 for one a core"),
        ([FUND, "engine=rai"], "engine=rai: must be one of loky, ray, dask; nearest: ray"),
        ([FUND, "retry=all"], "retry=all: must be one of none, failed"),
        ([FUND, "engine.threads=2"], "engine.threads=2: each process of a study has one thread; jobs= says how many"),
        ([FUND, "policy=fund"], "policy=fund: a study names its policies under levers"),
        ([FUND, "policy.fund.yuan=3"], "policy.fund.yuan=3: a study names its policies under levers"),
        (["~policy.fund", FUND], "~policy.fund: a study names its policies under levers"),
        ([FUND, 'constants=["seed=3"]'], "seed=3: the first seed of a study is seed=, outside constants"),
        ([FUND, 'constants=["weeks=3","weeks=4"]'], "constants: weeks is given twice, as weeks=3 and weeks=4"),
        ([FUND, "theories=[anchorin]"], "theories=anchorin: no such option of behaviour; nearest: anchoring"),
        ([FUND, "behaviour=[anchoring]"], "a study names its theories as theories=[performance,anchoring]"),
        ([FUND, "baseline.fund.yuan=3"], "baseline is set as a whole, as in baseline={policy:[fund],policy.fund.yuan"),
        ([FUND, "record.cases=true"], "record.cases: no such key; record has series"),
        ([FUND, "place.residnts=3"], "place.residnts: no such key; nearest: place.residents"),
        ([FUND, "until.half_with=3"], "until.half_with: no such key; until has outcome, half_width"),
        ([FUND, "until.half_width=0"], "until.half_width=0: must be a number from 1e-09"),
        ([FUND, "replicates=until", "until.outcome=unmet"], "until.outcome=unmet: no such outcome"),
        ([FUND, "replicates=until", "until.outcome=trst"], "until.outcome=trst: no such outcome; nearest: trust"),
        ([FUND, "replicates=until", "until.most=5"], "until.most=5: must not be below until.first=10"),
        ([FUND, "budget=0"], "budget=0: must be a list of numbers above 0"),
        ([FUND, "budget=[20,x]"], "budget=x: must be a list of numbers above 0"),
        ([FUND, "record=3"], "record=3: must be set value by value, as in record.series="),
        (["levers.factoral.fund=[0,1]"], "levers.factoral: no such design; must be one of factorial, fractional"),
        (["levers.factoral.fund=[0,1]"], "; nearest: factorial"),
        ([FUND, "uncertainties.each=all"], "uncertainties.each: no such design; must be one of factorial"),
        (["levers.factorial={}"], "levers.factorial: is empty"),
        (["levers.policies=[]"], "levers.policies: is empty"),
        (["experiment=headline", "~levers.polices"], "~levers.polices: there is none to take out; nearest: policies"),
        (["experiment=headline", "levers.policies.fund=on"], "policies holds ['more_of_the_same', 'chengdu_2019']"),
        (["levers.points=nowhere.csv"], "levers.points=nowhere.csv: no such file"),
    ],
)
def test_a_command_line_that_cannot_be_read_is_refused(arguments: list[str], message: str):
    with pytest.raises(ConfigError) as caught:
        read_spec(arguments)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 3", "must hold keys and values"),
        ("levers: {policies: [fund", "mine.yaml:3: "),
        ("levrs: {policies: [fund]}", "levrs: no such key of an experiment; it has question, levers"),
        (
            "levers: {policies: [fund]}\nconstants: [policy=fund]",
            "policy=fund: a study names its policies under levers",
        ),
        ("levers: {policies: [fund]}\nsamples: ${nothing}", "mine.yaml: "),
        ("levers: {points: bad.csv}", "levers.points=bad.csv: row 2 must have 2 cells, as the header, not 3"),
        ("levers: {points: twice.csv}", "levers.points=twice.csv: its header must name each factor once"),
        ("levers: {points: none.csv}", "levers.points: is empty"),
    ],
)
def test_a_wrong_file_is_named(text: str, message: str, tmp_path: Path, monkeypatch):
    folder = tmp_path / "configs" / "experiment"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(f"# Mine\n{text}\n")
    (folder / "bad.csv").write_text("fund,committee\n1,2\n1,2,3\n")  # found beside the file that names it
    (folder / "twice.csv").write_text("fund,fund\n1,2\n")
    (folder / "none.csv").write_text("fund,committee\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        read_spec(["experiment=mine"])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
