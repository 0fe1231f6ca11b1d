"""At most so many attempts at one source at the same time; the rest wait in line.

In: a priority and the seconds left. Out: a place, which must be given back. The counter goes
before the citizen, the citizen before the report; equals in order of arrival. The line is bounded,
and everyone in it leaves at its deadline.
"""

from __future__ import annotations

import asyncio
import heapq
from itertools import count
from typing import NamedTuple

from adapters.contract import Priority
from adapters.errors import SourceTimeout
from adapters.resilience.refusal import CallRefused

__all__ = ["Bulkhead"]


class _Waiter(NamedTuple):
    priority: int
    number: int  # of arrival: decides between equals, and keeps futures from being compared
    place: asyncio.Future[None]


class Bulkhead:
    """The places at one source."""

    def __init__(self, source: str, parallel: int, queue: int) -> None:
        self._source = source
        self._free = parallel
        self.parallel = parallel  # the cap
        self._queue = queue
        self._line: list[_Waiter] = []
        self._waiting = dict.fromkeys(Priority, 0)
        self._arrivals = count()

    @property
    def busy(self) -> int:
        """How many places are taken."""
        return self.parallel - self._free

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return sum(self._waiting.values())

    def waiting_of(self, priority: Priority) -> int:
        """How many of this class wait for a place."""
        return self._waiting[priority]

    def try_enter(self) -> bool:
        """Take a place if one is free now; tell whether it was."""
        if self._free <= 0:
            return False
        self._free -= 1
        return True

    async def enter(self, priority: Priority, seconds: float) -> None:
        """Take a place; raises ``CallRefused`` or ``SourceTimeout`` if there is none.

        Whoever entered must ``leave``. Two calls and no context manager: that is on every call's
        way and would cost three microseconds.
        """
        if not self.try_enter():
            await self._wait(priority, seconds)

    def resize(self, parallel: int) -> None:
        """Change the cap; who is in stays, and nobody enters until there is room again."""
        grown, self.parallel = parallel - self.parallel, parallel
        self._free += min(grown, 0)
        for _ in range(grown):
            self.leave()

    def leave(self) -> None:
        """Give the place to the next in line, or back."""
        while self._line and self._free >= 0:
            place = heapq.heappop(self._line).place
            if not place.done():
                place.set_result(None)  # the place passes on: it never becomes free in between
                return
        self._free += 1

    async def _wait(self, priority: Priority, seconds: float) -> None:
        if self.waiting >= self._queue:
            raise CallRefused(f'too many calls wait for source "{self._source}"')
        loop = asyncio.get_running_loop()
        place = loop.create_future()
        heapq.heappush(self._line, _Waiter(priority, next(self._arrivals), place))
        timer = loop.call_later(seconds, self._expire, place)
        self._waiting[priority] += 1
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self.leave()
            raise
        finally:
            self._waiting[priority] -= 1
            timer.cancel()

    def _expire(self, place: asyncio.Future[None]) -> None:
        if not place.done():
            place.set_exception(SourceTimeout(f'no place at source "{self._source}" came free'))
