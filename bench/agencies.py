"""Five sources that answer after a while: ``python -m bench.agencies`` prints their ports.

In: lines on stdin, ``NAME SECONDS`` or ``NAME stop``; each is answered by a line when it holds.
Out: subgraphs that answer any request with the same body, so late as they were told. A stopped one
refuses connections and has cut those that it had.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import httptools
import uvloop

__all__ = ["NAMES", "SECONDS", "main"]

NAMES = ("satu", "dua", "tiga", "empat", "lima")
SECONDS = 0.05


class _Agency:
    """One source: its port stays the same when it is stopped and comes back."""

    def __init__(self, name: str) -> None:
        body = f'{{"data":{{"{name}":1}}}}'
        self.answer = (
            "HTTP/1.1 200 OK\r\ncontent-type: application/graphql-response+json\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}"
        ).encode()
        self.seconds = SECONDS
        self.port = 0
        self.open: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, where it listened before."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: _Caller(self), "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Refuse connections, and cut those that are open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in [*self.open]:
            transport.abort()


class _Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, agency: _Agency) -> None:
        self._agency = agency

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._agency.open.add(self._transport)
        self._parser = httptools.HttpRequestParser(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._agency.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        asyncio.get_running_loop().call_later(self._agency.seconds, self._answer)

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._agency.answer)


def main() -> None:
    """Serve until stdin ends."""
    uvloop.run(_serve())


async def _serve() -> None:
    agencies = {name: _Agency(name) for name in NAMES}
    for agency in agencies.values():
        await agency.start()
    print(*(agency.port for agency in agencies.values()), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        name, told = line.split()
        if told == "stop":
            agencies[name].stop()
        else:
            agencies[name].seconds = float(told)
            await agencies[name].start()
        print("done", flush=True)


if __name__ == "__main__":
    main()
