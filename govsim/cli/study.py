"""``govsim study`` and ``govsim compare``: many runs from one line, and what they show."""

from __future__ import annotations

import argparse
from dataclasses import fields

from govsim.cli import show
from govsim.cli.command import FAILED, Command, Parser
from govsim.config.ensemble import ENSEMBLE
from govsim.config.schema import Config

__all__ = ["COMPARE", "STUDY"]


def _settings() -> list[str]:
    """What a study is told by, apart from values of a configuration."""
    from govsim.study.spec import Settings, Spec

    own = [f.name for schema in (Spec, Settings) for f in fields(schema)]
    return [
        "experiment",
        ENSEMBLE,
        *(name for name in own if name not in Config.__dataclass_fields__ or name == "engine"),
    ]


def _study(asked: argparse.Namespace) -> int:
    from govsim.study.conduct import conduct

    try:
        with show.tasks("runs") as progress:
            outcome = conduct(asked.arguments, show.say, progress)
    except KeyboardInterrupt:
        show.say("the same command goes on from where this one stopped")
        raise
    show.say(f"{outcome.folder} holds the study; govsim compare {outcome.folder} compares its policies")
    return FAILED if outcome.failed else 0


def _compare(asked: argparse.Namespace) -> int:
    from govsim.study.load import load_study

    study = load_study(asked.folder)
    from govsim.compare.report import compare

    comparison = compare(study, asked.outcome or None, asked.baseline)
    print(comparison.text(), flush=True)
    folder = comparison.write(asked.folder)
    show.say(f"report written to {folder}")
    return 0


def _study_parser() -> Parser:
    parser = Parser("study", _settings)
    parser.add_argument("arguments", nargs="*")
    return parser


def _compare_parser() -> Parser:
    parser = Parser("compare")
    parser.add_argument("folder")
    parser.add_argument("--outcome", action="append", default=[])
    parser.add_argument("--baseline")
    return parser


def _study_help() -> str:
    from govsim.config.overrides import options
    from govsim.study.spec import DESIGNS

    known = options("experiment")
    width = max(map(len, known), default=0)
    experiments = "\n".join(f"  {name:<{width}}  {line}" for name, line in known.items())
    return f"""\
usage: govsim study experiment=NAME [key=value ...] [out=DIR jobs=N]

Runs every point of an experiment under many seeds: a point is a policy, under a theory, in a scenario. All points of a
seed share their luck and their warm-up, and every difference is taken within a seed. The same command again goes on
where it was stopped, also after a crash, and with more replicates goes on with those.

Experiments (yours are YAML files in ./configs/experiment):
{experiments}

What an experiment says, and any of it can be said here instead:
  levers          what is compared, by one or several designs:
                  {", ".join(DESIGNS["levers"])}
                    levers.factorial.fund=[off,on] levers.factorial.committee=[off,on]
                    levers.doses.fund=[0,350000,700000]     levers.each=all     levers.policies=[fund,chengdu_2019]
                    levers.doses=all (each at five doses over its range)     levers.pairs=[[fund,committee]]
  within          the policy that levers change (off: not in it, on: as its policy file has it, a number: its dose)
  baseline        the policy that all are compared with
  uncertainties   values of the world that are varied, by the same designs; every policy meets each sample
                    uncertainties.latin_hypercube.behaviour.patrol_reach=range samples=64
                    uncertainties.one_at_a_time=all (every value at both ends of its range)
                  ensemble=NAME: the members of an ensemble (govsim list ensembles)
  theories        rival assumptions about behaviour: theories=[performance,anchoring], or all
  budget          yuan per resident and year; every policy is sized to each: budget=[10,20,40]
  replicates      seeds of each point, from seed=1 on; replicates=until takes as many as until asks for:
                    until.outcome=trust until.half_width=0.01 until.most=200
Everything else is an override of govsim run that holds everywhere: place=community weeks=52

How it is carried out:
  out=DIR         its folder                       jobs=N          worlds at a time (-1: one a core)
  engine=loky     processes of this machine; ray or dask: a cluster, address=HOST:PORT of one that runs
  retry=failed    run again what failed            cache=off       keep no warm-ups

  govsim study experiment=headline out=results/headline jobs=2
  govsim study experiment=headline replicates=60 out=results/headline        (goes on from 30)
  govsim study levers.each=all place=community replicates=10 out=results/each

Exit codes: 0 all done, 1 runs failed, 2 bad input, 130 interrupted. Clusters: docs/how-to/clusters.md."""


def _compare_help() -> str:
    return """\
usage: govsim compare DIR [--outcome NAME ...] [--baseline POLICY]

Compares the policies of a study (govsim study) or a sweep (govsim run -m): prints the main findings and writes
DIR/report/: report.html, report.md, every table as CSV and every figure as PNG and SVG.

  --outcome NAME      what is compared; give it several times, the most important first (govsim list outcomes)
  --baseline POLICY   the policy to compare with, by its label; else the study's own

  govsim compare results/headline
  govsim compare results/headline --outcome trust --outcome cured_share --baseline more_of_the_same"""


STUDY = Command("run an experiment: many policies, seeds and samples", _study_parser(), _study_help, _study)
COMPARE = Command("compare the policies of a study or a sweep", _compare_parser(), _compare_help, _compare)
