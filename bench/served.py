"""A gateway as ``simpul serve`` runs it, in a process of its own, over subgraphs in its memory.

In: what opens its graph, importable, and its configuration. Out: its address and process id.
Metrics and log lines are on; the lines are written and not kept.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.sampler import Sampler
from gateway.app import run_forever, serve_gateway
from gateway.config.model import Config, SupergraphSettings
from gateway.server.log import configure_logging
from gateway.upstreams import OpenGraph, open_graph

__all__ = ["serving"]


@contextmanager
def serving(
    open_graph: OpenGraph = open_graph,
    config: Config | None = None,  # None: ``open_graph`` reads nothing of it
    folded: Path | None = None,  # where the stacks of a sampling profile go, at the end
) -> Iterator[tuple[str, int]]:
    """Serve until the block ends; gives ``host:port`` and the process id."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with TemporaryDirectory() as folder:
        state = Path(folder)
        config = config or Config(supergraph=SupergraphSettings(file=state / "unread"))
        config = config.model_copy(update={"state_dir": state})
        arguments = (open_graph, theirs, config, folded)
        process = context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        try:
            assert process.pid is not None
            yield ours.recv(), process.pid
        finally:
            process.terminate()
            process.join()


def _serve(open_graph: OpenGraph, ready: Connection, config: Config, folded: Path | None) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    configure_logging()
    sampler = None if folded is None else Sampler()

    def tell(url: str) -> None:
        ready.send(url.removeprefix("http://"))

    run_forever(
        serve_gateway(
            lambda: config, host="127.0.0.1", port=0, on_ready=tell, open_graph=open_graph
        )
    )
    if sampler is not None and folded is not None:
        folded.write_text(sampler.stop())
