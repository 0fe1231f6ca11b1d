"""Loopback servers for tests: one that behaves, and one that does whatever a test writes.

``http_server(answer)`` speaks HTTP and calls ``answer`` for each request; ``raw_server(talk)``
hands over the bare streams. Both are async context managers and log what they saw.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as the server saw it; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Decode the body."""
        return json.loads(self.body)


@dataclass(slots=True)
class Server:
    """A running server: where it is, and what it has seen."""

    port: int
    scheme: str = "http"
    socket: str | None = None  # path of its Unix socket; None: it listens on loopback
    connections: int = 0
    requests: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""
        if self.socket is not None:
            return f"unix:{self.socket}:"
        return f"{self.scheme}://127.0.0.1:{self.port}"


def reply(
    body: bytes | str = b"", status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> bytes:
    """Give a well-formed answer as bytes."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def json_reply(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """Give a JSON answer as bytes."""
    kind = ("content-type", "application/json")
    return reply(json.dumps(value), status, (kind, *headers))


async def read_request(reader: asyncio.StreamReader) -> Received | None:
    """Read one request with a length; None at the end of the stream."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, target, headers, body)


@asynccontextmanager
async def raw_server(
    talk: Talk, tls: ssl.SSLContext | None = None, socket: str | None = None
) -> AsyncIterator[Server]:
    """Serve each connection by ``talk``; what is still talking at the end is cancelled."""
    talks: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            talks.discard(task)
            writer.transport.abort()

    if socket is None:
        listener = await asyncio.start_server(converse, "127.0.0.1", 0, ssl=tls)
        server = Server(listener.sockets[0].getsockname()[1], "https" if tls else "http")
    else:
        listener = await asyncio.start_unix_server(converse, socket)
        server = Server(0, socket=socket)
    try:
        yield server
    finally:
        listener.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@asynccontextmanager
async def http_server(
    answer: Callable[[Received], bytes | Awaitable[bytes]],
    tls: ssl.SSLContext | None = None,
    socket: str | None = None,
) -> AsyncIterator[Server]:
    """Serve keep-alive HTTP; ``answer`` gives the raw answer to each request."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (received := await read_request(reader)) is not None:
            server.requests.append(received)
            given = answer(received)
            writer.write(given if isinstance(given, bytes) else await given)
            await writer.drain()

    async with raw_server(talk, tls, socket) as server:
        yield server
