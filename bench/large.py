"""An answer of 10 MB with 100,000 entities: what it holds in memory, and for how long it blocks.

In: nothing. Out: per operation the answer's size, the peak of the gateway's memory over its idle
memory in multiples of the answer, and the longest wait of a small request sent meanwhile. The
subgraphs answer from bytes in the gateway's memory, which count as idle; the client reads as fast
as it can, or slowly.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec

from adapters.contract import SubgraphRequest, SubgraphResponse
from bench.load import Load
from bench.served import serving
from bench.world import OPERATIONS, build_supergraph
from gateway.config.model import Config
from gateway.upstreams import OpenedGraph, Shared, Upstreams
from schema.composition.composer import CompositionResult

__all__ = ["ENTITIES", "LargeAnswer", "run_large"]

ENTITIES = 100_000
_SHOPS = 100
_NAME = "a product with its name"
_SCENARIOS = {
    "one fetch": "{ shops { name products { upc } } }",
    "joined": OPERATIONS["medium"],
}


@dataclass(frozen=True, slots=True)
class LargeAnswer:
    """What one answer cost the gateway; bytes and seconds."""

    name: str
    size: int
    idle: int
    peak: int
    longest_wait: float

    @property
    def multiple(self) -> float:
        """The memory that it took, in multiples of its size."""
        return (self.peak - self.idle) / self.size


def run_large(slow_reader: bool = False) -> list[LargeAnswer]:
    """Ask each operation of a fresh gateway, three times: the last time it is compiled."""
    answers = []
    for name, text in _SCENARIOS.items():
        with serving(_open_large) as (address, pid):
            for _ in range(3):
                answer = asyncio.run(_ask(name, address, pid, text, slow=slow_reader))
        answers.append(answer)
    return answers


async def _ask(name: str, address: str, pid: int, text: str, *, slow: bool) -> LargeAnswer:
    host, _, port = address.rpartition(":")
    watch = _Watch(await asyncio.open_connection(host, int(port)))
    idle = _memory(pid, "VmRSS")
    _forget_peak(pid)
    watching = asyncio.ensure_future(watch.run())
    size = await _fetch(Load(address, msgspec.json.encode({"query": text}), 1), slow=slow)
    watch.is_over = True
    await watching
    return LargeAnswer(name, size, idle, _memory(pid, "VmHWM"), watch.longest)


class _Watch:
    """Sends small requests one after another, and remembers the longest wait."""

    def __init__(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self._reader, self._writer = streams
        self.longest = 0.0
        self.is_over = False

    async def run(self) -> None:
        """Watch until it is over."""
        while not self.is_over:
            started = time.perf_counter()
            self._writer.write(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
            head = await self._reader.readuntil(b"\r\n\r\n")
            await self._reader.readexactly(_length(head))
            self.longest = max(self.longest, time.perf_counter() - started)
            await asyncio.sleep(0.002)
        self._writer.close()


async def _fetch(load: Load, *, slow: bool) -> int:
    """Ask once; gives the size of the body."""
    host, _, port = load.address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=65_536)
    writer.write(load.render())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    size = left = _length(head)
    while left:
        part = await reader.read(65_536)
        assert part, "the answer ended before its end"
        left -= len(part)
        if slow:
            await asyncio.sleep(0.01)
    writer.close()
    return size


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # proc(5): resets the peak


def _memory(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


async def _open_large(config: Config, shared: Shared) -> OpenedGraph:
    supergraph = build_supergraph()
    each = ENTITIES // _SHOPS
    shops = [
        {
            "__typename": "Shop",
            "name": f"Shop {shop}",
            "products": [
                {"__typename": "Product", "upc": f"u{number:040}"}
                for number in range(shop * each, (shop + 1) * each)
            ],
        }
        for shop in range(_SHOPS)
    ]
    products = [{"name": _NAME, "price": number / 100} for number in range(ENTITIES)]
    executors = {
        "shops": _Bytes(msgspec.json.encode({"shops": shops})),
        "products": _Bytes(msgspec.json.encode(products)),
    }
    return OpenedGraph(CompositionResult(supergraph), Upstreams(executors, {}, AsyncExitStack()))


@dataclass(frozen=True, slots=True)
class _Bytes:
    """Answers like a remote subgraph whose bytes have arrived."""

    body: bytes

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Decode, and nothing else."""
        return SubgraphResponse(msgspec.json.decode(self.body), body=self.body)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Nothing here subscribes."""
        raise AssertionError(f"nothing subscribes to {request.subgraph}")

    async def aclose(self) -> None:
        """Hold nothing open."""
