"""Factorial designs: planted main effects, interactions and shares come back, on the scale where they were planted."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from planted import CURED, UNMET, factorial, holds, lever, named, only, runs
from scipy.special import expit

from govsim.compare import factorial as analysis

COMMITTEE, FUND, GRID = lever("committee", 0, 44), lever("fund", 0, 350_000), lever("grid", 0.55, 0.877, neutral=0.55)
LEVERS = named(COMMITTEE, FUND, GRID)
NOT_SHOWN = "no interaction shown"


def on(point) -> tuple[bool, bool, bool]:
    return point["committee"] > 0, point["fund"] > 0, point["grid"] > 0.6


def substitutes(point) -> float:
    """Committee 10, fund 20, grid 15, and 8 less where committee and fund do the same work."""
    a, b, c = on(point)
    return -10.0 * a - 20.0 * b - 15.0 * c + 8.0 * (a and b)


def study(truth=substitutes, levers=LEVERS, **how) -> pd.DataFrame:
    return runs(factorial(*levers.values()), truth, levers, **how)


def test_main_effects_are_averages_over_the_settings_of_the_others():
    table = analysis.main_effects(study(), LEVERS, [UNMET])
    for factor, effect in {"committee": -6.0, "fund": -16.0, "grid": -15.0}.items():
        row = only(table, factor=factor, scale="additive")
        assert holds(row, effect)
        assert row["high"] - row["low"] < 2.0  # common luck of 10 is gone
    assert only(table, factor="grid", scale="additive")[["level", "reference"]].tolist() == [0.877, 0.55]
    assert set(table["scale"]) == {"additive", "log"}


def test_the_planted_interaction_is_found_and_no_other():
    table = analysis.interactions(study(), LEVERS, [UNMET])
    row = only(table, factors="committee × fund", scale="additive")
    assert holds(row, 8.0)
    assert row["reading"] == "hinder each other"
    assert row["levels"] == "44 × 350,000"
    others = table[(table["factors"] != "committee × fund") & (table["scale"] == "additive")]
    assert sorted(others["factors"]) == ["committee × fund × grid", "committee × grid", "fund × grid"]
    assert (others["reading"] == NOT_SHOWN).all()


def test_a_pair_is_a_factorial_of_its_own():
    names = ("pair committee × fund", "pair committee × grid")
    committee, fund = lever("committee", 0, 44, designs=names), lever("fund", 0, 350_000, designs=names[:1])
    levers = named(committee, fund, lever("grid", 0.55, 0.877, designs=names[1:], neutral=0.55))
    doses = [(0, 0, 0.55, "+".join(names)), (44, 0, 0.55, "+".join(names)), (0, 350_000, 0.55, names[0]),
             (44, 350_000, 0.55, names[0]), (0, 0, 0.877, names[1]), (44, 0, 0.877, names[1])]  # fmt: skip
    points: list[dict[str, Any]] = [
        dict(zip(("committee", "fund", "grid", "designs"), row, strict=True)) for row in doses
    ]
    table = analysis.interactions(runs(points, substitutes, levers), levers, [UNMET])
    table = table[table["scale"] == "additive"]
    assert table["factors"].tolist() == ["committee × fund", "committee × grid"]
    assert holds(table.iloc[0], 8.0)
    assert holds(table.iloc[1], 0.0)
    assert table["p_holm"].iloc[0] == pytest.approx(2 * table["p"].iloc[0])


def test_a_planted_triple_is_found():
    table = analysis.interactions(study(lambda p: -12.0 * all(on(p))), LEVERS, [UNMET])
    row = only(table, order=3, scale="additive")
    assert holds(row, -12.0)
    assert row["reading"] == "help each other"


def test_helping_is_judged_by_which_way_is_better():
    def more(point):
        return 1.0 * (on(point)[0] and on(point)[1])

    how = {"base": 0.0, "common": 0.3, "noise": 0.05}
    for outcome, sign, reading in [
        (UNMET, -1.0, "help each other"), (UNMET, 1.0, "hinder each other"),
        ("satisfaction", 1.0, "help each other"), ("satisfaction", -1.0, "hinder each other"),
        ("recorded_share", 1.0, "together above the sum"), ("recorded_share", -1.0, "together below the sum"),
    ]:  # fmt: skip
        frame = study(lambda p, s=sign: s * more(p), outcome=outcome, **how)
        assert only(analysis.interactions(frame, LEVERS, [outcome]), order=2, factors="committee × fund",
                    scale="additive")["reading"] == reading  # fmt: skip


def test_effects_that_add_up_as_logits_interact_only_as_shares():
    """The same study answers differently on two scales, and both are given."""
    frame = study(
        lambda p: 2.0 * on(p)[0] + 2.0 * on(p)[1], outcome=CURED, shape=expit, base=-0.5, common=0.3, noise=0.05
    )
    table = analysis.interactions(frame, LEVERS, [CURED])
    as_logits = only(table, factors="committee × fund", scale="logit")
    assert as_logits["reading"] == NOT_SHOWN
    assert holds(as_logits, 0.0)
    assert only(table, factors="committee × fund", scale="additive")["reading"] == "hinder each other"
    main = only(analysis.main_effects(frame, LEVERS, [CURED]), factor="committee", scale="logit")
    assert holds(main, 2.0)


def test_effects_that_multiply_do_not_interact_as_logarithms():
    frame = study(
        lambda p: np.log(0.5) * on(p)[0] + np.log(0.5) * on(p)[1], shape=np.exp, base=5.0, common=0.2, noise=0.02
    )
    pair = analysis.interactions(frame, LEVERS, [UNMET]).query("factors == 'committee × fund'").set_index("scale")
    assert pair.loc["log", "reading"] == NOT_SHOWN
    assert pair.loc["additive", "reading"] == "hinder each other"
    row = only(analysis.main_effects(frame, LEVERS, [UNMET]), factor="fund", scale="log")
    assert holds(row, np.log(0.5))


def test_scales_fit_the_outcome():
    share, rate = np.array([0.0, 0.5, 1.0]), np.array([0.5, 2.0])
    assert list(analysis.scales(CURED, share)) == ["additive", "logit"]
    assert list(analysis.scales("worker_utilisation", rate)) == ["additive", "log"]  # a share that may pass 1
    assert list(analysis.scales(UNMET, rate)) == ["additive", "log"]
    assert list(analysis.scales(UNMET, -rate)) == ["additive"]


def test_a_share_of_nothing_has_no_logit_and_says_so():
    frame = study(lambda p: 0.2 * on(p)[0], outcome=CURED, base=0.0, common=0.0, noise=0.0)
    table = analysis.interactions(frame, LEVERS, [CURED])
    logit = table[table["scale"] == "logit"]
    assert (logit["n"] == 0).all()
    assert (logit["reading"] == "undefined on this scale").all()


def test_an_outcome_that_no_lever_touches_gives_no_noise():
    """Sums of equal numbers round to 1e-14, and a test of that would find anything."""
    frame = study(lambda _: 0.0, noise=0.0)
    for table, name in [(analysis.main_effects(frame, LEVERS, [UNMET]), "effect"),
                        (analysis.interactions(frame, LEVERS, [UNMET]), "interaction")]:  # fmt: skip
        assert (table[[name, "low", "high"]] == 0.0).all(axis=None)
        assert (table["p"] == 1.0).all()


def test_a_seed_without_all_combinations_is_left_out_and_counted():
    frame = study()
    frame = frame[~((frame["point"] == 3) & (frame["seed"] <= 4))]
    assert (analysis.main_effects(frame, LEVERS, [UNMET])["n"] == 16).all()
    without = frame[frame["point"] != 3]
    assert (analysis.main_effects(without, LEVERS, [UNMET])["n"] == 0).all()


def test_more_levels_than_two_are_each_set_against_the_reference():
    levers = named(lever("fund", 100, 0, 300), GRID)
    frame = study(lambda p: -0.1 * p["fund"] - 5.0 * (p["fund"] == 300 and p["grid"] > 0.6), levers)
    main = analysis.main_effects(frame, levers, [UNMET])
    fund = main[(main["factor"] == "fund") & (main["scale"] == "additive")]
    assert fund[["level", "reference"]].to_numpy().tolist() == [[100, 0], [300, 0]]
    assert holds(fund.iloc[0], -10.0)
    assert holds(fund.iloc[1], -32.5)
    pairs = analysis.interactions(frame, levers, [UNMET]).query("scale == 'additive'")
    assert set(pairs["order"]) == {2}
    assert only(pairs, levels="100 × 0.877")["reading"] == NOT_SHOWN
    assert holds(only(pairs, levels="300 × 0.877"), -5.0)


def test_theories_are_apart_and_other_designs_and_budgets_left_out():
    frame = study(lambda p: substitutes(p) * (2.0 if p["theory"] == "anchoring" else 1.0),
                  theories=("performance", "anchoring"))  # fmt: skip
    stray = frame[frame["policy"] == "fund=350000"].assign(committee=20, designs="policies")
    dear = frame[frame["policy"] == "fund=350000"].assign(fund=90_000, budget=20.0)
    table = analysis.main_effects(pd.concat([frame, stray, dear]), LEVERS, [UNMET])
    assert holds(only(table, theory="anchoring", factor="fund", scale="additive"), -32.0)
    assert len(table) == 2 * 2 * 3


def test_a_field_of_an_instrument_that_is_not_there_stands_for_all_its_levels():
    start = lever("fund.start", "2017-09-04", "2018-09-03", neutral=None)
    levers = named(FUND, start)
    points = [{"fund": 0, "fund.start": None}, *({"fund": 350_000, "fund.start": s} for s in start.levels)]
    late = {None: 0.0, "2017-09-04": -20.0, "2018-09-03": -10.0}
    frame = runs(points, lambda p: late[p["fund.start"]], levers)
    table = analysis.main_effects(frame, levers, [UNMET])
    assert holds(only(table, factor="fund", scale="additive"), -15.0)
    assert holds(only(table, factor="fund.start", scale="additive"), 5.0)
    pair = only(analysis.interactions(frame, levers, [UNMET]), scale="additive")
    assert holds(pair, 10.0)
    assert pair["levels"] == "350,000 × 2018-09-03"


# --- fractions


def fraction() -> tuple[dict, list[dict[str, int]]]:
    """Four levers in eight runs, d = a b c: pairs are aliased in twos."""
    levers = named(*(lever(name, 0, 1, designs=("fractional",)) for name in "abcd"))
    return levers, [{"a": a, "b": b, "c": c, "d": (a + b + c) % 2} for a, b, c in product((0, 1), repeat=3)]


def test_a_fraction_finds_main_effects_and_names_what_it_cannot_tell_apart():
    levers, points = fraction()
    frame = runs(points, lambda p: -10.0 * p["a"] - 4.0 * p["d"] + 6.0 * p["a"] * p["b"], levers, design="fractional")
    main = analysis.main_effects(frame, levers, [UNMET]).query("scale == 'additive'")
    assert holds(only(main, factor="a"), -7.0)
    assert holds(only(main, factor="c"), 0.0)
    assert only(main, factor="a")["aliases"] == "b × c × d"
    pairs = analysis.interactions(frame, levers, [UNMET]).query("scale == 'additive'")
    assert pairs[["factors", "aliases"]].to_numpy().tolist() == [
        ["a × b", "c × d"],
        ["a × c", "b × d"],
        ["a × d", "b × c"],
    ]
    assert holds(only(pairs, factors="a × b"), 6.0)
    assert (pairs["order"] == 2).all()


def test_an_alias_of_the_other_sign_is_marked():
    levers, points = fraction()
    points = [point | {"d": 1 - point["d"]} for point in points]
    table = analysis.main_effects(runs(points, lambda _: 0.0, levers, design="fractional"), levers, [UNMET])
    assert set(table["aliases"]) == {"−(b × c × d)", "−(a × c × d)", "−(a × b × d)", "−(a × b × c)"}


def test_a_fraction_that_lacks_a_combination_shows_nothing():
    levers, points = fraction()
    frame = runs(points[:-1], lambda p: -10.0 * p["a"], levers, design="fractional")
    assert (analysis.main_effects(frame, levers, [UNMET])["n"] == 0).all()


# --- shares


def by_orders(value, levers: int) -> list[float]:
    """Shapley values by their definition: what a lever adds, averaged over all orders of adding them."""
    orders = list(permutations(range(levers)))
    gains = [0.0] * levers
    for order in orders:
        chosen: set[int] = set()
        for i in order:
            gains[i] += (value(chosen | {i}) - value(chosen)) / len(orders)
            chosen.add(i)
    return gains


def test_shapley_values_are_those_of_the_definition_and_add_up():
    def truth(point):
        a, b, c = on(point)
        return -10.0 * a - 20.0 * b + 8.0 * (a and b) - 6.0 * (a and b and c) + 3.0 * c

    table = analysis.shapley(study(truth, noise=0.0), LEVERS, [UNMET])
    known = by_orders(lambda s: truth({"committee": 44 * (0 in s), "fund": 1 * (1 in s), "grid": 0.55 + (2 in s)}), 3)
    assert table["shapley"].tolist() == pytest.approx(known)
    assert table["total"].tolist() == pytest.approx([-25.0] * 3)
    assert table["share"].tolist() == pytest.approx(np.array(known) / -25.0)


def test_shares_hold_the_truth_as_often_as_they_say():
    """The share is a ratio; its interval by linearisation must still cover."""
    levers = named(COMMITTEE, FUND)
    inside = 0
    for rng in range(150):
        frame = study(
            lambda p: -4.0 * (p["committee"] > 0) - 6.0 * (p["fund"] > 0), levers, noise=2.0, seeds=10, rng=rng
        )
        row = only(analysis.shapley(frame, levers, [UNMET]), factor="committee")
        inside += row["share_low"] <= 0.4 <= row["share_high"]
    assert inside / 150 == pytest.approx(0.95, abs=0.05)


def test_there_are_no_shares_of_nothing():
    table = analysis.shapley(study(lambda p: 10.0 * on(p)[0] - 10.0 * on(p)[1]), LEVERS, [UNMET])
    assert table["share"].isna().all()
    assert holds(only(table, factor="committee"), 10.0)


def test_shares_are_for_levers_that_are_on_or_off():
    levers = named(lever("fund", 0, 100, 300), GRID)
    assert analysis.shapley(study(lambda _: 0.0, levers), levers, [UNMET]).empty
    assert list(analysis.shapley(study(lambda _: 0.0, levers), levers, [UNMET]).columns) == analysis.SHAPLEY


def test_means_of_all_combinations():
    table = analysis.cells(study(), LEVERS, [UNMET])
    assert len(table) == 8
    both = only(table, committee=44, fund=350_000, grid=0.55)
    alone = only(table, policy="fragmented")
    assert both["mean"] - alone["mean"] == pytest.approx(-22.0, abs=1.5)


def test_a_study_without_a_factorial_gives_empty_tables():
    frame = study(design="policies")
    assert analysis.main_effects(frame, LEVERS, [UNMET]).empty
    assert analysis.interactions(frame, LEVERS, [UNMET]).empty
    assert analysis.shapley(frame, LEVERS, [UNMET]).empty
    assert analysis.cells(frame, LEVERS, [UNMET]).empty
