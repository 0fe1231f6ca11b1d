"""The two databases that may hold the store, and how a transaction of either is run.

In: a database's URL, and work: a plain function over a connection of SQLAlchemy Core. Out: what the
work gives, after its transaction ended. One code path of statements for both; what differs is who
runs it.

SQLite is a library, not a server: whole transactions run in threads of our own, readers in a few,
writers in one, since a file has one writer at a time anyway and who waits in line waits more
evenly than who tries again. What is found by an index is looked up from the event loop itself: a
thread gives the interpreter away at every row and would be longer about it than the look takes.
PostgreSQL is spoken to by asyncpg, from the event loop, under the same function.

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
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

__all__ = ["Database", "Limits", "open_database"]

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

    def look(self, work: Callable[[Connection], T]) -> tuple[T] | None:
        """Give what ``work`` reads if that can be had at once, without any wait; else None."""

    async def aclose(self) -> None:
        """Close all connections; idempotent."""


class Limits(NamedTuple):
    """How much of a database is used."""

    readers: int  # transactions at once
    writers: int
    lock_seconds: float  # how long a writer waits for another's transaction


def open_database(url: str, limits: Limits) -> Database:
    """Open a database; nothing is asked of it yet.

    Raises ``ValueError`` for a kind that is not known, ``OSError`` for a file that cannot be.
    """
    parsed = _parse(url)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    if parsed.get_backend_name() == "sqlite":
        return _File(parsed, limits)
    return _Server(parsed, limits)


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

    def __init__(self, url: URL, limits: Limits) -> None:
        readers = min(limits.readers, _READERS)
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            # The URL names how the other sources reach such files; here no loop is in between.
            url.set(drivername="sqlite"),
            hide_parameters=True,
            pool_size=readers + 1,
            max_overflow=0,
        )
        _prepare_sqlite(engine, limits.lock_seconds)
        # Who looks from the event loop has no patience: what is locked is asked for in a thread.
        self._near = create_engine(url.set(drivername="sqlite"), hide_parameters=True, pool_size=1)
        self._looking: Connection | None = None  # lent once and for all: lending costs a statement
        _prepare_sqlite(self._near, lock_seconds=0)
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})
        self._reads = ThreadPoolExecutor(readers, "loket-reads")
        self._writes = ThreadPoolExecutor(1, "loket-writes")

    async def run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        pool, engine = (self._writes, self._writer) if writes else (self._reads, self._engine)
        return await asyncio.get_running_loop().run_in_executor(pool, _transact, engine, work)

    def look(self, work: Callable[[Connection], T]) -> tuple[T] | None:
        try:
            if self._looking is None:
                self._looking = self._near.connect()
            with self._looking.begin():
                return (work(self._looking),)
        except (exc.DBAPIError, sqlite3.Error):  # whoever reads under guard is told why
            return None

    async def aclose(self) -> None:
        for pool in (self._reads, self._writes):
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
        if self._looking is not None:
            self._looking.close()
            self._looking = None
        for engine in (self._engine, self._near):
            engine.dispose()


class _Server:
    """A PostgreSQL, spoken to from the event loop."""

    is_server = True

    def __init__(self, url: URL, limits: Limits) -> None:
        # One state for all statements of a reader; on SQLite every transaction has it anyway.
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = _connect(url, limits.readers, limits, snapshot)
        self._writer = _connect(url, limits.writers, limits, {})
        self._leaving: set[asyncio.Task[Any]] = set()  # transactions that nobody waits for

    async def run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        task = asyncio.create_task(self._transact(self._writer if writes else self._reader, work))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            # To part from a server that stands still takes the driver seconds, which nobody has.
            task.cancel()
            self._leaving.add(task)
            task.add_done_callback(self._left)
            raise

    async def _transact(self, engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
        async with engine.begin() as connection:
            return await connection.run_sync(work)

    def _left(self, task: asyncio.Task[Any]) -> None:
        self._leaving.discard(task)
        if not task.cancelled():
            task.exception()  # nobody else looks at it

    def look(self, work: Callable[[Connection], T]) -> tuple[T] | None:
        return None

    async def aclose(self) -> None:
        await asyncio.gather(*self._leaving, return_exceptions=True)
        for engine in (self._reader, self._writer):
            await engine.dispose()


def _connect(url: URL, size: int, limits: Limits, options: Mapping[str, Any]) -> AsyncEngine:
    """Make a pool of as many connections as its guard lets in, so that nobody waits for one."""
    waits = {"lock_timeout": f"{limits.lock_seconds:g}s", "application_name": "simpul-loket"}
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,  # a server that was started again is found by whoever asks next
        connect_args={"timeout": limits.lock_seconds, "server_settings": waits},
        execution_options=options,
    )


def _transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _prepare_sqlite(engine: Engine, lock_seconds: float) -> None:
    """Begin transactions ourselves: the driver would begin them too late to keep others out."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {round(lock_seconds * 1000)}",  # for the next words already
            "journal_mode = WAL",  # who reads does not wait for who writes
            "synchronous = FULL",  # what was told as done survives a power cut
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begins(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        own = connection.connection.driver_connection
        assert own is not None, "it is lent"
        # Past SQLAlchemy, which would take ten times as long to say it.
        own.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
