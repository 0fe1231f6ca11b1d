"""What may go wrong on the wire, and which of the six source codes it is.

The texts name host and port only: a legacy URL may carry a person's number.

    HttpError                   any failure of one HTTP exchange
    ├── InvalidRequest          URL, method or header that cannot be written; a ValueError too
    ├── ConnectFailed           no connection: refused, unknown host, TLS not trusted
    ├── ConnectionLost          closed or reset before the answer was whole
    ├── DeadlineExceeded        no whole answer in time
    ├── MalformedAnswer         framing, header or encoding that HTTP does not allow
    └── AnswerTooLarge          more bytes than the limits allow
"""

from __future__ import annotations

from typing import ClassVar

from adapters.errors import BadRecord, SourceError, SourceTimeout, SourceUnavailable

__all__ = [
    "SOURCE_ERRORS",
    "AnswerTooLarge",
    "ConnectFailed",
    "ConnectionLost",
    "DeadlineExceeded",
    "HttpError",
    "InvalidRequest",
    "MalformedAnswer",
    "RequestRejected",
    "source_error",
]


class HttpError(Exception):
    """Any failure of one HTTP exchange."""


class InvalidRequest(HttpError, ValueError):
    """The request cannot be written without breaking its framing: nothing was sent."""


class ConnectFailed(HttpError):
    """No connection could be made: nothing was sent."""


class ConnectionLost(HttpError):
    """The connection was closed or reset before the answer was whole."""

    def __init__(self, message: str, *, untouched: bool = False) -> None:
        super().__init__(message)
        self.untouched = untouched  # a kept connection that closed before the answer's first byte


class DeadlineExceeded(HttpError):
    """No whole answer came in time."""


class MalformedAnswer(HttpError):
    """The answer's framing, headers or encoding are not what HTTP allows."""


class AnswerTooLarge(HttpError):
    """The answer is larger than the limits allow."""


class RequestRejected(SourceUnavailable):
    """The upstream cannot take our request: asking again would change nothing."""

    retryable: ClassVar[bool] = False
    counts: ClassVar[bool] = False


SOURCE_ERRORS: dict[type[HttpError], type[SourceError]] = {
    InvalidRequest: RequestRejected,
    ConnectFailed: SourceUnavailable,
    ConnectionLost: SourceUnavailable,
    DeadlineExceeded: SourceTimeout,
    MalformedAnswer: BadRecord,
    AnswerTooLarge: BadRecord,
}


def source_error(error: HttpError) -> SourceError:
    """Translate a failure of the wire into the code that the client sees."""
    return SOURCE_ERRORS[type(error)](str(error))
