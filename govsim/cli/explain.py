"""``govsim explain``: ask why, of one case, compound, community or resident."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govsim.cli import show
from govsim.cli.command import Command, Parser
from govsim.config.check import ConfigError

if TYPE_CHECKING:
    from govsim.explain import Probe, Story

__all__ = ["EXPLAIN"]

WHAT = ("case", "compound", "community", "resident")
PICTURES = (".png", ".svg", ".pdf")
_WIDTH = 100


def _explain(asked: argparse.Namespace) -> int:
    wanted = [name for name in WHAT if getattr(asked, name) is not None]
    if len(wanted) > 1:
        raise ConfigError(f"govsim explain: tells one story at a time, not --{' and --'.join(wanted)}")
    if asked.between and not wanted:
        raise ConfigError(f"--between: must name what to compare, by one of --{', --'.join(WHAT)}")
    if asked.world not in ("policy", "baseline"):
        raise ConfigError(f"--world={asked.world}: must be policy or baseline")
    which = _number(wanted[0], getattr(asked, wanted[0])) if wanted else 0
    picture = _picture(asked.picture, wanted)
    from govsim.explain import of_run, rerun

    worlds = of_run(asked.folder, asked.run, show.say)
    first, other = asked.world, "baseline" if asked.world == "policy" else "policy"
    with show.tasks("weeks") as progress:
        probes = rerun(worlds, (first, other) if asked.between else (first,), progress)
    if not wanted:
        _print_examples(probes[0], asked)
        return 0
    story: Any = _story(probes, wanted[0], which)
    _print(story)
    if picture:
        from govsim.plot import way

        way(story, world=first).figure.savefig(picture)  # pyright: ignore[reportAttributeAccessIssue]
    return 0


def _picture(given: str | None, wanted: Sequence[str]) -> Path | None:
    """Where the picture of a case goes, known to be good before the run is done again.

    Raises:
        ConfigError: no case is asked for, or no picture can be written there.
    """
    if given is None:
        return None
    file = Path(given)
    if list(wanted) != ["case"]:
        raise ConfigError(f"--picture={given}: a case has one; name it by --case")
    if file.suffix not in PICTURES:
        raise ConfigError(f"--picture={given}: must end in {', '.join(PICTURES[:-1])} or {PICTURES[-1]}")
    if not os.access(file.parent, os.W_OK) or not file.parent.is_dir() or file.is_dir():
        raise ConfigError(f"--picture={given}: cannot be written; is {file.parent} a folder of yours?")
    return file


def _story(probes: list[Probe], what: str, which: Any) -> Story:
    """The story asked for, in one world or between two.

    Raises:
        ConfigError: there is nothing of that number.
    """
    from govsim.explain import between

    places = probes[0].city.places
    known = {"compound": places.settlements, "community": places.communities, "resident": probes[0].city.residents}
    try:
        if what == "case":
            which = _identity(probes[0], which)
        elif which >= len(known[what]):
            raise KeyError(which)
        return between(*probes, **{what: which}) if len(probes) == 2 else getattr(probes[0], what)(which)
    except KeyError:
        ids = sorted(probes[0].cases()) if what == "case" else range(len(known[what]))
        raise ConfigError(
            f"--{what}={which}: no such {what} in this run: ids go from {ids[0]} to {ids[-1]}"
            + ("; govsim explain RUN names some" if what == "case" else "")
        ) from None


def _number(what: str, given: str) -> Any:
    """An identity as it was typed: a number, or for cases also ``sanitation/31/402/0``.

    Raises:
        ConfigError: it is neither.
    """
    if given.isdecimal():
        return int(given)
    if what == "case" and given.count("/") == 3:
        return given
    also = ", or kind/settlement/day/number as in sanitation/31/402/0" if what == "case" else ""
    raise ConfigError(f"--{what}={given}: must be a whole number{also}; govsim explain RUN names some")


def _identity(probe: Probe, given: Any) -> int:
    if isinstance(given, int):
        return given
    from govsim.cases import identity

    kind, *numbers = given.split("/")
    numbers[-1], _, relapse = numbers[-1].partition("+")
    names = probe.city.kinds.names
    if kind not in names or not all(number.isdecimal() for number in (*numbers, relapse or "0")):
        raise KeyError(given)
    settlement, day, number = map(int, numbers)
    return int(identity.py_func(settlement, names.index(kind), day, number)) + int(relapse or 0)


def _print(story: Story) -> None:
    """A story on paper of some width: dates in a column of their own."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    from govsim.language import date_in_words
    from govsim.language.cells import wrapped

    def fitted(words: str, cells: int) -> Text:
        return Text("\n".join(wrapped(words, cells)))

    paper = _paper().width
    parts: list[Any] = [Text(story.title(), style="bold")]
    dated, lines = True, story.lines()
    width = max((cell_len(date_in_words(line.date)) for line in lines if line.date), default=0)
    for i, line in enumerate(lines):
        if i == 0 or line.date is None or not dated:
            parts.append(Text())
        dated = line.date is not None
        if line.date is None:
            parts.append(fitted(line.text, paper))
            continue
        grid = Table.grid(padding=(0, 2))
        grid.add_column(min_width=width, no_wrap=True, style="cyan")
        grid.add_column(overflow="fold")
        grid.add_row(Text(date_in_words(line.date)), fitted(line.text, paper - width - 2))
        parts.append(grid)
    _put(parts)


def _print_examples(probe: Probe, asked: argparse.Namespace) -> None:
    from rich.table import Table
    from rich.text import Text

    from govsim.language import _

    command = " ".join(["govsim explain", asked.folder, *(["--run", asked.run] if asked.run else [])])
    grid = Table.grid(padding=(0, 2))
    for example in probe.examples():
        grid.add_row(Text(f"--{example.what} {example.id}", style="cyan"), Text(example.text()))
    first = _("Some to ask for, as in {command} --case ID:", command=command)
    last = _("--between tells what differs between the two worlds for any of them.")
    _put([Text(first, no_wrap=True, overflow="ignore"), grid, Text(last)])


def _put(parts: Sequence[Any]) -> None:
    """Print parts one under the other, without the blanks that fill their lines."""
    paper = _paper()
    with paper.capture() as printed:
        for part in parts:
            paper.print(part, crop=False)
    print("\n".join(line.rstrip() for line in printed.get().splitlines()))


def _paper() -> Any:
    from rich.console import Console

    console = Console(highlight=False)
    console.width = min(_WIDTH, console.width) if console.is_terminal else _WIDTH
    return console


def _parser() -> Parser:
    parser = Parser("explain")
    parser.add_argument("folder")
    for name in WHAT:
        parser.add_argument(f"--{name}")
    parser.add_argument("--between", action="store_true")
    parser.add_argument("--world", default="policy")
    parser.add_argument("--run")
    parser.add_argument("--picture")
    return parser


def _help() -> str:
    return """\
usage: govsim explain RUN [--case ID | --compound ID | --community ID | --resident ID] [--between] [--picture FILE]

Tells in plain words how it came about: a case's life from a resident's window to the committee and back, or what became
of a compound, a community, a resident. RUN is the folder of a run; it is run again from its manifest, with notes that
ordinary runs do not keep. Without an id it names a few instructive ones to ask for.

  --case ID         a number as it is listed, or kind/settlement/day/number
  --compound ID     row of a settlement, as in compounds.parquet
  --community ID    row of a community
  --resident ID     row of a resident
  --between         what differs for it between the policy's world and the baseline's
  --world baseline  tells of the baseline's world (else of the policy's)
  --picture FILE    draws the way of a case too: who had it when (.png, .svg or .pdf)
  --run ID          which run, where RUN is a study or a sweep

  govsim explain results/mine
  govsim explain results/mine --case 85906751488
  govsim explain results/mine --case 85906751488 --between --picture way.png
  govsim explain results/headline --run 3f2a90d1c5b7e846 --resident 504

One case or person is an illustration of how the model works, and not an effect. See docs/how-to/explain.md."""


EXPLAIN = Command("tell how it came about: a case, a compound, a community, a resident", _parser(), _help, _explain)
