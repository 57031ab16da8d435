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
# # Reform or more of the same: on which assumptions does the answer hang?
#
# The reform and the rival that spends on what there was are compared in many worlds, each with its own values of six
# assumptions that nobody has measured. Three tools, each for a question of its own: **Sobol indices** (SALib: which
# assumption is the spread due to?), **feature scoring** and **scenario discovery with PRIM** (EMA Workbench: in which
# corner of the space does the reform hardly beat its rival?).
#
# All sentences with numbers below are made from the stored study when the notebook runs. The place is a single
# community and each world has one seed: what is shown is how to ask, and what this small model city answers.

# %%
# %matplotlib inline
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown
from SALib.analyze import sobol

import govsim
from govsim import plot
from govsim.compare import compare, figures
from govsim.compare.words import interval

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it tells of evaluators for clusters that are not installed; none is used
    from ema_workbench.analysis import feature_scoring, prim

UNMET = "unmet_case_days_per_1000"
REFORM, RIVAL = "chengdu_2019", "more_of_the_same"

# %% [markdown]
# ## The study
# The whole study if it was run here (`govsim study experiment=rival out=results/rival`), else its small part, which
# is committed.

# %%
RESULTS = Path("../../results")
folder = RESULTS / "rival"
if not (folder / "study.json").is_file():
    folder = RESULTS / "reference" / "studies" / "rival"
study = govsim.load_study(folder)
comparison = compare(study, [UNMET, "satisfaction"])
pd.Series({"shown": folder.relative_to(RESULTS.parent).as_posix()} | comparison.facts)

# %%
design = study.designs["uncertainties.sobol"]
names = [name.removeprefix("behaviour.") for name in design["names"]]
pd.DataFrame(design["bounds"], index=pd.Index(names, name="assumption"), columns=pd.Index(["from", "to"]))

# %% [markdown]
# ## What each does, over all these worlds
#
# **How to read it.** First the mean over worlds, with an interval that says how well it is known, since the worlds were
# drawn. Then how far worlds differ, which no interval says: a box holds the middle half of them, its line the
# median.

# %%
plot.effects(comparison).figure

# %%
plot.boxes(comparison).figure

# %% [markdown]
# ## Which assumption is the *size* of the effect due to?
# `govsim compare` has the Sobol indices already (its table `sobol`): S1 is the share of the variance over worlds that
# is due to a value alone, ST with all that it takes part in.
#
# **How to read it.** Long bars matter. Where ST is much longer than S1, a value matters together with others.

# %%
plot.sensitivity(comparison, policy=REFORM).figure

# %% [markdown]
# ## Which is the *choice* due to?
# Whoever has to choose asks something else: by how much is the reform ahead of its rival, relative to what people
# live with otherwise? That is no column of the table, so SALib is called on it directly. The rows of the design must
# be in its own order, which the study keeps.

# %%
runs = study.runs.pivot_table(index="scenario", columns="policy", values=UNMET).loc[design["rows"]]
lead = (runs[RIVAL] - runs[REFORM]) / runs[study.baseline]
problem = {"num_vars": len(names), "names": names, "bounds": design["bounds"]}
found = sobol.analyze(problem, lead.to_numpy(), calc_second_order=False, seed=1)
choice = pd.concat(
    pd.DataFrame(
        {"factor": names, "index": index, "estimate": found[index], "low": found[index] - found[f"{index}_conf"],
         "high": found[index] + found[f"{index}_conf"]}
    )
    for index in ("S1", "ST")
)  # fmt: skip
figures.indices(choice, "estimate", xlabel="share of the variance of the reform's lead").figure


# %%
def largest(table: pd.DataFrame) -> str:
    """The two values with the largest total index."""
    total = table[table["index"] == "ST"].nlargest(2, "estimate")[["factor", "estimate", "low", "high"]]
    rows = total.itertuples(index=False)
    return " and ".join(f"{name.split('.')[-1]} ({interval(*numbers, signed=False)})" for name, *numbers in rows)


indices = comparison.tables["sobol"].query("outcome == @UNMET and of == 'effect' and policy == @REFORM")
behind = (lead <= 0).mean()
Markdown(
    f"- The **size** of the reform's effect hangs most on {largest(indices)}.\n"
    f"- Its **lead** over the rival hangs most on {largest(choice)}.\n"
    f"- Over these worlds the lead is {lead.mean():.1%} of unmet need on average; the middle half of worlds lies "
    f"between {lead.quantile(0.25):.1%} and {lead.quantile(0.75):.1%}, and in {behind:.0%} the rival is ahead."
)

# %% [markdown]
# Two questions, two answers: an assumption may decide how much *any* policy does and hardly touch which of them does
# more. Where indices of the lead add up to far less than their totals, assumptions matter in combination, and a list
# of single ones is the wrong tool. That is what scenario discovery is for.
#
# ## A second opinion: feature scoring
# Extra trees that predict an outcome from the assumptions; a score is the share of what they explain. It is blind to
# sign and has no interval, but it needs no special design. **How to read it.** Each column adds up to 1.

# %%
worlds = study.points.drop_duplicates("scenario").set_index("scenario").loc[design["rows"], design["names"]]
worlds = worlds.astype(float).set_axis(names, axis="columns")  # PRIM takes no whole numbers
np.random.seed(1)  # noqa: NPY002 (EMA Workbench draws from numpy's own generator)
scores = feature_scoring.get_feature_scores_all(
    worlds, {"effect of the reform": (runs[REFORM] - runs[study.baseline]).to_numpy(), "its lead": lead.to_numpy()}
)
scores.astype(float).style.background_gradient(axis=None).format("{:.2f}")

# %% [markdown]
# ## Scenario discovery: where is the lead small?
# PRIM peels the space until what is left is a box with many cases of interest in it. A case here is a world among the
# quarter in which the reform leads least. *Coverage* is the share of all cases that the box holds, *density* the
# share of cases among the worlds in the box; one is bought with the other. A box that was sought flatters itself, so
# it is sought in one half of the sample (in whole blocks of Saltelli's scheme, since the rows of a block hang
# together) and counted in the other.
#
# **How to read it.** From right to left the box is peeled: each point is a box, its colour the number of assumptions
# that it restricts.

# %%
cases = (lead <= lead.quantile(0.25)).to_numpy()
block = np.arange(len(worlds)) // (len(names) + 2)
half = block <= block.max() // 2
box = prim.Prim(worlds[half].reset_index(drop=True), cases[half], peel_alpha=0.1).find_box()
assert box is not None
box.show_tradeoff()
plt.show()

# %% [markdown]
# The box that is taken is the one for which coverage times density is largest, so that neither is bought at any
# price. **How to read it.** A bar is the part of an assumption's range that the box keeps, between its ends in
# numbers; what is not listed is free. Beside it a quasi-p value (Bryant and Lempert): how easily chance would gain as
# much by that restriction.

# %%
path = box.peeling_trajectory
chosen = int((path["coverage"] * path["density"]).idxmax())
box.select(chosen)
box.inspect(style="graph")
plt.show()

# %%
limits = box.box_lims[chosen]
within = np.logical_and.reduce([worlds[name].between(*limits[name]) for name in names])
blocks = np.unique(block[~half])
drawn = np.random.default_rng(1).choice(blocks, (1_000, len(blocks)))  # blocks, not worlds, are independent
members = [np.flatnonzero(within & (block == number)) for number in range(block.max() + 1)]
density = [cases[np.concatenate([members[number] for number in some])].mean() for some in drawn]
low, high = np.quantile(density, [0.025, 0.975])
Markdown(
    f"The box restricts {path.loc[chosen, 'res_dim']:.0f} of {len(names)} assumptions. In the half in which it was "
    f"sought, {cases[half & within].mean():.0%} of its {sum(half & within)} worlds are cases; in the other half "
    f"**{cases[~half & within].mean():.0%} [{low:.0%}, {high:.0%}]** of its {sum(~half & within)}, against "
    f"{cases[~half].mean():.0%} of all worlds there."
)

# %% [markdown]
# A box is a sentence about assumptions, not a forecast: it says what would have to be true for the reform to have
# little over its rival, and so which of these values to measure first. If the other half does not bear it out, there
# is no box to report.
