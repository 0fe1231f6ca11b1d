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
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, exc, text

from adapters.contract import CallContext, Priority
from adapters.errors import SourceError, SourceTimeout, SourceUnavailable
from adapters.loket.store.database import Database, open_database
from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings

__all__ = ["GUARDED_SECONDS", "Guards", "Store", "open_store", "own_call"]

T = TypeVar("T")

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK: Final = 0x73696D70  # of PostgreSQL's advisory locks: whoever migrates holds it

# How long a writer waits for another's transaction, in seconds. They last some milliseconds; half a
# minute of them in a row is fifty officers pressing at once on a disk that is ten times too slow.
_BUSY_SECONDS = 10.0

GUARDED_SECONDS = 12.0
"""How long a transaction may take, and wait for its place; longer than another's lock, so that the
database's own reason comes first."""

_BUGS = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)
"""What a database raises of statements that we ought not to have sent; left as it is."""

_TRANSLATED: tuple[tuple[type[Exception], type[SourceError]], ...] = (
    (exc.TimeoutError, SourceTimeout),  # no connection was free in time
    (exc.DBAPIError, SourceUnavailable),  # locked, shut down, full, or whoever we are not let in
    (sqlite3.OperationalError, SourceUnavailable),  # locked from the first word on
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
        settings = GuardSettings(timeout_seconds=GUARDED_SECONDS)
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


async def open_store(url: str, guards: Guards | None = None, lock_seconds: float = 0) -> Store:
    """Open the database and bring its tables up to date.

    ``lock_seconds``: how long a writer waits for another's transaction; 0: ten seconds. Raises
    ``ValueError`` for a kind of database that is not known, ``SourceError`` for one that does not
    answer.
    """
    with _translated():
        database = open_database(url, lock_seconds or _BUSY_SECONDS)
    store = Store(database, guards or Guards.plain())

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
