"""Sends what waits in the outbox into the registers: late if it must be, but never not, and once.

In: the store and the open registers. Out: lines in the registers. A row is lent to one sender at a
time, for longer than a line may take; what fails is tried again after a pause that doubles, behind
a breaker that leaves a register alone which keeps failing. Whoever dies between the register's
commit and the note of it is repeated by another, and the register takes no line twice.

The loans and pauses go by the real time, also where a demonstration's day stands still.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.contract import CallContext, Priority
from adapters.errors import SourceError
from adapters.loket.outbox.line import line_of
from adapters.loket.outbox.register import Register
from adapters.loket.store.engine import Store, own_call
from adapters.loket.store.outgoing import lend_due, postpone, settle_line
from adapters.resilience.guard import SourceGuard

__all__ = ["GUARDED_SECONDS", "Sender"]

logger = logging.getLogger("simpul.loket")

GUARDED_SECONDS = 15.0
"""How long a line may take; a register is a table on a kelurahan's own machine."""

_LOAN = timedelta(seconds=60)  # beyond any line; doubled, a dead sender's lines wait two minutes
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=1)  # a register that was down all night has its lines by eight
_LOOK_SECONDS = 20.0  # how often other processes' letters and ended pauses are looked for


def _real_time() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Sender:
    """The outbox of one process."""

    store: Store
    registers: Mapping[str, tuple[Register, SourceGuard]]  # by kelurahan
    clock: Callable[[], datetime] = _real_time
    name: str = field(default_factory=lambda: secrets.token_hex(8))  # of the borrower
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send, until ``aclose``."""
        if self.registers and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def nudge(self) -> None:
        """Tell that a letter was put in, or revoked."""
        self._news.set()

    async def send_due(self) -> int:
        """Send every line that is due, one after another; give how many were taken.

        Raises ``SourceError`` if the counter's own store does not answer.
        """
        taken = 0
        while True:
            row = await self.store.write(own_call(), self._lend)
            if row is None:
                return taken
            taken += await self._send(row)

    def _lend(self, tx: Connection) -> Any:
        return lend_due(tx, [*self.registers], self.name, self.clock(), _LOAN)

    async def _send(self, row: Any) -> bool:
        register, guard = self.registers[row.kelurahan]
        line = line_of(row)

        async def attempt(seconds: float | None) -> None:
            await register.write(line, GUARDED_SECONDS if seconds is None else seconds)

        asker = CallContext(caller="loket", priority=Priority.REPORT)
        error = (await guard.run(attempt, asker, read=False)).error
        now = self.clock()

        def note(tx: Connection) -> None:
            if error is None:
                settle_line(tx, row.permohonan, row.dicabut_tanggal, now)
            else:
                until = now + _pause_after(row.percobaan)
                postpone(tx, row.permohonan, self.name, until, str(error.code))

        await self.store.write(own_call(), note)
        if error is not None:
            logger.warning("the register of %s took no line: %s", row.kelurahan, error.code)
        return error is None

    async def _run(self) -> None:
        while True:
            self._news.clear()
            try:
                await self.send_due()
            except SourceError as error:
                logger.warning("the outbox cannot be read: %s", error.code)
            except Exception as bug:  # what waits is lent no longer than it is, and tried again
                logger.error("the outbox failed: %s", type(bug).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._news.wait()

    async def aclose(self) -> None:
        """End sending and close the registers; idempotent."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        for register, guard in self.registers.values():
            await guard.aclose()
            await register.aclose()


def _pause_after(tries: int) -> timedelta:
    """Give how long to wait after so many tries before this one."""
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(tries, 20)
    return min(doubled, _LONGEST_PAUSE)
