"""The server of the page: on this machine alone, from files on this machine alone."""

from __future__ import annotations

import os
import socket
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from govsim.app.opening import Opening, set_opening
from govsim.config.check import ConfigError
from govsim.source import cache_folder

if TYPE_CHECKING:
    import uvicorn

__all__ = ["HOST", "free_port", "server"]

HOST = "127.0.0.1"

_CULL = "10s"
"""How long a page may be out of reach, as on a reload, before its model ends. A tab that is closed ends it at once."""


def free_port(port: int) -> socket.socket:
    """A socket that listens on a port; 0 takes one that is free.

    Raises:
        ConfigError: another program has it, or this one may not.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # or a port that a server has just left stays closed for a minute
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise ConfigError(f"port={port}: cannot be used ({error.strerror}); choose another, or 0 for any") from None
    return listening


def server(listening: socket.socket, opening: Opening, ready: Callable[[str], None]) -> uvicorn.Server:
    """A server of the page; its ``run(sockets=[listening])`` serves until it is interrupted, or told ``should_exit``.

    Args:
        listening: of :func:`free_port`.
        opening: how each visit opens.
        ready: told the page's address once it can be opened.
    """
    import uvicorn

    set_opening(opening)
    address = f"http://{HOST}:{listening.getsockname()[1]}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready(address)

    return Server(uvicorn.Config(_solara(address), log_level="error", access_log=False, timeout_graceful_shutdown=1))


def _solara(address: str) -> Any:
    """Solara's web application, set to this page. It calls nobody: what its own files lack it may ask only here."""
    os.environ.setdefault("SOLARA_HOME", str(cache_folder() / "solara"))
    os.environ.setdefault("SOLARA_KERNEL_CULL_TIMEOUT", _CULL)
    os.environ |= {
        "SOLARA_APP": "govsim.app.page",
        "SOLARA_MODE": "production",
        "SOLARA_THEME_TITLE": "govsim",
        "SOLARA_THEME_SHOW_BANNER": "false",
        "SOLARA_ASSETS_CDN": f"{address}/none/",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    }
    warnings.filterwarnings("ignore", "Cookies with samesite", UserWarning)  # which is what a local page has
    from solara.server.starlette import app

    return app
