"""All that stands around one source, and the one place where its order is written.

In: an attempt (one exchange with the source) and who asks. Out: ``Guarded``, a value or an
expected failure. From outside in: single flight > deadline > retry with budget > breaker >
bulkhead > quota ledger > attempt.

Why this order: followers of a flight cost nothing; a retry meets the breaker again; who is
refused by the breaker takes no place; who waits for a place has paid nothing; what is paid goes
to the wire.
"""

from __future__ import annotations

import asyncio
import random as random_module
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from adapters.contract import CallContext, Guarded
from adapters.errors import SourceError, SourceTimeout
from adapters.resilience.breaker import Breaker, Ticket
from adapters.resilience.bulkhead import Bulkhead
from adapters.resilience.deadline import Deadlines, loop_clock
from adapters.resilience.flight import Flights, flight_key
from adapters.resilience.quota import Quota
from adapters.resilience.refusal import BudgetSpent
from adapters.resilience.retry import RetryBudget
from adapters.resilience.settings import GuardSettings
from cache.ledger import Ledger

__all__ = ["SourceGuard"]

T = TypeVar("T")

# A time-out after less than this says more about the caller's haste than about the source, and
# is not held against it. Doubled, a source that hangs would go unnoticed by hasty callers.
_FAIR_SECONDS = 1.0


@dataclass(slots=True)
class _Errand:
    """One call of ``run``, on its way through the layers."""

    attempt: Callable[[float | None], Awaitable[Any]]
    call: CallContext
    read: bool
    units: int
    led: bool = False  # its own flight, or none at all
    calls: int = 0  # attempts that reached the wire


class SourceGuard:
    """The guard of one source; belongs to one event loop. Satisfies ``contract.Guard``."""

    def __init__(
        self,
        name: str,
        settings: GuardSettings | None = None,
        *,
        ledger: Ledger | None = None,
        clock: Callable[[], float] = loop_clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random_module.random,
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
        self._quota = Quota(name, self.settings.quota_per_day, ledger)
        self._calls = self._failures = 0

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
        errand = _Errand(attempt, call, read, units)
        started = self._clock()
        try:
            value = await self._in_flight(errand, key)
        except SourceError as error:
            return Guarded(None, error, errand.calls, (started, self._clock()))
        return Guarded(value, None, errand.calls, (started, self._clock()))

    def status(self) -> dict[str, Any]:
        """How the source fares, for metrics."""
        return {
            "source": self.name,
            "breaker": str(self._breaker.state),
            "busy": self._bulkhead.busy,
            "waiting": self._bulkhead.waiting,
            "flights": self._flights.under_way,
            "calls": self._calls,
            "failures": self._failures,
            "retries": self._retry.retries,
        }

    async def aclose(self) -> None:
        """End the flights under way; idempotent."""
        await self._flights.aclose()

    # the layers, outside in

    async def _in_flight(self, errand: _Errand, key: Hashable | None) -> Any:
        shared = flight_key(self.name, errand.call, key, read=errand.read)
        deadline = errand.call.deadline
        if deadline is not None and deadline <= self._clock():
            raise SourceTimeout(f'no time was left to ask source "{self.name}"')
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

    async def _until(self, errand: _Errand, deadline: float | None) -> Any:
        end = self._clock() + self.settings.timeout_seconds
        return await self._with_retries(errand, end if deadline is None else min(end, deadline))

    async def _with_retries(self, errand: _Errand, end: float) -> Any:
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

    async def _behind_breaker(self, errand: _Errand, end: float) -> Any:
        with self._breaker.admit() as ticket:
            return await self._in_place(errand, end, ticket)

    async def _in_place(self, errand: _Errand, end: float, ticket: Ticket) -> Any:
        await self._bulkhead.enter(errand.call.priority, end - self._clock())
        try:
            if end <= self._clock():
                raise SourceTimeout(f'no time was left to ask source "{self.name}"')
            await self._quota.pay(errand.units, errand.call.budget)
            return await self._attempt(errand, end - self._clock(), ticket)
        finally:
            self._bulkhead.leave()

    async def _attempt(self, errand: _Errand, seconds: float, ticket: Ticket) -> Any:
        errand.calls += 1
        self._calls += 1
        try:
            value = await self._deadlines.limit(errand.attempt, seconds)
        except SourceError as error:
            self._failures += 1
            if not error.counts:
                ticket.succeed()  # a refusal or a missing record is an answer
            elif not isinstance(error, SourceTimeout) or self._was_fair(seconds):
                ticket.fail()
            raise
        ticket.succeed()
        return value

    def _was_fair(self, seconds: float) -> bool:
        return seconds >= min(_FAIR_SECONDS, self.settings.timeout_seconds * 0.9)
