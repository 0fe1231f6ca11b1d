"""The pool: no place is ever lost, however its users leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.http_client.errors import ConnectFailed, HttpError
from adapters.http_client.message import HttpLimits, Origin
from adapters.http_client.pool import Pool
from adapters.http_client.tls import trusting_context
from tests.testkit.http_server import Server, raw_server

pytestmark = pytest.mark.anyio

LATER = 1e9


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Accept, and say nothing."""
    await reader.read()


@asynccontextmanager
async def pool(limits: HttpLimits, *, tls: bool = False) -> AsyncIterator[tuple[Pool, Server]]:
    """Open a pool to a server that says nothing."""
    async with raw_server(silent) as server:
        origin = Origin("https" if tls else "http", "127.0.0.1", server.port)
        made = Pool(origin, limits, trusting_context() if tls else None)
        try:
            yield made, server
        finally:
            await made.aclose()


async def test_a_waiter_cancelled_after_it_was_served_gives_its_connection_on() -> None:
    """Between being served and running again, a waiter may be cancelled: nothing leaks."""
    async with pool(HttpLimits(connections=1)) as (made, _):
        first = await made.acquire(LATER)
        waiter = asyncio.ensure_future(made.acquire(LATER))
        await asyncio.sleep(0)
        made.on_free(first)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        assert await made.acquire(LATER) is first
        assert made.status.busy == 1


async def test_a_cancelled_waiter_leaves_the_line() -> None:
    """It is not served any more, and the next in line is."""
    async with pool(HttpLimits(connections=1)) as (made, _):
        first = await made.acquire(LATER)
        tasks = [asyncio.ensure_future(made.acquire(LATER)) for _ in range(2)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await asyncio.sleep(0)
        assert made.status.waiting == 1
        made.on_free(first)
        assert await tasks[1] is first


async def test_a_connection_that_died_while_idle_is_not_given_out() -> None:
    """The next caller gets a fresh one."""
    async with pool(HttpLimits()) as (made, server):
        first = await made.acquire(LATER)
        made.on_free(first)
        first.close()
        assert await made.acquire(LATER) is not first
        assert made.status.opened == 2
        assert server.connections >= 1


async def test_a_dead_connections_place_goes_to_the_line() -> None:
    """When one of the allowed connections dies, whoever waits gets a new one."""
    async with pool(HttpLimits(connections=1)) as (made, _):
        first = await made.acquire(LATER)
        waiter = asyncio.ensure_future(made.acquire(LATER))
        await asyncio.sleep(0)
        first.close()
        assert await waiter is not first


async def test_a_connection_that_died_while_being_handed_over_takes_no_place() -> None:
    """Between being served and running again, its connection may close: it gets another."""
    async with pool(HttpLimits(connections=1)) as (made, _):
        first = await made.acquire(LATER)
        waiter = asyncio.ensure_future(made.acquire(LATER))
        await asyncio.sleep(0)
        made.on_free(first)
        first.close()
        second = await waiter
        assert second.is_usable
        assert made.status.busy == 1
        made.on_free(second)
        assert (made.status.busy, made.status.idle) == (0, 1)


async def test_connecting_has_a_time_of_its_own() -> None:
    """A server that never finishes the TLS handshake is a failure to connect."""
    async with pool(HttpLimits(connect_seconds=0.05), tls=True) as (made, _):
        with pytest.raises(ConnectFailed, match="in time"):
            await made.acquire(LATER)
        assert made.status.connecting == 0


async def test_a_server_without_tls_is_told_apart() -> None:
    """Plain text where TLS was expected is named as such."""

    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with raw_server(plain) as server:
        made = Pool(Origin("https", "127.0.0.1", server.port), HttpLimits(), trusting_context())
        with pytest.raises(ConnectFailed, match="TLS could not be agreed"):
            await made.acquire(LATER)
        await made.aclose()


async def test_closing_ends_connecting_and_waiting() -> None:
    """Whoever is in line at the end is refused, and so is whoever comes later."""
    async with pool(HttpLimits(connections=1), tls=True) as (made, _):
        tasks = [asyncio.ensure_future(made.acquire(LATER)) for _ in range(3)]
        await asyncio.sleep(0)
        await made.aclose()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, HttpError) for result in results)
        with pytest.raises(ConnectFailed, match="closed"):
            await made.acquire(LATER)
