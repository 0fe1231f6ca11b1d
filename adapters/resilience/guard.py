"""All that stands around one source, and the one place where its order is written.

In: an attempt (one exchange with the source) and who asks. Out: ``Guarded``, a value or an
expected failure. From outside in: single flight > deadline > retry with budget > hours > breaker >
bulkhead > quota ledger > attempt.

Why this order: followers of a flight cost nothing; a retry meets the breaker again; who is
refused by the breaker takes no place; who waits for a place has paid nothing; what is paid goes
to the wire. ``ask`` goes past the layers that have nothing to do (``lane``), and into them as soon
as one has.
"""

from __future__ import annotations

import asyncio
import random as random_module
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from adapters.contract import Attempt, CallContext, Guarded, Priority
from adapters.errors import SourceError, SourceTimeout
from adapters.http_client import HttpError
from adapters.resilience.breaker import Breaker, BreakerState, Ticket
from adapters.resilience.bulkhead import Bulkhead
from adapters.resilience.deadline import Deadlines, loop_clock
from adapters.resilience.flight import Flights, flight_key
from adapters.resilience.hours import Hours
from adapters.resilience.lane import Errand, Lane
from adapters.resilience.places import Places
from adapters.resilience.quota import Quota
from adapters.resilience.refusal import BudgetSpent, CallRefused
from adapters.resilience.retry import RetryBudget
from adapters.resilience.settings import GuardSettings
from cache.errors import FlightEnded, WaitExpired
from cache.ledger import Ledger

__all__ = ["SourceGuard"]

T = TypeVar("T")

# A time-out after less than this says more about the caller's haste than about the source, and
# is not held against it. Doubled, a source that hangs would go unnoticed by hasty callers.
_FAIR_SECONDS = 1.0


class SourceGuard:
    """The guard of one source; belongs to one event loop. Satisfies ``contract.Guard``."""

    def __init__(
        self,
        name: str,
        settings: GuardSettings | None = None,
        *,
        ledger: Ledger | None = None,
        places: Places | None = None,
        clock: Callable[[], float] = loop_clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random_module.random,
        wall: Callable[[], float] = time.time,  # seconds since 1970, for the source's hours
    ) -> None:
        self.name = name
        self.settings = settings or GuardSettings()
        self._clock = clock
        self._sleep = sleep
        self._flights = Flights(name)
        self._deadlines = Deadlines(name)
        self._retry = RetryBudget(self.settings, random)
        self._breaker = Breaker(name, self.settings, clock)
        self._bulkhead = Bulkhead(name, self.settings.parallel, self.settings.queue)
        self._places = places  # None: no other process asks this source
        self._quota = Quota(name, self.settings, ledger)
        self._hours = Hours(name, self.settings.opening_hours, self.settings.maintenance, wall)
        self._lane: Lane | None = None  # None: units, places or hours must be looked at
        if self.settings.quota_per_day is None and places is None and not self._hours.are_set:
            seconds = self.settings.timeout_seconds
            self._lane = Lane(
                self._breaker,
                self._bulkhead,
                self._retry,
                self._flights,
                timeout_seconds=seconds,
                clock=clock,
                resume=self._resume,
                recover=self._after_lane,
            )
        self._care = self.settings.tell()
        self._calls = self._failures = 0
        self._closed = False

    async def run(
        self,
        attempt: Callable[[float | None], Awaitable[T]],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Make ``attempt(timeout_seconds)`` under guard. Never raises ``SourceError``.

        ``attempt`` makes one exchange, raises ``SourceError`` on failure and keeps to its
        seconds. Calls with an equal ``key`` and equal rights share one flight. Each attempt
        costs ``units`` of the quota and one call of ``call.budget``.
        """
        shared = flight_key(self.name, call, key, read=read)
        return await self._through_layers(Errand(call, read, units, self._clock(), shared, attempt))

    def begin(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Errand | None:
        """Begin ``attempt``, or follow who asks the same; None: a layer has something to do."""
        lane = self._lane
        if lane is None:
            return None
        shared = flight_key(self.name, call, key, read=read)
        errand = Errand(call, read, units, self._clock(), shared, None, attempt)
        return errand if lane.enter(errand) else None

    async def ask(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Do as ``run`` does, in the caller's coroutine as long as nothing stands in the way."""
        errand = self.begin(attempt, call, key=key, read=read, units=units)
        if errand is None:
            return await self.run(attempt.make, call, key=key, read=read, units=units)
        try:
            await errand.answer
        except Exception:
            pass  # ``finish`` reads it
        except BaseException:
            errand.quit()
            raise
        return errand.finish() or await self._after_lane(errand)

    def status(self) -> dict[str, Any]:
        """How the source fares, and under which care, for metrics."""
        lane = self._lane
        return {
            "source": self.name,
            "breaker": str(self._breaker.state),
            "breaker_open": self._breaker.state is BreakerState.OPEN,
            "closed": not self._hours.is_open_now(),
            "busy": self._bulkhead.busy,
            "waiting": self._bulkhead.waiting,
            **{f"waiting_{p.name.lower()}": self._bulkhead.waiting_of(p) for p in Priority},
            "flights": self._flights.under_way + (lane.under_way if lane else 0),
            "calls": self._calls + (lane.calls if lane else 0),
            "failures": self._failures,
            "retries": self._retry.retries,
            "units": self._quota.paid + (lane.units if lane else 0),
            **self._quota.tell_used(),
            "care": self._care,
        }

    async def aclose(self) -> None:
        """End the flights under way, and refuse whoever asks from now on; idempotent."""
        self._closed = True
        if self._lane is not None:
            self._lane.close()
        await self._flights.aclose()

    # the layers, outside in

    async def _through_layers(self, errand: Errand) -> Guarded[Any]:
        try:
            value = await self._in_flight(errand)
        except SourceError as error:
            return self._guarded(errand, None, error)
        return self._guarded(errand, value)

    async def _in_flight(self, errand: Errand) -> Any:
        shared = errand.key
        if self._closed:  # or a question under way would open again what was just closed
            raise CallRefused(f'source "{self.name}" is being shut down')
        deadline = errand.call.deadline
        if deadline is not None and deadline <= self._clock():
            raise errand.failed or SourceTimeout(f'no time was left to ask source "{self.name}"')
        if shared is None:
            return await self._until(errand, deadline)

        def begin() -> Awaitable[Any]:
            errand.led = True
            return self._until(errand, None)  # under the source's own time-out, not its leader's

        while True:
            try:
                return await self._flights.join(shared, begin, deadline)
            except BudgetSpent:
                if errand.led:
                    raise
                # Another operation led, and ran out of its calls, not of ours: ask again.

    async def _until(self, errand: Errand, deadline: float | None) -> Any:
        end = self._clock() + self.settings.timeout_seconds
        return await self._with_retries(errand, end if deadline is None else min(end, deadline))

    async def _with_retries(self, errand: Errand, end: float) -> Any:
        tried = 0
        while True:
            try:
                value = await self._behind_breaker(errand, end)
            except SourceError as error:
                tried += 1
                left = end - self._clock()
                pause = self._retry.pause(error, tried, left) if errand.read else None
                if pause is None:
                    raise
                await self._sleep(pause)
            else:
                self._retry.earn()
                return value

    async def _behind_breaker(self, errand: Errand, end: float) -> Any:
        if errand.failed is not None:
            failed, errand.failed = errand.failed, None
            raise failed
        if errand.exchange is not None:
            return await self._finish(errand, end)
        if self._hours.are_set:
            self._hours.require_open()
        with self._breaker.admit() as ticket:
            return await self._in_place(errand, end, ticket)

    async def _in_place(self, errand: Errand, end: float, ticket: Ticket) -> Any:
        await self._bulkhead.enter(self.settings.priority_of(errand.call), end - self._clock())
        try:
            if self._places is None:
                return await self._paid(errand, end, ticket)
            return await self._in_shared_place(errand, end, ticket, self._places)
        finally:
            self._bulkhead.leave()

    async def _in_shared_place(
        self, errand: Errand, end: float, ticket: Ticket, places: Places
    ) -> Any:
        left, limit = end - self._clock(), self.settings.parallel
        priority = self.settings.priority_of(errand.call)
        await places.enter(self.name, priority, limit=limit, seconds=left)
        try:
            return await self._paid(errand, end, ticket)
        finally:
            places.leave(self.name)

    async def _paid(self, errand: Errand, end: float, ticket: Ticket) -> Any:
        if end <= self._clock():
            raise SourceTimeout(f'no time was left to ask source "{self.name}"')
        await self._quota.pay(errand.units, errand.call)
        errand.calls += 1
        self._calls += 1
        make = errand.make or errand.attempt.make  # type: ignore[union-attr]  # it has one
        return await self._judged(make, end - self._clock(), ticket)

    async def _judged(
        self, make: Callable[[float | None], Awaitable[Any]], seconds: float, ticket: Ticket
    ) -> Any:
        try:
            value = await self._deadlines.limit(make, seconds)
        except SourceError as error:
            self._failures += 1
            if not self.settings.is_failure(error):
                ticket.succeed()  # a refusal or a missing record is an answer
            elif not isinstance(error, SourceTimeout) or self._was_fair(seconds):
                ticket.fail()
            raise
        ticket.succeed()
        return value

    # from the lane into the layers

    async def _after_lane(self, errand: Errand) -> Guarded[Any]:
        """Go on where the lane ended: with the leader's failure."""
        lane, error = self._lane, errand.answer.exception()
        assert lane is not None
        if isinstance(error, WaitExpired | FlightEnded):
            lane.quit(errand)
            return self._guarded(errand, None, self._flights.explain(error))
        if errand.seat is not None:
            lane.quit(errand)
            assert isinstance(error, SourceError)
            if isinstance(error, BudgetSpent) and not errand.led:
                return await self._through_layers(errand)  # not our budget: ask again
            return self._guarded(errand, None, error)
        lane.stop_leading(errand)
        end = errand.started + self.settings.timeout_seconds
        if errand.call.deadline is not None:
            end = min(end, errand.call.deadline)
        try:
            value = await self._finish(errand, end)
        except SourceError as failed:
            errand.failed = failed
            return await self._through_layers(errand)
        self._retry.earn()
        return self._guarded(errand, value)

    def _resume(self, errand: Errand) -> Awaitable[Any]:
        """Finish the attempt of a leader whom others have joined."""
        return self._with_retries(errand, errand.started + self.settings.timeout_seconds)

    async def _finish(self, errand: Errand, end: float) -> Any:
        """Wait for the attempt begun in the lane, and judge it like any other."""
        attempt, exchange = errand.attempt, errand.exchange
        assert attempt is not None
        assert exchange is not None

        async def rest(_: float | None) -> Any:
            try:
                return attempt.read(await exchange)
            except HttpError as error:
                return await attempt.mend(error, end - self._clock())

        try:
            with Ticket(self._breaker, errand.generation) as ticket:
                return await self._judged(rest, end - errand.started, ticket)
        finally:
            if self._lane is not None:
                self._lane.release(errand)

    def _guarded(
        self, errand: Errand, value: Any, error: SourceError | None = None
    ) -> Guarded[Any]:
        return Guarded(value, error, errand.calls, (errand.started, self._clock()))

    def _was_fair(self, seconds: float) -> bool:
        return seconds >= min(_FAIR_SECONDS, self.settings.timeout_seconds * 0.9)
