"""How each source stands and is cared for, as Prometheus reads it.

In: the status that each source's guard tells. Out: families of gauges. Labels are closed sets, of
the configuration: sources, settings, purposes. What a setting says in words is a label, not a
number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["CARE", "LIMIT", "QUOTA_USED", "SourceCollector", "SourceStatus"]

SourceStatus: TypeAlias = Callable[[], Mapping[str, Mapping[str, Any]]]
"""Gives each source's counters as its guard tells them."""

LIMIT = "simpul_source_limit"
CARE = "simpul_source_care"
QUOTA_USED = "simpul_source_quota_used"

_Numbers: TypeAlias = Iterator[tuple[str, float]]


class SourceCollector(Collector):
    """Reads each guard's numbers when asked, so that nothing is counted twice."""

    def __init__(self, source_status: SourceStatus) -> None:
        self._source_status = source_status

    def collect(self) -> Iterable[Metric]:
        """Give every number of every source's status, and how the source is cared for."""
        told = self._source_status()
        yield from _gauges(told)
        yield _used(told)
        yield _limits(told)
        yield _words(told)


def _gauges(told: Mapping[str, Mapping[str, Any]]) -> Iterable[Metric]:
    families: dict[str, GaugeMetricFamily] = {}
    for source, status in told.items():
        for name, value in status.items():
            if isinstance(value, bool | int | float) and name != "quota_used":
                family = families.setdefault(
                    name,
                    GaugeMetricFamily(
                        f"simpul_source_{name}", f"Guard state: {name}.", labels=("source",)
                    ),
                )
                family.add_metric((source,), float(value))
    return families.values()


def _used(told: Mapping[str, Mapping[str, Any]]) -> Metric:
    family = GaugeMetricFamily(
        QUOTA_USED,
        "Units of the day's quota used by all processes; by purpose where it has a quota.",
        labels=("source", "purpose"),
    )
    for source, status in told.items():
        if "quota_used" in status:
            family.add_metric((source, ""), float(status["quota_used"]))
        for purpose, used in status.get("quota_used_by_purpose", {}).items():
            family.add_metric((source, purpose), float(used))
    return family


def _limits(told: Mapping[str, Mapping[str, Any]]) -> Metric:
    family = GaugeMetricFamily(
        LIMIT, "A number that the source's settings give.", labels=("source", "setting")
    )
    for source, status in told.items():
        for name, value in status.get("care", {}).items():
            for setting, number in _numbers(name, value):
                family.add_metric((source, setting), number)
    return family


def _words(told: Mapping[str, Mapping[str, Any]]) -> Metric:
    family = GaugeMetricFamily(
        CARE,
        "1 for each word that the source's settings give: windows, codes, classes.",
        labels=("source", "setting", "value"),
    )
    for source, status in told.items():
        for name, value in status.get("care", {}).items():
            for setting, word in _worded(name, value):
                family.add_metric((source, setting, word), 1.0)
    return family


def _numbers(name: str, value: Any) -> _Numbers:
    if isinstance(value, int | float):
        yield name, float(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _numbers(f"{name}.{key}", item)


def _worded(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _worded(name, item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _worded(f"{name}.{key}", item)
