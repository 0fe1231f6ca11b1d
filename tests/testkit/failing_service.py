"""A service over HTTP that fails in one way, and counts the questions that it received.

In: a row of docs/source-faults.md, and how the service talks under each fault. Out: its address.
Nobody listens, or nobody takes the connection, without a talk.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.testkit.hostile_server import Talk
from tests.testkit.http_server import raw_server, read_request
from tests.testkit.source_faults import SourceFault

__all__ = ["FailingService", "failing", "saying"]


@dataclass(slots=True)
class FailingService:
    """A service that fails in one way, and counts."""

    url: str
    received: int = 0


def saying(raw: bytes) -> Talk:
    """Answer each request with ``raw`` and close."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(raw)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return talk


@asynccontextmanager
async def failing(row: SourceFault, talks: Mapping[str, Talk]) -> AsyncIterator[FailingService]:
    """Run a service with the row's fault; ``talks`` are named ``fault`` or ``fault-form``."""
    if row.fault in ("down", "connect_timeout"):
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
            port = listening.getsockname()[1]
            if row.fault == "down":
                listening.close()
                yield FailingService(f"http://127.0.0.1:{port}")
                return
            # One connection fills the queue of a server that takes none: others never come about.
            with socket.create_connection(("127.0.0.1", port)):
                yield FailingService(f"http://127.0.0.1:{port}")
        return
    talk = talks[f"{row.fault}-{row.form}" if row.form else row.fault]

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        service.received += 1
        await talk(reader, writer)

    async with raw_server(counted) as server:
        service = FailingService(server.url)
        yield service
