"""Says of every source what it did for this operation (DESIGN.md section 6).

In: the accounts of all fetches and the defects found while projecting. Out: the value of
``extensions.completeness`` and the list of source calls. Several fetches of one source fold into
one entry: the worst status wins, paths are united, defects are added. Order: that of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from adapters.contract import Path, SourceReport, SourceStatus, Span
from adapters.errors import SourceCode
from gateway.executor.state.account import FetchAccount

__all__ = [
    "DeniedField",
    "SourceTotal",
    "add_up_sources",
    "render_completeness",
    "render_source_calls",
]

MAX_PATHS = 20  # the statement is read by people; the full list stands in ``errors``

_WORSE: dict[SourceStatus, int] = {
    SourceStatus.ANSWERED: 0,
    SourceStatus.MASKED: 1,
    SourceStatus.STALE: 2,
    SourceStatus.DENIED: 3,
    SourceStatus.UNAVAILABLE: 4,
}
_COMPLETE = frozenset({SourceStatus.ANSWERED, SourceStatus.MASKED})
# These codes are answers about the request or a record: nothing is missing that could be there.
_ANSWERING = frozenset({SourceCode.DATA_RUSAK, SourceCode.TIDAK_DITEMUKAN, "BAD_USER_INPUT"})
_OUTAGES = frozenset(
    {SourceCode.SUMBER_TIDAK_TERSEDIA, SourceCode.KUOTA_HABIS, SourceCode.BATAS_WAKTU}
)


@dataclass(frozen=True, slots=True)
class DeniedField:
    """A field that was asked and not granted."""

    coordinate: str
    path: Path
    source: str | None = None  # who would have answered; None: not known


@dataclass(slots=True)
class _Entry:
    source: str
    status: SourceStatus = SourceStatus.ANSWERED
    code: str | None = None
    age: float | None = None
    paths: dict[Path, None] = field(default_factory=dict)
    defects: int = 0
    is_new: bool = True

    def worsen(self, status: SourceStatus, code: str | None) -> None:
        if self.is_new or _WORSE[status] > _WORSE[self.status]:
            self.status, self.code = status, code
        elif status is self.status is SourceStatus.ANSWERED:
            self.code = self.code and code  # not asked by one fetch: said only if by none
        elif status is self.status and self.code is None:
            self.code = code
        self.is_new = False

    def grow_old(self, as_of: datetime | None, now: datetime) -> None:
        if as_of is None:
            return
        since = as_of if as_of.tzinfo is not None else as_of.replace(tzinfo=UTC)
        age = max(0.0, (now - since).total_seconds())
        self.age = age if self.age is None else max(self.age, age)

    def render(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "status": self.status.value,
            "code": self.code,
            "ageSeconds": None if self.age is None else int(self.age),
            "paths": [list(path) for path in list(self.paths)[:MAX_PATHS]],
            "defects": self.defects,
        }


def render_completeness(
    accounts: Sequence[FetchAccount],
    denied: Sequence[DeniedField],
    projection_defects: Mapping[str, Iterable[Path]],
    now: datetime,
    *,
    is_whole: bool = True,
) -> dict[str, Any]:
    """Fold accounts into ``{"complete", "sources"}``; ``projection_defects`` is by subgraph.

    ``is_whole`` False: projection had to leave something out that a source did answer.
    The usual statement, that every source answered, is shared: nobody may change it.
    """
    if is_whole and not denied and not projection_defects and _have_answered(accounts):
        return _all_answered(_names_of(accounts))
    entries: dict[str, _Entry] = {}
    owners: dict[str, str] = {}  # a subgraph's first source, for what only the subgraph is known of
    complete = is_whole
    for account in accounts:
        for report in _reports_of(account):
            entry = entries.setdefault(report.source, _Entry(report.source))
            owners.setdefault(account.subgraph, report.source)
            _fold(entry, account, report, now)
        if account.defects:
            entries[owners[account.subgraph]].defects += account.defects
        complete = complete and not any(e.code not in _ANSWERING for e in account.errors)
    for each in denied:
        complete = False
        if each.source is not None:
            entry = entries.setdefault(each.source, _Entry(each.source))
            entry.worsen(SourceStatus.DENIED, SourceCode.TIDAK_ADA_HAK)
            entry.paths[each.path] = None
    for subgraph, paths in projection_defects.items():
        source = owners.get(subgraph, subgraph)
        entry = entries.setdefault(source, _Entry(source))
        for path in paths:
            entry.defects += 1
            entry.paths[path] = None
    answered = all(e.status in _COMPLETE and not e.defects for e in entries.values())
    return {
        "complete": complete and answered,
        "sources": [entry.render() for entry in entries.values()],
    }


def _have_answered(accounts: Iterable[FetchAccount]) -> bool:
    """Tell whether there is no more to say of the sources than that each answered, now."""
    for account in accounts:
        if account.errors or account.defects or account.as_of is not None:
            return False
        for report in account.reports:
            if (
                report.status is not SourceStatus.ANSWERED
                or report.code is not None
                or report.as_of is not None
            ):
                return False
    return True


def _names_of(accounts: Iterable[FetchAccount]) -> tuple[str, ...]:
    sources: dict[str, None] = {}
    for account in accounts:
        for report in account.reports:
            sources[report.source] = None
        if not account.reports:
            sources[account.subgraph] = None
    return tuple(sources)


@lru_cache(maxsize=1_024)
def _all_answered(sources: tuple[str, ...]) -> dict[str, Any]:
    entries = (_Entry(source) for source in sources)
    return {"complete": True, "sources": [entry.render() for entry in entries]}


class SourceTotal(msgspec.Struct, gc=False):
    """What one source did in one execution. Made per source and request, so a struct."""

    source: str
    fetches: int  # of the plan
    calls: int  # on the wire
    spans: tuple[Span, ...]

    def seconds(self) -> float:
        """How long it was waited for: fetches that waited at the same time waited once."""
        if len(self.spans) == 1:
            ((begin, until),) = self.spans
            return until - begin if until > begin else 0.0
        return _covered_seconds(self.spans)


def add_up_sources(accounts: Iterable[FetchAccount]) -> tuple[list[SourceTotal], bool]:
    """Add up per source, in the order in which they were first asked.

    Tells also whether there is no more to say of them than that each answered, now.
    """
    totals: dict[str, SourceTotal] = {}
    all_answered = True
    for account in accounts:
        if account.errors or account.defects or account.as_of is not None:
            all_answered = False
        for report in account.reports or _reports_of(account):
            if (
                report.status is not SourceStatus.ANSWERED
                or report.code is not None
                or report.as_of is not None
            ):
                all_answered = False
            total = totals.get(report.source)
            if total is None:
                totals[report.source] = SourceTotal(report.source, 1, report.calls, report.spans)
            else:
                total.fetches += 1
                total.calls += report.calls
                total.spans += report.spans
    return list(totals.values()), all_answered


def render_source_calls(accounts: Iterable[FetchAccount]) -> list[dict[str, Any]]:
    """List per source: fetches of the plan, calls on the wire, milliseconds waited."""
    return [
        {
            "source": total.source,
            "fetches": total.fetches,
            "calls": total.calls,
            "milliseconds": round(total.seconds() * 1000, 1),
        }
        for total in add_up_sources(accounts)[0]
    ]


def _covered_seconds(spans: Iterable[Span]) -> float:
    """Add up what the spans cover, counting once where they overlap."""
    covered, end = 0.0, float("-inf")
    for begin, until in sorted(spans):
        covered += max(0.0, until - max(begin, end))
        end = max(end, until)
    return covered


def _fold(entry: _Entry, account: FetchAccount, report: SourceReport, now: datetime) -> None:
    entry.worsen(report.status, report.code)
    status, code = _status_of(account)
    if len(account.reports) == 1 and status is not SourceStatus.ANSWERED:
        entry.worsen(status, code)  # its errors may say more than that an answer came
    entry.grow_old(report.as_of or account.as_of, now)
    for error in account.errors:
        if error.path is not None and _concerns(error.source, report, account):
            entry.paths[error.path] = None


def _concerns(source: str | None, report: SourceReport, account: FetchAccount) -> bool:
    """Tell whether an error of ``source`` speaks of the report's source."""
    if source is not None:
        return source == report.source
    return len(account.reports) <= 1 or report.status not in _COMPLETE


def _reports_of(account: FetchAccount) -> Iterator[SourceReport]:
    """Give the fetch's reports; a subgraph without sources of its own reports as itself."""
    if account.reports:
        yield from account.reports
        return
    status, code = _status_of(account)
    calls = 1 if account.was_sent else 0
    spans = () if account.span is None else (account.span,)
    yield SourceReport(account.subgraph, status, code, calls, spans)


def _status_of(account: FetchAccount) -> tuple[SourceStatus, str | None]:
    """Conclude from its errors what a subgraph did; a code of its own beside data is an answer."""
    codes = [error.code for error in account.errors]
    for code in codes:
        if code in _OUTAGES:
            return SourceStatus.UNAVAILABLE, code
    if SourceCode.TIDAK_ADA_HAK in codes:
        return SourceStatus.DENIED, SourceCode.TIDAK_ADA_HAK
    if codes and not account.has_data:
        return SourceStatus.UNAVAILABLE, codes[0]
    return SourceStatus.ANSWERED, None
