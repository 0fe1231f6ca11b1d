"""The counts of several processes as one.

In: each worker's counters, histograms and gauges, as plain values that a socket carries. Out: one
set, in which equal names and labels are added up. A gauge of a source's guard is added up too: how
many calls are under way at it from all workers, or how many workers have its breaker open. What
holds for all workers together, such as a limit, is told as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from prometheus_client import Metric
from prometheus_client.registry import Collector

from gateway.server.source_metrics import CARE, LIMIT, QUOTA_USED

__all__ = ["Family", "SummedCounts", "read_families", "sum_families"]


_OF_ALL = frozenset((CARE, LIMIT, QUOTA_USED))
"""Families of numbers that each worker tells of all of them; of the used units, who paid last
knows most."""


class Sample(msgspec.Struct, frozen=True):
    """One number."""

    name: str
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, frozen=True):
    """All numbers of one metric."""

    name: str
    documentation: str
    type: str
    samples: list[Sample]

    @property
    def is_lasting(self) -> bool:
        """Whether the numbers outlive their worker, as what was counted does."""
        return self.type != "gauge"


def read_families(metrics: Iterable[Metric]) -> list[Family]:
    """Take the numbers out of a registry; the times at which counting began are left out."""
    return [
        Family(
            metric.name,
            metric.documentation,
            metric.type,
            [
                Sample(sample.name, dict(sample.labels), sample.value)
                for sample in metric.samples
                if not sample.name.endswith("_created")
            ],
        )
        for metric in metrics
    ]


def sum_families(workers: Iterable[Iterable[Family]]) -> list[Family]:
    """Add up, in the order in which names and labels first came."""
    named: dict[tuple[str, str], tuple[Family, dict[tuple[str, str], Sample]]] = {}
    for families in workers:
        for family in families:
            _, sums = named.setdefault((family.name, family.type), (family, {}))
            for sample in family.samples:
                key = (sample.name, repr(sorted(sample.labels.items())))
                before = sums[key].value if key in sums else 0.0
                value = before + sample.value
                if family.name in _OF_ALL:
                    value = max(before, sample.value)
                sums[key] = Sample(sample.name, sample.labels, value)
    return [
        Family(family.name, family.documentation, family.type, list(sums.values()))
        for family, sums in named.values()
    ]


class SummedCounts(Collector):
    """Gives families to the library that renders them."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Give every family."""
        for family in self._families:
            metric = Metric(family.name, family.documentation, family.type)
            for sample in family.samples:
                metric.add_sample(sample.name, sample.labels, sample.value)
            yield metric
