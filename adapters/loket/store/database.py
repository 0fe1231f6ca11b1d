"""The two databases that may hold the store, and how a transaction of either is run.

In: a database's URL, and work: a plain function over a connection of SQLAlchemy Core. Out: what the
work gives, after its transaction ended. One code path of statements for both; what differs is who
runs it.

SQLite is a library, not a server: whole transactions run in threads of our own, readers in a few,
writers in one, since a file has one writer at a time anyway and who waits in line waits more
evenly than who tries again. A transaction costs one change of thread, whatever it says. PostgreSQL
is spoken to by asyncpg, from the event loop, under the same function.

A writing transaction is alone from its first statement on SQLite (BEGIN IMMEDIATE); on PostgreSQL
rows are locked as they are changed, and the chain's head orders those that write history. Whoever
reads sees one state throughout: a WAL snapshot there, REPEATABLE READ here.

What was told as done survives a power cut: SQLite flushes its log at every commit (NORMAL, half a
millisecond cheaper, would keep the file whole and lose the last letters); PostgreSQL does unless
its ``synchronous_commit`` was turned off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.ext.asyncio import create_async_engine

__all__ = ["Database", "open_database"]

T = TypeVar("T")

_WRITES = "simpul_writes"
_READERS = 4  # threads that read; more than cores brings nothing, and one slow report takes one

# These log statements with their values: a person's numbers, at whatever level the rest is set.
_TALKATIVE = ("aiosqlite", "sqlalchemy.engine", "alembic")


class Database(Protocol):
    """A database that is open."""

    is_server: bool  # several machines may write at once

    async def run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        """Give what ``work`` gives, committed if it ``writes`` and ended well.

        Raises what the driver raises, and what ``work`` does.
        """

    async def aclose(self) -> None:
        """Close all connections; idempotent."""


def open_database(url: str, lock_seconds: float) -> Database:
    """Open a database; nothing is asked of it yet.

    ``lock_seconds``: how long a writer waits for another's transaction. Raises ``ValueError`` for a
    kind that is not known, ``OSError`` for a file that cannot be.
    """
    parsed = _parse(url)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    if parsed.get_backend_name() == "sqlite":
        return _File(parsed, lock_seconds)
    return _Server(parsed, lock_seconds)


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


class _File:
    """A file of SQLite, used by threads of our own."""

    is_server = False

    def __init__(self, url: URL, lock_seconds: float) -> None:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            # The URL names how the other sources reach such files; here no loop is in between.
            url.set(drivername="sqlite"),
            hide_parameters=True,
            pool_size=_READERS + 1,
            max_overflow=0,
        )
        _prepare_sqlite(engine, lock_seconds)
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})
        self._reads = ThreadPoolExecutor(_READERS, "loket-reads")
        self._writes = ThreadPoolExecutor(1, "loket-writes")

    async def run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        pool, engine = (self._writes, self._writer) if writes else (self._reads, self._engine)
        return await asyncio.get_running_loop().run_in_executor(pool, _transact, engine, work)

    async def aclose(self) -> None:
        for pool in (self._reads, self._writes):
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
        self._engine.dispose()


class _Server:
    """A PostgreSQL, spoken to from the event loop."""

    is_server = True

    def __init__(self, url: URL, lock_seconds: float) -> None:
        waits = {"lock_timeout": f"{lock_seconds:g}s", "application_name": "simpul-loket"}
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,  # a server that was started again is found by whoever asks next
            connect_args={"timeout": lock_seconds, "server_settings": waits},
        )
        # One state for all statements of a reader; on SQLite every transaction has it anyway.
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        async with (self._engine if writes else self._reader).begin() as connection:
            return await connection.run_sync(work)

    async def aclose(self) -> None:
        await self._engine.dispose()


def _transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _prepare_sqlite(engine: Engine, lock_seconds: float) -> None:
    """Begin transactions ourselves: the driver would begin them too late to keep others out."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",  # who reads does not wait for who writes
            "synchronous = FULL",  # what was told as done survives a power cut
            "foreign_keys = ON",
            f"busy_timeout = {round(lock_seconds * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begins(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        own = connection.connection.driver_connection
        assert own is not None, "it is lent"
        # Past SQLAlchemy, which would take ten times as long to say it.
        own.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
