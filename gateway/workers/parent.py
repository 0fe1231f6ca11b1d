"""The parent of several workers: one address, one count of every quota, one ``/metrics``.

In: which graph, where, how many. Out: a served graph until SIGTERM or SIGINT. SIGHUP changes all
workers one by one, without a failed request for clients that honour ``connection: close``. It reads
no request: the workers take the connections from the socket that it opened.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest

from gateway.config.model import Config
from gateway.server.admin import build_admin
from gateway.server.serving import BACKLOG, OnReady, Server, build_server
from gateway.server.settings import build_edge_settings
from gateway.upstreams import open_counts
from gateway.workers.child import Child
from gateway.workers.counts import Family, Sample, SummedCounts
from gateway.workers.crew import Crew
from gateway.workers.order import WorkerOrder
from gateway.workers.places import PlaceTable

__all__ = ["serve_by_workers"]


async def serve_by_workers(order: WorkerOrder, *, host: str, port: int, on_ready: OnReady) -> None:
    """Serve until a signal ends it; raises ``StartError`` if no worker can start."""
    config = order.graph.read()
    table = PlaceTable()
    async with AsyncExitStack() as stack:
        ledger = await open_counts(config, stack)
        listener = stack.enter_context(_listen(host, port))
        crew = Crew(
            order.workers,
            lambda: Child(order, listener, ledger, table),
            graceful_seconds=config.limits.graceful_seconds,
        )
        stop = _stop_on_signal()
        await crew.start()
        on_ready(_address(listener))
        await _oversee(crew, config, stop)


async def _oversee(crew: Crew, config: Config, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        loop.add_signal_handler(signal.SIGHUP, lambda: tasks.create_task(crew.roll()))
        for slot in crew.members:
            tasks.create_task(crew.keep(slot))
        admin = _build_admin(crew, config)
        if admin is not None:
            tasks.create_task(admin.serve())
        await stop.wait()
        loop.remove_signal_handler(signal.SIGHUP)
        await crew.stop()
        if admin is not None:
            admin.should_exit = True


def _build_admin(crew: Crew, config: Config) -> Server | None:
    if config.admin is None:
        return None
    host, _, port = config.admin.rpartition(":")

    async def render_metrics() -> bytes:
        registry = CollectorRegistry()
        registry.register(SummedCounts([*await crew.count(), *_count_workers(crew)]))
        return generate_latest(registry)

    async def tell_sources() -> dict[str, Mapping[str, Any]]:
        members = crew.members
        told = await asyncio.gather(*(member.tell_sources() for member in members.values()))
        return {f"worker {slot}": each for slot, each in zip(members, told, strict=True)}

    edge = build_edge_settings(config.limits)
    operators = build_admin(render_metrics, tell_sources)
    return build_server(operators, edge, host=host, port=int(port), signals=False)


def _count_workers(crew: Crew) -> list[Family]:
    memory = [
        Sample("simpul_worker_memory_bytes", {"worker": str(slot)}, member.memory)
        for slot, member in crew.members.items()
    ]
    starts = [
        Sample("simpul_worker_starts_total", {"worker": str(slot)}, count)
        for slot, count in sorted(crew.starts.items())
    ]
    return [
        Family("simpul_worker_memory_bytes", "Resident memory of a worker.", "gauge", memory),
        Family(
            "simpul_worker_starts", "Starts of a worker, the first included.", "counter", starts
        ),
    ]


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _listen(host: str, port: int) -> socket.socket:
    """Open the socket that all workers inherit."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
