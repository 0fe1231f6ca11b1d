"""``simpul adapter``: the local adapters that are installed, and one of them served alone."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.registry import adapter_names
from gateway.app import run_forever, serve_gateway
from gateway.cli.output import Failure
from gateway.cli.port import require_port
from gateway.config.load import ConfigError, load_config
from gateway.config.model import Config
from gateway.graph_choice import StartError
from gateway.server.log import LogFormat, configure_logging
from gateway.standalone import configure_alone, open_alone
from gateway.supergraph_source import SchemaUnreadable

__all__ = ["list_adapters", "serve_adapter"]


def list_adapters() -> None:
    """Print the names of the installed adapters, one a line."""
    for name in adapter_names():
        print(name)


def serve_adapter(
    name: str,
    *,
    config: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 4001,
    log_format: LogFormat = "json",
) -> None:
    """Serve one adapter as a standard Federation 2 subgraph, for any router, until SIGTERM.

    Parameters
    ----------
    name
        An installed adapter; "simpul adapter list" names them.
    config
        The simpul.yaml with the adapter's settings, the callers and the grants. Without it the
        adapter's own defaults hold, and only public fields are answered.
    host
        The address to listen on.
    port
        The port to listen on; 0 takes a free one.
    log_format
        json, one object a line, or text.
    """
    configure_logging(log_format)
    require_port(host, port)

    def read() -> Config:
        try:
            return configure_alone(name, load_config(config, os.environ) if config else None)
        except (ConfigError, SchemaUnreadable) as error:
            raise StartError(str(error)) from None

    try:
        run_forever(
            serve_gateway(read, host=host, port=port, on_ready=_announce, open_graph=open_alone)
        )
    except StartError as error:
        raise Failure(str(error)) from None


def _announce(url: str) -> None:
    print(f"READY {url}/graphql", flush=True)
