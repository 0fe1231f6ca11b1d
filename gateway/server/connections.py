"""All connections of one server: how many, how many bytes they hold, whose time is over.

In: connections that come and go. Out: calls of their ``check`` at every sweep. One timer looks at
all deadlines: a timer per connection and request costs more than the whole look, and ten thousand
silent clients cost nothing in between.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Protocol

from gateway.server.settings import EdgeSettings

__all__ = ["Connections", "Swept"]

# Descriptors kept for upstreams, stores and files, where the operating system allows few.
_RESERVED_DESCRIPTORS = 256
# Connections over the cap that are told so; those beyond are closed without a word.
_TURNED_AWAY = 64


class Swept(Protocol):
    """What has deadlines."""

    def check(self, now: float) -> None:
        """Act if a deadline is over."""


class Connections:
    """The open connections; belongs to one event loop."""

    def __init__(self, settings: EdgeSettings) -> None:
        self.settings = settings
        self.held = 0  # bytes of unfinished requests, of all connections together
        self._open: set[Swept] = set()
        self._limit = min(settings.connections, _find_descriptor_limit())
        self._timer: asyncio.TimerHandle | None = None
        self._common_for: list[tuple[bytes, bytes]] | None = None
        self._common = b""

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: Swept, loop: asyncio.AbstractEventLoop) -> None:
        """Note a new connection, and begin to sweep if it is the first."""
        self._open.add(connection)
        if self._timer is None:
            self._timer = loop.call_later(self.settings.sweep_seconds, self._sweep, loop)

    def remove(self, connection: Swept) -> None:
        """Forget a connection that is closed."""
        self._open.discard(connection)

    def render_common(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Render the headers of every answer; uvicorn makes a new list of them every second."""
        if headers is not self._common_for:
            self._common_for = headers
            self._common = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        return self._common

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
