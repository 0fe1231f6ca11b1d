"""The SQL source on real servers: what holds for each kind, and what only one of them has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.sql import SelectRows, SqlSettings, SqlSource, Term, bind_terms
from tests.testkit.database_servers import SERVERS, Server, running_server
from tests.testkit.http_server import raw_server
from tests.testkit.mariadb import MariaDB
from tests.testkit.postgres import Postgres

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Dialect:
    """How one kind of server is told what the scenarios need."""

    tables: str
    insert: str  # of a row that would be taken if anything could be written
    endless: str  # a statement that only the server's own limit ends
    sleep: str  # a statement that does nothing for five seconds


DIALECTS = {
    "mariadb": Dialect(
        """
CREATE TABLE surat (nomor VARCHAR(20) PRIMARY KEY, nama VARCHAR(60), tgl DATE) CHARSET latin1;
INSERT INTO surat VALUES ('1', _latin1 X'52656EE9', '2026-01-31'), ('2', 'Budi', NULL);
CREATE USER terbatas IDENTIFIED BY 'x'; GRANT SELECT (nomor) ON test.surat TO terbatas;
""",
        "INSERT INTO surat VALUES ('9', 'x', NULL)",
        "SELECT 1 FROM seq_1_to_1000000000 LIMIT 999999999,1",
        "SELECT SLEEP(5)",
    ),
    "postgres": Dialect(
        """
CREATE TABLE surat (nomor BIGINT, tahun INT, nama VARCHAR(60), tgl DATE,
  PRIMARY KEY (nomor, tahun));
INSERT INTO surat VALUES (1, 2026, 'René', '2026-01-31'), (2, 2026, 'Budi', NULL);
GRANT ALL ON surat TO simpul;
CREATE ROLE terbatas LOGIN PASSWORD 'x'; GRANT SELECT (nomor) ON surat TO terbatas;
""",
        "INSERT INTO surat VALUES (9, 1)",
        "SELECT pg_sleep(30)",
        "SELECT pg_sleep(5)",
    ),
}


@pytest.fixture(scope="module", params=SERVERS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of server in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def database(kind: str) -> Iterator[Server]:
    """A server with two letters, and an account that may read only their numbers.

    PostgreSQL's has a second database in latin1, and one in no encoding at all.
    """
    with running_server(kind) as running:
        running.run(DIALECTS[kind].tables)
        if isinstance(running, Postgres):
            for name, encoding in (("latin", "LATIN1"), ("polos", "SQL_ASCII")):
                running.run(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0")
                tables = DIALECTS[kind].tables.partition("CREATE ROLE")[0]
                running.run(tables.encode("latin1"), name, encoding)
        yield running


@pytest.fixture
def dialect(kind: str) -> Dialect:
    """The words of the server."""
    return DIALECTS[kind]


def account(database: Server, name: str) -> str:
    """Give the URL under another account, written ``name:password``."""
    return database.url().replace("simpul:simpul", name)


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


@pytest.mark.parametrize("verb", ["insert", "delete"])
async def test_nothing_can_be_written(database: Server, dialect: Dialect, verb: str) -> None:
    """The session is read-only although the account is not."""
    statement = dialect.insert if verb == "insert" else "DELETE FROM surat"
    async with source(database.url()) as made:
        assert (await made.fetch(statement, CallContext())).error is not None
    assert database.run("SELECT COUNT(*) FROM surat").split()[-1] == "2"


async def test_the_server_ends_what_runs_too_long(database: Server, dialect: Dialect) -> None:
    """The server's own limit ends the statement, and the connection goes on."""
    settings = SqlSettings(connections=1, statement_seconds=0.2)
    async with source(database.url(), settings) as made:
        slow = await made.fetch(dialect.endless, CallContext())
        assert slow.error is not None
        assert slow.error.code is SourceCode.BATAS_WAKTU
        assert (await made.fetch("SELECT 1 AS n", CallContext())).value == [{"n": 1}]


async def test_a_cancelled_statement_does_not_answer_the_next(
    database: Server, dialect: Dialect
) -> None:
    """After a caller left, its connection is not used again half read."""
    async with source(database.url(), SqlSettings(connections=1)) as made:
        await made.fetch("SELECT 1", CallContext())
        for wanted in range(3):
            deadline = asyncio.get_running_loop().time() + 0.05
            slow = await made.fetch(dialect.sleep, CallContext(deadline=deadline))
            assert slow.error is not None
            assert slow.error.code is SourceCode.BATAS_WAKTU
            found = await made.fetch(f"SELECT {wanted} AS n", CallContext())
            assert found.value == [{"n": wanted}]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("SELECT * FROM tidak_ada", id="table"),
        pytest.param("SELECT tidak_ada FROM surat", id="column"),
        pytest.param("SELEC", id="syntax"),
    ],
)
async def test_another_schema_is_unreadable(database: Server, statement: str) -> None:
    """A missing table or column, or no statement at all, has its code."""
    async with source(database.url()) as made:
        found = await made.fetch(statement, CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.DATA_RUSAK


async def test_refusals_of_the_server_are_denials(database: Server) -> None:
    """A wrong password and an ungranted column are TIDAK_ADA_HAK."""
    wrong, limited = account(database, "simpul:salah"), account(database, "terbatas:x")
    for url, statement in ((wrong, "SELECT 1"), (limited, "SELECT nama FROM surat")):
        async with source(url) as made:
            found = await made.fetch(statement, CallContext())
            assert found.error is not None
            assert found.error.code is SourceCode.TIDAK_ADA_HAK
            assert "salah" not in str(found.error)


async def test_killed_connections_are_replaced(database: Server) -> None:
    """A server that cut our idle connections costs the next caller nothing."""
    async with source(database.url(), SqlSettings(connections=1)) as made:
        await made.fetch("SELECT 1", CallContext())
        kill_connections(database)
        assert (await made.fetch("SELECT 2 AS n", CallContext())).value == [{"n": 2}]


def kill_connections(database: Server) -> None:
    """Let the server cut every connection of ours."""
    if isinstance(database, Postgres):
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'simpul'"
        )
        return
    listed = database.run("SELECT ID FROM information_schema.PROCESSLIST WHERE USER='simpul'")
    database.run("".join(f"KILL {number};" for number in listed.split()[1:]))


ONLY_MARIADB = pytest.mark.parametrize("kind", [SERVERS[0]], indirect=True, scope="module")
ONLY_POSTGRES = pytest.mark.parametrize("kind", [SERVERS[1]], indirect=True, scope="module")


@pytest.fixture
def mariadb(database: Server) -> MariaDB:
    """The server, where only a MariaDB is asked for."""
    assert isinstance(database, MariaDB)
    return database


@pytest.fixture
def postgres(database: Server) -> Postgres:
    """The server, where only a PostgreSQL is asked for."""
    assert isinstance(database, Postgres)
    return database


@ONLY_MARIADB
async def test_reads_latin1_tables_by_keys(mariadb: MariaDB) -> None:
    """Text comes decoded whatever the table's charset."""
    async with source(mariadb.url()) as made:
        statement = "SELECT nama, tgl IS NULL AS kosong FROM surat WHERE nomor IN :keys ORDER BY 1"
        found = await made.fetch(statement, CallContext(), keys=["1", "2", "9"])
        assert found.value == [{"nama": "Budi", "kosong": 1}, {"nama": "René", "kosong": 0}]
        assert found.calls == 1


@ONLY_MARIADB
async def test_a_server_that_is_gone_is_unavailable(mariadb: MariaDB) -> None:
    """Refused, reset and silent servers have codes."""

    async def closing(*_: object) -> None:
        return

    async with raw_server(closing) as server:
        url = mariadb.url().replace(f":{mariadb.port}/", f":{server.port}/")
        async with source(url) as made:
            found = await made.fetch("SELECT 1", CallContext())
            assert found.error is not None
            assert found.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    async with source(url) as made:
        found = await made.fetch("SELECT 1", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA


@ONLY_POSTGRES
@pytest.mark.parametrize(
    ("name", "encoding"),
    [("test", None), ("latin", None), ("polos", "latin1"), ("polos", "cp1252")],
)
async def test_text_of_any_encoding(postgres: Postgres, name: str, encoding: str | None) -> None:
    """The server recodes what it knows; what it does not is read as declared."""
    async with source(postgres.url(name), SqlSettings(text_encoding=encoding)) as made:
        found = await made.fetch("SELECT nama FROM surat ORDER BY nomor", CallContext())
        assert found.value == [{"nama": "René"}, {"nama": "Budi"}]


@ONLY_POSTGRES
async def test_text_of_an_undeclared_encoding_is_unreadable(postgres: Postgres) -> None:
    """Bytes that are no UTF-8 are never guessed at."""
    async with source(postgres.url("polos")) as made:
        found = await made.fetch("SELECT nama FROM surat", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.DATA_RUSAK


@ONLY_POSTGRES
async def test_composite_keys_are_split(postgres: Postgres) -> None:
    """Keys of several columns go in one statement, and too many for one in several."""
    statement = SelectRows("surat", ("nama", "tgl"), keys=("nomor", "tahun"))
    keys = [(str(n), "2026") for n in range(1, 8)]
    for size, calls in ((900, 1), (6, 3)):
        async with source(postgres.url(), SqlSettings(keys_per_statement=size)) as made:
            found = await made.fetch(statement, CallContext(), keys=keys)
            rows = sorted(found.value or [], key=lambda row: str(row["nama"]))
            assert rows == [
                {"nama": "Budi", "tgl": None},
                {"nama": "René", "tgl": date(2026, 1, 31)},
            ]
            assert found.calls == calls


@ONLY_POSTGRES
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
    postgres: Postgres, term: Term, values: list[Any], numbers: list[int]
) -> None:
    """A text is compared with a DATE or BIGINT as what it says."""
    statement = SelectRows(
        "surat", ("nomor",), terms=(term,), order=(("nomor", False),), is_page=True
    )
    given = bind_terms([(term, values)]) | {"limit": 10, "start": 0}
    async with source(postgres.url()) as made:
        found = await made.fetch(statement, CallContext(), parameters=given)
        assert found.value == [{"nomor": number} for number in numbers]
