"""Opens the store: SQLite by default, PostgreSQL by configuration, one code path.

In: a database's URL. Out: a ``Store`` that lends transactions for reading and for writing; what the
database may do wrong becomes a ``SourceError``, by the table below. Opening brings the tables up to
date; several processes that open at once wait for each other.

A writing transaction is alone from its first statement on SQLite (BEGIN IMMEDIATE); on PostgreSQL
rows are locked as they are changed, and the chain's head orders those that write history.
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

_TRANSLATED: tuple[tuple[type[Exception], type[SourceError]], ...] = (
    (exc.TimeoutError, SourceTimeout),  # no connection was free in time
    (exc.OperationalError, SourceUnavailable),
    (exc.InterfaceError, SourceUnavailable),
    (exc.InternalError, SourceUnavailable),
    (OSError, SourceUnavailable),  # a server that is not there
)
"""What a database raises, and what it means to who asked; anything else is a bug of ours."""


class Store:
    """An open database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Lend a transaction that sees one state; raises ``SourceError``."""
        with _translated():
            async with self._engine.begin() as connection:
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
    engine = create_async_engine(parsed, hide_parameters=True)
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
        for foreign, ours in _TRANSLATED:
            if isinstance(error, foreign):
                raise ours("The store of the counter does not answer.") from error
