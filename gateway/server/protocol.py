"""One client connection: bytes in, requests out one after another, answers in the same order.

In: what the transport receives. Out: ``Exchange`` tasks, and refusals for what is no proper HTTP.
Only one request of a connection is read and answered at a time; what a client sends ahead stays in
its socket, so pipelining costs no memory. It stands in uvicorn's place for an HTTP protocol class,
because uvicorn's own has no time-outs, no limits and lenient framing. Every state has a deadline,
looked at by ``Connections``.
"""

from __future__ import annotations

import asyncio
import math
from enum import Enum, auto
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from gateway.server.asgi import ASGIApp, Scope
from gateway.server.connections import Connections
from gateway.server.exchange import Exchange, render_whole_answer
from gateway.server.framing import BodyReader, build_body_reader
from gateway.server.head import HEAD_END, RequestHead, check_partial_head, parse_head
from gateway.server.refusal import Refusal, Refused
from gateway.server.settings import EdgeSettings

__all__ = ["Connection", "bind_connection"]

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _State(Enum):
    HEAD = auto()  # idle, or reading a head
    BODY = auto()
    RUNNING = auto()  # the application has the request
    CLOSING = auto()  # the last answer is written; what comes in is dropped


def bind_connection(settings: EdgeSettings) -> type[Connection]:
    """Give the protocol class of one server, for ``uvicorn.Config(http=...)``."""

    class BoundConnection(Connection):
        """A connection of that server."""

        __slots__ = ()
        connections = Connections(settings)

    return BoundConnection


class Connection(asyncio.Protocol):
    """The protocol class; ``connections`` is shared by all of one server."""

    connections: ClassVar[Connections]

    __slots__ = (
        "_app",
        "_app_state",
        "_body",
        "_buffer",
        "_client",
        "_deadline",
        "_drained",
        "_dropped",
        "_exchange",
        "_head",
        "_head_begun",
        "_held",
        "_is_reading",
        "_is_write_paused",
        "_last_unsent",
        "_limit",
        "_loop",
        "_scheme",
        "_server",
        "_server_state",
        "_settings",
        "_stalled_since",
        "_state",
        "_stopping",
        "_transport",
    )

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._app = cast(ASGIApp, config.loaded_app)
        self._app_state = app_state
        self._server_state = server_state
        self._loop = _loop or asyncio.get_running_loop()
        self._settings = self.connections.settings
        self._state = _State.HEAD
        self._buffer = b""  # received, not yet part of a request
        self._head_begun = True  # the time of a head runs; false while idle between two requests
        self._head: RequestHead | None = None
        self._body: BodyReader | None = None
        self._exchange: Exchange | None = None
        self._deadline = math.inf
        self._limit = math.inf  # the end of the whole body's time
        self._held = 0  # bytes counted in ``connections.held``
        self._dropped = 0  # bytes dropped while closing
        self._stopping = False  # no further request
        self._is_reading = True
        self._is_write_paused = False
        self._drained: asyncio.Future[None] | None = None
        self._last_unsent = 0  # bytes of the answer not taken at the last sweep
        self._stalled_since = math.inf

    # Called by the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a new connection, or turn it away."""
        self._transport = cast(asyncio.Transport, transport)
        self._server = get_local_addr(self._transport)
        self._client = get_remote_addr(self._transport)
        self._scheme = "https" if is_ssl(self._transport) else "http"
        self._server_state.connections.add(cast(Any, self))  # uvicorn names only its own classes
        self.connections.add(self, self._loop)
        self._deadline = self._loop.time() + self._settings.head_seconds
        if self.connections.is_flooded:
            self._transport.abort()
        elif self.connections.is_full:
            self._refuse(self._overloaded("all the connections that it takes"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._server_state.connections.discard(cast(Any, self))
        self.connections.remove(self)
        self._state = _State.CLOSING
        self._buffer = b""
        self._body = None
        self._count_held()
        if self._exchange is not None:
            self._exchange.leave()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        if self._state is _State.CLOSING:
            self._drop(data)
            return
        self._buffer = self._buffer + data if self._buffer else data
        if self._state is _State.RUNNING:
            self._set_reading(False)
            self._count_held()
            return
        self._advance()

    def eof_received(self) -> bool:
        """Answer what is under way to a client that only stopped sending; true: stay open."""
        self._stopping = True
        if self._exchange is not None:
            self._exchange.end_input()
            return True
        if self._state is not _State.CLOSING and (self._buffer or self._body is not None):
            self._refuse(Refusal(400, "the request ends before its end"))
        return False

    def pause_writing(self) -> None:
        """Note that the client takes its answer too slowly."""
        self._is_write_paused = True

    def resume_writing(self) -> None:
        """Go on writing, or with the next request."""
        self._is_write_paused = False
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        if self._state is _State.HEAD and self._buffer:
            self._advance()

    # Called by uvicorn

    def shutdown(self) -> None:
        """Take no further request; close at once if none is under way."""
        self._stopping = True
        if self._state is _State.HEAD:
            self._close()
        elif self._exchange is not None:
            self._exchange.keep_alive = False

    # Called by the sweep

    def check(self, now: float) -> None:
        """Act if time is over."""
        self._check_sending(now)
        if now < self._deadline or self._last_unsent:
            return
        if self._state is _State.CLOSING:
            self._transport.abort()
        elif self._state is _State.HEAD and not self._buffer:
            self._close()
        elif self._state is not _State.RUNNING:
            self._refuse(Refusal(408, "the request did not come in time; send it faster"))

    # Called by the exchange

    def write(self, data: bytes) -> None:
        """Put bytes on the wire; bytes for a client that has left are dropped."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the client takes bytes again."""
        if self._is_write_paused:
            self._drained = self._loop.create_future()
            await self._drained

    def finish(self, *, keep_alive: bool) -> None:
        """Go on to the next request, or close."""
        self._exchange = None
        self._server_state.total_requests += 1
        if self._state is _State.CLOSING:
            return
        if not keep_alive or self._stopping:
            self._close()
            return
        self._state = _State.HEAD
        self._head_begun = bool(self._buffer)
        seconds = self._settings.head_seconds if self._buffer else self._settings.idle_seconds
        self._deadline = self._loop.time() + seconds
        if self._buffer:
            self._advance()

    def common_headers(self) -> bytes:
        """Give the header lines that every answer has."""
        return self.connections.render_common(self._server_state.default_headers)

    # Reading

    def _advance(self) -> None:
        """Make of the buffer what can be made of it: at most one request."""
        try:
            if self._state is _State.HEAD:
                self._read_head()
            if self._state is _State.BODY:
                self._read_body()
        except Refused as exc:
            self._refuse(exc.refusal)
            return
        self._set_reading(not self._buffer or self._state is not _State.RUNNING)
        if self._buffer or self._body is not None or self._held:
            self._count_held()
            if self.connections.is_out_of_memory and self._state is not _State.RUNNING:
                self._refuse(self._overloaded("all the unfinished requests that it takes"))

    def _read_head(self) -> None:
        if self._is_write_paused:  # the client must take the last answer first
            return
        if self._buffer.startswith(b"\r\n"):  # RFC 9112 section 2.2: one empty line is let pass
            self._buffer = self._buffer[2:]
        end = self._buffer.find(HEAD_END)
        if end < 0:
            self._wait_for_head()
            return
        end += len(HEAD_END)
        head = parse_head(self._buffer[:end], self._settings)
        self._body = build_body_reader(head, self._settings)
        self._head = head
        self._buffer = self._buffer[end:]
        self._state = _State.BODY
        now = self._loop.time()
        self._limit = now + self._settings.body_seconds
        if head.expects_continue and not self._buffer and (head.content_length or head.is_chunked):
            self._transport.write(_CONTINUE)

    def _wait_for_head(self) -> None:
        if not self._buffer:
            return
        if not self._head_begun:
            self._head_begun = True
            self._deadline = self._loop.time() + self._settings.head_seconds
        check_partial_head(self._buffer, self._settings)

    def _read_body(self) -> None:
        assert self._head is not None
        assert self._body is not None
        following = self._body.feed(self._buffer)
        if following is None:
            self._buffer = b""
            now = self._loop.time()
            self._deadline = min(self._limit, now + self._settings.body_stall_seconds)
            return
        self._buffer = following
        body, self._body = self._body.take(), None
        self._run(self._head, body)

    def _run(self, head: RequestHead, body: bytes) -> None:
        self._state = _State.RUNNING
        self._deadline = math.inf
        exchange = Exchange(self, self._build_scope(head), head, body)
        if self._stopping:
            exchange.keep_alive = False
        self._exchange = exchange
        task = self._loop.create_task(exchange.run(self._app))
        tasks = self._server_state.tasks  # uvicorn waits for these when it stops
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def _build_scope(self, head: RequestHead) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": head.version,
            "server": self._server,
            "client": self._client,
            "scheme": self._scheme,
            "root_path": "",
            "method": head.method,
            "path": head.path,
            "raw_path": head.raw_path,
            "query_string": head.query_string,
            "headers": head.headers,
            "state": self._app_state.copy(),
        }

    def _set_reading(self, wanted: bool) -> None:
        if wanted is self._is_reading:
            return
        self._is_reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _count_held(self) -> None:
        held = len(self._buffer) + (0 if self._body is None else self._body.size)
        self.connections.held += held - self._held
        self._held = held

    # Ending

    def _overloaded(self, what: str) -> Refusal:
        seconds = b"%d" % self._settings.retry_after_seconds
        return Refusal(
            503, f"this gateway has {what}; try again shortly", ((b"retry-after", seconds),)
        )

    def _refuse(self, refusal: Refusal) -> None:
        """Say why, and close: after an error nobody knows where the next request begins."""
        self._transport.write(render_whole_answer(refusal, self.common_headers()))
        self._linger()

    def _close(self) -> None:
        if self._buffer or not self._is_reading:
            self._linger()
            return
        self._end()
        self._transport.close()

    def _linger(self) -> None:
        """Close for writing, and drop what still comes, until the client has read the answer."""
        self._end()
        if self._transport.is_closing():
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
            self._set_reading(True)
        else:
            self._transport.close()

    def _end(self) -> None:
        self._state = _State.CLOSING
        self._buffer = b""
        self._head = None
        self._body = None
        self._count_held()
        self._deadline = self._loop.time() + self._settings.linger_seconds

    def _drop(self, data: bytes) -> None:
        self._dropped += len(data)
        if self._dropped > self._settings.linger_bytes:
            self._transport.abort()

    def _check_sending(self, now: float) -> None:
        """Cut a client that has taken nothing of its answer for too long.

        As long as an answer is under way, no other time runs: a slow reader gets it whole.
        """
        unsent = self._transport.get_write_buffer_size()
        if unsent and self._state is _State.CLOSING:
            self._deadline = now + self._settings.linger_seconds
        if unsent == 0 or unsent < self._last_unsent:
            self._stalled_since = math.inf
        elif self._stalled_since == math.inf:
            self._stalled_since = now
        elif now - self._stalled_since > self._settings.write_seconds:
            self._transport.abort()
        self._last_unsent = unsent
