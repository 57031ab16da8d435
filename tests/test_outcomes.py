"""Outcomes of hand-made records, whose answers are known."""

import json
import math
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govsim import cases as c
from govsim.config.compose import compose, with_values
from govsim.measures.cost import ITEMS, spending
from govsim.measures.dictionary import dictionary
from govsim.measures.durations import cumulative_incidence, days_to_cure, first_day
from govsim.measures.inequality import gini, theil, theil_of_chance
from govsim.measures.outcomes import GROUPS, OUTCOMES, evaluate
from govsim.measures.record import NEVER, Ends, Record, case_days
from govsim.policies import INSTRUMENTS
from govsim.processes.grid_work import staff

REQUIRED = {
    "unmet_case_days_per_1000",
    "cured_share",
    "recorded_share",
    "days_to_cure_restricted_mean",
    "days_to_cure_median",
    "days_to_cure_p90",
    "latent_per_1000",
    "backlog_per_1000",
    "found_by_grid_per_1000",
    "hops_per_case",
    "bounce_rate",
    "satisfaction",
    "approval",
    "perceived_change",
    "trust",
    "joining",
    "environment",
    "theil_unmet_need",
    "cost_per_resident",
    "social_hours_per_resident",
    "cost_per_cure",
    "fund_unspent_share",
    "worker_utilisation",
    "branch_utilisation",
    "certificate_hours_per_1000",
}
LATENT, STREET, PAPER, CURED, LAPSED = c.LATENT, c.STREET, c.PAPER, c.CURED, c.LAPSED


def cases(*rows: tuple[Any, ...]) -> Ends:
    """Cases from (day raised, stage, day of its end or None), of kind 0 in settlement 0."""
    raised, stage, closed = zip(*rows, strict=True) if rows else ((), (), ())
    n = len(rows)
    ends = np.array([NEVER if day is None else day for day in closed], dtype=np.int16)
    stage = np.array(stage, dtype=np.uint8)
    return Ends(
        kind=np.zeros(n, dtype=np.uint8),
        settlement=np.zeros(n, dtype=np.int32),
        raised=np.array(raised, dtype=np.int16),
        closed=ends,
        first_paper=np.full(n, NEVER),
        stage=stage,
        known=stage != LATENT,
        on_paper=stage == PAPER,
        visits=np.zeros(n, dtype=np.uint8),
        persuaded=np.zeros(n, dtype=bool),
    )


@cache
def config(*overrides: str):
    return compose(["place=community", "baseline=none", *overrides]).config


def record(
    *, weeks: int = 52, ends: Ends | None = None, series: dict[str, Any] | None = None, **changes: Any
) -> Record:
    """A world of 1,000 residents in which nothing happens but what is given."""
    given_series = {name: np.broadcast_to(np.float64(v), weeks).copy() for name, v in (series or {}).items()}
    base = Record(
        config=config("policy=none"),
        instruments={},
        weeks=weeks,
        residents=1_000,
        grids=1,
        series=defaultdict(lambda: np.zeros(weeks), given_series),
        ends=ends or cases(),
        severity=np.array([2.0]),
        people=np.array([600.0, 400.0]),
        unmet=np.zeros(2),
        tiers={"community": np.array([0, 1]), "street": np.zeros(2, int), "district": np.zeros(2, int)},
    )
    return replace(base, **changes)


# --- the registry


def test_declares_what_a_reader_needs():
    assert set(OUTCOMES) >= REQUIRED
    assert next(iter(OUTCOMES)) == "unmet_case_days_per_1000"
    assert {outcome.group for outcome in OUTCOMES.values()} == set(GROUPS)
    assert len({outcome.label for outcome in OUTCOMES.values()}) == len(OUTCOMES)
    for outcome in OUTCOMES.values():
        assert all((outcome.unit, outcome.meaning, outcome.numerator, outcome.window, outcome.cohort))


def test_every_instrument_names_a_manipulation_check():
    for instrument in INSTRUMENTS.values():
        assert OUTCOMES[instrument.check].group in ("check", "reach")


def test_an_empty_world_has_only_numbers_and_nulls():
    for weeks in (1, 13, 60):
        values = evaluate(record(weeks=weeks))
        assert list(values) == list(OUTCOMES)
        json.dumps(values, allow_nan=False)
    assert values["unmet_case_days_per_1000"] == 0.0
    undefined = {name for name, value in values.items() if value is None}
    assert undefined >= {"cured_share", "bounce_rate", "hops_per_case", "theil_unmet_need", "cost_per_cure"}


def test_what_is_not_a_number_is_null():
    assert evaluate(record(series={"approval": math.nan}))["approval"] is None


def test_dictionary_has_not_drifted():
    page = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == dictionary(), "run python -m govsim.measures.dictionary"


# --- cases


def test_shares_of_all_raised():
    values = evaluate(
        record(
            ends=cases(
                (-5, CURED, 3), (0, CURED, 4), (1, CURED, 9), (2, LAPSED, 30), (3, LATENT, None), (4, PAPER, None),
            )
        )
    )  # fmt: skip
    assert values["cured_share"] == 2 / 5  # the case of the warm-up is not of the cohort
    assert values["recorded_share"] == 3 / 5
    assert values["lapsed_share"] == 1 / 5
    assert values["found_share"] == 4 / 5


def test_what_lapsed_on_paper_is_closed_in_the_books():
    ends = replace(cases((0, LAPSED, 9), (0, LAPSED, 9)), on_paper=np.array([True, False]))
    assert evaluate(record(ends=ends))["recorded_share"] == 1 / 2


def test_restricted_mean_counts_the_uncured_as_sixty():
    ends = cases((0, CURED, 10), (0, CURED, 90), (0, LAPSED, 5), (40, PAPER, None), (41, CURED, 42))
    values = evaluate(record(weeks=20, ends=ends))
    assert values["days_to_cure_restricted_mean"] == (10 + 60 + 60 + 60) / 4  # the last was not watched for 60 days
    assert evaluate(record(weeks=20, ends=cases((41, CURED, 42))))["days_to_cure_restricted_mean"] is None


def test_incidence_without_censoring_is_the_share_so_far():
    cured, lapsed, at_risk = cumulative_incidence(np.array([1, 1, 2, 3]), np.array([8, 9, 8, 9]), (8, 9))
    np.testing.assert_allclose(cured, [0, 1 / 4, 2 / 4, 2 / 4])
    np.testing.assert_allclose(lapsed, [0, 1 / 4, 1 / 4, 2 / 4])
    np.testing.assert_array_equal(at_risk, [4, 4, 2, 1])


def test_incidence_with_censoring_by_hand():
    # day 0: one of four cured. Day 1: one of three at risk lapses, one is censored. Day 2: the last is cured.
    cured, lapsed, _ = cumulative_incidence(np.array([0, 1, 1, 2]), np.array([8, 9, 2, 8]), (8, 9))
    np.testing.assert_allclose(cured, [1 / 4, 1 / 4, 1 / 4 + 3 / 4 * 2 / 3])
    np.testing.assert_allclose(lapsed, [0, 3 / 4 * 1 / 3, 3 / 4 * 1 / 3])


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([LATENT, CURED, LAPSED])), min_size=1, max_size=60))
def test_incidence_stays_a_share(rows):
    days, how = (np.array(column) for column in zip(*rows, strict=True))
    cured, lapsed, at_risk = cumulative_incidence(days, how, (CURED, LAPSED))
    assert (np.diff(cured) >= 0).all()
    assert (np.diff(lapsed) >= 0).all()
    assert (cured + lapsed <= 1 + 1e-12).all()
    assert (at_risk > 0).all()
    if (how != LATENT).all():
        assert cured[-1] == pytest.approx((how == CURED).mean())


def test_open_cases_are_watched_to_the_last_day():
    curve = days_to_cure(record(weeks=2, ends=cases((0, STREET, None), (9, LATENT, None))))
    assert len(curve.at_risk) == 10  # days 0 to 9 of a case raised on the first of ten days
    np.testing.assert_array_equal(curve.at_risk, [2, *[1] * 9])


def test_quantiles_are_null_where_never_reached():
    half = evaluate(record(ends=cases(*[(0, CURED, d) for d in (1, 2, 3, 4, 5)], *[(0, LAPSED, 6)] * 5)))
    assert half["days_to_cure_median"] == 5.0
    assert half["days_to_cure_p90"] is None
    assert first_day(np.array([]), 0.5) is None


def test_case_days_are_cut_at_the_window():
    ends = cases((-10, CURED, 3), (2, STREET, None), (-9, LAPSED, -2), (4, CURED, 4), (20, LATENT, None))
    np.testing.assert_array_equal(case_days(ends, 0, 10), [3, 8, 0, 0, 0])
    np.testing.assert_array_equal(case_days(ends, -5, 2), [7, 0, 3, 0, 0])
    np.testing.assert_array_equal(record(weeks=2, ends=ends).hurt, [6, 16, 0, 0, 0])


# --- weekly series


def test_flows_are_over_the_window_and_stocks_over_its_last_quarter():
    weekly = np.arange(26.0)
    names = ("unmet", "latent", "at_streets", "on_paper", "trust")
    values = evaluate(record(weeks=26, residents=2_000, series=dict.fromkeys(names, weekly)))
    assert values["unmet_case_days_per_1000"] == weekly.mean() / 2
    assert values["latent_per_1000"] == values["backlog_per_1000"] == values["on_paper_per_1000"] == 19 / 2
    assert values["trust"] == 19.0


def test_rates_divide_what_happened():
    series = {
        "bounces": 1, "own_decisions": 4, "decisions": 6, "wrongly_accepted": 1, "dispatched": 5, "misrouted": 2,
        "first_dispatched": 4, "hops": 6, "cured": 3, "closed_on_paper": 1, "reopened": 0.5, "relapsed": 0.3,
        "casework_hours": 30, "duty_hours": 40, "worker_hours": 100, "overtime_hours": 5,
        "workers": 4, "vacancies": 1, "workers_left": 0.02, "sunk": 1, "coordinated": 4, "district_coordinated": 1,
        "matched_yuan": 500, "projects": 4, "chosen_projects": 1,
    }  # fmt: skip
    values = evaluate(record(series=series))
    assert values["bounce_rate"] == 1 / 4
    assert values["wrongly_accepted_share"] == 1 / 2
    assert values["misrouted_share"] == 2 / 5
    assert values["hops_per_case"] == 6 / 4
    assert values["paper_share"] == 1 / 4
    assert values["reopened_share"] == 1 / 2
    assert values["relapsed_share"] == pytest.approx(0.1)
    assert values["worker_utilisation"] == pytest.approx(0.7)
    assert values["overtime_share"] == pytest.approx(0.05)
    assert values["turnover_rate"] == pytest.approx(52 * 0.02 / 4)
    assert values["vacancy_share"] == 1 / 5
    assert values["sunk_share_of_cases"] == 1 / 5
    assert values["district_coordinated"] == 1 / 4
    assert values["matched_per_resident"] == 26.0
    assert values["chosen_projects_share"] == 1 / 4


def test_replies_and_finds_are_counted_as_they_happen():
    series = {"replies": 4.0, "reply_days": 22.0, "found_by_grid_safety": 3.0}
    values = evaluate(record(weeks=2, series=series))
    assert values["days_to_reply"] == 5.5
    assert values["found_by_grid_safety_per_1000"] == 3.0
    assert values["found_by_grid_security_per_1000"] == 0.0


def test_no_survey_in_the_window_no_result():
    assert evaluate(record(weeks=12, series={"approval": 0.4}))["approval"] is None
    assert evaluate(record(weeks=13, series={"approval": 0.4}))["approval"] == 0.4


# --- inequality


def test_theil_and_gini_of_known_places():
    people = np.array([10.0, 30.0])
    assert theil(people * 3, people) == pytest.approx(0.0)
    assert gini(people * 3, people) == pytest.approx(0.0)
    assert theil(np.array([5.0, 0.0]), np.array([1.0, 1.0])) == pytest.approx(math.log(2))
    assert gini(np.array([5.0, 0.0]), np.array([1.0, 1.0])) == pytest.approx(0.5)
    for index in (theil, gini):
        assert index(np.array([5.0]), np.array([1.0])) is None
        assert index(np.zeros(2), people) is None
        assert index(np.array([1.0, 2.0]), people) == pytest.approx(index(np.array([7.0, 14.0]), people * 5))


@pytest.mark.parametrize("weighted", [False, True])
def test_what_luck_alone_shows_is_taken_out(weighted):
    rng = np.random.default_rng(1)
    people = rng.uniform(500, 5_000, 40)
    excess = []
    for _ in range(400):
        counts = rng.poisson(people * 0.03)
        weights = rng.exponential(20.0, counts.sum()) if weighted else np.ones(counts.sum())
        burden = np.bincount(np.repeat(np.arange(40), counts), weights, 40)
        excess.append((theil(burden, people) or 0.0) - (theil_of_chance(weights, 40) or 0.0))
    standard_error = np.std(excess) / 20
    assert abs(np.mean(excess)) < 4 * standard_error + 0.02 * (theil_of_chance(np.ones(3_000), 40) or 0.0)


def test_inequality_needs_half_a_year_and_two_units():
    ends = cases((0, STREET, None))
    world = record(weeks=26, ends=ends, unmet=np.array([1.0, 5.0]))
    raw, chance = theil(world.unmet, world.people), theil_of_chance(world.hurt, 2)
    assert evaluate(world)["theil_unmet_need"] == (raw or 0.0) - (chance or 0.0) != raw
    assert evaluate(world)["theil_unmet_need_streets"] is None
    assert evaluate(replace(world, weeks=25))["theil_unmet_need"] is None
    assert evaluate(replace(world, weeks=25))["gini_unmet_need"] is None


# --- cost


def policy(**values: Any):
    """All instruments of the reform, from week 0 where nothing else is said."""
    dated = {f"policy.{name}.start": "2017-09-04" for name in config("policy=chengdu_2019").policy}
    return with_values(config("policy=chengdu_2019"), dated | values)


def test_arrangements_before_cost_nothing_extra():
    workers = staff(10, config("policy=none").before.workers_per_grid).sum()
    values = evaluate(record(grids=10, series={"workers": workers}))
    assert values["extra_cost_per_resident"] == 0.0
    assert values["planned_cost_per_resident"] == 0.0
    assert values["fund_unspent_share"] is None


def test_money_is_counted_once_and_as_paid():
    reform = policy()
    before, prices = reform.before, reform.prices
    world = record(
        config=reform,
        instruments=reform.policy,
        series={"workers": 3.0, "fund_accrued": 100.0, "fund_spent": 60.0, "cured": 2.0},
    )
    paid = spending(world)
    assert paid["grid_workers"] == pytest.approx(3 * prices.worker)
    assert paid["fund"] == pytest.approx(60 * 52)
    hours = sum(department.hours for department in reform.departments.values())
    assert paid["branches"] == pytest.approx(52 * hours * prices.official_hour)
    assert paid["offices"] == pytest.approx(52 * (before.community_hours + before.street_hours) * prices.clerk_hour)
    counted = {"fund", "grid_staffing", "pilot_building", "renovation", "home_visits", "enterprise_cobuilding"}
    bodies = sum(i.yearly_cost(reform).yuan for name, i in reform.policy.items() if name not in counted)
    assert paid["bodies"] == pytest.approx(bodies)

    values = evaluate(world)
    assert values["cost_per_resident"] == pytest.approx(sum(paid.values()) / 1_000)
    assert {name: values[f"cost_{name}_per_resident"] for name in ITEMS} == pytest.approx(
        {name: yuan / 1_000 for name, yuan in paid.items()}
    )
    assert values["cost_per_cure"] == pytest.approx(sum(paid.values()) / (2 * 52))
    assert values["fund_unspent_share"] == pytest.approx(0.4)


def test_bodies_cost_for_the_weeks_in_force():
    dates = {"policy.committee.start": "2017-10-02", "policy.committee.end": "2017-10-30"}  # weeks 4 to 7
    reform = policy(**dates)
    alone = {"committee": reform.policy["committee"]}
    paid = spending(record(config=reform, instruments=alone))
    assert paid["bodies"] == pytest.approx(alone["committee"].yearly_cost(reform).yuan * 4 / 52)


def test_time_is_hours_a_year():
    hours = {"volunteer_hours": 10.0, "queue_hours": 5.0, "meeting_hours": 1.0}
    assert evaluate(record(weeks=26, series=hours))["social_hours_per_resident"] == pytest.approx(16 * 52 / 1_000)
