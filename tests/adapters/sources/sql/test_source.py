"""The SQL source on real SQLite files."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import event, exc

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.sql import SqlSettings, SqlSource
from adapters.sources.sql.source import translate

pytestmark = pytest.mark.anyio

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register of 2,000 letters; one name holds raw latin1 bytes."""
    path = tmp_path / "buku register.sqlite"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE surat (nomor TEXT PRIMARY KEY, nama TEXT, tahun INTEGER)")
        rows = [(f"{n:04}", f"Warga {n}", 2020 + n % 5) for n in range(2_000)]
        base.executemany("INSERT INTO surat VALUES (?, ?, ?)", rows)
        base.execute("INSERT INTO surat VALUES ('x', CAST(? AS TEXT), 1999)", (b"Ren\xe9",))
    return path


@asynccontextmanager
async def source(
    path: Path, settings: SqlSettings | None = None, guarding: GuardSettings | None = None
) -> AsyncIterator[SqlSource]:
    """Open a source over a SQLite file."""
    guard = SourceGuard("register", guarding or GuardSettings(retry_base_seconds=0.001))
    made = SqlSource("register", f"sqlite+aiosqlite:///{path}", guard, settings)
    try:
        yield made
    finally:
        await made.aclose()
        await guard.aclose()
        # aiosqlite does not wait for the thread of a connection that could not be opened; it would
        # find the test's loop closed.
        for thread in threading.enumerate():
            if "_connection_worker" in thread.name:
                await asyncio.to_thread(thread.join)


async def test_fetches_rows_with_bound_parameters(register: Path) -> None:
    """Rows come as dicts, and a parameter is a value, never SQL."""
    async with source(register) as made:
        statement = "SELECT nomor, tahun FROM surat WHERE nama = :nama"
        found = await made.fetch(statement, CallContext(), parameters={"nama": "Warga 7"})
        assert (found.value, found.calls) == ([{"nomor": "0007", "tahun": 2022}], 1)
        evil = {"nama": "' OR 1=1 --"}
        assert (await made.fetch(statement, CallContext(), parameters=evil)).value == []


async def test_no_value_is_logged(register: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At debug level the driver would log parameters and rows."""
    caplog.set_level(logging.DEBUG)
    async with source(register) as made:
        statement = "SELECT nama FROM surat WHERE nomor = :nomor"
        found = await made.fetch(statement, CallContext(), parameters={"nomor": "1717"})
        assert found.value == [{"nama": "Warga 1717"}]
    assert "1717" not in caplog.text


async def test_many_keys_are_split_over_statements(register: Path) -> None:
    """More keys than a statement takes are several calls, and all rows come."""
    statement = "SELECT nomor FROM surat WHERE nomor IN :keys AND tahun >= :tahun ORDER BY nomor"
    keys = [f"{n:04}" for n in range(2_000)]
    async with source(register) as made:
        found = await made.fetch(statement, CallContext(), keys=keys, parameters={"tahun": 0})
        assert found.value is not None
        assert [row["nomor"] for row in found.value] == keys
        assert found.calls == 3
        few = await made.fetch(statement, CallContext(), keys=keys[:2], parameters={"tahun": 0})
        assert (few.value, few.calls) == ([{"nomor": "0000"}, {"nomor": "0001"}], 1)


async def test_no_keys_are_no_call(register: Path) -> None:
    """Asking for nothing costs nothing."""
    async with source(register) as made:
        found = await made.fetch("SELECT 1 WHERE 1 IN :keys", CallContext(), keys=[])
        assert (found.value, found.calls) == ([], 0)


async def test_equal_fetches_share_a_flight(register: Path) -> None:
    """Two equal fetches at once are one statement; another parameter is another."""
    statement = "SELECT count(*) AS n FROM surat WHERE tahun = :tahun"
    async with source(register) as made:
        years = (2020, 2020, 2021)
        runs = (made.fetch(statement, CallContext(), parameters={"tahun": year}) for year in years)
        assert sorted(f.calls for f in await asyncio.gather(*runs)) == [0, 1, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO surat VALUES ('y', 'y', 1)",
        "DELETE FROM surat",
        "DROP TABLE surat",
        "PRAGMA user_version = 5",
    ],
)
async def test_nothing_can_be_written(register: Path, statement: str) -> None:
    """The session is read-only, whatever an adapter's statement says."""
    before = register.read_bytes()
    async with source(register) as made:
        await made.fetch(statement, CallContext())
        rows = await made.fetch("SELECT count(*) AS n FROM surat", CallContext())
        assert rows.value == [{"n": 2_001}]
    assert register.read_bytes() == before


async def test_declared_encoding_reads_raw_bytes(register: Path) -> None:
    """latin1 bytes in a TEXT column are read as declared, and fail plainly if not declared."""
    statement = "SELECT nama FROM surat WHERE nomor = 'x'"
    async with source(register, SqlSettings(text_encoding="latin-1")) as made:
        assert (await made.fetch(statement, CallContext())).value == [{"nama": "René"}]
    async with source(register) as made:
        plain = await made.fetch(statement, CallContext())
        assert plain.error is not None
        assert plain.error.code is SourceCode.DATA_RUSAK
        assert "Ren" not in str(plain.error)
        assert "Ren" not in str(plain.error.__cause__)
        assert plain.error.__suppress_context__


def test_an_unknown_encoding_is_found_at_start(register: Path) -> None:
    """A misspelt encoding is a mistake of configuration."""
    settings = SqlSettings(text_encoding="latin-99")
    with pytest.raises(LookupError):
        SqlSource("r", f"sqlite+aiosqlite:///{register}", SourceGuard("r"), settings)


def test_an_unknown_kind_of_database_is_refused() -> None:
    """What cannot be made read-only is not read."""
    with pytest.raises((ValueError, exc.NoSuchModuleError, ModuleNotFoundError)):
        SqlSource("r", "mssql+aioodbc://x/y", SourceGuard("r"))


async def test_a_statement_that_runs_too_long_is_ended_in_the_database(register: Path) -> None:
    """The database itself stops working, and the connection serves the next statement."""
    settings = SqlSettings(connections=1, statement_seconds=0.05)
    async with source(register, settings) as made:
        slow = await made.fetch(ENDLESS, CallContext())
        assert slow.error is not None
        assert slow.error.code is SourceCode.BATAS_WAKTU
        assert (await made.fetch("SELECT 1 AS n", CallContext())).value == [{"n": 1}]


async def test_the_callers_deadline_ends_the_waiting(register: Path) -> None:
    """The caller leaves at its deadline; later calls still get a connection."""
    settings = SqlSettings(connections=1, statement_seconds=0.3)
    async with source(register, settings) as made:
        deadline = asyncio.get_running_loop().time() + 0.05
        slow = await made.fetch(ENDLESS, CallContext(deadline=deadline))
        assert slow.error is not None
        assert slow.error.code is SourceCode.BATAS_WAKTU
        assert (await made.fetch("SELECT 1 AS n", CallContext())).value == [{"n": 1}]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        pytest.param("SELECT * FROM tidak_ada", SourceCode.DATA_RUSAK, id="table"),
        pytest.param("SELECT tidak_ada FROM surat", SourceCode.DATA_RUSAK, id="column"),
        pytest.param("SELEC", SourceCode.DATA_RUSAK, id="syntax"),
    ],
)
async def test_another_schema_than_expected_is_unreadable(
    register: Path, statement: str, code: SourceCode
) -> None:
    """A missing table or column is told by its code, and tried once."""
    async with source(register) as made:
        found = await made.fetch(statement, CallContext())
        assert found.error is not None
        assert (found.error.code, found.calls) == (code, 1)


async def test_a_missing_file_is_unavailable_and_not_created(tmp_path: Path) -> None:
    """Asking does not make a database."""
    path = tmp_path / "none.sqlite"
    async with source(path) as made:
        found = await made.fetch("SELECT 1", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    assert not path.exists()


async def test_garbage_is_not_a_database(tmp_path: Path) -> None:
    """A file that is no database is an error with a code."""
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"no database at all, but long enough" * 200)
    async with source(path) as made:
        found = await made.fetch("SELECT * FROM surat", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.DATA_RUSAK


async def test_a_replaced_file_is_opened_again(register: Path) -> None:
    """A register that is swapped for another is read anew; one that is gone is unavailable."""
    async with source(register) as made:
        count = "SELECT count(*) AS n FROM surat"
        assert (await made.fetch(count, CallContext())).value == [{"n": 2_001}]
        fresh = register.with_name("fresh")
        with closing(sqlite3.connect(fresh)) as base, base:
            base.execute("CREATE TABLE surat (nomor TEXT)")
        fresh.replace(register)
        assert (await made.fetch(count, CallContext())).value == [{"n": 0}]
        register.unlink()
        gone = await made.fetch(count, CallContext())
        assert gone.error is not None
        assert gone.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA


async def test_a_truncated_file_is_unreadable(register: Path) -> None:
    """Half a database is DATA_RUSAK."""
    content = register.read_bytes()
    register.write_bytes(content[: len(content) // 2 + 7])
    async with source(register) as made:
        found = await made.fetch("SELECT * FROM surat ORDER BY nomor", CallContext())
        assert found.error is not None
        assert found.error.code is SourceCode.DATA_RUSAK


async def test_a_locked_file_is_unavailable_for_a_while(register: Path) -> None:
    """Whoever writes is not waited for long, and not held against the register."""
    async with source(register, guarding=GuardSettings(retries=0)) as made:
        with closing(sqlite3.connect(register, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            async with asyncio.timeout(4):
                locked = await made.fetch("SELECT 1 FROM surat", CallContext())
            assert locked.error is not None
            assert locked.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
            writer.execute("ROLLBACK")
        assert (await made.fetch("SELECT 1 FROM surat", CallContext())).error is None


def test_translation_covers_every_kind_of_database_error() -> None:
    """Whatever SQLAlchemy raises has a code."""
    kinds = [exc.SQLAlchemyError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    for kind in kinds:
        error = kind.__new__(kind)
        if isinstance(error, exc.DBAPIError):
            error.orig = None
        assert translate(error, "r").code in SourceCode


@pytest.mark.parametrize(
    "lost",
    [
        RuntimeError("unable to perform operation on <TCPTransport closed=True>"),
        ConnectionResetError("reset"),
        asyncio.IncompleteReadError(b"", 4),
    ],
    ids=lambda lost: type(lost).__name__,
)
async def test_a_connection_lost_under_the_driver_is_unavailable(
    register: Path, lost: Exception
) -> None:
    """A driver may let the event loop's own errors through: they are no bug of ours."""
    async with source(register, guarding=GuardSettings(retries=0)) as made:
        engine = made._engine.sync_engine

        def lose(*_: object) -> None:
            raise lost

        event.listen(engine, "before_cursor_execute", lose)
        failed = await made.fetch("SELECT 1", CallContext())
        assert failed.error is not None
        assert failed.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
        event.remove(engine, "before_cursor_execute", lose)
        assert (await made.fetch("SELECT 1 AS one", CallContext())).value == [{"one": 1}]
