"""Every fault of a database, on a real PostgreSQL: docs/source-faults.md, row by row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.registry import load_adapter
from demo.faults.tcp_proxy import ProxyMode, TcpProxy
from tests.testkit.http_server import raw_server
from tests.testkit.listening import full_queue
from tests.testkit.postgres import Postgres, running_postgres
from tests.testkit.selections import ask
from tests.testkit.source_faults import TIMEOUT, SourceFault, judge, source_faults

pytestmark = [pytest.mark.anyio, pytest.mark.needs_postgres]

FILE = """
name: beras
source: {kind: sql}
types:
  Beras:
    description: {id: Beras., en: Rice.}
    from: {table: beras}
    keys: nomor
    fields:
      nomor: {type: String, from: no, description: {id: Nomor., en: Its number.}}
      kilo: {type: Int, from: kg, description: {id: Kilogram., en: Kilograms.}}
lookups:
  beras: {type: Beras, description: {id: Menurut nomor., en: By number.}}
"""
QUERY = '{ beras(nomor: "1") { kilo } }'
PREPARE = "CREATE TABLE beras (no TEXT PRIMARY KEY, kg INT); GRANT SELECT ON beras TO {role};"

# What is done to the database; the role of a row is nobody else's.
CHANGES = {
    "500": "ALTER DATABASE {role} ALLOW_CONNECTIONS false",
    "expired_credential": "ALTER ROLE {role} PASSWORD 'lain'",
    "expired_credential-a grant withdrawn": "REVOKE SELECT ON beras FROM {role}",
    "changed_schema": "ALTER TABLE beras RENAME TO padi",
    "changed_schema-a column renamed": "ALTER TABLE beras RENAME COLUMN kg TO berat",
    "slow_drip-a long statement": "ALTER TABLE beras RENAME TO asli; CREATE VIEW beras AS"
    " SELECT no, kg FROM asli, pg_sleep(30); GRANT SELECT ON beras TO {role}",
}
MODES = {
    "down": ProxyMode.REFUSE,
    "slow_drip": ProxyMode.SLOW_DRIP,
    "reset": ProxyMode.RESET,
}
TOLD = {"garbage": b"HTTP/1.1 400 Bad Request\r\n\r\n", "truncated": b""}


class Way:
    """The way to a database, with the number of connections that came about."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received = 0


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server."""
    with running_postgres() as running:
        yield running


@asynccontextmanager
async def failing(row: SourceFault, server: Postgres, role: str) -> AsyncIterator[Way]:
    """Make the fault, and give the way to the database of ``role``."""
    fault = f"{row.fault}-{row.form}" if row.form else row.fault
    async with AsyncExitStack() as stack:
        way = Way(server.port)
        if fault == "connect_timeout":
            way.port = stack.enter_context(full_queue())
            yield way
            return
        if fault in TOLD:

            async def tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                way.received += 1
                writer.write(TOLD[fault])
                await writer.drain()
                writer.close()

            way.port = (await stack.enter_async_context(raw_server(tell))).port
            yield way
            return
        if fault in CHANGES:
            database = "postgres" if fault == "500" else role
            server.run(CHANGES[fault].format(role=role), database)
        proxy = TcpProxy("127.0.0.1", server.port)
        await proxy.start()
        stack.push_async_callback(proxy.close)
        way.port = proxy.port
        await proxy.switch(MODES.get(fault, ProxyMode.PASS))
        yield way
        way.received = proxy.connections


@pytest.mark.parametrize("row", [row for row in source_faults("sql") if row.value != "-"], ids=str)
async def test_databases_fail_as_the_table_says(
    row: SourceFault, server: Postgres, tmp_path: Path
) -> None:
    """Value, code, completeness, time and what the server was asked are those of the row."""
    role = f"peran_{crc32(str(row).encode())}"
    server.run(f"CREATE ROLE {role} LOGIN PASSWORD 'x'; CREATE DATABASE {role}", "postgres")
    server.run(PREPARE.format(role=role) + "INSERT INTO beras VALUES ('1', 10)", role)
    # A long statement is ended by the server's own limit, and all others have time enough.
    is_ours = row.within == "time-out" and not row.form
    guard: dict[str, Any] = {"timeout_seconds": TIMEOUT if is_ours else 30}
    if row.fault == "quota":
        guard["quota_per_day"] = 0
    async with failing(row, server, role) as way:
        url = server.url(role, f"{role}:x").replace(f":{server.port}/", f":{way.port}/")
        executor = await opened(tmp_path, url, guard)
        try:
            response = await judge(row, ask(executor, QUERY))
        finally:
            await executor.aclose()
    assert response.data == {"beras": None}
    assert way.received == int(row.received)


async def opened(folder: Path, url: str, guard: dict[str, Any]) -> LocalExecutor:
    """Open the adapter."""
    (folder / "beras.yaml").write_text(FILE, "utf-8")
    settings = {"url": url, "guard": guard, "statement_seconds": TIMEOUT}
    return await load_adapter(str(folder / "beras.yaml")).open(settings, Opening("beras", folder))
