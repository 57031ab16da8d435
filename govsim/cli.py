"""The command line: ``govsim run | list | params``.

A command is a function from its arguments to an exit code, and one line of :data:`COMMANDS`. What is slow to
import (the model, its compiled kernels, pictures) is imported inside a command, after its input is checked.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from govsim.config.check import ConfigError, check_out, nearest, number, walk
from govsim.policies import INSTRUMENTS

if TYPE_CHECKING:
    from govsim.config.compose import Composed
    from govsim.config.parameters import Parameter

__all__ = ["COMMANDS", "Command", "main", "sweep_job"]

BAD_INPUT, INTERRUPTED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 2 after bad input, 130 when interrupted."""
    name, *arguments = (sys.argv[1:] if argv is None else list(argv)) or ["--help"]
    try:
        if name in ("-h", "--help"):
            print(_help())
        elif name == "--version":
            from govsim.version import __version__

            print(f"govsim {__version__}")
        elif name in COMMANDS:
            COMMANDS[name].run(arguments)
        else:
            near = nearest(name, COMMANDS)
            raise ConfigError(f"{name}: no such command; must be one of {', '.join(COMMANDS)}{near}")
        sys.stdout.flush()
    except ConfigError as error:
        print(f"govsim: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("govsim: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class Command(NamedTuple):
    """A command: what it does, in one line, and the function that does it."""

    summary: str
    run: Callable[[list[str]], None]


class _Parser(argparse.ArgumentParser):
    """A parser of arguments that says in one line what is wrong."""

    def __init__(self, command: str) -> None:
        super().__init__(prog=f"govsim {command}", add_help=False, allow_abbrev=False)
        self.add_argument("-h", "--help", action="store_true")

    def error(self, message: str) -> NoReturn:
        raise ConfigError(f"{message}; see {self.prog} --help")


# --- run


def run(arguments: list[str]) -> None:
    """``govsim run``: the main job, or a sweep of it."""
    parser = _Parser("run")
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("-m", "--multirun", action="store_true")
    parser.add_argument("--cfg", choices=["job"])
    asked = parser.parse_intermixed_args(arguments)
    if asked.help:
        print(_run_help())
    elif asked.multirun and asked.cfg:
        raise ConfigError("--cfg: shows one run, not a sweep (-m)")
    elif asked.multirun:
        _sweep(asked.overrides)
    else:
        from govsim.config.compose import compose

        composed = compose(asked.overrides)
        if asked.cfg:
            print(_yaml(composed), end="")
        else:
            out = Path(composed.config.out) if composed.config.out else _fresh(composed.choices["policy"])
            check_out(out)
            _run(composed, out)


def _run(composed: Composed, out: Path) -> None:
    from govsim.study.run import run_worlds

    with _progress() as progress:
        result = run_worlds(composed, progress)
    result.write(out)
    print(result.text())
    print(f"govsim: written to {out}", file=sys.stderr)


def _sweep(overrides: list[str]) -> None:
    """One run for each combination of values, by Hydra's own sweeper and launcher."""
    from hydra import version
    from hydra._internal.hydra import Hydra
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException

    from govsim.config.compose import compose
    from govsim.config.overrides import expand, normalise, overrides_from_kwargs, search_path

    lines = normalise(overrides, sweep=True)
    first, *others = expand(lines)
    outs, seen = {compose(first).config.out}, set(first)
    for job in others:  # check each value once; a run checks its own combination
        if not seen.issuperset(job):
            seen.update(job)
            outs.add(compose(job).config.out)
    if len(outs) > 1:
        raise ConfigError("out: must be one folder for a whole sweep; each run gets a numbered one below it")
    out = Path(outs.pop() or _fresh("sweep"))
    check_out(out)

    quiet = ["hydra.output_subdir=null", "hydra/job_logging=none", "hydra/hydra_logging=none"]
    where = overrides_from_kwargs(**{"hydra.sweep.dir": out})
    version.setbase("1.3")
    hydra = Hydra.create_main_hydra2("govsim", search_path())
    try:
        task = [line for line in lines if not line.startswith("out=")]
        hydra.multirun("config", sweep_job, [*quiet, *where, *task], with_log_configuration=False)
    except HydraException as error:
        raise ConfigError(str(error).partition("\n")[0]) from None
    finally:
        GlobalHydra.instance().clear()


def sweep_job(_: Any) -> None:
    """One run of a sweep; a module's function, so that launchers can send it to other processes."""
    from hydra.core.hydra_config import HydraConfig

    from govsim.config.compose import compose
    from govsim.config.overrides import overrides_from_kwargs

    job = HydraConfig.get()
    out = Path(job.runtime.output_dir)
    print(f"# {job.job.num}: {' '.join(job.overrides.task)}", flush=True)
    _run(compose([*job.overrides.task, *overrides_from_kwargs(out=out)]), out)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar for each world on a terminal, as a function of world, weeks done and weeks in all; else None."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(world: str, done: int, total: int) -> None:
            if world not in tasks:
                tasks[world] = bars.add_task(world, total=total)
            bars.update(tasks[world], completed=done)

        yield show


def _fresh(label: str) -> Path:
    """A folder under results/ that does not exist yet."""
    name = f"{datetime.now():%Y%m%d-%H%M%S}-{re.sub(r'[^\w+.-]+', '-', label)}"
    names = (f"{name}-{n}" if n else name for n in range(1_000))
    return next(path for path in map(Path("results").joinpath, names) if not path.exists())


def _yaml(composed: Composed) -> str:
    import yaml

    from govsim.config.compose import resolved

    return yaml.safe_dump(resolved(composed.config), sort_keys=False, allow_unicode=True)


# --- list and params


def list_names(arguments: list[str]) -> None:
    """``govsim list``: the names that a config may use."""
    parser = _Parser("list")
    parser.add_argument("what", nargs="*")
    asked = parser.parse_intermixed_args(arguments)
    if asked.help:
        print(f"govsim list [{'|'.join(TOPICS)}]\n\n{COMMANDS['list'].summary}")
        return
    for what in asked.what:
        if what not in TOPICS:
            near = nearest(what, TOPICS)
            raise ConfigError(f"{what}: nothing to list; must be one of {', '.join(TOPICS)}{near}")
    for i, what in enumerate(asked.what or TOPICS):
        if len(asked.what) != 1:
            print(f"{'\n' if i else ''}{what}")
        _table(*TOPICS[what]())


def params(arguments: list[str]) -> None:
    """``govsim params``: every parameter with its value, unit, range, grade, source and meaning."""
    parser = _Parser("params")
    parser.add_argument("patterns", nargs="*")
    asked = parser.parse_intermixed_args(arguments)
    if asked.help:
        print(f"govsim params [pattern ...]\n\n{COMMANDS['params'].summary}\n\n{_PATTERNS}")
        return
    from govsim.config.compose import compose

    config = compose().config
    every = {name: config.policy.get(name) or instrument() for name, instrument in INSTRUMENTS.items()}
    leaves = list(walk(replace(config, policy=every, baseline=None)))
    found = [leaf for leaf in leaves if all(_matches(leaf.key, p) for p in asked.patterns)]
    if not found:
        near = nearest(asked.patterns[-1], (leaf.key for leaf in leaves))
        raise ConfigError(f"{' '.join(asked.patterns)}: no parameter has such a key{near}")
    rows = []
    for leaf in found:
        f = leaf.facts
        span = f"{number(f.low)} to {number(f.high)}" if f and f.low is not None and f.high is not None else ""
        span = "|".join(f.choices) if f and f.choices else span
        about = (f.unit, span, f.grade, f.source, f.meaning) if f else ("", "", "", "", "")
        rows.append((leaf.key, _value(leaf.value), *about))
    _table(("key", "value", "unit", "range", "grade", "source", "meaning"), rows)


_PATTERNS = """\
A pattern is a part of a key (params trust) or has wildcards (params 'policy.*.start'); all must fit.
Values are those of the main job.
Grades: A the article, B a study, C an official or press figure, D an assumption."""


def _matches(key: str, pattern: str) -> bool:
    return fnmatch.fnmatch(key, pattern) if re.search(r"[*?[]", pattern) else pattern in key


def _span(facts: Parameter) -> str:
    if facts.choices:
        return "|".join(facts.choices)
    return "" if facts.low is None or facts.high is None else f"{number(facts.low)} to {number(facts.high)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(value)}]"
    return number(value) if isinstance(value, int | float) else str(value)


Rows = tuple[tuple[str, ...], Iterable[Sequence[str]]]


def _options(group: str) -> Callable[[], Rows]:
    def rows() -> Rows:
        from govsim.config.overrides import options

        return ("name", "meaning"), options(group).items()

    return rows


def _instruments() -> Rows:
    rows = []
    for name, instrument in INSTRUMENTS.items():
        facts = {leaf.key: leaf.facts for leaf in walk(instrument())}.get(instrument.dose or "")
        dose = f"{instrument.dose}, {_span(facts)}" if facts else "not scalable"
        rows.append((name, instrument.tier, dose, instrument.check, _first_line(instrument.__doc__)))
    return ("name", "tier", "dose", "moves", "meaning"), rows


def _kinds() -> Rows:
    from govsim.config.compose import compose

    kinds = compose().config.kinds.items()
    return ("name", "cases per 1,000 and week", "departments"), [
        (name, number(kind.rate), ", ".join(kind.departments)) for name, kind in kinds
    ]


def _departments() -> Rows:
    from govsim.config.compose import compose

    departments = compose().config.departments.items()
    return ("name", "branch hours per 1,000 and week"), [(name, number(d.hours)) for name, d in departments]


def _rules() -> Rows:
    from govsim.rules import RULES

    return ("name", "unit", "cap", "meaning"), [(n, r.unit, number(r.cap), r.meaning) for n, r in RULES.items()]


def _outcomes() -> Rows:
    from govsim.measures.outcomes import OUTCOMES

    return ("name", "unit", "group", "meaning"), [(n, o.unit, o.group, o.meaning) for n, o in OUTCOMES.items()]


TOPICS: dict[str, Callable[[], Rows]] = {
    "places": _options("place"),
    "policies": _options("policy"),
    "behaviours": _options("behaviour"),
    "instruments": _instruments,
    "kinds": _kinds,
    "departments": _departments,
    "rules": _rules,
    "outcomes": _outcomes,
}


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table: drawn on a terminal, aligned text elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(*columns)
        for row in rows:
            table.add_row(*map(Text, row))
        Console().print(table)
        return
    lines = [columns, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


# --- help


def _help() -> str:
    commands = "\n".join(f"  {name:<8}{command.summary}" for name, command in COMMANDS.items())
    return f"""\
Simulates multi-level urban governance: the same city under two ways of governing it.

usage: govsim COMMAND [...]

{commands}

govsim COMMAND --help says more; govsim --version names the version."""


def _run_help() -> str:
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
  govsim run background=fixed record.cases=true out=results/mine

Policies of your own are YAML files in ./configs/policy, as those that come with govsim."""


COMMANDS: dict[str, Command] = {
    "run": Command("run the main job: a policy and a baseline from the same start and luck", run),
    "list": Command(f"list names: {', '.join(TOPICS)}", list_names),
    "params": Command("show parameters with value, unit, range, grade, source and meaning", params),
}


if __name__ == "__main__":
    sys.exit(main())
