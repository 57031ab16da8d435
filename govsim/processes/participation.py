"""Participation: residents take part where others do, where they trust, and where they are content.

Rule. Each resident reconsiders once every ``reconsider_weeks``, in a week of their own. The pull is

    pull_neighbours x share of the settlement that takes part + pull_trust x trust + pull_satisfaction x satisfaction
    + pull_channels x share of projects that residents choose + pull_ties x (ties - ties_base)
    + pull_pride x (environment beyond what they are used to) - crowding x work that others are organised to do here

Free riders and children never take part; the hump-shaped withdraw where many already do. Of the others two theories
say:

    thresholds    they take part when the pull reaches a threshold of their own, and stop when it falls below
    conditional   they take part by a draw of each turn: matching x share that takes part + matching_base
                  + matching_pull x (pull of all but neighbours, beyond that of middling trust and satisfaction)

With pull only from neighbours the first is Granovetter's threshold model, and it tips like it; the second matches
others imperfectly and unravels (Fischbacher & Gaechter 2010). Whether being organised crowds out own initiative or
calls it forth is open: the range of ``crowding`` spans zero. Order: on the attitudes and shares of last week. Leaves
out: leaders, and what people join for.
"""

from __future__ import annotations

import numpy as np

from govsim import draws, flows
from govsim.config.behaviour.participation import PARTICIPATION
from govsim.jit import in_blocks, kernel
from govsim.process import Process
from govsim.residents import CHILD, CONDITIONAL, FREE_RIDER, HUMP

MATCHES = draws.name("participation.matches")
MIDDLING = 0.5
_FULLY_ORGANISED = 0.5
"""Hours a resident and week for which ``crowding`` is stated."""
_MATCHING = PARTICIPATION.index("conditional")


class Participation(Process):
    """Lets residents join and leave."""

    reads = (
        "residents.trust",
        "residents.satisfaction",
        "residents.type",
        "residents.age",
        "residents.threshold",
        "residents.turn",
        "settlements.joined_share",
        "settlements.ties",
        "settlements.environment",
        "settlements.remembered",
        "settlements.mobilised",
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
            lambda part: _join(
                city.seed, city.clock_week, city.rules.channels, city.blocks, part, people, places, city.p, joined
            ),
        )
        settlements.joined_share[:] = joined / settlements.residents
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
def matches(luck, pull, kind, share, p):
    """Whether a cooperator matches others, by a draw; ``pull`` is that of all but neighbours."""
    if kind == HUMP and share >= p.hump_point:
        return False
    middling = MIDDLING * (p.pull_trust + p.pull_satisfaction)
    return luck < p.matching * share + p.matching_base + p.matching_pull * (pull - middling)


@kernel
def pull_of_place(s, channels, settlements, p):
    """The pull that all residents of a settlement feel alike, neighbours' example apart."""
    pride = max(0.0, np.float64(settlements.environment[s]) - settlements.remembered[s])
    organised = min(1.0, settlements.mobilised[s] / _FULLY_ORGANISED)
    known = p.pull_ties * (settlements.ties[s] - p.ties_base)
    return p.pull_channels * channels + known + p.pull_pride * pride - p.crowding * organised


@kernel
def _join(seed, week, channels, blocks, part, residents, settlements, numbers, joined):
    """How many take part, for the settlements of some blocks: (settlements,) <- (residents,)."""
    p = numbers[0]
    period = np.int64(p.reconsider_weeks)
    now, turn = -week % period, week // period
    matching = p.participation_theory == _MATCHING
    for block in part:
        for s in range(blocks[block], blocks[block + 1]):
            share = np.float64(settlements.joined_share[s])
            here = pull_of_place(s, channels, settlements, p)
            first, end = settlements.first_resident[s], settlements.first_resident[s] + settlements.residents[s]
            turns, taking_part = residents.turn[first:end], residents.joined[first:end]
            for j in range(turns.shape[0]):
                if turns[j] != now:
                    continue
                i = first + j
                kind = residents.type[i]
                if residents.age[i] == CHILD or kind == FREE_RIDER:
                    continue
                own = here + p.pull_trust * residents.trust[i] + p.pull_satisfaction * residents.satisfaction[i]
                if matching:
                    taking_part[j] = matches(draws.uniform(seed, MATCHES, i, turn), own, kind, share, p)
                else:
                    pull = own + p.pull_neighbours * share
                    taking_part[j] = takes_part(pull, kind, residents.threshold[i], share, p)
            joined[s] = how_many(taking_part)


@kernel
def how_many(flags):
    """How many are true; apart from what sets them, so that it compiles to vector instructions."""
    count = 0
    for i in range(flags.shape[0]):
        count += flags[i]
    return count
