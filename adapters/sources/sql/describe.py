"""What a database tells about its tables: columns, primary keys, foreign keys.

In: a URL. Out: ``TableFacts``, by name. For whoever drafts a mapping; nothing is read from rows.
Raises ``SourceError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exc, inspect, make_url, types
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.errors import SourceUnavailable
from adapters.sources.sql.session import connect_options, prepare_sessions, read_only_url

__all__ = ["ForeignKey", "TableFacts", "describe_tables", "has_password"]

_SECONDS = 30.0

_KINDS: tuple[tuple[type[Any], str], ...] = (
    (types.Boolean, "truth"),
    (types.DateTime, "moment"),
    (types.Date, "date"),
    (types.BigInteger, "long"),
    (types.Integer, "whole"),
    (types.Numeric, "decimal"),
    (types.Enum, "text"),
    (types.String, "text"),
)
"""SQL type -> what its values are; the more special type first."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that name a row of another table."""

    columns: tuple[str, ...]
    table: str
    table_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table or view."""

    name: str
    columns: dict[str, str]  # name -> truth, moment, date, long, whole, decimal, text, other
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]


async def describe_tables(url: str) -> tuple[TableFacts, ...]:
    """Describe every table and view of the database's own schema; raises ``SourceError``."""
    try:
        parsed = make_url(url)
        engine = create_async_engine(read_only_url(parsed), connect_args=connect_options(parsed))
        prepare_sessions(engine, parsed, _SECONDS, None)
    except (exc.SQLAlchemyError, ValueError):
        raise SourceUnavailable("what was given is no address of a database we read") from None
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_describe)
    except (exc.SQLAlchemyError, OSError) as error:
        text = f"the database cannot be read ({type(error).__name__})"
        raise SourceUnavailable(text) from None
    finally:
        await engine.dispose()


def has_password(url: str) -> bool:
    """Tell whether a URL holds a password."""
    return make_url(url).password is not None


def _describe(connection: Connection) -> tuple[TableFacts, ...]:
    found = inspect(connection)
    names = sorted({*found.get_table_names(), *found.get_view_names()})
    facts = []
    for name in names:
        columns = {str(column["name"]): _kind(column["type"]) for column in found.get_columns(name)}
        key = tuple(found.get_pk_constraint(name).get("constrained_columns") or ())
        keys = tuple(_foreign(each) for each in found.get_foreign_keys(name))
        facts.append(TableFacts(name, columns, key, keys))
    return tuple(facts)


def _foreign(given: ReflectedForeignKeyConstraint) -> ForeignKey:
    columns, there = given["constrained_columns"], given["referred_columns"]
    return ForeignKey(tuple(columns), given["referred_table"], tuple(there))


def _kind(column: types.TypeEngine[object]) -> str:
    return next((kind for theirs, kind in _KINDS if isinstance(column, theirs)), "other")
