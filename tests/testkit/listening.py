"""Addresses at which no connection comes about."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["full_queue"]


@contextmanager
def full_queue() -> Iterator[int]:
    """Give a loopback port whose server takes nobody: connections are begun and never made."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        port: int = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):  # fills the queue
            yield port
