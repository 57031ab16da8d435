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
# # First steps: run, read, plot
#
# One community of about 5,000 residents lives through 116 weeks twice: under a policy, and as things were. Both
# worlds share their past and their luck, so what differs is due to the policy. Everything here is a finding *in the
# model*.

# %%
# %matplotlib inline
import tempfile

import pandas as pd

import govsim
from govsim import plot
from govsim.compare import compare

# %% [markdown]
# ## Run
# Arguments are those of the command line: a place, a policy (here two instruments together), and the seed of all
# luck.

# %%
run = govsim.simulate("place=community", "policy=[fund,committee]", "seed=7")
run

# %% [markdown]
# ## Read
# The headline is *unmet need*: severity-weighted days that people live with a problem, per 1,000 residents and week,
# found or not, whatever the books say. `summary` holds every outcome of both worlds, `series` every week, `compounds`
# every place on the map, and `docs/data-dictionary.md` says what each name means.

# %%
pd.DataFrame(run.summary).loc[["unmet_case_days_per_1000", "cured_share", "satisfaction", "trust", "cost_per_resident"]]

# %%
weekly = run.series.query("outcome == 'unmet_case_days_per_1000' and week >= 0")
weekly.groupby("world", observed=True)["value"].describe()

# %% [markdown]
# ## Plot
# Every function of `govsim.plot` returns axes (and draws on yours, if you give it `ax=`); `.figure` shows them here.
#
# **How to read it.** The line of the policy leaves that of the baseline when its first instrument begins (letters
# mark the dates), not before: until then both worlds are the same, case by case.

# %%
plot.unmet(run).figure

# %% [markdown]
# **How to read it.** Open problems by where they are, under the policy. Most wait with nobody who could solve them,
# because nobody has found them: no committee can rule on what it does not know of.

# %%
plot.stuck(run).figure

# %% [markdown]
# **How to read it.** The curves count problems by working days since they arose: truly cured (solid) or gone by
# themselves (dotted). What neither curve reaches is still there.

# %%
plot.time_to_cure(run).figure

# %% [markdown]
# ## One seed is one draw of luck
# So ask again, under five seeds, and look at the interval of the *paired* difference. This is what a study does; it
# is written to a folder, and the same line goes on where it was stopped.

# %%
with tempfile.TemporaryDirectory() as folder:
    study = govsim.run_study(
        "levers.policies=[committee,fund,[fund,committee]]", "place=community", "replicates=5", "jobs=1",
        "record.series=false", f"out={folder}/first",
    )  # fmt: skip
    comparison = compare(study)
print("\n".join(comparison.sections["effects"].findings))

# %% [markdown]
# **How to read it.** A row is a policy, a mark the mean difference over the seeds, a bar its 95% interval; left of
# zero people live with problems for fewer days. A hollow mark shows no difference.

# %%
plot.effects(comparison).figure

# %% [markdown]
# How much did sharing luck gain? Without pairing the intervals would be so many times wider:

# %%
comparison.tables["pairing"].query("outcome == 'unmet_case_days_per_1000'")[["policy", "paired", "unpaired", "ratio"]]
