"""Which calls may share one flight, and what a waiter sees when it leaves early.

In: a call's key and context. Out: the key of the flight, or None if it must fly alone. Equal
questions of callers with equal rights share; a person's own token never does, nor does a write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from adapters.contract import CallContext
from adapters.errors import SourceError, SourceTimeout
from adapters.resilience.refusal import CallRefused
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import Seat, SingleFlight

__all__ = ["Flights", "flight_key"]


def flight_key(
    source: str, call: CallContext, key: Hashable | None, *, read: bool
) -> Hashable | None:
    """Extend ``key`` by all that may change the answer; None: never shared."""
    if key is None or not read or call.personal_token:
        return None
    return (source, call.agency, call.purpose, call.grant_profile, call.headers, key)


class Flights:
    """The flights of one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._flights: SingleFlight[Any] = SingleFlight()
        self.has = self._flights.is_under_way  # tells whether there is a flight of a key to join

    @property
    def under_way(self) -> int:
        """How many flights may be joined now."""
        return self._flights.under_way

    async def join(
        self, key: Hashable, begin: Callable[[], Awaitable[Any]], deadline: float | None
    ) -> Any:
        """Share the flight of ``key`` until the waiter's own deadline; raises ``SourceError``."""
        try:
            return (await self._flights.join(key, begin, leave_at=deadline)).value
        except (WaitExpired, FlightEnded) as error:
            raise self.explain(error) from error

    def seat(
        self,
        key: Hashable,
        begin: Callable[[], Awaitable[Any]],
        waiter: asyncio.Future[Any],
        deadline: float | None,
        on_end: Callable[[], None],
    ) -> Seat[Any]:
        """Begin the flight of ``key`` with a waiter that is there already."""
        return self._flights.seat(key, begin, waiter, leave_at=deadline, on_end=on_end)

    def follow(self, key: Hashable, deadline: float | None) -> Seat[Any]:
        """Wait for the flight of ``key``, which is under way."""
        waiter = asyncio.get_running_loop().create_future()
        return self._flights.seat(key, _begin_nothing, waiter, leave_at=deadline)

    def leave(self, seat: Seat[Any]) -> None:
        """Leave a flight."""
        self._flights.leave(seat)

    def explain(self, error: WaitExpired | FlightEnded) -> SourceError:
        """Tell as a source's error why a waiter got no answer."""
        if isinstance(error, WaitExpired):
            return SourceTimeout(
                f'source "{self._source}" did not answer within the caller\'s deadline'
            )
        return CallRefused(f'source "{self._source}" is being shut down')

    async def aclose(self) -> None:
        """End all flights."""
        await self._flights.aclose()


def _begin_nothing() -> Awaitable[Any]:
    raise AssertionError("a flight that is under way begins only once")
