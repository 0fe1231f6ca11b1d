"""The account of sources: what several uses of one source add up to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.contract import CallContext, Guarded, SourceStatus
from adapters.errors import AccessDenied, SourceError, SourceTimeout, SourceUnavailable
from adapters.kit.context import Context

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def context() -> Context:
    """A context of one fetch."""
    return Context(CallContext(), None)


def test_uses_add_up_and_the_oldest_value_counts(context: Context) -> None:
    """Calls are summed, the times of waiting kept; the age is that of the oldest part."""
    assert context.take("s", Guarded("a", None, 1, (1.0, 1.5)), as_of=NEW) == "a"
    assert context.take("s", Guarded("b", None, 2, (1.2, 1.6)), as_of=OLD) == "b"
    (report,) = context.reports
    assert (report.calls, report.as_of) == (3, OLD)
    assert report.spans == ((1.0, 1.5), (1.2, 1.6))
    assert (report.status, report.code) == (SourceStatus.ANSWERED, None)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_source_passed_over_and_asked_was_asked(context: Context, is_first: bool) -> None:
    """In whatever order two functions pass it over and ask it."""
    if is_first:
        context.skip("s", "TIDAK_DITANYA", as_of=OLD)
    context.record("s", calls=1, as_of=NEW)
    if not is_first:
        context.skip("s", "TIDAK_DITANYA", as_of=OLD)
    (report,) = context.reports
    assert (report.code, report.as_of) == (None, OLD)


@pytest.mark.parametrize(
    ("marks", "status", "code"),
    [
        ([SourceTimeout(), AccessDenied()], SourceStatus.UNAVAILABLE, "BATAS_WAKTU"),
        ([AccessDenied(), SourceTimeout()], SourceStatus.UNAVAILABLE, "BATAS_WAKTU"),
        ([None, AccessDenied()], SourceStatus.DENIED, "TIDAK_ADA_HAK"),
        ([AccessDenied(), None], SourceStatus.DENIED, "TIDAK_ADA_HAK"),
        ([None], SourceStatus.STALE, "SUMBER_TIDAK_TERSEDIA"),
    ],
)
def test_the_worst_status_wins(
    context: Context, marks: list[SourceError | None], status: SourceStatus, code: str
) -> None:
    """An outage outweighs a refusal, and both a last good value (None here)."""
    for error in marks:
        if error is None:
            value = Guarded("last", stale=SourceUnavailable("gone"))
            assert context.take("s", value, as_of=OLD) == "last"
        else:
            context.record("s", error=error)
    (report,) = context.reports
    assert (report.status, report.code) == (status, code)
