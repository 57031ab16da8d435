"""Participation: residents take part where others do, where they trust, and where they are content.

Rule. Each resident reconsiders once every ``reconsider_weeks``, in a week of their own. The pull is

    pull_neighbours x share of the settlement that takes part + pull_trust x trust + pull_satisfaction x satisfaction

Conditional cooperators take part when the pull reaches their threshold and stop when it falls below; the
hump-shaped do so too but withdraw where many already take part; free riders and children never do. With
pull only from neighbours this is Granovetter's threshold model, and it tips like it. Order: on the attitudes
and shares of last week. Leaves out: channels, covenants, groups and ties.
"""

from __future__ import annotations

import numpy as np

from govsim import flows
from govsim.jit import in_blocks, kernel
from govsim.process import Process
from govsim.residents import CHILD, CONDITIONAL, FREE_RIDER, HUMP


class Participation(Process):
    """Lets residents join and leave."""

    reads = (
        "residents.trust",
        "residents.satisfaction",
        "residents.threshold",
        "residents.turn",
        "settlements.joined_share",
    )
    writes = ("residents.joined", "settlements.joined_share", "tally.volunteer_hours")

    def join(self) -> None:
        """The residents whose turn it is decide anew."""
        city = self.city
        settlements = city.places.settlements
        joined = np.zeros(len(settlements))
        people, places = city.residents.columns, settlements.columns
        in_blocks(
            city.threads,
            city.block_order,
            lambda part: _join(city.clock_week, city.blocks, part, people, places, city.p, joined),
        )
        settlements.joined_share[:] = joined / np.maximum(settlements.residents, 1)
        city.tally[flows.VOLUNTEER_HOURS] += joined.sum() * city.p.hours_joined


@kernel
def takes_part(pull, kind, threshold, share, p):
    """Whether a resident of a cooperation type takes part under a pull, with a share of others doing so."""
    if kind == CONDITIONAL:
        return pull >= threshold
    if kind == HUMP:
        return pull >= threshold and share < p.hump_point
    return False


@kernel
def _join(week, blocks, part, residents, settlements, numbers, joined):
    """How many take part, for the settlements of some blocks: (settlements,) <- (residents,)."""
    p = numbers[0]
    now = -week % np.int64(p.reconsider_weeks)
    for block in part:
        for s in range(blocks[block], blocks[block + 1]):
            share = np.float64(settlements.joined_share[s])
            first = settlements.first_resident[s]
            count = 0
            for i in range(first, first + settlements.residents[s]):
                if residents.turn[i] == now and residents.age[i] != CHILD and residents.type[i] != FREE_RIDER:
                    pull = (
                        p.pull_neighbours * share
                        + p.pull_trust * residents.trust[i]
                        + p.pull_satisfaction * residents.satisfaction[i]
                    )
                    residents.joined[i] = takes_part(pull, residents.type[i], residents.threshold[i], share, p)
                count += residents.joined[i]
            joined[s] = count
