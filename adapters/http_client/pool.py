"""The connections to one origin: at most so many, a line for the rest, one timer for all.

In: who waits for a connection, until when. Out: a connection, first come first served.
Invariants: ``idle + busy + connecting`` never exceeds the cap; whoever waits is either served,
refused with a reason, or past its deadline; one timer, set to the earliest deadline, watches
exchanges, waiters and idle connections alike (a timer per call would cost as much as the call).
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from adapters.http_client.connection import Connection
from adapters.http_client.errors import (
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HttpError,
)
from adapters.http_client.known_heads import KnownHeads
from adapters.http_client.message import HttpLimits, HttpResponse, Origin

__all__ = ["Pool", "PoolStatus"]


class PoolStatus(NamedTuple):
    """How a pool stands, for metrics."""

    idle: int
    busy: int
    connecting: int
    waiting: int
    opened: int  # connections ever made
    reused: int  # exchanges begun on a kept connection


@dataclass(slots=True)
class _Waiter:
    future: asyncio.Future[Connection]
    deadline: float

    def refuse(self, error: HttpError) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Pool:
    """The connections to one origin."""

    def __init__(self, origin: Origin, limits: HttpLimits, tls: ssl.SSLContext | None) -> None:
        self.origin = origin
        self.heads = KnownHeads()
        self._limits = limits
        self._tls = tls
        self._loop = asyncio.get_running_loop()
        self._idle: list[Connection] = []  # the last used is taken first
        self._busy: set[Connection] = set()
        self._line: deque[_Waiter] = deque()
        self._connecting: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at = float("inf")
        self._closed = False
        self._opened = 0
        self._reused = 0

    async def send(
        self, request: bytes, deadline: float, *, may_repeat: bool, bodiless: bool = False
    ) -> HttpResponse:
        """Ask once; raises ``HttpError``.

        If a kept connection turns out to have been closed before the answer's first byte, a
        request that ``may_repeat`` is sent once more on another.
        """
        while True:
            connection = self.take(deadline) or await self.acquire(deadline)
            answer = connection.exchange(request, deadline, bodiless=bodiless)
            try:
                return await answer
            except ConnectionLost as lost:
                # Each turn uses up one kept connection, and a fresh one is never "untouched".
                if not (lost.untouched and may_repeat):
                    raise
            except asyncio.CancelledError:
                connection.abandon(answer)
                raise

    def take(self, deadline: float) -> Connection | None:
        """Give a kept connection that is free now, if there is one."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                if deadline < self._wake_at:
                    self._watch(deadline)
                # As ``_lend`` does: this is on every call's way.
                connection.deadline = deadline
                if connection.exchanges:
                    self._reused += 1
                self._busy.add(connection)
                return connection
        return None

    def grow(self) -> None:
        """Open one more connection if there may be one: somebody found none free.

        It serves who waits in line when it is there, or who comes later. Without it a pool of
        quick answers would stay too small: by the time that somebody waits, one is free again.
        """
        if not self._closed and self._room() > len(self._connecting):
            self._connecting.add(self._loop.create_task(self._connect()))

    async def acquire(self, deadline: float) -> Connection:
        """Give a free connection in turn; raises ``ConnectFailed`` or ``DeadlineExceeded``."""
        while True:
            self._watch(deadline)
            if (kept := self.take(deadline)) is not None:
                return kept
            if self._closed:
                raise ConnectFailed(f"the client for {self.origin} is closed")
            waiter = _Waiter(self._loop.create_future(), deadline)
            self._line.append(waiter)
            self._connect_for_line()
            try:
                connection = await waiter.future
            except asyncio.CancelledError:
                self._give_up(waiter)
                raise
            if connection.is_usable:
                return connection
            # It was closed between being handed over and being used, and is forgotten already.

    def release(self, connection: Connection) -> None:
        """Take back a connection that was acquired and not used."""
        if connection.is_usable:
            self.on_free(connection)

    def on_free(self, connection: Connection) -> None:
        """Serve the next in line, or keep the connection for a while."""
        self._busy.discard(connection)
        if self._closed:
            connection.close()
        elif not self._line or not self._serve_line(connection):
            connection.deadline = deadline = self._loop.time() + self._limits.idle_seconds
            self._idle.append(connection)
            if deadline < self._wake_at:
                self._watch(deadline)

    def on_closed(self, connection: Connection) -> None:
        """Forget the connection; its place may go to someone in line."""
        self._busy.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        self._connect_for_line()

    @property
    def status(self) -> PoolStatus:
        """How the pool stands."""
        return PoolStatus(
            len(self._idle),
            len(self._busy),
            len(self._connecting),
            len(self._line),
            self._opened,
            self._reused,
        )

    async def aclose(self) -> None:
        """Cut all connections and refuse all who wait."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        while self._line:
            self._line.popleft().refuse(ConnectFailed(f"closing {self.origin}"))
        for task in tuple(self._connecting):
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        for connection in (*self._idle, *self._busy):
            connection.close()

    # connections

    def _lend(self, connection: Connection, deadline: float) -> Connection:
        connection.deadline = deadline
        if connection.exchanges:
            self._reused += 1
        self._busy.add(connection)
        return connection

    def _serve_line(self, connection: Connection) -> bool:
        while self._line:
            waiter = self._line.popleft()
            if not waiter.future.done():
                waiter.future.set_result(self._lend(connection, waiter.deadline))
                return True
        return False

    def _give_up(self, waiter: _Waiter) -> None:
        future = waiter.future
        if future.done() and not future.cancelled() and future.exception() is None:
            self.release(future.result())
        elif waiter in self._line:
            self._line.remove(waiter)

    def _connect_for_line(self) -> None:
        wanted = min(len(self._line), self._room()) - len(self._connecting)
        for _ in range(0 if self._closed else wanted):
            self._connecting.add(self._loop.create_task(self._connect()))

    def _room(self) -> int:
        return self._limits.connections - len(self._idle) - len(self._busy)

    async def _connect(self) -> None:
        """Make one connection for the first in line; it gets the error too."""
        failed: HttpError | None = None
        try:
            connection = await self._open()
        except (OSError, UnicodeError) as error:
            failed = self._connect_failed(error)
        finally:
            self._connecting.discard(_current_task())
        if failed is not None:
            self._refuse_first(failed)
            self._connect_for_line()
            return
        self._opened += 1
        self.on_free(connection)

    async def _open(self) -> Connection:
        async with asyncio.timeout(self._limits.connect_seconds):
            origin = self.origin
            if origin.scheme == "unix":
                _, connection = await self._loop.create_unix_connection(self._build, origin.host)
            else:
                _, connection = await self._loop.create_connection(
                    self._build,
                    origin.host,
                    origin.port,
                    ssl=self._tls,
                    server_hostname=origin.host if self._tls else None,
                )
            return connection

    def _build(self) -> Connection:
        return Connection(self, str(self.origin), self._limits)

    def _refuse_first(self, error: HttpError) -> None:
        while self._line:
            waiter = self._line.popleft()
            if not waiter.future.done():
                waiter.refuse(error)
                return

    def _connect_failed(self, error: Exception) -> ConnectFailed:
        match error:
            case ssl.SSLCertVerificationError():
                why = f"its certificate is not trusted ({error.verify_message})"
            case ssl.SSLError():
                why = "TLS could not be agreed"
            case TimeoutError():
                why = "no connection in time"
            case _:
                why = type(error).__name__
        failed = ConnectFailed(f"no connection to {self.origin}: {why}")
        failed.__cause__ = error
        return failed

    # the one timer

    def _watch(self, deadline: float) -> None:
        if deadline >= self._wake_at or self._closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._wake_at = deadline
        self._timer = self._loop.call_at(deadline, self._sweep)

    def _sweep(self) -> None:
        self._timer, self._wake_at = None, float("inf")
        # A loop's clock may be coarser than its timers: what is due within it is due.
        now = self._loop.time() + 0.001
        for waiter in [w for w in self._line if w.deadline <= now]:
            self._line.remove(waiter)
            waiter.refuse(DeadlineExceeded(f"no connection to {self.origin} was free in time"))
        for connection in [c for c in (*self._busy, *self._idle) if c.deadline <= now]:
            connection.expire()
        deadlines = [
            *(w.deadline for w in self._line),
            *(c.deadline for c in (*self._busy, *self._idle)),
        ]
        if deadlines:
            self._watch(min(deadlines))


def _current_task() -> asyncio.Task[None]:
    task = asyncio.current_task()
    assert task is not None
    return task
