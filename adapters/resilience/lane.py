"""The direct lane: an attempt that nothing stands in the way of is made without a task of its own.

In: an errand. Out: the same errand with the future of an attempt that was begun or joined, or
nothing: it then takes the way through the layers. The lane is open while the breaker is closed, a
place is free and no quota is counted. It keeps the books of every layer all the same.

Whoever leads an attempt in the lane waits on its future alone. If another comes who asks the same,
the attempt becomes a flight there and then: its answer goes to a task, and leader and follower
wait for that. So the flight ends with its last waiter here too, never with its first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

import msgspec

from adapters.contract import Attempt, CallContext, Guarded
from adapters.errors import SourceError
from adapters.http_client import HttpError
from adapters.resilience.breaker import Breaker
from adapters.resilience.bulkhead import Bulkhead
from adapters.resilience.flight import Flights
from adapters.resilience.retry import RetryBudget
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import Seat

__all__ = ["Errand", "Lane"]


class Errand(msgspec.Struct):
    """One call to a source, on its way through the layers. Built per call, so a struct.

    In the lane it satisfies ``contract.Begun``.
    """

    call: CallContext
    read: bool
    units: int
    started: float  # of the guard's clock
    key: Hashable | None  # of the flight that it may share
    make: Callable[[float | None], Awaitable[Any]] | None  # None: by its attempt
    attempt: Attempt[Any] | None = None  # None: it can only be made, not begun
    led: bool = False  # its own flight, or none at all
    calls: int = 0  # attempts that reached the wire
    exchange: asyncio.Future[Any] | None = None  # begun in the lane; it holds a place until None
    waiter: asyncio.Future[Any] | None = None  # what the sender waits for, in the lane
    lane: Lane | None = None  # where it was begun or joined another
    generation: int = 0  # the breaker's, when it was begun
    seat: Seat[Any] | None = None  # in the flight that it follows, or that it has become
    failed: Exception | None = None  # how the attempt begun in the lane ended

    @property
    def answer(self) -> asyncio.Future[Any]:
        """What its sender waits for."""
        assert self.waiter is not None, "it was not begun"
        return self.waiter

    def finish(self) -> Guarded[Any] | None:
        """Read the answer and keep every layer's books; None: it failed."""
        waiter, lane = self.waiter, self.lane
        assert waiter is not None
        assert lane is not None
        try:
            value = waiter.result()
            if self.seat is None:
                value = self.attempt.read(value)  # type: ignore[union-attr]  # else not begun
        except (HttpError, SourceError, WaitExpired, FlightEnded):
            return None
        except BaseException:
            lane.quit(self)
            raise
        now = lane.clock()
        lane.succeed(self, now)
        return Guarded(value, None, self.calls, (self.started, now))

    async def recover(self) -> Guarded[Any]:
        """Go on through the layers after a failure."""
        assert self.lane is not None
        return await self.lane.recover(self)

    def quit(self) -> None:
        """Leave: the attempt ends unless others wait for it."""
        assert self.lane is not None
        self.lane.quit(self)


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
        clock: Callable[[], float],
        resume: Callable[[Errand], Awaitable[Any]],
        recover: Callable[[Errand], Awaitable[Guarded[Any]]],
    ) -> None:
        """``resume`` finishes an attempt that has become a flight, ``recover`` one that failed."""
        self.calls = self.units = 0  # begun and paid here since the start
        self.clock = clock
        self.recover = recover
        self._resume = resume
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

    def enter(self, errand: Errand) -> bool:
        """Begin the attempt if nothing stands in the way, or follow who asks the same.

        Tells whether it was. If another leads an attempt for the same key, that becomes a flight.
        """
        key = errand.key
        if key is not None:
            leader = self._leading.get(key)
            if leader is not None:
                self._promote(leader, key)
            if self._flights.has(key):
                return self._follow(errand, key)
        return self._begin(errand)

    def succeed(self, errand: Errand, now: float) -> None:
        """Note in every layer's books that the answer came."""
        if errand.seat is not None:
            self._flights.leave(errand.seat)  # the flight kept the books
            return
        self.stop_leading(errand)
        errand.exchange = None
        self._bulkhead.leave()
        self._breaker.note_success(errand.generation, now)
        self._retry.earn()

    def quit(self, errand: Errand) -> None:
        """Let the leader go: the attempt ends unless others wait for it."""
        if errand.seat is not None:
            self._flights.leave(errand.seat)
        else:
            self.stop_leading(errand)
            self.release(errand)

    def stop_leading(self, errand: Errand) -> None:
        """Make no flight of the leader's attempt any more: it has ended."""
        # Another may lead already, who came between the answer and the leader's running again.
        key = errand.key
        if key is not None and (leader := self._leading.pop(key, errand)) is not errand:
            self._leading[key] = leader

    def release(self, errand: Errand) -> None:
        """Give the attempt's place back and cut what is still under way; idempotent."""
        exchange, errand.exchange = errand.exchange, None
        if exchange is None or errand.attempt is None:
            return
        if exchange.done() and not exchange.cancelled():
            exchange.exception()  # nobody else may ever look at it
        errand.attempt.abandon()
        self._bulkhead.leave()

    def close(self) -> None:
        """End every attempt that may be shared, as flights are ended, and begin no other."""
        self._closed = True
        for errand in self._leading.values():
            if errand.exchange is not None and not errand.exchange.done():
                errand.exchange.set_exception(FlightEnded("the call was ended by a shutdown"))

    def _follow(self, errand: Errand, key: Hashable) -> bool:
        deadline = errand.call.deadline
        if deadline is not None and deadline <= errand.started:
            return False
        errand.lane = self
        errand.seat = self._flights.follow(key, deadline)
        errand.waiter = errand.seat.waiter
        return True

    def _begin(self, errand: Errand) -> bool:
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
            return False
        exchange = errand.attempt.begin(end)
        if exchange is None:
            self._bulkhead.leave()
            return False
        call.budget.remaining -= 1
        self.calls += 1
        self.units += errand.units
        errand.calls, errand.led, errand.lane = 1, True, self
        errand.exchange = errand.waiter = exchange
        errand.generation = self._breaker.generation
        if errand.key is not None:
            self._leading[errand.key] = errand
        return True

    def _promote(self, leader: Errand, key: Hashable) -> None:
        """Make a flight of the leader's attempt, unless it has just ended."""
        waiter = leader.exchange
        if waiter is None or waiter.done() or leader.attempt is None:
            return
        del self._leading[key]
        leader.exchange = leader.attempt.divert(leader.started + self._seconds)
        leader.seat = self._flights.seat(
            key,
            lambda: self._resume(leader),
            waiter,
            leader.call.deadline,
            lambda: self.release(leader),
        )
