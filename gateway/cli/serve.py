"""``simpul serve``: the gateway over a composed supergraph, or over a configuration."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter, validators

from gateway.app import run_forever, serve_gateway
from gateway.cli.output import Failure
from gateway.cli.port import require_port
from gateway.graph_choice import GraphChoice, StartError
from gateway.server.log import LogFormat, configure_logging
from gateway.workers.order import WorkerOrder
from gateway.workers.parent import serve_by_workers

__all__ = ["serve"]


def serve(
    *,
    supergraph: Path | None = None,
    subgraphs: Path | None = None,
    config: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 4000,
    workers: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 1,
    log_format: LogFormat = "json",
    log_level: Literal["debug", "info", "warning", "error"] = "info",
) -> None:
    """Serve one graph until SIGTERM; SIGHUP reads the configuration and the schemas again.

    Parameters
    ----------
    supergraph
        A composed supergraph: its subgraphs are asked at the addresses it names.
    subgraphs
        A supergraph.yaml, composed at start; upstream error texts are shown.
    config
        A simpul.yaml with every setting.
    host
        The address to listen on.
    port
        The port to listen on; 0 takes a free one.
    workers
        How many processes serve the graph together; about one per core.
    log_format
        json, one object a line, or text.
    log_level
        The least severe lines to write.
    """
    configure_logging(log_format, level=getattr(logging, log_level.upper()))
    paths = (supergraph, subgraphs, config)
    if sum(path is not None for path in paths) != 1:
        raise Failure('give one of "--supergraph", "--subgraphs" and "--config"')
    require_port(host, port)
    graph = GraphChoice(*(None if path is None else str(path) for path in paths))
    if workers > 1:
        order = WorkerOrder(graph, workers, log_format, getattr(logging, log_level.upper()))
        serving = serve_by_workers(order, host=host, port=port, on_ready=_announce)
    else:
        serving = serve_gateway(graph.read, host=host, port=port, on_ready=_announce)
    try:
        run_forever(serving)
    except StartError as error:
        raise Failure(str(error)) from None


def _announce(url: str) -> None:
    print(f"READY {url}/graphql", flush=True)
