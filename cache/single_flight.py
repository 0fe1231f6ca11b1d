"""Equal questions asked at the same time are asked once.

In: a key and how to begin. Out: the one result, to all who wait, and who began. Invariants: a
flight is a task of its own, not of the waiter that began it; each waiter leaves at its own
deadline or cancellation without hurting the others; the flight ends with its last waiter, never
with its first; a flight that was left by all is never joined again.

What does not belong here: how long a flight may take (its own business), and keeping results.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cache.errors import FlightEnded, WaitExpired

__all__ = ["Joined", "SingleFlight"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Joined(Generic[T]):
    """A flight's result for one waiter."""

    value: T
    led: bool  # did this waiter begin the flight?


@dataclass(slots=True, eq=False)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiters: set[asyncio.Future[T]] = field(default_factory=set)


class SingleFlight(Generic[T]):
    """Flights under way, by key; lives as long as the application."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[T]] = {}
        self._tasks: set[asyncio.Task[T]] = set()

    @property
    def under_way(self) -> int:
        """How many flights may be joined now."""
        return len(self._flights)

    async def join(
        self, key: Hashable, begin: Callable[[], Awaitable[T]], *, leave_at: float | None = None
    ) -> Joined[T]:
        """Wait for the flight of ``key``, beginning it if there is none.

        ``leave_at`` is of the running loop's clock. Raises ``WaitExpired`` then, ``FlightEnded``
        on shutdown, and whatever ``begin()`` raises.
        """
        flight = self._flights.get(key)
        led = flight is None
        if flight is None:
            flight = self._begin(key, begin)
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        flight.waiters.add(waiter)
        timer = None if leave_at is None else loop.call_at(leave_at, _expire, waiter)
        try:
            return Joined(await waiter, led)
        finally:
            if timer is not None:
                timer.cancel()
            self._leave(key, flight, waiter)

    async def aclose(self) -> None:
        """End all flights; idempotent."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, key: Hashable, begin: Callable[[], Awaitable[T]]) -> _Flight[T]:
        async def fly() -> T:
            return await begin()

        flight = _Flight(asyncio.get_running_loop().create_task(fly()))
        self._flights[key] = flight
        self._tasks.add(flight.task)
        flight.task.add_done_callback(lambda task: self._land(key, flight, task))
        return flight

    def _land(self, key: Hashable, flight: _Flight[T], task: asyncio.Task[T]) -> None:
        self._tasks.discard(task)
        self._forget(key, flight)
        error = None if task.cancelled() else task.exception()
        for waiter in flight.waiters:
            if waiter.done():
                continue
            if task.cancelled():
                waiter.set_exception(FlightEnded("the call was ended by a shutdown"))
            elif error is not None:
                waiter.set_exception(error)
            else:
                waiter.set_result(task.result())

    def _leave(self, key: Hashable, flight: _Flight[T], waiter: asyncio.Future[T]) -> None:
        flight.waiters.discard(waiter)
        if waiter.done() and not waiter.cancelled():
            waiter.exception()  # a cancelled waiter may leave an error behind that nobody reads
        if not flight.waiters and not flight.task.done():
            self._forget(key, flight)
            flight.task.cancel()

    def _forget(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]


def _expire(waiter: asyncio.Future[T]) -> None:
    if not waiter.done():
        waiter.set_exception(WaitExpired("the waiter's deadline passed"))
