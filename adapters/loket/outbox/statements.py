"""The two statements that a register is written by.

In: its settings and, of a database that takes no value of another type, the types of its columns.
Out: ``Statements``, which take values by ``value_name``. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    TableClause,
    bindparam,
    cast,
    column,
    exists,
    func,
    insert,
    literal,
    select,
    table,
    type_coerce,
    types,
    update,
)

from adapters.loket.outbox.line import COMPUTED, REVOKED
from adapters.loket.settings import RegisterSettings

__all__ = ["Statements", "build_statements", "value_name"]


@dataclass(frozen=True, slots=True)
class Statements:
    """What writes a line, and what tells of its revocation."""

    insert: Executable  # unless there is a line of this number and year
    revoke: Executable  # unless the remark says so


def build_statements(settings: RegisterSettings, found: Mapping[str, str] | None) -> Statements:
    """Build them; ``found``: column -> its type, where values are sent as texts and cast to it."""
    build = _Builder(settings, found)
    return Statements(build.insert(), build.revoke())


def value_name(field: str) -> str:
    """Name a value of the line; a column of the register may bear the field's own name."""
    return f"nilai_{field}"


class _Named(types.UserDefinedType[Any]):
    """A type by the name that the database gives it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Write it as it was read."""
        return self.name


class _Builder:
    """Builds the statements of one register."""

    def __init__(self, settings: RegisterSettings, found: Mapping[str, str] | None) -> None:
        self._settings = settings
        self._found = found
        names = dict.fromkeys(settings.columns.values())
        self._kept: TableClause = table(settings.table, *(column(name) for name in names))

    def insert(self) -> Executable:
        """Insert what is given, where there is no line of this number and year."""
        there = exists().where(self._is_line())
        chosen = [
            (self._next() if name == COMPUTED else self._value(name)).label(theirs)
            for name, theirs in self._settings.columns.items()
        ]
        # A table of one row to choose from: not every database takes a condition without one.
        one = select(literal(1)).subquery("satu")
        source = select(*chosen).select_from(one).where(~there.correlate(None))
        return insert(self._kept).from_select([*self._settings.columns.values()], source)

    def revoke(self) -> Executable:
        """Add to the remark of this number and year that it is revoked, unless it says so."""
        remark, added = self._column("keterangan"), f", {REVOKED}"
        written = type_coerce(func.nullif(remark, ""), types.Text())
        says_not = written.is_(None) | written.not_like(f"%{added}%")
        told = func.coalesce(written.concat(added), f"Loket{added}")
        return update(self._kept).where(self._is_line() & says_not).values({remark: told})

    def _is_line(self) -> ColumnElement[bool]:
        number, year = (self._column(name) == self._value(name) for name in ("nomor", "tahun"))
        return number & year

    def _next(self) -> ColumnElement[Any]:
        """Go on from the last number of the year's book."""
        running = self._column(COMPUTED)
        counted = running if self._found is None else cast(running, types.Integer())
        is_book = self._column("tahun") == self._value("tahun")
        last = select(func.max(counted)).where(is_book).scalar_subquery()
        following: ColumnElement[Any] = func.coalesce(last, 0) + 1
        return following if self._found is None else self._as_theirs(COMPUTED, following)

    def _value(self, name: str) -> ColumnElement[Any]:
        """Give a value; SQLite is given the bytes of a declared encoding, as text."""
        if self._found is not None:
            text: ColumnElement[Any] = bindparam(value_name(name), type_=types.Text())
            return self._as_theirs(name, text)
        if self._settings.encoding is None or name == "tahun":
            return bindparam(value_name(name))
        return cast(bindparam(value_name(name), type_=types.LargeBinary()), types.Text())

    def _as_theirs(self, name: str, value: ColumnElement[Any]) -> ColumnElement[Any]:
        assert self._found is not None, "the types were read"
        return cast(value, _Named(self._found[self._settings.columns[name]]))

    def _column(self, name: str) -> ColumnElement[Any]:
        return self._kept.c[self._settings.columns[name]]
