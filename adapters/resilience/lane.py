"""The direct lane: an attempt that nothing stands in the way of is made without a task of its own.

In: an errand. Out: the future of an attempt that was begun or joined, or None: the errand then
takes the way through the layers. The lane is open while the breaker is closed, a place is free and
no quota is counted. It keeps the books of every layer all the same.

Whoever leads an attempt in the lane waits on its future alone. If another comes who asks the same,
the attempt becomes a flight there and then: its answer goes to a task, and leader and follower
wait for that. So the flight ends with its last waiter here too, never with its first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

import msgspec

from adapters.contract import Attempt, CallContext
from adapters.resilience.breaker import Breaker
from adapters.resilience.bulkhead import Bulkhead
from adapters.resilience.flight import Flights
from adapters.resilience.retry import RetryBudget
from cache.errors import FlightEnded
from cache.single_flight import Seat

__all__ = ["Errand", "Lane"]


class Errand(msgspec.Struct):
    """One call to a source, on its way through the layers. Built per call, so a struct."""

    make: Callable[[float | None], Awaitable[Any]]
    call: CallContext
    read: bool
    units: int
    started: float  # of the guard's clock
    attempt: Attempt[Any] | None = None  # None: it can only be made, not begun
    led: bool = False  # its own flight, or none at all
    calls: int = 0  # attempts that reached the wire
    answer: asyncio.Future[Any] | None = None  # begun in the lane; a place is held until it is None
    generation: int = 0  # the breaker's, when it was begun
    seat: Seat[Any] | None = None  # in the flight that it follows, or that it has become
    failed: Exception | None = None  # how the attempt begun in the lane ended


class Lane:
    """The direct lane of one source."""

    def __init__(
        self,
        breaker: Breaker,
        bulkhead: Bulkhead,
        retry: RetryBudget,
        flights: Flights,
        *,
        timeout_seconds: float,
    ) -> None:
        self.calls = self.units = 0  # begun and paid here since the start
        self._breaker = breaker
        self._bulkhead = bulkhead
        self._retry = retry
        self._flights = flights
        self._seconds = timeout_seconds
        self._closed = False
        self._leading: dict[Hashable, Errand] = {}

    @property
    def under_way(self) -> int:
        """How many attempts may become flights now."""
        return len(self._leading)

    def enter(
        self, errand: Errand, key: Hashable | None, resume: Callable[[Errand], Awaitable[Any]]
    ) -> asyncio.Future[Any] | None:
        """Begin the attempt if nothing stands in the way, or follow who asks the same.

        If another leads an attempt for the same ``key``, that becomes a flight; ``resume`` then
        finishes it.
        """
        if key is not None:
            leader = self._leading.get(key)
            if leader is not None:
                self._promote(leader, key, resume)
            if self._flights.has(key):
                return self._follow(errand, key)
        return self._begin(errand, key)

    def succeed(self, errand: Errand, key: Hashable | None, now: float) -> None:
        """Note in every layer's books that the answer came."""
        if errand.seat is not None:
            self._flights.leave(errand.seat)  # the flight kept the books
            return
        self.stop_leading(errand, key)
        errand.answer = None
        self._bulkhead.leave()
        self._breaker.note_success(errand.generation, now)
        self._retry.earn()

    def quit(self, errand: Errand, key: Hashable | None) -> None:
        """Let the leader go: the attempt ends unless others wait for it."""
        if errand.seat is not None:
            self._flights.leave(errand.seat)
        else:
            self.stop_leading(errand, key)
            self.release(errand)

    def stop_leading(self, errand: Errand, key: Hashable | None) -> None:
        """Make no flight of the leader's attempt any more: it has ended."""
        # Another may lead already, who came between the answer and the leader's running again.
        if key is not None and (leader := self._leading.pop(key, errand)) is not errand:
            self._leading[key] = leader

    def release(self, errand: Errand) -> None:
        """Give the attempt's place back and cut what is still under way; idempotent."""
        answer, errand.answer = errand.answer, None
        if answer is None or errand.attempt is None:
            return
        if answer.done() and not answer.cancelled():
            answer.exception()  # nobody else may ever look at it
        errand.attempt.abandon()
        self._bulkhead.leave()

    def close(self) -> None:
        """End every attempt that may be shared, as flights are ended, and begin no other."""
        self._closed = True
        for errand in self._leading.values():
            if errand.answer is not None and not errand.answer.done():
                errand.answer.set_exception(FlightEnded("the call was ended by a shutdown"))

    def _follow(self, errand: Errand, key: Hashable) -> asyncio.Future[Any] | None:
        deadline = errand.call.deadline
        if deadline is not None and deadline <= errand.started:
            return None
        errand.seat = self._flights.follow(key, deadline)
        return errand.seat.waiter

    def _begin(self, errand: Errand, key: Hashable | None) -> asyncio.Future[Any] | None:
        call, end = errand.call, errand.started + self._seconds
        if call.deadline is not None and call.deadline < end:
            end = call.deadline
        if (
            end <= errand.started
            or errand.attempt is None
            or call.budget.remaining < 1
            or self._closed
            or not self._breaker.is_closed
            or not self._bulkhead.try_enter()
        ):
            return None
        answer = errand.attempt.begin(end)
        if answer is None:
            self._bulkhead.leave()
            return None
        call.budget.remaining -= 1
        self.calls += 1
        self.units += errand.units
        errand.calls, errand.led = 1, True
        errand.answer, errand.generation = answer, self._breaker.generation
        if key is not None:
            self._leading[key] = errand
        return answer

    def _promote(
        self, leader: Errand, key: Hashable, resume: Callable[[Errand], Awaitable[Any]]
    ) -> None:
        """Make a flight of the leader's attempt, unless it has just ended."""
        waiter = leader.answer
        if waiter is None or waiter.done() or leader.attempt is None:
            return
        del self._leading[key]
        leader.answer = leader.attempt.divert(leader.started + self._seconds)
        leader.seat = self._flights.seat(
            key,
            lambda: resume(leader),
            waiter,
            leader.call.deadline,
            lambda: self.release(leader),
        )
