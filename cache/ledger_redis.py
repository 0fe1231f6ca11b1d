"""The ledger that replicas on several machines share: counted in Redis or Valkey, by one script.

In: a URL. Out: the same contract as ``ledger``. The script compares and counts in one step, so
however many ask, together they stay within the cap. Each key of a day is a key of its own, which
expires when nobody can ask for that day any more.

A server that forgets what it has counted would hand units out again: it must write to disk before
it answers (``appendfsync always``) and evict nothing (docs/configuration.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from cache.errors import LedgerUnavailable
from cache.ledger import Lease, Refused, jakarta_day, next_midnight

__all__ = ["RedisLedger"]

_SCRIPT: Final = """
local used = tonumber(redis.call('GET', KEYS[1]) or '0') + tonumber(ARGV[1])
if used > tonumber(ARGV[2]) then return -1 end
redis.call('SET', KEYS[1], used, 'EX', ARGV[3])
return used
"""
_KEPT_SECONDS: Final = 3 * 86_400  # a day, and clocks that are wrong by a day either way
_REFUSED: Final = -1

_SECONDS: Final = 1.0
"""How long one count may take. Every attempt at a capped source waits for it: doubled, a server
that is gone holds each of them, and its place at the source, twice as long."""

_PAUSE_SECONDS: Final = 1.0
"""After a failure nobody asks for so long: a server that is gone costs one wait a second, not one a
call. Doubled, capped sources come back a second later than their ledger."""


class RedisLedger:
    """Counts units in Redis; belongs to one event loop."""

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._day = date.min
        self._dead_until = 0.0  # of ``monotonic``
        # The library tries again by itself, for seconds; whoever must wait for us would too.
        self._client = Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
        )
        self._script = self._client.register_script(_SCRIPT)

    async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
        """Count ``units`` if the day's ``limit`` covers them; raises ``LedgerUnavailable``."""
        # A clock set back must not hand out a day's units again.
        self._day = day = max(self._day, jakarta_day(self._clock()))
        if self._monotonic() < self._dead_until:
            raise LedgerUnavailable("the ledger's server did not answer just now")
        try:
            used = await self._script(
                keys=[f"simpul:ledger:{day.isoformat()}:{key}"], args=[units, limit, _KEPT_SECONDS]
            )
        except (RedisError, OSError, TimeoutError) as error:
            self._dead_until = self._monotonic() + _PAUSE_SECONDS
            raise LedgerUnavailable("the ledger's server does not answer") from error
        if used == _REFUSED:
            return Refused(key, limit, next_midnight(day))
        return Lease(key, units, day, used)

    async def aclose(self) -> None:
        """Close the connections; idempotent."""
        await self._client.aclose()
