"""What becomes of those who wait for a connection of a SQL source while one is being made."""

from __future__ import annotations

import asyncio

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.sql import SqlSettings, SqlSource

pytestmark = pytest.mark.anyio


async def test_a_connection_that_failed_leaves_its_place_to_who_waits() -> None:
    """The next one tries at once: nobody waits for a connection that will never be free."""
    called, answer = asyncio.Event(), asyncio.Event()

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await answer.wait()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    guard = SourceGuard("register", GuardSettings(retries=0))
    url = f"postgresql+asyncpg://simpul@{host}:{port}/test"
    made = SqlSource("register", url, guard, SqlSettings(connections=1))
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(made.fetch("SELECT 1", CallContext()))
            await called.wait()
            second = group.create_task(made.fetch("SELECT 2", CallContext()))
            await asyncio.sleep(0)
            answer.set()
        for found in (first.result(), second.result()):
            assert found.error is not None
            assert found.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    finally:
        await made.aclose()
        await guard.aclose()
        server.close()
        await server.wait_closed()
