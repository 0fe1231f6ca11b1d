"""One register that is a table of a database which the counter may write: a line, once.

In: a ``Line``. Out: nothing, or ``SourceError``. One statement writes the line if the register has
none of that number and year: a repetition, by whoever, changes nothing. Of a letter that was
revoked, a second one adds so to the remark, if it does not say so; what else stands there stays.
The credential is the counter's own, for writing; those that read the register know nothing of it.

SQLite and MariaDB. Texts of driver errors are dropped, since they quote values.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    ColumnElement,
    Executable,
    TableClause,
    bindparam,
    cast,
    column,
    exc,
    exists,
    func,
    insert,
    literal,
    make_url,
    select,
    table,
    type_coerce,
    types,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.errors import BadRecord, SourceError, SourceTimeout, SourceUnavailable
from adapters.loket.outbox.line import COMPUTED, REVOKED, Line
from adapters.loket.settings import RegisterSettings

__all__ = ["Register", "open_register"]

_TALKATIVE = ("aiosqlite", "asyncmy", "sqlalchemy.engine")  # they log statements with values
_LOCKED_SECONDS = 5.0  # for whoever else writes into a SQLite file

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
        self._insert = _build_insert(settings)
        self._revoke = _build_revoke(settings)

    async def write(self, line: Line, seconds: float | None = None) -> None:
        """Write a line that may be there already, and may be revoked; raises ``SourceError``."""
        try:
            async with asyncio.timeout(seconds), self._engine.begin() as connection:
                values = self._values(line)
                await connection.execute(self._insert, values)
                if line.is_revoked:
                    key = {_name(name): values[_name(name)] for name in ("nomor", "tahun")}
                    await connection.execute(self._revoke, key)
        except Exception as error:
            for foreign, ours in _TRANSLATED:
                if isinstance(error, foreign):
                    text = f'the register of "{self.kelurahan}" did not take a line'
                    raise ours(text) from None
            raise

    def _values(self, line: Line) -> dict[str, Any]:
        names = [name for name in self._settings.columns if name != COMPUTED]
        values = {name: getattr(line, name) for name in names}
        if "tanggal" in values:
            values["tanggal"] = line.tanggal.strftime(self._settings.date_format)
        encoding = self._settings.encoding
        return {
            _name(name): value.encode(encoding, "replace")
            if encoding is not None and isinstance(value, str)
            else value
            for name, value in values.items()
        }

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
    if parsed.drivername not in ("sqlite+aiosqlite", "mysql+asyncmy", "mariadb+asyncmy"):
        raise ValueError(
            f'the register of "{settings.kelurahan}" is none that is written here; use '
            '"sqlite+aiosqlite" or "mysql+asyncmy"'
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


def _build_insert(settings: RegisterSettings) -> Executable:
    """Build: insert what is given, where there is no line of this number and year."""
    columns, kept = settings.columns, _table_of(settings)
    year = kept.c[columns["tahun"]]
    there = exists().where(_is_line(settings, kept))
    chosen: list[ColumnElement[Any]] = []
    for name, theirs in columns.items():
        if name == COMPUTED:
            last = select(func.max(kept.c[theirs])).where(year == bindparam(_name("tahun")))
            chosen.append((func.coalesce(last.scalar_subquery(), 0) + 1).label(theirs))
        else:
            chosen.append(_bound(settings, name).label(theirs))
    # A table of one row to choose from: not every database takes a condition without one.
    one = select(literal(1)).subquery("satu")
    source = select(*chosen).select_from(one).where(~there.correlate(None))
    return insert(kept).from_select([*columns.values()], source)


def _build_revoke(settings: RegisterSettings) -> Executable:
    """Build: add to the remark of this number and year that it is revoked, unless it says so."""
    kept = _table_of(settings)
    remark = kept.c[settings.columns["keterangan"]]
    added = f", {REVOKED}"
    written = type_coerce(func.nullif(remark, ""), types.Text())
    says_not = written.is_(None) | written.not_like(f"%{added}%")
    told = func.coalesce(written.concat(added), f"Loket{added}")
    return update(kept).where(_is_line(settings, kept) & says_not).values({remark: told})


def _table_of(settings: RegisterSettings) -> TableClause:
    names = dict.fromkeys(settings.columns.values())
    return table(settings.table, *(column(name) for name in names))


def _is_line(settings: RegisterSettings, kept: TableClause) -> ColumnElement[bool]:
    number, year = (kept.c[settings.columns[name]] for name in ("nomor", "tahun"))
    return (number == _bound(settings, "nomor")) & (year == bindparam(_name("tahun")))


def _bound(settings: RegisterSettings, name: str) -> ColumnElement[Any]:
    """Give a value; SQLite is given the bytes of a declared encoding, as text."""
    if settings.encoding is None or name == "tahun":
        return bindparam(_name(name))
    return cast(bindparam(_name(name), type_=types.LargeBinary()), types.Text())


def _name(field: str) -> str:
    """Name a value of the line; a column of the register may bear the field's own name."""
    return f"nilai_{field}"
