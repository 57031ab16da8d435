"""govsim: agent-based policy simulation of multi-level urban governance.

    import govsim

    run = govsim.simulate("place=community", "policy=[fund,committee]", "seed=7")
    print(run.text())

The public names are those of ``__init__.pyi``. They load when they are first used: the model's compiled kernels
take a moment, and checking a configuration needs none of them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
