"""Equal questions asked at the same time are asked once.

In: a key and how to begin. Out: the one result, to all who wait, and who began. Invariants: a
flight is a task of its own, not of the waiter that began it; each waiter leaves at its own
deadline or cancellation without hurting the others; the flight ends with its last waiter, never
with its first; a flight that was left by all is never joined again.

``join`` is what callers use. Who waits on a future already, and only now finds that others want the
same, takes a ``seat`` with that future instead.

What does not belong here: how long a flight may take (its own business), and keeping results.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from cache.errors import FlightEnded, WaitExpired

__all__ = ["Joined", "Seat", "SingleFlight"]

T = TypeVar("T")


class Joined(NamedTuple, Generic[T]):
    """A flight's result for one waiter."""

    value: T
    led: bool  # did this waiter begin the flight?


@dataclass(slots=True, eq=False)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiters: set[asyncio.Future[T]] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Seat(Generic[T]):
    """One waiter's place in a flight; whoever has it must ``leave`` it."""

    key: Hashable
    flight: _Flight[T]
    waiter: asyncio.Future[T]  # gets the flight's outcome
    timer: asyncio.TimerHandle | None


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
        led = key not in self._flights
        waiter: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        seat = self.seat(key, begin, waiter, leave_at=leave_at)
        try:
            return Joined(await waiter, led)
        finally:
            self.leave(seat)

    def seat(
        self,
        key: Hashable,
        begin: Callable[[], Awaitable[T]],
        waiter: asyncio.Future[T],
        *,
        leave_at: float | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> Seat[T]:
        """Let ``waiter`` wait for the flight of ``key``, beginning it if there is none.

        ``on_end`` is called when the flight has ended, even if it was left by all before
        ``begin`` could run.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._begin(key, begin)
        if on_end is not None:
            flight.task.add_done_callback(lambda _: on_end())
        flight.waiters.add(waiter)
        timer = None
        if leave_at is not None:
            timer = asyncio.get_running_loop().call_at(leave_at, _expire, waiter)
        return Seat(key, flight, waiter, timer)

    def leave(self, seat: Seat[T]) -> None:
        """Leave a flight, which ends if this was its last waiter."""
        flight, waiter = seat.flight, seat.waiter
        if seat.timer is not None:
            seat.timer.cancel()
        flight.waiters.discard(waiter)
        if waiter.done() and not waiter.cancelled():
            waiter.exception()  # a cancelled waiter may leave an error behind that nobody reads
        if not flight.waiters and not flight.task.done():
            self._forget(seat.key, flight)
            flight.task.cancel()

    def is_under_way(self, key: Hashable) -> bool:
        """Tell whether there is a flight of ``key`` to join."""
        return key in self._flights

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

    def _forget(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]


def _expire(waiter: asyncio.Future[T]) -> None:
    if not waiter.done():
        waiter.set_exception(WaitExpired("the waiter's deadline passed"))
