"""Figures of a comparison, each from the tables of :mod:`govsim.compare`.

Functions of one picture draw on the axes they are given, or on new ones, and return them; those of several panels
return a figure. :func:`settle` gives a figure its title and the footer that names the study, n and the intervals.
Nothing here needs a display or touches matplotlib's global state.
"""

from govsim.compare.figures.choices import frontier, ranking, rankings, ranks, regret
from govsim.compare.figures.curves import (
    dose_responses,
    incidence,
    incidence_panels,
    interaction,
    interaction_panels,
    marginal,
    resilience,
    resilience_panels,
    response,
)
from govsim.compare.figures.forests import (
    effects_overview,
    forest,
    indices,
    interaction_effects,
    main_effects,
    shapley_shares,
)
from govsim.compare.figures.spread import tornado, worlds
from govsim.compare.figures.style import footer, looks, settle

__all__ = [
    "dose_responses",
    "effects_overview",
    "footer",
    "forest",
    "frontier",
    "incidence",
    "incidence_panels",
    "indices",
    "interaction",
    "interaction_effects",
    "interaction_panels",
    "looks",
    "main_effects",
    "marginal",
    "ranking",
    "rankings",
    "ranks",
    "regret",
    "resilience",
    "resilience_panels",
    "response",
    "settle",
    "shapley_shares",
    "tornado",
    "worlds",
]
