"""Shares of an ensemble in which a policy lowers or raises an outcome."""

from __future__ import annotations

import numpy as np
import pytest
from planted import BASELINE, UNMET, only, runs, uncertainty
from studies import outcomes, study

from govsim.compare.members import members
from govsim.compare.pairs import with_draws
from govsim.compare.sections import SECTIONS, Material

EFFECT = {"helps": (-9.0,) * 5, "depends": (-9.0, -9.0, -9.0, 9.0, 0.05), "nothing": (0.0,) * 5}
"""Of a policy in each of five members."""


def ensemble(seeds: int = 8, noise: float = 1.0):
    points = [{"policy": name} for name in (BASELINE, *EFFECT)]
    worlds = {i: {"behaviour.skill": 0.8 + 0.02 * i} for i in range(5)}
    return runs(
        points, lambda p: EFFECT.get(p["policy"], (0.0,) * 5)[p["scenario"]], seeds=seeds, noise=noise, scenarios=worlds
    )


def test_shares_are_those_that_were_planted():
    table = members(ensemble(), [UNMET])
    shares = ["share_lower", "shown_lower", "share_higher", "shown_higher"]
    assert only(table, policy="helps")[shares].tolist() == [1.0, 1.0, 0.0, 0.0]
    depends = only(table, policy="depends")
    assert depends[["shown_lower", "shown_higher"]].tolist() == pytest.approx([0.6, 0.2])
    assert depends["share_lower"] + depends["share_higher"] == pytest.approx(1.0)
    nothing = only(table, policy="nothing")
    assert nothing[["shown_lower", "shown_higher"]].max() <= 0.2
    assert (table["members"] == 5).all()
    assert (table["n"] == 40).all()


def test_what_is_exactly_nothing_is_on_neither_side():
    row = only(members(ensemble(noise=0.0), [UNMET]), policy="nothing")
    assert row[["share_lower", "shown_lower", "share_higher", "shown_higher"]].tolist() == [0.0] * 4


def test_one_seed_shows_nothing_and_a_failed_member_is_not_counted():
    one = only(members(ensemble(seeds=1), [UNMET]), policy="helps")
    assert one[["share_lower", "shown_lower"]].tolist() == [1.0, 0.0]
    frame = ensemble()
    row = only(members(frame[(frame["policy"] != "helps") | (frame["scenario"] != 2)], [UNMET]), policy="helps")
    assert (row["members"], row["n"]) == (4, 32)


def test_a_report_has_it_where_members_were_drawn_and_only_there():
    frame = outcomes(ensemble())
    some = {"behaviour.skill": uncertainty("behaviour.skill", designs=("ensemble",))}
    design = {"names": ["behaviour.skill"], "rows": list(range(5))}
    drawn = study(frame, some, {"uncertainties.ensemble": design})
    section = SECTIONS["ensemble"](Material(drawn, [UNMET, "trust"]))
    assert section is not None
    assert section.findings[0] == (
        "helps: of 5 members, unmet need is lower in 100% (shown in 100%) and higher in 0% (shown in 0%), compared "
        "with fragmented."
    )
    assert set(section.tables["members"]["outcome"]) == {UNMET, "trust"}
    listed = study(frame, some, {"uncertainties.points": design})
    assert SECTIONS["ensemble"](Material(listed, [UNMET])) is None
    assert "draw" not in with_draws(listed.runs, listed.designs)
    assert np.array_equal(with_draws(drawn.runs, drawn.designs)["draw"], drawn.runs["scenario"])
