"""What a status stands for."""

from __future__ import annotations

import pytest

from adapters.errors import AccessDenied, QuotaExhausted, SourceError, SourceUnavailable
from adapters.http_client.errors import RequestRejected
from adapters.http_client.message import HttpResponse
from adapters.http_client.status import retry_after, status_error

DAY = b"Wed, 01 Jul 2026 02:00:30 GMT"
MOMENT = 1782871200.0  # half a minute before


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, None),
        (294, None),
        (302, RequestRejected),
        (401, AccessDenied),
        (403, AccessDenied),
        (404, RequestRejected),
        (408, SourceUnavailable),
        (429, SourceUnavailable),
        (500, SourceUnavailable),
        (503, SourceUnavailable),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[SourceError] | None) -> None:
    """Who may come back is told by the class."""
    error = status_error(HttpResponse(status, b"", b""), "x")
    assert type(error) is (kind or type(None))
    if error is not None:
        assert error.retryable == (kind is SourceUnavailable)


@pytest.mark.parametrize(
    ("status", "wait", "kind"),
    [
        (429, b"60", SourceUnavailable),
        (429, b"61", QuotaExhausted),
        (503, b"3600", SourceUnavailable),
    ],
)
def test_a_long_wait_is_the_end_of_a_quota(
    status: int, wait: bytes, kind: type[SourceError]
) -> None:
    """Who is sent away for longer than anybody waits has used up the day's calls."""
    error = status_error(HttpResponse(status, b"retry-after: " + wait + b"\r\n", b""), "x")
    assert type(error) is kind
    assert error.retry_after == float(wait)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(b"7", 7.0), (DAY, 30.0), (b"soon", None), (b"-1", None), (b"", None), (None, None)],
)
def test_retry_after_is_seconds_or_a_date(value: bytes | None, seconds: float | None) -> None:
    """What cannot be read is as good as absent."""
    lines = b"" if value is None else b"Retry-After: %b\r\n" % value
    assert retry_after(HttpResponse(503, lines, b""), MOMENT) == seconds


def test_a_date_that_is_past_is_now() -> None:
    """A source's slow clock does not give a negative pause."""
    assert retry_after(HttpResponse(503, b"retry-after: " + DAY + b"\r\n", b""), MOMENT + 99) == 0.0
