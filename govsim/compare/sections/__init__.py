"""The sections of a report: each asks one question of a study and is there only if the design can answer it."""

from collections.abc import Callable

from govsim.compare.sections.attribution import doses, effects, factorial
from govsim.compare.sections.base import Material, Picture, Section
from govsim.compare.sections.choice import frontier, ranking, regret
from govsim.compare.sections.doubt import ensemble, luck, sensitivity
from govsim.compare.sections.people import incidence, inequality, resilience

__all__ = ["SECTIONS", "Material", "Picture", "Section"]

SECTIONS: dict[str, Callable[[Material], Section | None]] = {
    "effects": effects,
    "factorial": factorial,
    "doses": doses,
    "frontier": frontier,
    "ranking": ranking,
    "regret": regret,
    "incidence": incidence,
    "inequality": inequality,
    "resilience": resilience,
    "sensitivity": sensitivity,
    "ensemble": ensemble,
    "luck": luck,
}
"""In the order of the report."""
