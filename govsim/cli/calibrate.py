"""``govsim calibrate``: the parameter sets that the fitted targets do not rule out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from govsim.cli import show
from govsim.cli.check import figure
from govsim.cli.command import FAILED, Command, Parser

if TYPE_CHECKING:
    from govsim.calibration.calibrate import Calibrated

__all__ = ["CALIBRATE"]

_COLUMNS = ("fitted target", "observed", "band", "means of sets", "sets in band")


def _calibrate(asked: argparse.Namespace) -> int:
    from govsim.calibration.calibrate import calibrate

    try:
        with show.tasks("runs of the wave") as progress:
            done = calibrate(asked.arguments, show.say, progress)
    except KeyboardInterrupt:
        show.say("the same command goes on from where this one stopped")
        raise
    show.table(_COLUMNS, _rows(done))
    if done.file is None:
        show.say(f"no set is inside every band, and no ensemble was written; {done.folder} holds the runs")
        return FAILED
    show.say(f"{done.file} holds the ensemble; govsim check ensemble={done.file.stem} compares it with all targets")
    return 0


def _rows(done: Calibrated) -> Iterator[tuple[str, ...]]:
    for target in done.targets:
        means, band = done.matched.means[target.name], target.limits
        yield (
            target.name,
            figure(band.observed),
            f"{figure(band.low)} to {figure(band.high)}",
            f"{figure(means.min())} to {figure(means.max())}",
            f"{means.between(band.low, band.high).mean():.0%}",
        )


def _settings() -> list[str]:
    from dataclasses import fields

    from govsim.calibration.calibrate import Calibration
    from govsim.config.schema import Config
    from govsim.study.spec import Settings

    own = [f.name for schema in (Calibration, Settings) for f in fields(schema)]
    return ["calibration", "name", *(n for n in own if n not in Config.__dataclass_fields__ or n == "engine")]


def _parser() -> Parser:
    parser = Parser("calibrate", _settings)
    parser.add_argument("arguments", nargs="*")
    return parser


def _help() -> str:
    from govsim.config.overrides import options

    return f"""\
usage: govsim calibrate [calibration=NAME] [key=value ...] [name=NAME out=DIR jobs=N]

History matching: waves of parameter sets are run, an emulator of each fitted target rules out what cannot reach it, and
the next wave is drawn from what is left. Every set that was run and whose means over seeds are inside all bands is
kept, and configs/ensemble/NAME.yaml holds them. Targets that are held back are never looked at. Each wave is a study in
a folder: the same command goes on where it was stopped.

  calibration=NAME  a file of configs/calibration: {", ".join(options("calibration"))}
  name=NAME         of the ensemble (that of the calibration)
  parameters.KEY=   range, the declared one, or [low,high], of a parameter to fit
  targets policy waves sets seeds seed cutoff members
                    as in the file: govsim calibrate waves=2 sets=40
  out=DIR           its folder (results/calibration-NAME)
Everything else is an override of govsim run that holds everywhere, or a setting of govsim study (jobs, engine).

  govsim calibrate jobs=2
  govsim calibrate place=street sets=40 waves=2 name=first_look

Exit codes: 0 an ensemble was written, 1 no set is inside every band, 2 bad input, 130 interrupted."""


CALIBRATE = Command("find the parameter sets that reported figures do not rule out", _parser(), _help, _calibrate)
