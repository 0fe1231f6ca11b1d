"""What a status says when the body does not: a table to the source codes.

In: a response. Out: the ``SourceError`` to raise, or None for a status below 300. Shared by
federated subgraphs and REST sources.
"""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from adapters.errors import AccessDenied, QuotaExhausted, SourceError, SourceUnavailable
from adapters.http_client.errors import RequestRejected
from adapters.http_client.message import HttpResponse

__all__ = ["retry_after", "status_error"]

_DENIED = (401, 403)
_TOO_MANY = 429
_PASSING = (408, 425, _TOO_MANY)  # 4xx that may go well in a while

_LONG_WAIT_SECONDS = 60.0
"""A 429 that asks us to wait longer than this is the day's limit and no passing crowd: nobody who
waits for an answer waits that long."""


def status_error(response: HttpResponse, where: str) -> SourceError | None:
    """Give the error that the status stands for; None if it is a success."""
    status = response.status
    if status < 300:
        return None
    text = f"{where} answered with status {status}"
    if status in _DENIED:
        return AccessDenied(text)
    if status >= 500 or status in _PASSING:
        wait = retry_after(response)
        if status == _TOO_MANY and wait is not None and wait > _LONG_WAIT_SECONDS:
            return QuotaExhausted(text, retry_after=wait)
        return SourceUnavailable(text, retry_after=wait)
    return RequestRejected(text)


def retry_after(response: HttpResponse, now: float | None = None) -> float | None:
    """Read the Retry-After header: seconds or a date; None if absent or unreadable."""
    value = response.header("retry-after")
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, moment - (time.time() if now is None else now))
