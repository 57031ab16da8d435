"""Persuasion: what a visit and the visits before it do, whom it hardens, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from towns import ids, same_luck, town, weeks
from worlds import STREET, composed, differences, everything, plant_before, run

from govsim import cases as c
from govsim import flows
from govsim.calendar import WORKING_DAYS
from govsim.city import City
from govsim.config.behaviour import values as numbers
from govsim.processes.persuasion import Persuasion, readiness
from govsim.processes.reckoning import Reckoning

MANY = 20.0
"""Visits per 1,000 residents and week with which everybody is visited who may be."""
NO_EFFECT = {"visit_weight": 0.0, "visit_wears": 0.0}


def chance(city: City, visits: int, *, tie: float = 0.3, trust: float = 0.5, soured: int = 0, **with_) -> float:
    """The kernel for a household at middling everything."""
    asked = {"shown": 0.0, "given_in": 0.0, "example": 0.5, "member": False, **with_}
    return readiness(visits, tie, trust, *asked.values(), soured, 0.0, city.rules, city.p[0])


def gave_in_and_visited(visits: int, **behaviour: float) -> tuple[float, float]:
    """Of the same households, under ten different lucks, how many give in at a visit after so many others."""
    counts = np.zeros(2)
    for luck in range(10):
        city = town(*STREET, visits=MANY, behaviour=behaviour)
        city.seed = np.uint64(luck)
        city.cases.visits[:] = visits
        weeks(city, city.persuasion.visit, 1)
        counts += city.tally[[flows.GAVE_IN, flows.VISITS]]
    return counts[0], counts[1]


# --- the effect of visits, on and off


def test_readiness_rises_from_the_first_visit_to_the_fourth_and_wears_off_beyond_the_peak():
    city = town()
    each = [chance(city, visits) for visits in range(9)]
    assert each[0] < each[1] < each[2] < each[3]
    peak = int(city.p.visit_peak)
    assert max(each) == each[peak] > each[peak + 1]
    off = town(behaviour=NO_EFFECT)
    assert {chance(off, visits) for visits in range(9)} == {each[0]}


def more_give_in_at_a_later_visit(**behaviour: float) -> None:
    """From the first visit to the fourth more and more of the same households give in, beyond what luck would do."""
    gave_in, visited = np.transpose([gave_in_and_visited(visits, **behaviour) for visits in range(4)])
    assert len(set(visited)) == 1
    shares = gave_in / visited
    luck = 3.0 * np.sqrt(2 * 0.2 * 0.8 / visited[0])
    assert (np.diff(shares) > 0.0).all()
    assert shares[3] - shares[0] > luck


def test_of_the_same_households_more_give_in_at_a_later_visit():
    more_give_in_at_a_later_visit()
    with pytest.raises(AssertionError):
        more_give_in_at_a_later_visit(**NO_EFFECT)


def test_the_theory_without_effect_is_the_one_tested():
    theory = composed("behaviour=visits_without_effect").config.behaviour
    default = composed("behaviour=performance").config.behaviour
    changed = {name for name in vars(default) if getattr(theory, name) != getattr(default, name)}
    assert changed == set(NO_EFFECT)
    assert all(getattr(theory, name) == 0.0 for name in changed)
    assert numbers(theory).visit_weight == 0.0


# --- ties and pressure


def test_ties_trust_pilots_example_duty_and_money_help():
    city = town()
    plain = chance(city, 1)
    assert chance(city, 1, tie=0.6) > plain
    assert chance(city, 1, trust=0.8) > plain
    assert chance(city, 1, member=True) > plain
    assert chance(city, 1, shown=0.5) > plain
    assert chance(city, 1, given_in=0.5) > plain
    assert chance(city, 1, example=1.0) > plain > chance(city, 1, example=0.0)
    assert chance(city, 1, soured=1) < plain
    assert chance(town(visit_compensation=5_000), 1) > plain
    assert chance(town(visit_pressure=1), 1) > plain


def test_pressure_wins_some_today_and_hardens_others():
    soft, hard = (
        weeks(city, city.persuasion.visit, 1)
        for city in same_luck({"visit_pressure": 0}, {"visit_pressure": 1}, place=STREET, visits=MANY)
    )
    assert ids(soft, soft.cases.persuaded) < ids(hard, hard.cases.persuaded)
    assert hard.tally[flows.HARDENED] > 1.5 * soft.tally[flows.HARDENED] > 0
    city = town(visit_pressure=1)
    assert chance(city, 1, soured=2) < chance(town(), 1)  # pressure that hardened twice is worse than none


def test_a_visit_by_a_stranger_hardens_more_than_one_by_a_friend():
    def hardened(tie: float) -> int:
        ties = dict.fromkeys(("tie_neighbour", "tie_member", "tie_staff", "tie_grid"), tie)
        city = town(*STREET, visits=MANY, behaviour={**ties, "tie_weight": 0.0})
        city.places.settlements.ties[:] = 0.0
        return int(weeks(city, city.persuasion.visit, 1).tally[flows.HARDENED])

    assert hardened(0.0) > hardened(0.5) > hardened(1.0) == 0


def only_the_hardened_are_less_content(harsh: City, mild: City) -> None:
    """Under the same luck those who were hardened, and nobody else, are less content at the end of that week."""
    for city in (harsh, mild):
        city.step()
    assert not len(mild.persuasion.hardened)
    worse = harsh.residents.satisfaction < mild.residents.satisfaction
    assert np.flatnonzero(worse).tolist() == sorted(set(harsh.persuasion.hardened.tolist()))
    assert worse.sum() > 5
    assert (harsh.residents.satisfaction[~worse] == mild.residents.satisfaction[~worse]).all()
    assert (harsh.residents.trust[worse] < mild.residents.trust[worse]).all()
    here = harsh.cases.hardened > 0
    assert set(harsh.cases.resident[here].tolist()) == set(harsh.persuasion.hardened.tolist())


def harsh_and_mild() -> tuple[City, City]:
    return tuple(  # pyright: ignore[reportReturnType]
        same_luck(
            {"behaviour": {"backfire": 0.9}},
            {"behaviour": {"backfire": 0.0, "backfire_pressure": 0.0}},
            visits=MANY,
        )
    )


def test_who_is_hardened_remembers_it(monkeypatch):
    only_the_hardened_are_less_content(*harsh_and_mild())

    def forget(city: City) -> None:
        city.persuasion.hardened = city.persuasion.hardened[1:]

    plant_before(monkeypatch, Reckoning, "close_the_week", forget)
    with pytest.raises(AssertionError):
        only_the_hardened_are_less_content(*harsh_and_mild())


def test_a_household_is_not_visited_again_before_the_gap():
    city = town(visits=MANY, behaviour={"visit_gap": 4.0, "yes_base": -99.0})
    weeks(city, city.persuasion.visit, 1)
    first = city.cases.visits.copy()
    assert first.any()
    for _ in range(3):
        assert weeks(city, city.persuasion.visit, 1).tally[flows.VISITS] == 0
    weeks(city, city.persuasion.visit, 1)
    alive = first.astype(bool) & (city.cases.fades > city.day)
    assert (city.cases.visits[alive] == 2).all()


# --- accounts


def no_visit_is_made_that_is_not_due(city: City) -> None:
    """Over any time no more visits than the rule allows; a part of one is kept for the next week."""
    thousands = city.places.communities.residents / 1_000.0
    made = 0.0
    for week in range(1, 21):
        weeks(city, city.persuasion.visit, 1)
        made += city.tally[flows.VISITS]
        assert made <= (city.rules.visits * thousands * week).sum() + 1e-9
        assert city.tally[flows.VISIT_HOURS] == city.tally[flows.VISITS] * city.p.visit_hours
    assert made == np.floor(city.rules.visits * thousands * 20 + 1e-9).sum()


def test_visits_are_counted_and_parts_of_one_are_kept(monkeypatch):
    def rare() -> City:
        return town(visits=0.07, behaviour={"yes_base": -99.0, "visit_gap": 0.0})

    no_visit_is_made_that_is_not_due(rare())

    def one_more(city: City) -> None:
        city.places.communities.visits_due += 0.2

    plant_before(monkeypatch, Persuasion, "visit", one_more)
    with pytest.raises(AssertionError):
        no_visit_is_made_that_is_not_due(rare())


def test_who_goes_pays_with_their_own_time():
    """Staff's visits stand at the community's desk; members' use up their hours; nobody has more than they had."""
    staff = town(visits=MANY)
    settlements, desks = staff.places.settlements, staff.desks
    settlements.hands[:], settlements.joined_share[:], settlements.patrol[:] = 0.0, 0.0, 0.0
    before = desks.inflow.sum()
    weeks(staff, staff.persuasion.visit, 1)
    assert desks.inflow.sum() - before == pytest.approx(staff.tally[flows.VISIT_HOURS])
    assert not settlements.hands_used.any()
    members = town(visits=MANY)
    settlements = members.places.settlements
    settlements.hands[:], settlements.joined_share[:] = 5.0, 0.0
    weeks(members, members.persuasion.visit, 1)
    assert settlements.hands_used.any()
    assert (settlements.hands_used <= settlements.hands * settlements.residents / 1_000.0 + 1e-3).all()


def test_without_visits_pressure_and_money_change_nothing():
    none, all_but_visits = (run(city) for city in same_luck({}, {"visit_pressure": 1, "visit_compensation": 1e4}))
    assert not differences(everything(none), everything(all_but_visits))
    assert differences(everything(none), everything(run(town(visits=0.2))))


def test_what_a_household_gave_up_by_itself_comes_back_at_another_rate():
    def relapses(rate: float) -> tuple[set[int], set[int]]:
        city = town(*STREET, visits=MANY, behaviour={"removed_relapse": rate, "yes_base": 2.0})
        city.step()
        dormant = ids(city, (city.cases.stage == c.DORMANT) & (city.cases.wakes > WORKING_DAYS))
        ended = city.archive.chunks[-1]
        persuaded = set(ended["id"][ended["persuaded"]].tolist())
        mine = {case_id for case_id in dormant if case_id - 1 in persuaded}
        return mine, dormant - mine

    (seldom, others), (often, same) = relapses(0.3), relapses(1.3)
    assert seldom < often
    assert len(often) > 2 * len(seldom)
    assert others == same
