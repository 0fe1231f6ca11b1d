"""Typed hooks on what happened: the pipeline tells, sinks count or log. Knows no vendor.

In: one ``OperationRecord`` per operation, one ``ReloadRecord`` per reload. Out: whatever the sinks
do with it. A record holds no value of a request: neither variables nor names a client chose, so
that no sink can write a person's data by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["OperationRecord", "ReloadRecord", "SourceUse", "Telemetry", "TelemetrySink"]


@dataclass(slots=True)
class SourceUse:
    """What one operation cost one source."""

    source: str
    status: str
    fetches: int
    calls: int  # attempts that reached the wire
    seconds: float


@dataclass(slots=True)
class OperationRecord:
    """One finished operation. Built per request: not frozen."""

    operation_id: str
    document_hash: str  # of the text; "" where nothing was parsed
    kind: str  # query, mutation, or "" where nothing was parsed
    caller: str
    agency: str
    purpose: str
    status: int
    codes: tuple[str, ...]  # distinct codes of errors, sorted
    seconds: float
    sources: Sequence[SourceUse] = ()


@dataclass(frozen=True, slots=True)
class ReloadRecord:
    """One attempt to swap the schema; ``problem`` is empty where it went well."""

    snapshot_hash: str
    seconds: float
    problem: str = ""


class TelemetrySink(Protocol):
    """Takes records; must not block and must not raise."""

    def operation_finished(self, record: OperationRecord) -> None:
        """Take one finished operation."""
        ...

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Take one attempt to reload."""
        ...


class Telemetry:
    """Passes each record to every sink, in order."""

    def __init__(self, *sinks: TelemetrySink) -> None:
        self._sinks = sinks

    def operation_finished(self, record: OperationRecord) -> None:
        """Tell every sink of a finished operation."""
        for sink in self._sinks:
            sink.operation_finished(record)

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Tell every sink of an attempt to reload."""
        for sink in self._sinks:
            sink.schema_reloaded(record)
