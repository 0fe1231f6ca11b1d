"""All connections of one server: how many, how many bytes they hold, whose time is over.

In: connections that come and go. Out: calls of their ``check`` at every sweep. One timer looks at
all deadlines: a timer per connection and request costs more than the whole look, and ten thousand
silent clients cost nothing in between.
"""

from __future__ import annotations

import asyncio
import resource
from collections import deque
from itertools import islice
from typing import Protocol

from gateway.server.known_request_heads import KnownRequestHeads
from gateway.server.settings import EdgeSettings

__all__ = ["Connections", "Swept"]

# Descriptors kept for upstreams, stores and files, where the operating system allows few.
_RESERVED_DESCRIPTORS = 256
# Connections over the cap that are told so; those beyond are closed without a word.
_TURNED_AWAY = 64
# How many are looked at to find one that can be closed: each new connection pays for the look.
_ASKED_TO_GIVE_WAY = 256
# What is read of one connection at a time, and so the most that it can send ahead. Usual requests
# come in one read; doubling it doubles what a flood of pipelined requests can make us hold.
_READ_BYTES = 65_536


# Pipelined requests begun in one turn of the event loop. A loop accepts few connections in a turn:
# if a thousand floods had one request each in every turn, a new client would wait for minutes.
_TURN = 16


class Swept(Protocol):
    """What has deadlines, and may have sent requests ahead."""

    def retire(self) -> None:
        """Let the client know, with the answer under way, that it is the last one."""

    def check(self, now: float) -> None:
        """Act if a deadline is over."""

    def give_way(self, now: float) -> bool:
        """Close for a new connection's sake, if no request of this one is being answered."""

    def proceed(self) -> None:
        """Begin the next of the requests that were sent ahead."""


class Connections:
    """The open connections; belongs to one event loop."""

    def __init__(self, settings: EdgeSettings) -> None:
        self.settings = settings
        self.heads = KnownRequestHeads(settings)
        self.read_buffer = memoryview(bytearray(_READ_BYTES))
        self.held = 0  # bytes of unfinished requests, of all connections together
        self._open: dict[Swept, None] = {}  # oldest first
        self._limit = min(settings.connections, _find_descriptor_limit())
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: deque[Swept] = deque()
        self._emptied: asyncio.Future[None] | None = None  # while draining
        self.common_for: list[tuple[bytes, bytes]] | None = None
        self.common = b""  # rendered, of ``common_for``
        self.is_draining = False  # then each answer is the last of its connection

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: Swept, loop: asyncio.AbstractEventLoop) -> None:
        """Note a new connection, and begin to sweep if it is the first."""
        self._open[connection] = None
        if self._timer is None:
            self._timer = loop.call_later(self.settings.sweep_seconds, self._sweep, loop)

    def remove(self, connection: Swept) -> None:
        """Forget a connection that is closed."""
        self._open.pop(connection, None)
        if self._emptied is not None and not self._open and not self._emptied.done():
            self._emptied.set_result(None)

    async def drain(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close every connection behind its next answer, and wait until none is left.

        A silent connection is not closed: its client may be sending a request this very moment.
        """
        self._emptied, self.is_draining = loop.create_future(), True
        for connection in tuple(self._open):
            connection.retire()
        if self._open:
            await self._emptied

    def defer(self, connection: Swept, loop: asyncio.AbstractEventLoop) -> None:
        """Let a connection that sent requests ahead ``proceed`` when it is its turn."""
        if not self._waiting:
            loop.call_soon(self._take_turns, loop)
        self._waiting.append(connection)

    def render_common(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Render the headers of every answer; uvicorn makes a new list of them every second."""
        self.common_for = headers
        self.common = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        return self.common

    def make_room(self, now: float, *, newcomer: Swept) -> bool:
        """Close the oldest of the connections that are silent or slow; false if there is none.

        Otherwise whoever opens enough silent connections would shut everybody else out.
        """
        oldest = list(islice(self._open, _ASKED_TO_GIVE_WAY))
        return any(connection is not newcomer and connection.give_way(now) for connection in oldest)

    @property
    def is_full(self) -> bool:
        """Whether there are more connections than are served."""
        return len(self._open) > self._limit

    @property
    def is_flooded(self) -> bool:
        """Whether there are so many that not even a refusal is written."""
        return len(self._open) > self._limit + _TURNED_AWAY

    @property
    def is_out_of_memory(self) -> bool:
        """Whether unfinished requests hold more than they may together."""
        return self.held > self.settings.held_bytes

    def _take_turns(self, loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(min(_TURN, len(self._waiting))):
            self._waiting.popleft().proceed()
        if self._waiting:
            loop.call_soon(self._take_turns, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in tuple(self._open):
            connection.check(now)
        self._timer = None
        if self._open:
            self._timer = loop.call_later(self.settings.sweep_seconds, self._sweep, loop)


def _find_descriptor_limit() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1 << 30
    return max(soft - _RESERVED_DESCRIPTORS, soft // 2)
