"""What the edge and the pipeline cost per simple request, where the subgraph costs nothing.

In: nothing. Out: microseconds of CPU of a served gateway per request, by what it does: a refusal
below the pipeline, and a whole operation whose one fetch is answered from memory. The gateway is
the one that ``simpul serve`` runs, metrics and log lines on; the load comes from this process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import msgspec
from uvicorn.loops.auto import auto_loop_factory

from adapters.contract import SourceReport, SubgraphRequest, SubgraphResponse
from bench.load import Load, cpu_seconds, drive
from bench.served import serving
from bench.world import OPERATIONS, build_supergraph, build_truth
from gateway.config.model import Config
from gateway.upstreams import OpenedGraph, Shared, Upstreams
from schema.composition.composer import CompositionResult

__all__ = ["run_edge"]

_SECONDS = 2.0
_CONNECTIONS = 50
REQUESTS = {
    "refused before the pipeline": b'{"operationName": "none"}',
    "simple operation": msgspec.json.encode({"query": OPERATIONS["simple"]}),
}


def run_edge() -> list[tuple[str, float]]:
    """Measure every request; gives (name, microseconds per request)."""
    with serving(_open_null) as (address, pid):
        rows = []
        for name, body in REQUESTS.items():
            load = Load(address, body, _CONNECTIONS)
            _run(drive(load, 0.5))
            before = cpu_seconds(pid)
            answered = _run(drive(load, _SECONDS))
            rows.append((name, (cpu_seconds(pid) - before) / answered * 1e6))
        return rows


def _run(load: Coroutine[Any, Any, int]) -> int:
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(load)


async def _open_null(config: Config, shared: Shared) -> OpenedGraph:
    supergraph = build_supergraph()
    shops = build_truth(shops=3)["shops"]
    body = msgspec.json.encode(
        {"shops": [{"id": each["id"], "name": each["name"]} for each in shops]}
    )
    executors = {graph.name: _NullExecutor(body) for graph in supergraph.graphs}
    return OpenedGraph(CompositionResult(supergraph), Upstreams(executors, {}, AsyncExitStack()))


@dataclass(frozen=True, slots=True)
class _NullExecutor:
    """Answers every fetch with the same bytes, decoded."""

    body: bytes

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer at once, and tell as a remote subgraph's executor does."""
        report = SourceReport(request.subgraph, calls=1, spans=((0.0, 0.001),))
        data = msgspec.json.decode(self.body)
        return SubgraphResponse(data, body=self.body, reports=(report,))

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Nothing here subscribes."""
        raise AssertionError(f"nothing subscribes to {request.subgraph}")

    async def aclose(self) -> None:
        """Hold nothing open."""
