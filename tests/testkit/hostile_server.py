"""Servers that do what no server should: answers that break framing, never end, or end too soon.

``BROKEN`` names answers that HTTP does not allow, with the error that our client makes of them.
The functions are talks for ``raw_server``: each takes one request and then misbehaves for as long
as it is let.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from adapters.http_client import ConnectionLost, HttpError, MalformedAnswer
from tests.testkit.http_server import read_request, reply

__all__ = ["BROKEN", "Talk", "drip", "flood_body", "flood_headers", "reset", "saying", "smuggle"]

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\n"

BROKEN: dict[str, tuple[bytes, type[HttpError]]] = {
    "length-and-chunked": (
        OK + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        MalformedAnswer,
    ),
    "two-lengths": (OK + b"content-length: 3\r\ncontent-length: 4\r\n\r\nabcd", MalformedAnswer),
    "other-coding": (OK + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", MalformedAnswer),
    "bad-chunk": (OK + b"transfer-encoding: chunked\r\n\r\nzz\r\nab\r\n", MalformedAnswer),
    "negative-length": (OK + b"content-length: -1\r\n\r\n", MalformedAnswer),
    "worded-length": (OK + b"content-length: three\r\n\r\nabc", MalformedAnswer),
    "blank-before-colon": (OK + b"content-length : 1\r\n\r\na", MalformedAnswer),
    "zero-in-header": (OK + b"x: a\0b\r\ncontent-length: 1\r\n\r\na", MalformedAnswer),
    "garbage": (b"\x00\x01\x02 what is this\r\n\r\n", MalformedAnswer),
    "other-protocol": (b"RTSP/1.0 200 OK\r\ncontent-length: 1\r\n\r\na", MalformedAnswer),
    "broken-gzip": (reply(b"abc", headers=(("content-encoding", "gzip"),)), MalformedAnswer),
    "short-body": (OK + b"content-length: 30\r\n\r\nabc", ConnectionLost),
    "short-chunks": (OK + b"transfer-encoding: chunked\r\n\r\n5\r\nabc", ConnectionLost),
    "no-answer": (b"", ConnectionLost),
    "half-head": (b"HTTP/1.1 200 OK\r\ncontent-le", ConnectionLost),
}


def saying(*parts: bytes, close: bool = True) -> Talk:
    """Answer every request with ``parts``, each in a segment of its own, then close or hang."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        if close:
            writer.close()
            await writer.wait_closed()
        else:
            await asyncio.Event().wait()

    return talk


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then: never silent, never done."""
    await read_request(reader)
    writer.write(OK + b"content-length: 1000000\r\n\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.001)


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reset the connection in the middle of the answer."""
    await read_request(reader)
    writer.write(OK + b"content-length: 9\r\n\r\na")
    await writer.drain()
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def flood_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send headers without end."""
    await read_request(reader)
    writer.write(OK)
    while True:
        writer.write(b"x-more: " + b"y" * 100 + b"\r\n")
        await writer.drain()


async def flood_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send chunks without end."""
    await read_request(reader)
    writer.write(OK + b"transfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1000\r\n" + b"a" * 4096 + b"\r\n")
        await writer.drain()


async def smuggle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Give a second answer of its own to each request, in the same breath."""
    while await read_request(reader) is not None:
        writer.write(reply("mine") + reply("smuggled"))
        await writer.drain()
