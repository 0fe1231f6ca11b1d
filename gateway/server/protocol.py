"""One client connection: bytes in, requests out one after another, answers in the same order.

In: what the transport receives. Out: exchanges, each a task, and refusals for what is no proper
HTTP. Only one request of a connection is read and answered at a time; what a client sends ahead
stays in its socket, so pipelining costs no memory. It stands in uvicorn's place for an HTTP
protocol class, because uvicorn's own has no time-outs, no limits and lenient framing. Every state
has a deadline, looked at by ``Connections``.
"""

from __future__ import annotations

import asyncio
import math
from enum import Enum, auto
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from gateway.server.answer_head import render_whole_answer
from gateway.server.asgi import ASGIApp, Scope
from gateway.server.connections import Connections
from gateway.server.direct import DirectExchange, DirectPaths
from gateway.server.exchange import Exchange, build_scope
from gateway.server.head import RequestHead
from gateway.server.pace import Pace
from gateway.server.refusal import Refusal, Refused
from gateway.server.request_reader import RequestReader

__all__ = ["Connection", "bind_connection"]

_PATIENT_SECONDS = 2.0  # within which a body of full size comes over an ordinary line
_ASGI = {"version": "3.0", "spec_version": "2.3"}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _State(Enum):
    READING = auto()  # idle, or reading a request
    RUNNING = auto()  # the application has the request
    CLOSING = auto()  # the last answer is written; what comes in is dropped


def bind_connection(shared: Connections) -> type[asyncio.Protocol]:
    """Give the protocol class of one server, for ``uvicorn.Config(http=...)``.

    It is a ``BufferedProtocol``: loops take it wherever they take a ``Protocol``, but uvicorn's
    annotation names only the latter.
    """

    class BoundConnection(Connection):
        """A connection of that server."""

        __slots__ = ()
        connections = shared

    return cast(type[asyncio.Protocol], BoundConnection)


class Connection(asyncio.BufferedProtocol):
    """The protocol class; ``connections`` is shared by all of one server."""

    connections: ClassVar[Connections]

    __slots__ = (
        "_app",
        "_app_state",
        "_deadline",
        "_direct_task",
        "_drained",
        "_dropped",
        "_endpoints",
        "_exchange",
        "_head_begun",
        "_is_reading",
        "_is_write_paused",
        "_limit",
        "_loop",
        "_pace",
        "_reader",
        "_scope",
        "_server_state",
        "_settings",
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
        app: object = config.loaded_app
        self._app = cast(ASGIApp, app)
        self._endpoints = app.endpoints if isinstance(app, DirectPaths) else {}
        self._app_state = app_state
        self._server_state = server_state
        self._loop = _loop or asyncio.get_running_loop()
        self._settings = self.connections.settings
        self._state = _State.READING
        self._reader = RequestReader(self.connections)
        self._head_begun = True  # the time of a head runs; false while idle between two requests
        self._exchange: Exchange | DirectExchange | None = None
        self._direct_task: asyncio.Task[None] | None = None  # of a direct exchange under way
        self._deadline = math.inf
        self._limit = math.inf  # the end of the whole body's time; infinite between bodies
        self._dropped = 0  # bytes dropped while closing
        self._stopping = False  # no further request
        self._is_reading = True
        self._is_write_paused = False
        self._drained: asyncio.Future[None] | None = None
        self._pace = Pace(self._settings)

    # Called by the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a new connection, or turn it away."""
        self._transport = cast(asyncio.Transport, transport)
        self._scope: Scope = {  # what all its requests have alike
            "type": "http",
            "asgi": _ASGI,
            "server": get_local_addr(self._transport),
            "client": get_remote_addr(self._transport),
            "scheme": "https" if is_ssl(self._transport) else "http",
        }
        self._server_state.connections.add(cast(Any, self))  # uvicorn names only its own classes
        now = self._loop.time()
        self._deadline = now + self._settings.head_seconds
        self.connections.add(self, self._loop)
        if self.connections.is_flooded:
            self._transport.abort()
        elif self.connections.is_full and not self.connections.make_room(now, newcomer=self):
            self._refuse(self._overloaded("all the connections that it takes"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._server_state.connections.discard(cast(Any, self))
        self.connections.remove(self)
        self._state = _State.CLOSING
        self._reader.clear()
        if self._exchange is not None:
            self._exchange.leave()
        if self._direct_task is not None:  # it goes on, and calls ``finish`` no more
            self._direct_task.add_done_callback(self._server_state.tasks.discard)
        self.resume_writing()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Give the place that the transport reads into: one for all, so a read is bounded."""
        return self.connections.read_buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take bytes that were read."""
        data = bytes(self.connections.read_buffer[:nbytes])
        if self._state is _State.CLOSING:
            self._drop(data)
            return
        reader = self._reader
        reader.buffer = reader.buffer + data if reader.buffer else data
        if self._state is _State.RUNNING:
            self._set_reading(False)
            self._check_memory()
            return
        self._advance()

    def eof_received(self) -> bool:
        """Answer what is under way to a client that only stopped sending; true: stay open."""
        self._stopping = True
        if self._exchange is not None:
            self._exchange.end_input()
            return True
        if self._state is not _State.CLOSING and not self._reader.is_idle:
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
        self.proceed()

    # Called by uvicorn

    def shutdown(self) -> None:
        """Take no further request; close at once if none is under way."""
        self._stopping = True
        if self._state is _State.READING and not self._reader.is_in_body:
            self._close()
        elif self._exchange is not None:
            self._exchange.keep_alive = False

    # Called by ``connections``

    def retire(self) -> None:
        """Let the client know, with the answer under way, that it is the last one."""
        if self._exchange is not None:
            self._exchange.keep_alive = False

    def proceed(self) -> None:
        """Begin the next of the requests that were sent ahead."""
        if self._state is _State.READING and self._reader.buffer:
            self._advance()

    def check(self, now: float) -> None:
        """Act if time is over."""
        unsent = self._transport.get_write_buffer_size()
        if self._pace.is_too_slow(now, unsent):
            self._transport.abort()
        elif unsent:  # no other time runs while an answer is under way: a slow reader gets it whole
            if self._state is _State.CLOSING:
                self._deadline = now + self._settings.linger_seconds
        elif now >= self._deadline:
            self._time_out()

    def give_way(self, now: float) -> bool:
        """Close for a new connection's sake, if no request of this one is being answered.

        A body may take a while; one that takes longer than most need gives way too.
        """
        begun = self._limit - self._settings.body_seconds  # of the body
        if self._state is not _State.READING or (
            self._reader.is_in_body and now <= begun + _PATIENT_SECONDS
        ):
            return False
        self.connections.remove(self)
        self._transport.abort()
        return True

    # Called by the exchange

    def write(self, data: bytes) -> None:
        """Put bytes on the wire; bytes for a client that has left are dropped."""
        if not self._transport.is_closing():
            self._pace.written += len(data)
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the client takes bytes again."""
        if self._is_write_paused:
            self._drained = self._loop.create_future()
            await self._drained

    def finish(self, *, keep_alive: bool) -> None:
        """Go on to the next request, or close."""
        self._exchange = None
        if self._direct_task is not None:
            self._server_state.tasks.discard(self._direct_task)
            self._direct_task = None
        self._server_state.total_requests += 1
        if self._state is _State.CLOSING:
            return
        if not keep_alive or self._stopping:
            self._close()
            return
        self._state = _State.READING
        self._head_begun = is_ahead = self._reader.buffer != b""
        seconds = self._settings.head_seconds if is_ahead else self._settings.idle_seconds
        self._deadline = self._loop.time() + seconds
        if is_ahead:
            self.connections.defer(self, self._loop)

    def common_headers(self) -> bytes:
        """Give the header lines that every answer has."""
        shared, headers = self.connections, self._server_state.default_headers
        return shared.common if headers is shared.common_for else shared.render_common(headers)

    # Reading

    def _advance(self) -> None:
        """Make of what has come what can be made of it: at most one request."""
        reader = self._reader
        # Before the next head the client must take the last answer.
        if not self._is_write_paused or reader.is_in_body:
            try:
                request = reader.read()
            except Refused as exc:
                self._refuse(exc.refusal)
                return
            if request is None:
                self._wait_for_more()
            else:
                self._run(*request)
                if self._is_reading and not (reader.buffer or reader.counted):
                    return  # it came alone, as most do: nothing is held, and more may come
        is_waiting = self._state is _State.RUNNING or self._is_write_paused
        self._set_reading(not (is_waiting and reader.buffer))
        if reader.holds:
            self._check_memory()

    def _wait_for_more(self) -> None:
        """Set the time of the rest of the head, or of the body."""
        now, settings = self._loop.time(), self._settings
        if self._reader.is_in_body:
            if self._limit == math.inf:
                self._limit = now + settings.body_seconds
                if self._reader.expects_continue:
                    self.write(_CONTINUE)
            self._deadline = min(self._limit, now + settings.body_stall_seconds)
        elif self._reader.buffer and not self._head_begun:
            self._head_begun = True
            self._deadline = now + settings.head_seconds

    def _run(self, head: RequestHead, body: bytes) -> None:
        self._state = _State.RUNNING
        self._deadline = self._limit = math.inf
        keep_alive = head.keep_alive and not (self._stopping or self.connections.is_draining)
        endpoint = self._endpoints.get(head.target.path)
        if endpoint is None:
            scope = build_scope(head, {**self._scope, "state": self._app_state.copy()})
            exchange = self._exchange = Exchange(self, scope, head, body, keep_alive=keep_alive)
            running = exchange.run(self._app)
        else:
            direct = self._exchange = DirectExchange(self, keep_alive=keep_alive)
            running = direct.run(endpoint, head, body)
        task = self._loop.create_task(running)
        self._server_state.tasks.add(task)  # uvicorn waits for these when it stops
        if endpoint is None:  # it may go on behind its answer
            task.add_done_callback(self._server_state.tasks.discard)
        else:
            self._direct_task = task  # its answer is its end: no callback of the loop is needed

    def _set_reading(self, wanted: bool) -> None:
        if wanted is self._is_reading:
            return
        self._is_reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _check_memory(self) -> None:
        """Give way if all connections together hold too much."""
        if not self._reader.count():
            return
        if self._exchange is None:
            self._refuse(self._overloaded("all the unfinished requests that it takes"))
        elif self._reader.buffer:  # sent ahead: the request under way is answered, no other is
            self._reader.clear()
            self._stopping = True
            self._exchange.keep_alive = False

    # Ending

    def _overloaded(self, what: str) -> Refusal:
        seconds = b"%d" % self._settings.retry_after_seconds
        return Refusal(
            503, f"this gateway has {what}; try again shortly", ((b"retry-after", seconds),)
        )

    def _refuse(self, refusal: Refusal) -> None:
        """Say why, and close: after an error nobody knows where the next request begins."""
        self.write(render_whole_answer(refusal, self.common_headers()))
        self._linger()

    def _close(self) -> None:
        if self._reader.buffer or not self._is_reading:
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
        self._reader.clear()
        self._deadline = self._loop.time() + self._settings.linger_seconds

    def _drop(self, data: bytes) -> None:
        self._dropped += len(data)
        if self._dropped > self._settings.linger_bytes:
            self._transport.abort()

    def _time_out(self) -> None:
        if self._state is _State.CLOSING:
            self._transport.abort()
        elif self._state is _State.READING and self._reader.is_idle:
            self._close()
        elif self._state is not _State.RUNNING:
            self._refuse(Refusal(408, "the request did not come in time; send it faster"))
