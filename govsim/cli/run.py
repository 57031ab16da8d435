"""``govsim run``: the main job, or a sweep of it."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from govsim.cli import show
from govsim.cli.command import Command, Parser
from govsim.config.check import ConfigError, check_out
from govsim.config.ensemble import ENSEMBLE, MEMBER

if TYPE_CHECKING:
    from govsim.config.compose import Composed

__all__ = ["RUN", "fresh"]

_MUCH = 500e6  # bytes of memory that are worth a word


def _run(asked: argparse.Namespace) -> int:
    if asked.multirun and asked.cfg:
        raise ConfigError("--cfg: shows one run, not a sweep (-m)")
    if asked.multirun:
        from govsim.cli.sweep import sweep

        return sweep(asked.overrides)
    from govsim.config.compose import compose

    composed = compose(asked.overrides)
    if asked.cfg:
        print(_yaml(composed), end="")
        return 0
    out = Path(composed.config.out) if composed.config.out else fresh(composed.choices["policy"])
    check_out(out)
    from govsim.study import memory

    need = memory.check(composed.config)
    if need > _MUCH:
        show.say(f"needs about {memory.size(need)} of memory")
    from govsim.study.checkpoints import checkpoints
    from govsim.study.run import run_worlds

    with checkpoints(composed.config, show.say) as kept:
        with show.tasks("weeks") as progress:
            result = run_worlds(composed, progress, kept)
        result.write(out)
    print(result.text())
    show.say(f"written to {out}")
    return 0


def fresh(label: str) -> Path:
    """A folder under results/ that does not exist yet."""
    name = f"{datetime.now():%Y%m%d-%H%M%S}-{re.sub(r'[^\w+.-]+', '-', label)}"
    names = (f"{name}-{n}" if n else name for n in range(1_000))
    return next(path for path in map(Path("results").joinpath, names) if not path.exists())


def _yaml(composed: Composed) -> str:
    import yaml

    from govsim.config.compose import resolved

    return yaml.safe_dump(resolved(composed.config), sort_keys=False, allow_unicode=True)


def _parser() -> Parser:
    parser = Parser("run", lambda: (ENSEMBLE, MEMBER))
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("-m", "--multirun", action="store_true")
    parser.add_argument("--cfg", choices=["job"])
    return parser


def _help() -> str:
    from govsim.config.overrides import GROUPS, options

    choices = "\n".join(
        f"  {key + '=':<13}{', '.join(options(name.partition('@')[0]))}" for key, name in GROUPS.items()
    )
    return f"""\
usage: govsim run [override ...]          the main job: policy against baseline, in the same place and luck
       govsim run -m [override ...]       one run for each combination of values: policy=a,b seed=range(0,3)
       govsim run --cfg job [override ...] print the whole configuration, run nothing

Options to choose:
{choices}

Several options are combined in order, of two that set the same value the later wins; ~ takes one out:
  govsim run policy=[fund,committee]      two instruments
  govsim run '~policy.fund'               the default policy without its fund
  govsim run baseline=more_of_the_same    against a rival that spends as much
  govsim run baseline=none                no second world

Values (govsim params lists them all, with unit, range and source):
  govsim run policy.fund.yuan=200000 policy.fund.start=2018-06-01
  govsim run place=community place.residents=8000 seed=7 weeks=260 behaviour=anchoring
  govsim run ensemble=rough member=3      with the values of a member of an ensemble (govsim list ensembles)
  govsim run background=fixed record.cases=true out=results/mine
  govsim run place=chengdu checkpoint.every=13 out=results/city    the same command goes on after a kill

Sweeps write a numbered folder for each run below one folder, and load like a study (govsim compare out):
  govsim run -m policy=fund,committee 'seed=range(0,20)' out=results/sweep
  govsim run -m policy=fund policy.fund.yuan=0,350000 hydra/launcher=joblib hydra.launcher.n_jobs=4
Launchers: joblib, submitit_local, submitit_slurm, ray (docs/how-to/clusters.md). More than a few dozen runs are a
study (govsim study --help).

Policies of your own are YAML files in ./configs/policy, as those that come with govsim."""


RUN = Command("run the main job: a policy and a baseline from the same start and luck", _parser(), _help, _run)
