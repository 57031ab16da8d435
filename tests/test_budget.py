"""Equal budgets: doses meet them exactly, and what cannot be sized is refused by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govsim.config.check import ConfigError, declared, validate
from govsim.config.compose import compose
from govsim.config.schema import Config
from govsim.policies import INSTRUMENTS
from govsim.policies.base import ADD
from govsim.policies.department_capacity import DepartmentCapacity
from govsim.policies.fund import Fund
from govsim.policies.grid_staffing import GridStaffing
from govsim.study.budget import planned, reach, sized
from govsim.study.levers import idle
from govsim.study.plan import Plan, make_plan
from govsim.study.spec import read_spec

STREET = compose(["policy=none", "baseline=none"]).config
REFORM = compose(["policy=chengdu_2019"]).config.policy
RIVAL = compose(["policy=more_of_the_same"]).config.policy
SCALABLE = {name for name, kind in INSTRUMENTS.items() if kind.scalable}


def plan(*overrides: str) -> Plan:
    return make_plan(read_spec(overrides)[0])


def refused(*overrides: str) -> str:
    with pytest.raises(ConfigError) as caught:
        plan(*overrides)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def elsewhere() -> Config:
    """A world of other prices, another place and other arrangements before."""
    return compose(
        ["place=community", "policy=none", "baseline=none", "prices.worker=80000", "before.workers_per_grid=0.7"]
    ).config


# --- instruments


def test_money_buys_more_of_some_instruments_and_of_others_not():
    assert {"fund", "grid_staffing", "department_capacity", "party_organisation", "renovation"} <= SCALABLE
    assert not SCALABLE & {"committee", "certificates", "citizen_platform", "member_pledges", "home_visits"}


@pytest.mark.parametrize("name", INSTRUMENTS)
@pytest.mark.parametrize("world", [STREET, elsewhere()], ids=["street", "elsewhere"])
def test_the_neutral_dose_changes_no_rule(name: str, world: Config):
    kind = INSTRUMENTS[name]
    assert kind.dose
    neutral = replace(kind(), **{kind.dose: kind.neutral(world.before)})
    for rule, how, value in neutral.rules(world.before):
        assert value == (0.0 if how == ADD else 1.0), rule
    assert idle(neutral, world)
    assert not idle(kind(), world)


@pytest.mark.parametrize("name", sorted(SCALABLE))
@pytest.mark.parametrize("world", [STREET, elsewhere()], ids=["street", "elsewhere"])
def test_the_cost_of_what_is_scalable_is_in_proportion_to_its_share(name: str, world: Config):
    instrument = INSTRUMENTS[name]()
    cost = instrument.yearly_cost(world).yuan
    assert cost > 0
    for share in (0.0, 0.5, 1.0, 2.0):
        assert instrument.at(share, world.before).yearly_cost(world).yuan == pytest.approx(share * cost, abs=1e-6)
    assert idle(instrument.at(0.0, world.before), world)


@pytest.mark.parametrize("name", sorted(INSTRUMENTS.keys() - SCALABLE))
def test_what_is_not_scalable_stays_as_it_is(name: str):
    assert INSTRUMENTS[name]().at(0.3, STREET.before) == INSTRUMENTS[name]()


def test_branches_and_offices_keep_their_proportion():
    half = DepartmentCapacity(branches=1.4, offices=1.1).at(0.5, STREET.before)
    assert (half.branches, half.offices) == pytest.approx((1.2, 1.05))


def test_doses_are_declared_with_a_range_in_which_the_neutral_dose_lies():
    for name in SCALABLE:
        for field in INSTRUMENTS[name].scalable:
            leaf = declared(f"policy.{name}.{field}")
            assert leaf is not None
            assert leaf.facts is not None
            assert leaf.facts.low is not None
            assert leaf.facts.high is not None
            assert leaf.facts.low <= INSTRUMENTS[name].neutral(STREET.before) <= leaf.facts.high


# --- sizing


@pytest.mark.parametrize("policy", [{"fund": Fund()}, RIVAL, REFORM], ids=["fund", "rival", "reform"])
@pytest.mark.parametrize("budget", [15.0, 43.7, 86.9, 100.0])
@pytest.mark.parametrize("world", [STREET, elsewhere()], ids=["street", "elsewhere"])
def test_a_policy_is_sized_to_its_budget(policy, budget: float, world: Config):
    found = sized(policy, budget, world)
    assert planned(found, world) == pytest.approx(budget, abs=1e-9)
    validate(replace(world, policy=found))


def test_all_that_is_scalable_has_one_share_and_the_rest_is_untouched():
    found = sized(REFORM, 40.0, STREET)
    shares = []
    for name, instrument in found.items():
        if name not in SCALABLE:
            assert instrument == REFORM[name]
            continue
        neutral = instrument.neutral(STREET.before)
        for field in instrument.scalable:
            shares.append((getattr(instrument, field) - neutral) / (getattr(REFORM[name], field) - neutral))
    assert len(shares) == sum(len(instrument.scalable) for instrument in REFORM.values())
    assert shares == pytest.approx([shares[0]] * len(shares), rel=1e-9)
    assert 0 < shares[0] < 1


def test_a_dose_never_leaves_its_range_not_even_by_a_rounding_error():
    for policy in ({"grid_staffing": GridStaffing()}, {"fund": Fund(yuan=333_333)}, RIVAL, REFORM):
        most = reach(policy, STREET)
        validate(replace(STREET, policy=sized(policy, most.high, STREET)))
        assert most.high + 1e-6 not in most
        with pytest.raises(ValueError, match="is not between"):
            sized(policy, most.high + 1e-6, STREET)


def test_the_reach_goes_from_what_is_fixed_to_the_first_dose_at_the_end_of_its_range():
    fixed = sum(i.yearly_cost(STREET).yuan for n, i in REFORM.items() if n not in SCALABLE) / STREET.place.residents
    both = {"fund": Fund(yuan=1_000_000), "grid_staffing": GridStaffing(workers_per_grid=0.65)}
    assert reach(REFORM, STREET).low == pytest.approx(fixed)
    assert reach(both, STREET).share == pytest.approx(2.0)  # the fund meets two million before workers meet three
    hours = DepartmentCapacity(branches=1.1, offices=1.5)
    assert reach({"department_capacity": hours}, STREET).share == pytest.approx(4.0)  # offices before branches
    assert reach({"certificates": REFORM["certificates"]}, STREET).share == 0.0
    assert reach({"department_capacity": DepartmentCapacity(branches=1.0)}, STREET).share == 0.0


def test_what_saves_money_can_pay_for_what_is_fixed_and_for_nothing_more():
    saving = {"department_capacity": DepartmentCapacity(branches=0.8)}
    limits = reach(saving, STREET)
    assert limits.low < limits.high == 0.0
    assert 5.0 not in limits
    assert planned(sized(saving | {"committee": REFORM["committee"]}, 0.2, STREET), STREET) == pytest.approx(0.2)


# --- a study at equal budgets

POLICIES = "levers.policies=[fund,grid_staffing,chengdu_2019,[committee,fund]]"


def test_every_policy_meets_every_budget_and_the_baseline_stays_as_it_is():
    found = plan(POLICIES, "budget=[20,45.5]", "place=community")
    assert len(found.points) == 1 + 4 * 2
    for point in found.points:
        config = validate(found.config(point.number, 1))
        if point.is_baseline:
            assert (point.budget, planned(config.policy, config)) == (None, 0.0)
        else:
            assert planned(config.policy, config) == pytest.approx(point.budget, abs=1e-6)
    table = found.table()
    assert table["fund"].tolist() == [point.values["fund"] for point in found.points]
    assert table.loc[table["policy"] == "fund", "budget"].tolist() == [20.0, 45.5]
    assert table["budget"].isna().tolist() == [True] + 8 * [False]


def test_each_world_is_sized_by_its_own_prices():
    found = plan(
        "levers.policies=[grid_staffing]", "budget=[20]", "uncertainties.factorial.prices.worker=[60000,90000]"
    )
    doses = [p.values["grid_staffing"] for p in found.points if not p.is_baseline]
    assert doses[0] - 0.55 == pytest.approx(1.5 * (doses[1] - 0.55))
    for point in found.points[1::2]:
        config = found.config(point.number, 1)
        assert planned(config.policy, config) == pytest.approx(20, abs=1e-6)


def test_a_policy_without_instruments_has_no_place_in_a_ranking():
    found = plan("levers.factorial.fund=[off,on]", "baseline=more_of_the_same", "budget=[20]", "place=community")
    assert [(p.policy, p.budget) for p in found.points] == [("more_of_the_same", None), ("fund", 20.0)]


def test_policies_that_budgets_make_equal_are_run_once():
    found = plan("levers.factorial.fund=[off,1e5,2e5]", "levers.policies=[fund]", "budget=[20,45]", "place=community")
    assert [p.policy for p in found.points] == ["fragmented", "fund=100000", "fund=100000"]
    assert found.points[1].designs == ("factorial", "policies")
    assert found.designs["levers.policies"] == {"names": ["fund"], "rows": ["fund=100000"], "points": [1, 2]}
    assert "fund (sized to the same budget) and fund=100000 are the same" in " ".join(found.notes)


def test_all_that_cannot_be_sized_is_named_in_one_line():
    message = refused("levers.policies=[certificates,fund,grid_staffing,chengdu_2019]", "budget=[0.5,20,5000]")
    assert message == (
        "budget: out of reach for certificates at 0.5, 20, 5000 (nothing in it is scalable, and it plans 0); "
        "fund at 5000 (it reaches 0 to 410.3); grid_staffing at 5000 (it reaches 0 to 105.5); "
        "chengdu_2019 at 0.5, 5000 (it reaches 12.8 to 567.4); all that can be sized reach 12.8 to 105.5"
    )


def test_the_world_in_which_a_budget_is_out_of_reach_is_named():
    uncertain = "uncertainties.factorial.before.workers_per_grid=[0.55,0.8]"
    message = refused("levers.policies=[grid_staffing]", "budget=[100]", uncertain)
    assert "grid_staffing at 100 (it reaches 0 to 94.77 under performance, scenario 1)" in message
