"""Culture: groups dance, sing and play where there is a place for it, and those who meet get to know each other.

Rule. Groups form toward what venues can hold; without venues a few meet in the open, where their noise makes
neighbours quarrel (see incidence), and fewer of these remain as venues fill. Ties between neighbours grow toward

    ties_base (less where many are migrants, more in an old work-unit quarter)
    + ties_groups x share of residents in groups + ties_joined x share who take part

and loosen again without them. What a place is used to looking like follows its environment; pride is how much better
it looks than that (see participation). Leaves out: who joins which group, content, and festivals.
"""

from __future__ import annotations

import numpy as np

from govsim.jit import kernel
from govsim.places import WORK_UNIT
from govsim.process import Process


class Culture(Process):
    """Moves groups, ties, and what residents are used to."""

    reads = (
        "settlements.archetype",
        "settlements.migrants",
        "settlements.joined_share",
        "settlements.environment",
        "communities.residents",
    )
    writes = ("communities.groups", "communities.groups_outside", "settlements.ties", "settlements.remembered")

    def meet(self) -> None:
        """One week of groups forming, and of ties growing and loosening."""
        city, p = self.city, self.city.p
        communities = city.places.communities
        thousands = communities.residents / 1_000.0
        held = p.groups_a_venue * city.rules.venues / 10.0 * thousands
        communities.groups += p.group_rate * (held - communities.groups)
        outside = np.maximum(0.0, p.groups_in_the_open * thousands - communities.groups)
        communities.groups_outside += p.group_rate * (outside - communities.groups_outside)
        _tie(communities.columns, city.places.settlements.columns, p)


@kernel
def ties_toward(archetype, migrants, in_groups, joined, p):
    """The ties that a settlement moves toward."""
    own = p.ties_base - p.ties_migrants * migrants + p.ties_work_unit * (archetype == WORK_UNIT)
    return own + p.ties_groups * min(1.0, in_groups) + p.ties_joined * joined


@kernel
def _tie(communities, settlements, numbers):
    p = numbers[0]
    for s in range(settlements.ties.shape[0]):
        here = settlements.community[s]
        groups = communities.groups[here] + communities.groups_outside[here]
        in_groups = p.group_size * groups / communities.residents[here]
        target = ties_toward(
            settlements.archetype[s], settlements.migrants[s], in_groups, settlements.joined_share[s], p
        )
        settlements.ties[s] += p.ties_rate * (target - settlements.ties[s])
        used_to = np.float64(settlements.remembered[s])
        settlements.remembered[s] = used_to + p.pride_memory * (settlements.environment[s] - used_to)
