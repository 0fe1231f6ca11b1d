"""How many requests are in flight, and whether to take another.

In: each request's begin and end. Out: yes or no, and whether readiness should be off: a balancer
that sees it sends new clients elsewhere while this process works off what it has.
"""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Load"]


class Load:
    """The gauge of one process; one event loop, so nothing is locked."""

    def __init__(
        self, limit: int, *, shedding_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self._shedding_seconds = shedding_seconds
        self._clock = clock
        self._shed_until = 0.0
        # Whoever takes a request counts it in and out: two calls on every request's way are saved.
        self.in_flight = 0

    def note_refusal(self) -> None:
        """Note that a request was refused because ``limit`` of them are in flight."""
        self._shed_until = self._clock() + self._shedding_seconds

    @property
    def is_shedding(self) -> bool:
        """Whether a request was refused just now."""
        return self._shed_until > 0.0 and self._clock() < self._shed_until
