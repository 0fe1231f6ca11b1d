"""One agency's inbox: takes pushes, and finds them again by their keys.

In: bodies and headers from the gateway's ``/inbox/{name}``; keys from an adapter. Out: a
``Receipt`` once a push is stored; ``Guarded`` pushes in the order of arrival. Whatever worker took
a push, all see it at once, because what is found is read from the store. When the function that
reads keys changes (``keys_version``), the stored pushes are read again at the next start.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from adapters.contract import (
    Attempt,
    CallContext,
    Guard,
    Guarded,
    PushRefusal,
    PushRefused,
    Receipt,
)
from adapters.errors import SourceError
from adapters.sources.inbox.credential import Credential
from adapters.sources.inbox.model import (
    NUMBER,
    RECEIVED_AT,
    MessageRefused,
    Reading,
    ReadMessage,
)
from adapters.sources.inbox.store import InboxStore, NewPush, OtherContent
from adapters.sources.sql import SqlSource
from adapters.sources.sql.source import translate

__all__ = ["InboxSettings", "InboxSource"]

T = TypeVar("T")

logger = logging.getLogger("simpul.inbox")

_STORE_SECONDS = 10.0  # a sender hangs up after as long, and sends again
_ID_CHARACTERS = 200

_BY_KEY: Final = """SELECT DISTINCT p.number, p.received_at, p.body
FROM push_key k JOIN push p ON p.inbox = k.inbox AND p.number = k.number
WHERE k.inbox = :inbox AND k.kind = :kind AND k.key IN :keys"""

# The pushes that share a key with a push that is found by another kind of key.
_THROUGH: Final = """SELECT DISTINCT p.number, p.received_at, p.body
FROM push_key a JOIN push_key b ON b.inbox = a.inbox AND b.number = a.number AND b.kind = :kind
JOIN push_key c ON c.inbox = b.inbox AND c.kind = b.kind AND c.key = b.key
JOIN push p ON p.inbox = c.inbox AND p.number = c.number
WHERE a.inbox = :inbox AND a.kind = :through AND a.key IN :keys"""


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """Where an inbox is kept, and what it takes."""

    url: str  # SQLAlchemy URL of an asynchronous driver
    keys_version: str  # another one: the keys of all stored pushes are read again
    body_bytes: int = 1_000_000
    media_types: tuple[str, ...] = ("application/json",)

    def __repr__(self) -> str:
        """Show no URL: it may hold a password."""
        return f"InboxSettings(keys_version={self.keys_version!r})"


class InboxSource:
    """One inbox. The guard is lent: its owner closes it."""

    def __init__(
        self,
        name: str,
        settings: InboxSettings,
        credential: Credential,
        read: ReadMessage,
        guard: Guard,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = name
        self._settings = settings
        self._credential = credential
        self._read = read
        self._guard = guard
        self._clock = clock
        self._store = InboxStore(name, settings.url)
        self._rows = SqlSource(name, settings.url, _Unguarded())
        self._opened = asyncio.Lock()
        self._is_open = False
        self._counts = dict.fromkeys(("pushes_stored", "pushes_repeated", "pushes_refused"), 0)
        self._last: datetime | None = None

    @property
    def body_bytes(self) -> int:
        """The longest body that is taken."""
        return self._settings.body_bytes

    async def open(self) -> None:
        """Make the store where it is missing, and read its keys again if they are outdated.

        A store that is down keeps nobody from starting: the next push or question tries again.
        """
        try:
            await self._require_open()
        except (SQLAlchemyError, OSError) as error:
            logger.error("the store of inbox %s cannot be opened: %s", self.name, _kind(error))

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Receipt | PushRefused:
        """Store a push before it is acknowledged; never raises for what a sender may do."""
        outcome = await self._receive(body, headers)
        if isinstance(outcome, PushRefused):
            self._counts["pushes_refused"] += 1
            logger.warning("inbox %s refused a push: %s", self.name, outcome.reason)
        else:
            self._counts["pushes_stored" if outcome.is_new else "pushes_repeated"] += 1
            what = "stored" if outcome.is_new else "knew"
            logger.info("inbox %s %s push %d", self.name, what, outcome.number)
        return outcome

    async def find(
        self, kind: str, keys: Sequence[str], call: CallContext, *, through: str | None = None
    ) -> Guarded[list[dict[str, Any]]]:
        """Give the pushes with one of these keys, each once, in any order.

        A push is its ``Reading.content`` with ``NUMBER`` and ``RECEIVED_AT``; shared, so read-only.
        With ``through``, ``keys`` are of that kind, and all pushes are given that share a key of
        ``kind`` with one of theirs: every push about the businesses of these owners.
        """
        statement = _BY_KEY if through is None else _THROUGH
        parameters = {"inbox": self.name, "kind": kind}
        if through is not None:
            parameters["through"] = through

        async def attempt(_: float | None) -> list[dict[str, Any]]:
            try:
                await self._require_open()
            except (SQLAlchemyError, OSError) as error:
                raise translate(error, self.name) from None
            found = await self._rows.fetch(
                statement, CallContext(), parameters=parameters, keys=keys
            )
            if found.error is not None:
                raise found.error
            return [push for row in found.value or () for push in self._decoded(row)]

        key = (statement, kind, through, tuple(keys))
        return await self._guard.run(attempt, call, key=key)

    async def replay(self) -> int:
        """Read all stored pushes again and write their keys anew; gives how many there are."""
        count = 0
        async for part in self._store.replay(self._settings.keys_version):
            for number, body in part.pushes:
                count += 1
                await part.write(number, self._keys_of(body))
        return count

    def status(self) -> dict[str, Any]:
        """How the inbox stands in this process, for metrics and ``adapter status``."""
        last = self._last.isoformat() if self._last is not None else None
        return {**self._counts, "last_push": last}

    async def aclose(self) -> None:
        """Close all connections; idempotent."""
        await self._rows.aclose()
        await self._store.aclose()

    async def _receive(self, body: bytes, headers: Mapping[str, str]) -> Receipt | PushRefused:
        if not self._credential.admits(body, headers):
            return PushRefused(PushRefusal.UNAUTHENTICATED, "the push shows no valid credential")
        if len(body) > self._settings.body_bytes:
            text = f"the body is larger than {self._settings.body_bytes} bytes; send less"
            return PushRefused(PushRefusal.TOO_LARGE, text)
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in self._settings.media_types:
            text = f"send the body as {' or '.join(self._settings.media_types)}"
            return PushRefused(PushRefusal.MEDIA_TYPE, text)
        try:
            reading = self._read(body)
        except MessageRefused as refused:
            return PushRefused(PushRefusal.UNREADABLE, str(refused))
        return await self._keep(body, reading)

    async def _keep(self, body: bytes, reading: Reading) -> Receipt | PushRefused:
        digest, now = hashlib.sha256(body).hexdigest(), self._clock()
        message_id = digest if reading.message_id is None else f"id:{reading.message_id}"
        if len(message_id) > _ID_CHARACTERS:
            return PushRefused(PushRefusal.UNREADABLE, "the message's id is too long")
        new = NewPush(message_id, digest, now.timestamp(), body, reading.keys)
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                await self._require_open()
                number, is_new = await self._store.append(new)
        except OtherContent:
            text = "this message's id was used before, for another message"
            return PushRefused(PushRefusal.UNREADABLE, text)
        except (SQLAlchemyError, OSError) as error:  # a TimeoutError is an OSError
            logger.error("inbox %s cannot store a push: %s", self.name, _kind(error))
            return PushRefused(PushRefusal.UNAVAILABLE, "the push could not be stored; send again")
        self._last = now
        return Receipt(number, is_new)

    async def _require_open(self) -> None:
        async with self._opened:
            if self._is_open:
                return
            known = await self._store.open(self._settings.keys_version)
            if known != self._settings.keys_version:
                count = await self.replay()
                logger.info("inbox %s: the keys of %d pushes are read again", self.name, count)
            self._is_open = True

    def _decoded(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Give the push, or nothing if only a former reader took it."""
        with suppress(MessageRefused):
            content = self._read(bytes(row["body"])).content
            received_at = datetime.fromtimestamp(row["received_at"], UTC)
            yield {**content, NUMBER: row["number"], RECEIVED_AT: received_at}

    def _keys_of(self, body: bytes) -> tuple[tuple[str, str], ...]:
        try:
            return self._read(body).keys
        except MessageRefused:
            return ()  # a former reader took it; it stays stored, and is found by nothing


class _Unguarded:
    """No guard of the rows: the inbox's own stands outside, around what is read of them."""

    def begin(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> None:
        """Begin nothing: rows are read by coroutines."""

    async def ask(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Make the one attempt."""
        return await self.run(attempt.make, call)

    async def run(
        self,
        attempt: Callable[[float | None], Awaitable[T]],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Make the one attempt."""
        try:
            return Guarded(await attempt(None))
        except SourceError as error:
            return Guarded(None, error)


def _kind(error: Exception) -> str:
    """Name what failed; its text may quote what was to be stored."""
    return type(error).__name__
