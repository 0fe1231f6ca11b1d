"""What ``/metrics`` tells of operations, sources and reloads."""

from __future__ import annotations

from gateway.server.metrics import Metrics
from gateway.telemetry import OperationRecord, Outcome, ReloadRecord, SourceUse


def _record(status: int = 200, codes: tuple[str, ...] = (), calls: int = 1) -> OperationRecord:
    sources = (SourceUse("dukcapil", "ANSWERED", 1, calls),)
    outcome = Outcome("d", "query", "c", "ptsp", "P", status, codes, sources)
    return OperationRecord("1", 0.0, 0.004, outcome, (0.01,))


def _lines(metrics: Metrics) -> set[str]:
    return set(metrics.render().decode().splitlines())


def test_alike_operations_are_counted_each() -> None:
    """A batch counts as if every operation had been told alone."""
    metrics = Metrics(dict)
    metrics.operations_finished([_record(), _record(calls=2), _record(500, ("A", "B"), calls=0)])
    metrics.operations_finished([_record()])
    assert {
        'simpul_operations_total{agency="ptsp",kind="query",status="200"} 3.0',
        'simpul_operations_total{agency="ptsp",kind="query",status="500"} 1.0',
        'simpul_errors_total{code="A"} 1.0',
        'simpul_source_calls_total{agency="ptsp",purpose="P",source="dukcapil"} 4.0',
        'simpul_source_answers_total{source="dukcapil",status="ANSWERED"} 4.0',
        'simpul_operation_seconds_bucket{kind="query",le="0.0025"} 0.0',
        'simpul_operation_seconds_bucket{kind="query",le="0.005"} 4.0',
        'simpul_operation_seconds_count{kind="query"} 4.0',
    } <= _lines(metrics)


def test_a_request_that_was_not_parsed_has_a_kind_too() -> None:
    """No label is empty where an operator filters by it."""
    metrics = Metrics(dict)
    metrics.operations_finished([OperationRecord("1", 0.0, 0.1, Outcome("", "", "", "", "", 400))])
    assert 'simpul_operations_total{agency="",kind="none",status="400"} 1.0' in _lines(metrics)


def test_a_source_shows_its_guard() -> None:
    """Numbers and states are gauges, texts are left out."""
    metrics = Metrics(lambda: {"dukcapil": {"calls": 3, "open": True, "state": "closed"}})
    lines = _lines(metrics)
    assert {
        'simpul_source_calls{source="dukcapil"} 3.0',
        'simpul_source_open{source="dukcapil"} 1.0',
    } <= lines
    assert not any("simpul_source_state" in line for line in lines)


def test_reloads_are_counted_by_outcome() -> None:
    """An operator sees that a schema was refused."""
    metrics = Metrics(dict)
    metrics.schema_reloaded(ReloadRecord("h", 0.1))
    metrics.schema_reloaded(ReloadRecord("h", 0.1, problem="p"))
    assert {
        'simpul_schema_reloads_total{outcome="swapped"} 1.0',
        'simpul_schema_reloads_total{outcome="refused"} 1.0',
    } <= _lines(metrics)
