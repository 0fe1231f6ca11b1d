"""One call of the HTTP client, and one fetch of a remote subgraph with all that guards it.

Out: microseconds of CPU per call at 50 concurrent on uvloop, deadline included, beside httpx2 in
the same run, against a server in another process that costs almost nothing. Calls differ in their
bodies, so that none is merged in flight, but in the row that says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import NamedTuple

import httpx2

from adapters.contract import CallContext, SubgraphRequest
from adapters.http_client import HttpClient, render_head, render_request
from adapters.remote import RemoteExecutor
from adapters.resilience import SourceGuard
from bench.replay_server import replaying
from schema.selection import SelectionSet

__all__ = ["CONCURRENT", "ClientRow", "run_client"]

CONCURRENT = 50
SIZES = (60, 17_000)  # bytes of the answer's body
_ROUNDS = 5  # of which the fastest counts: others use this machine too
_CALLS = 10_000  # of one round
_PEER_CALLS = 1_000
_SECONDS = 30.0  # of every call's deadline
_HEADERS = (("content-type", "application/json"), ("accept", "application/json"))

Ask = Callable[[int], Awaitable[object]]
"""Makes one call; calls are numbered."""


class ClientRow(NamedTuple):
    """One line of the table."""

    name: str
    size: int
    microseconds: float


async def run_client() -> list[ClientRow]:
    """Measure client, executor and peer at every size."""
    rows = []
    with replaying() as base:
        for size in SIZES:
            url = f"{base}/{size}"
            rows.append(ClientRow("our client, prepared", size, await _prepared(base, size)))
            rows.append(ClientRow("our client, any request", size, await _any(url)))
            rows.append(ClientRow("remote fetch, guarded", size, await _remote(url)))
            followed = await _remote(url, alike=CONCURRENT)
            rows.append(ClientRow("the same, 49 of 50 alike", size, followed))
            rows.append(ClientRow("httpx2", size, await _httpx2(url)))
    return rows


async def _prepared(base: str, size: int) -> float:
    """What is always asked alike is rendered once, as for a federated subgraph."""
    client, loop = HttpClient(), asyncio.get_running_loop()
    pool = client.pool(base)
    head = render_head("POST", f"/{size}", pool.origin.authority, _HEADERS)

    async def ask(number: int) -> object:
        request = render_request(head, b"%d" % number)
        return await pool.send(request, loop.time() + _SECONDS, may_repeat=False)

    try:
        return await _measure(ask, _CALLS)
    finally:
        await client.aclose()


async def _any(url: str) -> float:
    client = HttpClient()

    async def ask(number: int) -> object:
        return await client.request(
            "POST", url, headers=_HEADERS, body=b"%d" % number, timeout_seconds=_SECONDS
        )

    try:
        return await _measure(ask, _CALLS)
    finally:
        await client.aclose()


async def _remote(url: str, *, alike: int = 1) -> float:
    """``alike``: so many calls in a row, which are under way together, ask the same."""
    client, guard = HttpClient(), SourceGuard("bench")
    executor = RemoteExecutor("bench", url, client, guard)
    shape, selection = _Shape(), SelectionSet("Query")
    loop = asyncio.get_running_loop()

    async def ask(number: int) -> object:
        call = CallContext(deadline=loop.time() + _SECONDS)
        return await executor.execute(
            SubgraphRequest(
                "bench", b"{ a }", selection, call, variables={"n": number // alike}, shape=shape
            )
        )

    try:
        return await _measure(ask, _CALLS)
    finally:
        await guard.aclose()
        await client.aclose()


async def _httpx2(url: str) -> float:
    limits = httpx2.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx2.AsyncClient(limits=limits, timeout=_SECONDS) as client:

        async def ask(number: int) -> object:
            return await client.post(url, headers=dict(_HEADERS), content=b"%d" % number)

        return await _measure(ask, _PEER_CALLS)


class _Shape:
    """Decodes nothing: what reading JSON costs is not the client's, and measured elsewhere."""

    filled = None

    def decode(self, body: bytes) -> object:
        return body


async def _measure(ask: Ask, calls: int) -> float:
    """Give microseconds of CPU per call: the fastest of the rounds."""
    numbers = count()
    await _round(ask, numbers, CONCURRENT * 4)
    return min([await _round(ask, numbers, calls) for _ in range(_ROUNDS)])


async def _round(ask: Ask, numbers: count[int], calls: int) -> float:
    async def work() -> None:
        for _ in range(calls // CONCURRENT):
            await ask(next(numbers))

    started = time.process_time()
    await asyncio.gather(*(work() for _ in range(CONCURRENT)))
    return (time.process_time() - started) / calls * 1e6
