"""Conservation: no case, yuan or resident appears or disappears; each law is shown to notice one that does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import FROM_THE_START, add_to, cases_of, city, plant_after, run

from govsim import cases as c
from govsim import flows
from govsim.calendar import WORKING_DAYS
from govsim.cases import Archive, Cases
from govsim.city import City
from govsim.institutions.committee import Committee
from govsim.policies import INSTRUMENTS
from govsim.processes.departments import Departments
from govsim.processes.experience import Experience
from govsim.processes.funding import Funding
from govsim.processes.reckoning import Reckoning
from govsim.recorder import SERIES

EVERYTHING = f"[{','.join(INSTRUMENTS)}]"
POLICIES = ("fragmented", "chengdu_2019", "more_of_the_same", "[fund,committee]", EVERYTHING)


def a_city(seed: int, residents: int, policy: str, weeks: int) -> City:
    """A city whose policies are in force from the first week."""
    values = {"seed": seed, "place.residents": residents, "warmup": 0, "weeks": weeks}
    if policy == EVERYTHING:
        values |= {f"policy.{name}.start": FROM_THE_START for name in INSTRUMENTS}
        values |= {"policy.fund.signal": "reported", "policy.sinking.share": 1.0}
    if policy in ("chengdu_2019", "[fund,committee]", EVERYTHING):
        values |= {"policy.fund.start": FROM_THE_START, "policy.fund.yuan": 8e5}
    return city(f"policy={policy}", values=values)


# --- the laws: each raises AssertionError when it is broken


def cases_are_conserved(city: City) -> None:
    """Raised = cured + lapsed + closed on paper + open; each ended case is in the archive, once."""
    total = dict(zip(SERIES, city.recorder.values.sum(axis=0), strict=True))
    now = city.stage_counts
    assert total["raised"] == total["cured"] + total["lapsed"] + now[c.PAPER] + now[c.LATENT : c.PAPER].sum()

    ended, cases = city.archive.table(), cases_of(city)
    assert (ended["stage"] == c.CURED).sum() == total["cured"]
    assert (ended["stage"] == c.LAPSED).sum() == total["lapsed"]
    assert len(cases["id"]) == total["raised"]
    assert len(np.unique(cases["id"])) == len(cases["id"])
    later = cases["id"][c.generation_of(cases["id"]) > 0]
    assert len(later) == total["relapsed"]
    assert np.isin(later - 1, ended["id"][ended["stage"] == c.CURED]).all()  # a relapse follows a true cure

    settled = (
        "settled_on_spot", "settled_by_mediation", "settled_in_compound", "settled_at_station", "settled_at_community",
        "cured_by_street", "cured_by_branch", "gave_in",
    )  # fmt: skip
    assert total["cured"] == sum(total[where] for where in settled)
    for channel, found in enumerate(("found_by_grid", "found_by_resident", "found_by_property"), start=1):
        assert (cases["found_by"] == channel).sum() == total[found]
    assert total["closed_on_paper"] >= total["reopened"] + now[c.PAPER]


def every_open_case_is_in_one_place(city: City) -> None:
    """A case that an office has is in that office's queue; one on its way is on one list; others on none."""
    cases, desks = city.cases, city.desks
    seen = np.zeros(len(cases), dtype=int)
    for d in np.flatnonzero(desks.head >= 0):
        row, length = desks.head[d], 0
        while row >= 0:
            assert cases.desk[row] == d
            seen[row] += 1
            assert seen[row] == 1
            row, length = cases.next[row], length + 1
        assert length == desks.length[d]
    for tier in city.ways.declared:
        for row in getattr(city.ways, tier):
            while row >= 0:
                assert cases.desk[row] == c.ON_ITS_WAY
                seen[row] += 1
                assert seen[row] == 1
                row = cases.next[row]
    assert (seen == (cases.desk != c.NOWHERE)).all()
    with_somebody = (cases.stage >= c.COMPOUND) & (cases.stage <= c.BRANCH)
    assert (seen[with_somebody] == 1).all()
    assert (seen[np.isin(cases.stage, [c.FREE, c.DORMANT, c.LATENT, c.PAPER])] == 0).all()


def branches_feel_what_waits(city: City) -> None:
    """The work that a branch feels behind its queue is that of the cases in it which are its own."""
    cases, desks = city.cases, city.desks
    first, last = city.offices.branches
    this_week = (cases.stage == c.LAPSED) & (cases.closed >= city.day - WORKING_DAYS)  # skipped from Monday on
    waits = (cases.desk >= first) & ~cases.working & ((cases.stage == c.BRANCH) | this_week)
    own = cases.todo[waits] >> cases.slot[waits] & 1
    hours = city.p.work_scale * city.kinds.branch_hours[cases.kind[waits]]
    felt = np.bincount(cases.desk[waits], own * hours, len(desks))
    assert desks.asked[first:last] == pytest.approx(felt[first:last], abs=1e-6)


def unmet_need_is_added_up_once(city: City) -> None:
    """What places suffered since week 0 is what the series say."""
    suffered = city.recorder.values[np.array(city.recorder.weeks) >= 0, flows.UNMET].sum()
    assert city.places.settlements.unmet_total.sum() == pytest.approx(suffered, rel=1e-9)


def money_is_conserved(city: City) -> None:
    """Accrued = spent + committed + unspent, in every community; what is committed is due."""
    communities = city.places.communities
    held = communities.spent + communities.committed + communities.balance
    assert held == pytest.approx(communities.accrued, rel=1e-9, abs=1e-6)
    assert communities.due.sum(axis=1) == pytest.approx(communities.committed, rel=1e-9, abs=1e-6)
    total = dict(zip(SERIES, city.recorder.values.sum(axis=0), strict=True))
    assert communities.accrued.sum() == pytest.approx(total["fund_accrued"], rel=1e-9)
    assert communities.spent.sum() == pytest.approx(total["fund_spent"], rel=1e-9)


def matched_money_is_conserved(city: City) -> None:
    """Promised by enterprises = paid + committed, in every community; what is committed is due."""
    communities = city.places.communities
    held = communities.match_spent + communities.match_committed
    assert held == pytest.approx(communities.match_pledged, rel=1e-9, abs=1e-6)
    assert communities.match_due.sum(axis=1) == pytest.approx(communities.match_committed, rel=1e-9, abs=1e-6)
    total = dict(zip(SERIES, city.recorder.values.sum(axis=0), strict=True))
    assert communities.match_pledged.sum() == pytest.approx(total["match_pledged"], rel=1e-9)
    assert communities.match_spent.sum() == pytest.approx(total["matched_yuan"], rel=1e-9)


def people_are_constant(before: dict[str, np.ndarray], city: City) -> None:
    """Nobody is born, moves, or changes what the set-up decided about them and their place."""
    now = what_is_fixed(city)
    assert [name for name in before if not np.array_equal(before[name], now[name])] == []
    assert len(city.residents) == city.config.place.residents == city.places.population


def what_is_fixed(city: City) -> dict[str, np.ndarray]:
    """Copies of all columns that no process may move, by name."""
    places = city.places
    tables = [
        city.residents,
        city.members,
        places.districts,
        places.streets,
        places.communities,
        places.settlements,
        places.buildings,
        places.households,
        places.grids,
    ]
    return {
        f"{type(table).__name__}.{name}": getattr(table, name).copy()
        for table in tables
        for name, spec in table.declared.items()
        if spec.fixed
    }


def conserved_all_along(city: City) -> City:
    """All of these laws, at the end of each week."""
    before = what_is_fixed(city)
    while city.running:
        city.step()
        cases_are_conserved(city)
        every_open_case_is_in_one_place(city)
        branches_feel_what_waits(city)
        unmet_need_is_added_up_once(city)
        money_is_conserved(city)
        matched_money_is_conserved(city)
        people_are_constant(before, city)
    return city


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    residents=st.integers(2_000, 6_000),
    policy=st.sampled_from(POLICIES),
    weeks=st.integers(5, 30),
)
def test_nothing_appears_or_disappears(seed, residents, policy, weeks):
    conserved_all_along(a_city(seed, residents, policy, weeks))


def test_every_end_of_a_case_is_reached():
    """Or the law above would be about less than it says."""
    city = run(a_city(1, 6_000, "chengdu_2019", 60))
    total = dict(zip(SERIES, city.recorder.values.sum(axis=0), strict=True))
    for ended in ("cured", "lapsed", "closed_on_paper", "reopened", "relapsed", "fund_spent", "joint"):
        assert total[ended] > 0, ended
    cases_are_conserved(city)
    money_is_conserved(city)
    every = run(a_city(1, 6_000, EVERYTHING, 60))
    total = dict(zip(SERIES, every.recorder.values.sum(axis=0), strict=True))
    for ended in ("cured_by_street", "settled_by_mediation", "matched_yuan", "gave_in"):
        assert total[ended] > 0, ended


def test_nothing_is_lost_in_long_queues():
    values = {"place.residents": 6_000, "warmup": 0, "weeks": 40, "behaviour.work_scale": 1.5}
    crowded = conserved_all_along(city("policy=fragmented", values=values))
    first, last = crowded.offices.branches
    assert crowded.desks.length[first:last].sum() > 5
    assert crowded.desks.asked[first:last].sum() > 10.0


# --- planted faults


def a_case_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Archive.add
    monkeypatch.setattr(Archive, "add", lambda self, ended: add(self, ended[1:]))


def a_row_is_used_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    take_rows = c.take_rows

    def overlapping(cases: Cases, n: int) -> np.ndarray:
        rows = take_rows(cases, n)
        taken = np.flatnonzero((cases.stage >= c.LATENT) & (cases.stage < c.CURED))
        rows[-1:] = taken[: min(n, 1)] if len(taken) else rows[-1:]
        return rows

    monkeypatch.setattr(c, "take_rows", overlapping)


def a_cure_is_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    plant_after(monkeypatch, Reckoning, "close_the_week", lambda city: add_to(city.tally, flows.CURED, 1))


def a_relapse_is_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(city: City) -> None:
        city.tally[flows.RAISED] -= city.tally[flows.RELAPSED]

    plant_after(monkeypatch, Reckoning, "wake", forget)


def a_case_is_lost_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def drop(city: City) -> None:
        city.ways.branch[:] = -1

    plant_after(monkeypatch, Committee, "meet", drop)


def a_case_closed_on_paper_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(city: City) -> None:
        city.cases.stage[city.cases.stage == c.PAPER] = c.FREE

    plant_after(monkeypatch, Committee, "meet", forget)


def money_is_paid_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def pay_again(city: City) -> None:
        city.places.communities.spent += city.places.communities.spent_this_week

    plant_after(monkeypatch, Funding, "spend", pay_again)


def a_match_is_paid_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def pay_again(city: City) -> None:
        city.places.communities.match_spent += city.places.communities.spent_this_week

    plant_after(monkeypatch, Funding, "spend", pay_again)


def a_project_is_committed_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def commit(city: City) -> None:
        city.places.communities.committed[0] += 1.0

    plant_after(monkeypatch, Funding, "spend", commit)


def somebody_moves_away(monkeypatch: pytest.MonkeyPatch) -> None:
    plant_after(
        monkeypatch,
        Experience,
        "live_through_the_week",
        lambda city: add_to(city.places.settlements.residents, 0, -1),
    )


def a_branch_feels_more(monkeypatch: pytest.MonkeyPatch) -> None:
    plant_after(monkeypatch, Departments, "serve", lambda city: add_to(city.desks.asked, -1, 1.0))


def suffering_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(city: City) -> None:
        city.places.settlements.unmet_total[0] = 0.0

    plant_after(monkeypatch, Reckoning, "close_the_week", forget)


@pytest.mark.parametrize(
    "fault",
    [
        a_case_leaves_no_trace,
        a_row_is_used_twice,
        a_cure_is_counted_twice,
        a_relapse_is_not_raised,
        a_case_is_lost_on_its_way,
        a_case_closed_on_paper_is_forgotten,
        money_is_paid_twice,
        a_match_is_paid_twice,
        a_project_is_committed_for_nothing,
        somebody_moves_away,
        a_branch_feels_more,
        suffering_is_forgotten,
    ],
)
def test_what_appears_or_disappears_is_noticed(fault, monkeypatch):
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        conserved_all_along(a_city(1, 6_000, "chengdu_2019", 40))
