"""Renovation: one building comes first to show the result; compounds follow where people agree and there is room.

Rule. Each community begins its pilot buildings one after another, in the compound with the worst environment that has
none. After ``pilot_weeks`` it shows what could be; that fades with time, and with distance to settlements nearby:

    shown = 1 - product over pilots and renovated compounds nearby of (1 - freshness x exp(-distance / shown_reach))

Money for renovation gathers in a community and pays for the compound with the worst environment, once it covers the
whole, if residents would agree (consent as in compound, and what is shown adds) and few unauthorised structures are
in the way. New works improve the environment at once and prevent problems of decayed hardware as long as they are
new. Money that nobody agrees to spend stays. Sources: Bollinger & Gillingham 2012 and a German study for reach and
fading; the article for the order (case.pilot, case.renovation). Leaves out: who pays what share, moving out during
works, and rents that rise.
"""

from __future__ import annotations

import math

import numpy as np

from govsim import flows
from govsim.calendar import WEEKS_A_YEAR
from govsim.jit import kernel
from govsim.process import Process
from govsim.processes.compound import consent

_CELLS = 3
"""Lattice cells beyond which nothing is seen."""
_WORN = 0.2
"""Newness of works below which a compound is due again."""


class Renovation(Process):
    """Builds pilots, renovates compounds, and works out what is seen of them."""

    reads = (
        "settlements.residents",
        "settlements.is_compound",
        "settlements.joined_share",
        "settlements.owners_committee",
        "settlements.party",
        "settlements.conflict",
        "settlements.structures",
    )
    writes = (
        "settlements.pilot",
        "settlements.pilot_due",
        "settlements.shown",
        "settlements.works",
        "settlements.environment",
        "communities.pilots",
        "communities.works_balance",
        "tally.works_spent",
        "tally.renovated",
    )

    def __init__(self, city) -> None:
        super().__init__(city)
        self._first_near, self._near, self._metres = neighbours(
            city.places.settlements.x, city.places.settlements.y, city.places.width, city.p.cell_metres
        )

    def build(self) -> None:
        """One week of works."""
        city = self.city
        settlements, communities = city.places.settlements, city.places.communities
        pilots, money = round(city.rules.pilots), city.rules.works_yuan / WEEKS_A_YEAR
        _build(
            city.week, pilots, money, city.config.prices.pilot, communities.columns, settlements.columns, city.p,
            city.tally,
        )  # fmt: skip
        if settlements.pilot.any() or settlements.works.any():
            _wear(settlements.columns, city.p)
            _show(self._first_near, self._near, self._metres, settlements.columns, city.p)


def neighbours(x: np.ndarray, y: np.ndarray, width: int, metres: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Settlements that can be seen from each: where its list begins (n + 1,), their rows, and how far away they are."""
    cells = np.full(((int(y.max()) + 1 + 2 * _CELLS), width + 2 * _CELLS), -1, dtype=np.int32)
    rows = np.arange(len(x), dtype=np.int32)
    cells[y + _CELLS, x + _CELLS] = rows
    steps = [
        (i, j) for i in range(-_CELLS, _CELLS + 1) for j in range(-_CELLS, _CELLS + 1) if math.hypot(i, j) <= _CELLS
    ]
    near = np.stack([cells[y + _CELLS + i, x + _CELLS + j] for i, j in steps], axis=1)  # (settlements, steps)
    far = np.broadcast_to([metres * math.hypot(i, j) for i, j in steps], near.shape)
    there = near >= 0
    first = np.append(0, np.cumsum(there.sum(axis=1)))
    return first.astype(np.int64), near[there], far[there]


@kernel
def would_agree(s, settlements, p):
    """Whether residents would agree to works in their compound."""
    agree = consent(
        settlements.owners_committee[s], settlements.joined_share[s], settlements.party[s], settlements.conflict[s], p
    )
    return agree + p.works_shown * settlements.shown[s] >= p.works_consent


@kernel
def _build(week, pilots, money, pilot_yuan, communities, settlements, numbers, tally):
    p = numbers[0]
    for here in range(communities.pilots.shape[0]):
        first = communities.first_settlement[here]
        last = first + communities.settlements[here]
        under_way = False
        for s in range(first, last):
            if settlements.pilot_due[s] >= 0 and settlements.pilot_due[s] <= week:
                settlements.pilot_due[s] = -1
                settlements.pilot[s] = 1.0
                part = p.works_gain / settlements.buildings[s]
                settlements.environment[s] += part * (1.0 - settlements.environment[s])
            under_way |= settlements.pilot_due[s] >= 0
        if communities.pilots[here] < pilots and not under_way:
            worst = -1
            for s in range(first, last):
                if (
                    settlements.is_compound[s]
                    and settlements.pilot[s] <= 0.0
                    and (worst < 0 or settlements.environment[s] < settlements.environment[worst])
                ):
                    worst = s
            if worst >= 0:
                settlements.pilot_due[worst] = week + np.int64(p.pilot_weeks)
                communities.pilots[here] += 1
                tally[flows.WORKS_SPENT] += pilot_yuan
        communities.works_balance[here] += money * communities.residents[here]
        if money <= 0.0:
            continue
        worst = -1
        for s in range(first, last):
            if (
                settlements.is_compound[s]
                and settlements.works[s] <= _WORN
                and settlements.structures[s] <= p.works_clear
                and would_agree(s, settlements, p)
                and (worst < 0 or settlements.environment[s] < settlements.environment[worst])
            ):
                worst = s
        if worst >= 0:
            price = p.works_yuan * settlements.residents[worst]
            if communities.works_balance[here] >= price:
                communities.works_balance[here] -= price
                now = np.float64(settlements.environment[worst])
                settlements.environment[worst] = now + p.works_gain * (1.0 - now)
                settlements.works[worst] = 1.0
                tally[flows.WORKS_SPENT] += price
                tally[flows.RENOVATED] += 1


@kernel
def _wear(settlements, numbers):
    p = numbers[0]
    for s in range(settlements.works.shape[0]):
        settlements.pilot[s] *= 1.0 - p.shown_decay
        settlements.works[s] *= 1.0 - p.works_decay


@kernel
def _show(first_near, near, metres, settlements, numbers):
    p = numbers[0]
    for s in range(settlements.shown.shape[0]):
        unseen = 1.0
        for i in range(first_near[s], first_near[s + 1]):
            fresh = max(settlements.pilot[near[i]], settlements.works[near[i]])
            if fresh > 0.0:
                unseen *= 1.0 - fresh * math.exp(-metres[i] / p.shown_reach)
        settlements.shown[s] = 1.0 - unseen
