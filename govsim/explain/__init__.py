"""Ask why: the life of a case, a compound, a community or a resident, told in plain words.

Three layers, each of use without the next:

============================================= ==============================================================
:mod:`~.probe`, :mod:`~.watching`, ``notes``  notes what happens in a city as it steps, and changes nothing
:mod:`~.case`, :mod:`~.compound`, …           make of that a story: dataclasses that hold no language
:mod:`~.words`                                say it, in any language of :mod:`govsim.language`
============================================= ==============================================================

::

    city = govsim.City(place="community", policy="chengdu_2019", rng=1)
    probe = govsim.explain.Probe(city)
    city.run_for(100)
    for line in probe.case(probe.examples()[0].id).lines():
        print(line)

A single case is an illustration of how the model works, and not an effect.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
