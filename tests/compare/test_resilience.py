"""Shocks: the planted excess, its peak and its end come back, paired with the same world without the shock."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import BASELINE, holds, named, only, uncertainty

from govsim.compare.resilience import MEASURES, contrasts, excess, recovery
from govsim.config.check import ConfigError

WEEKS, ONSET, RESIDENTS = 60, 10, 2_000
SHOCK = uncertainty("shock", "none", "flood", designs=("factorial",))
REACH = uncertainty("behaviour.patrol_reach", 0.2, 0.4, designs=("factorial",))
FACTORS = named(SHOCK)
DECAY = {BASELINE: 0.90, "fund": 0.80}
"""What of the excess is left a week later, under each policy."""


def planted(policy: str) -> np.ndarray:
    """Excess per 1,000 residents, from its peak in the week of the onset."""
    weeks = np.arange(WEEKS) - ONSET
    return np.where(weeks >= 0, 20.0 * DECAY[policy] ** np.maximum(weeks, 0), 0.0)


def study(reaches=(0.2,), seeds: int = 12, noise: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Series and runs; luck of the week is shared by worlds with and without the shock."""
    rng = np.random.default_rng(0)
    runs, series, point = [], [], 0
    luck = {(reach, seed): 100.0 + 10.0 * rng.standard_normal(WEEKS) for reach in reaches for seed in range(seeds)}
    for scenario, (shock, reach) in enumerate((s, r) for s in ("none", "flood") for r in reaches):
        for policy in DECAY:
            for seed in range(seeds):
                run = f"{point}-{seed}"
                about = {"run_id": run, "point": point, "policy": policy, "theory": "performance", "seed": seed}
                about |= {"scenario": scenario, "budget": np.nan, "is_baseline": policy == BASELINE}
                runs.append(about | {"shock": shock, "behaviour.patrol_reach": reach})
                size = 1.0 + noise * rng.standard_normal()
                unmet = luck[reach, seed] * reach + size * planted(policy) * (shock == "flood")
                weeks = pd.DataFrame(
                    {"point": point, "seed": seed, "week": range(WEEKS), "unmet": unmet * RESIDENTS / 1_000.0}
                )
                series.append(weeks)
            point += 1
    return pd.concat(series, ignore_index=True), pd.DataFrame(runs)


def test_the_excess_is_that_of_the_shock_week_by_week():
    table = excess(*study(), FACTORS, RESIDENTS)
    for policy in DECAY:
        own = table[table["policy"] == policy]
        assert own["excess"].to_numpy() == pytest.approx(planted(policy), abs=1e-9)
    assert (table["shock"] == "flood").all()
    assert (table["n"] == 12).all()


def test_total_peak_and_recovery():
    table = recovery(*study(), FACTORS, RESIDENTS)
    for policy, decay in DECAY.items():
        back = int(np.flatnonzero(decay ** np.arange(60) < 0.1)[0])
        known = {"total_excess": planted(policy).sum(), "peak": 20.0, "weeks_to_recover": back, "never_recovers": 0.0}
        for measure, value in known.items():
            assert only(table, policy=policy, measure=measure)["mean"] == pytest.approx(value)


def test_a_policy_is_more_resilient_if_its_excess_is_smaller():
    series, runs = study(noise=0.05)
    row = only(contrasts(series, runs, FACTORS, RESIDENTS), measure="total_excess")
    assert holds(row, planted("fund").sum() - planted(BASELINE).sum())
    assert (row["policy"], row["baseline"], row["verdict"]) == ("fund", BASELINE, "lower")
    other_way = only(contrasts(series, runs, FACTORS, RESIDENTS, "fund"), measure="total_excess")
    assert other_way["verdict"] == "higher"


def test_pairs_have_the_same_uncertain_values():
    """Luck is multiplied by another uncertain value: a pair across its values would leave half the luck in."""
    series, runs = study(reaches=(0.2, 0.4))
    table = excess(series, runs, named(SHOCK, REACH), RESIDENTS)
    own = table[table["policy"] == "fund"]
    assert own["excess"].to_numpy() == pytest.approx(planted("fund"), abs=1e-9)
    assert (own["n"] == 24).all()


def test_recovery_wants_four_weeks_in_a_row():
    series, runs = study()
    flood = series["point"].isin(runs.loc[runs["shock"] == "flood", "point"])
    again = flood & (series["week"] == ONSET + 13)  # in the third week under a tenth of the peak, back over it once
    series.loc[again, "unmet"] += 10.0 * RESIDENTS / 1_000.0
    row = only(recovery(series, runs, FACTORS, RESIDENTS), policy="fund", measure="weeks_to_recover")
    assert row["mean"] == 14.0


def test_what_never_recovers_is_counted_and_has_no_weeks():
    series, runs = study()
    flood = series["point"].isin(runs.loc[(runs["shock"] == "flood") & (runs["policy"] == "fund"), "point"])
    some = flood & (series["seed"] < 3)
    series.loc[some & (series["week"] >= ONSET), "unmet"] += 20.0 * RESIDENTS / 1_000.0
    table = recovery(series, runs, FACTORS, RESIDENTS)
    never = only(table, policy="fund", measure="never_recovers")
    assert never["mean"] == pytest.approx(0.25)
    assert 0.0 < never["low"] < 0.25 < never["high"] < 1.0
    weeks = only(table, policy="fund", measure="weeks_to_recover")
    assert (weeks["n"], weeks["mean"]) == (9, 11.0)


def test_a_shock_that_does_no_harm_is_over_at_once():
    series, runs = study()
    flood = series["point"].isin(runs.loc[runs["shock"] == "flood", "point"])
    calm = series.loc[~flood, "unmet"].to_numpy()
    series.loc[flood, "unmet"] = calm
    table = recovery(series, runs, FACTORS, RESIDENTS).set_index(["policy", "measure"])["mean"]
    assert table.to_dict() == {(policy, measure): 0.0 for policy in DECAY for measure in MEASURES}


def test_a_study_without_a_shock_or_without_calm_is_refused():
    series, runs = study()
    with pytest.raises(ConfigError, match="shock: not varied in this study"):
        excess(series, runs.drop(columns="shock"), named(REACH), RESIDENTS)
    with pytest.raises(ConfigError, match="no run with shock=none"):
        excess(series, runs[runs["shock"] == "flood"], FACTORS, RESIDENTS)
