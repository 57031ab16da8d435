"""Dose-response: the planted shape is named, with the dose at which it happens, and no shape where none is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import CURED, UNMET, factorial, holds, lever, named, only, runs

from govsim.compare import doses as analysis

DOSES = (0, 100, 200, 400, 800)
FUND = lever("fund", *DOSES, designs=("doses",))
LEVERS = named(FUND)


def study(effect, levers=LEVERS, design="doses", **how) -> pd.DataFrame:
    (factor,) = levers.values()
    points = [{factor.name: dose} for dose in factor.levels]
    return runs(points, lambda p: effect(p[factor.name]), levers, design=design, **how)


def shape(effect, levers=LEVERS, **how) -> pd.Series:
    return analysis.shapes(study(effect, levers, **how), levers, [UNMET]).iloc[0]


def test_each_dose_is_set_against_the_neutral_one():
    table = analysis.responses(study(lambda dose: -0.05 * dose), LEVERS, [UNMET])
    assert table["dose"].tolist() == list(DOSES)
    assert (table["reference"] == 0).all()
    for _, row in table.iterrows():
        assert holds(row, -0.05 * row["dose"])
    assert table.iloc[0][["effect", "low", "high", "p"]].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_the_line_through_all_doses_is_fitted_within_each_seed():
    table = analysis.slopes(study(lambda dose: -0.05 * dose), LEVERS, [UNMET])
    assert len(table) == 1
    row = table.iloc[0]
    assert row["doses"] == len(DOSES)
    assert holds(row, -0.05)
    assert row["high"] < 0.0
    still = analysis.slopes(study(lambda _: 0.0), LEVERS, [UNMET]).iloc[0]
    assert still["low"] < 0.0 < still["high"]


def test_a_lever_that_is_only_off_or_on_has_a_line_and_no_curve():
    levers = named(lever("gates", 0, 1, designs=("doses",)))
    found = study(lambda dose: 3.0 * dose, levers, noise=0.0)
    assert analysis.slopes(found, levers, [UNMET])["slope"].tolist() == pytest.approx([3.0])
    assert analysis.responses(found, levers, [UNMET]).empty


def test_marginal_effects_are_per_unit_between_successive_doses():
    table = analysis.marginals(study(lambda dose: -0.05 * min(dose, 200)), LEVERS, [UNMET])
    assert table[["from_dose", "to_dose"]].to_numpy().tolist() == [[0, 100], [100, 200], [200, 400], [400, 800]]
    for (_, row), slope in zip(table.iterrows(), (-0.05, -0.05, 0.0, 0.0), strict=True):
        assert holds(row, slope)


@pytest.mark.parametrize(
    ("effect", "word", "at"),
    [
        (lambda dose: -0.05 * dose, "linear", None),
        (lambda dose: -0.10 * min(dose, 200), "saturates", 200.0),
        (lambda dose: -0.10 * min(dose, 200) - 0.004 * max(dose - 200, 0), "saturates", 200.0),
        (lambda dose: -0.10 * min(dose, 200) - 0.03 * max(dose - 200, 0), "bends", 200.0),
        (lambda dose: -0.10 * min(dose, 400) + 0.05 * max(dose - 400, 0), "reverses", 400.0),
        (lambda dose: -0.10 * max(dose - 400, 0), "bends", 400.0),
        (lambda _: 0.0, "no effect shown", None),
    ],
)
def test_the_planted_shape_is_named(effect, word, at):
    row = shape(effect, seeds=40)
    assert row["shape"] == word
    assert (row["at"] == at) if at is not None else np.isnan(row["at"])
    assert row["sentence"].startswith("fund, Unmet need: ")
    if at is not None:
        assert f" {at:g}" in row["sentence"]


def test_the_change_of_slope_is_that_at_the_bend():
    row = shape(lambda dose: -0.10 * min(dose, 200) - 0.03 * max(dose - 200, 0), seeds=40)
    assert holds(row, 0.07)
    assert row["p_holm"] < 0.001


def test_what_could_be_steeper_is_not_called_saturated():
    """The remaining slope is near 0 on average, but its interval reaches past a tenth of the first."""
    row = shape(lambda dose: -0.10 * min(dose, 200), noise=30.0, seeds=40, common=0.0)
    assert row["shape"] != "saturates"


def test_straight_lines_are_seldom_called_bent():
    frames = [study(lambda dose: -0.05 * dose, rng=rng, seeds=8) for rng in range(12)]
    words = [analysis.shapes(frame, LEVERS, [UNMET])["shape"].iloc[0] for frame in frames]
    assert words.count("linear") >= 9  # 11.4 expected; 8 or fewer has a chance below 0.01


def test_where_the_highest_dose_is_neutral_the_curve_is_followed_downwards():
    certificates = lever("certificates", 313, 235, 155, 15, designs=("doses",), neutral=313)
    levers = named(certificates)
    frame = study(lambda dose: -0.10 * min(313 - dose, 158), levers)
    assert analysis.responses(frame, levers, [UNMET])["dose"].tolist() == [313, 235, 155, 15]
    row = analysis.shapes(frame, levers, [UNMET]).iloc[0]
    assert (row["shape"], row["at"]) == ("saturates", 155.0)
    assert holds(analysis.marginals(frame, levers, [UNMET]).iloc[0], 0.10)  # per certificate, not per step away


def test_a_neutral_dose_in_the_middle_is_the_reference():
    levers = named(lever("staff", 0.0, 0.55, 1.5, designs=("doses",), neutral=0.55))
    table = analysis.responses(study(lambda dose: -20.0 * dose, levers), levers, [UNMET])
    assert (table["reference"] == 0.55).all()
    assert holds(only(table, dose=0.0), 11.0)


def test_without_a_neutral_dose_the_lowest_is_the_reference():
    levers = named(lever("fund", 300, 100, 200, designs=("doses",)))
    assert (analysis.responses(study(lambda _: 0.0, levers), levers, [UNMET])["reference"] == 100).all()


def test_one_at_a_time_follows_each_lever_with_the_others_at_their_base():
    """The base need not be neutral: here both levers are on."""
    a = lever("a", 1, 0, 2, 3, designs=("one_at_a_time",))
    b = lever("b", 10, 20, 30, designs=("one_at_a_time",))
    levers = named(a, b)
    points = [{"a": 1, "b": 10}, *({"a": x, "b": 10} for x in (0, 2, 3)), *({"a": 1, "b": x} for x in (20, 30))]
    points = [point | {"policy": f"reform {i}"} for i, point in enumerate(points)]
    frame = runs(points, lambda p: -5.0 * p["a"] - 1.0 * p["b"], levers, design="one_at_a_time")
    table = analysis.responses(frame, levers, [UNMET])
    assert table.groupby("factor")["dose"].apply(list).to_dict() == {"a": [0, 1, 2, 3], "b": [10, 20, 30]}
    assert holds(only(table, factor="a", dose=3.0), -15.0)
    assert holds(only(table, factor="b", dose=30.0), -20.0)


def test_dates_have_no_slope_and_a_field_that_is_not_there_stands_still():
    """Where the fund is off it has no start; such points are the base of the other lever."""
    start = lever("fund.start", "2017-09-04", "2018-01-01", "2018-09-03", designs=("one_at_a_time",), neutral=None)
    staff = lever("staff", 0, 1, 2, designs=("one_at_a_time",))
    levers = named(start, staff)
    points = [{"fund.start": None, "staff": dose} for dose in staff.levels]
    frame = runs(points, lambda p: -5.0 * p["staff"], levers, design="one_at_a_time")
    table = analysis.responses(frame, levers, [UNMET])
    assert set(table["factor"]) == {"staff"}
    assert holds(only(table, dose=2.0), -10.0)
    dated = frame.assign(**{"fund.start": [start.levels[i % 3] for i in range(len(frame))]})
    assert analysis.shapes(dated, named(start), [UNMET]).empty


def test_in_a_factorial_the_others_are_averaged():
    levers = named(lever("fund", 0, 100, 200), lever("committee", 0, 44))
    points = factorial(*levers.values())
    frame = runs(points, lambda p: -0.1 * p["fund"] - 8.0 * (p["committee"] > 0) * (p["fund"] == 200), levers)
    table = analysis.responses(frame, levers, [UNMET])
    assert set(table["factor"]) == {"fund"}  # two levels have no shape
    assert holds(only(table, dose=200.0), -24.0)
    lost = frame[~((frame["point"] == frame.loc[frame["fund"] == 200, "point"].iloc[0]) & (frame["seed"] <= 3))]
    assert analysis.responses(lost, levers, [UNMET])["n"].tolist() == [20, 20, 17]


def test_an_outcome_that_no_dose_touches_is_flat():
    row = shape(lambda _: 0.0, noise=0.0)
    assert (row["shape"], row["change"], row["low"], row["high"], row["p"]) == ("no effect shown", 0.0, 0.0, 0.0, 1.0)


def test_an_outcome_without_values_has_no_shape():
    frame = study(lambda _: 0.0).assign(**{CURED: np.nan})
    row = analysis.shapes(frame, LEVERS, [CURED]).iloc[0]
    assert (row["shape"], row["n"]) == ("no effect shown", 0)


def test_two_doses_make_no_curve():
    levers = named(lever("fund", 0, 100, designs=("doses",)))
    for function in (analysis.responses, analysis.marginals, analysis.shapes):
        table = function(study(lambda _: 0.0, levers), levers, [UNMET])
        assert table.empty
        assert "outcome" in table
