"""One register that is a table of a database which the counter may write: a line, once.

In: a ``Line``. Out: nothing, or ``SourceError``. One statement writes the line if the register has
none of that number and year: a repetition, by whoever, changes nothing. Of a letter that was
revoked, a second one adds so to the remark, if it does not say so; what else stands there stays.
The credential is the counter's own, for writing; those that read the register know nothing of it.

SQLite, MariaDB and PostgreSQL. Texts of driver errors are dropped, since they quote values.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, exc, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.errors import BadRecord, SourceError, SourceTimeout, SourceUnavailable
from adapters.loket.outbox.line import COMPUTED, Line
from adapters.loket.outbox.statements import Statements, build_statements, value_name
from adapters.loket.settings import RegisterSettings

__all__ = ["Register", "open_register"]

_TALKATIVE = (
    "aiosqlite",
    "asyncmy",
    "asyncpg",
    "sqlalchemy.engine",
)  # they log statements with values
_WRITTEN = ("sqlite+aiosqlite", "mysql+asyncmy", "mariadb+asyncmy", "postgresql+asyncpg")
_LOCKED_SECONDS = 5.0  # for whoever else writes into a SQLite file

# Of PostgreSQL. The types are without their lengths: a text that is too long is refused, not cut.
_TYPES = text(
    "SELECT attname, format_type(atttypid, -1) AS jenis FROM pg_attribute"
    " WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped"
)
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('simpul:' || :table))")

_TRANSLATED: tuple[tuple[type[Exception], type[SourceError]], ...] = (
    (TimeoutError, SourceTimeout),
    (exc.TimeoutError, SourceTimeout),
    (exc.IntegrityError, BadRecord),
    (exc.DataError, BadRecord),
    (exc.DBAPIError, SourceUnavailable),
    (OSError, SourceUnavailable),
)
"""What a driver raises, and what it means; anything else is a bug of ours."""


class Register:
    """An open register."""

    def __init__(self, settings: RegisterSettings, engine: AsyncEngine) -> None:
        self.kelurahan = settings.kelurahan
        self._settings = settings
        self._engine = engine
        # PostgreSQL takes no value of another type than the column's, and keeps nobody out who
        # looks for the same line at once.
        self._is_strict = engine.dialect.name == "postgresql"
        self._statements = None if self._is_strict else build_statements(settings, None)

    async def write(self, line: Line, seconds: float | None = None) -> None:
        """Write a line that may be there already, and may be revoked; raises ``SourceError``."""
        try:
            async with asyncio.timeout(seconds), self._engine.begin() as connection:
                statements = self._statements or await self._read_types(connection)
                if self._is_strict:
                    await connection.execute(_ALONE, {"table": self._settings.table})
                values = self._values(line)
                await connection.execute(statements.insert, values)
                if line.is_revoked:
                    names = [value_name(name) for name in ("nomor", "tahun")]
                    await connection.execute(
                        statements.revoke, {name: values[name] for name in names}
                    )
        except Exception as error:
            for foreign, ours in _TRANSLATED:
                if isinstance(error, foreign):
                    told = f'the register of "{self.kelurahan}" did not take a line'
                    raise ours(told) from None
            raise

    async def _read_types(self, connection: AsyncConnection) -> Statements:
        quoted = self._engine.dialect.identifier_preparer.quote(self._settings.table)
        rows = await connection.execute(_TYPES, {"table": quoted})
        found = {row.attname: row.jenis for row in rows}
        if not {*self._settings.columns.values()} <= {*found}:
            raise SourceUnavailable(f'the register of "{self.kelurahan}" has not these columns')
        self._statements = build_statements(self._settings, found)
        return self._statements

    def _values(self, line: Line) -> dict[str, Any]:
        names = [name for name in self._settings.columns if name != COMPUTED]
        values = {name: getattr(line, name) for name in names}
        if "tanggal" in values:
            values["tanggal"] = line.tanggal.strftime(self._settings.date_format)
        return {value_name(name): self._as_sent(value) for name, value in values.items()}

    def _as_sent(self, value: Any) -> Any:
        encoding = self._settings.encoding
        if encoding is not None and isinstance(value, str):
            return value.encode(encoding, "replace")
        return str(value) if self._is_strict and value is not None else value

    async def aclose(self) -> None:
        """Close its connections; idempotent."""
        await self._engine.dispose()


def open_register(settings: RegisterSettings, url: str) -> Register:
    """Open a register; it need not answer yet. Raises ``ValueError`` for no URL that we write."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise ValueError(
            f'the register of "{settings.kelurahan}" has no URL of a database'
        ) from None
    if parsed.drivername not in _WRITTEN:
        raise ValueError(
            f'the register of "{settings.kelurahan}" is none that is written here; use '
            '"sqlite+aiosqlite", "mysql+asyncmy" or "postgresql+asyncpg"'
        )
    if settings.encoding is not None and parsed.get_backend_name() != "sqlite":
        raise ValueError('"encoding" is for SQLite; a server knows that of its tables')
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    is_file = parsed.get_backend_name() == "sqlite"
    engine = create_async_engine(
        _existing(parsed) if is_file else parsed,
        hide_parameters=True,
        pool_pre_ping=not is_file,
        connect_args={"timeout": _LOCKED_SECONDS} if is_file else {},
    )
    return Register(settings, engine)


def _existing(url: URL) -> URL:
    """Open a file that is there: a register is never made."""
    name = f"file:{quote(url.database or '')}"
    return url.set(database=name, query={"mode": "rw", "uri": "true"})
