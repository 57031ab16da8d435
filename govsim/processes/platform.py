"""Platform: residents register on the citizens' platform, take services there, and report through it.

Rule. In the week in which residents reconsider (see participation) those not yet registered do so with probability

    1 - exp(-reconsider_weeks x platform x readiness x (register_rate + register_spread x neighbours registered))

where ``platform`` is the share of services online, and readiness is lower for the elderly and higher where grid
workers' publicity reached people (as in detection); children do not register.
Users take ``uses`` services a week. Registered residents report more readily (see detection) and get a part of their
certificates there (see community), but some uses end up as enquiries at the community's desk. Leaves out: leaving the
platform, other apps, and services that are not used by residents.
"""

from __future__ import annotations

import math

import numpy as np

from govsim import draws, flows
from govsim.jit import in_blocks, kernel
from govsim.process import Process
from govsim.processes.participation import how_many
from govsim.residents import CHILD, ELDERLY

REGISTERS = draws.name("resident.registers")


class Platform(Process):
    """Registers residents."""

    reads = ("residents.age", "residents.turn", "communities.residents", "communities.publicity")
    writes = (
        "residents.registered",
        "settlements.registered_share",
        "communities.registered_share",
        "tally.registrations",
        "tally.platform_uses",
    )

    def spread(self) -> None:
        """One week of registrations and uses."""
        city = self.city
        online = city.rules.platform
        if online <= 0.0:
            return
        settlements, communities = city.places.settlements, city.places.communities
        registered = np.zeros(len(settlements))
        people, places, publicity = city.residents.columns, settlements.columns, communities.publicity
        in_blocks(
            city.threads,
            city.block_order,
            lambda part: _register(
                city.seed, city.clock_week, online, city.blocks, part, people, places, publicity, city.p, registered
            ),
        )
        before = settlements.registered_share * settlements.residents
        city.tally[flows.REGISTRATIONS] += np.rint(registered - before).sum()
        city.tally[flows.PLATFORM_USES] += registered.sum() * city.p.uses * online
        settlements.registered_share[:] = registered / settlements.residents
        here = np.bincount(settlements.community, registered, len(communities))
        communities.registered_share[:] = here / communities.residents


@kernel
def _register(seed, week, online, blocks, part, residents, settlements, publicity, numbers, registered):
    """How many are registered, for the settlements of some blocks: (settlements,) <- (residents,)."""
    p = numbers[0]
    period = np.int64(p.reconsider_weeks)
    now, turn = -week % period, week // period
    for block in part:
        for s in range(blocks[block], blocks[block + 1]):
            hazard = period * online * (p.register_rate + p.register_spread * settlements.registered_share[s])
            hazard *= 1.0 + p.publicity_effect * publicity[settlements.community[s]]
            first, end = settlements.first_resident[s], settlements.first_resident[s] + settlements.residents[s]
            turns, on_it = residents.turn[first:end], residents.registered[first:end]
            for j in range(turns.shape[0]):
                if turns[j] != now:
                    continue
                i = first + j
                if not on_it[j] and residents.age[i] != CHILD:
                    ready = p.register_elderly if residents.age[i] == ELDERLY else 1.0
                    chance = 1.0 - math.exp(-hazard * ready)
                    on_it[j] = draws.uniform(seed, REGISTERS, i, turn) < chance
            registered[s] = how_many(on_it)
