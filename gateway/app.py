"""The process: opens what the configuration names, serves it, reloads it, closes it in reverse.

In: a function that reads the configuration, host and port. Out: a served gateway until a signal
ends it. SIGHUP reads the configuration and the schemas again; what cannot be used is told in the
log, and the old snapshot goes on.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client import Metric
from uvicorn.loops.auto import auto_loop_factory

from cache.key_file import KeyUnreadable, load_key
from gateway.audit.flushing import flushing
from gateway.audit.log import Audit, AuditBroken, AuditLog
from gateway.collector import paused_collector
from gateway.config.model import Config
from gateway.context import RequestContext
from gateway.graph_choice import StartError
from gateway.graph_client import GraphClients
from gateway.pipeline import Pipeline
from gateway.request import GraphQLResponse
from gateway.server.admin import build_admin
from gateway.server.console import CONSOLE_PATH, load_console
from gateway.server.dispatch import Dispatch, Lifespan, build_web
from gateway.server.examples import build_examples_route, read_examples
from gateway.server.graphql_http import GraphQLHttp
from gateway.server.health import Health
from gateway.server.inbox import InboxHttp
from gateway.server.load import Load
from gateway.server.log import OperationLog
from gateway.server.metrics import Metrics
from gateway.server.serving import OnReady, build_server
from gateway.server.settings import EdgeSettings, build_edge_settings
from gateway.snapshot import KnownOperation, SchemaSnapshot, SnapshotHolder
from gateway.supergraph_source import SchemaUnreadable
from gateway.telemetry import ReloadRecord, Telemetry
from gateway.upstreams import (
    OpenGraph,
    Shared,
    Upstreams,
    build_http_client,
    open_counts,
    open_graph,
)
from schema.errors import CompositionError

__all__ = ["Gateway", "build_app", "clock_of", "open_gateway", "run_forever", "serve_gateway"]

ReadConfig = Callable[[], Config]
"""Reads the configuration afresh; raises ``StartError`` if it cannot be used."""

logger = logging.getLogger("simpul.app")

# Objects made before the youngest are looked at. Fewer walk the schema too often; ten times as many
# no longer fit into the processor's cache, and cost a simple request a tenth more.
_COLLECT_AFTER = 5_000
_CONSOLE_FILES = Path(__file__).parent / "console" / "dist"


def run_forever(serving: Coroutine[Any, Any, None]) -> None:
    """Run on the fastest loop that is installed; the collector is told what will stay.

    A gateway makes many short-lived objects in few cycles: the collector's default threshold would
    walk the whole schema again and again.
    """
    gc.set_threshold(_COLLECT_AFTER)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(serving)


class Gateway:
    """One graph, opened; ``reload`` swaps its schema."""

    def __init__(
        self,
        config: Config,
        shared: Shared,
        read_config: ReadConfig,
        open_graph: OpenGraph = open_graph,
        audit: Audit | None = None,
    ) -> None:
        self._audit = audit
        self._read_config = read_config
        self._open_graph = open_graph
        self._shared = shared
        self._reloading = asyncio.Lock()
        self._upstreams: Upstreams | None = None
        self._metrics = Metrics(self.source_status)
        sinks = (OperationLog(), self._metrics) if config.metrics else (OperationLog(),)
        self._telemetry = Telemetry(*sinks)
        self._pipeline: Pipeline | None = None
        self.holder: SnapshotHolder | None = None

    async def open(self, config: Config) -> Pipeline:
        """Build the first snapshot and the pipeline over it; raises ``StartError``."""
        self.holder = SnapshotHolder(await self._build_snapshot(config))
        self._pipeline = Pipeline(self.holder, self._telemetry, self._shared.clock, self._audit)
        return self._pipeline

    async def reload(self) -> None:
        """Read configuration and schemas again; a bad one never replaces a good one."""
        async with self._reloading:
            started = asyncio.get_running_loop().time()
            problem = ""
            try:
                await self._swap()
            except StartError as error:
                problem = str(error)
            except Exception as bug:  # a border: whatever happens, the old snapshot goes on
                logger.exception("reload failed")
                problem = f"internal error {type(bug).__name__}"
            seconds = asyncio.get_running_loop().time() - started
            current = self.holder.current.hash if self.holder else ""
            self._telemetry.schema_reloaded(ReloadRecord(current, seconds, problem))

    def source_status(self) -> Mapping[str, Mapping[str, Any]]:
        """Tell how each source's guard stands."""
        return self._upstreams.status() if self._upstreams else {}

    def collect_metrics(self) -> list[Metric]:
        """Give the counts, those of the last operations with them."""
        self._telemetry.flush()
        return list(self._metrics.registry.collect())

    async def render_metrics(self) -> bytes:
        """Give the counts as ``/metrics`` has them."""
        self._telemetry.flush()
        return self._metrics.render()

    async def tell_sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the state of each source as ``/sources`` has it."""
        return self.source_status()

    async def aclose(self) -> None:
        """Tell what is not told yet, and close the current snapshot; idempotent."""
        self._telemetry.flush()
        if self.holder is not None:
            await self.holder.aclose()
            self.holder = None

    async def _swap(self) -> None:
        if self.holder is None:
            raise StartError("the gateway is closed")
        snapshot = await self._build_snapshot(self._read_config())
        snapshot.warm_from(self.holder.current)
        await self.holder.swap(snapshot)

    async def _build_snapshot(self, config: Config) -> SchemaSnapshot:
        with paused_collector():
            return await self._read_snapshot(config)

    async def _read_snapshot(self, config: Config) -> SchemaSnapshot:
        clients = GraphClients(self._answer_adapter)
        try:
            opened = await self._open_graph(config, replace(self._shared, open_client=clients.open))
        except SchemaUnreadable as error:
            raise StartError(str(error)) from None
        supergraph, upstreams = opened.composed.supergraph, opened.upstreams
        if supergraph is None or upstreams is None:
            raise StartError(_render_errors(opened.composed.errors))
        self._upstreams = upstreams
        snapshot = SchemaSnapshot(
            config,
            supergraph,
            upstreams.executors,
            upstreams.closing.aclose,
            inboxes=upstreams.inboxes,
        )
        clients.bind(snapshot)
        return snapshot

    async def _answer_adapter(
        self,
        snapshot: SchemaSnapshot,
        known: KnownOperation,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> GraphQLResponse:
        assert self._pipeline is not None, "adapters ask within requests, which need a pipeline"
        return await self._pipeline.answer_within(snapshot, known, variables, context)


async def serve_gateway(
    read_config: ReadConfig,
    *,
    host: str,
    port: int,
    on_ready: OnReady,
    open_graph: OpenGraph = open_graph,
) -> None:
    """Serve until SIGTERM or SIGINT; raises ``StartError`` before anything listens."""
    config = read_config()
    async with AsyncExitStack() as stack:
        ledger = await open_counts(config, stack)
        shared = Shared(build_http_client(config), ledger, clock_of(config))
        gateway, pipeline = await open_gateway(stack, read_config, config, shared, open_graph)
        await _serve(gateway, pipeline, config, (host, port), on_ready)


async def open_gateway(
    stack: AsyncExitStack,
    read_config: ReadConfig,
    config: Config,
    shared: Shared,
    open_graph: OpenGraph = open_graph,
) -> tuple[Gateway, Pipeline]:
    """Open the first graph; ``stack`` closes it, and the client. Raises ``StartError``."""
    stack.push_async_callback(shared.http.aclose)
    audit = await _open_audit(config, stack)
    gateway = Gateway(config, shared, read_config, open_graph, audit)
    stack.push_async_callback(gateway.aclose)
    pipeline = await gateway.open(config)
    gc.collect()  # what was made only to get here must not be kept for ever
    gc.freeze()
    return gateway, pipeline


async def _open_audit(config: Config, stack: AsyncExitStack) -> Audit | None:
    """Take this process's chain of evidence; raises ``StartError``."""
    if not config.audit_on:
        return None
    try:
        log = AuditLog(config.audit_folder, load_key(config.audit_key))
    except (AuditBroken, KeyUnreadable) as error:
        raise StartError(str(error)) from None
    except OSError as error:
        raise StartError(f"the audit log cannot be opened: {error.strerror}") from None
    stack.callback(log.close)
    await stack.enter_async_context(flushing(log))
    return log


async def _serve(
    gateway: Gateway,
    pipeline: Pipeline,
    config: Config,
    address: tuple[str, int],
    on_ready: OnReady,
) -> None:
    """Run the main server, and the second port where one is configured."""
    edge = build_edge_settings(config.limits)
    app = build_app(gateway, pipeline, config, edge, lifespan=lambda _: _reload_on_hangup(gateway))
    server = build_server(app, edge, host=address[0], port=address[1], on_ready=on_ready)
    if config.admin is None:
        await server.serve()
        return
    host, _, port = config.admin.rpartition(":")
    operators = build_admin(gateway.render_metrics, gateway.tell_sources)
    admin = build_server(operators, edge, host=host, port=int(port), signals=False)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(admin.serve())
        await server.serve()
        admin.should_exit = True


def build_app(
    gateway: Gateway,
    pipeline: Pipeline,
    config: Config,
    edge: EdgeSettings,
    *,
    lifespan: Lifespan | None = None,
) -> Dispatch:
    """Build the application of the main port."""
    load = Load(edge.requests_in_flight, shedding_seconds=edge.shedding_seconds)
    examples = build_examples_route(
        f"{CONSOLE_PATH}/examples.json", read_examples(config.console.examples)
    )
    web = build_web(
        Health(lambda: {"supergraph": gateway.holder is not None}, load),
        console=load_console(_CONSOLE_FILES) if config.console_on else None,
        routes=(examples,) if config.console_on else (),
        inbox=InboxHttp(lambda: gateway.holder),
        lifespan=lifespan,
    )
    return Dispatch(GraphQLHttp(pipeline.answer, edge, load), web)


@asynccontextmanager
async def _reload_on_hangup(gateway: Gateway) -> AsyncIterator[None]:
    """Reload on SIGHUP for as long as the server runs."""
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[None]] = set()

    def start_reload() -> None:
        task = loop.create_task(gateway.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    loop.add_signal_handler(signal.SIGHUP, start_reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        for task in reloads:
            task.cancel()


def _render_errors(errors: Iterable[CompositionError]) -> str:
    lines = [f"{error.code}: {error.message}" for error in errors]
    return "the subgraphs do not compose:\n" + "\n".join(lines)


def clock_of(config: Config) -> Callable[[], datetime]:
    """Give the time: the configured instant, standing still, or now."""
    if config.clock is None:
        return lambda: datetime.now(UTC)
    instant = config.clock
    return lambda: instant
