"""Harm: it is found where it was planted, in as many worlds, and nowhere else."""

from __future__ import annotations

import pytest
from planted import BASELINE, CURED, UNMET, only, runs

from govsim.compare.harm import harm
from govsim.config.check import ConfigError

EFFECTS = {BASELINE: (0, 0, 0, 0), "harms": (9, 9, 9, -3), "mixed": (6, -6, 0, 0), "helps": (-5, -5, -5, -5)}
"""By policy: what it adds in each of four scenarios."""


def study(**how):
    how = {"noise": 0.2, "scenarios": {number: {} for number in range(4)}} | how
    return runs([{"policy": name} for name in EFFECTS], lambda p: EFFECTS[p["policy"]][p["scenario"]], **how)


def test_a_policy_that_leaves_more_unmet_need_is_named_with_the_share_of_worlds():
    table = harm(study(), [UNMET])
    assert table["policy"].tolist() == ["harms", "mixed", "helps"]
    assert only(table, policy="harms")[["harms", "worlds", "share_worse", "share_shown"]].tolist() == [
        True, 4, 0.75, 0.75,
    ]  # fmt: skip
    assert not only(table, policy="mixed")["harms"]
    assert only(table, policy="mixed")["share_shown"] == pytest.approx(0.25, abs=0.26)  # two worlds without an effect
    assert only(table, policy="helps")[["harms", "share_worse"]].tolist() == [False, 0.0]


def test_harm_is_less_where_more_is_better():
    table = harm(study(outcome=CURED, base=0.5), [CURED])
    assert table["policy"].tolist()[0] == "helps"
    assert table["harms"].tolist()[0]


def test_one_seed_a_world_shows_nothing_in_a_world():
    assert harm(study(seeds=1), [UNMET])["share_shown"].isna().all()


def test_what_is_neither_better_high_nor_low_is_refused():
    with pytest.raises(ConfigError, match="visits_per_1000"):
        harm(study(outcome="visits_per_1000"), ["visits_per_1000"])
