"""What a new database session is told: read only, not for long, and how text is encoded.

In: an engine. Out: the same engine, whose every new connection is prepared. One function per
kind of database; a kind that is not here cannot be used, because it would not be read-only.
"""

from __future__ import annotations

import codecs
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, event, exc, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sources.sql.postgres import postgres_options, prepare_postgres

__all__ = ["connect_options", "prepare_sessions", "read_only_url", "rebase_url"]

# These log statements with their parameters, rows, or the server's warnings that quote values: a
# person's numbers, at whatever level the operator sets for the rest.
_TALKATIVE = ("aiosqlite", "asyncmy", "sqlalchemy.engine")

# How long a reader waits for whoever writes: readers of a register can come back, and with the
# driver's five seconds and two retries a caller would wait a quarter of a minute.
_LOCKED_SECONDS = 1.0
_SQLITE_STEPS = 10_000  # virtual machine steps between two looks at the clock: well under 1 ms


def read_only_url(url: URL) -> URL:
    """Give the URL under which the driver opens the database for reading only."""
    if url.get_backend_name() != "sqlite":
        return url
    return url.set(
        database=f"file:{quote(url.database or '')}", query={"mode": "ro", "uri": "true"}
    )


def rebase_url(url: str, base: Path) -> str:
    """Let a relative path of a database file begin at ``base``; other URLs stay as they are."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        return url  # whoever opens it says what is wrong
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return url
    moved = parsed.set(database=str(base / str(parsed.database)))
    return moved.render_as_string(hide_password=False)


def connect_options(url: URL, seconds: float = 30.0, encoding: str | None = None) -> dict[str, Any]:
    """Give what the driver is told beside the URL; ``seconds`` limit one statement."""
    match url.get_backend_name():
        case "sqlite":
            return {"timeout": _LOCKED_SECONDS}
        case "postgresql":
            return postgres_options(seconds, encoding)
        case _:
            return {}


def prepare_sessions(engine: AsyncEngine, url: URL, seconds: float, encoding: str | None) -> None:
    """Prepare every connection that ``engine`` makes to what ``url`` names.

    Raises ``ValueError`` for an unknown kind.
    """
    for log in _TALKATIVE:
        logging.getLogger(log).setLevel(logging.ERROR)
    match url.get_backend_name():
        case "sqlite":
            _prepare_sqlite(engine, seconds, encoding)
            _follow_file(engine, Path(url.database or ""))
        case "mysql" | "mariadb":
            _prepare_mariadb(engine, seconds)
        case "postgresql":
            prepare_postgres(engine)
        case other:
            raise ValueError(f'"{other}" is no kind of database that can be read here')


def _prepare_sqlite(engine: AsyncEngine, seconds: float, encoding: str | None) -> None:
    """SQLite has no server: a progress callback ends what runs too long."""
    decode = _decoder(encoding)
    until: dict[int, float] = {}  # by connection: when its statement must end

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        driver = connection.driver_connection
        identity = id(driver)
        until[identity] = float("inf")
        driver.text_factory = decode
        overruns = partial(_is_past, until, identity)
        connection.run_async(lambda own: own.set_progress_handler(overruns, _SQLITE_STEPS))
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def begins(connection: Any, *_: Any) -> None:
        identity = id(connection.connection.driver_connection)
        until[identity] = time.monotonic() + seconds

    @event.listens_for(engine.sync_engine, "close")
    def closed(connection: Any, _: Any) -> None:
        until.pop(id(connection.driver_connection), None)


def _is_past(until: dict[int, float], identity: int) -> int:
    return time.monotonic() > until.get(identity, 0.0)


def _follow_file(engine: AsyncEngine, path: Path) -> None:
    """Open again a file that was replaced: a connection would go on reading the old one."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(_: Any, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine.sync_engine, "checkout")
    def taken(_: Any, record: Any, __: Any) -> None:
        if record.info.get("file") != _identity(path):
            raise exc.DisconnectionError("the database file was replaced")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def _prepare_mariadb(engine: AsyncEngine, seconds: float) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SELECT VERSION()")
        mariadb = "mariadb" in str(cursor.fetchone()[0]).lower()
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        if mariadb:
            cursor.execute(f"SET SESSION max_statement_time = {seconds:.3f}")
        else:
            cursor.execute(f"SET SESSION max_execution_time = {int(seconds * 1000)}")
        cursor.close()


def _decoder(encoding: str | None) -> Callable[[bytes], str] | type[str]:
    if encoding is None:
        return str
    codecs.lookup(encoding)  # an unknown name is found at start, not at the first row
    return lambda value: value.decode(encoding, "replace")
