"""Counts and times for Prometheus, on the second port.

In: telemetry records. Out: ``/metrics`` text. Labels are closed sets only (agency names from the
configuration, sources, codes, statuses): never a value or a name that a client chose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.telemetry import OperationRecord, ReloadRecord

__all__ = ["Metrics"]

# Seconds; finer where an interactive caller notices, up to the operation's deadline.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

SourceStatus = Callable[[], Mapping[str, Mapping[str, Any]]]
"""Gives each source's counters as its guard tells them."""


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
        self._seconds = Histogram(
            "simpul_operation_seconds",
            "Time from the decoded request to the answer.",
            ("kind",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
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
        self.registry.register(_SourceCollector(source_status))

        self._kept: dict[tuple[object, ...], Any] = {}

    def operations_finished(self, records: Sequence[OperationRecord]) -> None:
        """Count operations: alike ones are added up first, and each sum is counted once."""
        sums: dict[tuple[object, ...], int] = {}
        for record in records:
            kind = record.kind or "none"
            _add(sums, (self._operations, kind, record.agency, record.status))
            self._child((self._seconds, kind)).observe(record.seconds)
            for code in record.codes:
                _add(sums, (self._errors, code))
            for use in record.sources:
                _add(sums, (self._statuses, use.source, use.status))
                if use.calls:
                    asked = (self._calls, use.source, record.agency, record.purpose)
                    _add(sums, asked, use.calls)
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


def _add(sums: dict[tuple[object, ...], int], key: tuple[object, ...], count: int = 1) -> None:
    sums[key] = sums.get(key, 0) + count


class _SourceCollector(Collector):
    """Reads each guard's numbers when asked, so that nothing is counted twice."""

    def __init__(self, source_status: SourceStatus) -> None:
        self._source_status = source_status

    def collect(self) -> Iterable[Metric]:
        """Give every numeric entry of every source's status as a gauge."""
        families: dict[str, GaugeMetricFamily] = {}
        for source, status in self._source_status().items():
            for name, value in status.items():
                if isinstance(value, bool | int | float):
                    family = families.setdefault(
                        name,
                        GaugeMetricFamily(
                            f"simpul_source_{name}", f"Guard state: {name}.", labels=("source",)
                        ),
                    )
                    family.add_metric((source,), float(value))
        return families.values()
