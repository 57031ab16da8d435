"""``govsim watch``: two worlds side by side in the browser."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from govsim.cli import show
from govsim.cli.command import Command, Parser
from govsim.config.check import ConfigError

if TYPE_CHECKING:
    from govsim.app.opening import Opening
    from govsim.config.schema import Config

__all__ = ["WATCH"]

_PORT = 8765
_SETTINGS = ("port", "open")


def _watch(asked: argparse.Namespace) -> int:
    if find_spec("solara") is None:
        raise ConfigError("watch: needs the extra app; pip install 'govsim[app]'")
    opening, port, opens = _read(asked.overrides)
    from govsim.app.serve import free_port, server

    with free_port(port) as listening:
        _prepare(opening)

        def ready(address: str) -> None:
            show.say(f"open {address} (Ctrl-C ends it)")
            if opens:
                import webbrowser

                webbrowser.open(address)

        with suppress(KeyboardInterrupt):  # which is how it ends
            server(listening, opening, ready).run(sockets=[listening])
    return 0


def _read(arguments: list[str]) -> tuple[Opening, int, bool]:
    """What was asked for: how pages open, the port, and whether a browser is opened."""
    from govsim.app.opening import Opening
    from govsim.app.twins import CHOICES, composed
    from govsim.config.overrides import by_key

    found = by_key(arguments)
    settings = {key: found.pop(key)[0].partition("=")[2] for key in _SETTINGS if key in found}
    port = settings.get("port", str(_PORT))
    if not (port.isdecimal() and int(port) < 65_536):
        raise ConfigError(f"port={port}: must be a whole number from 0 to 65,535")
    opens = settings.get("open", "true")
    if opens not in ("true", "false"):
        raise ConfigError(f"open={opens}: must be true or false")
    choices: dict[str, Any] = {n: found.pop(key)[0].partition("=")[2] for n, key in CHOICES.items() if key in found}
    overrides = tuple(text for text, _ in found.values())
    config = composed(overrides, **choices).config
    if "seed" in choices:
        choices["seed"] = config.seed
    _check_memory(config)
    return Opening(choices, overrides), int(port), opens == "true"


def _check_memory(config: Config) -> None:
    """Refuse a place that would not fit twice."""
    from govsim.study import memory

    need, room = 2.0 * memory.needed(replace(config, baseline=None)), memory.free()
    if room is not None and need > room:
        raise ConfigError(
            f"place.residents={config.place.residents:,}: two worlds need about {memory.size(need)} of memory, and "
            f"{memory.size(room)} are free; take fewer residents"
        )


def _prepare(opening: Opening) -> None:
    """Compile the kernels and compute the first warm-up, so that the page opens at once."""
    from govsim.app.twins import Twins

    show.say("warms the place up")
    Twins(overrides=opening.overrides, **opening.choices).step()


def _parser() -> Parser:
    parser = Parser("watch", lambda: _SETTINGS)
    parser.add_argument("overrides", nargs="*")
    return parser


def _help() -> str:
    return f"""\
usage: govsim watch [override ...] [port={_PORT}] [open=true]

Opens a page in the browser, on this machine alone: the same place under two policies and the same luck, played week
by week. Overrides are those of govsim run; what they choose can be changed on the page.

  govsim watch                                the reform against the arrangements before it, on a street
  govsim watch place=community policy=fragmented port=0 open=false
  govsim watch policy=[fund,committee] policy.fund.yuan=700000 behaviour=anchoring

port=0 takes any free port; open=false opens no browser."""


WATCH = Command(
    "watch two worlds side by side in the browser, and change the policy while they play", _parser(), _help, _watch
)
