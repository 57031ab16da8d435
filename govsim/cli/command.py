"""What a command is, and how its arguments are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, NoReturn

from govsim.config.check import ConfigError

__all__ = ["FAILED", "Command", "Parser", "joined"]

FAILED = 1
"""Exit code where runs failed, or do not come out as they did before."""


class Parser(argparse.ArgumentParser):
    """A parser of arguments that says in one line what is wrong.

    Attributes:
        settings: keys of ``key=value`` arguments that this command has of its own; asked for when they are needed.
    """

    def __init__(self, command: str, settings: Callable[[], Iterable[str]] = tuple) -> None:
        super().__init__(prog=f"govsim {command}", add_help=False, allow_abbrev=False)
        self.settings = settings

    def knows(self, argument: str) -> bool:
        """Whether an argument is a flag or a setting of this command."""
        word = argument.partition("=")[0]
        if word.startswith("-"):
            return any(word in action.option_strings for action in self._actions)
        return word in self.settings() if "=" in argument else False

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise ConfigError(f"{message}; see {self.prog} --help")


class Command(NamedTuple):
    """A command.

    Attributes:
        summary: what it does, in one line.
        parser: its arguments.
        help: what ``--help`` prints.
        run: what it does, from its arguments to an exit code.
    """

    summary: str
    parser: Parser
    help: Callable[[], str]
    run: Callable[[argparse.Namespace], int]


def joined(names: Sequence[str], word: str = "and") -> str:
    """Names as people list them: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
