"""The day's units of scarce sources: counted before use, never beyond the cap.

In: ``reserve(key, units, limit=…)``. Out: a ``Lease``, or ``Refused`` with what is left to tell.
The limit travels with the call, so that a ledger shared by processes needs no configuration of
its own. The day is Asia/Jakarta's, because the agencies' quotas turn there at midnight.

Contract and in-process form; ``ledger_sqlite`` survives a restart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

__all__ = ["JAKARTA", "Lease", "Ledger", "MemoryLedger", "Refused", "jakarta_day", "next_midnight"]

JAKARTA = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time: a fixed offset, without daylight saving, since 1964."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Units that may now be used. They count as used, whatever becomes of them."""

    key: str
    units: int
    day: date
    used: int  # of the key on that day, these included, as far as is known here


@dataclass(frozen=True, slots=True)
class Refused:
    """The day's cap does not cover the units asked for; nothing was counted."""

    key: str
    limit: int
    resets_at: datetime  # the next midnight in Jakarta


class Ledger(Protocol):
    """Counts units per key and day."""

    async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
        """Count ``units`` if the day's ``limit`` covers them.

        Raises ``LedgerUnavailable`` if it cannot be known; the caller must then refuse.
        """
        ...


class MemoryLedger:
    """The in-process form: exact, and forgotten with the process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._day = date.min
        self._used: dict[str, int] = {}

    async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
        """Count ``units`` if the day's ``limit`` covers them. Never raises."""
        self._turn_day()
        used = self._used.get(key, 0) + units
        if used > limit:
            return Refused(key, limit, next_midnight(self._day))
        self._used[key] = used
        return Lease(key, units, self._day, used)

    def used(self, key: str) -> int:
        """How many units were counted today."""
        self._turn_day()
        return self._used.get(key, 0)

    def _turn_day(self) -> None:
        day = jakarta_day(self._clock())
        if day > self._day:  # a clock set back must not hand out a day's units again
            self._day = day
            self._used.clear()


def jakarta_day(epoch_seconds: float) -> date:
    """Give the day in Jakarta at that moment."""
    return datetime.fromtimestamp(epoch_seconds, JAKARTA).date()


def next_midnight(day: date) -> datetime:
    """Give the moment at which ``day`` ends in Jakarta, in UTC."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=JAKARTA) + timedelta(days=1)
    return midnight.astimezone(UTC)
