"""A client that sends any bytes, and a real server for it in the same event loop.

In: raw requests, also broken ones. Out: the answers as they came over the wire, read strictly, so
that an answer of ours that is no proper HTTP fails a test too.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import uvicorn

from gateway.server.asgi import ASGIApp
from gateway.server.serving import build_server
from gateway.server.settings import EdgeSettings

__all__ = ["QUICK", "RawAnswer", "RawClient", "ask", "get", "parse_answers", "post", "serve"]

Address = tuple[str, int]
"""Host and port."""

PATIENCE = 30.0
"""Seconds after which a test fails; no check waits so long."""

QUICK = EdgeSettings(
    head_seconds=0.3,
    body_seconds=0.6,
    body_stall_seconds=0.3,
    idle_seconds=0.3,
    write_seconds=0.3,
    linger_seconds=0.3,
    sweep_seconds=0.02,
    graceful_seconds=1.0,
)
"""Time-outs that a test can wait for."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the first error."""
        code = self.json["errors"][0]["extensions"]["code"]
        assert isinstance(code, str)
        return code


class RawClient:
    """One connection."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._received = b""

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(*self._address)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._writer.transport.abort()

    async def send(self, data: bytes) -> None:
        """Send bytes; a server that has closed is no error."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError:
            return

    def send_end(self) -> None:
        """Send nothing more, and go on reading."""
        self._writer.write_eof()

    @property
    def is_closed(self) -> bool:
        """Whether the server's closing has been noticed while sending."""
        return self._writer.transport.is_closing()

    async def read_answer(self, *, bodiless: bool = False) -> RawAnswer:
        """Read one answer from an open connection."""
        async with asyncio.timeout(PATIENCE):
            while True:
                answer, rest = parse_answer(self._received, bodiless=bodiless)
                if answer is not None:
                    self._received = rest
                    return answer
                data = await self._reader.read(65_536)
                assert data, f"closed inside an answer: {self._received[:200]!r}"
                self._received += data

    async def read_to_end(self) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    data = await self._reader.read(65_536)
                except ConnectionError:
                    data = b""
                if not data:
                    received, self._received = self._received, b""
                    return received
                self._received += data


async def ask(address: Address, data: bytes, *, end: bool = False) -> list[RawAnswer]:
    """Send bytes on a connection of their own; give all answers until the server closes."""
    async with RawClient(address) as client:
        await client.send(data)
        if end:
            client.send_end()
        return parse_answers(await client.read_to_end())


def post(
    body: bytes | dict[str, Any], *headers: str, accept: str | None = None, close: bool = True
) -> bytes:
    """Build a POST to the graph; a given ``Content-Type`` or ``Content-Length`` stands alone."""
    payload = json.dumps(body).encode() if isinstance(body, dict) else body
    lines = ["POST /graphql HTTP/1.1", "Host: simpul.example", *headers]
    names = {header.partition(":")[0].lower() for header in headers}
    if "content-type" not in names:
        lines.append("Content-Type: application/json")
    if "content-length" not in names:
        lines.append(f"Content-Length: {len(payload)}")
    if accept is not None:
        lines.append(f"Accept: {accept}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + payload


def get(target: str, *headers: str, method: str = "GET", close: bool = True) -> bytes:
    """Build a request without a body."""
    lines = [f"{method} {target} HTTP/1.1", "Host: simpul.example", *headers]
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def parse_answers(data: bytes) -> list[RawAnswer]:
    """Read all answers of a closed connection; anything left over is a failure."""
    answers = []
    while data:
        answer, data = parse_answer(data)
        assert answer is not None, f"half an answer: {data[:200]!r}"
        if answer.status != 100:
            answers.append(answer)
    return answers


def parse_answer(data: bytes, *, bodiless: bool = False) -> tuple[RawAnswer | None, bytes]:
    """Read one answer off the front; ``None`` while it is incomplete."""
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return None, data
    status_line, *lines = head.decode("latin-1").split("\r\n")
    version, status, _ = status_line.split(" ", 2)
    assert version == "HTTP/1.1", status_line
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(": ")
        assert colon, line
        assert name == name.lower(), line
        assert name not in headers, f"{name} twice"
        headers[name] = value
    if int(status) in (100, 204, 304) or bodiless:
        return RawAnswer(int(status), headers, b""), rest
    if headers.get("transfer-encoding") == "chunked":
        return _parse_chunked(int(status), headers, data, rest)
    length = int(headers["content-length"])
    if len(rest) < length:
        return None, data
    return RawAnswer(int(status), headers, rest[:length]), rest[length:]


def _parse_chunked(
    status: int, headers: dict[str, str], data: bytes, rest: bytes
) -> tuple[RawAnswer | None, bytes]:
    body = b""
    while True:
        line, end, rest = rest.partition(b"\r\n")
        size = int(line, 16) if end else 0
        if not end or len(rest) < size + 2:
            return None, data
        body += rest[:size]
        assert rest[size : size + 2] == b"\r\n"
        rest = rest[size + 2 :]
        if size == 0:
            return RawAnswer(status, headers, body), rest


@asynccontextmanager
async def serve(
    app: ASGIApp, settings: EdgeSettings = QUICK
) -> AsyncIterator[tuple[Address, uvicorn.Server]]:
    """Run a server on a free port of this machine, until the block ends."""
    server = build_server(app, settings, lifespan="off")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address: Address = listener.getsockname()
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup([listener])
        await server.on_tick(0)
        try:
            yield address, server
        finally:
            await server.shutdown([listener])
