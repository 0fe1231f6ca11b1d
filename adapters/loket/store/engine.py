"""Opens the store: SQLite by default, PostgreSQL by configuration, one code path.

In: a database's URL. Out: a ``Store`` that lends transactions for reading and for writing; what the
database may do wrong becomes a ``SourceError``, by the table below. Opening brings the tables up to
date; several processes that open at once wait for each other.

A writing transaction is alone from its first statement on SQLite (BEGIN IMMEDIATE); on PostgreSQL
rows are locked as they are changed, and the chain's head orders those that write history. Whoever
reads sees one state throughout: a WAL snapshot there, REPEATABLE READ here.

What was told as done survives a power cut: SQLite flushes its log at every commit (NORMAL, half a
millisecond cheaper, would keep the file whole and lose the last letters); PostgreSQL does unless
its ``synchronous_commit`` was turned off.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, event, exc, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.errors import SourceError, SourceTimeout, SourceUnavailable

__all__ = ["Store", "open_store"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITES = "simpul_writes"
_LOCK: Final = 0x73696D70  # of PostgreSQL's advisory locks: whoever migrates holds it

# How long a writer waits for another's transaction, in seconds. They last some milliseconds; half a
# minute of them in a row is fifty officers pressing at once on a disk that is ten times too slow.
_BUSY_SECONDS = 10

# These log statements with their values: a person's numbers, at whatever level the rest is set.
_TALKATIVE = ("aiosqlite", "sqlalchemy.engine", "alembic")

_BUGS = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)
"""What a database raises of statements that we ought not to have sent; left as it is."""

_TRANSLATED: tuple[tuple[type[Exception], type[SourceError]], ...] = (
    (exc.TimeoutError, SourceTimeout),  # no connection was free in time
    (exc.DBAPIError, SourceUnavailable),  # locked, shut down, full, or whoever we are not let in
    (OSError, SourceUnavailable),  # a server that is not there
    (EOFError, SourceUnavailable),  # one that left while it was spoken to
)
"""What a database raises, and what it means to who asked; anything else is a bug of ours."""

_TIMED_OUT = frozenset({"55P03", "57014"})  # PostgreSQL's lock_timeout and statement_timeout


class Store:
    """An open database."""

    def __init__(self, engine: AsyncEngine) -> None:
        # One state for all statements of a reader; on SQLite every transaction has it anyway.
        is_server = engine.dialect.name == "postgresql"
        self._reader = (
            engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if is_server
            else engine
        )
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Lend a transaction that sees one state; raises ``SourceError``."""
        with _translated():
            async with self._reader.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Lend a transaction that is committed if the block ends well; raises ``SourceError``."""
        with _translated():
            async with self._writer.begin() as connection:
                yield connection

    async def aclose(self) -> None:
        """Close all connections; idempotent."""
        await self._engine.dispose()


async def open_store(url: str) -> Store:
    """Open the database and bring its tables up to date.

    Raises ``ValueError`` for a kind of database that is not known, ``SourceError`` for one that
    does not answer.
    """
    parsed = _parse(url)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    engine = _make_engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        with _translated():
            Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        _prepare_sqlite(engine)
    store = Store(engine)
    try:
        async with store.writing() as connection:
            if parsed.get_backend_name() == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_migrate)
    except BaseException:
        await store.aclose()
        raise
    return store


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise ValueError("this is no URL of a database") from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise ValueError(
            f'"{parsed.drivername}" is not known; use "sqlite+aiosqlite" or "postgresql+asyncpg"'
        )
    return parsed


def _make_engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        return create_async_engine(url, hide_parameters=True)
    waits = {"lock_timeout": f"{_BUSY_SECONDS}s", "application_name": "simpul-loket"}
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,  # a server that was started again is found by whoever asks next
        connect_args={"timeout": _BUSY_SECONDS, "server_settings": waits},
    )


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Begin transactions ourselves: the driver would begin them too late to keep others out."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",  # who reads does not wait for who writes
            "synchronous = FULL",  # what was told as done survives a power cut
            "foreign_keys = ON",
            f"busy_timeout = {_BUSY_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begins(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


class _translated:
    """Turns what the database raises into what it means; a table, applied at the border."""

    def __enter__(self) -> None:
        """Nothing is held."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, _BUGS):
            return
        for foreign, ours in _TRANSLATED:
            if isinstance(error, foreign):
                state = getattr(getattr(error, "orig", None), "sqlstate", None)
                kind = SourceTimeout if state in _TIMED_OUT else ours
                raise kind("The store of the counter does not answer.") from error
