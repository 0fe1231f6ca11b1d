"""Opens what the supergraph's subgraphs are asked through: remote clients and local adapters.

In: the configuration and the supergraph's graphs. Out: an executor per subgraph, and what closes
them. What all snapshots of a process share (the HTTP client, the quota ledger) is ``Shared``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from adapters.contract import GraphClient, PushReceiver, SubgraphExecutor
from adapters.http_client import HttpClient, HttpLimits
from adapters.kit.adapter import Adapter, AdapterSettingsError, Opening
from adapters.registry import RegistryError, load_adapter
from adapters.remote.executor import RemoteExecutor
from adapters.resilience.guard import SourceGuard
from adapters.resilience.places import Places
from adapters.resilience.settings import GuardSettings
from cache.errors import FormUnknown
from cache.ledger import Ledger
from cache.registry import open_ledger
from gateway.config.model import Config
from gateway.graph_choice import StartError
from gateway.supergraph_source import ADAPTER_URL, SchemaUnreadable, read_supergraph
from gateway.upstream_tls import TlsUnreadable, build_tls
from schema.composition.composer import CompositionResult
from schema.supergraph.model import Graph, Supergraph

__all__ = [
    "OpenGraph",
    "OpenGraphClient",
    "OpenedGraph",
    "Shared",
    "Upstreams",
    "build_http_client",
    "open_counts",
    "open_graph",
    "open_upstreams",
]

Observed: TypeAlias = dict[str, Callable[[], Mapping[str, Any]]]
"""What tells how a source fares, by the source's name."""


OpenGraphClient: TypeAlias = Callable[[str, Mapping[str, str]], GraphClient]
"""Lets the adapter of a subgraph ask the graph, by its documents' names and texts."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What outlives a snapshot: sockets, the counts of what was used of each quota, the time."""

    http: HttpClient
    ledger: Ledger
    clock: Callable[[], datetime]
    places: Places | None = None  # None: no other process asks the same sources
    workers: int = 1  # processes that serve the same graph
    open_client: OpenGraphClient | None = None  # None: adapters cannot ask the graph


@dataclass(frozen=True, slots=True)
class Upstreams:
    """The executors of one snapshot, by subgraph name, and what tells of their sources."""

    executors: Mapping[str, SubgraphExecutor]
    observed: Observed
    closing: AsyncExitStack
    inboxes: dict[str, PushReceiver] = field(default_factory=dict)  # what takes pushes

    def status(self) -> dict[str, Mapping[str, Any]]:
        """Tell how each source fares."""
        return {name: describe() for name, describe in self.observed.items()}


@dataclass(frozen=True, slots=True)
class OpenedGraph:
    """What was composed, and what answers it; ``upstreams`` is None exactly if it has errors."""

    composed: CompositionResult
    upstreams: Upstreams | None = None


OpenGraph: TypeAlias = Callable[[Config, Shared], Awaitable[OpenedGraph]]
"""Composes what a configuration names and opens it; raises ``SchemaUnreadable``."""


async def open_graph(config: Config, shared: Shared) -> OpenedGraph:
    """Open the graph of all that the configuration names; raises ``SchemaUnreadable``."""
    composed = await read_supergraph(config, shared.http)
    if composed.supergraph is None:
        return OpenedGraph(composed)
    return OpenedGraph(composed, await open_upstreams(config, composed.supergraph, shared))


async def open_counts(config: Config, stack: AsyncExitStack) -> Ledger:
    """Open what counts the units of quotas; ``stack`` closes it. Raises ``StartError``."""
    try:
        return await stack.enter_async_context(open_ledger(config.ledger_place))
    except FormUnknown as error:
        raise StartError(str(error)) from None


def connections_of_one(config: Config, workers: int) -> int:
    """Give one worker's share of the connections to a host."""
    return max(1, config.limits.connections_per_host // workers)


def _waiting_for_one(config: Config, workers: int) -> int:
    """Give how many calls may wait for one subgraph: one that stands still stops no other.

    A call is at most one request of those in flight, so with the connections they are half of them.
    """
    half = config.limits.requests_in_flight // 2
    return max(0, half - connections_of_one(config, workers))


def build_http_client(config: Config, workers: int = 1) -> HttpClient:
    """Build the client that all remote subgraphs and HTTP sources of one process share."""
    limits = config.limits
    return HttpClient(
        HttpLimits(
            timeout_seconds=limits.fetch_seconds,
            connections=connections_of_one(config, workers),
            response_bytes=limits.response_bytes,
        )
    )


async def open_upstreams(config: Config, supergraph: Supergraph, shared: Shared) -> Upstreams:
    """Open every subgraph's executor; raises ``SchemaUnreadable`` naming what cannot be opened."""
    opened = Upstreams({}, {}, AsyncExitStack(), {})
    executors: dict[str, SubgraphExecutor] = {}
    try:
        for graph in supergraph.graphs:
            executors[graph.name] = await _open(graph, config, shared, opened)
            opened.closing.push_async_callback(executors[graph.name].aclose)
    except BaseException:
        await opened.closing.aclose()
        raise
    return replace(opened, executors=executors)


async def _open(
    graph: Graph, config: Config, shared: Shared, opened: Upstreams
) -> SubgraphExecutor:
    settings = config.subgraphs.get(graph.name)
    adapter = settings.adapter if settings else None
    if adapter is None and graph.url.startswith(ADAPTER_URL):
        adapter = graph.url.removeprefix(ADAPTER_URL)
    if adapter is None:
        return _open_remote(graph, config, shared, opened)
    try:
        loaded = load_adapter(adapter)
        opening = Opening(
            graph.name,
            config.base,
            client=shared.http,
            graph=_open_client(graph.name, loaded, shared),
            ledger=shared.ledger,
            places=shared.places,
            clock=shared.clock,
            observed=opened.observed,
            state=config.state_dir,
            inboxes=opened.inboxes,
        )
        return await loaded.open(settings.settings if settings else {}, opening)
    except (RegistryError, AdapterSettingsError) as error:
        raise SchemaUnreadable(f'subgraph "{graph.name}": {error}') from None


def _open_client(name: str, adapter: Adapter[Any], shared: Shared) -> GraphClient | None:
    documents = adapter.read_documents()
    return shared.open_client(name, documents) if shared.open_client and documents else None


def _open_remote(
    graph: Graph, config: Config, shared: Shared, opened: Upstreams
) -> SubgraphExecutor:
    if not graph.url:
        raise SchemaUnreadable(
            f'subgraph "{graph.name}" has no address: set "subgraphs.{graph.name}.routing_url"'
        )
    try:
        tls = build_tls(config.subgraphs.get(graph.name))
    except TlsUnreadable as error:
        raise SchemaUnreadable(f'subgraph "{graph.name}": {error}') from None
    settings = GuardSettings(
        timeout_seconds=config.limits.fetch_seconds,
        parallel=connections_of_one(config, shared.workers),
        queue=_waiting_for_one(config, shared.workers),
    )
    clock = asyncio.get_running_loop().time  # bound: to find the loop is to ask the system
    guard = SourceGuard(graph.name, settings, ledger=shared.ledger, clock=clock)
    opened.closing.push_async_callback(guard.aclose)
    executor = RemoteExecutor(
        graph.name, graph.url, shared.http, guard, tls=tls, shares=config.dedupe.subgraphs
    )
    opened.observed[graph.name] = lambda: guard.status() | executor.status()
    return executor
