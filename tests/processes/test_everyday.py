"""What new arrangements do to desks, compounds and attitudes: partners' hours, members' hands, quarrels, and gates."""

from __future__ import annotations

import numpy as np
import pytest
from towns import same_luck, town, weeks

from govsim import flows
from govsim.city import City
from govsim.processes.compound import consent, link


def test_partners_help_a_desk_unless_arranging_them_takes_more_than_they_give():
    def desk_hours(hours: float, **behaviour: float) -> np.ndarray:
        city = town(alliance_hours=hours, behaviour=behaviour)
        weeks(city, city.community_desks.open_the_week, 1)
        partners = hours * city.places.communities.enterprises
        assert city.tally[flows.PARTNER_HOURS] == pytest.approx(partners.sum())
        return city.desks.hours[: len(partners)].copy()

    without = desk_hours(0.0)
    assert (desk_hours(20.0) > without).all()
    assert (desk_hours(20.0, alliance_use=0.2, alliance_meetings=0.5) < without).all()
    closed = {"alliance_use": 0.0, "alliance_meetings": 0.0}
    assert (desk_hours(20.0, **closed) == without).all()


def test_three_partners_settle_more_and_no_term_rewards_having_them_all():
    p = town().p[0]

    def settles(quality=0.0, owners=False, joined=0.0, party=False, conflict=0.0, hands=0.0) -> float:
        return link(quality, owners, joined, party, conflict, hands, p)

    alone = settles()
    for better in (
        settles(quality=0.6),
        settles(owners=True),
        settles(joined=0.5),
        settles(party=True),
        settles(hands=4),
    ):
        assert better > alone
    assert settles(0.6, True, conflict=0.8) < settles(0.6, True)
    assert consent(True, 1.0, True, 0.0, p) == 1.0  # at most all agree
    # hands do most where there is no company: a part of what neither does is all that they can add
    assert settles(quality=0.9, hands=4) / settles(quality=0.9) < settles(hands=4) / alone


def only_who_lives_behind_gates_is_bothered(open_town: City, gated: City) -> None:
    """Where gates keep nothing out, those behind them lose time and are less content; nobody else is moved."""
    for city in (open_town, gated):
        city.step()
    settlements = gated.places.settlements
    assert 0 < settlements.gated.sum() < len(settlements)
    behind = settlements.gated[gated.places.settlement_of(np.arange(len(gated.residents)))]
    less = gated.residents.satisfaction < open_town.residents.satisfaction
    assert (less == behind).all()
    assert (gated.residents.satisfaction[~behind] == open_town.residents.satisfaction[~behind]).all()


def test_only_who_lives_behind_gates_is_bothered():
    useless = {"gate_effect": 0.0}
    only_who_lives_behind_gates_is_bothered(
        *same_luck({"behaviour": useless}, {"behaviour": useless, "gates": 0.5})
    )  # fmt: skip
    free = {**useless, "gate_hours": 0.0}
    with pytest.raises(AssertionError):
        only_who_lives_behind_gates_is_bothered(*same_luck({"behaviour": free}, {"behaviour": free, "gates": 0.5}))
