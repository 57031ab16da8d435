"""What a process is: one mechanism of the week, which declares what it reads and what it writes.

Declarations are ``table.column`` names. They are not only documentation: a test runs the week and checks
that each process changes nothing but what it declares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from govsim.jit import in_blocks

if TYPE_CHECKING:
    from govsim.city import City

__all__ = ["Process"]


class Process:
    """One mechanism of the week."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, city: City) -> None:
        self.city = city

    def in_districts(self, work: Callable[[np.ndarray, np.ndarray], Any]) -> list[Any]:
        """``work(districts, tally)`` for all districts, in threads; what it returns.

        No case leaves its district on a working day, so ``work`` may write what belongs to its districts. It adds whole
        numbers to a tally of its own, whose sum is the same in any order. Hand-offs have an order: where they are
        noted, there is one thread.
        """
        city = self.city

        def counted(part: np.ndarray) -> tuple[np.ndarray, Any]:
            tally = np.zeros_like(city.tally)
            return tally, work(part, tally)

        threads = 1 if city.handoffs.keep else city.threads
        done = in_blocks(threads, np.arange(len(city.places.districts)), counted)
        for tally, _ in done:
            city.tally += tally
        return [result for _, result in done]
