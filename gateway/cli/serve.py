"""``simpul serve``: the gateway over a composed supergraph, or over a configuration."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Literal

from gateway.app import StartError, run_forever, serve_gateway
from gateway.cli.output import Failure
from gateway.cli.port import require_port
from gateway.config.load import ConfigError, load_config
from gateway.config.model import Config, SupergraphSettings
from gateway.server.log import LogFormat, configure_logging

__all__ = ["serve"]


def serve(
    *,
    supergraph: Path | None = None,
    subgraphs: Path | None = None,
    config: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 4000,
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
    log_format
        json, one object a line, or text.
    log_level
        The least severe lines to write.
    """
    configure_logging(log_format, level=getattr(logging, log_level.upper()))
    given = [path for path in (supergraph, subgraphs, config) if path is not None]
    if len(given) != 1:
        raise Failure('give one of "--supergraph", "--subgraphs" and "--config"')
    require_port(host, port)

    def read() -> Config:
        try:
            return _read(supergraph, subgraphs, config)
        except ConfigError as error:
            raise StartError(str(error)) from None

    try:
        run_forever(serve_gateway(read, host=host, port=port, on_ready=_announce))
    except StartError as error:
        raise Failure(str(error)) from None


def _read(supergraph: Path | None, subgraphs: Path | None, config: Path | None) -> Config:
    if supergraph is not None:
        return Config(supergraph=SupergraphSettings(file=supergraph))
    if subgraphs is not None:
        read = load_config(subgraphs, os.environ)
        shown = read.errors.model_copy(update={"upstream": "show"})
        return read.model_copy(update={"errors": shown})
    assert config is not None
    return load_config(config, os.environ)


def _announce(url: str) -> None:
    print(f"READY {url}/graphql", flush=True)
