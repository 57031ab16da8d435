"""The command line: ``govsim run | study | compare | …``.

A command is a function from its arguments to an exit code, and one line of :data:`COMMANDS`. What is slow to
import (the model, its compiled kernels, pictures) is imported inside a command, after its input is checked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from govsim.cli import calibrate, check, explain, names, new_policy, provenance, run, study, watch
from govsim.cli.command import Command, joined
from govsim.config.check import ConfigError, nearest
from govsim.language import LANGUAGES, in_language

__all__ = ["COMMANDS", "main"]

BAD_INPUT, INTERRUPTED = 2, 130
LANGUAGE = "language="
"""The argument of every command that says in which language its results are told."""

COMMANDS: dict[str, Command] = {
    "run": run.RUN,
    "watch": watch.WATCH,
    "study": study.STUDY,
    "compare": study.COMPARE,
    "explain": explain.EXPLAIN,
    "check": check.CHECK,
    "calibrate": calibrate.CALIBRATE,
    "reproduce": provenance.REPRODUCE,
    "diff": provenance.DIFF,
    "list": names.LIST,
    "params": names.PARAMS,
    "new-policy": new_policy.NEW_POLICY,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 1 if runs failed, 2 after bad input, 130 when interrupted."""
    name, *arguments = (sys.argv[1:] if argv is None else list(argv)) or ["--help"]
    try:
        code = _do(name, arguments)
        sys.stdout.flush()
        return code
    except ConfigError as error:
        print(f"govsim: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("govsim: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _do(name: str, arguments: list[str]) -> int:
    if name in ("-h", "--help"):
        print(_help())
        return 0
    if name == "--version":
        from govsim.version import __version__

        print(f"govsim {__version__}")
        return 0
    if name not in COMMANDS:
        near = nearest(name, COMMANDS)
        raise ConfigError(f"{name}: no such command; must be one of {', '.join(COMMANDS)}{near}")
    command = COMMANDS[name]
    if {"-h", "--help"} & set(arguments):
        print(command.help())
        return 0
    arguments, language = _language(arguments)
    _check_belonging(command, arguments)
    with in_language(language):
        return command.run(command.parser.parse_intermixed_args(arguments))


def _language(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The arguments without the language, and its code. It belongs to no run: the same run is told in any language."""
    asked = [argument.removeprefix(LANGUAGE) for argument in arguments if argument.startswith(LANGUAGE)]
    rest = [argument for argument in arguments if not argument.startswith(LANGUAGE)]
    code = asked[-1] if asked else next(iter(LANGUAGES))
    if code not in LANGUAGES:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise ConfigError(f"{LANGUAGE}{code}: no such language; must be one of {known}")
    return rest, code


def _check_belonging(command: Command, arguments: list[str]) -> None:
    """Refuse what another command knows and this one does not."""
    for argument in arguments:
        setting = argument.partition("=")[0].removeprefix("--")
        if argument.startswith("--") and setting in command.parser.settings():
            raise ConfigError(f"{argument}: is no flag; it is written {setting}=")
        owners = [name for name, other in COMMANDS.items() if other.parser.knows(argument)]
        if owners and not command.parser.knows(argument):
            commands = joined([f"govsim {name}" for name in owners], "or")
            raise ConfigError(f"{argument}: belongs to {commands}, not to {command.parser.prog}")


def _help() -> str:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items())
    return f"""\
Simulates multi-level urban governance: the same city under two ways of governing it.

usage: govsim COMMAND [...]

{commands}

govsim COMMAND --help says more; govsim --version names the version. With language=zh tables, reports and figures are
in Chinese; languages are {", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())}."""
