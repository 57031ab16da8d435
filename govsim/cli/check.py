"""``govsim check``: what was reported of a city beside what is simulated."""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govsim.cli import show
from govsim.cli.command import FAILED, Command, Parser
from govsim.config.check import checked
from govsim.config.ensemble import ENSEMBLE
from govsim.config.overrides import overrides_from_kwargs
from govsim.config.parameters import param

if TYPE_CHECKING:
    from govsim.calibration.verdicts import Verdict

__all__ = ["CHECK", "figure"]


@dataclass(frozen=True)
class Check:
    """What a check is told by, apart from overrides and settings of a study."""

    targets: str = param("chengdu_2019", "", "targets to check")
    seeds: int = param(5, "count", "replicates of each member", range=(1, 1_000))
    ensemble: str = param("", "", "ensemble whose members are run; empty: the values that are set")


_PLACE = "place=district"


def _check(asked: argparse.Namespace) -> int:
    from govsim.calibration.asked import study_of, world_of
    from govsim.calibration.targets import check_targets, load_targets, simulated
    from govsim.calibration.verdicts import failed, verdicts, write
    from govsim.study.conduct import conduct
    from govsim.study.load import load_study

    own, policy, constants, settings = _read(asked.arguments)
    targets = load_targets(own.targets)
    check_targets(targets, world_of(constants).weeks)
    lines = study_of(policy, own.seeds, [*constants, *settings])
    if own.ensemble:
        lines.append(f"{ENSEMBLE}={own.ensemble}")
    kept = any(text.startswith("out=") for text in settings)
    with ExitStack() as stack:
        if not kept:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()), "check")
            lines += overrides_from_kwargs(out=str(folder))
        progress = stack.enter_context(show.tasks("runs"))
        outcome = conduct(lines, show.say, progress)
        study = load_study(outcome.folder)
        found = verdicts(targets, simulated(study, targets))
    show.table(_COLUMNS, map(_row, found))
    print(f"\nsimulated: mean of {len(study.runs):,} runs, between the values that hold 95% of them")
    if kept:
        show.say(f"{write(found, outcome.folder)} holds the table, {outcome.folder} its runs")
    out = failed(found)
    show.say(f"out of band, though fitted: {', '.join(out)}" if out else "all fitted targets are in their bands")
    return FAILED if out or outcome.failed else 0


def _read(arguments: Sequence[str]) -> tuple[Check, Any, list[str], list[str]]:
    """Its own settings, the policy, overrides that hold everywhere, and settings of the study."""
    from govsim.calibration.asked import SETTINGS, read

    given = read(arguments)
    own = {key: checked(key, given.pop(key)[1], Check) for key in _OWN if key in given}
    policy = given.pop("policy", ("", "chengdu_2019"))[1]
    settings = [given.pop(key)[0] for key in SETTINGS if key in given]
    given.setdefault("place", (_PLACE, None))
    return Check(**own), policy, [text for text, _ in given.values()], settings


_OWN = [f.name for f in fields(Check)]
_COLUMNS = ("target", "source", "observed", "simulated", "95%", "band", "in band", "role", "reason")


def _row(verdict: Verdict) -> tuple[str, ...]:
    target, band = verdict.target, verdict.target.limits
    return (
        target.name,
        target.source,
        figure(target.observed),
        figure(verdict.mean),
        f"{figure(verdict.low)} to {figure(verdict.high)}",
        f"{figure(band.low)} to {figure(band.high)}",
        "yes" if verdict.inside else "no",
        target.role,
        target.missed,
    )


def figure(value: float) -> str:
    """A number to three digits; a dash where it is undefined."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _settings() -> list[str]:
    from govsim.config.schema import Config
    from govsim.study.spec import Settings

    return [
        *_OWN,
        *(f.name for f in fields(Settings) if f.name not in Config.__dataclass_fields__ or f.name == "engine"),
    ]


def _parser() -> Parser:
    parser = Parser("check", _settings)
    parser.add_argument("arguments", nargs="*")
    return parser


def _help() -> str:
    from govsim.config.overrides import options

    return f"""\
usage: govsim check [override ...] [seeds=N ensemble=NAME targets=NAME out=DIR jobs=N]

Runs a policy (chengdu_2019) in a place (district) and prints what was reported beside what is simulated: its mean and
where 95% of the runs lie, over seeds and members of the ensemble; the band around the reported value; whether the
mean is in it; and whether the target was fitted or held back. A reason stands beside what is known to be missed.

  targets=NAME    a file of configs/target: {", ".join(options("target"))}
  seeds=N         replicates of each member ({Check.seeds})
  ensemble=NAME   a file of configs/ensemble: {", ".join(options("ensemble")) or "none yet; govsim calibrate makes one"}
  out=DIR         keep the runs, and the table as targets.csv; the same command then goes on where it was stopped
Everything else is an override of govsim run (policy, place, behaviour, values) or a setting of govsim study (jobs).

  govsim check jobs=2
  govsim check ensemble=rough seeds=3 out=results/check
  govsim check place=street behaviour=anchoring

Exit codes: 0 all fitted targets are in their bands, 1 one is out or runs failed, 2 bad input, 130 interrupted."""


CHECK = Command("compare what is simulated with what was reported", _parser(), _help, _check)
