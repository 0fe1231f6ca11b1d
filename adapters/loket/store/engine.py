"""Opens the store: SQLite by default, PostgreSQL by configuration, one code path.

In: a database's URL, and the guards of those who read and those who write. Out: a ``Store`` that
runs transactions; what the database may do wrong becomes a ``SourceError``, by the table below.
Opening brings the tables up to date; several processes that open at once wait for each other.

The store is a neighbor like any other: whoever waits for it has a deadline, a cap on how many
wait, and a breaker. Who reads and who writes stand behind guards of their own, since a file that
somebody keeps locked takes no letter and tells all of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, exc, text

from adapters.contract import CallContext, Priority
from adapters.errors import SourceError, SourceTimeout, SourceUnavailable
from adapters.loket.store.database import Database, Limits, open_database
from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings

__all__ = ["CARE", "Guards", "Store", "open_store", "own_call"]

T = TypeVar("T")

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK: Final = 0x73696D70  # of PostgreSQL's advisory locks: whoever migrates holds it

CARE: Mapping[str, Any] = MappingProxyType({"timeout_seconds": 12.0, "parallel": 10})
"""The defaults of both guards that are not every guard's.

A transaction lasts some milliseconds: twelve seconds with its wait are fifty officers pressing at
once on a disk that is ten times too slow. ``parallel`` are connections; PostgreSQL has a hundred
for all processes, and a file has one writer anyway.
"""

_LOCKED = 5 / 6  # of its time is how long a writer waits for another: the reason comes first

_BUGS = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)
"""What a database raises of statements that we ought not to have sent; left as it is."""

_TRANSLATED: tuple[tuple[type[Exception], type[SourceError]], ...] = (
    (exc.TimeoutError, SourceTimeout),  # no connection was free in time
    (exc.DBAPIError, SourceUnavailable),  # locked, shut down, full, or whoever we are not let in
    (sqlite3.DatabaseError, SourceUnavailable),  # locked or damaged, from the first word on
    (OSError, SourceUnavailable),  # a server that is not there
    (EOFError, SourceUnavailable),  # one that left while it was spoken to
)
"""What a database raises, and what it means to who asked; anything else is a bug of ours."""

_TIMED_OUT = frozenset({"55P03", "57014"})  # PostgreSQL's lock_timeout and statement_timeout


class Guards(NamedTuple):
    """What stands around the store."""

    reads: SourceGuard
    writes: SourceGuard

    @classmethod
    def plain(cls) -> Guards:
        """Make guards with nothing but their defaults."""
        settings = GuardSettings(**CARE)
        return cls(SourceGuard("store", settings), SourceGuard("store-writes", settings))


class Store:
    """An open database. The guards are the store's: ``aclose`` closes them."""

    def __init__(self, database: Database, guards: Guards) -> None:
        self._database = database
        self._guards = guards

    async def read(self, call: CallContext, ask: Callable[[Connection], T]) -> T:
        """Give what ``ask`` reads in a transaction that sees one state; raises ``SourceError``.

        ``ask`` may be run twice. It runs beside the event loop: it keeps to the connection.
        """

        async def attempt(seconds: float | None) -> tuple[T]:
            return (await self._run(ask, writes=False),)

        told = await self._guards.reads.run(attempt, call)
        return _value(told.value, told.error)

    async def look(self, call: CallContext, ask: Callable[[Connection], T]) -> T:
        """Do as ``read`` does, for a few rows that an index finds; raises ``SourceError``.

        A file is looked into at once: there is nothing to wait for, or else it is read as ever.
        """
        found = self._database.look(ask)
        return found[0] if found is not None else await self.read(call, ask)

    async def write(self, call: CallContext, change: Callable[[Connection], T]) -> T:
        """Give what ``change`` gives, once it is committed; whatever it raises undoes all of it.

        Raises ``SourceError``; after a ``SourceTimeout`` it may yet have happened, as a key tells.
        """

        async def attempt(seconds: float | None) -> tuple[T]:
            return (await self._run(change, writes=True),)

        told = await self._guards.writes.run(attempt, call, read=False)
        return _value(told.value, told.error)

    async def aclose(self) -> None:
        """Close all connections; idempotent."""
        for guard in self._guards:
            await guard.aclose()
        await self._database.aclose()

    async def _run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        with _translated():
            return await self._database.run(work, writes=writes)


async def open_store(url: str, guards: Guards | None = None) -> Store:
    """Open the database and bring its tables up to date.

    Raises ``ValueError`` for a kind of database that is not known, ``SourceError`` for one that
    does not answer.
    """
    guards = guards or Guards.plain()
    care = guards.writes.settings
    limits = Limits(guards.reads.settings.parallel, care.parallel, care.timeout_seconds * _LOCKED)
    with _translated():
        database = open_database(url, limits)
    store = Store(database, guards)

    def update(connection: Connection) -> None:
        if database.is_server:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _migrate(connection)

    try:
        with _translated():
            await database.run(update, writes=True)
    except BaseException:
        await store.aclose()
        raise
    return store


def own_call() -> CallContext:
    """Give as whom the counter asks its own store, after everybody else."""
    return CallContext(caller="loket", priority=Priority.REPORT)


def _value(value: tuple[T] | None, error: SourceError | None) -> T:
    """Unpack what came through a guard, which gives None where there is an error."""
    if value is None:
        assert error is not None, "a guard gives one or the other"
        raise error
    return value[0]


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
