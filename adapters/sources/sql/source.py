"""Databases that we may read: one statement per fetch, bound parameters, nothing written.

In: a described statement (``statement``) or SQL text with ``:names``, parameters, and optionally
many keys for ``:keys``. Out: ``Guarded`` rows as dicts. The session is read-only and the server
itself ends statements that run too long; more keys than one statement takes are split over
several. Texts of driver errors are dropped, since they quote rows.

SQLite (``sqlite+aiosqlite``), MariaDB/MySQL (``mysql+asyncmy``) and PostgreSQL
(``postgresql+asyncpg``); what each needs when a connection is made stands in ``session``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs
from sqlalchemy import Executable, bindparam, exc, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.contract import CallContext, Guard, Guarded, Span
from adapters.errors import (
    AccessDenied,
    BadRecord,
    SourceError,
    SourceTimeout,
    SourceUnavailable,
)
from adapters.sources.sql.session import connect_options, prepare_sessions, read_only_url
from adapters.sources.sql.statement import SelectRows, Statement
from cache.lru import LRU

__all__ = ["Row", "SqlSettings", "SqlSource"]

Row = dict[str, Any]

# Of which the parsed form is kept. A declared adapter selects only the columns that are wanted, so
# that each set of them is another statement; a parsed one is about 2 kB.
_STATEMENTS = 1_000


@dataclass(frozen=True, slots=True)
class SqlSettings:
    """How one database is treated."""

    connections: int = 5
    statement_seconds: float = 10.0  # the server's own limit, beside the caller's deadline
    # Of one statement. SQLite takes 999 in old versions; more in one brings nothing.
    keys_per_statement: int = 900
    text_encoding: str | None = None
    """Of SQLite's TEXT columns that hold other than UTF-8, and of a PostgreSQL of SQL_ASCII."""


class SqlSource:
    """One database. The guard is lent: its owner closes it."""

    def __init__(
        self, name: str, url: str, guard: Guard, settings: SqlSettings | None = None
    ) -> None:
        self.name = name
        self._guard = guard
        self._settings = settings or SqlSettings()
        parsed = make_url(url)
        self._engine: AsyncEngine = create_async_engine(
            read_only_url(parsed),
            connect_args=connect_options(
                parsed, self._settings.statement_seconds, self._settings.text_encoding
            ),
            isolation_level="AUTOCOMMIT",  # one statement needs no transaction around it
            pool_size=self._settings.connections,
            max_overflow=0,
            pool_pre_ping=parsed.get_backend_name() != "sqlite",
            hide_parameters=True,
        )
        prepare_sessions(
            self._engine, parsed, self._settings.statement_seconds, self._settings.text_encoding
        )
        # In front of the pool, which never wakes who waits for a connection that could not be made.
        self._places = asyncio.Semaphore(self._settings.connections)
        self._statements: LRU[tuple[Statement, bool], Executable] = LRU(_STATEMENTS)

    async def fetch(
        self,
        statement: Statement,
        call: CallContext,
        *,
        parameters: Mapping[str, Any] | None = None,
        keys: Sequence[Any] | None = None,
        units: int = 1,
    ) -> Guarded[list[Row]]:
        """Run one SELECT and give its rows; equal fetches in flight are one, so do not change them.

        With ``keys``, a text says ``… IN :keys``, and no keys give no rows without a call.
        """
        if keys is None:
            return await self._run(statement, dict(parameters or {}), call, units, many=False)
        size = self._settings.keys_per_statement // _values_per_key(statement)
        parts = [keys[start : start + size] for start in range(0, len(keys), size)]
        given = [{**(parameters or {}), "keys": list(part)} for part in parts]
        if len(given) == 1:
            return await self._run(statement, given[0], call, units, many=True)
        async with asyncio.TaskGroup() as group:
            runs = [
                group.create_task(self._run(statement, part, call, units, many=True))
                for part in given
            ]
        return _joined([run.result() for run in runs])

    async def aclose(self) -> None:
        """Close all connections; idempotent."""
        await self._engine.dispose()

    async def _run(
        self,
        statement: Statement,
        parameters: dict[str, Any],
        call: CallContext,
        units: int,
        *,
        many: bool,
    ) -> Guarded[list[Row]]:
        clause = self._clause(statement, many=many)

        async def attempt(seconds: float | None) -> list[Row]:
            try:
                async with asyncio.timeout(seconds):
                    return await self._select(clause, parameters)
            except TimeoutError as error:
                text = f'source "{self.name}" did not answer within its time'
                raise SourceTimeout(text) from error
            except _FOREIGN as error:
                # Without its cause, whose text may quote the row that could not be read.
                raise translate(error, self.name) from None

        key = _flight_key(statement, parameters)
        return await self._guard.run(attempt, call, key=key, units=units)

    async def _select(self, clause: Executable, parameters: dict[str, Any]) -> list[Row]:
        async with self._places, self._engine.connect() as connection:
            result = await connection.execute(clause, parameters)
            return [dict(row) for row in result.mappings()]

    def _clause(self, statement: Statement, *, many: bool) -> Executable:
        clause = self._statements.get((statement, many))
        if clause is None:
            clause = _build(statement, many=many)
            self._statements.put((statement, many), clause)
        return clause


def _values_per_key(statement: Statement) -> int:
    return max(1, len(statement.keys)) if isinstance(statement, SelectRows) else 1


def _build(statement: Statement, *, many: bool) -> Executable:
    if not isinstance(statement, str):
        return statement.build()
    written = text(statement)
    return written.bindparams(bindparam("keys", expanding=True)) if many else written


# MariaDB's and MySQL's numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/
_DENIED = frozenset((1044, 1045, 1142, 1143, 1227, 1698))
_TIMED_OUT = frozenset((1969, 3024))
_ABSENT = frozenset((1054, 1064, 1146))  # column, syntax, table: not the schema we were told
_ABSENT_TEXT = re.compile(
    r"no such (table|column)|syntax error|could not decode|malformed|not a database"
)

# PostgreSQL's: https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES: tuple[tuple[str, type[SourceError]], ...] = (
    ("28", AccessDenied),  # sign-on
    ("42501", AccessDenied),
    ("57014", SourceTimeout),  # ended by statement_timeout
    ("22", BadRecord),  # a value that the column, or the declared encoding, does not allow
    ("42", BadRecord),  # syntax, or not the schema we were told
)
"""Beginning of a state -> what it stands for; the more special first."""

# What comes out of a driver: the database's errors, and what a lost connection does under it. A
# write to a socket that was reset is a RuntimeError of the event loop.
_FOREIGN = (exc.SQLAlchemyError, OSError, EOFError, RuntimeError)

_KINDS: tuple[tuple[type[Exception], type[SourceError]], ...] = (
    (exc.TimeoutError, SourceUnavailable),  # no connection of the pool was free
    (exc.DataError, BadRecord),
    (exc.ProgrammingError, BadRecord),
    (exc.DBAPIError, SourceUnavailable),
    (exc.SQLAlchemyError, BadRecord),
    (Exception, SourceUnavailable),  # the rest of _FOREIGN: the connection was lost
)


def translate(error: Exception, name: str) -> SourceError:
    """Give the source error that a foreign error stands for, without its text."""
    kind = _kind(error)
    reasons = {
        AccessDenied: "does not let us read this",
        SourceTimeout: "ended the statement, which took too long",
        BadRecord: "is not built as expected, or holds text in another encoding than declared",
        SourceUnavailable: "cannot be reached or is locked",
    }
    told = _number(error) or _state(error) or type(error).__name__
    return kind(f'source "{name}" {reasons[kind]} ({told})')


def _kind(error: Exception) -> type[SourceError]:
    number = _number(error)
    if number in _DENIED:
        return AccessDenied
    if number in _TIMED_OUT:
        return SourceTimeout
    if number in _ABSENT:
        return BadRecord
    state = _state(error) or ""
    for beginning, kind in _STATES:
        if state.startswith(beginning):
            return kind
    told = str(error.orig).lower() if isinstance(error, exc.DBAPIError) else ""
    if told == "interrupted":
        return SourceTimeout
    if _ABSENT_TEXT.search(told):
        return BadRecord
    return next(ours for theirs, ours in _KINDS if isinstance(error, theirs))


def _number(error: Exception) -> int | None:
    original = error.orig if isinstance(error, exc.DBAPIError) else None
    first = original.args[0] if original is not None and original.args else None
    return first if isinstance(first, int) else None


def _state(error: Exception) -> str | None:
    original = error.orig if isinstance(error, exc.DBAPIError) else None
    state = getattr(original, "sqlstate", None)
    return state if isinstance(state, str) else None


def _flight_key(statement: Statement, parameters: Mapping[str, Any]) -> Hashable | None:
    """Give the key under which equal fetches share; None if a parameter cannot be compared."""
    values = tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in sorted(parameters.items())
    )
    try:
        hash(values)
    except TypeError:
        return None
    return (statement, values)


def _joined(results: Sequence[Guarded[list[Row]]]) -> Guarded[list[Row]]:
    """Join the parts of one fetch; one failed part fails the whole."""
    total: Guarded[list[Row]] = Guarded([])
    for result in results:
        calls, span = total.calls + result.calls, _hull(total.span, result.span)
        if total.value is None or result.value is None:
            total = Guarded(None, total.error or result.error, calls, span)
        else:
            rows = total.value + result.value
            total = structs.replace(total, value=rows, calls=calls, span=span)
    return total


def _hull(one: Span | None, other: Span | None) -> Span | None:
    """Give the time from the beginning of the first to the end of the last."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
