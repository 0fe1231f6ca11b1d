"""The SQL source on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.sql import SelectRows, SqlSettings, SqlSource, Term, bind_terms
from tests.testkit.postgres import Postgres, running_postgres

pytestmark = [pytest.mark.anyio, pytest.mark.needs_postgres]

TABLES = """
CREATE TABLE surat (nomor BIGINT, tahun INT, nama VARCHAR(60), tgl DATE,
  PRIMARY KEY (nomor, tahun));
INSERT INTO surat VALUES (1, 2026, 'René', '2026-01-31'), (2, 2026, 'Budi', NULL);
GRANT ALL ON surat TO simpul;
CREATE ROLE terbatas LOGIN PASSWORD 'x'; GRANT SELECT (nomor) ON surat TO terbatas;
"""


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    """A server with a database in UTF-8, one in latin1 and one in no encoding at all."""
    with running_postgres() as running:
        running.run(TABLES)
        for name, encoding in (("latin", "LATIN1"), ("polos", "SQL_ASCII")):
            running.run(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0")
            running.run(TABLES.partition("CREATE ROLE")[0].encode("latin1"), name, encoding)
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


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("test", None), ("latin", None), ("polos", "latin1"), ("polos", "cp1252")],
)
async def test_text_of_any_encoding(database: Postgres, name: str, encoding: str | None) -> None:
    """The server recodes what it knows; what it does not is read as declared."""
    async with source(database.url(name), SqlSettings(text_encoding=encoding)) as made:
        found = await made.fetch("SELECT nama FROM surat ORDER BY nomor", CallContext())
        assert found.value == [{"nama": "René"}, {"nama": "Budi"}]


async def test_text_of_an_undeclared_encoding_is_unreadable(database: Postgres) -> None:
    """Bytes that are no UTF-8 are never guessed at."""
    async with source(database.url("polos")) as made:
        found = await made.fetch("SELECT nama FROM surat", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.DATA_RUSAK


async def test_composite_keys_are_split(database: Postgres) -> None:
    """Keys of several columns go in one statement, and too many for one in several."""
    statement = SelectRows("surat", ("nama", "tgl"), keys=("nomor", "tahun"))
    keys = [(str(n), "2026") for n in range(1, 8)]
    for size, calls in ((900, 1), (6, 3)):
        async with source(database.url(), SqlSettings(keys_per_statement=size)) as made:
            found = await made.fetch(statement, CallContext(), keys=keys)
            rows = sorted(found.value or [], key=lambda row: str(row["nama"]))
            assert rows == [
                {"nama": "Budi", "tgl": None},
                {"nama": "René", "tgl": date(2026, 1, 31)},
            ]
            assert found.calls == calls


@pytest.mark.parametrize(
    ("term", "values", "numbers"),
    [
        (Term("tgl", "from"), ["2026-01-31"], [1]),
        (Term("tgl", "to"), ["2026-01-30"], []),
        (Term("nomor", "in"), ["1", 2], [1, 2]),
        (Term("nama", "prefix"), ["Re"], [1]),
        (Term("nama", "in"), [], []),
    ],
)
async def test_values_are_taken_in_any_form(
    database: Postgres, term: Term, values: list[Any], numbers: list[int]
) -> None:
    """A text is compared with a DATE or BIGINT as what it says."""
    statement = SelectRows(
        "surat", ("nomor",), terms=(term,), order=(("nomor", False),), is_page=True
    )
    given = bind_terms([(term, values)]) | {"limit": 10, "start": 0}
    async with source(database.url()) as made:
        found = await made.fetch(statement, CallContext(), parameters=given)
        assert found.value == [{"nomor": number} for number in numbers]


@pytest.mark.parametrize("statement", ["INSERT INTO surat VALUES (9, 1)", "DELETE FROM surat"])
async def test_nothing_can_be_written(database: Postgres, statement: str) -> None:
    """The session is read-only although the account is not."""
    async with source(database.url()) as made:
        assert (await made.fetch(statement, CallContext())).error is not None
    assert database.run("SELECT COUNT(*) FROM surat").strip() == "2"


async def test_the_server_ends_what_runs_too_long(database: Postgres) -> None:
    """The server's own limit ends the statement, and the connection goes on."""
    settings = SqlSettings(connections=1, statement_seconds=0.2)
    async with source(database.url(), settings) as made:
        slow = await made.fetch("SELECT pg_sleep(30)", CallContext())
        assert slow.error is not None
        assert slow.error.code is SourceCode.BATAS_WAKTU
        assert (await made.fetch("SELECT 1 AS n", CallContext())).value == [{"n": 1}]


async def test_a_cancelled_statement_does_not_answer_the_next(database: Postgres) -> None:
    """After a caller left, its connection is not used again half read."""
    async with source(database.url(), SqlSettings(connections=1)) as made:
        await made.fetch("SELECT 1", CallContext())
        for wanted in range(3):
            deadline = asyncio.get_running_loop().time() + 0.05
            slow = await made.fetch("SELECT pg_sleep(5)", CallContext(deadline=deadline))
            assert slow.error is not None
            assert slow.error.code is SourceCode.BATAS_WAKTU
            found = await made.fetch(f"SELECT {wanted} AS n", CallContext())
            assert found.value == [{"n": wanted}]


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM tidak_ada", "SELECT tidak_ada FROM surat", "SELEC"]
)
async def test_another_schema_is_unreadable(database: Postgres, statement: str) -> None:
    """A missing table or column, or no statement at all, has its code."""
    async with source(database.url()) as made:
        found = await made.fetch(statement, CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.DATA_RUSAK


async def test_refusals_of_the_server_are_denials(database: Postgres) -> None:
    """A wrong password and an ungranted column are TIDAK_ADA_HAK."""
    wrong = database.url(user="simpul:salah")
    limited = database.url(user="terbatas:x")
    for url, statement in ((wrong, "SELECT 1"), (limited, "SELECT nama FROM surat")):
        async with source(url) as made:
            found = await made.fetch(statement, CallContext())
            assert found.error is not None
            assert found.error.code is SourceCode.TIDAK_ADA_HAK
            assert "salah" not in str(found.error)


async def test_killed_connections_are_replaced(database: Postgres) -> None:
    """A server that cut our idle connections costs the next caller nothing."""
    async with source(database.url(), SqlSettings(connections=1)) as made:
        await made.fetch("SELECT 1", CallContext())
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'simpul'"
        )
        assert (await made.fetch("SELECT 2 AS n", CallContext())).value == [{"n": 2}]
