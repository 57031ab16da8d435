"""The model as plain Mesa: one Python object a resident, compound, case and office, and every rule once more.

This is the model's reference text, to be read and not to be fast. It shares the parameters, the set-up and the named
draws with ``govsim``, and no rule: each module says with objects and loops what the process of the same name says with
columns and kernels. ``docking.py`` beside this package runs both and compares them week by week.

Begin with ``city.py``, which is the week; ``agents.py`` says who there is.
"""
