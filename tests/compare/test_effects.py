"""Effects of policies: planted ones are found, absent ones are not, and the words follow the adjusted test."""

from __future__ import annotations

import numpy as np
import pytest
from planted import BASELINE, CURED, UNMET, holds, only, runs

from govsim.compare.effects import EFFECTS, effects
from govsim.config.check import ConfigError

EFFECT = {BASELINE: 0.0, "fund": -20.0, "harm": 5.0, "idle": 0.0}
POINTS = [{"policy": name} for name in EFFECT]


def truth(point) -> float:
    return EFFECT[point["policy"]]


def table(**how):
    return effects(runs(POINTS, truth, **how), [UNMET])


def test_planted_effects_are_found():
    found = table()
    assert list(found.columns) == EFFECTS
    for policy, effect in EFFECT.items():
        if policy != BASELINE:
            assert holds(only(found, policy=policy), effect)
    words = found.set_index("policy")["verdict"].to_dict()
    assert words == {"fund": "lower", "harm": "higher", "idle": "no difference shown"}
    assert (found["n"] == 20).all()
    assert (found["baseline"] == BASELINE).all()


def test_sizes_say_what_they_are_measured_by():
    """Noise 1 in each world: differences vary by √2, the baseline by √(10² + 1²)."""
    row = only(table(seeds=400), policy="fund")
    assert row["dz"] == pytest.approx(-20.0 / np.sqrt(2.0), rel=0.1)
    assert row["in_baseline_sd"] == pytest.approx(-20.0 / np.sqrt(101.0), rel=0.1)
    assert row["relative_percent"] == pytest.approx(-10.0, rel=0.05)


def test_a_policy_that_does_the_same_everywhere_has_no_size_in_spreads():
    frame = runs(POINTS, truth)
    frame[UNMET] = frame["seed"] * 8.0 + frame["policy"].map(EFFECT)  # no rounding in these
    row = only(effects(frame, [UNMET]), policy="fund")
    assert (row["low"], row["high"], row["p"]) == (-20.0, -20.0, 0.0)
    assert np.isnan(row["dz"])


def test_what_rounding_leaves_is_no_spread():
    """What a baseline costs is the same in each seed but for the last bit: nothing to measure a difference by."""
    frame = runs(POINTS, truth)
    frame[UNMET] = 336.0 + frame["policy"].map(EFFECT) + 1e-13 * (frame["seed"] % 2)
    row = only(effects(frame, [UNMET]), policy="fund")
    assert np.isnan(row["in_baseline_sd"])
    assert np.isnan(row["dz"])


def test_the_baselines_spread_is_that_between_seeds_not_scenarios():
    frame = runs(POINTS, lambda p: truth(p) + 1_000.0 * p["scenario"], scenarios={0: {}, 1: {}}, seeds=200)
    assert only(effects(frame, [UNMET]), policy="fund")["in_baseline_sd"] == pytest.approx(-2.0, rel=0.15)


def test_a_policy_that_never_touched_an_outcome_is_identical():
    found = table(noise=0.0)
    row = only(found, policy="idle")
    assert row["identical"]
    assert (row["difference"], row["low"], row["high"], row["p"], row["dz"]) == (0.0, 0.0, 0.0, 1.0, 0.0)
    assert row["verdict"] == "no difference shown"
    assert not found.loc[found["policy"] != "idle", "identical"].any()


def test_a_difference_in_one_pair_is_not_identical():
    frame = runs(POINTS, truth, noise=0.0)
    frame.loc[(frame["policy"] == "idle") & (frame["seed"] == 3), UNMET] += 1e-9
    assert not only(effects(frame, [UNMET]), policy="idle")["identical"]


def test_many_idle_policies_are_seldom_called_anything():
    """Twenty policies without effect: unadjusted, most studies would name one; Holm keeps it to one study in twenty."""
    points = [{"policy": BASELINE}, *({"policy": f"idle {i}"} for i in range(20))]
    named, unadjusted = 0, 0
    for rng in range(20):
        found = effects(runs(points, lambda _: 0.0, seeds=8, rng=rng), [UNMET])
        named += (found["verdict"] != "no difference shown").any()
        unadjusted += (found["p"] < 0.05).any()
    assert named <= 4  # 1 expected; 5 or more has a chance below 0.01
    assert unadjusted > 7


def test_theories_and_budgets_have_rows_of_their_own():
    points = [{"policy": BASELINE}, *({"policy": "fund", "budget": b} for b in (20.0, 40.0))]
    frame = runs(
        points, lambda p: 0.0 if np.isnan(p["budget"]) else -p["budget"], theories=("performance", "anchoring")
    )
    found = effects(frame, [UNMET])
    assert len(found) == 4
    assert holds(only(found, theory="anchoring", budget=40.0), -40.0)


def test_scenarios_are_averaged_and_pairs_counted():
    frame = runs(POINTS, lambda p: truth(p) * p["scenario"], scenarios={1: {}, 3: {}}, seeds=10)
    row = only(effects(frame, [UNMET]), policy="fund")
    assert holds(row, -40.0)
    assert (row["n"], row["replicates"]) == (20, 10)


def test_sampled_scenarios_are_the_replicates():
    scenarios = {i: {} for i in range(30)}
    frame = runs(POINTS, lambda p: truth(p) * (1 + 0.1 * p["scenario"]), scenarios=scenarios, seeds=1)
    row = only(effects(frame.assign(draw=frame["scenario"]), [UNMET]), policy="fund")
    assert (row["n"], row["replicates"]) == (30, 30)
    assert row["high"] - row["low"] > 10.0
    one_seed = only(effects(frame, [UNMET]), policy="fund")
    assert np.isnan(one_seed["low"])


def test_undefined_outcomes_are_dropped_and_counted():
    frame = runs(POINTS, truth)
    frame.loc[frame["seed"] <= 5, UNMET] = np.nan
    assert (effects(frame, [UNMET])["n"] == 15).all()
    frame[UNMET] = np.nan
    nothing = effects(frame, [UNMET])
    assert (nothing["n"] == 0).all()
    assert nothing["p_holm"].isna().all()
    assert (nothing["verdict"] == "no difference shown").all()


def test_an_unknown_outcome_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match=f"outcome=unmet_case_days: no such outcome; nearest: {UNMET}"):
        effects(runs(POINTS, truth), ["unmet_case_days"])
    with pytest.raises(ConfigError, match=f"outcome={CURED}: no such outcome"):
        effects(runs(POINTS, truth), [CURED])  # declared, and not held by these runs
