"""Party building: who is found, who pledges and tires, and where organisations form and fall asleep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from towns import same_luck, town, weeks
from worlds import plant_before, run

from govsim import flows
from govsim.city import City
from govsim.processes.party import Party
from govsim.residents import ACTIVE, UNPLEDGED, WITHDRAWN

BUSY: dict[str, Any] = {"party_hours": 40, "pledge_drive": 2, "visits": 3, "covenant_drive": 10}


def organised(**ways) -> np.ndarray:
    """Where there is an organisation after a year."""
    city = town(**{"party_hours": 40.0, **ways})
    return weeks(city, city.party.build, 52).places.settlements.party


# --- organisations


def test_an_organisation_needs_hours_a_leader_and_a_quorum():
    party = organised()
    settlements = town().places.settlements
    assert 0 < party.sum() < settlements.is_compound.sum()
    assert not party[~settlements.is_compound].any()
    assert not organised(party_hours=0).any()
    assert not organised(behaviour={"leader_share": 0}).any()
    city = town(party_hours=40)
    few = np.sort(city.places.settlements.members[city.places.settlements.is_compound])[5]
    small = settlements.members < few
    assert not organised(behaviour={"quorum": int(few)})[small].any()
    assert (organised(behaviour={"leader_share": 1.0}) >= party).all()


def organisers_found_what_they_have_time_for(city: City) -> None:
    """In no community do foundings take more than half of the hours that care leaves."""
    founded = np.zeros(len(city.places.communities))
    settlements = city.places.settlements
    for week in range(1, 53):
        spells = settlements.party_spells.astype(int)
        weeks(city, city.party.build, 1)
        new = np.bincount(settlements.community, settlements.party_spells - spells)
        founded += new
        assert (founded * city.p.founding_hours <= 0.5 * city.rules.party_hours * week).all()
    assert founded.sum() > 2


def test_organisers_found_what_they_have_time_for(monkeypatch):
    eager = {"leader_share": 1.0}
    organisers_found_what_they_have_time_for(town(party_hours=20, behaviour=eager))

    def hours_out_of_nowhere(city: City) -> None:
        city.places.communities.organisers += 30.0

    plant_before(monkeypatch, Party, "build", hours_out_of_nowhere)
    with pytest.raises(AssertionError):
        organisers_found_what_they_have_time_for(town(party_hours=20, behaviour=eager))


def test_an_organisation_falls_asleep_where_nobody_cares_and_residents_keep_it_awake():
    def awake(hours: float, joined: float) -> np.ndarray:
        city = town(party_hours=hours, behaviour={"decline_rate": 0.03})
        settlements = city.places.settlements
        city.members.known[:] = True
        settlements.party[:], settlements.party_spells[:] = settlements.is_compound, 1
        settlements.joined_share[:] = joined
        communities = city.places.communities
        communities.organisers[:] = 0.0
        for _ in range(52):
            weeks(city, city.party.build, 1)
            communities.organisers[:] = -1e6  # so that none is founded anew
        return settlements.party[settlements.is_compound & (settlements.members >= city.p.quorum)]

    assert awake(40, 0.0).all()
    alone, together = awake(0, 0.0), awake(0, 1.0)
    assert (together >= alone).all()
    assert 0 < alone.sum() < together.sum() < len(alone)


# --- members


def pledged_ever(city: City) -> np.ndarray:
    return city.members.pledge != UNPLEDGED


def test_pledges_spread_from_one_to_another():
    fast = {"pledge_rate": 0.004}
    alone, together = (
        pledged_ever(weeks(city, city.party.build, 52))
        for city in same_luck({"behaviour": {**fast, "pledge_spread": 0}}, {"behaviour": fast}, pledge_drive=1)
    )
    assert (together >= alone).all()
    assert 0 < alone.sum() < 0.9 * together.sum()
    city = town(pledge_drive=1, behaviour=fast)
    assert not pledged_ever(city)[~city.members.in_service].any()
    assert not pledged_ever(weeks(town(party_hours=40), city.party.build, 0)).any()


def test_members_tire_of_work_and_not_of_waiting():
    def after(work: bool, n: int = 40) -> City:
        city = town(behaviour={"withdraw_at": 1.0})
        city.members.pledge[city.members.in_service] = ACTIVE
        settlements = city.places.settlements
        for _ in range(n):
            if work:
                settlements.hands_used[:] = settlements.hands * settlements.residents / 1_000.0
            weeks(city, city.party.build, 1)
        return city

    idle, used = after(work=False).members, after(work=True)
    assert (idle.pledge[idle.in_service] == ACTIVE).all()
    assert not idle.tired.any()
    assert 0.05 < (used.members.pledge[used.members.in_service] == WITHDRAWN).mean() < 0.95
    still = used.members.pledge == ACTIVE
    before = used.members.tired[still]
    weeks(used, used.party.build, 1)
    assert used.members.tired[still] == pytest.approx(before * (1.0 - used.p.rest_rate), rel=1e-5)


def test_whoever_did_not_work_is_not_tired_by_the_work_of_others():
    """Hours are those of all who give time: the retired of an organisation do not tire who pledged."""

    def tired(retired: bool) -> float:
        city = town(behaviour={"retired_hours": 1.0 if retired else 0.0})
        members, settlements = city.members, city.places.settlements
        members.known[:] = True
        members.pledge[members.in_service] = ACTIVE
        settlements.party[:] = settlements.is_compound
        weeks(city, city.party.build, 1)
        settlements.hands_used[:] = settlements.hands * settlements.residents / 1_000.0
        weeks(city, city.party.build, 1)
        return float(members.tired.max())

    assert tired(retired=True) == pytest.approx(tired(retired=False), rel=1e-4)
    assert tired(retired=True) == pytest.approx(0.05 * 1.5, rel=1e-4)


# --- accounts


def hours_and_heads_add_up(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settlements count their members as the members' table has them; no hour is given that nobody had."""
    settlements, members = city.places.settlements, city.members
    here = city.places.settlement_of(members.resident)
    used = []

    def look(city: City) -> None:
        ready = settlements.hands.astype(float) * settlements.residents / 1_000.0
        assert (settlements.hands_used <= ready + 1e-3).all()
        used.append(settlements.hands_used.sum(dtype=np.float64))

    plant_before(monkeypatch, Party, "build", look)
    while city.week < 24:
        city.step()
        assert city.tally[flows.MEMBER_HOURS] == pytest.approx(used[-1], rel=1e-5, abs=1e-6)
        for column, who in (("known_members", members.known), ("pledged", members.pledge == ACTIVE)):
            assert getattr(settlements, column).tolist() == np.bincount(here, who, len(settlements)).tolist()
    assert sum(used) > 10
    assert settlements.members.sum() == len(members) == city.residents.member.sum()


def test_hours_and_heads_add_up(monkeypatch):
    hours_and_heads_add_up(town(**BUSY), monkeypatch)


def test_hours_that_nobody_has_are_noticed(monkeypatch):
    def work_of_ghosts(city: City) -> None:
        city.places.settlements.hands_used += 5.0

    plant_before(monkeypatch, Party, "build", work_of_ghosts)
    with pytest.raises(AssertionError):
        hours_and_heads_add_up(town(**BUSY), monkeypatch)


def test_a_member_who_is_known_stays_known_and_who_withdrew_stays_away():
    city = town(**BUSY, behaviour={"withdraw_at": 0.5, "pledge_rate": 0.004})
    run(city, 12)
    known, gone = city.members.known.copy(), city.members.pledge == WITHDRAWN
    run(city)
    assert gone.any()
    assert city.members.known[known].all()
    assert (city.members.pledge[gone] == WITHDRAWN).all()
