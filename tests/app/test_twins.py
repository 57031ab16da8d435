"""Twin worlds: the same until the policy begins, the same as a run computes, and changed only from now on."""

from __future__ import annotations

import shlex

import numpy as np
import pytest
from small_place import SMALL

from govsim.app.twins import WORLDS, Twins
from govsim.config.check import ConfigError
from govsim.study.run import simulate
from govsim.study.world import weekly


def twins(*overrides: str, weeks: int = 0, **choices) -> Twins:
    """Twin worlds of a small place, so many weeks on."""
    return played(Twins(overrides=(*SMALL, *overrides), **choices), weeks)


def played(model: Twins, weeks: int) -> Twins:
    for _ in range(weeks):
        model.step()
    return model


def series(model: Twins, world: str) -> dict[str, np.ndarray]:
    return weekly(model.cities[world])


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], until: int | None = None) -> bool:
    return all(np.array_equal(one[name][:until], other[name][:until], equal_nan=True) for name in one)


def test_it_opens_at_week_0_after_one_warm_up_for_both():
    model = twins()
    assert {city.week for city in model.cities.values()} == {0}
    assert same(series(model, "baseline"), series(model, "policy"))
    assert len(series(model, "policy")["unmet"]) == 8


def test_worlds_part_in_the_week_in_which_the_policy_begins():
    model = twins("policy.grid_staffing.start=2017-10-02", policy="grid_staffing", weeks=4)
    assert same(series(model, "baseline"), series(model, "policy"))
    model.step()
    assert not same(series(model, "baseline"), series(model, "policy"))


def test_a_policy_that_does_nothing_never_parts_them():
    model = twins("policy.fund.yuan=0", "policy.fund.start=2017-09-04", policy="fund", weeks=6)
    assert same(series(model, "baseline"), series(model, "policy"))


def test_it_is_what_a_run_computes():
    model = played(twins(seed=3, policy="committee"), 24)
    assert not model.running
    run = simulate(*shlex.split(model.command)[2:])
    table = run.series.pivot(index=["world", "week"], columns="outcome", values="value")
    for world in WORLDS:
        mine = series(model, world)
        theirs = {name: table.loc[world][name].to_numpy() for name in mine}
        assert same(mine, theirs)


# --- changes under way


def test_a_change_is_the_same_policy_dated_to_the_start_of_that_week():
    live = twins(weeks=5, policy="committee")
    live.put("grid_staffing", workers_per_grid=2.0)
    played(live, 8)
    assert live.command_with_changes is not None
    written = shlex.split(live.command_with_changes)[2:]
    assert "policy.grid_staffing.start=2017-10-09" in written
    dated = played(Twins(overrides=written), 13)
    assert same(series(live, "policy"), series(dated, "policy"))
    assert not same(series(live, "policy"), series(twins(weeks=13, policy="committee"), "policy"))


def test_what_is_lifted_ends_with_the_week_before():
    live = twins(weeks=5, policy="committee")
    live.lift("committee")
    played(live, 6)
    dated = twins("policy.committee.end=2017-10-09", policy="committee", weeks=11)
    assert same(series(live, "policy"), series(dated, "policy"))
    assert "policy.committee.end=2017-10-09" in shlex.split(live.command_with_changes or "")


def test_another_dose_acts_from_this_week_on_and_leaves_the_past_alone():
    other, plain = twins(weeks=5, policy="grid_staffing"), twins(weeks=5, policy="grid_staffing")
    other.put("grid_staffing", workers_per_grid=2.5)
    assert other.cities["policy"].timeline.in_force(4).workers_per_grid == pytest.approx(13_445 / 15_329)
    assert other.cities["policy"].timeline.in_force(5).workers_per_grid == 2.5
    for model in (other, plain):
        played(model, 3)
    before, after = 8 + 5, 8 + 8
    mine, theirs = series(other, "policy"), series(plain, "policy")
    assert same(mine, theirs, until=before)
    assert mine["workers"][after - 1] > theirs["workers"][after - 1]
    assert same(series(other, "baseline"), series(plain, "baseline"))


def test_a_dose_that_changed_under_way_is_listed_and_not_written_as_one_command():
    model = twins(weeks=5, policy="grid_staffing")
    model.put("grid_staffing", workers_per_grid=2.5)
    (change,) = model.changes
    assert (change.week, change.name, change.instrument.workers_per_grid) == (5, "grid_staffing", 2.5)  # pyright: ignore
    assert model.command_with_changes is None
    assert model.command == shlex.join(["govsim", "run", "policy=grid_staffing", *SMALL])


def test_a_change_that_is_taken_back_in_the_same_week_is_none():
    model = twins(weeks=5, policy="grid_staffing")
    model.put("grid_staffing", workers_per_grid=2.5)
    model.put("grid_staffing", workers_per_grid=13_445 / 15_329)
    model.lift("committee")
    assert model.changes == []
    assert model.command_with_changes == model.command


def test_an_instrument_that_is_to_come_can_begin_at_once_or_never():
    model = twins(weeks=2, policy="[committee,fund]")
    model.put("fund")
    assert [(c.week, c.name) for c in model.changes] == [(2, "fund")]
    assert "policy.fund.start=2017-09-18" in shlex.split(model.command_with_changes or "")
    model.lift("fund")
    assert [(c.name, c.instrument) for c in model.changes] == [("fund", None)]
    assert "~policy.fund" in shlex.split(model.command_with_changes or "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("policy.fund.yuan=much", "policy.fund.yuan=much: must be a number from 0 to 2,000,000"),
        ("policy.fund.yuan=9e9", "must be a number from 0 to 2,000,000"),
        ("policy.fond.yuan=1", "policy.fond: no such instrument; nearest: fund"),
        ("policy.fund.start=2018-01-01", "from this week on one of yuan, signal can change"),
        ("seed=3", "under way only the policy changes"),
        ("policy=fund", "under way only the policy changes"),
        ("policy.fund.yuan=1,2", "takes one value"),
        ("fund 3", "is no override"),
    ],
)
def test_a_line_that_is_not_allowed_is_refused_in_words_and_changes_nothing(line, words):
    model = twins(weeks=1)
    with pytest.raises(ConfigError, match=words.replace("(", r"\(")):
        model.write(line)
    assert model.changes == []


def test_a_line_can_set_any_value_of_an_instrument():
    model = twins(weeks=1, policy="fragmented")
    model.write("policy.fund.signal=reported")
    assert model.cities["policy"].timeline.in_force(1).fund_by_reported == 1.0
    model.write("~policy.fund")
    assert model.cities["policy"].timeline.in_force(1).fund_yuan == 0.0


def test_nobody_plays_twins_that_have_ended():
    model = twins(weeks=1)
    model.end()
    model.step()
    assert model.week == 1
    assert not model.running


def test_one_world_alone_is_refused():
    with pytest.raises(ConfigError, match="baseline=none: two worlds"):
        twins(baseline="none")
