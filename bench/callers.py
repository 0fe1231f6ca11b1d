"""Connections of a load to a gateway: a free one, or a new one, as many as are asked at once.

In: a port, a body, headers. Out: the status and the answer's body. It costs little, since the load
shares the machine with what it measures.
"""

from __future__ import annotations

import asyncio

__all__ = ["Callers"]


class Callers:
    """Connections to the gateway: a free one, or a new one."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, body: bytes, headers: str = "") -> tuple[int, bytes]:
        """Send one operation; ``headers`` are lines, each with its end."""
        head = (
            "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n"
            f"content-type: application/json\r\n{headers}content-length: {len(body)}\r\n\r\n"
        )
        if not self._free:
            limit = 2**20
            opened = await asyncio.open_connection("127.0.0.1", self._port, limit=limit)
            self._free.append(opened)
        reader, writer = self._free.pop()
        writer.write(head.encode() + body)
        told = await reader.readuntil(b"\r\n\r\n")
        size = int(told.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        answer = await reader.readexactly(size)
        self._free.append((reader, writer))
        return int(told[9:12]), answer

    def close(self) -> None:
        """Close the connections that are free."""
        for _, writer in self._free:
            writer.close()
