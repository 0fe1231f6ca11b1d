"""What a parent tells a worker at its start: the one argument of the worker's process."""

from __future__ import annotations

import msgspec

from gateway.graph_choice import GraphChoice
from gateway.server.log import LogFormat

__all__ = ["WorkerOrder"]


class WorkerOrder(msgspec.Struct, frozen=True):
    """One worker's orders."""

    graph: GraphChoice
    workers: int  # how many serve together
    log_format: LogFormat
    log_level: int
    listener: int = -1  # descriptor of the listening socket, inherited
    channel: int = -1  # descriptor of the socket to the parent, inherited
