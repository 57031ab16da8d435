# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Committee, fund, grid staffing: what does each do, and what do they do together?
#
# Three levers in all combinations, beside them the whole reform and the rival that spends as much on what there was.
# All sentences with numbers below are made from the stored study when the notebook runs.

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd
from IPython.display import Markdown

import govsim
from govsim import plot
from govsim.compare import compare

UNMET = "unmet_case_days_per_1000"

# %% [markdown]
# ## The study
# The whole study if it was run here (`govsim study experiment=headline out=results/headline`), else its small part,
# which is committed: the same runs without their weekly series.

# %%
RESULTS = Path("../../results")
folder = RESULTS / "headline"
if not (folder / "study.json").is_file():
    folder = RESULTS / "reference" / "studies" / "headline"
study = govsim.load_study(folder)
comparison = compare(study)
pd.Series({"shown": folder.relative_to(RESULTS.parent).as_posix()} | comparison.facts)


# %%
def say(*sections: str) -> Markdown:
    """What sections of the comparison find, their numbers with 95% intervals."""
    return Markdown("\n".join(f"- {line}" for name in sections for line in comparison.sections[name].findings))


# %% [markdown]
# ## What does each policy do?
# **How to read it.** A row is a policy, its mark the mean paired difference in unmet need from the arrangements
# before the reform, with its 95% interval over seeds. Left is better.

# %%
plot.effects(comparison).figure

# %% [markdown]
# Unmet need is one outcome among several, and a policy that is best in one is not so in all. In each small panel the
# order of policies is the same, and the sign in which more is better differs.

# %%
comparison.figures["effects"]

# %%
say("effects")

# %% [markdown]
# ## What does each lever do, and do they help each other?
# A lever's main effect is averaged over the settings of the other two. The interaction is what two do together beyond
# the sum of what each does: below zero they help each other here, above zero they hinder each other.
#
# **How to read it.** A mark is a lever's main effect. In the crossings, the dashed line is where the second line
# would lie if effects added up: the nearer the two, the more do the levers work side by side rather than together.

# %%
plot.main_effects(comparison).figure

# %%
comparison.figures["crossings"]

# %%
say("factorial")

# %% [markdown]
# **Additive or multiplicative?** An interaction depends on the scale on which "no interaction" is said. Two levers
# that each take away a tenth take away a little less than two tenths together: they hinder each other on the additive
# scale and not at all on the logarithmic one. So both are tested, and only a reading that is the same on both should
# travel.

# %%
interactions = comparison.tables["interactions"].query("outcome == @UNMET")
interactions.pivot(index="factors", columns="scale", values="reading")

# %% [markdown]
# ## What does it cost?
# **How to read it.** To the right a policy costs more, further down it leaves less unmet need. The line joins what is
# worth its money: off it, some other policy (or a mix) does as much for less.

# %%
plot.frontier(comparison).figure

# %%
say("frontier")

# %% [markdown]
# ## When are problems cured, and who is left behind?
# **How to read it.** Of all problems, found or not, the share that was truly cured, closed on paper, or gone by
# itself by each working day; the three compete. Shares count problems, unmet need weighs how much and how long they
# hurt, and a fund that keeps problems from arising shows in the second and not in the first.

# %%
comparison.figures["incidence"]

# %%
say("incidence", "inequality")

# %% [markdown]
# ## How much is luck?
# Worlds of one seed share their past and every draw that a policy does not touch. Without that the intervals would be
# so many times wider, and so many squared times as many seeds would be needed:

# %%
say("luck")
