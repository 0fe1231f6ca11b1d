"""One kept connection: writes a request, reads exactly one answer, says when it is free again.

In: request bytes and a deadline. Out: a future of ``HttpResponse``. Invariants: at most one
exchange at a time; a connection on which anything was irregular is never used again; every
exchange ends, by its answer, an error, or ``expire``.

What does not belong here: which connection to take (``pool``), and timers.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

import httptools

from adapters.http_client.decoding import decode_body
from adapters.http_client.errors import (
    AnswerTooLarge,
    ConnectionLost,
    DeadlineExceeded,
    HttpError,
    MalformedAnswer,
)
from adapters.http_client.message import HttpLimits, HttpResponse

__all__ = ["Connection", "Owner"]


class Owner(Protocol):
    """Who keeps the connection; both calls come from the event loop."""

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
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[HttpResponse] | None = None  # None: no exchange under way
        self._problem: HttpError | None = None  # why a parser callback stopped the parser
        self._closed = False
        self._reset()

    def exchange(self, request: bytes, deadline: float) -> asyncio.Future[HttpResponse]:
        """Send ``request``; the future gives its answer or raises ``HttpError``."""
        assert self._transport is not None
        assert self._answer is None
        self._reset()
        self.deadline = deadline
        self.exchanges += 1
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    @property
    def is_usable(self) -> bool:
        """Tell whether a request may be written."""
        return (
            not self._closed and self._transport is not None and not (self._transport.is_closing())
        )

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

    def data_received(self, data: bytes) -> None:
        """Feed the parser; end the exchange when the answer is whole or wrong."""
        if self._answer is None:
            self.close()  # bytes that nobody asked for
            return
        self._started = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(self._problem or self._malformed(error))
            return
        if self._complete:
            self._finish()
        elif not self._head_done:
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.header_bytes:
                self._fail(AnswerTooLarge(f"{self._where} answered with an endless head"))

    def eof_received(self) -> bool:
        """Let the transport close; a body without a length ends here."""
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

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header; trailers are counted and dropped."""
        self._header_size += len(name) + len(value)
        self._header_count += 1
        if (
            self._header_size > self._limits.header_bytes
            or self._header_count > self._limits.header_count
        ):
            self._stop(AnswerTooLarge(f"{self._where} answered with too many or large headers"))
        if not self._head_done:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Read how the body is framed."""
        self._status = self._parser.get_status_code()
        self._head_done = self._status >= 200
        for name, value in self._headers:
            lower = name.lower()
            if lower == b"content-length":
                self._has_length = True
                if int(value) > self._limits.response_bytes:
                    self._stop(self._too_large())
            elif lower == b"transfer-encoding":
                self._has_length = True
                if value.strip().lower() != b"chunked":
                    self._stop(MalformedAnswer(f"{self._where} used a transfer coding but chunked"))
            elif lower == b"content-encoding":
                self._encoding = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body, within the limit."""
        self._size += len(body)
        if self._size > self._limits.response_bytes:
            self._stop(self._too_large())
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """Mark the answer whole; an interim answer (1xx) only makes room for the real one."""
        if self._head_done:
            self._complete = True
            self._keep_alive = self._parser.should_keep_alive()  # not known any more afterwards
        else:
            self._headers.clear()
            self._has_length = False

    # private

    def _reset(self) -> None:
        self._started = False  # has the first byte of the answer come?
        self._head_done = False
        self._complete = False
        self._keep_alive = False
        self._has_length = False  # is the body's end marked by length or chunks?
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._header_size = self._header_count = self._head_bytes = 0
        self._encoding = ""
        self._parts: list[bytes] = []
        self._size = 0

    def _finish(self) -> None:
        answer, self._answer = self._answer, None
        try:
            response = self._response()
        except HttpError as error:
            self._cut()
            _settle(answer, error)
            return
        if self._keep_alive and self.is_usable:
            self._owner.on_free(self)
        else:
            self._cut()
        if answer is not None and not answer.done():
            answer.set_result(response)

    def _response(self) -> HttpResponse:
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts = []
        if self._encoding:
            body = decode_body(body, self._encoding, self._limits.response_bytes, self._where)
        return HttpResponse(self._status, self._headers, body)

    def _end_of_stream(self, exc: Exception | None) -> None:
        if self._answer is None:
            return
        if exc is None and self._head_done and not self._has_length:
            self._finish()
            return
        untouched = not self._started and self.exchanges > 1
        when = "in the middle of" if self._started else "before"
        lost = ConnectionLost(
            f"{self._where} closed the connection {when} its answer", untouched=untouched
        )
        lost.__cause__ = exc
        self._fail(lost)

    def _fail(self, error: HttpError) -> None:
        answer, self._answer = self._answer, None
        self._cut()
        _settle(answer, error)

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        self._leave()

    def _leave(self) -> None:
        if not self._closed:
            self._closed = True
            self._owner.on_closed(self)

    def _stop(self, problem: HttpError) -> None:
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
