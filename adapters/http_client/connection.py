"""One kept connection: writes a request, reads exactly one answer, says when it is free again.

In: request bytes and a deadline. Out: a future of ``HttpResponse``. Invariants: at most one
exchange at a time; a connection on which anything was irregular is never used again; every
exchange ends, by its answer, an error, or ``expire``.

What does not belong here: which connection to take (``pool``), and timers.
"""

from __future__ import annotations

import asyncio
from typing import NoReturn, Protocol, cast

import httptools

from adapters.http_client.decoding import decode_body
from adapters.http_client.errors import (
    AnswerTooLarge,
    ConnectionLost,
    DeadlineExceeded,
    HttpError,
    MalformedAnswer,
)
from adapters.http_client.known_heads import KnownHeads
from adapters.http_client.message import HttpLimits, HttpResponse, find_header

__all__ = ["Connection", "Owner"]

# What a chunk's size and line ends may take. What chunks take beyond it (extensions, trailers) is
# counted as headers.
_CHUNK_BYTES = 32


class Owner(Protocol):
    """Who keeps the connection; both calls come from the event loop."""

    heads: KnownHeads

    def on_free(self, connection: Connection) -> None:
        """Take back a connection that may serve again."""
        ...

    def on_closed(self, connection: Connection) -> None:
        """Forget a connection that is gone."""
        ...


class Connection(asyncio.Protocol):
    """One connection to one origin."""

    def __init__(self, owner: Owner, where: str, limits: HttpLimits) -> None:
        self.deadline = float("inf")  # of the exchange under way, or of idling; loop's clock
        self.exchanges = 0  # begun on this connection
        self._owner = owner
        self._where = where
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[HttpResponse] | None = None  # None: no exchange under way
        self._problem: HttpError | None = None  # why a parser callback stopped the parser
        self.is_usable = False  # may a request be written?
        self._closed = False
        self._head_begins = 0
        self._received = self._size = self._chunks = 0
        self._reset(bodiless=False)

    def exchange(
        self, request: bytes, deadline: float, *, bodiless: bool = False
    ) -> asyncio.Future[HttpResponse]:
        """Send ``request``; the future gives its answer or raises ``HttpError``.

        ``bodiless``: the answer has no body whatever its head says, as that to HEAD.
        """
        assert self._transport is not None
        assert self._answer is None
        if self._is_used or bodiless:
            self._reset(bodiless=bodiless)
        self.deadline = deadline
        self.exchanges += 1
        self._answer = answer = self._loop.create_future()
        self._transport.write(request)
        return answer

    def divert(
        self, answer: asyncio.Future[HttpResponse], deadline: float
    ) -> asyncio.Future[HttpResponse]:
        """Give the answer to another future than ``answer``, which nobody fulfils any more."""
        assert self._answer is answer
        self.deadline = deadline
        self._answer = self._loop.create_future()
        return self._answer

    def expire(self) -> None:
        """End the exchange under way, or the idling: its deadline is past."""
        self._fail(DeadlineExceeded(f"{self._where} gave no whole answer in time"))

    def abandon(self, answer: asyncio.Future[HttpResponse]) -> None:
        """End the exchange that ``answer`` belongs to, if it is still under way."""
        if self._answer is answer:
            self.close()

    def close(self) -> None:
        """Cut the connection; an exchange under way ends with ``ConnectionLost``."""
        self._fail(ConnectionLost(f"the connection to {self._where} was closed by us"))

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        self._transport = cast(asyncio.Transport, transport)
        self.is_usable = True

    def data_received(self, data: bytes) -> None:
        """Feed the parser; end the exchange when the answer is whole or wrong."""
        if self._answer is None:
            self.close()  # bytes that nobody asked for
            return
        if not self._received and not self._bodiless:
            known = self._owner.heads.read(data)
            if known is not None:  # the parser has seen nothing of this answer, and need not
                self._give(known, keep_alive=True)
                return
        self._is_used = True
        self._received += len(data)
        if not self._head_done:
            self._parts.append(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not (self._bodiless and self._complete):
                self._fail(self._problem or self._malformed(error))
                return
        if self._complete and not self._chunks:
            if self._size and self._keep_alive and not self._encoding:
                self._owner.heads.note(data, self._status, self._lines, self._size)
            self._finish()
        else:
            self._weigh()

    def eof_received(self) -> bool:
        """Let the transport close; a body without a length ends here."""
        self.is_usable = False
        self._end_of_stream(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End the exchange and tell the owner."""
        self._end_of_stream(exc)
        self._leave()

    # httptools' callbacks; what they raise stops the parser

    def on_message_begin(self) -> None:
        """Refuse a second answer to one request."""
        if self._complete:
            self._stop(MalformedAnswer(f"{self._where} sent bytes after the end of its answer"))

    def on_headers_complete(self) -> None:
        """Cut the header lines out of what was received, and read how the body is framed."""
        received = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        start = self._head_begins
        if not received.startswith(b"HTTP/1.", start):  # line ends before it are forgiven
            start = received.find(b"HTTP/1.", start)
            if start < 0 or received[self._head_begins : start].strip(b"\r\n"):
                self._stop(MalformedAnswer(f"{self._where} answered with what is not HTTP/1.1"))
        end = received.find(b"\r\n\r\n", start) + 2
        self._status = status = self._parser.get_status_code()
        if status < 200:
            self._head_begins = end + 2
            return
        self._head_done = True
        self._parts.clear()
        self._lines = received[received.find(b"\r\n", start) + 2 : end]
        self._read_head(end + 2)

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body, within the limit."""
        self._size += len(body)
        if self._size > self._limits.response_bytes:
            self._stop(self._too_large())
        self._parts.append(body)

    def on_chunk_header(self) -> None:
        """Count the chunk."""
        self._chunks += 1

    def on_message_complete(self) -> None:
        """Mark the answer whole; an interim answer (1xx) only makes room for the real one."""
        if self._head_done:
            self._complete = True
            self._keep_alive = self._parser.should_keep_alive()  # not known any more afterwards

    # private

    def _reset(self, *, bodiless: bool) -> None:
        self._is_used = self._bodiless = bodiless  # whether it must be reset before the next
        self._received = 0  # bytes of the answer so far
        self._head_begins = 0  # where in them: behind interim answers
        self._head_done = False
        self._complete = False
        self._keep_alive = False
        self._status = self._size = self._chunks = 0
        self._lines = b""
        self._encoding: bytes | None = None
        self._parts: list[bytes] = []  # of the head, then of the body

    def _read_head(self, head_bytes: int) -> None:
        limits, lower = self._limits, self._lines.lower()
        if head_bytes > limits.header_bytes or lower.count(b"\n") > limits.header_count:
            self._stop(AnswerTooLarge(f"{self._where} answered with too many or large headers"))
        if b"-encoding:" in lower:
            self._encoding = find_header(lower, b"content-encoding")
            if find_header(lower, b"transfer-encoding") not in (None, b"chunked"):
                self._stop(MalformedAnswer(f"{self._where} used a transfer coding but chunked"))
        if self._bodiless:
            self._complete = True
            self._stop(self._too_large())  # or the parser would wait for a body; not a failure

    def _weigh(self) -> None:
        """Hold an answer that did not come at once, or came in chunks, to the limits."""
        limits, headers = self._limits, 0
        if not self._head_done:
            headers = self._received
        elif self._chunks:
            headers = self._received - self._size - self._chunks * _CHUNK_BYTES
        elif int(find_header(self._lines, b"content-length") or 0) > limits.response_bytes:
            self._fail(self._too_large())
            return
        if headers > limits.header_bytes:
            self._fail(AnswerTooLarge(f"{self._where} answered with an endless head"))
        elif self._complete:
            self._finish()

    def _finish(self) -> None:
        answer, self._answer = self._answer, None
        try:
            body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            if self._encoding:
                body = self._decoded(body)
        except HttpError as error:
            self._cut()
            _settle(answer, error)
            return
        self._parts.clear()
        response = HttpResponse(self._status, self._lines, body)
        self._answer = answer
        self._give(response, keep_alive=self._keep_alive)

    def _give(self, response: HttpResponse, *, keep_alive: bool) -> None:
        answer, self._answer = self._answer, None
        if keep_alive and self.is_usable:
            self._owner.on_free(self)
        else:
            self._cut()
        if answer is not None and not answer.done():
            answer.set_result(response)

    def _decoded(self, body: bytes) -> bytes:
        coding = (self._encoding or b"").decode("latin-1")
        return decode_body(body, coding, self._limits.response_bytes, self._where)

    def _end_of_stream(self, exc: Exception | None) -> None:
        if self._answer is None:
            return
        if exc is None and self._head_done and not self._has_length():
            self._finish()
            return
        untouched = not self._received and self.exchanges > 1
        when = "in the middle of" if self._received else "before"
        lost = ConnectionLost(
            f"{self._where} closed the connection {when} its answer", untouched=untouched
        )
        lost.__cause__ = exc
        self._fail(lost)

    def _has_length(self) -> bool:
        """Tell whether the body's end is marked by length or chunks."""
        lines = self._lines.lower()
        marks = (b"content-length", b"transfer-encoding")
        return any(find_header(lines, mark) is not None for mark in marks)

    def _fail(self, error: HttpError) -> None:
        answer, self._answer = self._answer, None
        self._cut()
        _settle(answer, error)

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        self._leave()

    def _leave(self) -> None:
        self.is_usable = False
        if not self._closed:
            self._closed = True
            self._owner.on_closed(self)

    def _stop(self, problem: HttpError) -> NoReturn:
        self._problem = problem
        raise problem

    def _malformed(self, error: Exception) -> MalformedAnswer:
        malformed = MalformedAnswer(f"{self._where} answered with what is not HTTP/1.1")
        malformed.__cause__ = error
        return malformed

    def _too_large(self) -> AnswerTooLarge:
        return AnswerTooLarge(
            f"{self._where} answered more than {self._limits.response_bytes} bytes"
        )


def _settle(answer: asyncio.Future[HttpResponse] | None, error: HttpError) -> None:
    if answer is not None and not answer.done():
        answer.set_exception(error)
