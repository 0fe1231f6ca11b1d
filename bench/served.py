"""A gateway as ``simpul serve`` runs it, in a process of its own, over subgraphs in its memory.

In: what opens its graph, importable. Out: its address and process id. Metrics and log lines are on;
the lines are written and not kept.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.app import run_forever, serve_gateway
from gateway.config.model import Config, SupergraphSettings
from gateway.server.log import configure_logging
from gateway.upstreams import OpenGraph

__all__ = ["serving"]


@contextmanager
def serving(open_graph: OpenGraph) -> Iterator[tuple[str, int]]:
    """Serve until the block ends; gives ``host:port`` and the process id."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with TemporaryDirectory() as folder:
        arguments = (open_graph, theirs, Path(folder))
        process = context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        try:
            assert process.pid is not None
            yield ours.recv(), process.pid
        finally:
            process.terminate()
            process.join()


def _serve(open_graph: OpenGraph, ready: Connection, folder: Path) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    configure_logging()
    config = Config(supergraph=SupergraphSettings(file=folder / "unread"), state_dir=folder)

    def tell(url: str) -> None:
        ready.send(url.removeprefix("http://"))

    run_forever(
        serve_gateway(
            lambda: config, host="127.0.0.1", port=0, on_ready=tell, open_graph=open_graph
        )
    )
