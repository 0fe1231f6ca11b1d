"""A subgraph server that costs almost nothing: ``python -m bench.replay_server`` prints its port.

In: any HTTP/1.1 request whose target is ``/N``. Out: a GraphQL answer of about N bytes, always the
same. It runs in a process of its own, so that the CPU time measured is the client's alone.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import cast

import httptools
import msgspec
import uvloop

__all__ = ["main", "replaying"]


@contextmanager
def replaying() -> Iterator[str]:
    """Run the server as a child; gives its base URL."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.replay_server"], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(child.stdout.readline())}"
        finally:
            child.terminate()


def main() -> None:
    """Serve until terminated."""
    uvloop.run(_serve())


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Replay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class _Replay(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._target = url

    def on_message_complete(self) -> None:
        self._transport.write(_answer(int(self._target[1:])))


@lru_cache
def _answer(size: int) -> bytes:
    if size <= 100:
        body = msgspec.json.encode({"data": {"a": "x" * (size - 18)}})
    else:
        items = [{"id": str(n), "name": f"item {n:05d}", "price": n / 4} for n in range(size // 45)]
        body = msgspec.json.encode({"data": {"items": items}})
    head = "HTTP/1.1 200 OK\r\ncontent-type: application/graphql-response+json\r\n"
    return (
        f"{head}date: Mon, 02 Nov 2026 00:00:00 GMT\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        + body
    )


if __name__ == "__main__":
    main()
