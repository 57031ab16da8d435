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
# # Your own policy: from an idea to a dose-response
#
# Two kinds of policy can be added. A **bundle** is a YAML file that puts instruments together, and needs no Python.
# An **instrument** is something new that can be done: one Python file that says which rules it changes and what it
# costs. Neither has to be registered: what is there is found. (`docs/how-to/instrument.md` explains every line.)
#
# You would do this in your clone. So that nothing is left in yours, the notebook works in a temporary folder that
# stands for one: it has the folders of instruments, of their options and of their tests; all else is that of your
# clone.

# %%
# %matplotlib inline
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from IPython.display import Markdown

import govsim
from govsim import plot
from govsim.compare import compare

UNMET, FOUND = "unmet_case_days_per_1000", "found_by_grid_per_1000"
HERE = Path(govsim.__file__).resolve().parents[1]
scratch = tempfile.TemporaryDirectory()
clone = Path(scratch.name)
for part in ("govsim/policies", "tests/policies"):
    shutil.copytree(HERE / part, clone / part, ignore=shutil.ignore_patterns("__pycache__"))
(clone / "configs" / "policy").mkdir(parents=True)
for name in ("__init__.py", "__init__.pyi"):
    shutil.copy(HERE / "govsim" / name, clone / "govsim")
with (clone / "govsim" / "__init__.py").open("a") as package:
    package.write("\n__path__ = __import__('pkgutil').extend_path(__path__, __name__)  # the rest is in your clone\n")


def sh(command: str) -> None:
    """Run a command line in that folder and print what it says."""
    program, rest = command.split(maxsplit=1)
    argv = [sys.executable, "-m", {"govsim": "govsim.cli"}.get(program, program), *rest.split()]
    own = os.environ | {"PYTHONPATH": f"{clone}{os.pathsep}{HERE}", "COLUMNS": "120"}
    done = subprocess.run(argv, cwd=clone, env=own, capture_output=True, text=True, check=False)
    print(done.stdout or done.stderr)
    done.check_returncode()


# %% [markdown]
# ## A bundle
# A file in `configs/policy` of the folder you work in is a policy, here the committee with a fund of half the usual
# size. Its first line is what `govsim list policies` shows.

# %%
(clone / "configs" / "policy" / "small_fund.yaml").write_text(
    "# The committee, and a community fund of half the usual size\n"
    "defaults:\n"
    "  - committee\n"
    "  - fund\n"
    "  - _self_\n"
    "fund:\n"
    "  yuan: 175_000\n"
)
sh("govsim diff small_fund fragmented")

# %% [markdown]
# ## An instrument
# `govsim new-policy` writes three files: the instrument, its option, and its test. It is an example that runs: grid
# workers work some hours longer, and are paid for them.

# %%
sh("govsim new-policy night_patrols")

# %%
source = (clone / "govsim" / "policies" / "night_patrols.py").read_text()
Markdown(f"```python\n{source[source.index('@dataclass') :]}```")

# %% [markdown]
# What to notice:
#
# - It writes a **rule in force** (`worker_hours`), never satisfaction or a number of cures. What comes of the hours
#   is for the model to say: they may be spent on problems that would have been found anyway.
# - `check` names the outcome that must move first if the lever reaches what it acts on; `channel` names the only ways
#   in which it can act. With these closed it must do nothing, bit for bit. Its test asks both.
# - `yearly_cost` is said beside what it does, so that it can be compared at equal money.
#
# ## Does it do what it says?

# %%
sh("pytest -q -n 0 -p no:cacheprovider --color=no tests/policies/test_night_patrols.py")

# %% [markdown]
# ## Does it help?
# That is no test but a study: four doses under the same luck, in a small place and a short time, since this is a
# first look.

# %%
sh(
    "govsim study levers.doses.night_patrols=[0,4,8,16] place=community weeks=60 replicates=5 jobs=1 cache=off "
    "record.series=false out=results/night_patrols"
)
study = govsim.load_study(clone / "results" / "night_patrols")

# %% [markdown]
# **How to read it.** First the manipulation check: do more hours find more? A mark is the mean paired difference from
# no further hours, the bar its 95% interval over seeds.

# %%
comparison = compare(study, [UNMET, FOUND, "cost_per_resident"])
plot.doses(comparison, "night_patrols", FOUND).figure

# %% [markdown]
# **How to read it.** Then the outcome that matters, drawn in the same way: below zero people live with problems for
# fewer days. A lever that passes the first and fails the second reaches what it acts on, and does not help.

# %%
plot.doses(comparison, "night_patrols", UNMET).figure

# %%
Markdown("\n".join(f"- {line}" for line in comparison.sections["effects"].findings))

# %% [markdown]
# A finding with its price beside it, at a few seeds in one community. Before it is worth a sentence: a street, twenty
# seeds, other theories (`theories=all`), and what the same money buys otherwise (`budget=[5,10]`). See
# `docs/how-to/study.md`.

# %%
scratch.cleanup()
