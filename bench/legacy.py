"""The joined graph's operations over the demonstration's legacy systems.

In: the operations of ``docs/examples`` and the demonstration's fleet, which runs in processes of
its own. Out: microseconds of the gateway's CPU per request: all its adapters' work, and none of the
time that a legacy system takes. One request after another, on one connection; each operation is
sent twice before, so that what is measured is the prepared way.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import msgspec

from bench.load import cpu_seconds
from tests.testkit.joined_graph import EXAMPLES, gateway_over, running_fleet

__all__ = ["OPERATIONS", "LegacyRow", "run_legacy"]

OPERATIONS = tuple(sorted(n for n in EXAMPLES if int(n.partition("-")[0]) <= 8))
_SECONDS = 2.0  # of one operation
_LEAST = 10  # requests of one operation
_CALLS = 10**9  # of sources, by one operation and by a credential's day: no limit here


@dataclass(frozen=True, slots=True)
class LegacyRow:
    """One operation."""

    name: str
    size: int  # bytes of the answer
    microseconds: float  # of the gateway's CPU
    milliseconds: float  # until the answer, the legacy systems' time included


def run_legacy() -> Iterator[LegacyRow]:
    """Measure every operation."""
    with running_fleet() as fleet, TemporaryDirectory() as folder:
        fleet.set_quota("pelayanan", _CALLS)
        limits = {"source_calls": _CALLS}
        with gateway_over(fleet, Path(folder), config={"limits": limits}) as graph:
            address = urlsplit(graph.product.url).netloc
            with closing(http.client.HTTPConnection(address, timeout=60)) as connection:
                for name in OPERATIONS:
                    yield _measure(connection, graph.product.process.pid, name)


def _measure(connection: http.client.HTTPConnection, pid: int, name: str) -> LegacyRow:
    example = EXAMPLES[name]
    body = msgspec.json.encode({"query": example.query, "variables": example.variables})
    size = [_ask(connection, body) for _ in range(2)][-1]
    answered, before, started = 0, cpu_seconds(pid), time.monotonic()
    while answered < _LEAST or time.monotonic() - started < _SECONDS:
        _ask(connection, body)
        answered += 1
    waited = time.monotonic() - started
    used = cpu_seconds(pid) - before
    return LegacyRow(name, size, used / answered * 1e6, waited / answered * 1e3)


def _ask(connection: http.client.HTTPConnection, body: bytes) -> int:
    """Send one request; gives the size of the answer, which must have no errors."""
    headers = {"content-type": "application/json", "accept": "application/json"}
    connection.request("POST", "/graphql", body, headers)
    content = connection.getresponse().read()
    errors = msgspec.json.decode(content).get("errors")
    assert not errors, errors[:2]
    return len(content)
