"""What an adapter's function is given besides keys: the caller's context and the open sources.

In: the request's ``CallContext`` and what the adapter opened at start. Out: the reports of the
sources that were asked, one per source and fetch. One ``Context`` serves one fetch and no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from adapters.contract import CallContext, Guarded, SourceReport, SourceStatus, Span
from adapters.errors import AccessDenied, SourceCode, SourceError

__all__ = ["Context"]

T = TypeVar("T")

_WORSE = (
    SourceStatus.ANSWERED,
    SourceStatus.STALE,
    SourceStatus.DENIED,
    SourceStatus.UNAVAILABLE,
)


@dataclass(slots=True)
class _Tally:
    """What one source did so far in this fetch."""

    status: SourceStatus = SourceStatus.ANSWERED
    code: str | None = None
    calls: int = 0
    spans: list[Span] = field(default_factory=list)
    as_of: datetime | None = None
    seals: tuple[str, ...] = ()

    def worsen(self, status: SourceStatus, code: SourceCode) -> None:
        """Take a status that is not better than the one before."""
        if _WORSE.index(status) >= _WORSE.index(self.status):
            self.status, self.code = status, code.value

    def grow_old(self, as_of: datetime | None) -> None:
        """Take the older of two times."""
        if as_of is not None and (self.as_of is None or as_of < self.as_of):
            self.as_of = as_of


@dataclass(slots=True)
class Context:
    """The caller, the sources, and the account of what the sources did."""

    call: CallContext
    sources: Any  # what the adapter's ``open_sources`` gave; its author knows the type
    memo: dict[Any, Any] = field(default_factory=dict)  # the adapter's own, for this fetch only
    _tallies: dict[str, _Tally] = field(default_factory=dict)

    def take(self, source: str, guarded: Guarded[T], *, as_of: datetime | None = None) -> T:
        """Account for a guarded call and give its value; raises its ``SourceError``."""
        self.record(
            source,
            calls=guarded.calls,
            span=guarded.span,
            error=guarded.error,
            as_of=as_of,
            stale=guarded.stale,
        )
        if guarded.error is not None:
            raise guarded.error
        value: T = guarded.value  # type: ignore[assignment]  # a value or an error, never neither
        return value

    def record(
        self,
        source: str,
        *,
        calls: int = 0,
        span: Span | None = None,
        error: SourceError | None = None,
        as_of: datetime | None = None,
        stale: SourceError | None = None,
    ) -> None:
        """Account for one use of ``source``; several uses add up to one report.

        ``stale`` says why what it gave is the last good value that is known, and no newer.
        """
        tally = self._tallies.setdefault(source, _Tally())
        tally.calls += calls
        if span is not None:
            tally.spans.append(span)
        tally.grow_old(as_of)
        if tally.status is SourceStatus.ANSWERED:
            tally.code = None  # it is asked now, whoever passed it over before
        if stale is not None:
            tally.worsen(SourceStatus.STALE, stale.code)
        if error is not None:
            self.mark(source, error)

    def seal(self, source: str, seals: Iterable[str]) -> None:
        """Name the entries of its own history that ``source`` wrote, by their seals."""
        self._tallies.setdefault(source, _Tally()).seals += tuple(seals)

    def skip(self, source: str, code: str, *, as_of: datetime | None = None) -> None:
        """Note that ``source`` was not asked and why; once it is asked, that counts no more.

        ``as_of`` is the age of what is known of it, where that decided.
        """
        self._tallies.setdefault(source, _Tally(code=code)).grow_old(as_of)

    def mark(self, source: str, error: SourceError) -> None:
        """Note that ``source`` failed or refused; an outage outweighs a refusal."""
        denied = isinstance(error, AccessDenied)
        status = SourceStatus.DENIED if denied else SourceStatus.UNAVAILABLE
        tally = self._tallies.get(source)
        if tally is None:
            tally = self._tallies[source] = _Tally()
        if (tally.status, tally.code) != (status, error.code):
            tally.worsen(status, error.code)

    @property
    def reports(self) -> tuple[SourceReport, ...]:
        """One report per source, in the order of first use."""
        return tuple(
            SourceReport(source, t.status, t.code, t.calls, tuple(t.spans), t.as_of, t.seals)
            for source, t in self._tallies.items()
        )
