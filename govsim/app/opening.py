"""How each visit opens: what ``govsim watch`` was asked for. Set once, before the server starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Opening", "opening", "set_opening"]


@dataclass(frozen=True)
class Opening:
    """What a page starts from.

    Attributes:
        choices: what a visitor may choose anew, by key of :data:`~govsim.app.twins.CHOICES`.
        overrides: what else was asked for.
    """

    choices: dict[str, Any] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()


_now = Opening()


def opening() -> Opening:
    """How visits open."""
    return _now


def set_opening(new: Opening) -> None:
    """From now on visits open like this."""
    global _now
    _now = new
