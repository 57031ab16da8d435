"""``govsim reproduce`` and ``govsim diff``: does it come out again, and what was it?"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from govsim.cli import show
from govsim.cli.command import FAILED, Command, Parser
from govsim.cli.names import cell
from govsim.config.check import ConfigError, number

__all__ = ["DIFF", "REPRODUCE"]

_MOST = 40  # changes that are listed

# --- reproduce


def _reproduce(asked: argparse.Namespace) -> int:
    paths = [argument for argument in asked.arguments if not argument.startswith("jobs=")]
    jobs = [argument for argument in asked.arguments if argument.startswith("jobs=")]
    if len(paths) != 1 or len(jobs) > 1:
        raise ConfigError("govsim reproduce: must name one folder, of a run or a study, and jobs= at most once")
    processes = _jobs(jobs[0]) if jobs else -1
    from govsim.study.reproduce import reproduce

    if (Path(paths[0]) / "manifest.json").is_file():
        with show.tasks("weeks") as weeks:
            found = reproduce(paths[0], asked.run, processes, show.say, weeks=weeks)
    else:
        with show.tasks("runs") as runs:
            found = reproduce(paths[0], asked.run, processes, show.say, runs=runs)
    print(f"{found.runs} runs: {found.verdict}" if found.runs > 1 else found.verdict)
    if found.changes:
        rows = [(c.run, c.what, _value(c.then), _value(c.now)) for c in found.changes[:_MOST]]
        show.table(("run", "what", "then", "now"), rows)
        if len(found.changes) > _MOST:
            print(f"and {len(found.changes) - _MOST} more")
    return FAILED if found.changes else 0


def _jobs(argument: str) -> int:
    try:
        jobs = int(argument.partition("=")[2])
    except ValueError:
        jobs = 0
    if jobs != -1 and not 1 <= jobs <= 100_000:
        raise ConfigError(f"{argument}: must be a whole number of processes; -1: one a core")
    return jobs


def _value(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _reproduce_parser() -> Parser:
    parser = Parser("reproduce", lambda: ["jobs"])
    parser.add_argument("arguments", nargs="*")
    parser.add_argument("--run")
    return parser


def _reproduce_help() -> str:
    return """\
usage: govsim reproduce FOLDER [--run ID] [jobs=N]

Runs again what a folder holds, from its manifest, and says what came of it:
  identical                 every value, bit by bit
  same within rounding      another processor or library rounded elsewhere (a millionth at most)
  different                 what differs, with its value then and now; the exit code is 1

If the code or its configs changed since, it says so first: then a difference is no surprise.

  govsim reproduce results/mine                         a run, with all its tables
  govsim reproduce results/headline --run 3f2a90d1c5b7e846   one run of a study: outcomes, series and curves
  govsim reproduce results/headline jobs=2              all runs of a study: their outcomes
  govsim reproduce results/sweep                        all runs of a sweep (govsim run -m)

Run ids are in manifest.json, and in the column run_id of govsim.load_study(FOLDER).runs."""


# --- diff


def _diff(asked: argparse.Namespace) -> int:
    from govsim.study.diff import differences, settings_of

    found = differences(settings_of(asked.first), settings_of(asked.second))
    if not found:
        print("same")
        return 0
    rows = [(d.key, *_sides(d.first, d.second), "" if d.unit == "1" else d.unit) for d in found]
    show.table(("key", asked.first, asked.second, "unit"), rows)
    return 0


def _sides(first: Any, second: Any) -> tuple[str, str]:
    shown = _side(first), _side(second)
    return shown if shown[0] != shown[1] else (repr(first), repr(second))


def _side(value: Any) -> str:
    """A value, an instrument with its values, or that it is not there."""
    if value is None:
        return "not there"
    if isinstance(value, Mapping):
        return " ".join(f"{k}={_side(v)}" for k, v in value.items() if v != "") or "no instruments"
    return number(value) if isinstance(value, float) else cell(value)


def _diff_parser() -> Parser:
    parser = Parser("diff")
    parser.add_argument("first")
    parser.add_argument("second")
    return parser


def _diff_help() -> str:
    return """\
usage: govsim diff A B

Shows how two configurations differ, key by key. A and B are each one of
  results/mine                   the folder of a run
  results/headline:3f2a90d1      a run of a study, by its run id (or the beginning of it)
  mine.yaml, manifest.json       a whole configuration (govsim run --cfg job prints one), or a manifest
  chengdu_2019                   a policy, in the main job
  "policy=fund seed=2"           overrides of the main job, in one text

  govsim diff chengdu_2019 more_of_the_same
  govsim diff results/mine "policy=fund place=community\""""


REPRODUCE = Command(
    "run again what a folder holds, and say whether it comes out the same",
    _reproduce_parser(),
    _reproduce_help,
    _reproduce,
)
DIFF = Command("show how two configurations differ", _diff_parser(), _diff_help, _diff)
