"""Several processes' counts as one."""

from __future__ import annotations

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from gateway.server.source_metrics import LIMIT, QUOTA_USED
from gateway.workers.counts import Family, Sample, SummedCounts, read_families, sum_families


def _worker(calls: int, seconds: float, busy: int) -> list[Family]:
    """Count in a registry of its own, and send it as a worker does."""
    registry = CollectorRegistry()
    Counter("calls", "Calls.", ("source",), registry=registry).labels("a").inc(calls)
    Histogram("seconds", "Times.", buckets=(1, 2), registry=registry).observe(seconds)
    Gauge("busy", "Now.", registry=registry).set(busy)
    sent = msgspec.json.encode(read_families(registry.collect()))
    return msgspec.json.decode(sent, type=list[Family])


def _render(families: list[Family]) -> set[str]:
    registry = CollectorRegistry()
    registry.register(SummedCounts(families))
    return set(generate_latest(registry).decode().splitlines())


def test_equal_names_and_labels_are_added_up() -> None:
    """Counters, every bucket of a histogram, and gauges."""
    lines = _render(sum_families([_worker(2, 0.5, 1), _worker(3, 1.5, 4)]))
    assert {
        'calls_total{source="a"} 5.0',
        'seconds_bucket{le="1.0"} 1.0',
        'seconds_bucket{le="2.0"} 2.0',
        'seconds_bucket{le="+Inf"} 2.0',
        "seconds_count 2.0",
        "seconds_sum 2.0",
        "busy 5.0",
        "# TYPE calls_total counter",
    } <= lines


def test_one_worker_is_told_as_it_is() -> None:
    """The sum of one changes nothing."""
    worker = _worker(2, 0.5, 1)
    assert sum_families([worker]) == worker


def test_what_was_counted_outlives_its_worker_and_what_is_now_does_not() -> None:
    """A dead worker has no calls under way."""
    lasting = [family.name for family in _worker(1, 1, 1) if family.is_lasting]
    assert lasting == ["calls", "seconds"]


def test_what_holds_for_all_workers_together_is_told_as_it_is() -> None:
    """Two workers with a cap of ten are one cap of ten; who paid last knows how much is used."""

    def worker(used: float) -> list[Family]:
        told = {"source": "a", "purpose": ""}
        return [
            Family(LIMIT, "L", "gauge", [Sample(LIMIT, {"setting": "parallel"}, 10.0)]),
            Family(QUOTA_USED, "Q", "gauge", [Sample(QUOTA_USED, told, used)]),
        ]

    lines = _render(sum_families([worker(7.0), worker(3.0)]))
    assert f'{LIMIT}{{setting="parallel"}} 10.0' in lines
    assert f'{QUOTA_USED}{{purpose="",source="a"}} 7.0' in lines
