"""Incidence: problems arise, more of them in a poor environment, fewer where people take part.

Rule. Candidates for a case come from a Poisson count with a fixed bound for each settlement, kind and day; a
candidate becomes a case if its own draw falls below rate/bound. So a policy that changes the rate adds or
removes single cases and leaves all others as they were (thinning).

    rate = rate_k x residents x demand x exp(environment_effect (1/2 - environment)) x (1 - joining_effect x joined)
           x (1 - covenant_effect x by_conduct x compliance) x (1 - works_effect x by_decay x how new works are)
           x (1 + noise x by_noise x share of residents in groups that meet in the open)
           x (1 - space_eased x for_space x venues per 1,000 residents, at most 1)
           x (1 - gate_effect x by_strangers), behind gates; what they keep out and moves is shared by the ungated rest

A shock to demand multiplies rate and bound. The count inverts one uniform, so it only grows with its mean: the first
candidates of a day are those of the same day without the shock, and other days keep theirs.

What a case is like (the resident it touches, the departments it needs, when it would lapse by itself)
hangs on its identity alone. Leaves out: seasons, weekends, and contagion between problems.
"""

from __future__ import annotations

import math

import numpy as np

from govsim import cases as c
from govsim import draws, flows
from govsim.calendar import WORKING_DAYS
from govsim.jit import in_ranges, kernel
from govsim.process import Process

CANDIDATES = draws.name("incidence.candidates")
EXISTS = draws.name("incidence.exists")
RESIDENT = draws.name("case.resident")
LEAD = draws.name("case.lead")
WHICH_LEAD = draws.name("case.which_lead")
FURTHER = draws.name("case.further")
FADES = draws.name("case.fades")
_LAST_DAY = 32_000
_VENUES = 10.0
"""Venues per 10,000 residents for which ``space_eased`` is stated."""
_MOST_MOVED = 0.5
"""Most by which what gates keep out can raise the rate elsewhere."""


class Incidence(Process):
    """Raises the week's new cases."""

    reads = (
        "settlements.environment",
        "settlements.joined_share",
        "settlements.residents",
        "settlements.covenant",
        "settlements.works",
        "settlements.gated",
        "communities.groups_outside",
        "communities.residents",
    )
    writes = ("cases.*", "tally.raised")

    def raise_cases(self) -> None:
        """All cases of the five days of this week; they are latent until somebody finds them."""
        city = self.city
        settlements, communities = city.places.settlements.columns, city.places.communities.columns
        kinds, rules = city.kinds.columns, city.rules
        moved, noise = _around(settlements, communities, city.p)
        candidates = in_ranges(
            city.threads,
            len(settlements),
            lambda first, end: _candidates(
                city.seed, city.day, first, end, rules.demand, rules.venues, settlements, moved, noise, kinds, city.p
            ),
        )
        ids = np.concatenate(candidates)
        rows = c.take_rows(city.cases, len(ids))
        cases = city.cases.columns
        in_ranges(
            city.threads,
            len(ids),
            lambda first, end: _open(city.seed, ids[first:end], rows[first:end], cases, settlements, kinds, city.p),
        )
        city.tally[flows.RAISED] += len(ids)


@kernel
def rate_factor(environment, joined, p):
    """Rate of new cases relative to environment 1/2 and nobody taking part."""
    return math.exp(p.environment_effect * (0.5 - environment)) * (1.0 - p.joining_effect * joined)


@kernel
def place_factor(s, k, settlements, kinds, p):
    """Rate of a kind relative to a place without covenant and works."""
    conduct = 1.0 - p.covenant_effect * kinds.by_conduct[k] * settlements.covenant[s]
    return conduct * (1.0 - p.works_effect * kinds.by_decay[k] * settlements.works[s])


@kernel
def bound_factor(p):
    """The largest value that the product of all factors can take."""
    return math.exp(p.environment_effect * 0.5) * (1.0 + p.noise) * (1.0 + _MOST_MOVED)


@kernel
def _around(settlements, communities, numbers):
    """What moves to an ungated settlement, relative to its own rate, and noise, for each community."""
    p = numbers[0]
    n = communities.residents.shape[0]
    behind, moved, noise = np.zeros(n), np.zeros(n), np.zeros(n)
    for s in range(settlements.gated.shape[0]):
        behind[settlements.community[s]] += settlements.gated[s] * settlements.residents[s]
    for here in range(n):
        people = communities.residents[here]
        outside = people - behind[here]
        if outside > 0.0:
            moved[here] = min(_MOST_MOVED, p.gate_moves * p.gate_effect * behind[here] / outside)
        noise[here] = p.noise * min(1.0, p.group_size * communities.groups_outside[here] / people)
    return moved, noise


@kernel
def _candidates(seed, first_day, first, end, demand, venues, settlements, moved, noise, kinds, numbers):
    """Identities of the candidates that exist in settlements ``first`` to before ``end``: (new cases,)."""
    p = numbers[0]
    n_kinds = kinds.rate.shape[0]
    bound = bound_factor(p)
    space = p.space_eased * min(1.0, venues / _VENUES)
    ids = np.empty(1024, dtype=np.int64)
    count = 0
    for s in range(first, end):
        people = settlements.residents[s]
        here = settlements.community[s]
        common = rate_factor(settlements.environment[s], settlements.joined_share[s], p) / bound
        gates = -p.gate_effect if settlements.gated[s] else moved[here]
        for k in range(n_kinds):
            share = common * place_factor(s, k, settlements, kinds, p) * (1.0 + kinds.by_strangers[k] * gates)
            share *= (1.0 + kinds.by_noise[k] * noise[here]) * (1.0 - kinds.for_space[k] * space)
            mean = p.rate_scale * kinds.rate[k] * people / 1000.0 / WORKING_DAYS * bound * demand
            nothing = math.exp(-mean)
            for day in range(first_day, first_day + WORKING_DAYS):
                luck = draws.uniform(seed, CANDIDATES, s * n_kinds + k, day)
                for number in range(draws.poisson_count(luck, mean, nothing)):
                    case_id = c.identity(s, k, day, number)
                    if draws.uniform(seed, EXISTS, case_id, 0) < share:
                        if count == ids.shape[0]:
                            longer = np.empty(2 * count, dtype=np.int64)
                            longer[:count] = ids
                            ids = longer
                        ids[count] = case_id
                        count += 1
    return ids[:count]


@kernel
def _open(seed, ids, rows, cases, settlements, kinds, numbers):
    p = numbers[0]
    for i in range(ids.shape[0]):
        day = c.raised_on(ids[i])
        begin(seed, ids[i], rows[i], day, c.LATENT, cases, settlements, kinds, p)


@kernel
def begin(seed, case_id, row, day, stage, cases, settlements, kinds, p):
    """Write a new case into a free row; what it is like hangs on its identity alone."""
    s, k = c.settlement_of(case_id), c.kind_of(case_id)
    origin = case_id - c.generation_of(case_id)  # a relapse touches the same resident and departments
    cases.id[row] = case_id
    cases.settlement[row] = s
    cases.kind[row] = k
    cases.stage[row] = stage
    cases.raised[row] = day
    cases.resident[row] = settlements.first_resident[s] + np.int64(
        draws.uniform(seed, RESIDENT, origin, 0) * settlements.residents[s]
    )
    slots = kinds.slots[k]
    lead = 0
    if slots > 1 and draws.uniform(seed, LEAD, origin, 0) < p.lead_variation * kinds.ambiguity[k]:
        lead = 1 + np.int64(draws.uniform(seed, WHICH_LEAD, origin, 0) * (slots - 1))
    todo = 1 << lead
    for slot in range(slots):
        if draws.uniform(seed, FURTHER, origin, slot) < kinds.further[k]:
            todo |= 1 << slot
    cases.lead[row] = lead
    cases.todo[row] = todo
    wait = math.ceil(draws.exponential(seed, FADES, case_id, 0) * kinds.fades[k])
    cases.fades[row] = min(_LAST_DAY, day + max(1, wait))
