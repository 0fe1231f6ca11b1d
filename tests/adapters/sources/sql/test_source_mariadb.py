"""The SQL source on a real MariaDB."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.sql import SqlSettings, SqlSource
from tests.testkit.http_server import raw_server
from tests.testkit.mariadb import MariaDB, running_mariadb

pytestmark = [pytest.mark.anyio, pytest.mark.needs_mariadb]

TABLES = """
CREATE TABLE surat (nomor VARCHAR(20) PRIMARY KEY, nama VARCHAR(60), tgl DATE) CHARSET latin1;
INSERT INTO surat VALUES ('1', _latin1 X'52656EE9', '2026-01-31'), ('2', 'Budi', NULL);
CREATE USER terbatas IDENTIFIED BY 'x'; GRANT SELECT (nomor) ON test.surat TO terbatas;
"""


@pytest.fixture(scope="module")
def database() -> Iterator[MariaDB]:
    """A server with one table in latin1."""
    with running_mariadb() as running:
        running.run(TABLES)
        yield running


@asynccontextmanager
async def source(url: str, settings: SqlSettings | None = None) -> AsyncIterator[SqlSource]:
    """Open a source."""
    guard = SourceGuard("register", GuardSettings(retry_base_seconds=0.001))
    made = SqlSource("register", url, guard, settings)
    try:
        yield made
    finally:
        await made.aclose()
        await guard.aclose()


async def test_reads_latin1_tables_by_keys(database: MariaDB) -> None:
    """Text comes decoded whatever the table's charset."""
    async with source(database.url()) as made:
        statement = "SELECT nama, tgl IS NULL AS kosong FROM surat WHERE nomor IN :keys ORDER BY 1"
        found = await made.fetch(statement, CallContext(), keys=["1", "2", "9"])
        assert found.value == [{"nama": "Budi", "kosong": 1}, {"nama": "René", "kosong": 0}]
        assert found.calls == 1


@pytest.mark.parametrize(
    "statement", ["INSERT INTO surat VALUES ('9', 'x', NULL)", "DELETE FROM surat"]
)
async def test_nothing_can_be_written(database: MariaDB, statement: str) -> None:
    """The session is read-only although the account is not."""
    async with source(database.url()) as made:
        assert (await made.fetch(statement, CallContext())).error is not None
    assert database.run("SELECT COUNT(*) FROM surat").split()[-1] == "2"


async def test_the_server_ends_what_runs_too_long(database: MariaDB) -> None:
    """The server's own limit ends the statement, and the connection goes on."""
    settings = SqlSettings(connections=1, statement_seconds=0.2)
    async with source(database.url(), settings) as made:
        slow = await made.fetch(
            "SELECT 1 FROM seq_1_to_1000000000 LIMIT 999999999,1", CallContext()
        )
        assert slow.error is not None
        assert slow.error.code is SourceCode.BATAS_WAKTU
        assert (await made.fetch("SELECT 1 AS n", CallContext())).value == [{"n": 1}]


async def test_a_cancelled_statement_does_not_answer_the_next(database: MariaDB) -> None:
    """After a caller left, its connection is not used again half read."""
    settings = SqlSettings(connections=1)
    async with source(database.url(), settings) as made:
        await made.fetch("SELECT 1", CallContext())
        for wanted in range(3):
            deadline = asyncio.get_running_loop().time() + 0.05
            slow = await made.fetch("SELECT SLEEP(5) AS n", CallContext(deadline=deadline))
            assert slow.error is not None
            assert slow.error.code is SourceCode.BATAS_WAKTU
            found = await made.fetch(f"SELECT {wanted} AS n", CallContext())
            assert found.value == [{"n": wanted}]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        pytest.param("SELECT * FROM tidak_ada", SourceCode.DATA_RUSAK, id="table"),
        pytest.param("SELECT tidak_ada FROM surat", SourceCode.DATA_RUSAK, id="column"),
        pytest.param("SELEC", SourceCode.DATA_RUSAK, id="syntax"),
    ],
)
async def test_another_schema_is_unreadable(
    database: MariaDB, statement: str, code: SourceCode
) -> None:
    """A missing table or column has its code."""
    async with source(database.url()) as made:
        found = await made.fetch(statement, CallContext())
        assert found.error is not None
        assert found.error.code is code


async def test_refusals_of_the_server_are_denials(database: MariaDB) -> None:
    """A wrong password and an ungranted column are TIDAK_ADA_HAK."""
    wrong = database.url().replace("simpul:simpul", "simpul:salah")
    limited = database.url().replace("simpul:simpul", "terbatas:x")
    for url, statement in ((wrong, "SELECT 1"), (limited, "SELECT nama FROM surat")):
        async with source(url) as made:
            found = await made.fetch(statement, CallContext())
            assert found.error is not None
            assert found.error.code is SourceCode.TIDAK_ADA_HAK
            assert "salah" not in str(found.error)


async def test_a_server_that_is_gone_is_unavailable(database: MariaDB) -> None:
    """Refused, reset and silent servers have codes."""

    async def closing(*_: object) -> None:
        return

    async with raw_server(closing) as server:
        url = database.url().replace(f":{database.port}/", f":{server.port}/")
        async with source(url) as made:
            found = await made.fetch("SELECT 1", CallContext())
            assert found.error is not None
            assert found.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    async with source(url) as made:
        found = await made.fetch("SELECT 1", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA


async def test_killed_connections_are_replaced(database: MariaDB) -> None:
    """A server that cut our idle connections costs the next caller nothing."""
    async with source(database.url(), SqlSettings(connections=1)) as made:
        await made.fetch("SELECT 1", CallContext())
        listed = database.run("SELECT ID FROM information_schema.PROCESSLIST WHERE USER='simpul'")
        database.run("".join(f"KILL {number};" for number in listed.split()[1:]))
        assert (await made.fetch("SELECT 2 AS n", CallContext())).value == [{"n": 2}]
