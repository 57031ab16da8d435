"""Pictures of runs and of studies. Each function draws on the axes it is given, or on new ones, and returns them.

    ax = govsim.plot.unmet(run)
    govsim.plot.overview(run).savefig("overview.png")
    govsim.plot.effects(govsim.compare.compare(study), "trust")

Nothing here needs a display or touches matplotlib's global state. Colours are those of Okabe and Ito and
matplotlib's viridis, which colour-blind readers can tell apart; where lines matter, their style differs too. Texts
are in the language that is spoken when a picture is drawn (:func:`govsim.language.in_language`).

The public names are those of ``__init__.pyi``: a run over its weeks (:mod:`~.weeks`), compounds on the map
(:mod:`~.maps`), all of a run (:mod:`~.whole`), and what a study shows (:mod:`~.studies`), drawn by the code that draws
reports (:mod:`govsim.compare.figures`).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
