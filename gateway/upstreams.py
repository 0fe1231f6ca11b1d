"""Opens what the supergraph's subgraphs are asked through: remote clients and local adapters.

In: the configuration and the supergraph's graphs. Out: an executor per subgraph, and what closes
them. What all snapshots of a process share (the HTTP client, the quota ledger) is ``Shared``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.contract import SubgraphExecutor
from adapters.http_client import HttpClient, HttpLimits
from adapters.kit.adapter import AdapterSettingsError, Opening
from adapters.registry import RegistryError, load_adapter
from adapters.remote.executor import RemoteExecutor
from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings
from cache.ledger import Ledger
from gateway.config.model import Config
from gateway.supergraph_source import ADAPTER_URL, SchemaUnreadable
from schema.supergraph.model import Graph, Supergraph

__all__ = ["Shared", "Upstreams", "build_http_client", "open_upstreams"]


@dataclass(frozen=True, slots=True)
class Shared:
    """What outlives a snapshot: sockets, the counts of what was used of each quota, the time."""

    http: HttpClient
    ledger: Ledger
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Upstreams:
    """The executors of one snapshot, by subgraph name, and their guards, by source name."""

    executors: Mapping[str, SubgraphExecutor]
    guards: Mapping[str, SourceGuard]
    closing: AsyncExitStack

    def status(self) -> dict[str, Mapping[str, Any]]:
        """Tell how each source's guard stands."""
        return {name: guard.status() for name, guard in self.guards.items()}


def build_http_client(config: Config) -> HttpClient:
    """Build the client that all remote subgraphs and HTTP sources share."""
    limits = config.limits
    return HttpClient(
        HttpLimits(
            timeout_seconds=limits.fetch_seconds,
            connections=limits.connections_per_host,
            response_bytes=limits.response_bytes,
        )
    )


async def open_upstreams(config: Config, supergraph: Supergraph, shared: Shared) -> Upstreams:
    """Open every subgraph's executor; raises ``SchemaUnreadable`` naming what cannot be opened."""
    guards: dict[str, SourceGuard] = {}
    executors: dict[str, SubgraphExecutor] = {}
    stack = AsyncExitStack()
    try:
        for graph in supergraph.graphs:
            executors[graph.name] = await _open(graph, config, shared, guards)
            stack.push_async_callback(executors[graph.name].aclose)
    except BaseException:
        await stack.aclose()
        raise
    for guard in guards.values():
        stack.push_async_callback(guard.aclose)
    return Upstreams(executors, guards, stack)


async def _open(
    graph: Graph, config: Config, shared: Shared, guards: dict[str, SourceGuard]
) -> SubgraphExecutor:
    settings = config.subgraphs.get(graph.name)
    adapter = settings.adapter if settings else None
    if adapter is None and graph.url.startswith(ADAPTER_URL):
        adapter = graph.url.removeprefix(ADAPTER_URL)
    if adapter is None:
        return _open_remote(graph, config, shared, guards)
    opening = Opening(
        graph.name, config.base, client=shared.http, ledger=shared.ledger, clock=shared.clock
    )
    try:
        return await load_adapter(adapter).open(settings.settings if settings else {}, opening)
    except (RegistryError, AdapterSettingsError) as error:
        raise SchemaUnreadable(f'subgraph "{graph.name}": {error}') from None


def _open_remote(
    graph: Graph, config: Config, shared: Shared, guards: dict[str, SourceGuard]
) -> SubgraphExecutor:
    if not graph.url:
        raise SchemaUnreadable(
            f'subgraph "{graph.name}" has no address: set "subgraphs.{graph.name}.routing_url"'
        )
    settings = GuardSettings(timeout_seconds=config.limits.fetch_seconds)
    guard = _new_guard(graph.name, settings, shared, guards)
    return RemoteExecutor(graph.name, graph.url, shared.http, guard)


def _new_guard(
    name: str, settings: GuardSettings, shared: Shared, guards: dict[str, SourceGuard]
) -> SourceGuard:
    guard = SourceGuard(name, settings, ledger=shared.ledger)
    guards[name] = guard
    return guard
