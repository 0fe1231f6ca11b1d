"""What came in, on disk: a push is in a committed transaction before anyone is told so.

In: pushes with their keys. Out: their numbers, without gaps, in the order in which the
transactions end: the inbox's own row is locked first, so no push appears behind one that was seen.
One code path for SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, event, insert, make_url, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.sources.inbox.tables import inbox, metadata, push, push_key

__all__ = ["InboxStore", "NewPush", "OtherContent"]

_BUSY_SECONDS = 5.0  # a writer of SQLite waits so long for the writer before it
_REPLAYED_AT_ONCE = 500

Keys = Sequence[tuple[str, str]]


class OtherContent(Exception):
    """The message id has been used for another body."""


@dataclass(frozen=True, slots=True)
class NewPush:
    """A push to be stored."""

    message_id: str
    digest: str  # SHA-256 of the body, in hexadecimal
    received_at: float  # seconds since 1970
    body: bytes
    keys: Keys


class InboxStore:
    """One inbox's part of the tables."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._file = _file_of(url)
        is_file = self._file is not None
        self._engine = create_async_engine(
            url,
            connect_args={"timeout": _BUSY_SECONDS} if is_file else {},
            pool_size=2,
            max_overflow=2,
            pool_pre_ping=not is_file,
            hide_parameters=True,
        )
        if is_file:
            _prepare_sqlite(self._engine)

    async def open(self, keys_version: str) -> str:
        """Make the tables and the inbox's row where they are missing; give its keys' version."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        async with self._engine.begin() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    await connection.execute(CreateIndex(index, if_not_exists=True))
        known = await self._version()
        if known is not None:
            return known
        row = {
            "name": self._name, "last_number": 0, "last_at": 0.0, "keys_version": keys_version
        }  # fmt: skip
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(inbox).values(row))
        except IntegrityError:  # another worker was faster
            return await self._version() or keys_version
        return keys_version

    async def append(self, new: NewPush) -> tuple[int, bool]:
        """Store a push; gives its number and whether it is new. Raises ``OtherContent``."""
        known = await self._find(new)
        if known is not None:
            return known, False
        try:
            async with self._engine.begin() as connection:
                return await self._insert(connection, new), True
        except IntegrityError:  # it came twice at the same time
            known = await self._find(new)
            if known is None:
                raise
            return known, False

    async def replay(self, keys_version: str) -> AsyncIterator[_Rewriting]:
        """Yield what rewrites the keys of a few pushes at a time, in one transaction."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(inbox).where(inbox.c.name == self._name).values(keys_version=keys_version)
            )
            await connection.execute(delete(push_key).where(push_key.c.inbox == self._name))
            last = 0
            while True:
                rows = await self._after(connection, last)
                if not rows:
                    return
                last = rows[-1][0]
                yield _Rewriting(self._name, connection, rows)

    async def aclose(self) -> None:
        """Close all connections; idempotent."""
        await self._engine.dispose()

    async def _version(self) -> str | None:
        async with self._engine.connect() as connection:
            asked = select(inbox.c.keys_version).where(inbox.c.name == self._name)
            found: str | None = (await connection.execute(asked)).scalar_one_or_none()
            return found

    async def _find(self, new: NewPush) -> int | None:
        asked = select(push.c.number, push.c.digest).where(
            push.c.inbox == self._name, push.c.message_id == new.message_id
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(asked)).one_or_none()
        if row is None:
            return None
        if row.digest != new.digest:
            raise OtherContent
        return int(row.number)

    async def _insert(self, connection: AsyncConnection, new: NewPush) -> int:
        counted = (
            update(inbox)
            .where(inbox.c.name == self._name)
            .values(last_number=inbox.c.last_number + 1, last_at=new.received_at)
            .returning(inbox.c.last_number)
        )
        number = int((await connection.execute(counted)).scalar_one())
        await connection.execute(
            insert(push).values(
                inbox=self._name,
                number=number,
                message_id=new.message_id,
                digest=new.digest,
                received_at=new.received_at,
                body=new.body,
            )
        )
        await _insert_keys(connection, self._name, number, new.keys)
        return number

    async def _after(self, connection: AsyncConnection, number: int) -> list[tuple[int, bytes]]:
        asked = (
            select(push.c.number, push.c.body)
            .where(push.c.inbox == self._name, push.c.number > number)
            .order_by(push.c.number)
            .limit(_REPLAYED_AT_ONCE)
        )
        return [(int(row.number), bytes(row.body)) for row in await connection.execute(asked)]


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """Some pushes of a replay, whose keys are to be written again."""

    inbox: str
    connection: AsyncConnection
    pushes: Sequence[tuple[int, bytes]]  # number and body

    async def write(self, number: int, keys: Keys) -> None:
        """Write the keys of one of them."""
        await _insert_keys(self.connection, self.inbox, number, keys)


async def _insert_keys(connection: AsyncConnection, name: str, number: int, keys: Keys) -> None:
    rows = [
        {"inbox": name, "kind": kind, "key": key, "number": number}
        for kind, key in dict.fromkeys(keys)
    ]
    if rows:
        await connection.execute(insert(push_key), rows)


def _file_of(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Let a commit reach the disk, its directory too, before anyone is told of it.

    No write-ahead log: its files beside the database are more that can be lost or copied without.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = EXTRA")
        cursor.close()
