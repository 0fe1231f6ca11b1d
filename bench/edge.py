"""What the edge and the pipeline cost per simple request, where the subgraph costs nothing.

In: nothing. Out: microseconds of CPU of a served gateway per request, by what it does: a refusal
below the pipeline, and a whole operation whose one fetch is answered from memory. The gateway is
the one that ``simpul serve`` runs, metrics and log lines on; the load comes from this process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from uvicorn.loops.auto import auto_loop_factory

from adapters.contract import SubgraphRequest, SubgraphResponse
from bench.load import Load, cpu_seconds, drive
from bench.world import OPERATIONS, build_supergraph, build_truth
from gateway.app import run_forever, serve_gateway
from gateway.config.model import Config, SupergraphSettings
from gateway.server.log import configure_logging
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
    with _serving() as (address, pid):
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


@contextmanager
def _serving() -> Iterator[tuple[str, int]]:
    """Run the gateway in a process of its own; gives its address and process id."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with TemporaryDirectory() as folder:
        process = context.Process(target=_serve, args=(theirs, Path(folder)), daemon=True)
        process.start()
        try:
            assert process.pid is not None
            yield ours.recv(), process.pid
        finally:
            process.terminate()
            process.join()


def _serve(ready: Connection, folder: Path) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # lines are made and written, and not kept
    configure_logging()
    config = Config(supergraph=SupergraphSettings(file=folder / "unread"), state_dir=folder)

    def tell(url: str) -> None:
        ready.send(url.removeprefix("http://"))

    run_forever(
        serve_gateway(
            lambda: config, host="127.0.0.1", port=0, on_ready=tell, open_graph=_open_null
        )
    )


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
        """Answer at once."""
        return SubgraphResponse(msgspec.json.decode(self.body), body=self.body)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Nothing here subscribes."""
        raise AssertionError(f"nothing subscribes to {request.subgraph}")

    async def aclose(self) -> None:
        """Hold nothing open."""
