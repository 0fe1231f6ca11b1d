"""Answers an HTTP source's questions from a recording, on a socket of this process.

In: recorded exchanges, and perhaps a fault. Out: answers over a Unix socket, byte by byte as a
server gives them, so that the adapter's own client reads them; nothing listens on the network. A
question that was not recorded is answered 404 and kept for the report, without its values.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from adapters.check.exchange import Exchange, comparable_body

__all__ = ["Fault", "Replay", "serve_replay"]


class Fault(StrEnum):
    """What the wire does instead of answering well."""

    ERROR_500 = "answers 500"
    ERROR_PAGE = "answers 200 with a page for people"
    GARBAGE = "answers with what is no HTTP"
    RESET = "closes in the middle of the answer"
    DRIP = "answers a byte at a time, without end"
    HUGE = "announces more than anyone may answer"
    SILENT = "takes the question and says nothing"


@dataclass(slots=True)
class Replay:
    """What is answered, and what was asked."""

    exchanges: Sequence[Exchange]
    fault: Fault | None = None
    connections: int = 0  # open now
    missing: list[str] = field(default_factory=list)  # questions that were not recorded
    asked: list[str] = field(default_factory=list)  # targets and bodies, for counting; never told
    _known: dict[str, Exchange] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.exchanges:
            self._known[_key(each.method, each.target, each.body)] = each

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until the other side closes it."""
        self.connections += 1
        try:
            while (asked := await _read_request(reader)) is not None:
                if not await self._answer(asked, writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.connections -= 1
            writer.close()

    async def _answer(self, asked: tuple[str, str, Any], writer: asyncio.StreamWriter) -> bool:
        """Answer one question; tells whether the connection may serve on."""
        self.asked.append(f"{unquote_plus(asked[1])} {json.dumps(asked[2], ensure_ascii=False)}")
        whole = self._find(asked)
        match self.fault:
            case None:
                writer.write(whole)
            case Fault.ERROR_500:
                writer.write(_render(500, b'{"error":"internal"}'))
            case Fault.ERROR_PAGE:
                writer.write(_render(200, b"<html><body>Server sedang sibuk</body></html>"))
            case Fault.GARBAGE:
                writer.write(b"\x00\xff\x00 not HTTP at all\r\n\r\n")
            case Fault.RESET:
                writer.write(whole[: len(whole) - 5])
            case Fault.HUGE:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n[")
            case Fault.DRIP:
                await _drip(whole, writer)
            case Fault.SILENT:
                await asyncio.Event().wait()
        await writer.drain()
        return self.fault is None

    def _find(self, asked: tuple[str, str, Any]) -> bytes:
        known = self._known.get(_key(*asked))
        if known is None:
            self.missing.append(f"{asked[0]} {asked[1].split('?', 1)[0]}")
            return _render(404, b'{"error":"this question was not recorded"}')
        return _render(known.status, known.content, known.media_type)


@asynccontextmanager
async def serve_replay(replay: Replay, socket: Path) -> AsyncIterator[Replay]:
    """Answer on ``socket`` until the end of the block, then end every connection."""
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(replay.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_unix_server(accept, socket)
    try:
        yield replay
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, str, Any] | None:
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    length = 0
    while (header := await reader.readline()).strip():
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return method, target, comparable_body(await reader.readexactly(length))


async def _drip(whole: bytes, writer: asyncio.StreamWriter) -> None:
    """Write so slowly that nobody can wait for the end, and never fall silent."""
    for at in range(len(whole)):
        writer.write(whole[at : at + 1])
        await writer.drain()
        await asyncio.sleep(0.05)


def _render(status: int, body: bytes, media_type: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: {media_type}\r\n"
    return head.encode() + b"content-length: %d\r\n\r\n%b" % (len(body), body)


def _key(method: str, target: str, body: Any) -> str:
    return json.dumps([method, target, body], sort_keys=True)
