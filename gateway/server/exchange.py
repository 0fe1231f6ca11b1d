"""One request and its answer, as the ASGI application sees them.

In: a head, a whole body, the application. Out: bytes to the connection. The body has been gathered
before the application starts, so a slow sender costs no task and no place among the requests in
flight. Short answers are written at once, head and body together.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from pathlib import Path
from typing import Protocol

from gateway.server.answer_head import (
    SLICE_BYTES,
    render_answer_head,
    render_known_head,
    render_whole_answer,
)
from gateway.server.asgi import ASGIApp, Message, Scope
from gateway.server.head import RequestHead
from gateway.server.refusal import Refusal
from gateway.server.reply import Headers

__all__ = ["Exchange", "Outlet", "build_scope"]

logger = logging.getLogger("simpul.edge")

_BODILESS = frozenset((204, 304))


class Outlet(Protocol):
    """What an exchange needs of its connection."""

    def write(self, data: bytes) -> None:
        """Put bytes on the wire; bytes for a client that has left are dropped."""

    async def drain(self) -> None:
        """Wait until the client takes bytes again."""

    def finish(self, *, keep_alive: bool) -> None:
        """Go on to the next request, or close."""

    def common_headers(self) -> bytes:
        """Give the header lines that every answer has, rendered."""


def build_scope(head: RequestHead, of_connection: Scope) -> Scope:
    """Say of a request what ASGI tells an application, beside what its connection has."""
    return {
        **of_connection,
        "http_version": head.version,
        "root_path": "",
        "method": head.method,
        "path": head.target.path,
        "raw_path": head.target.raw_path,
        "query_string": head.target.query_string,
        "headers": head.render_pairs(),
    }


class Exchange:
    """Built per request. ``run`` is a task of its own."""

    __slots__ = (
        "_body",
        "_chunked",
        "_client_left",
        "_head",
        "_headers",
        "_input_ended",
        "_is_done",
        "_missing",
        "_outlet",
        "_scope",
        "_started",
        "_status",
        "_waiter",
        "keep_alive",
    )

    def __init__(
        self, outlet: Outlet, scope: Scope, head: RequestHead, body: bytes, *, keep_alive: bool
    ) -> None:
        self._outlet = outlet
        self._scope = scope
        self._head = head
        self._body: bytes | None = body  # None once the application has it
        self._status = 0  # 0: no answer begun
        self._headers: Headers | list[tuple[bytes, bytes]] = ()
        self._started = False  # the answer's head is on the wire
        self._chunked = False
        self._missing: int | None = None  # bytes that the answer's length still promises
        self._is_done = False
        self._client_left = False
        self._input_ended = False
        self._waiter: asyncio.Future[None] | None = None
        self.keep_alive = keep_alive

    async def run(self, app: ASGIApp) -> None:
        """Run the application; whatever it does, the client gets an answer or a closed door."""
        try:
            await app(self._scope, self._receive, self._send)
        except asyncio.CancelledError:
            self._break_off(Refusal(503, "this gateway is stopping; try again"))
            raise
        except Exception as exc:  # the outermost border
            frame = traceback.extract_tb(exc.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            logger.error("the application failed: %s at %s", type(exc).__name__, place)
            self._break_off(Refusal(500, "the gateway failed on this request; its log has more"))
        else:
            self._break_off(Refusal(500, "the gateway gave no answer to this request"))

    def leave(self) -> None:
        """Note that the client is gone."""
        self._client_left = True
        self._wake()

    def end_input(self) -> None:
        """Note that the client sends nothing more: it left, or waits for its answer."""
        self._input_ended = True
        self._wake()

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        while not (self._client_left or self._input_ended or self._is_done):
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._client_left:
            return
        if message["type"] == "http.response.start":
            if self._status:
                raise RuntimeError("the answer has been started before")
            self._status = message["status"]
            self._headers = message.get("headers", ())
            return
        if not self._status or self._is_done:
            raise RuntimeError("the answer has not been started, or is over")
        body, more = message.get("body", b""), message.get("more_body", False)
        if len(body) > SLICE_BYTES:
            await self._write_slices(body, more=more)
            return
        self._write_part(body, more=more)
        if not self._is_done:
            await self._outlet.drain()

    async def _write_slices(self, body: bytes, *, more: bool) -> None:
        """Write a large body as its client takes it: the transport copies what it cannot send."""
        if not self._started:
            self._outlet.write(self._start(None if more else len(body)))
            self._started = True
        if not more and self._missing is not None and self._missing != len(body):
            raise RuntimeError("the answer's body and its Content-Length differ")
        view, end = memoryview(body), len(body)
        for begin in range(0, end, SLICE_BYTES):
            is_last = begin + SLICE_BYTES >= end
            self._write_part(bytes(view[begin : begin + SLICE_BYTES]), more=more or not is_last)
            if not self._is_done:
                await self._outlet.drain()
            if self._client_left:
                return

    def _write_part(self, body: bytes, *, more: bool) -> None:
        lead = b"" if self._started else self._start(None if more else len(body))
        if self._head.method == "HEAD" or self._status in _BODILESS:
            body = b""
        elif self._chunked:
            body = self._frame_chunk(body, more=more)
        elif self._missing is not None:
            self._missing -= len(body)
            if self._missing < 0 or (self._missing and not more):
                raise RuntimeError("the answer's body and its Content-Length differ")
        self._started = True
        self._outlet.write(lead + body)
        if not more:
            self._complete()

    def _start(self, length: int | None) -> bytes:
        """Render the answer's head; ``length`` is None while more of the body is to come."""
        if type(self._headers) is tuple:  # our own answers: one of few, rendered once
            lines, promised, has_close = render_known_head(self._status, self._headers)
        else:
            lines, promised, has_close = render_answer_head(self._status, self._headers)
        if has_close:
            self.keep_alive = False
        if promised is None and self._status not in _BODILESS:
            if length is not None:
                lines += b"content-length: %d\r\n" % length
            elif self._head.version == "1.1":
                self._chunked = True
                lines += b"transfer-encoding: chunked\r\n"
            else:
                self.keep_alive = False
        self._missing = promised
        if not self.keep_alive and not has_close:
            lines += b"connection: close\r\n"
        return lines + self._outlet.common_headers() + b"\r\n"

    def _frame_chunk(self, body: bytes, *, more: bool) -> bytes:
        framed = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        return framed if more else framed + b"0\r\n\r\n"

    def _break_off(self, refusal: Refusal) -> None:
        """End an answer that the application has not ended; one half sent can only be cut."""
        if self._is_done or self._client_left:
            return
        self.keep_alive = False
        if not self._started:
            self._outlet.write(
                render_whole_answer(
                    refusal, self._outlet.common_headers(), bodiless=self._head.method == "HEAD"
                )
            )
        self._complete()

    def _complete(self) -> None:
        self._is_done = True
        self._wake()
        self._outlet.finish(keep_alive=self.keep_alive)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
