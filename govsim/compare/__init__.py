"""From the frames of a study to what they say: one question a module, tidy tables with intervals.

============================ =====================================================================================
:mod:`~.pairs`               which run is compared with which, and what that gains
:mod:`~.effects`             what does each policy do against the baseline?
:mod:`~.factorial`           what does each lever do, which help or hinder each other, who gets which share?
:mod:`~.doses`               does more of a lever do more?
:mod:`~.frontier`            what does it cost, and what is the best buy?
:mod:`~.harm`                which policies leave people worse off, and in how many worlds?
:mod:`~.regret`              does the choice hold in other worlds and under other theories?
:mod:`~.incidence`           when are problems cured, closed on paper, gone?
:mod:`~.inequality`          who is left behind, by tier?
:mod:`~.resilience`          how much harm does a shock do, and for how long?
:mod:`~.sensitivity`         which uncertain values matter?
:mod:`~.identical`           which worlds turned out the same?
:mod:`~.report`              all of it, as text, figures and a page: :func:`compare`
============================ =====================================================================================

All tables share their conventions. Groups come first (``outcome``, ``theory``, ``budget``, ``policy``, always by
these names), then an estimate named for what it is, its 95% interval ``low`` and ``high``, ``n`` pairs of runs that it
rests on, ``replicates`` that are independent of each other (see :mod:`~.pairs`), and where there is a test ``p`` and
``p_holm`` (Holm's adjustment; each docstring names the family). The interval of a second estimate has its name in
front: ``share_low``, ``share_high``. What is undefined is NaN, and is left out of ``n``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
