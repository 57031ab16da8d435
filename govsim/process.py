"""What a process is: one mechanism of the week, which declares what it reads and what it writes.

Declarations are ``table.column`` names. They are not only documentation: a test runs the week and checks
that each process changes nothing but what it declares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from govsim.city import City

__all__ = ["Process"]


class Process:
    """One mechanism of the week."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, city: City) -> None:
        self.city = city
