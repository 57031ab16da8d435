"""Shocks: the same in every world, felt while they last and gone afterwards, and no other day's luck is touched.

All of it bit for bit where nothing should differ; each law is shown to notice a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from worlds import FROM_THE_START, SMALL, STREET, branch, city, differences, everything, run, series

from govsim import cases as c
from govsim.calendar import monday
from govsim.city import City
from govsim.config.arrangements import Arrangements
from govsim.config.scenario import Scenario
from govsim.flows import FLOWS
from govsim.measures.cost import spending
from govsim.measures.record import Record
from govsim.policies import INSTRUMENTS
from govsim.policies.base import scale
from govsim.processes import incidence
from govsim.rules import Timeline

REFORM = ("policy=chengdu_2019", f"policy.fund.start={FROM_THE_START}")
START, WEEKS = 8, 6
SHOCKED = slice(START, START + WEEKS)
FLOW = {name: i for i, name in enumerate(FLOWS)}
FACTORS = {"demand": 1.5, "staff": 0.75, "budget": 0.5}


def shock(**factors: float) -> dict[str, Any]:
    """A shock of six weeks, two months after the reform began."""
    dated = {"start": monday(START).isoformat(), "weeks": WEEKS, **factors}
    return {f"scenario.{key}": value for key, value in dated.items()}


def twins(*place: str, policy: tuple[str, ...] = REFORM, **factors: float) -> tuple[City, City]:
    """Two worlds of one policy at the start of week 0: without a shock, and with it."""
    return branch(*place, policy=policy), branch(*place, policy=policy, values=shock(**factors))


# --- the laws: each raises AssertionError when it is broken


def it_changes_nothing(factors: dict[str, Any]) -> None:
    without, shocked = twins(*SMALL, **factors)
    assert differences(everything(run(without)), everything(run(shocked))) == []


def worlds_part_when_it_starts(factors: dict[str, Any]) -> None:
    without, shocked = twins(*SMALL, **factors)
    for week in range(START + 1):
        assert differences(everything(run(without, week)), everything(run(shocked, week))) == []
    assert differences(everything(run(without, START + 1)), everything(run(shocked, START + 1))) != []


def rules_are_scaled_while_it_lasts(factors: dict[str, Any]) -> None:
    """Exactly these rules, by exactly these factors, in exactly these weeks, in the warm-up never."""
    before, scenario = Arrangements(), Scenario(start=monday(START).isoformat(), weeks=WEEKS, **factors)
    plain, shocked = Timeline({}, before), Timeline({}, before, scenario)
    hours = dict.fromkeys(("branch_hours", "office_hours", "worker_hours"), scenario.staff)
    expected = {"demand": scenario.demand, "fund_yuan": scenario.budget, **hours}
    for week in range(-60, START + WEEKS + 60):
        now = plain.in_force(week)._asdict()
        if START <= week < START + WEEKS:
            now = {rule: value * expected.get(rule, 1.0) for rule, value in now.items()}
        assert shocked.in_force(week)._asdict() == now


def demand_multiplies_cases_and_keeps_those_there_are(candidates: Callable) -> None:
    """Of the same weeks: more demand adds cases to those there are, in proportion, each with an identity of its own."""
    town = city(*SMALL)
    places = town.places
    moved, noise = incidence._around(places.settlements.columns, places.communities.columns, town.p)
    rest = 0.0, places.settlements.columns, moved, noise, town.kinds.columns, town.p
    everywhere = 0, len(places.settlements)
    raised = {}
    for demand in (0.25, 0.5, 1.0, 1.5, 3.0):
        weeks = [candidates(town.seed, 5 * week, demand, everywhere, *rest) for week in range(60)]
        raised[demand] = np.concatenate(weeks)
        assert len(np.unique(raised[demand])) == len(raised[demand])
        assert set(c.raised_on.py_func(raised[demand])) <= set(range(300))
    usual = len(raised[1.0])
    for fewer, more in zip(raised, list(raised)[1:], strict=False):
        assert set(raised[fewer]) < set(raised[more])
    for demand, ids in raised.items():
        assert abs(len(ids) - demand * usual) < 4.0 * np.sqrt(demand * abs(demand - 1.0) * usual) + 1e-9


# --- a shock that is none, and one with dates


def test_no_shock_and_a_shock_of_ones_are_the_same():
    it_changes_nothing({})
    it_changes_nothing(dict.fromkeys(FACTORS, 1.0))


@pytest.mark.parametrize("name", FACTORS)
def test_a_shock_is_noticed(name):
    with pytest.raises(AssertionError):
        it_changes_nothing({name: FACTORS[name]})


@pytest.mark.parametrize("name", FACTORS)
def test_worlds_are_one_until_the_shock(name):
    worlds_part_when_it_starts({name: FACTORS[name]})


def test_rules_are_scaled_while_it_lasts_and_return():
    for name, factor in FACTORS.items():
        rules_are_scaled_while_it_lasts({name: factor})
    rules_are_scaled_while_it_lasts(FACTORS)


@pytest.mark.parametrize(
    "weeks", [range(START - 1, START + WEEKS), range(START, START + WEEKS + 1), range(START, 10**6), range(0)]
)
def test_a_shock_in_other_weeks_is_noticed(monkeypatch, weeks):
    begin = Timeline.__init__

    def faulty(self, *args):
        begin(self, *args)
        self._shocked = weeks

    monkeypatch.setattr(Timeline, "__init__", faulty)
    with pytest.raises(AssertionError):
        rules_are_scaled_while_it_lasts(FACTORS)


def test_a_shock_to_something_else_is_noticed(monkeypatch):
    monkeypatch.setattr(Scenario, "rules", lambda self: [scale("demand", self.demand), scale("branch_hours", 0.5)])
    with pytest.raises(AssertionError):
        rules_are_scaled_while_it_lasts(FACTORS)


# --- what each factor does


def test_demand_multiplies_cases_and_keeps_those_there_are():
    demand_multiplies_cases_and_keeps_those_there_are(candidates)


def candidates(seed, day, demand, everywhere, *rest):
    """The candidates of a week that exist."""
    return incidence._candidates(seed, day, *everywhere, demand, *rest)


def unmoved(seed, day, demand, *rest):
    """A fault: demand changes nothing."""
    return candidates(seed, day, 1.0, *rest)


def squared(seed, day, demand, *rest):
    """A fault: it counts twice."""
    return candidates(seed, day, demand**2, *rest)


def redrawn(seed, day, demand, *rest):
    """A fault: other luck in a shock."""
    return candidates(seed + np.uint64(100 * demand), day, demand, *rest)


def repeated(seed, day, demand, *rest):
    """A fault: more of the same."""
    return np.tile(candidates(seed, day, 1.0, *rest), int(np.ceil(demand)))


@pytest.mark.parametrize("fault", [unmoved, squared, redrawn, repeated])
def test_demand_that_does_otherwise_is_noticed(fault):
    with pytest.raises(AssertionError):
        demand_multiplies_cases_and_keeps_those_there_are(fault)


def test_a_shock_to_demand_raises_cases_by_about_its_factor():
    without, shocked = (series(run(world, START + WEEKS)) for world in twins(*STREET, demand=1.5))
    new = [flows["raised"] - flows["relapsed"] for flows in (without, shocked)]
    assert new[1][SHOCKED].sum() == pytest.approx(1.5 * new[0][SHOCKED].sum(), rel=0.05)
    assert (new[1][:START] == new[0][:START]).all()


def test_a_shock_to_staff_takes_hours_and_not_people():
    nobody_leaves = ("policy=fragmented", "behaviour.turnover_strain=0")  # as those who are left might, strained
    without, shocked = (run(world, START + 1) for world in twins(*SMALL, policy=nobody_leaves, staff=0.75))
    first, last = without.offices.streets[0], without.offices.branches[1]
    assert shocked.desks.hours[first:last] == pytest.approx(0.75 * without.desks.hours[first:last])
    assert (shocked.desks.hours[:first] < 0.75 * without.desks.hours[:first]).all()  # certificates take what they took
    flows = [series(run(world)) for world in (without, shocked)]
    assert flows[1]["worker_hours"][SHOCKED] == pytest.approx(0.75 * flows[0]["worker_hours"][SHOCKED])
    outside = np.ones(len(flows[0]["worker_hours"]), dtype=bool)
    outside[SHOCKED] = False
    assert (flows[1]["worker_hours"][outside] == flows[0]["worker_hours"][outside]).all()
    assert (flows[1]["patrol_hours"][SHOCKED] < flows[0]["patrol_hours"][SHOCKED]).all()
    assert (flows[1]["branch_hours"][SHOCKED] < 0.76 * flows[0]["branch_hours"][SHOCKED]).all()
    assert (flows[1]["workers"] == flows[0]["workers"]).all()


def test_staff_who_are_absent_are_paid():
    without, shocked = (Record.of(run(world)) for world in twins(*SMALL, staff=0.75))
    paid, paid_in_shock = spending(without), spending(shocked)
    for item in ("grid_workers", "branches", "offices", "bodies"):
        assert paid_in_shock[item] == paid[item] > 0.0
    dismissed = replace(shocked, series={**shocked.series, "workers": 0.75 * shocked.series["workers"]})
    assert spending(dismissed)["grid_workers"] < paid["grid_workers"]


def test_a_shock_to_the_budget_lowers_what_accrues():
    without, shocked = (series(run(world)) for world in twins(*SMALL, budget=0.5))
    accrued = without["fund_accrued"].copy()
    assert (accrued > 0.0).all()
    accrued[SHOCKED] *= 0.5
    assert shocked["fund_accrued"] == pytest.approx(accrued)
    assert shocked["fund_spent"].sum() < without["fund_spent"].sum()


def test_a_city_shocked_out_of_its_fund_goes_on():
    _, shocked = twins(*SMALL, budget=0.0, staff=0.25, demand=3.0)
    flows = series(run(shocked))
    assert (flows["fund_accrued"][SHOCKED] == 0.0).all()
    assert np.isfinite(np.array([flows[name] for name in ("unmet", "satisfaction", "trust", "branch_load")])).all()


# --- the end of campaigns

CAMPAIGNS = sorted(name for name, kind in INSTRUMENTS.items() if kind.campaign)
END = 8
ALL_AT_ONCE = (
    "policy=[home_visits,member_pledges,party_organisation,culture_venues,security_gates]",
    *(
        f"policy.{name}.start={FROM_THE_START}"
        for name in ("home_visits", "member_pledges", "party_organisation", "culture_venues", "security_gates")
    ),
)


def campaigns_end() -> tuple[City, City]:
    """Two worlds of one policy: campaigns run on, or end after two months."""
    end = {"scenario.campaigns_end": monday(END).isoformat()}
    return branch(*SMALL, policy=ALL_AT_ONCE), branch(*SMALL, policy=ALL_AT_ONCE, values=end)


def campaigns_alone_end_that_day() -> None:
    """The worlds are the same until that day; from then on what campaigns wrote is gone, and all else is in force."""
    on, ended = campaigns_end()
    written = {
        rule for name in CAMPAIGNS for rule, _, _ in ended.config.policy[name].rules(ended.config.before)
    }  # fmt: skip
    assert written
    while on.running:
        on.step()
        ended.step()
        week = on.week - 1
        now, then = on.rules._asdict(), ended.rules._asdict()
        if week < END:
            assert now == then
            assert differences(everything(on), everything(ended)) == []
        else:
            assert all(then[rule] == 0.0 for rule in written)
            assert all(now[rule] == then[rule] for rule in now.keys() - written)
            assert ended.tally[FLOW["visits"]] == ended.tally[FLOW["pledges"]] == 0.0
    assert series(on)["visits"][END:].sum() > 0.0
    assert series(ended)["visits"][:END].sum() > 0.0
    assert ended.places.settlements.gated.any()
    assert ended.places.communities.groups.all()


def test_campaigns_end_on_the_day_and_nothing_else_does(monkeypatch):
    assert CAMPAIGNS == ["home_visits", "member_pledges"]
    campaigns_alone_end_that_day()
    monkeypatch.setattr(INSTRUMENTS["culture_venues"], "campaign", True)
    with pytest.raises(AssertionError):
        campaigns_alone_end_that_day()


def test_what_campaigns_left_behind_stays_and_fades_by_itself():
    on, ended = (run(city) for city in campaigns_end())
    assert series(ended)["pledged"][END:].min() > 0.0  # who pledged helps on
    assert series(on)["pledged"][-1] >= series(ended)["pledged"][-1]
