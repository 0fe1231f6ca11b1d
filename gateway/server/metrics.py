"""Counts and times for Prometheus, on the second port.

In: telemetry records. Out: ``/metrics`` text. Labels are closed sets only (agency names from the
configuration, sources, codes, statuses): never a value or a name that a client chose.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Iterable, Sequence
from itertools import accumulate, repeat
from typing import Any

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.server.source_metrics import SourceCollector, SourceStatus
from gateway.telemetry import OperationRecord, ReloadRecord

__all__ = ["Metrics"]

# Seconds; finer where an interactive caller notices, up to the operation's deadline.
_BUCKETS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
    60.0,
)
_BOUNDS = (*map(str, _BUCKETS), "+Inf")


class Metrics:
    """A telemetry sink with a registry of its own."""

    def __init__(self, source_status: SourceStatus) -> None:
        self.registry = CollectorRegistry()
        self._operations = Counter(
            "simpul_operations",
            "Operations answered, by kind, agency and HTTP status.",
            ("kind", "agency", "status"),
            registry=self.registry,
        )
        self._seconds = _Seconds()
        self.registry.register(self._seconds)
        self._errors = Counter(
            "simpul_errors",
            "Operations with at least one error of this code.",
            ("code",),
            registry=self.registry,
        )
        self._calls = Counter(
            "simpul_source_calls",
            "Attempts that reached a source, by agency that asked and purpose.",
            ("source", "agency", "purpose"),
            registry=self.registry,
        )
        self._statuses = Counter(
            "simpul_source_answers",
            "What a source did for an operation.",
            ("source", "status"),
            registry=self.registry,
        )
        self._reloads = Counter(
            "simpul_schema_reloads", "Attempts to reload.", ("outcome",), registry=self.registry
        )
        self.registry.register(SourceCollector(source_status))

        self._kept: dict[tuple[object, ...], Any] = {}

    def operations_finished(self, records: Sequence[OperationRecord]) -> None:
        """Count operations: alike ones are added up first, and each sum is counted once."""
        seconds: dict[str, list[float]] = {}
        for record in records:
            seconds.setdefault(record.outcome.kind, []).append(record.seconds)
        for kind, times in seconds.items():
            self._seconds.observe(kind or "none", times)
        sums: dict[tuple[object, ...], int] = {}
        for outcome, count in Counts([record.outcome for record in records]).items():
            _add(
                sums,
                (self._operations, outcome.kind or "none", outcome.agency, outcome.status),
                count,
            )
            for code in outcome.codes:
                _add(sums, (self._errors, code), count)
            for use in outcome.sources:
                _add(sums, (self._statuses, use.source, use.status), count)
                if use.calls:
                    labels = (use.source, outcome.agency, outcome.purpose)
                    _add(sums, (self._calls, *labels), use.calls * count)
        for key, count in sums.items():
            self._child(key).inc(count)

    def _child(self, key: tuple[Any, ...]) -> Any:
        """Give the labelled child of (family, labels…), looked up once.

        The library's own look-up locks and converts. Kept as long as the library keeps it: labels
        are closed sets.
        """
        child = self._kept.get(key)
        if child is None:
            child = self._kept[key] = key[0].labels(*key[1:])
        return child

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Count one reload."""
        self._reloads.labels("refused" if record.problem else "swapped").inc()

    def render(self) -> bytes:
        """Give the exposition text."""
        return generate_latest(self.registry)


def _add(sums: dict[tuple[object, ...], int], key: tuple[object, ...], count: int) -> None:
    sums[key] = sums.get(key, 0) + count


class _Seconds(Collector):
    """Counts times by plain numbers; the library's own histogram locks twice for each."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}  # by kind, one number per bucket
        self._sums: dict[str, float] = {}

    def observe(self, kind: str, seconds: Sequence[float]) -> None:
        """Count times, in the order in which they came."""
        counts = self._counts.get(kind)
        if counts is None:
            counts = self._counts[kind] = [0] * len(_BOUNDS)
            self._sums[kind] = 0.0
        for bucket in map(bisect_left, repeat(_BUCKETS), seconds):
            counts[bucket] += 1
        self._sums[kind] = sum(seconds, self._sums[kind])

    def collect(self) -> Iterable[Metric]:
        """Give the histogram of each kind."""
        family = HistogramMetricFamily(
            "simpul_operation_seconds",
            "Time from the decoded request to the answer.",
            labels=("kind",),
        )
        for kind, counts in self._counts.items():
            buckets = list(zip(_BOUNDS, map(float, accumulate(counts)), strict=True))
            family.add_metric((kind,), buckets, self._sums[kind])
        return (family,)
