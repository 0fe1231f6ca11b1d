"""Typed hooks on what happened: the pipeline tells, sinks count or log. Knows no vendor.

In: one ``OperationRecord`` per operation, one ``ReloadRecord`` per reload. Out: whatever the sinks
do with it. A record holds no value of a request: neither variables nor names a client chose, so
that no sink can write a person's data by mistake.

Operations are told in batches, off the path of any request: a line or a count made at once costs a
simple request a third of all its time. ``flush`` tells what is kept; whoever stops the process, or
reads the counts, calls it first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import msgspec

__all__ = [
    "OperationRecord",
    "Outcome",
    "ReloadRecord",
    "SourceUse",
    "Telemetry",
    "TelemetrySink",
]

_BATCH_SECONDS = 0.25  # what a killed process may leave untold; a reader of logs does not notice it
_BATCH_RECORDS = 100  # told at once then, however young: more would hold up the loop for long


class SourceUse(NamedTuple):
    """What one operation asked of one source, and what became of it."""

    source: str
    status: str
    fetches: int
    calls: int  # attempts that reached the wire


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What many operations have alike; most of a batch share one, and a sink works once for it.

    One is itself: it is a key without a look at what it holds.
    """

    document_hash: str  # of the text; "" where nothing was parsed
    kind: str  # query, mutation, or "" where nothing was parsed
    caller: str
    agency: str
    purpose: str
    status: int
    codes: tuple[str, ...] = ()  # distinct codes of errors, sorted
    sources: tuple[SourceUse, ...] = ()


class OperationRecord(msgspec.Struct, frozen=True, gc=False):
    """One finished operation. Built per request, so a struct."""

    operation_id: str
    ended: float  # seconds since the epoch
    seconds: float
    outcome: Outcome
    waited: tuple[float, ...] = ()  # for each of the outcome's sources, in seconds


@dataclass(frozen=True, slots=True)
class ReloadRecord:
    """One attempt to swap the schema; ``problem`` is empty where it went well."""

    snapshot_hash: str
    seconds: float
    problem: str = ""


class TelemetrySink(Protocol):
    """Takes records; must not block and must not raise."""

    def operations_finished(self, records: Sequence[OperationRecord]) -> None:
        """Take finished operations, in the order in which they ended."""
        ...

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Take one attempt to reload."""
        ...


class Telemetry:
    """Passes each record to every sink, in order; belongs to one event loop."""

    def __init__(self, *sinks: TelemetrySink) -> None:
        self._sinks = sinks
        self._kept: list[OperationRecord] = []
        self._timer: asyncio.TimerHandle | None = None

    def operation_finished(self, record: OperationRecord) -> None:
        """Keep a finished operation until the next batch."""
        self._kept.append(record)
        if len(self._kept) >= _BATCH_RECORDS:
            self.flush()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_BATCH_SECONDS, self.flush)

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Tell every sink of an attempt to reload."""
        self.flush()
        for sink in self._sinks:
            sink.schema_reloaded(record)

    def flush(self) -> None:
        """Tell every sink of the operations kept."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._kept:
            return
        batch, self._kept = self._kept, []
        for sink in self._sinks:
            sink.operations_finished(batch)
