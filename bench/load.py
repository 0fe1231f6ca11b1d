"""Load on one HTTP server: as many requests as it answers, over connections that stay open.

In: an address, a body, a number of connections. Out: how many requests were answered in a time.
Every answer of one load has the same length, so an end is found by counting bytes: the load must
cost less than what it measures, since both share the machine.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast

__all__ = ["Load", "cpu_seconds", "drive"]

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent, where to, and over how many connections."""

    address: str  # host:port
    body: bytes
    connections: int
    path: str = "/graphql"

    def render(self) -> bytes:
        """Give the bytes of one request."""
        return (
            f"POST {self.path} HTTP/1.1\r\nhost: {self.address}\r\n"
            "accept: application/json\r\ncontent-type: application/json\r\n"
            f"content-length: {len(self.body)}\r\n\r\n"
        ).encode() + self.body


async def drive(load: Load, seconds: float) -> int:
    """Send requests for so long; gives how many were answered."""
    host, _, port = load.address.rpartition(":")
    loop = asyncio.get_running_loop()
    request = load.render()
    length = await _measure_answer(host, int(port), request)
    clients = []
    for _ in range(load.connections):
        _, client = await loop.create_connection(lambda: _Client(request, length), host, int(port))
        clients.append(client)
    await asyncio.sleep(seconds)
    for client in clients:
        client.stop()
    return sum(client.answered for client in clients)


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _measure_answer(host: str, port: int, request: bytes) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    for _ in range(3):  # an operation is compiled on its second use
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(size)
    writer.close()
    return len(head) + size


class _Client(asyncio.Protocol):
    """One connection, with one request on its way at a time."""

    def __init__(self, request: bytes, length: int) -> None:
        self._request = request
        self._length = length
        self._missing = length
        self.answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count, and send the next request."""
        self._missing -= len(data)
        if self._missing == 0:
            self.answered += 1
            self._missing = self._length
            self._transport.write(self._request)

    def stop(self) -> None:
        """Send nothing more."""
        self._transport.abort()
