"""The ledger that survives a restart: units are claimed in blocks, on disk, before use.

In: a file. Out: the same contract as ``ledger``. A claim adds a block to the day's total in one
transaction and only then hands it out, so a crash loses the rest of a block (over-count) and
never hands a unit out twice (under-count); several processes may share the file and together
stay within the cap.

The standard library's sqlite3 and not SQLAlchemy: two statements on one table gain nothing from
it, and ``serve`` without SQL sources would load it for nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from cache.errors import LedgerUnavailable
from cache.ledger import Lease, Refused, jakarta_day, next_midnight

__all__ = ["SqliteLedger"]

_TABLE = """CREATE TABLE IF NOT EXISTS ledger (
    key TEXT NOT NULL, day TEXT NOT NULL, claimed INTEGER NOT NULL, PRIMARY KEY (key, day)
) WITHOUT ROWID"""
_CLAIMED = "SELECT claimed FROM ledger WHERE key = ? AND day = ?"
_CLAIM = """INSERT INTO ledger VALUES (?, ?, ?)
    ON CONFLICT (key, day) DO UPDATE SET claimed = excluded.claimed"""


class SqliteLedger:
    """Counts units in a SQLite file.

    ``block`` is how many units one write claims: a crash wastes at most that many; doubling it
    halves the writes. 16 of a quota of 1,000 is a loss that nobody notices.
    """

    def __init__(
        self, path: Path, *, block: int = 16, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._block = block
        self._clock = clock
        self._lock = asyncio.Lock()
        self._day = date.min
        self._left: dict[str, int] = {}  # units claimed on disk and not handed out, of _day
        self._claimed: dict[str, int] = {}  # on disk when we last looked, of _day

    async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
        """Count ``units`` if the day's ``limit`` covers them; raises ``LedgerUnavailable``."""
        self._turn_day()
        if self._left.get(key, 0) >= units:  # the usual way: no disk, no waiting
            return self._hand_out(key, units)
        async with self._lock:
            return await self._claim_and_reserve(key, units, limit)

    async def _claim_and_reserve(self, key: str, units: int, limit: int) -> Lease | Refused:
        day = self._day
        missing = units - self._left.get(key, 0)
        if missing > 0:
            claimed, total = await asyncio.to_thread(self._claim, key, day, missing, limit)
            self._turn_day()
            if day == self._day:
                self._left[key] = self._left.get(key, 0) + claimed
                self._claimed[key] = total
        if self._left.get(key, 0) < units:
            return Refused(key, limit, next_midnight(day))
        return self._hand_out(key, units)

    def _hand_out(self, key: str, units: int) -> Lease:
        self._left[key] -= units
        return Lease(key, units, self._day, self._claimed.get(key, 0) - self._left[key])

    def _claim(self, key: str, day: date, missing: int, limit: int) -> tuple[int, int]:
        """Claim a block that covers ``missing``, or nothing; give it, and the day's total.

        A connection of its own: a claim whose caller was cancelled still ends whole.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as base:
                base.execute(_TABLE)
                base.execute("BEGIN IMMEDIATE")
                row = base.execute(_CLAIMED, (key, day.isoformat())).fetchone()
                claimed = row[0] if row else 0
                take = min(max(self._block, missing), limit - claimed)
                if take < missing:
                    base.execute("ROLLBACK")
                    return 0, claimed
                base.execute(_CLAIM, (key, day.isoformat(), claimed + take))
                base.execute("COMMIT")
                return take, claimed + take
        except (OSError, sqlite3.Error) as error:
            text = f'the ledger "{self._path.name}" cannot be read or written'
            raise LedgerUnavailable(text) from error

    def _turn_day(self) -> None:
        day = jakarta_day(self._clock())
        if day > self._day:
            self._day = day
            self._left.clear()
            self._claimed.clear()
