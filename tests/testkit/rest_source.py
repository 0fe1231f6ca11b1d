"""A REST source over a loopback server, for tests of what is sent and how answers are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from adapters.http_client import HttpClient
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.http import HttpSource
from cache.ledger import MemoryLedger
from tests.testkit.http_server import Received, Server, http_server

__all__ = ["rest_source"]

Answer = Callable[[Received], bytes | Awaitable[bytes]]


@asynccontextmanager
async def rest_source(
    answer: Answer, ledger: MemoryLedger | None = None, **options: Any
) -> AsyncIterator[tuple[HttpSource, Server]]:
    """Run a source against a server that answers by ``answer``."""
    async with http_server(answer) as server:
        client = HttpClient()
        settings = GuardSettings(
            retry_base_seconds=0.001, quota_per_day=100 if ledger is not None else None
        )
        guard = SourceGuard("dinas", settings, ledger=ledger)
        if "auth" in options:
            options["auth"] = options["auth"](server, client)
        made = HttpSource("dinas", f"{server.url}/api/", client, guard, **options)
        try:
            yield made, server
        finally:
            await made.aclose()
            await guard.aclose()
            await client.aclose()
