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
# # One instrument in depth: when does more money do less?
#
# A community fund buys projects. What they build keeps problems from arising; preparing them takes hours of the desks
# that also handle cases. Both ways can be switched off in the model, alone and together, which no city can do: so
# each can be priced, and the dose found at which the second eats up the first.
#
# All sentences with numbers below are made from the stored studies when the notebook runs.

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd
from IPython.display import Markdown
from scipy.stats import spearmanr

import govsim
from govsim.compare import doses, figures
from govsim.compare.members import members
from govsim.compare.pairs import columns, differences, holm, with_draws
from govsim.compare.words import level, readable
from govsim.study.intervals import mean_interval

UNMET = "unmet_case_days_per_1000"
BUILT, HOURS = "behaviour.environment_gain", "behaviour.project_hours"

# %% [markdown]
# ## The studies
# The whole studies if they were run here (`govsim study experiment=fund out=results/fund`, and likewise
# `fund_worlds`), else their small parts, which are committed.

# %%
RESULTS = Path("../../results")


def stored(name: str) -> govsim.Study:
    """The study of an experiment that was run here, or its small part."""
    folder = RESULTS / name
    if not (folder / "study.json").is_file():
        folder = RESULTS / "reference" / "studies" / name
    study = govsim.load_study(folder)
    print(f"shown: {folder.relative_to(RESULTS.parent).as_posix()}, {len(study.runs):,} runs")
    print(study.manifest["question"])
    return study


study, worlds = stored("fund"), stored("fund_worlds")

# %% [markdown]
# ## Dose and response
# Runs in which both ways are open, as in the model that everybody else uses.
#
# **How to read it.** A mark is the mean paired difference in unmet need from no fund at all, with its 95% interval
# over seeds; left of the dashed line more money does more.

# %%
whole = study.runs[(study.runs[BUILT] > 0) & (study.runs[HOURS] > 0)]
shape = doses.shapes(whole, study.factors, [UNMET]).iloc[0]
responses = doses.responses(whole, study.factors, [UNMET])
figures.response(responses, UNMET, "fund", doses_in="yuan per community and year", bend=shape["at"]).figure

# %%
Markdown(f"The shape in a sentence: **{shape['sentence']}**.")

# %% [markdown]
# ## By which way?
# The same doses in worlds where projects build nothing (what is left is the time they take), where preparing them
# takes no time (what is left is what they build), and where neither is so. The last line is a check: with both ways
# closed the fund must do exactly nothing.
#
# **How to read it.** Lines that add up to the whole one mean that the two ways do not meet. Where they bend apart,
# desks are so full that what is built no longer makes up for it.

# %%
WAYS = {
    "both, as it is": (True, True),
    "what is built": (True, False),
    "the time it takes": (False, True),
    "neither": (False, False),
}
by_way = {
    way: study.runs[((study.runs[BUILT] > 0) == built) & ((study.runs[HOURS] > 0) == hours)]
    for way, (built, hours) in WAYS.items()
}
table = pd.concat(
    doses.responses(runs, study.factors, [UNMET, "raised_per_1000", "theil_unmet_need", "trust"]).assign(theory=way)
    for way, runs in by_way.items()
)
ax = figures.response(table, UNMET, "fund", doses_in="yuan per community and year")
ax.legend(fontsize=9)
ax.figure


# %%
def by_dose(outcome: str) -> pd.DataFrame:
    """What each dose does by each way, with 95% intervals."""
    rows = table[(table["outcome"] == outcome) & (table["dose"] > 0)]
    wide = readable(rows[["dose", "theory", "effect", "low", "high"]]).pivot(
        index="dose", columns="theory", values="effect [95%]"
    )
    return wide.loc[map(level, sorted(set(rows["dose"]))), list(WAYS)]


by_dose(UNMET)

# %%
shapes = {way: doses.shapes(runs, study.factors, [UNMET])["sentence"].iloc[0] for way, runs in by_way.items()}
Markdown("\n".join(f"- {way}: {sentence}" for way, sentence in shapes.items()))

# %% [markdown]
# Why so? What is built meets an environment that has less and less left to mend. The time that projects take does the
# opposite: a desk is a queue, and a queue that comes near its capacity grows without bound, so that the last yuan
# cost many times what the first did. A lever may turn round though nothing in the model says that it does: two ways
# need only bend differently.
#
# ## Who bears it?
# Theil's T of unmet need between communities, beyond what luck alone would show. **How to read it.** Below zero the
# fund makes communities more alike; above zero what is lost is lost by few.

# %%
figures.response(table[table["theory"] == "both, as it is"], "theil_unmet_need", "fund", doses_in="yuan").figure

# %% [markdown]
# And what of trust? It is lost where cases wait, so it can tell of full desks before unmet need does.

# %%
by_dose("trust")

# %% [markdown]
# ## In which worlds does it harm?
# So far one set of assumptions. The ensemble holds sets that the reported figures do not rule out; each is a world of
# its own, here with several paired seeds. `share` counts worlds by their mean, `shown` those whose own interval says
# so.

# %%
runs = with_draws(worlds.runs, worlds.designs)
shares = members(runs, [UNMET, "satisfaction", "trust"])
shares.set_index(["outcome", "policy"])[["members", "share_lower", "shown_lower", "share_higher", "shown_higher"]]

# %% [markdown]
# **How to read it.** A row is a world, at the largest dose; the bar is its own interval over seeds. Right of zero
# people live with problems for longer than without any fund.

# %%
largest = worlds.points.loc[worlds.points["fund"].idxmax(), "policy"]
gaps = differences(runs, UNMET).query("policy == @largest")
by_world = pd.DataFrame(
    {"world": f"world {world}"} | columns("difference", mean_interval(own.to_numpy()))
    for world, own in gaps.groupby("scenario")["difference"]
).sort_values("difference", ignore_index=True)
about = {"outcome": UNMET, "theory": "", "budget": float("nan"), "baseline": worlds.baseline}
figures.forest(by_world.rename(columns={"world": "policy"}).assign(**about), UNMET).figure

# %% [markdown]
# **What tells these worlds apart?** Rank correlations of the effect with each uncertain value, the three largest,
# with p adjusted for the number of values that were looked at (Holm). With so few worlds this can only point.

# %%
uncertain = [name for name, factor in worlds.factors.items() if factor.role == "uncertainty"]
settings = worlds.points.drop_duplicates("scenario").set_index("scenario")[uncertain]
effect = gaps.groupby("scenario")["difference"].mean()
found = pd.DataFrame({name: spearmanr(settings.loc[effect.index, name], effect) for name in uncertain}).T
found.columns = ["rank correlation", "p"]
found["p (Holm)"] = holm(found["p"])
found.sort_values("rank correlation", key=abs, ascending=False).head(3)

# %% [markdown]
# So what can be said?

# %%
unmet = shares[shares["outcome"] == UNMET].set_index("policy")
Markdown(
    "\n".join(
        f"- `{policy}` leaves people worse off in {row['share_higher']:.0%} of {row['members']} worlds (shown in "
        f"{row['shown_higher']:.0%}), better off in {row['share_lower']:.0%} (shown in {row['shown_lower']:.0%})."
        for policy, row in unmet.iterrows()
    )
)

# %% [markdown]
# A sum that does good in all of them is one thing, the largest that can be had another. What the largest does hangs
# on how much money can build and on how full desks are, and of these a city can change the second: somebody must
# prepare what is to be built.
