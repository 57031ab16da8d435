"""Ensembles: members as scenarios of a study, and one of them in a run."""

from __future__ import annotations

import pytest

from govsim.cli import main
from govsim.compare.pairs import with_draws
from govsim.config.check import ConfigError
from govsim.config.compose import compose
from govsim.config.ensemble import members
from govsim.study.conduct import run_study
from govsim.study.plan import make_plan
from govsim.study.spec import read_spec

THREE = """\
# Three
keys: [behaviour.skill, before.worker_hours]
members:
- [0.8, 40.0]
- [0.9, 36.0]
- [0.92, 38.0]
"""
STUDY = ["levers.policies=[fund,committee]", "place=community", "weeks=2", "warmup=1"]


@pytest.fixture
def three(folder):
    folder.write("ensemble/three", THREE)
    return folder


@pytest.mark.parametrize("said", ["ensemble=three", "uncertainties.ensemble=three", "uncertainties={ensemble: three}"])
def test_each_member_is_a_scenario_that_every_policy_meets(three, said: str):
    plan = make_plan(read_spec([*STUDY, said])[0])
    table = plan.table()
    assert table.groupby("scenario")["policy"].nunique().tolist() == [3, 3, 3]
    first = table.drop_duplicates("scenario")
    assert first["behaviour.skill"].tolist() == [0.8, 0.9, 0.92]
    assert first["before.worker_hours"].tolist() == [40.0, 36.0, 38.0]
    config = plan.config(int(first["point"].iloc[1]), seed=1)
    assert (config.behaviour.skill, config.before.worker_hours) == (0.9, 36.0)


def test_a_study_may_take_some_members_spread_evenly(three):
    table = make_plan(read_spec([*STUDY, "ensemble=three", "members=2"])[0]).table()
    assert table.drop_duplicates("scenario")["behaviour.skill"].tolist() == [0.8, 0.9]
    with pytest.raises(ConfigError, match="members=4: the ensemble has 3"):
        make_plan(read_spec([*STUDY, "ensemble=three", "members=4"])[0])


def test_an_experiment_draws_on_it(three):
    three.write("experiment/mine", "# Mine\nlevers: {policies: [fund]}\nuncertainties: {ensemble: three}\n")
    assert len(make_plan(read_spec(["experiment=mine", "place=community"])[0]).groups()) == 3


def test_a_study_keeps_the_members_it_ran(three, tmp_path):
    study = run_study(*STUDY, "ensemble=three", "replicates=1", "jobs=1", "cache=off", "out=kept")
    assert study.runs.groupby("policy")["scenario"].nunique().tolist() == [3, 3, 3]
    assert study.manifest["spec"]["uncertainties"]["ensemble"] == members("three")
    three.write("ensemble/three", THREE.replace("0.9,", "0.95,"))  # the folder no longer depends on the file
    with pytest.raises(ConfigError, match="out=kept: holds another study"):
        run_study(*STUDY, "ensemble=three", "replicates=1", "jobs=1", "cache=off", "out=kept")
    # members are a sample of what is not known: each is an independent draw, not a fixed case
    assert with_draws(study.runs, study.designs)["draw"].nunique() == 3


def test_a_run_takes_one_member_and_what_is_said_beside_it_holds(three):
    composed = compose(["place=community", "ensemble=three", "member=1"])
    assert (composed.config.behaviour.skill, composed.config.before.worker_hours) == (0.9, 36.0)
    assert compose(composed.overrides).config == composed.config
    own = compose(["ensemble=three", "member=1", "behaviour.skill=0.85"]).config
    assert (own.behaviour.skill, own.before.worker_hours) == (0.85, 36.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["run", "ensemble=three"],
            "member=: a run takes one member of ensemble=three, 0 to 2; a study (govsim study)",
        ),
        (["run", "ensemble=three", "member=3"], "member=3: a run takes one member of ensemble=three, 0 to 2"),
        (["run", "member=3"], "member=3: belongs to an ensemble, as in ensemble=NAME member=3"),
        (["run", "ensemble=thre", "member=3"], "ensemble=thre: no such ensemble; there are rough, three; nearest"),
        (["run", "-m", "ensemble=three", "member=0,1"], "ensemble=three: a sweep takes no members; a study does"),
        (["study", *STUDY, "ensemble=thre"], "ensemble=thre: no such ensemble; there are rough, three; nearest"),
        (["study", *STUDY, "member=1"], "member=1: belongs to govsim run, not to govsim study"),
        (["study", *STUDY, "ensemble=three", "uncertainties.ensemble=three"], "uncertainties.ensemble: is given twice"),
        (["study", "levers.ensemble=three"], "levers.ensemble: no such design"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(three, capsys, arguments: list[str], message: str):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("keys: [behaviour.skill]\n", "must hold keys, each once, and members"),
        ("keys: [a, a]\nmembers: [[1, 2]]\n", "must hold keys, each once, and members"),
        ("keys: [behaviour.skill]\nmembers: [[0.8], [0.8, 0.9]]\n", "member 1 must be a list of 1 values, as keys is"),
        ("keys: [behaviour.skil]\nmembers: [[0.8]]\n", "behaviour.skil: no such key; nearest: behaviour.skill"),
        ("keys: [behaviour.skill]\nmembers: [[8]]\n", "row 1, behaviour.skill=8: must be a number from 0.75 to 0.99"),
    ],
)
def test_a_damaged_file_is_named(three, text: str, message: str):
    three.write("ensemble/bad", text)
    with pytest.raises(ConfigError) as caught:
        make_plan(read_spec([*STUDY, "ensemble=bad"])[0])
    assert message in str(caught.value)
