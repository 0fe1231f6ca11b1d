"""What a session of PostgreSQL is told, and how its values come and go.

In: an engine. Out: sessions that the server itself keeps from writing and from running long, and
that take a value in whatever form it is asked: a table may keep a date as DATE or as text, and a
number of a person as BIGINT or as CHAR, which the one who asks does not know. The driver's own
codecs refuse a text for a DATE; so values travel as text, which the server reads by the column.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

__all__ = ["postgres_options", "prepare_postgres"]

# How long a connection may take, within the caller's own deadline; the driver's is a minute.
_CONNECT_SECONDS = 10.0


def postgres_options(seconds: float, encoding: str | None) -> dict[str, Any]:
    """Give the driver's options.

    A database of a known encoding sends UTF-8. One of SQL_ASCII sends what was once put in, and
    ``encoding`` says how that is read. Raises ``LookupError`` for an unknown encoding.
    """
    told = {
        "default_transaction_read_only": "on",
        "statement_timeout": str(max(1, int(seconds * 1000))),
        "DateStyle": "ISO",
    }
    if encoding is not None:
        told["client_encoding"] = _server_name(encoding)
    return {"server_settings": told, "timeout": _CONNECT_SECONDS}


def prepare_postgres(engine: AsyncEngine) -> None:
    """Let every new connection of ``engine`` take and give values as text."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.run_async(_set_codecs)


async def _set_codecs(connection: Any) -> None:
    for name, decode in _DECODERS.items():
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=str, decoder=decode, format="text"
        )


def _server_name(encoding: str) -> str:
    """Name a character set as the server does: ``cp1252`` is ``WIN1252``."""
    name = codecs.lookup(encoding).name
    return name.replace("cp125", "WIN125").replace("iso8859-", "LATIN").replace("-", "").upper()


def _as_read(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Read a value, or leave it a text: PostgreSQL has infinite days, and years before Christ."""

    def decode(text: str) -> Any:
        try:
            return read(text)
        except ValueError:
            return text

    return decode


def _is_true(text: str) -> bool:
    return text == "t"


_DECODERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        **dict.fromkeys(("text", "varchar", "bpchar", "name"), str),
        **dict.fromkeys(("int2", "int4", "int8"), int),
        **dict.fromkeys(("float4", "float8"), float),
        "numeric": Decimal,
        "bool": _is_true,
        "date": _as_read(date.fromisoformat),
        **dict.fromkeys(("timestamp", "timestamptz"), _as_read(datetime.fromisoformat)),
    }
)
"""Type of the server -> how its text is read."""
